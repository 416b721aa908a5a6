"""Krippendorff's alpha: missing values, four levels of measurement or a table of distances.

One formula serves the data and a thousand resamples of them; the tests hold it to the `krippendorff` package.
"""

from typing import Any

import numpy as np

from coding_app.agreement.matrix import LEVELS, FloatArray, Level, as_values
from coding_app.agreement.patterns import Kernel, Patterns, at_data, check_pairable, collapse
from coding_app.errors import InputError

_NO_VARIATION = "All pairable values are the same; without variation alpha is undefined"
_TABLE_VALUES = 512
_RATIO_VALUES = 5_000


def krippendorff_alpha(values: Any, level: Level = "nominal") -> float:
    """Chance-corrected agreement of any number of coders, missing values allowed.

    values: shape (n_units, n_coders), NaN = missing; units with fewer than two values are left out.
    level: how far apart two values are (nominal: differ or not; ordinal: by the judgements between them;
    interval: squared difference; ratio: squared relative difference, values not negative).
    Returns 1.0 for perfect agreement, 0.0 for what chance gives, below 0 for systematic disagreement.
    Raises AgreementUndefined when no unit has two values, or all pairable values are the same.
    Source: Krippendorff (2004), Content Analysis, 2nd ed., ch. 11.

    >>> krippendorff_alpha([[1, 1], [2, 2], [3, 3]])
    1.0
    """
    numbers = as_values(values)
    check_level(numbers, level)
    check_pairable(numbers)
    return alpha_of_patterns(collapse(numbers, exchangeable=True), level)


def alpha_of_patterns(patterns: Patterns, level: Level) -> float:
    """`krippendorff_alpha` of collapsed, checked data."""
    return at_data(alpha_kernel(patterns, level), patterns, _NO_VARIATION)


def alpha_by_distance(patterns: Patterns, distances: FloatArray) -> float:
    """Alpha with a table of (squared) distances between the values, shape (n_values, n_values).

    Raises AgreementUndefined when all pairable values are the same.
    """
    return at_data(distance_kernel(patterns, distances), patterns, _NO_VARIATION)


def alpha_kernel(patterns: Patterns, level: Level) -> Kernel:
    """`krippendorff_alpha` of weighted patterns."""
    n_values = len(patterns.domain)
    if level == "nominal":
        return _nominal_kernel(patterns)
    if level == "ordinal":
        return _ordinal_kernel(patterns)
    difference = patterns.domain[:, np.newaxis] - patterns.domain if n_values <= _RATIO_VALUES else None
    if level == "ratio":
        if difference is None:
            raise InputError(
                f"Ratio alpha of {n_values} different values needs too much memory; round the values"
            )
        total = patterns.domain[:, np.newaxis] + patterns.domain
        relative = np.divide(difference, total, out=np.zeros_like(difference), where=total != 0)
        return distance_kernel(patterns, relative**2)
    if difference is not None and n_values <= _TABLE_VALUES:
        return distance_kernel(patterns, difference**2)
    return _interval_kernel(patterns)


def distance_kernel(patterns: Patterns, distances: FloatArray) -> Kernel:
    """Alpha of weighted patterns with a table of squared distances between the values."""
    counts = patterns.pairable_counts
    disagreement = _within_units(patterns, distances)

    def of(weights: FloatArray) -> FloatArray:
        totals = np.asarray(weights @ counts)
        expected = ((totals @ distances) * totals).sum(axis=1)
        return _one_minus_ratio(weights @ disagreement, expected, totals.sum(axis=1))

    return of


def check_level(values: FloatArray, level: Level) -> None:
    """Raise InputError for an unknown level or negative values at ratio level."""
    if level not in LEVELS:
        raise InputError(f"Level '{level}' is not known; use one of {', '.join(LEVELS)}")
    if level == "ratio" and bool((values[np.isfinite(values)] < 0).any()):
        raise InputError(
            "The ratio level needs values of zero or more; use the interval level for negative values"
        )


def _within_units(patterns: Patterns, distances: FloatArray) -> FloatArray:
    """Sum of distances over ordered pairs of coders, divided by m - 1; shape (n_patterns,), 0 without a pair."""
    codes, n_coders = patterns.codes, patterns.codes.shape[1]
    total = np.zeros(len(codes))
    for one in range(1, n_coders):
        for other in range(one):
            both = (codes[:, one] >= 0) & (codes[:, other] >= 0)
            total[both] += 2 * distances[codes[both, one], codes[both, other]]
    return total / np.maximum(patterns.n_judged - 1, 1)


def _nominal_kernel(patterns: Patterns) -> Kernel:
    counts = patterns.pairable_counts
    n_judged = patterns.n_judged
    pairs = n_judged * (n_judged - 1)
    disagreement = (pairs - patterns.n_agreeing) / np.maximum(n_judged - 1, 1)

    def of(weights: FloatArray) -> FloatArray:
        totals = np.asarray(weights @ counts)
        n_pairable = totals.sum(axis=1)
        expected = n_pairable**2 - (totals**2).sum(axis=1)
        return _one_minus_ratio(weights @ disagreement, expected, n_pairable)

    return of


def _ordinal_kernel(patterns: Patterns) -> Kernel:
    """The ordinal distance is the squared distance of mid-ranks, and these depend on the resampled data."""
    counts = patterns.pairable_counts
    n_judged = np.where(patterns.n_judged >= 2, patterns.n_judged, 0.0)

    def of(weights: FloatArray) -> FloatArray:
        totals = np.asarray(weights @ counts)
        n_pairable = totals.sum(axis=1)
        ranks = np.cumsum(totals, axis=1) - totals / 2 - n_pairable[:, np.newaxis] / 2
        sums, squares = np.asarray(ranks @ counts.T), np.asarray(ranks**2 @ counts.T)
        within = 2 * (n_judged * squares - sums**2) / np.maximum(n_judged - 1, 1)
        expected = 2 * (n_pairable * (totals * ranks**2).sum(axis=1) - (totals * ranks).sum(axis=1) ** 2)
        expected[(totals > 0).sum(axis=1) < 2] = 0.0
        return _one_minus_ratio((weights * within).sum(axis=1), expected, n_pairable)

    return of


def _interval_kernel(patterns: Patterns) -> Kernel:
    """Sums of values and squares replace the table of distances when scores are nearly continuous."""
    n_judged = np.where(patterns.n_judged >= 2, patterns.n_judged, 0.0)
    present = (patterns.codes >= 0) & (n_judged > 0)[:, np.newaxis]
    centred = np.where(present, patterns.domain[patterns.codes] - patterns.domain.mean(), 0.0)
    sums, squares = centred.sum(axis=1), (centred**2).sum(axis=1)
    within = 2 * (n_judged * squares - sums**2) / np.maximum(n_judged - 1, 1)
    features = np.column_stack([within, n_judged, sums, squares])

    def of(weights: FloatArray) -> FloatArray:
        disagreement, n_pairable, total, total_squares = (weights @ features).T
        expected = 2 * (n_pairable * total_squares - total**2)
        # what rounding leaves of a difference of equal sums is not variation
        expected[expected <= 1e-12 * n_pairable * total_squares] = 0.0
        return _one_minus_ratio(disagreement, expected, n_pairable)

    return of


def _one_minus_ratio(observed: FloatArray, expected: FloatArray, n_pairable: FloatArray) -> FloatArray:
    result = np.full(len(observed), np.nan)
    np.divide(observed * (n_pairable - 1), expected, out=result, where=expected > 0)
    return 1.0 - result
