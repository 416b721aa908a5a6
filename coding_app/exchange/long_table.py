"""The long table: CSV, one row per judgement, `unit,coder,value[,session,criterion,start_ms,end_ms]`."""

import csv
import io
import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from coding_app.agreement.matrix import LEVELS, Level
from coding_app.errors import TableError

REQUIRED = ("unit", "coder", "value")
OPTIONAL = ("session", "criterion", "start_ms", "end_ms")
COLUMNS = REQUIRED + OPTIONAL


class LongRow(NamedTuple):
    """One judgement; `value` is a code, a number or codes joined by "|"; no session or criterion = empty."""

    unit: str
    coder: str
    value: str
    session: str = ""
    criterion: str = ""
    start_ms: int | None = None
    end_ms: int | None = None


class LongTable(NamedTuple):
    """The rows of a file, and the line of the file on which each begins (the header is line 1)."""

    rows: list[LongRow]
    lines: list[int]
    has_criterion: bool

    def columns(self, level: Level, *, multiple: bool) -> dict[str, list[Any]]:
        """Columns as `coding_app.agreement.assess_table` takes them, numbers for a level that needs them."""
        value: list[Any] = [row.value for row in self.rows]
        if level != "nominal" and not multiple:
            value = [number(row.value, line) for row, line in zip(self.rows, self.lines, strict=True)]
        columns = {
            "unit": [row.unit for row in self.rows],
            "coder": [row.coder for row in self.rows],
            "value": value,
            "session": [row.session for row in self.rows],
        }
        return columns | ({"criterion": [row.criterion for row in self.rows]} if self.has_criterion else {})


def read_long_table(path: Path, *, level: str = "nominal", multiple: bool = False) -> LongTable:
    """Read and check a long table.

    Text is trimmed and composed (Unicode NFC); other columns are ignored; empty lines are skipped.
    Raises TableError, with line and column, for: an unreadable or empty file, another encoding than UTF-8, a
    missing column, a row of the wrong length, an empty unit or coder, two different values of one coder for one
    unit, a value that is no number at a level that needs numbers, sets of codes there, an unknown level.
    """
    if level not in LEVELS:
        raise TableError(f"Level '{level}' is not known; use one of {', '.join(LEVELS)}")
    if multiple and level != "nominal":
        raise TableError(f"Several codes per unit are nominal, not {level}; choose one")
    text = _text(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records = _records(reader, path.name)
    header = next(records, None)
    if header is None:
        raise TableError(f"{path.name} is empty; the first line must be the header unit,coder,value")
    at = _positions(header[1], path.name)
    order = [at.get(column) for column in COLUMNS]
    rows: list[LongRow] = []
    lines: list[int] = []
    for line, fields in records:
        if len(fields) != len(header[1]):
            raise TableError(
                f"Line {line}: {len(fields)} fields, but the header has {len(header[1])} columns"
            )
        rows.append(_row(fields, order, line))
        lines.append(line)
    if not rows:
        raise TableError(f"{path.name} has a header but no rows; give one row per judgement")
    table = LongTable(rows, lines, "criterion" in at)
    _check_values(table, level, multiple=multiple)
    return table


def write_long_table(rows: Iterable[LongRow]) -> str:
    """The text of a long table; optional columns appear when a row uses them. `read_long_table` reads it back."""
    kept = list(rows)
    used = [name for name in OPTIONAL if any(getattr(row, name) not in ("", None) for row in kept)]
    columns = [*REQUIRED, *used]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in kept:
        writer.writerow(["" if getattr(row, name) is None else getattr(row, name) for name in columns])
    return out.getvalue()


def number(value: str, line: int) -> float | None:
    """A finite number, None for an empty value; raises TableError otherwise."""
    if value == "":
        return None
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise TableError(
            f"Line {line}, column 'value': '{value[:40]}' is not a number (write 2.5, not 2,5); "
            "correct it or use the nominal level"
        )
    return found


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise TableError(f"{path.name} does not exist; check the path") from error
    except OSError as error:
        raise TableError(f"{path.name} could not be read: {error.strerror}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TableError(f"{path.name}, line {line}: not UTF-8 text; save the table as CSV UTF-8") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise TableError(f"{path.name}, line {line}: not a CSV text file; save the table as CSV UTF-8")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _records(reader: Any, name: str) -> Iterator[tuple[int, list[str]]]:
    """Records with the line on which they begin, without empty ones."""
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError(f"{name}, line {line}: not a CSV record ({error}); check the quotes") from error
        if any(map(str.strip, fields)):
            yield line, fields


def _positions(header: Sequence[str], name: str) -> dict[str, int]:
    names = [field.strip().casefold() for field in header]
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        raise TableError(
            f"{name}: the columns are not separated by commas; save the table as comma-separated CSV"
        )
    for column in COLUMNS:
        if names.count(column) > 1:
            raise TableError(f"{name}, line 1: column '{column}' appears twice; keep one")
    for column in REQUIRED:
        if column not in names:
            raise TableError(
                f"{name}, line 1: column '{column}' is missing; unit, coder and value are needed"
            )
    return {column: names.index(column) for column in COLUMNS if column in names}


def _row(fields: Sequence[str], at: Sequence[int | None], line: int) -> LongRow:
    """One row from its fields; `at` is the position of each of COLUMNS, None when the file does not have it."""
    unit, coder, value, session, criterion, start, end = ["" if i is None else fields[i].strip() for i in at]
    if not (unit and coder):
        column = "coder" if unit else "unit"
        raise TableError(f"Line {line}, column '{column}' is empty; every judgement needs a {column}")
    start_ms, end_ms = _milliseconds(start, "start_ms", line), _milliseconds(end, "end_ms", line)
    if start_ms is not None and end_ms is not None and end_ms < start_ms:
        raise TableError(f"Line {line}, column 'end_ms': the end lies before the start; correct one of them")
    return LongRow(unit, coder, value, session, criterion, start_ms, end_ms)


def _milliseconds(value: str, column: str, line: int) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit()):
        raise TableError(f"Line {line}, column '{column}' is not a whole number of milliseconds")
    return int(value)


def _check_values(table: LongTable, level: str, *, multiple: bool) -> None:
    """Numbers where the level needs them, and one value per coder, unit and criterion."""
    first: dict[tuple[str, str, str, str], tuple[Any, int]] = {}
    for row, line in zip(table.rows, table.lines, strict=True):
        value: Any = row.value
        if multiple:
            value = frozenset(code.strip() for code in row.value.split("|")) - {""}
        elif level != "nominal":
            value = number(row.value, line)
        earlier, earlier_line = first.setdefault(
            (row.criterion, row.session, row.unit, row.coder), (value, line)
        )
        if earlier != value:
            raise TableError(
                f"Lines {earlier_line} and {line}, column 'value': "
                "one coder has two different values for the same unit; keep one"
            )
