"""Agreement straight from a long table: one row per judgement, with the columns unit, coder, value."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from coding_app.agreement.assessment import assess, assess_sets, code_presence
from coding_app.agreement.estimate import Assessment
from coding_app.agreement.matrix import FloatArray, Level, encoded, is_missing
from coding_app.errors import TableError

Unmarked = Literal["missing", "absent"]
ONE_CRITERION = "all"
NO_CODE = "(none)"
_ABSENT_PRESENT = (("no", "yes"), ("n", "y"), ("false", "true"), ("absent", "present"))


@dataclass(frozen=True, slots=True)
class TableMatrix:
    """Judgements on one criterion.

    values: object array (n_units, n_coders), None = missing; n_empty: rows of the table without a value.
    """

    criterion: str
    values: npt.NDArray[np.object_]
    units: tuple[Hashable, ...]
    coders: tuple[str, ...]
    sessions: tuple[Hashable, ...]
    n_empty: int


@dataclass(frozen=True, slots=True)
class _Columns:
    """A long table: per row the unit as (session, unit), the coder, the judgement (None = empty), the criterion."""

    units: list[tuple[Hashable, Hashable]]
    coders: list[str]
    values: list[Any]
    criteria: list[Any]


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
) -> list[Assessment]:
    """One assessment per criterion, in order of appearance; with `multiple` also one per code.

    table: a pandas DataFrame or dict of columns `unit`, `coder`, `value`, optionally `session`, `criterion`.
    A unit is told apart by session and unit. None, NaN and "" in `value` mean: not marked.
    multiple: `value` holds sets of codes, or codes joined by "|"; empty = coded, none applies.
    unmarked: what an unmarked unit means for a coder who judged something in that session: missing, or absent
    (0 for numbers, the code "(none)" for words, no code with `multiple`).
    Raises TableError for a missing column or values that do not fit, InputError as `assess`.
    """
    options: dict[str, Any] = {"replicates": replicates, "seed": seed, "confidence": confidence}
    found: list[Assessment] = []
    for matrix in values_of_table(table, multiple=multiple, unmarked=unmarked):
        _check_overlap(matrix)
        common = {"coders": matrix.coders, "sessions": matrix.sessions, **options}
        if multiple:
            found += _assess_codes(matrix, common)
            continue
        values, labels = _numbers(matrix, level, unmarked)
        named: dict[str, Any] = {"criterion": matrix.criterion, "level": level, "labels": labels}
        assessment = assess(values, categories=categories, **named, **common)
        found.append(replace(assessment, warnings=assessment.warnings + _empty_warning(matrix, unmarked)))
    return found


def values_of_table(
    table: Any, *, multiple: bool = False, unmarked: Unmarked = "missing"
) -> list[TableMatrix]:
    """The judgements of each criterion as an array (n_units, n_coders); arguments as `assess_table`.

    With unmarked="absent" every criterion has all units of the table, because each was there to be judged.
    Raises TableError when a column is missing.
    """
    columns = _columns(table, multiple)
    by_criterion: dict[Any, list[int]] = {}
    for row, criterion in enumerate(columns.criteria):
        by_criterion.setdefault(criterion, []).append(row)
    if unmarked == "missing":
        return [_matrix(columns, criterion, rows) for criterion, rows in by_criterion.items()]
    units, coders = tuple(dict.fromkeys(columns.units)), tuple(sorted(set(columns.coders)))
    judged = {(session, coder) for (session, _), coder in zip(columns.units, columns.coders, strict=True)}
    found = [_matrix(columns, criterion, rows, units, coders) for criterion, rows in by_criterion.items()]
    for matrix in found:
        _mark_absent(matrix, judged, frozenset() if multiple else NO_CODE)
    return found


def _empty_warning(matrix: TableMatrix, unmarked: Unmarked) -> tuple[str, ...]:
    return (f"Rows without a value: {matrix.n_empty}, treated as {unmarked}",) if matrix.n_empty else ()


def _check_overlap(matrix: TableMatrix) -> None:
    where = "The table" if matrix.criterion == ONE_CRITERION else f"Criterion '{matrix.criterion}'"
    judged = matrix.values != np.array(None)
    if judged.any(axis=0).sum() < 2:
        raise TableError(f"{where}: column 'coder' names only one coder; agreement needs at least two")
    if not (judged.sum(axis=1) >= 2).any():
        raise TableError(
            f"{where}: no unit was judged by two coders; give the same unit (and session) for all coders"
        )


def _columns(table: Any, multiple: bool) -> _Columns:
    for name in ("unit", "coder", "value"):
        if name not in table:
            raise TableError(f"The table has no column '{name}'; it needs unit, coder and value")
    units, coders = list(table["unit"]), list(table["coder"])
    for name, column in (("unit", units), ("coder", coders)):
        empty = next((row for row, value in enumerate(column) if is_missing(value)), None)
        if empty is not None:
            raise TableError(f"Row {empty + 1}, column '{name}' is empty; every judgement needs a {name}")
    sessions = _optional(table, "session", len(units), "")
    criteria = _optional(table, "criterion", len(units), ONE_CRITERION)
    values = [_judgement(value, multiple) for value in table["value"]]
    return _Columns(
        list(zip(sessions, units, strict=True)), [str(coder) for coder in coders], values, criteria
    )


def _optional(table: Any, name: str, n_rows: int, default: str) -> list[Any]:
    """A column whose missing values count as one value of their own (NaN differs from itself)."""
    if name not in table:
        return [default] * n_rows
    return ["" if is_missing(value) else value for value in table[name]]


def _matrix(
    columns: _Columns,
    criterion: Any,
    rows: Sequence[int],
    units: tuple[tuple[Hashable, Hashable], ...] = (),
    coders: tuple[str, ...] = (),
) -> TableMatrix:
    """The judgements in `rows`; units and coders are those of the rows unless given."""
    units = units or tuple(dict.fromkeys(columns.units[row] for row in rows))
    coders = coders or tuple(sorted({columns.coders[row] for row in rows}))
    unit_index = {unit: index for index, unit in enumerate(units)}
    coder_index = {coder: index for index, coder in enumerate(coders)}
    values = np.full((len(units), len(coders)), None, dtype=object)
    n_empty = 0
    for row in rows:
        value = columns.values[row]
        if value is None:
            n_empty += 1
            continue
        at = unit_index[columns.units[row]], coder_index[columns.coders[row]]
        if values[at] is not None and values[at] != value:
            raise TableError(
                f"Row {row + 1}: a coder has two different values for one unit; keep one of them"
            )
        values[at] = value
    return TableMatrix(str(criterion), values, units, coders, tuple(session for session, _ in units), n_empty)


def _judgement(value: Any, multiple: bool) -> Any:
    if not multiple:
        return None if is_missing(value) or value == "" else value
    if is_missing(value):  # the row is there, so the unit was coded; pandas reads an empty field as NaN
        return frozenset()
    if isinstance(value, str):
        return frozenset(code.strip() for code in value.split("|") if code.strip())
    return frozenset(value)


def _mark_absent(matrix: TableMatrix, judged: set[tuple[Hashable, str]], absent: Any) -> None:
    """Fill what a coder left unmarked in a session that this coder worked on."""
    for unit, session in enumerate(matrix.sessions):
        for column, coder in enumerate(matrix.coders):
            if matrix.values[unit, column] is None and (session, coder) in judged:
                matrix.values[unit, column] = absent


def _numbers(
    matrix: TableMatrix, level: Level, unmarked: Unmarked
) -> tuple[FloatArray, tuple[str, ...] | None]:
    """Numbers of the level; at nominal level words become numbers with labels, yes/no words become 1/0."""
    given = {value for value in matrix.values.ravel() if value is not None}
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
    flat = [np.nan if value is None else as_number[value] for value in matrix.values.ravel()]
    return np.array(flat, dtype=np.float64).reshape(matrix.values.shape), labels


def _word_numbers(given: set[Any]) -> tuple[dict[Any, float], tuple[str, ...]]:
    words = {str(value).casefold(): value for value in given}
    for pair in _ABSENT_PRESENT:
        if set(words) <= set(pair) and len(words) == len(given):
            labels = tuple(str(words.get(word, word)) for word in pair)
            return {words[word]: float(pair.index(word)) for word in words}, labels
    objects = np.empty((1, len(given)), dtype=object)
    objects[0, :] = list(given)
    ordered = encoded(objects)[1]
    return {value: float(index) for index, value in enumerate(ordered)}, tuple(map(str, ordered))


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if np.isfinite(number) else None


def _assess_codes(matrix: TableMatrix, common: Mapping[str, Any]) -> list[Assessment]:
    """The code system as a whole, then each code as present or absent."""
    rows: Any = matrix.values
    codes = sorted({code for value in matrix.values.ravel() if value is not None for code in value})
    prefix = "" if matrix.criterion == ONE_CRITERION else f"{matrix.criterion}: "
    found = [assess_sets(rows, criterion=matrix.criterion, **common)]
    for code in codes:
        presence = code_presence(rows, code)
        found.append(assess(presence, criterion=f"{prefix}{code}", categories=(0.0, 1.0), **common))
    return found
