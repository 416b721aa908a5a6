"""Raw agreement, without a correction for chance."""

from typing import Any

import numpy as np

from coding_app.agreement.matrix import FloatArray, as_values
from coding_app.agreement.patterns import Kernel, Patterns, at_data, check_pairable, collapse, divide
from coding_app.errors import InputError


def percent_agreement(values: Any) -> float:
    """Mean over units of the share of coder pairs that gave the same value, 0 to 1.

    values: (n_units, n_coders), missing allowed; units with fewer than two values are left out.
    Raises AgreementUndefined when no unit has two values.
    Source: Fleiss (1971), Psychological Bulletin 76, 378-382, eq. 2; Gwet (2014), ch. 2, for missing values.
    """
    numbers = as_values(values)
    check_pairable(numbers)
    patterns = collapse(numbers, exchangeable=True)
    return at_data(percent_kernel(patterns), patterns, "No unit was judged by two coders")


def positive_agreement(values: Any) -> float:
    """Of all judgements "present" (1) paired with another coder's, the share where the other says 1 too.

    values: (n_units, n_coders) of 0, 1 or missing. For two coders this is 2a / (2a + b + c).
    Raises AgreementUndefined when nobody used 1 on a unit with two values, InputError for values other than
    0 and 1. Source: Cicchetti & Feinstein (1990), J Clin Epidemiol 43, 551-558; for several coders Uebersax,
    "Statistical methods for rater agreement" (proportions of specific agreement).
    """
    return _specific_agreement(values, 1.0, "Nobody coded it present on a unit that two coders judged")


def negative_agreement(values: Any) -> float:
    """As `positive_agreement`, for the judgement "absent" (0): 2d / (2d + b + c) for two coders."""
    return _specific_agreement(values, 0.0, "Nobody coded it absent on a unit that two coders judged")


def percent_kernel(patterns: Patterns) -> Kernel:
    """`percent_agreement` of weighted patterns."""
    n_judged = patterns.n_judged
    pairs = n_judged * (n_judged - 1)
    share = np.where(pairs > 0, patterns.n_agreeing / np.maximum(pairs, 1), 0.0)
    features = np.column_stack([share, n_judged >= 2])

    def of(weights: FloatArray) -> FloatArray:
        sums = weights @ features
        return divide(sums[:, 0], sums[:, 1])

    return of


def specific_kernel(patterns: Patterns, value: float) -> Kernel:
    """Agreement on one value (1: positive, 0: negative) of weighted patterns of a binary judgement."""
    n_judged = patterns.n_judged
    index = np.flatnonzero(patterns.domain == value)
    given = np.isin(patterns.codes, index).sum(axis=1).astype(np.float64)
    features = np.column_stack([given * (given - 1), given * np.maximum(n_judged - 1, 0)])

    def of(weights: FloatArray) -> FloatArray:
        sums = weights @ features
        return divide(sums[:, 0], sums[:, 1])

    return of


def _specific_agreement(values: Any, value: float, reason: str) -> float:
    numbers = as_values(values)
    check_pairable(numbers)
    patterns = collapse(numbers, exchangeable=True)
    if not np.isin(patterns.domain, (0.0, 1.0)).all():
        raise InputError("Positive and negative agreement need values of 0 (absent) and 1 (present) only")
    return at_data(specific_kernel(patterns, value), patterns, reason)
