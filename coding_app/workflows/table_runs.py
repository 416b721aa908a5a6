"""Assessing a long table criterion by criterion, each in its own way: what the page, the report and verify share."""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from coding_app.agreement import Assessment, assess
from coding_app.agreement.assessment import assess_encoded_sets
from coding_app.agreement.long_format import (
    ONE_CRITERION,
    Factor,
    LongColumns,
    code_set,
    constant,
    factor_of,
)
from coding_app.agreement.matrix import FloatArray, IntArray
from coding_app.agreement.table import NO_CODE, CodedMatrix, assess_coded, matrices_of_columns
from coding_app.errors import TableError
from coding_app.exchange.certificate import Parameters, Run
from coding_app.exchange.long_table import LongRow, LongTable
from coding_app.workflows.span_runs import JudgedTable, assess_span_run

NONE_WORDS = frozenset({"none", "absent", "no", "0", NO_CODE})
FIELDS = ("unit", "coder", "value", "session", "criterion")


def table_of_rows(rows: Iterable[LongRow]) -> JudgedTable:
    """Rows as columns of words; an empty value stays an empty word until the run says what it means."""
    kept = list(rows)
    columns = LongColumns(**{name: factor_of([getattr(row, name) for row in kept]) for name in FIELDS})
    start_ms, end_ms = (
        np.array([-1 if (at := getattr(row, name)) is None else at for row in kept], dtype=np.int64)
        for name in ("start_ms", "end_ms")
    )
    sure = np.array([math.nan if row.confidence is None else row.confidence for row in kept])
    return JudgedTable(columns, start_ms, end_ms, sure)


def table_of_file(table: LongTable) -> JudgedTable:
    """A file as it was read, values as written; a table without the column is about one criterion, "all"."""
    n_rows, columns = table.file.n_rows, table.file.columns
    missing = {"session": constant(n_rows, ""), "criterion": constant(n_rows, ONE_CRITERION)}
    words = LongColumns(**{name: columns.get(name) or missing[name] for name in FIELDS})
    return JudgedTable(words, table.start_ms, table.end_ms, table.confidence)


def assess_run(table: JudgedTable, run: Run, parameters: Parameters) -> list[Assessment]:
    """The assessments of one run, in the order in which its criteria appear in the table.

    The order of the rows makes no difference to any number.
    Raises InputError when the values do not fit the run or nothing can be compared.
    """
    if run.spans or run.links:
        return assess_span_run(table, run, parameters)
    parts = parts_of_run(columns_of_run(table.columns, run), run)
    return [each for part in parts for each in assess_part(part, run, parameters)]


def _declared(run: Run) -> bool:
    """Whether the run, and not the table, says which values there are."""
    return run.whole if run.multiple else bool(run.categories) or (run.ratings and run.level != "nominal")


def parts_of_run(columns: LongColumns, run: Run) -> list[CodedMatrix]:
    """What `assess_part` takes, one per criterion; `columns` as `columns_of_run` gives them."""
    if _declared(run):
        return matrices_of_run(columns, run)
    return matrices_of_columns(columns, multiple=run.multiple, unmarked=run.unmarked)


def assess_part(part: CodedMatrix, run: Run, parameters: Parameters) -> list[Assessment]:
    """One criterion, or some of its units: itself and, where the run does not state the codes, each code found.

    Raises InputError when the values do not fit the run or nothing can be compared.
    """
    if _declared(run):
        return [assess_matrix(part, run, parameters)]
    options = parameters.model_dump()
    return assess_coded(part, level=run.level, multiple=run.multiple, unmarked=run.unmarked, **options)


def assess_matrix(matrix: CodedMatrix, run: Run, parameters: Parameters) -> Assessment:
    """One matrix, as `matrices_of_run` gives it, in the way of its run; where several codes are allowed, the system.

    Raises InputError when the values do not fit the run or nothing can be compared.
    """
    common: dict[str, Any] = {
        "criterion": matrix.criterion,
        "coders": matrix.coders,
        "sessions": matrix.session,
        **parameters.model_dump(),
    }
    if run.multiple:
        return assess_encoded_sets(*_sets(matrix), **common)
    values, categories, labels = numbers_of_matrix(matrix, run)
    return assess(
        values, level=run.level, categories=categories, labels=labels, ratings=run.ratings or None, **common
    )


def matrices_of_run(columns: LongColumns, run: Run) -> list[CodedMatrix]:
    """The judgements of each criterion of a run as units x coders; `columns` as `columns_of_run` gives them."""
    found = matrices_of_columns(columns, multiple=run.multiple, unmarked=run.unmarked)
    return [_with_zeros(each) for each in found] if run.unmarked == "absent" and not run.multiple else found


def columns_of_run(columns: LongColumns, run: Run) -> LongColumns:
    """The rows of the run's criteria in a fixed order, with numbers or sets in `value` where the run needs them.

    Raises TableError for a criterion that the table does not have, or a value that is no number where one is needed.
    """
    rows = np.arange(len(columns.criterion.codes))
    if run.criteria:
        missing = sorted(set(run.criteria) - set(columns.criterion.labels))
        if missing:
            raise TableError(f"The table has no criterion '{missing[0][:60]}'; give the table of this report")
        wanted = [columns.criterion.labels.index(each) for each in run.criteria]
        rows = np.flatnonzero(np.isin(columns.criterion.codes, wanted))
    order = np.lexsort([_rank(getattr(columns, name))[rows] for name in ("coder", "unit", "session")])
    kept = {name: _taken(getattr(columns, name), rows[order]) for name in FIELDS}
    labels = kept["value"].labels
    if run.multiple:
        kept["value"] = kept["value"].relabelled([code_set(word) for word in labels])
    elif run.level != "nominal":
        kept["value"] = kept["value"].relabelled([_number(word) for word in labels])
    else:
        kept["value"] = kept["value"].relabelled([word or None for word in labels])
    return LongColumns(**kept)


def _rank(column: Factor) -> IntArray:
    """The place of each row's label among the sorted labels."""
    order = sorted(range(len(column.labels)), key=lambda each: str(column.labels[each]))
    place = np.empty(len(order) + 1, dtype=np.int64)
    place[order] = np.arange(len(order))
    place[-1] = -1
    return np.asarray(place[column.codes])


def _taken(column: Factor, rows: IntArray) -> Factor:
    """Some rows of a column, without the labels that none of them has."""
    used, codes = np.unique(column.codes[rows], return_inverse=True)
    labels = tuple(column.labels[each] for each in used[used >= 0])
    return Factor(codes.astype(np.int64) - int((used < 0).any()), labels)


def _with_zeros(matrix: CodedMatrix) -> CodedMatrix:
    """Unmarked is 0 where all values are numbers, as `assess_table` takes it; among words it stays a word."""
    others = [label for label in matrix.labels if label != NO_CODE]
    if NO_CODE not in matrix.labels or not all(_is_number(label) for label in others):
        return matrix
    zero: Any = 0.0 if any(isinstance(label, float) for label in others) else "0"
    labels = [zero if label == NO_CODE else label for label in matrix.labels]
    merged = Factor(matrix.codes, tuple(labels)).relabelled(labels)
    return replace(matrix, codes=merged.codes, labels=merged.labels)


def _sets(matrix: CodedMatrix) -> tuple[FloatArray, list[frozenset[str]]]:
    ordered = sorted(matrix.labels, key=sorted)
    return _mapped(matrix, {label: float(ordered.index(label)) for label in matrix.labels}), ordered


def numbers_of_matrix(
    matrix: CodedMatrix, run: Run
) -> tuple[FloatArray, list[float] | None, list[str] | None]:
    """The values as numbers, the scale that was declared, and what the numbers 0, 1, 2 ... stand for."""
    if run.level != "nominal":
        steps = [number for each in run.categories if (number := _number(each)) is not None]
        return _mapped(matrix, {label: float(label) for label in matrix.labels}), steps or None, None
    used = [str(matrix.labels[each]) for each in np.unique(matrix.codes[matrix.codes >= 0])]
    declared = list(run.categories) or sorted(used)
    if NO_CODE in used and NO_CODE not in declared:
        declared = [NO_CODE, *declared]
    strange = next((each for each in used if each not in declared), None)
    if strange is not None:
        raise TableError(
            f"Criterion '{matrix.criterion}', column 'value': '{strange[:40]}' is none of the stated "
            f"categories ({', '.join(declared)[:120]}); correct it or state it as a category"
        )
    # 0 and 1 mean absent and present: other pairs of words must not be taken for that
    first = 0 if declared[0].casefold() in NONE_WORDS else 2
    number_of = {word: float(first + index) for index, word in enumerate(declared)}
    values = _mapped(matrix, {label: number_of.get(str(label), math.nan) for label in matrix.labels})
    words = ["absent", "present"] if declared == ["0", "1"] else declared
    return values, list(number_of.values()) if run.categories else None, [""] * first + words


def _mapped(matrix: CodedMatrix, number_of: dict[Any, float]) -> FloatArray:
    lookup = np.array([*(number_of[label] for label in matrix.labels), math.nan], dtype=np.float64)
    return lookup[matrix.codes]


def _is_number(value: Any) -> bool:
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return False


def _number(value: Any) -> float | None:
    if value is None or value == "":
        return None
    if not _is_number(value):
        raise TableError(f"Column 'value': '{str(value)[:40]}' is not a number, which this level needs")
    return float(value)
