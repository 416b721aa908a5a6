"""A long table as numbers: each column as indices into its distinct values, so that a million rows stay cheap."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from coding_app.agreement.matrix import IntArray, is_missing
from coding_app.errors import TableError

ONE_CRITERION = "all"
_LARGEST_KEY = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """One column. codes: (n_rows,) index into `labels`, -1 = missing; labels: the distinct values."""

    codes: IntArray
    labels: tuple[Any, ...]

    def relabelled(self, labels: Sequence[Hashable]) -> "Factor":
        """The same rows with other labels, one per old label; equal ones become one, None becomes missing.

        >>> Factor(np.array([0, 1, 2]), ("1", "1.0", "")).relabelled([1.0, 1.0, None]).codes.tolist()
        [0, 0, -1]
        """
        number: dict[Hashable, int] = {}
        new = [-1 if label is None else number.setdefault(label, len(number)) for label in labels]
        return Factor(np.array([*new, -1], dtype=np.int64)[self.codes], tuple(number))

    def of_rows(self, kept: npt.NDArray[np.bool_]) -> "Factor":
        """Some of the rows, with the labels that they have, in order of appearance. kept: (n_rows,)

        >>> found = Factor(np.array([0, 2, -1, 1]), ("a", "b", "c")).of_rows(np.array([False, True, True, True]))
        >>> found.codes.tolist(), found.labels
        ([0, -1, 1], ('c', 'b'))
        """
        codes = self.codes[kept]
        used, first = np.unique(codes[codes >= 0], return_index=True)
        there = used[np.argsort(first)].tolist()
        number = np.full(len(self.labels) + 1, -1, dtype=np.int64)
        number[there] = np.arange(len(there))
        return Factor(number[codes], tuple(self.labels[each] for each in there))

    def first_row(self, label: int) -> int:
        """The first row with this label (index)."""
        return int(np.argmax(self.codes == label))


@dataclass(frozen=True, slots=True)
class LongColumns:
    """The judgements of a long table, one per row.

    value: what was judged, missing = an empty value. A unit is told apart by session and unit.
    """

    unit: Factor
    coder: Factor
    value: Factor
    session: Factor
    criterion: Factor


def factor_of(column: Iterable[Any]) -> Factor:
    """The distinct values of a column in order of appearance; None, NaN and what pandas has for them: missing."""
    index: dict[Any, int] = {}
    codes = np.array([index.setdefault(value, len(index)) for value in column], dtype=np.int64)
    return Factor(codes, tuple(index)).relabelled([None if is_missing(value) else value for value in index])


def constant(n_rows: int, label: str) -> Factor:
    """A column that says the same in every row."""
    return Factor(np.zeros(n_rows, dtype=np.int64), (label,))


def columns_of(table: Any, *, multiple: bool) -> LongColumns:
    """The columns of a pandas DataFrame or dict of columns; arguments as `assess_table`.

    Raises TableError for a missing column, or an empty place in one that must be filled.
    """
    for name in ("unit", "coder", "value"):
        if name not in table:
            raise TableError(f"The table has no column '{name}'; it needs unit, coder and value")
    unit, coder = factor_of(table["unit"]), factor_of(table["coder"])
    for name, column in (("unit", unit), ("coder", coder)):
        if (column.codes < 0).any():
            raise TableError(
                f"Row {column.first_row(-1) + 1}, column '{name}' is empty; every judgement needs a {name}"
            )
    coder = coder.relabelled([str(each) for each in coder.labels])
    value = _judgements(table["value"], multiple)
    session = _optional(table, "session", len(unit.codes), "")
    criterion = _optional(table, "criterion", len(unit.codes), ONE_CRITERION)
    return LongColumns(unit, coder, value, session, criterion)


def combined(columns: Sequence[Factor]) -> IntArray:
    """One number per row that tells apart every combination of the columns, shape (n_rows,)."""
    key, size = np.zeros(len(columns[0].codes), dtype=np.int64), 1
    for column in columns:
        n_labels = len(column.labels) + 1
        if size * n_labels > _LARGEST_KEY:
            distinct, key = np.unique(key, return_inverse=True)
            size = len(distinct)
        key, size = key * n_labels + (column.codes + 1), size * n_labels
    return key


def code_set(value: Any) -> frozenset[str]:
    """The codes of one value: a set, or words joined by "|"; missing = no code."""
    if is_missing(value):
        return frozenset()
    if isinstance(value, str):
        return frozenset(code.strip() for code in value.split("|") if code.strip())
    return frozenset(value)


def _judgements(column: Any, multiple: bool) -> Factor:
    if multiple:  # the row is there, so the unit was coded; pandas reads an empty field as NaN
        found = factor_of(value if isinstance(value, str) else code_set(value) for value in column)
        return found.relabelled([code_set(each) for each in found.labels])
    found = factor_of(column)
    return found.relabelled([None if isinstance(each, str) and each == "" else each for each in found.labels])


def _optional(table: Any, name: str, n_rows: int, default: str) -> Factor:
    """A column whose missing values count as one value of their own (NaN differs from itself)."""
    if name not in table:
        return constant(n_rows, default)
    return factor_of("" if is_missing(value) else value for value in table[name])
