"""Reliability data: who said what about which unit, as one array (n_units, n_coders)."""

from collections.abc import Hashable, Iterable
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from coding_app.errors import InputError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = get_args(Level)


def as_values(values: Any) -> FloatArray:
    """`values` as floats of shape (n_units, n_coders); None and NaN are missing.

    Words become the index of the sorted words, so only the nominal level makes sense for them.
    Raises InputError when the array is not two-dimensional or holds an infinite number.
    """
    array = np.asarray(values)
    if array.ndim != 2:
        raise InputError(
            f"Values must have the shape (n_units, n_coders), not {array.shape}; give one row per unit"
        )
    are_numbers = array.dtype.kind in "biuf"
    numbers = array.astype(np.float64) if are_numbers else _numbers_or_indices(array.astype(object))
    if np.isinf(numbers).any():
        raise InputError("Values hold an infinite number; leave the value out (NaN) or correct it")
    return numbers


def encoded(values: npt.NDArray[np.object_]) -> tuple[FloatArray, tuple[Hashable, ...]]:
    """Indices into the sorted distinct values and those values; None and NaN stay missing.

    Sets are sorted by their sorted members, everything else by its text.
    """
    labels = sorted_labels(value for value in values.ravel() if not is_missing(value))
    index = {label: float(position) for position, label in enumerate(labels)}
    codes = [np.nan if is_missing(value) else index[value] for value in values.ravel()]
    return np.array(codes, dtype=np.float64).reshape(values.shape), labels


def sorted_labels(values: Iterable[Hashable]) -> tuple[Hashable, ...]:
    """The distinct values: sets by their sorted members, everything else by its text."""
    return tuple(sorted(set(values), key=_sort_key))


def _numbers_or_indices(values: npt.NDArray[np.object_]) -> FloatArray:
    present = [value for value in values.ravel() if not is_missing(value)]
    if all(isinstance(value, int | float | np.number | np.bool_) for value in present):
        numbers = [np.nan if is_missing(value) else float(value) for value in values.ravel()]
        return np.array(numbers, dtype=np.float64).reshape(values.shape)
    return encoded(values)[0]


def is_missing(value: Any) -> bool:
    """None, NaN, and what pandas writes for a missing value (pd.NA, pd.NaT)."""
    if isinstance(value, str):
        return False
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float | np.floating) and bool(np.isnan(value))


def _sort_key(value: Hashable) -> tuple[str, ...]:
    return tuple(sorted(map(str, value))) if isinstance(value, frozenset) else (str(value),)
