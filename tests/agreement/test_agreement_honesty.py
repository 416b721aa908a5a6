"""What stands beside a number: counts, conventions in words, warnings, and what was resampled."""

from typing import Any

import numpy as np
import pytest

from coding_app import agreement
from tests.agreement.test_agreement_intervals import codings


@pytest.mark.parametrize(
    ("statistic", "value", "low", "expected"),
    [
        ("krippendorff_alpha", 0.80, 0.667, [("reliable", "tentative conclusions only")]),
        ("krippendorff_alpha_masi", 0.7, 0.6, [("tentative conclusions only", "not reliable enough")]),
        ("cohen_kappa", 0.81, 0.60, [("almost perfect", "moderate"), ("excellent", "good")]),
        ("weighted_kappa_linear", 0.61, 0.2, [("substantial", "slight"), ("good", "poor")]),
        ("fleiss_kappa", -0.1, None, [("poor", None), ("poor", None)]),
        ("gwet_ac1", 0.45, 0.41, [("moderate", "moderate"), ("fair", "fair")]),
        ("icc_2_1", 0.9, 0.74, [("excellent", "good"), ("excellent", "moderate")]),
        ("icc_3_k", 0.5, 0.39, [("fair", "poor"), ("moderate", "poor")]),
        ("time_unit_kappa", 0.3, 0.1, [("fair", "slight"), ("poor", "poor")]),
    ],
)
def test_words_of_the_conventions_for_the_estimate_and_its_lower_bound(
    statistic: str, value: float, low: float | None, expected: list[tuple[str, str | None]]
) -> None:
    found = agreement.bands(statistic, value, low)
    assert [(each.for_value, each.for_low) for each in found] == expected
    assert all(each.source and each.convention for each in found)


def test_raw_agreement_and_undefined_values_have_no_words() -> None:
    assert agreement.bands("percent_agreement", 0.9, 0.8) == ()
    assert agreement.bands("positive_agreement", 0.9, 0.8) == ()
    assert agreement.bands("cohen_kappa", None) == ()


def test_every_estimate_carries_its_counts_and_prevalence() -> None:
    values = codings(200)
    values[100:, 1:] = np.nan  # half of the sessions have one coder
    found = agreement.assess(values, sessions=[i // 20 for i in range(200)], coders=list("ABC"))
    assert (found.n_sessions, found.n_pairable_sessions) == (10, 5)
    for each in found.estimates:
        assert (each.n_coders, each.n_sessions, each.n_pairable_sessions) == (3, 10, 5)
        assert each.prevalence == found.prevalence
        assert each.method
        assert each.standard_error is not None
        assert each.resampled == "sessions"
    assert [each.coder for each in found.prevalence] == list("ABC")
    assert "Only 5 sessions" in found.warnings[0]


def test_blocks_are_resampled_where_only_one_session_is_known_and_the_interval_says_so() -> None:
    found = agreement.assess(codings(120), sessions=["s"] * 120, blocks=[i // 10 for i in range(120)])
    assert {each.interval_method for each in found.estimates} == {
        "bootstrap over blocks of units, 1000 replicates"
    }
    assert "blocks of neighbouring units" in found.warnings[0]
    sessions = [i // 60 for i in range(120)]
    with_sessions = agreement.assess(codings(120), sessions=sessions, blocks=[i // 10 for i in range(120)])
    assert with_sessions.estimates[0].interval_method == "bootstrap over sessions, 1000 replicates"


def test_blocks_widen_the_interval_where_neighbours_err_together() -> None:
    rng = np.random.default_rng(3)
    truth = np.repeat(rng.random(40) < 0.5, 25)
    wrong = np.repeat(rng.random(40) < 0.2, 25)
    values = np.column_stack([truth, truth ^ wrong]).astype(float)
    blocks = np.arange(1000) // 25
    by_unit = agreement.assess(values).estimate("krippendorff_alpha")
    by_block = agreement.assess(values, blocks=blocks).estimate("krippendorff_alpha")
    assert by_unit is not None
    assert by_block is not None
    assert by_block.standard_error > 3 * by_unit.standard_error  # type: ignore[operator]


def test_a_rare_code_is_warned_about_with_kappa_ac1_and_positive_agreement_side_by_side() -> None:
    values = np.zeros((100, 2))
    values[0] = 1
    values[1, 0] = 1
    found = agreement.assess(values, categories=(0, 1))
    warning = found.warnings[-1]
    expected = {
        "Cohen's kappa": agreement.cohen_kappa(values),
        "Gwet's AC1": agreement.gwet_ac1(values, 2),
        "Positive agreement": agreement.positive_agreement(values),
    }
    assert "present in only 1.5 %" in warning
    for name, value in expected.items():
        assert f"{name} {value:.2f}" in warning
    common = agreement.assess(1 - values, categories=(0, 1)).warnings[-1]
    assert "Negative agreement 0.67" in common


def test_a_rare_code_that_nobody_shares_says_undefined_in_the_warning() -> None:
    found = agreement.assess(np.zeros((30, 3)), categories=(0, 1))
    assert "Fleiss' kappa undefined" in found.warnings[-1]
    assert "Positive agreement undefined" in found.warnings[-1]


def test_which_of_two_words_counts_as_present_is_said() -> None:
    found = agreement.assess([["rupture", "rupture"], ["calm", "rupture"]], replicates=0)
    positive, negative = found.estimate("positive_agreement"), found.estimate("negative_agreement")
    assert positive is not None
    assert negative is not None
    assert positive.note == "agreement on 'rupture'"
    assert "agreement on 'calm'" in str(negative.note)


def _by_hand(values: Any, distances: Any) -> float:
    positions = (np.array(values) - 1).T
    table = np.zeros_like(distances)
    np.add.at(table, tuple(positions), 1)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(1 - (table * distances).sum() / (expected * distances).sum())


def test_weighted_kappa_counts_steps_of_the_declared_scale() -> None:
    values = [[1, 1], [2, 2], [5, 2], [5, 5], [1, 5]]
    steps = np.abs(np.subtract.outer([0, 1, 1, 1, 2], [0, 1, 1, 1, 2])).astype(float)
    assert agreement.weighted_kappa_linear(values, categories=(1, 2, 5)) == pytest.approx(
        _by_hand(values, steps)
    )
    assert agreement.weighted_kappa_quadratic(values, categories=(1, 2, 5)) == pytest.approx(
        _by_hand(values, steps**2)
    )
    assert agreement.weighted_kappa_linear(values, categories=(1, 2, 3, 4, 5)) == pytest.approx(
        agreement.weighted_kappa_linear(values)
    )
