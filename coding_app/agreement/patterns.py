"""Units with the same judgements, collapsed: what makes a thousand bootstrap replicates cheap.

A coefficient depends on a unit only by its judgements. Ten thousand units coded by three coders with five
codes show some fifty different rows; resampling units is the same as giving these rows random weights.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from coding_app.agreement.matrix import FloatArray, IntArray
from coding_app.errors import AgreementUndefined

Kernel = Callable[[FloatArray], FloatArray]
"""Weights of the patterns (n_replicates, n_patterns) -> coefficient of each replicate, NaN = undefined."""

_DENSE_KEYS = 1_000_000
_DENSE_COUNTS = 2_000_000


@dataclass(frozen=True, slots=True)
class Patterns:
    """The distinct rows of reliability data.

    codes: (n_patterns, n_coders), index into `domain`, -1 = missing.
    domain: the values that occur, ascending, shape (n_values,).
    of_unit: which pattern each unit shows, shape (n_units,).
    """

    codes: IntArray
    domain: FloatArray
    of_unit: IntArray

    @property
    def n_judged(self) -> FloatArray:
        """How many coders judged a unit of each pattern, shape (n_patterns,)."""
        return np.asarray((self.codes >= 0).sum(axis=1), dtype=np.float64)

    @property
    def multiplicity(self) -> FloatArray:
        """How many units show each pattern, shape (1, n_patterns): the weights of the data themselves."""
        return np.bincount(self.of_unit, minlength=len(self.codes)).astype(np.float64)[np.newaxis, :]

    @property
    def n_agreeing(self) -> FloatArray:
        """How many ordered pairs of coders gave the same value, shape (n_patterns,)."""
        if len(self.codes) * len(self.domain) <= _DENSE_COUNTS:
            counts = self.value_counts
            return np.asarray((counts * (counts - 1)).sum(axis=1))
        agreeing = np.zeros(len(self.codes))
        for coder in range(1, self.codes.shape[1]):
            same = self.codes[:, :coder] == self.codes[:, coder : coder + 1]
            agreeing += 2 * (same & (self.codes[:, :coder] >= 0)).sum(axis=1)
        return agreeing

    @property
    def value_counts(self) -> FloatArray:
        """How many coders gave each value, shape (n_patterns, n_values)."""
        n_patterns, n_values = len(self.codes), len(self.domain)
        cells = np.where(self.codes >= 0, self.codes + n_values * np.arange(n_patterns)[:, np.newaxis], -1)
        counts = np.bincount(cells.ravel() + 1, minlength=n_patterns * n_values + 1)[1:]
        return counts.reshape(n_patterns, n_values).astype(np.float64)

    @property
    def pairable_counts(self) -> "FloatArray | csr_array[np.float64, tuple[int, int]]":
        """As `value_counts`, without units that one coder judged; sparse for nearly continuous scores."""
        pairable = self.n_judged >= 2
        shape = (len(self.codes), len(self.domain))
        if shape[0] * shape[1] <= _DENSE_COUNTS:
            return self.value_counts * pairable[:, np.newaxis]
        pattern, coder = np.nonzero((self.codes >= 0) & pairable[:, np.newaxis])
        return csr_array((np.ones(len(pattern)), (pattern, self.codes[pattern, coder])), shape=shape)


def collapse(values: FloatArray, *, exchangeable: bool) -> Patterns:
    """The distinct rows of `values` (n_units, n_coders; NaN = missing).

    exchangeable: which coder gave which value does not matter (all coefficients but Cohen's), so the order
    within a row is dropped and fewer patterns remain.
    """
    codes, domain = _indices(values)
    if exchangeable:
        if (codes.shape[1] + 1) ** len(domain) <= _DENSE_KEYS:
            return _collapsed_counts(codes, domain)
        codes = np.sort(codes, axis=1)
    n_digits, base = codes.shape[1], len(domain) + 1
    if n_digits * np.log2(base) >= 62:
        rows, of_unit = np.unique(codes, axis=0, return_inverse=True)
        return Patterns(rows, domain, of_unit.reshape(-1).astype(np.int64))
    keys = np.zeros(len(codes), dtype=np.int64)
    for coder in range(n_digits):
        keys = keys * base + (codes[:, coder] + 1)
    distinct, of_unit = _unique_keys(keys, base**n_digits)
    powers = base ** np.arange(n_digits - 1, -1, -1, dtype=np.int64)
    return Patterns((distinct[:, np.newaxis] // powers) % base - 1, domain, of_unit)


def at_data(kernel: Kernel, patterns: Patterns, reason: str) -> float:
    """The coefficient of the data themselves; raises AgreementUndefined(reason) when it has no value."""
    value = float(kernel(patterns.multiplicity)[0])
    if np.isnan(value):
        raise AgreementUndefined(reason)
    return value


def divide(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Quotient that is NaN where the denominator is zero or below."""
    result = np.full(np.broadcast(numerator, denominator).shape, np.nan)
    np.divide(numerator, denominator, out=result, where=denominator > 0)
    return result


def check_pairable(values: FloatArray) -> None:
    """Raise AgreementUndefined unless two coders judged the same unit at least once."""
    if values.shape[1] < 2:
        raise AgreementUndefined("There is only one coder; agreement needs at least two")
    for start in range(0, len(values), 4096):  # the first units nearly always settle it
        if (np.isfinite(values[start : start + 4096]).sum(axis=1) >= 2).any():
            return
    raise AgreementUndefined("No unit was judged by two coders")


def _collapsed_counts(codes: IntArray, domain: FloatArray) -> Patterns:
    """Patterns by how many coders gave each value: one sum per unit instead of sorting its judgements."""
    n_coders, n_values = codes.shape[1], len(domain)
    base = n_coders + 1
    powers = base ** np.arange(n_values, dtype=np.int64)
    keys = np.append(powers, 0)[codes].sum(axis=1)  # the last stands for missing, index -1
    distinct, of_unit = _unique_keys(keys, base**n_values)
    counts = (distinct[:, np.newaxis] // powers) % base
    with_missing = np.column_stack([n_coders - counts.sum(axis=1), counts])
    each = np.tile(np.arange(-1, n_values), len(distinct))
    return Patterns(np.repeat(each, with_missing.ravel()).reshape(-1, n_coders), domain, of_unit)


def _indices(values: FloatArray) -> tuple[IntArray, FloatArray]:
    """Each value as index into the distinct values, -1 = missing, and those values."""
    present = np.isfinite(values)
    filled = np.where(present, values, -1.0)
    if present.any() and np.where(present, values, 0.0).min() >= 0 and filled.max() < _DENSE_KEYS:
        whole = filled.astype(np.int64)
        if (whole == filled).all():
            n_of_value = np.bincount(whole.ravel() + 1, minlength=2)
            n_of_value[0] = 0  # missing
            domain = np.flatnonzero(n_of_value) - 1
            number = np.cumsum(n_of_value > 0, dtype=np.int64) - 1  # -1 for missing
            return number[whole + 1], domain.astype(np.float64)
    codes = np.full(values.shape, -1, dtype=np.int64)
    distinct, index = np.unique(values[present], return_inverse=True)
    codes[present] = index
    return codes, distinct


def _unique_keys(keys: IntArray, n_possible: int) -> tuple[IntArray, IntArray]:
    """np.unique with the inverse; without sorting when the keys are small numbers."""
    if n_possible > min(_DENSE_KEYS, 16 * len(keys) + 1024):
        distinct, index = np.unique(keys, return_inverse=True)
        return distinct, index.astype(np.int64)
    seen = np.bincount(keys, minlength=n_possible) > 0
    return np.flatnonzero(seen).astype(np.int64), (np.cumsum(seen, dtype=np.int64) - 1)[keys]
