"""Cohen's kappa for two coders, plain and weighted; the tests hold it to scikit-learn."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from coding_app.agreement.matrix import FloatArray, as_values
from coding_app.agreement.patterns import Kernel, Patterns, at_data, check_pairable, collapse
from coding_app.errors import InputError

Weighting = Literal["none", "linear", "quadratic"]
_NO_VARIATION = "Both coders gave every unit the same one value; without variation kappa is undefined"


def cohen_kappa(values: Any) -> float:
    """Chance-corrected agreement of two coders on exclusive categories.

    values: (n_units, 2); units that one of the two did not judge are left out.
    Raises AgreementUndefined without a common unit or when both used one and the same value only.
    Source: Cohen (1960), Educational and Psychological Measurement 20, 37-46.
    """
    return _kappa(values, "none", None)


def weighted_kappa_linear(values: Any, categories: Sequence[float] | None = None) -> float:
    """Kappa of two coders in which a disagreement counts by its distance |c - k| on the scale.

    values: (n_units, 2) of numbers. categories: the declared scale, in order; a disagreement then counts by the
    steps between two values. Without it their difference counts, so that in both cases a category that nobody
    used still takes its place.
    Raises AgreementUndefined as `cohen_kappa` does, InputError for a value outside `categories`.
    Source: Cohen (1968), Psychological Bulletin 70, 213-220; Cicchetti & Allison (1971) for linear weights.
    """
    return _kappa(values, "linear", categories)


def weighted_kappa_quadratic(values: Any, categories: Sequence[float] | None = None) -> float:
    """Kappa of two coders in which a disagreement counts by its squared distance (c - k)^2 on the scale.

    values, categories, errors: as `weighted_kappa_linear`. Source: Cohen (1968); Fleiss & Cohen (1973).
    """
    return _kappa(values, "quadratic", categories)


def cohen_kernel(
    patterns: Patterns, weighting: Weighting = "none", categories: Sequence[float] | None = None
) -> Kernel:
    """Kappa of weighted patterns of two coders (not exchangeable): 1 - observed / expected disagreement.

    categories: the declared scale in order, see `weighted_kappa_linear`.
    """
    if patterns.codes.shape[1] != 2:
        raise InputError(f"Cohen's kappa compares two coders, not {patterns.codes.shape[1]}")
    distances = _distances(_on_scale(patterns.domain, categories), weighting)
    complete = np.asarray((patterns.codes >= 0).all(axis=1))
    first, second = np.where(complete[:, np.newaxis], patterns.codes, 0).T
    n_values = max(len(patterns.domain), 1)
    by_first = np.eye(n_values)[first] * complete[:, np.newaxis]
    by_second = np.eye(n_values)[second] * complete[:, np.newaxis]
    observed = (
        np.where(complete, distances[first, second], 0.0) if len(patterns.domain) else np.zeros(len(first))
    )

    def of(weights: FloatArray) -> FloatArray:
        n_units = weights @ complete.astype(np.float64)
        row_sums, column_sums = weights @ by_first, weights @ by_second
        expected = ((row_sums @ distances) * column_sums).sum(axis=1)
        result = np.full(len(weights), np.nan)
        np.divide((weights @ observed) * n_units, expected, out=result, where=expected > 0)
        return 1.0 - result

    return of


def _on_scale(domain: FloatArray, categories: Sequence[float] | None) -> FloatArray:
    """The values that occur, or their positions on the declared scale."""
    if categories is None:
        return domain
    scale = [float(each) for each in categories]
    if not set(domain.tolist()) <= set(scale):
        raise InputError("A value lies outside the categories of the scale; correct the value or the scale")
    return np.array([scale.index(value) for value in domain.tolist()], dtype=np.float64)


def _distances(domain: FloatArray, weighting: Weighting) -> FloatArray:
    difference = np.abs(domain[:, np.newaxis] - domain[np.newaxis, :])
    if weighting == "none":
        return (difference > 0).astype(np.float64)
    return difference if weighting == "linear" else difference**2


def _kappa(values: Any, weighting: Weighting, categories: Sequence[float] | None) -> float:
    patterns = collapse(_complete_pairs(values), exchangeable=False)
    return at_data(cohen_kernel(patterns, weighting, categories), patterns, _NO_VARIATION)


def _complete_pairs(values: Any) -> FloatArray:
    numbers = as_values(values)
    if numbers.shape[1] != 2:
        raise InputError(f"Cohen's kappa compares two coders, not {numbers.shape[1]}; choose two of them")
    check_pairable(numbers)
    return numbers[np.isfinite(numbers).all(axis=1)]
