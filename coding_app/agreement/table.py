"""Agreement straight from a long table: one row per judgement, with the columns unit, coder, value."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from coding_app.agreement.assessment import BootstrapKind, assess, assess_encoded_sets
from coding_app.agreement.estimate import Assessment
from coding_app.agreement.long_format import ONE_CRITERION, LongColumns, columns_of, combined
from coding_app.agreement.matrix import FloatArray, IntArray, Level, sorted_labels
from coding_app.agreement.resampling import numbered
from coding_app.errors import TableError

Unmarked = Literal["missing", "absent"]
NO_CODE = "(none)"
_ABSENT_PRESENT = (("no", "yes"), ("n", "y"), ("false", "true"), ("absent", "present"))


@dataclass(frozen=True, slots=True)
class TableMatrix:
    """Judgements on one criterion, as they stand in the table.

    values: object array (n_units, n_coders), None = missing; units: (session, unit) of every row; n_empty: rows of
    the table without a value.
    """

    criterion: str
    values: npt.NDArray[np.object_]
    units: tuple[tuple[Hashable, Hashable], ...]
    coders: tuple[str, ...]
    sessions: tuple[Hashable, ...]
    n_empty: int


@dataclass(frozen=True, slots=True)
class CodedMatrix:
    """As `TableMatrix`, in numbers. codes: (n_units, n_coders), index into `labels`, -1 = missing; unit, session:
    index into the names of the table's units and sessions, shape (n_units,).
    """

    criterion: str
    codes: IntArray
    labels: tuple[Any, ...]
    coders: tuple[str, ...]
    unit: IntArray
    session: IntArray
    n_empty: int


def assess_table(
    table: Any,
    *,
    level: Level = "nominal",
    multiple: bool = False,
    unmarked: Unmarked = "missing",
    categories: Sequence[float] | None = None,
    replicates: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
    interval: BootstrapKind = "percentile",
) -> list[Assessment]:
    """One assessment per criterion, in order of appearance; with `multiple` also one per code.

    table: a pandas DataFrame or dict of columns `unit`, `coder`, `value`, optionally `session`, `criterion`.
    A unit is told apart by session and unit. None, NaN and "" in `value` mean: not marked.
    multiple: `value` holds sets of codes, or codes joined by "|"; empty = coded, none applies.
    unmarked: what an unmarked unit means for a coder who judged something in that session: missing, or absent
    (0 for numbers, the code "(none)" for words, no code with `multiple`).
    categories: the values that the scheme offers, where they are numbers; not used with `multiple`.
    replicates, seed, confidence, interval: as `assess` has them.
    Raises TableError for a missing column or values that do not fit, InputError as `assess`.

    >>> table = {"unit": [1, 1, 2, 2, 3, 3], "coder": list("ABABAB"), "value": ["e", "e", "r", "e", "r", "r"]}
    >>> (found,) = assess_table(table, replicates=0)
    >>> found.estimate("krippendorff_alpha").value.__round__(3), found.estimate("percent_agreement").n_pairable
    (0.444, 6)
    """
    return assess_columns(
        columns_of(table, multiple=multiple),
        level=level,
        multiple=multiple,
        unmarked=unmarked,
        categories=categories,
        replicates=replicates,
        seed=seed,
        confidence=confidence,
        interval=interval,
    )


def assess_columns(
    columns: LongColumns,
    *,
    level: Level = "nominal",
    multiple: bool = False,
    unmarked: Unmarked = "missing",
    categories: Sequence[float] | None = None,
    **options: Any,
) -> list[Assessment]:
    """As `assess_table`, for columns that are numbers already (a million rows take a second).

    options: replicates, seed, confidence, interval.
    """
    return [
        assessment
        for matrix in matrices_of_columns(columns, multiple=multiple, unmarked=unmarked)
        for assessment in assess_coded(
            matrix, level=level, multiple=multiple, unmarked=unmarked, categories=categories, **options
        )
    ]


def assess_coded(
    matrix: CodedMatrix,
    *,
    level: Level = "nominal",
    multiple: bool = False,
    unmarked: Unmarked = "missing",
    categories: Sequence[float] | None = None,
    **options: Any,
) -> list[Assessment]:
    """As `assess_columns`, for one criterion, or for some of its units."""
    _check_overlap(matrix)
    common = {"coders": matrix.coders, "sessions": matrix.session, **options}
    if multiple:
        return _assess_codes(matrix, common)
    values, labels = _numbers(matrix, level, unmarked)
    named: dict[str, Any] = {"criterion": matrix.criterion, "level": level, "labels": labels}
    assessment = assess(values, categories=categories, **named, **common)
    return [replace(assessment, warnings=assessment.warnings + _empty_warning(matrix, unmarked))]


def values_of_table(
    table: Any, *, multiple: bool = False, unmarked: Unmarked = "missing"
) -> list[TableMatrix]:
    """The judgements of each criterion as an array (n_units, n_coders); arguments as `assess_table`.

    With unmarked="absent" every criterion has all units of the table, because each was there to be judged.
    Raises TableError when a column is missing.
    """
    columns = columns_of(table, multiple=multiple)
    return [
        _in_words(each, columns)
        for each in matrices_of_columns(columns, multiple=multiple, unmarked=unmarked)
    ]


def _in_words(matrix: CodedMatrix, columns: LongColumns) -> TableMatrix:
    labels = np.empty(len(matrix.labels) + 1, dtype=object)  # the last stands for missing
    for position, label in enumerate(matrix.labels):
        labels[position] = label
    sessions = tuple(columns.session.labels[each] for each in matrix.session.tolist())
    units = (columns.unit.labels[each] for each in matrix.unit.tolist())
    pairs = tuple(zip(sessions, units, strict=True))
    return TableMatrix(matrix.criterion, labels[matrix.codes], pairs, matrix.coders, sessions, matrix.n_empty)


def matrices_of_columns(columns: LongColumns, *, multiple: bool, unmarked: Unmarked) -> list[CodedMatrix]:
    """As `values_of_table`, for columns that are numbers already."""
    row_units = numbered(combined([columns.session, columns.unit]))
    by_criterion = [
        np.flatnonzero(columns.criterion.codes == each) for each in range(len(columns.criterion.labels))
    ]
    if unmarked == "missing":
        return [_matrix(columns, row_units, rows) for rows in by_criterion]
    all_rows = np.arange(len(row_units))
    absent: Any = frozenset() if multiple else NO_CODE
    return [
        _marked_absent(_matrix(columns, row_units, rows, all_rows), columns, absent) for rows in by_criterion
    ]


def _matrix(
    columns: LongColumns, row_units: IntArray, rows: IntArray, offered: IntArray | None = None
) -> CodedMatrix:
    """The judgements in `rows`; units and coders are those of the rows, or of the rows `offered`."""
    offered = rows if offered is None else offered
    units, first = np.unique(row_units[offered], return_index=True)  # numbers rise in order of appearance
    names = {int(code): str(columns.coder.labels[code]) for code in np.unique(columns.coder.codes[offered])}
    coders = sorted(names, key=names.__getitem__)
    at_unit = np.searchsorted(units, row_units[rows])
    at_coder = np.full(len(columns.coder.labels), -1)
    at_coder[coders] = np.arange(len(coders))
    judged = columns.value.codes[rows]
    filled = judged >= 0
    cells = (at_unit * len(coders) + at_coder[columns.coder.codes[rows]])[filled]
    codes = np.full(len(units) * len(coders), -1, dtype=np.int64)
    codes[cells[::-1]] = judged[filled][::-1]  # the first of several rows stays
    differs = codes[cells] != judged[filled]
    if differs.any():
        row = int(rows[filled][np.argmax(differs)])
        raise TableError(f"Row {row + 1}: a coder has two different values for one unit; keep one of them")
    return CodedMatrix(
        criterion=str(columns.criterion.labels[columns.criterion.codes[rows[0]]]),
        codes=codes.reshape(len(units), len(coders)),
        labels=columns.value.labels,
        coders=tuple(names[code] for code in coders),
        unit=columns.unit.codes[offered][first],
        session=columns.session.codes[offered][first],
        n_empty=int((~filled).sum()),
    )


def _marked_absent(matrix: CodedMatrix, columns: LongColumns, absent: Any) -> CodedMatrix:
    """Fill what a coder left unmarked in a session that this coder worked on."""
    number = {name: position for position, name in enumerate(matrix.coders)}
    coder_of_label = np.array([number[str(label)] for label in columns.coder.labels])
    judged = np.zeros((len(columns.session.labels), len(matrix.coders)), dtype=bool)
    judged[columns.session.codes, coder_of_label[columns.coder.codes]] = True
    labels = matrix.labels if absent in matrix.labels else (*matrix.labels, absent)
    empty = (matrix.codes < 0) & judged[matrix.session]
    return replace(matrix, codes=np.where(empty, labels.index(absent), matrix.codes), labels=labels)


def _empty_warning(matrix: CodedMatrix, unmarked: Unmarked) -> tuple[str, ...]:
    return (f"Rows without a value: {matrix.n_empty}, treated as {unmarked}",) if matrix.n_empty else ()


def _check_overlap(matrix: CodedMatrix) -> None:
    where = "The table" if matrix.criterion == ONE_CRITERION else f"Criterion '{matrix.criterion}'"
    judged = matrix.codes >= 0
    if judged.any(axis=0).sum() < 2:
        raise TableError(f"{where}: column 'coder' names only one coder; agreement needs at least two")
    if not (judged.sum(axis=1) >= 2).any():
        raise TableError(
            f"{where}: no unit was judged by two coders; give the same unit (and session) for all coders"
        )


def _numbers(
    matrix: CodedMatrix, level: Level, unmarked: Unmarked
) -> tuple[FloatArray, tuple[str, ...] | None]:
    """Numbers of the level; at nominal level words become numbers with labels, yes/no words become 1/0."""
    used = np.flatnonzero(np.bincount(matrix.codes.ravel() + 1, minlength=len(matrix.labels) + 1)[1:])
    given = {matrix.labels[position] for position in used}
    as_number = {value: number for value in given if (number := _number(value)) is not None}
    if unmarked == "absent" and len(as_number) == len(given - {NO_CODE}):
        as_number[NO_CODE] = 0.0
    labels: tuple[str, ...] | None = None
    if any(value not in as_number for value in given):
        if level != "nominal":
            raise TableError(
                f"Criterion '{matrix.criterion}': column 'value' holds words; the {level} level needs numbers"
            )
        as_number, labels = _word_numbers(given)
    lookup = np.full(len(matrix.labels) + 1, np.nan)
    lookup[used] = [as_number[matrix.labels[position]] for position in used]
    return lookup[matrix.codes], labels


def _word_numbers(given: set[Any]) -> tuple[dict[Any, float], tuple[str, ...]]:
    words = {str(value).casefold(): value for value in given}
    for pair in _ABSENT_PRESENT:
        if set(words) <= set(pair) and len(words) == len(given):
            labels = tuple(str(words.get(word, word)) for word in pair)
            return {words[word]: float(pair.index(word)) for word in words}, labels
    ordered = sorted_labels(given)
    return {value: float(index) for index, value in enumerate(ordered)}, tuple(map(str, ordered))


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if np.isfinite(number) else None


def _assess_codes(matrix: CodedMatrix, common: dict[str, Any]) -> list[Assessment]:
    """The code system as a whole, then each code as present or absent."""
    used = np.flatnonzero(np.bincount(matrix.codes.ravel() + 1, minlength=len(matrix.labels) + 1)[1:])
    ordered: Sequence[Any] = sorted_labels(matrix.labels[position] for position in used)
    lookup = np.full(len(matrix.labels) + 1, np.nan)
    lookup[[matrix.labels.index(each) for each in ordered]] = np.arange(len(ordered))
    values = lookup[matrix.codes]
    found = [assess_encoded_sets(values, ordered, criterion=matrix.criterion, **common)]
    prefix = "" if matrix.criterion == ONE_CRITERION else f"{matrix.criterion}: "
    for code in sorted({code for each in ordered for code in each}):
        holds = np.full(len(matrix.labels) + 1, np.nan)
        holds[used] = [float(code in matrix.labels[position]) for position in used]
        presence = holds[matrix.codes]
        found.append(assess(presence, criterion=f"{prefix}{code}", categories=(0.0, 1.0), **common))
    return found
