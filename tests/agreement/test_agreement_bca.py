"""The BCa interval: Efron's correction, on collapsed patterns and whole sessions."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import bootstrap

from coding_app import agreement
from coding_app.agreement.alpha import alpha_kernel
from coding_app.agreement.bca import Jackknife, bca_interval, jackknife
from coding_app.agreement.observed import percent_kernel
from coding_app.agreement.patterns import collapse
from coding_app.errors import InputError
from tests.agreement.test_agreement_intervals import codings


def test_it_equals_scipys_where_the_coefficient_is_a_mean_over_units() -> None:
    values = codings(60)
    values = values[np.isfinite(values).all(axis=1)]
    first, second, third = values.T
    per_unit = ((first == second).astype(float) + (first == third) + (second == third)) / 3
    theirs = bootstrap((per_unit,), np.mean, n_resamples=20_000, rng=np.random.default_rng(1), method="BCa")
    found = agreement.assess(values, replicates=20_000, interval="bca").estimate("percent_agreement")
    assert found is not None
    assert (found.low, found.high) == pytest.approx(
        tuple(theirs.confidence_interval), abs=8e-3
    )  # the mean moves in steps of 1/159
    assert found.interval_method == "BCa bootstrap over units, 20000 replicates"


def test_the_acceleration_is_that_of_leaving_out_every_session() -> None:
    values, sessions = codings(120), np.arange(120) // 8
    patterns = collapse(values, exchangeable=True)
    found = jackknife({"alpha": alpha_kernel(patterns, "nominal")}, patterns, sessions, 0)["alpha"]
    slow = np.array([agreement.krippendorff_alpha(values[sessions != each]) for each in range(15)])
    assert found.values == pytest.approx(slow, abs=1e-12)
    apart = slow.mean() - slow
    assert found.acceleration == pytest.approx((apart**3).sum() / (6 * (apart**2).sum() ** 1.5))


def test_leaving_out_units_counts_each_pattern_as_often_as_it_occurs() -> None:
    values = codings(80)
    patterns = collapse(values, exchangeable=True)
    found = jackknife({"alpha": alpha_kernel(patterns, "ordinal")}, patterns, None, 0)["alpha"]
    slow = [agreement.krippendorff_alpha(np.delete(values, unit, axis=0), "ordinal") for unit in range(80)]
    assert np.sort(np.repeat(found.values, found.counts.astype(int))) == pytest.approx(
        np.sort(slow), abs=1e-12
    )


def test_random_groups_of_many_units_give_about_the_same_acceleration() -> None:
    rng = np.random.default_rng(5)
    patterns = collapse((rng.random((6000, 2)) < 0.03).astype(float), exchangeable=True)
    kernels = {"percent": percent_kernel(patterns)}
    exact = jackknife(kernels, patterns, None, 0)["percent"].acceleration
    grouped = jackknife(kernels, patterns, np.arange(6000), 0)["percent"].acceleration
    assert grouped == pytest.approx(exact, rel=0.15)


def test_without_spread_there_is_no_acceleration_and_no_width() -> None:
    flat = Jackknife(np.ones(5), np.ones(5))
    assert flat.acceleration == 0
    found = bca_interval(np.ones(50), 1.0, flat, 0.95)
    assert (found.low, found.high) == (1.0, 1.0)
    assert Jackknife(np.array([0.5]), np.ones(1)).acceleration == 0


def test_there_is_none_where_all_replicates_lie_on_one_side() -> None:
    flat = Jackknife(np.ones(5), np.ones(5))
    found = bca_interval(np.linspace(0.5, 0.6, 100), 0.7, flat, 0.95)
    assert (found.low, found.high) == (None, None)


def test_both_intervals_are_kept_and_one_is_chosen() -> None:
    values, sessions = codings(200), [i // 20 for i in range(200)]
    plain = agreement.assess(values, sessions=sessions).estimate("krippendorff_alpha")
    chosen = agreement.assess(values, sessions=sessions, interval="bca").estimate("krippendorff_alpha")
    assert plain is not None
    assert chosen is not None
    assert plain.intervals == chosen.intervals
    percentile, bca = plain.bounds("percentile"), plain.bounds("bca")
    assert percentile is not None
    assert bca is not None
    assert (plain.low, plain.high) == (percentile.low, percentile.high)
    assert (chosen.low, chosen.high, chosen.interval_method) == (bca.low, bca.high, bca.method)
    assert bca.method == "BCa bootstrap over sessions, 1000 replicates"
    assert (bca.low, bca.high) == pytest.approx((percentile.low, percentile.high), abs=0.03)
    with pytest.raises(InputError, match="percentile or bca"):
        agreement.assess(values, interval="student")  # type: ignore[arg-type]


def test_a_perfect_agreement_has_an_interval_without_width_and_says_what_that_means() -> None:
    found = agreement.assess([[1, 1], [2, 2], [3, 3]] * 10, sessions=list(range(10)) * 3)
    alpha = found.estimate("krippendorff_alpha")
    assert alpha is not None
    assert (alpha.value, alpha.low, alpha.high) == (1.0, 1.0, 1.0)
    assert "does not mean certainty" in str(alpha.note)


Data = st.integers(6, 30).flatmap(
    lambda n: st.tuples(
        arrays(np.float64, (n, 3), elements=st.sampled_from([np.nan, 0.0, 1.0, 2.0])),
        arrays(np.int64, (n,), elements=st.integers(0, 5)),
    )
)


@given(Data, st.sampled_from(["percentile", "bca"]))
@settings(max_examples=40, deadline=None)
def test_an_interval_contains_its_estimate_or_the_note_says_why_not(data: Any, kind: Any) -> None:
    values, sessions = data
    if not (np.isfinite(values).sum(axis=1) >= 2).any():
        return
    found = agreement.assess(values, sessions=sessions, interval=kind, replicates=100, ratings=True)
    for each in found.estimates:
        if each.value is None:
            assert each.low is None
            assert each.note
        elif each.low is None:
            assert "no interval" in str(each.note)
        elif not each.low - 1e-9 <= each.value <= each.high + 1e-9:  # type: ignore[operator]
            assert "outside its interval" in str(each.note)
