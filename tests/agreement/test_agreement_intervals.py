"""Bootstrap intervals: the same values as the slow way, whole sessions, seeds, warnings."""

from typing import Any

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from coding_app import agreement
from coding_app.agreement.alpha import alpha_kernel
from coding_app.agreement.bootstrap import percentile_interval, resampled_weights
from coding_app.agreement.kappa import cohen_kernel
from coding_app.agreement.matrix import LEVELS
from coding_app.agreement.patterns import collapse
from coding_app.errors import InputError

KEYS_OF_TWO = {
    "percent_agreement",
    "cohen_kappa",
    "fleiss_kappa",
    "gwet_ac1",
    "brennan_prediger",
    "krippendorff_alpha",
}


def codings(n_units: int, n_coders: int = 3, seed: int = 0) -> Any:
    """Codes 1-5, 70 % equal to a truth, 5 % missing."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(1, 6, size=(n_units, 1))
    values = np.where(
        rng.random((n_units, n_coders)) < 0.7, truth, rng.integers(1, 6, size=(n_units, n_coders))
    )
    return np.where(rng.random((n_units, n_coders)) < 0.05, np.nan, values)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("over", ["units", "sessions"])
def test_replicates_of_alpha_equal_the_package_on_the_same_resamples(level: Any, over: str) -> None:
    values = codings(300)
    sessions = np.arange(300) // 20 if over == "sessions" else None
    patterns = collapse(values, exchangeable=True)
    (weights,) = resampled_weights(patterns, sessions, 40, np.random.default_rng(7))
    ours = alpha_kernel(patterns, level)(weights)
    domain = patterns.domain
    for row, value in zip(weights.astype(int), ours, strict=True):
        counts = np.repeat(patterns.value_counts.astype(int), row, axis=0)
        theirs = krippendorff.alpha(value_counts=counts, value_domain=domain, level_of_measurement=level)
        assert value == pytest.approx(theirs, abs=1e-12)


def test_replicates_of_kappa_equal_scikit_learn_on_the_same_resamples() -> None:
    values = codings(200, 2)
    values = values[np.isfinite(values).all(axis=1)]
    patterns = collapse(values, exchangeable=False)
    (weights,) = resampled_weights(patterns, None, 30, np.random.default_rng(7))
    for weighting, name in (("none", None), ("linear", "linear"), ("quadratic", "quadratic")):
        ours = cohen_kernel(patterns, weighting)(weights)
        for row, value in zip(weights.astype(int), ours, strict=True):
            first, second = np.repeat(patterns.codes, row, axis=0).T
            assert value == pytest.approx(cohen_kappa_score(first, second, weights=name), abs=1e-12)


def test_drawing_sessions_draws_them_whole() -> None:
    values = np.array([[1, 1], [1, 1], [2, 2], [2, 3], [3, 3], [3, 3], [3, 3]])
    sessions = np.array([0, 0, 1, 1, 2, 2, 2])
    patterns = collapse(values.astype(float), exchangeable=True)
    (weights,) = resampled_weights(patterns, sessions, 50, np.random.default_rng(0))
    first, second, third = (patterns.of_unit[i] for i in (0, 2, 4))
    drawn = weights[:, first] / 2 + weights[:, second] + weights[:, third] / 3
    assert (drawn == 3).all()
    assert (weights[:, second] == weights[:, patterns.of_unit[3]]).all()


def test_many_sessions_and_many_patterns_are_drawn_like_few() -> None:
    values = np.random.default_rng(1).integers(0, 60, size=(3000, 2)).astype(float)  # some 2,000 patterns
    patterns = collapse(values, exchangeable=True)
    for sessions in (None, np.arange(3000), np.arange(3000) // 2, np.arange(3000) // 50):
        whole = np.vstack(list(resampled_weights(patterns, sessions, 40, np.random.default_rng(3))))
        blocks = resampled_weights(patterns, sessions, 40, np.random.default_rng(3), block_cells=20_000)
        assert (np.vstack(list(blocks)) == whole).all()
        assert (whole.sum(axis=1) == 3000).all()
        assert whole.mean(axis=0) == pytest.approx(patterns.multiplicity[0], abs=8)


def test_blocks_of_replicates_do_not_change_them() -> None:
    patterns = collapse(codings(100), exchangeable=True)
    whole = np.vstack(list(resampled_weights(patterns, None, 20, np.random.default_rng(3))))
    one_by_one = list(resampled_weights(patterns, None, 20, np.random.default_rng(3), block_cells=1))
    assert len(one_by_one) == 20
    assert (np.vstack(one_by_one) == whole).all()


def test_intervals_contain_the_estimate_and_grow_with_confidence() -> None:
    values, sessions = codings(400), [f"s{i // 20}" for i in range(400)]
    narrow = agreement.assess(values, level="ordinal", sessions=sessions, confidence=0.8)
    wide = agreement.assess(values, level="ordinal", sessions=sessions, confidence=0.99)
    for at_80, at_99 in zip(narrow.estimates, wide.estimates, strict=True):
        assert at_99.low < at_80.low < at_80.value < at_80.high < at_99.high, at_80.statistic  # type: ignore[operator]
        assert at_80.interval_method == "bootstrap over sessions, 1000 replicates"
    assert narrow.warnings == ()
    assert (narrow.n_units, narrow.n_coders, narrow.n_sessions) == (400, 3, 20)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = codings(60)
    first, again, other = (agreement.assess(values, seed=seed).estimates for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_one_session_is_resampled_by_units_and_says_so() -> None:
    found = agreement.assess(codings(50), sessions=["only"] * 50)
    assert found.n_sessions == 1
    assert {each.interval_method for each in found.estimates} == {"bootstrap over units, 1000 replicates"}
    assert "Only one session" in found.warnings[0]


def test_fewer_than_ten_sessions_are_warned_about() -> None:
    found = agreement.assess(codings(60), sessions=[i // 20 for i in range(60)])
    assert "Only 3 sessions: the intervals say almost nothing" in found.warnings[0]
    more = agreement.assess(codings(60), sessions=[i // 10 for i in range(60)])
    assert more.warnings[0] == "Only 6 sessions: intervals from fewer than 10 are rough"


def test_sessions_coded_by_one_coder_only_do_not_count_as_resampled() -> None:
    values = codings(40, 2)
    values[20:, 1] = np.nan
    found = agreement.assess(values, sessions=["a"] * 20 + ["b"] * 20)
    assert found.n_sessions == 2
    assert found.estimates[0].interval_method == "bootstrap over units, 1000 replicates"


def test_replicates_without_a_value_are_left_out_and_counted() -> None:
    found = agreement.assess([[1, 1], [1, 1], [1, 1], [0, 1], [0, 0]], categories=(0, 1)).estimate(
        "cohen_kappa"
    )
    assert found is not None
    assert found.note is not None
    assert "replicates had no value" in found.note


def test_an_interval_is_withheld_when_most_replicates_have_no_value() -> None:
    interval = percentile_interval(np.array([np.nan, np.nan, 1.0]), 0.95)
    assert (interval.low, interval.high, interval.n_undefined) == (None, None, 2)


def test_an_undefined_coefficient_is_null_with_its_reason_beside_raw_agreement() -> None:
    found = agreement.assess([[0, 0], [0, 0], [0, 0]], categories=(0, 1))
    alpha, percent = found.estimate("krippendorff_alpha"), found.estimate("percent_agreement")
    assert alpha is not None
    assert percent is not None
    assert (alpha.value, alpha.low, alpha.interval_method) == (None, None, None)
    assert "undefined" in str(alpha.note)
    assert percent.value == 1


def test_low_prevalence_is_warned_about_and_shown_per_coder() -> None:
    values = np.zeros((100, 2))
    values[0] = [1, 1]
    values[1, 0] = 1
    found = agreement.assess(values, categories=(0, 1), coders=["A", "B"])
    assert any("1.5 %" in warning for warning in found.warnings)
    assert [each.shares["1"] for each in found.prevalence] == [0.02, 0.01]
    assert {each.statistic for each in found.estimates} == KEYS_OF_TWO | {
        "positive_agreement",
        "negative_agreement",
    }


def test_the_statistics_fit_level_and_number_of_coders() -> None:
    def keys(n_coders: int, level: Any) -> set[str]:
        return {
            each.statistic
            for each in agreement.assess(codings(30, n_coders), level=level, replicates=0).estimates
        }

    icc = set(agreement.ICC_FORMS)
    weighted = {"weighted_kappa_linear", "weighted_kappa_quadratic"}
    assert keys(2, "nominal") == KEYS_OF_TWO
    assert keys(3, "nominal") == KEYS_OF_TWO - {"cohen_kappa"}
    assert keys(2, "ordinal") == KEYS_OF_TWO | weighted | {"gwet_ac2"}
    assert keys(3, "interval") == {"percent_agreement", "gwet_ac2", "krippendorff_alpha"} | icc
    assert keys(2, "ratio") == {"percent_agreement", "gwet_ac2", "krippendorff_alpha"} | icc | weighted


def test_counts_say_what_went_into_a_value() -> None:
    values = [[1, 1, None], [2, 2, 2], [None, None, 3], [1, 2, 1]]
    found = agreement.assess(values, level="interval", replicates=0)
    alpha, icc = found.estimate("krippendorff_alpha"), found.estimate("icc_2_1")
    assert alpha is not None
    assert icc is not None
    assert (found.n_units, alpha.n_units, alpha.n_pairable) == (4, 3, 8)
    assert (icc.n_units, icc.n_pairable) == (2, 6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"replicates": -1}, "0 or more"),
        ({"confidence": 95}, "between 0 and 1"),
        ({"coders": ["A"]}, "1 names"),
        ({"sessions": ["s"]}, "1 sessions"),
        ({"categories": (0, 1)}, "outside the stated categories"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        agreement.assess([[1, 2], [2, 2]], **options)


def test_words_have_no_order() -> None:
    assert agreement.assess([["a", "a"], ["b", "b"]], replicates=0).estimates[0].value == 1
    with pytest.raises(InputError, match="needs numbers"):
        agreement.assess([["a", "a"], ["b", "b"]], level="ordinal")


def test_sets_are_assessed_whole_and_per_code() -> None:
    sets = [[{"a"}, {"a", "b"}], [set(), set()], [{"b"}, None], [{"b"}, {"b"}]]
    found = agreement.assess_sets(sets, replicates=0)
    assert {each.statistic for each in found.estimates} == {
        "percent_agreement",
        "krippendorff_alpha_masi",
        "krippendorff_alpha_jaccard",
    }
    masi = found.estimate("krippendorff_alpha_masi")
    assert masi is not None
    assert masi.value == pytest.approx(agreement.krippendorff_alpha_masi(sets))
    presence = agreement.code_presence(sets, "b")
    assert np.array_equal(presence, [[0, 1], [0, 0], [1, np.nan], [1, 1]], equal_nan=True)


@pytest.mark.parametrize(
    ("sets", "message"), [([["a", {"b"}]], "not one word"), ([[{"a"}, {"b"}], [{"a"}]], "1 sets")]
)
def test_what_is_no_set_of_codes_is_refused(sets: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        agreement.assess_sets(sets)


def test_the_share_of_units_without_a_code_is_told_per_coder() -> None:
    sets = [[{"a", "b"}, {"a"}], [set(), {"b"}], [set(), None], [{"a"}, set()]]
    found = agreement.assess_sets(sets, coders=["A", "B"], replicates=0)
    assert found.prevalence[0].shares == {"a": 0.5, "b": 0.25, "none": 0.5}
    assert found.prevalence[1].shares["none"] == pytest.approx(1 / 3)
