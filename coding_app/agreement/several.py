"""Coefficients that differ only in what they take for chance: Fleiss, Brennan-Prediger, Gwet."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from coding_app.agreement.matrix import FloatArray, as_values
from coding_app.agreement.patterns import Kernel, Patterns, at_data, check_pairable, collapse, divide
from coding_app.errors import AgreementUndefined, InputError

Weighting = Literal["linear", "quadratic"]

_ONE_VALUE = "Every coder gave every unit the same value; without variation this coefficient is undefined"
_ONE_CATEGORY = "Only one category is known; state how many the scheme offers"


def fleiss_kappa(values: Any) -> float:
    """Chance-corrected agreement of any number of coders; chance = the pooled use of the categories.

    values: (n_units, n_coders); units may have different numbers of judgements (then it is the generalisation
    of Gwet 2014), units with one judgement count for the use of the categories only.
    Raises AgreementUndefined without a pairable unit or when only one value occurs.
    Source: Fleiss (1971), Psychological Bulletin 76, 378-382; Gwet (2014), Handbook of Inter-Rater
    Reliability, ch. 2.
    """
    patterns = _patterns(values)
    return at_data(fleiss_kernel(patterns), patterns, _ONE_VALUE)


def brennan_prediger(values: Any, n_categories: int | None = None) -> float:
    """Agreement corrected by the chance 1 / n_categories (Bennett's S; Randolph's kappa for several coders).

    n_categories: how many the scheme offers; without it, those found in the data (too low a result).
    Raises AgreementUndefined without a pairable unit or with one category only.
    Source: Brennan & Prediger (1981), Educational and Psychological Measurement 41, 687-699.
    """
    patterns = _patterns(values)
    return at_data(brennan_prediger_kernel(patterns, n_categories), patterns, _ONE_CATEGORY)


def gwet_ac1(values: Any, n_categories: int | None = None) -> float:
    """Agreement corrected by the chance that a hard unit is judged at random; stable at high prevalence.

    n_categories: how many the scheme offers; without it, those found in the data.
    Raises AgreementUndefined without a pairable unit or with one category only.
    Source: Gwet (2008), British J Math Stat Psychol 61, 29-48; Gwet (2014) for missing values.
    """
    patterns = _patterns(values)
    return at_data(ac1_kernel(patterns, n_categories), patterns, _ONE_CATEGORY)


def gwet_ac2(
    values: Any, categories: Sequence[float] | None = None, weighting: Weighting = "quadratic"
) -> float:
    """AC1 with partial credit for near misses on an ordered scale.

    categories: the values of the scale; without them, those found in the data.
    Raises AgreementUndefined as `gwet_ac1`, InputError for a value outside `categories`.
    Source: Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., ch. 3-4.
    """
    patterns = _patterns(values)
    return at_data(ac2_kernel(patterns, categories, weighting), patterns, _ONE_CATEGORY)


def fleiss_kernel(patterns: Patterns) -> Kernel:
    """`fleiss_kappa` of weighted patterns."""
    identity = np.eye(len(patterns.domain))
    return _corrected(patterns, identity, lambda shares: (shares**2).sum(axis=1))


def brennan_prediger_kernel(patterns: Patterns, n_categories: int | None = None) -> Kernel:
    """`brennan_prediger` of weighted patterns."""
    n_offered = _n_offered(patterns, n_categories)
    return _corrected(
        patterns, np.eye(len(patterns.domain)), lambda shares: np.full(len(shares), 1 / n_offered)
    )


def ac1_kernel(patterns: Patterns, n_categories: int | None = None) -> Kernel:
    """`gwet_ac1` of weighted patterns."""
    n_offered = _n_offered(patterns, n_categories)

    def chance(shares: FloatArray) -> FloatArray:
        return np.asarray((shares * (1 - shares)).sum(axis=1) / (n_offered - 1))

    return _corrected(patterns, np.eye(len(patterns.domain)), chance)


def ac2_kernel(
    patterns: Patterns, categories: Sequence[float] | None = None, weighting: Weighting = "quadratic"
) -> Kernel:
    """`gwet_ac2` of weighted patterns."""
    scale = patterns.domain if categories is None else np.unique(np.asarray(categories, dtype=np.float64))
    if not np.isin(patterns.domain, scale).all():
        raise InputError("A value lies outside the categories of the scale; correct the value or the scale")
    n_offered = _n_offered(patterns, len(scale))
    total_credit = _credit(scale, scale, weighting).sum()

    def chance(shares: FloatArray) -> FloatArray:
        spread = (shares * (1 - shares)).sum(axis=1)
        return np.asarray(total_credit * spread / (n_offered * (n_offered - 1)))

    return _corrected(patterns, _credit(patterns.domain, scale, weighting), chance)


def _corrected(patterns: Patterns, credit: FloatArray, chance: Callable[[FloatArray], FloatArray]) -> Kernel:
    """(p_observed - p_chance) / (1 - p_chance); chance gets the shares (n_replicates, n_values)."""
    n_judged, counts = patterns.n_judged, patterns.value_counts
    pairs = n_judged * (n_judged - 1)
    credited = (counts * (counts @ credit - 1)).sum(axis=1)
    observed = np.where(pairs > 0, credited / np.maximum(pairs, 1), 0.0)
    shares_of_unit = counts / np.maximum(n_judged, 1)[:, np.newaxis]
    features = np.column_stack([observed, n_judged >= 2, n_judged >= 1, shares_of_unit])

    def of(weights: FloatArray) -> FloatArray:
        sums = weights @ features
        agreement = divide(sums[:, 0], sums[:, 1])
        shares = divide(sums[:, 3:], sums[:, 2:3])
        by_chance = chance(shares)
        # below the rounding of a sum of shares there is no variation left, only noise
        return divide(agreement - by_chance, np.where(1 - by_chance > 1e-12, 1 - by_chance, 0.0))

    return of


def _credit(rows: FloatArray, scale: FloatArray, weighting: Weighting) -> FloatArray:
    distance = np.abs(rows[:, np.newaxis] - rows[np.newaxis, :]) / (scale.max() - scale.min())
    return np.asarray(1 - (distance if weighting == "linear" else distance**2))


def _n_offered(patterns: Patterns, n_categories: int | None) -> int:
    n_offered = len(patterns.domain) if n_categories is None else n_categories
    if n_offered < len(patterns.domain):
        raise InputError(f"The data hold {len(patterns.domain)} categories, but only {n_offered} were stated")
    if n_offered < 2:
        raise AgreementUndefined(_ONE_CATEGORY)
    return n_offered


def _patterns(values: Any) -> Patterns:
    numbers = as_values(values)
    check_pairable(numbers)
    return collapse(numbers, exchangeable=True)
