"""Cohen's kappa for two coders, plain and weighted."""

from typing import Any, Literal

import numpy as np

from coding_app.agreement.matrix import FloatArray, as_values
from coding_app.agreement.patterns import Kernel, Patterns, at_data, check_pairable, collapse
from coding_app.errors import AgreementUndefined, InputError

_NO_VARIATION = "Both coders gave every unit the same one value; without variation kappa is undefined"


def cohen_kappa(values: Any) -> float:
    """Chance-corrected agreement of two coders on exclusive categories; scikit-learn computes it.

    values: (n_units, 2); units that one of the two did not judge are left out.
    Raises AgreementUndefined without a common unit or when both used one and the same value only.
    Source: Cohen (1960), Educational and Psychological Measurement 20, 37-46.
    """
    from sklearn.metrics import cohen_kappa_score  # slow to import, and not always needed

    first, second = _complete_pairs(values).T
    if np.unique(np.concatenate([first, second])).size == 1:
        raise AgreementUndefined(_NO_VARIATION)
    # labels, not numbers: scikit-learn takes fractional values for a continuous target and refuses them
    domain, labels = np.unique(np.concatenate([first, second]), return_inverse=True)
    return float(cohen_kappa_score(labels[: len(first)], labels[len(first) :], labels=np.arange(len(domain))))


def weighted_kappa_linear(values: Any) -> float:
    """Kappa of two coders in which a disagreement counts by its distance |c - k| on the scale.

    values: (n_units, 2) of numbers whose differences are the scale: a category that nobody used still counts.
    Raises AgreementUndefined as `cohen_kappa` does.
    Source: Cohen (1968), Psychological Bulletin 70, 213-220; Cicchetti & Allison (1971) for linear weights.
    """
    return _weighted(values, "linear")


def weighted_kappa_quadratic(values: Any) -> float:
    """Kappa of two coders in which a disagreement counts by its squared distance (c - k)^2 on the scale.

    values, errors: as `weighted_kappa_linear`. Source: Cohen (1968); Fleiss & Cohen (1973).
    """
    return _weighted(values, "quadratic")


def cohen_kernel(patterns: Patterns, weighting: Literal["none", "linear", "quadratic"] = "none") -> Kernel:
    """Kappa of weighted patterns of two coders (not exchangeable): 1 - observed / expected disagreement."""
    if patterns.codes.shape[1] != 2:
        raise InputError(f"Cohen's kappa compares two coders, not {patterns.codes.shape[1]}")
    distances = _distances(patterns.domain, weighting)
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


def _distances(domain: FloatArray, weighting: Literal["none", "linear", "quadratic"]) -> FloatArray:
    difference = np.abs(domain[:, np.newaxis] - domain[np.newaxis, :])
    if weighting == "none":
        return (difference > 0).astype(np.float64)
    return difference if weighting == "linear" else difference**2


def _weighted(values: Any, weighting: Literal["linear", "quadratic"]) -> float:
    patterns = collapse(_complete_pairs(values), exchangeable=False)
    return at_data(cohen_kernel(patterns, weighting), patterns, _NO_VARIATION)


def _complete_pairs(values: Any) -> FloatArray:
    numbers = as_values(values)
    if numbers.shape[1] != 2:
        raise InputError(f"Cohen's kappa compares two coders, not {numbers.shape[1]}; choose two of them")
    check_pairable(numbers)
    return numbers[np.isfinite(numbers).all(axis=1)]
