"""Intraclass correlations: six forms, F intervals, and the bootstrap of whole sessions."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coding_app import agreement
from coding_app.agreement.bootstrap import resampled_weights
from coding_app.agreement.intraclass_kernel import icc_kernel
from coding_app.agreement.patterns import collapse
from coding_app.errors import AgreementUndefined


def ratings(n_targets: int, n_coders: int = 3, seed: int = 0) -> Any:
    """Scores of three coders who differ by a constant and by noise."""
    rng = np.random.default_rng(seed)
    return (
        rng.normal(50, 10, (n_targets, 1))
        + rng.normal(0, 3, n_coders)
        + rng.normal(0, 6, (n_targets, n_coders))
    )


@pytest.mark.parametrize("form", agreement.ICC_FORMS)
def test_replicates_equal_the_coefficient_of_the_resampled_targets(form: Any) -> None:
    values = ratings(40)
    values[3, 1] = np.nan  # a target that is left out
    patterns = collapse(values, exchangeable=False)
    (weights,) = resampled_weights(patterns, np.arange(40) // 4, 30, np.random.default_rng(2))
    found = icc_kernel(patterns, form)(weights)
    rows = np.where(patterns.codes >= 0, patterns.domain[patterns.codes], np.nan)
    for row, value in zip(weights.astype(int), found, strict=True):
        assert value == pytest.approx(agreement.icc(np.repeat(rows, row, axis=0), form).value, abs=1e-10)


@given(
    st.integers(2, 12).flatmap(lambda n: arrays(np.float64, (n, 3), elements=st.integers(1, 4).map(float)))
)
@settings(max_examples=80, deadline=None)
def test_the_resampling_formula_is_defined_where_the_coefficient_is(values: Any) -> None:
    patterns = collapse(values, exchangeable=False)
    for form in agreement.ICC_FORMS:
        try:
            expected = agreement.icc(values, form).value
        except AgreementUndefined:
            expected = np.nan
        ours = float(icc_kernel(patterns, form)(patterns.multiplicity)[0])
        assert ours == pytest.approx(expected, abs=1e-7, nan_ok=True), form


def test_every_form_has_its_modern_and_its_classic_name() -> None:
    found = agreement.assess(ratings(30), level="interval", replicates=0)
    methods = {each.statistic: each.method for each in found.estimates if each.statistic.startswith("icc")}
    assert methods["icc_2_1"] == "ICC(A,1), two-way, absolute agreement, single; classic ICC(2,1)"
    assert methods["icc_3_k"] == "ICC(C,k), two-way, consistency, mean of k; classic ICC(3,k)"
    assert len(methods) == 6


def test_one_rating_per_session_has_an_f_interval_and_a_bootstrap_over_sessions_beside_it() -> None:
    found = agreement.assess(ratings(60), level="interval", sessions=list(range(60))).estimate("icc_3_1")
    assert found is not None
    assert [each.kind for each in found.intervals] == ["f", "percentile", "bca"]
    assert found.interval_method == "F distribution (Shrout & Fleiss 1979; McGraw & Wong 1996)"
    f, percentile = found.intervals[0], found.intervals[1]
    assert (found.low, found.high) == (f.low, f.high)
    assert percentile.method == "bootstrap over sessions, 1000 replicates"
    assert (f.low, f.high) == pytest.approx((percentile.low, percentile.high), abs=0.07)


def test_several_targets_per_session_are_not_independent_so_sessions_are_resampled() -> None:
    sessions = [unit // 5 for unit in range(60)]
    found = agreement.assess(ratings(60), level="interval", sessions=sessions).estimate("icc_2_1")
    assert found is not None
    assert found.interval_method == "bootstrap over sessions, 1000 replicates"
    assert found.bounds("f") is not None


def test_without_sessions_the_f_interval_stands_and_the_bootstrap_is_over_units() -> None:
    found = agreement.assess(ratings(30), level="interval").estimate("icc_3_1")
    assert found is not None
    assert str(found.interval_method).startswith("F distribution")
    assert found.intervals[1].method == "bootstrap over units, 1000 replicates"
    assert agreement.assess(ratings(30), level="interval", replicates=0).estimate("icc_3_1").low == found.low  # type: ignore[union-attr]


def test_the_mean_of_coders_who_differ_more_than_the_targets_is_undefined_not_huge() -> None:
    values = [[1.0, 9.0], [9.1, 1.0], [1.0, 9.0], [9.0, 1.0]]
    for form in agreement.ICC_FORMS:
        try:
            found = agreement.icc(values, form).value
        except AgreementUndefined:
            continue
        assert found < 0


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # pingouin 0.6.1 with pandas 3.1
@pytest.mark.parametrize("n_targets", [6, 40])
def test_values_and_f_intervals_equal_pingouin(n_targets: int) -> None:
    pingouin = pytest.importorskip("pingouin", reason="pingouin is not installed")
    pandas = pytest.importorskip("pandas")
    values = ratings(n_targets, seed=n_targets)
    target, coder = np.indices(values.shape)
    long = pandas.DataFrame({"target": target.ravel(), "coder": coder.ravel(), "score": values.ravel()})
    table = pingouin.intraclass_corr(long, targets="target", raters="coder", ratings="score").set_index(
        "Type"
    )
    modern = {
        "icc_1_1": "ICC(1,1)", "icc_2_1": "ICC(A,1)", "icc_3_1": "ICC(C,1)",
        "icc_1_k": "ICC(1,k)", "icc_2_k": "ICC(A,k)", "icc_3_k": "ICC(C,k)",
    }  # fmt: skip
    interval = next(name for name in table.columns if name.startswith("CI95"))
    for form, name in modern.items():
        ours = agreement.icc(values, form)  # type: ignore[arg-type]
        assert ours.value == pytest.approx(table.loc[name, "ICC"], abs=1e-10)
        assert ours.interval == pytest.approx(tuple(table.loc[name, interval]), abs=5.1e-3)
