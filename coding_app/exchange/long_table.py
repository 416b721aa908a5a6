"""The long table: CSV, one row per judgement.

`unit,coder,value[,session,criterion,start_ms,end_ms,confidence,blind]`
"""

import csv
import io
import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from coding_app.agreement.long_format import ONE_CRITERION, Factor, LongColumns, code_set, combined, constant
from coding_app.agreement.matrix import LEVELS, FloatArray, IntArray
from coding_app.errors import TableError
from coding_app.exchange.csv_columns import CsvColumns, read_columns

REQUIRED = ("unit", "coder", "value")
OPTIONAL = ("session", "criterion", "start_ms", "end_ms")
CONFIDENCE, BLIND = "confidence", "blind"
NOT_BLIND = "no"
_NO_TIME = -1


class LongRow(NamedTuple):
    """One judgement; `value` is a code, a number or codes joined by "|"; no session or criterion = empty.

    confidence: how sure the recogniser was of the unit's words (0-1), None when unknown; blind: "yes", or "no" for a
    coding that was opened again after submitting. Neither is part of the judgement.
    """

    unit: str
    coder: str
    value: str
    session: str = ""
    criterion: str = ""
    start_ms: int | None = None
    end_ms: int | None = None
    confidence: float | None = None
    blind: str = ""

    @property
    def judgement(self) -> tuple[str | int | None, ...]:
        """What the observer said of what: all but how sure and how blind; a report's SHA-256 is over these."""
        return self[:7]


@dataclass(frozen=True, slots=True)
class LongTable:
    """A checked file. judgements: as `agreement.assess_columns` takes them; start_ms, end_ms: -1 = not given.

    confidence: NaN = not given, or not asked for.
    """

    file: CsvColumns
    judgements: LongColumns
    start_ms: IntArray
    end_ms: IntArray
    confidence: FloatArray

    def not_blind(self) -> tuple[int, int]:
        """How many codings, an observer's of a session each, are marked as not blind, and how many there are."""
        codings, opened_again = self._codings()
        return len(opened_again), len(np.unique(codings))

    def blind_only(self) -> "LongTable":
        """Without the codings of which a row is marked as not blind. Raises TableError when nothing says that."""
        if BLIND not in self.file.columns:
            raise TableError(
                f"{self.file.name}, line 1: column '{BLIND}' is missing; add it, or do not ask for blind codings only"
            )
        kept = ~np.isin(*self._codings())
        if not kept.any():
            raise TableError(f"{self.file.name}: no coding is blind; nothing is left to compare")
        columns = {name: each.of_rows(kept) for name, each in self.file.columns.items()}
        judged = LongColumns(
            **{each.name: getattr(self.judgements, each.name).of_rows(kept) for each in fields(LongColumns)}
        )
        file = replace(self.file, columns=columns)
        return LongTable(file, judged, self.start_ms[kept], self.end_ms[kept], self.confidence[kept])

    def _codings(self) -> tuple[IntArray, IntArray]:
        """Which coding each row is of, and which codings are marked as not blind."""
        codings = combined([self.judgements.session, self.judgements.coder])
        marked = self.file.columns.get(BLIND)
        if marked is None or NOT_BLIND not in marked.labels:
            return codings, np.empty(0, dtype=np.int64)
        return codings, np.unique(codings[marked.codes == marked.labels.index(NOT_BLIND)])

    @property
    def rows(self) -> list[LongRow]:
        """Every row as it stands in the file, trimmed."""
        columns = [self._words(name) for name in ("unit", "coder", "value", "session", "criterion")]
        times = [[None if t < 0 else t for t in each.tolist()] for each in (self.start_ms, self.end_ms)]
        sure = [None if math.isnan(each) else each for each in self.confidence.tolist()]
        blind = self._words(BLIND)
        return [LongRow(*each) for each in zip(*columns, *times, sure, blind, strict=True)]

    def _words(self, name: str) -> list[str]:
        found = self.file.columns.get(name) or constant(self.file.n_rows, "")
        return [found.labels[code] for code in found.codes.tolist()]


def read_long_table(
    path: Path,
    *,
    level: str = "nominal",
    multiple: bool = False,
    one_value: bool = True,
    confidence: bool = False,
) -> LongTable:
    """Read and check a long table.

    one_value: whether a coder can have only one value per unit; not so where rows are spans of time.
    confidence: read that column too, which must be there then; else it is ignored, whatever it holds.
    Text is trimmed and composed (Unicode NFC); other columns are ignored; empty lines are skipped.
    Raises TableError, with line and column, for: an unreadable or empty file, another encoding than UTF-8, a
    missing column, a row of the wrong length, an empty unit or coder, two different values of one coder for one
    unit, a value that is no number at a level that needs numbers, sets of codes there, an unknown level; a
    confidence that is no number from 0 to 1, or two of them for one unit.
    """
    if level not in LEVELS:
        raise TableError(f"Level '{level}' is not known; use one of {', '.join(LEVELS)}")
    if multiple and level != "nominal":
        raise TableError(f"Several codes per unit are nominal, not {level}; choose one")
    file = read_columns(path, REQUIRED, (*OPTIONAL, BLIND, *([CONFIDENCE] if confidence else [])))
    if file.n_rows == 0:
        raise TableError(f"{path.name} has a header but no rows; give one row per judgement")
    for name in ("unit", "coder"):
        column = file.columns[name]
        if "" in column.labels:
            line = file.line_of(column.first_row(column.labels.index("")))
            raise TableError(f"Line {line}, column '{name}' is empty; every judgement needs a {name}")
    start_ms, end_ms = _milliseconds(file, "start_ms"), _milliseconds(file, "end_ms")
    backwards = (end_ms != _NO_TIME) & (end_ms < start_ms)
    if backwards.any():
        line = file.line_of(int(np.argmax(backwards)))
        raise TableError(f"Line {line}, column 'end_ms': the end lies before the start; correct one of them")
    judgements = _judgements(file, level, multiple=multiple)
    if one_value:
        _check_one_value(file, judgements)
    sure = _confidence(file, judgements) if confidence else np.full(file.n_rows, np.nan)
    return LongTable(file, judgements, start_ms, end_ms, sure)


def write_long_table(rows: Iterable[LongRow]) -> str:
    """The text of a long table; optional columns appear when a row uses them. `read_long_table` reads it back."""
    kept = list(rows)
    used = [
        name
        for name in (*OPTIONAL, CONFIDENCE, BLIND)
        if any(getattr(row, name) not in ("", None) for row in kept)
    ]
    columns = [*REQUIRED, *used]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in kept:
        writer.writerow(["" if getattr(row, name) is None else getattr(row, name) for name in columns])
    return out.getvalue()


def _judgements(file: CsvColumns, level: str, *, multiple: bool) -> LongColumns:
    value = file.columns["value"]
    labels: list[Hashable]
    if multiple:
        labels = [code_set(word) for word in value.labels]
    elif level == "nominal":
        labels = [word or None for word in value.labels]
    else:
        labels = [_number(file, position) for position in range(len(value.labels))]
    return LongColumns(
        unit=file.columns["unit"],
        coder=file.columns["coder"],
        value=value.relabelled(labels),
        session=file.columns.get("session") or constant(file.n_rows, ""),
        criterion=file.columns.get("criterion") or constant(file.n_rows, ONE_CRITERION),
    )


def _number(file: CsvColumns, label: int) -> float | None:
    """A finite number, None for an empty value; raises TableError otherwise."""
    column = file.columns["value"]
    word = column.labels[label]
    if word == "":
        return None
    try:
        found = float(word)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise TableError(
            f"Line {file.line_of(column.first_row(label))}, column 'value': '{word[:40]}' is not a number "
            "(write 2.5, not 2,5); correct it or use the nominal level"
        )
    return found


def _milliseconds(file: CsvColumns, name: str) -> IntArray:
    """Whole milliseconds, -1 where the column is empty or not there."""
    column = file.columns.get(name)
    if column is None:
        return np.full(file.n_rows, _NO_TIME, dtype=np.int64)
    for label, word in enumerate(column.labels):
        if word and not (word.isascii() and word.isdigit() and len(word) <= 15):
            line = file.line_of(column.first_row(label))
            raise TableError(f"Line {line}, column '{name}' is not a whole number of milliseconds")
    numbers = np.array([int(word) if word else _NO_TIME for word in column.labels], dtype=np.int64)
    return np.asarray(numbers[column.codes])


def _confidence(file: CsvColumns, judgements: LongColumns) -> FloatArray:
    """Numbers from 0 to 1, NaN where the column is empty; the same for every judgement of a unit."""
    column = file.columns.get(CONFIDENCE)
    if column is None:
        raise TableError(
            f"{file.name}, line 1: column '{CONFIDENCE}' is missing; add it, or do not group by it"
        )
    numbers = np.full(len(column.labels), np.nan)
    for label, word in enumerate(column.labels):
        try:
            numbers[label] = float(word or "nan")
        except ValueError:
            numbers[label] = -1
        if word and not 0 <= numbers[label] <= 1:
            line = file.line_of(column.first_row(label))
            raise TableError(f"Line {line}, column '{CONFIDENCE}': '{word[:40]}' is not a number from 0 to 1")
    _check_same(file, [judgements.criterion, judgements.session, judgements.unit], column, CONFIDENCE)
    return np.asarray(numbers[column.codes])


def _check_one_value(file: CsvColumns, judgements: LongColumns) -> None:
    """One value per coder, unit and criterion; the same value twice is no contradiction."""
    unit: list[Factor] = [judgements.criterion, judgements.session, judgements.unit]
    _check_same(file, [*unit, judgements.coder], judgements.value, "value")


_TWICE = {
    "value": "one coder has two different values for the same unit",
    CONFIDENCE: "the same unit has two different ones",
}


def _check_same(file: CsvColumns, of: list[Factor], column: Factor, name: str) -> None:
    """Rows that are the same in the columns `of` must be the same in this one."""
    _, first, which = np.unique(combined(of), return_index=True, return_inverse=True)
    differs = column.codes != column.codes[first[which]]
    if differs.any():
        later = int(np.argmax(differs))
        earlier = int(first[which[later]])
        raise TableError(
            f"Lines {file.line_of(earlier)} and {file.line_of(later)}, column '{name}': {_TWICE[name]}; keep one"
        )
