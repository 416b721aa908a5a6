"""What other libraries compute for the same data: krippendorff, scikit-learn and statsmodels."""

from typing import Any

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from coding_app import agreement
from coding_app.agreement.bootstrap import resampled_weights
from coding_app.agreement.catalogue import coefficients
from coding_app.agreement.matrix import LEVELS
from coding_app.agreement.patterns import collapse
from tests.agreement.test_agreement_intervals import codings

DOUBLED = {
    "percent_agreement", "cohen_kappa", "fleiss_kappa", "gwet_ac1", "gwet_ac2", "brennan_prediger",
    "weighted_kappa_linear", "weighted_kappa_quadratic",
}  # fmt: skip


def complete(n_units: int, n_coders: int, seed: int = 0) -> Any:
    values = codings(n_units, n_coders, seed)
    return values[np.isfinite(values).all(axis=1)].astype(int)


@pytest.mark.parametrize("n_coders", [2, 3, 10])
@pytest.mark.parametrize("level", LEVELS)
def test_alpha_equals_krippendorff(n_coders: int, level: Any) -> None:
    values = codings(400, n_coders)
    theirs = krippendorff.alpha(values.T, level_of_measurement=level)
    assert agreement.krippendorff_alpha(values, level) == pytest.approx(theirs, abs=1e-12)


def test_cohens_kappa_equals_scikit_learn() -> None:
    values = complete(300, 2)
    assert agreement.cohen_kappa(values) == pytest.approx(cohen_kappa_score(*values.T), abs=1e-12)


def test_fleiss_and_brennan_prediger_equal_statsmodels() -> None:
    raters = pytest.importorskip("statsmodels.stats.inter_rater", reason="statsmodels is not installed")
    for n_coders in (2, 3, 10):
        values = complete(300, n_coders)
        counts, _ = raters.aggregate_raters(values)
        assert agreement.fleiss_kappa(values) == pytest.approx(raters.fleiss_kappa(counts), abs=1e-12)
        assert agreement.brennan_prediger(values, 5) == pytest.approx(
            raters.fleiss_kappa(counts, method="randolph"), abs=1e-12
        )


def test_weighted_kappas_equal_statsmodels_on_the_declared_scale() -> None:
    raters = pytest.importorskip("statsmodels.stats.inter_rater", reason="statsmodels is not installed")
    values = complete(300, 2)
    table = np.zeros((6, 6))  # the sixth category is declared, and nobody used it
    np.add.at(table, (values[:, 0] - 1, values[:, 1] - 1), 1)
    for wt, ours in (
        (None, agreement.cohen_kappa),
        ("linear", agreement.weighted_kappa_linear),
        ("quadratic", agreement.weighted_kappa_quadratic),
    ):
        theirs = raters.cohens_kappa(table, wt=wt, return_results=False)
        assert ours(values) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("over", ["units", "sessions"])
@pytest.mark.parametrize("n_coders", [2, 3])
def test_replicates_of_every_coefficient_equal_the_coefficient_of_the_resampled_data(
    n_coders: int, over: str
) -> None:
    values = codings(150, n_coders)
    patterns = collapse(values, exchangeable=n_coders != 2)
    sessions = np.arange(150) // 10 if over == "sessions" else None
    (weights,) = resampled_weights(patterns, sessions, 15, np.random.default_rng(4))
    rows = np.where(patterns.codes >= 0, patterns.domain[patterns.codes], np.nan)
    scale = (1.0, 2.0, 3.0, 4.0, 5.0)
    found = {each.key: each.kernel(weights) for each in coefficients(values, patterns, "ordinal", scale)}
    assert len(found) >= 6
    for number, row in enumerate(weights.astype(int)):
        drawn = np.repeat(rows, row, axis=0)
        again = agreement.assess(drawn, level="ordinal", categories=scale, replicates=0)
        for each in again.estimates:
            assert found[each.statistic][number] == pytest.approx(each.value, abs=1e-12), each.statistic


def test_doubling_the_data_leaves_the_estimates_and_alpha_nearly() -> None:
    values = codings(200, 2)
    once = agreement.assess(values, level="ordinal", replicates=0)
    twice = agreement.assess(np.vstack([values, values]), level="ordinal", replicates=0)
    for one, two in zip(once.estimates, twice.estimates, strict=True):
        exact = one.statistic in DOUBLED
        assert two.value == pytest.approx(one.value, abs=1e-12 if exact else 2e-3), one.statistic
    squared = agreement.icc(np.vstack([values, values])[:, :2], "icc_3_1").value
    assert squared == pytest.approx(agreement.icc(values, "icc_3_1").value, abs=0.01)


def test_a_permuted_coder_agrees_with_nobody() -> None:
    values = complete(4000, 2, seed=8)
    permuted = np.column_stack([values[:, 0], np.random.default_rng(9).permutation(values[:, 1])])
    found = agreement.assess(permuted, level="ordinal", replicates=0)
    for each in found.estimates:
        if each.statistic != "percent_agreement" and each.statistic != "gwet_ac2":
            assert abs(each.value or 0) < 0.06, each.statistic
