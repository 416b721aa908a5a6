"""Reads a transcript from a table: columns found by their names, ours and those of other programs."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from coding_app.domain.script import Script, ScriptLine
from coding_app.exchange.script_parts import (
    Source,
    checked,
    clean,
    clean_label,
    clock_ms,
    seconds_ms,
    timing_of,
)

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "utterance_text", "utterance", "transcript", "transcription", "content", "sentence", "words", "line",
        "annotation", "subtitle", "caption", "äußerung", "inhalt", "texte", "texto",
    ),
    "speaker": (
        "speaker", "speaker_name", "speaker_label", "interlocutor", "participant", "who", "name", "voice", "tier",
        "actor", "person", "sprecher", "sprecherin", "locuteur", "hablante", "role",
    ),
    "start": (
        "start_ms", "start", "start_time", "starttime", "start_s", "begin", "begin_time", "begin_ms", "onset",
        "onset_ms", "from", "tmin", "in", "timecode", "timestamp", "time", "start_sec", "start_seconds", "beginn",
        "anfang", "von", "zeit",
    ),
    "end": (
        "end_ms", "end", "end_time", "endtime", "end_s", "stop", "offset", "offset_ms", "to", "tmax", "out", "finish",
        "end_sec", "end_seconds", "ende", "bis",
    ),
    "duration": ("duration", "duration_ms", "dauer", "length"),
    "several": ("transcript_id", "recording_id", "session_id", "file_id"),
}  # fmt: skip
_MS_WHEN_APART = 200  # whole numbers without a unit: if lines last this many of them, they are milliseconds


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows as text with the line of the file on which each begins, and where the columns are."""

    source: Source
    rows: tuple[tuple[int, list[str]], ...]
    at: Mapping[str, int]
    header: Sequence[str]

    def column(self, name: str) -> list[str] | None:
        """The fields of a column; None when the table has no such column."""
        place = self.at.get(name)
        return None if place is None else [fields[place].strip() for _, fields in self.rows]


def read_csv(source: Source) -> Script:
    """A table with a header and a column of text. Raises TranscriptFileError, with the line."""
    table = _table(source)
    _check_one_transcript(table)
    starts, ends = _times(table, "start"), _times(table, "end")
    if ends is None and starts is not None and (lengths := _times(table, "duration")):
        ends = [None if a is None or b is None else a + b for a, b in zip(starts, lengths, strict=True)]
    texts, speakers = table.column("text") or [], table.column("speaker")
    lines = []
    for place, (number, _) in enumerate(table.rows):
        start, end = (each[place] if each else None for each in (starts, ends))
        if start is not None and end is not None and end < start:
            raise source.fault("the line ends before it begins; put its times right.", number)
        label = clean_label(_bare(speakers[place])) if speakers else None
        lines.append(ScriptLine(label, clean(_bare(texts[place])), start, end))
    kept = checked(source, lines)
    return Script(kept, timing_of(kept), "CSV", notes=source.notes)


def guarded(field: str) -> str:
    """A field that no spreadsheet takes for a formula: an apostrophe goes in front of what looks like one."""
    return f"'{field}" if field.lstrip("'").startswith(FORMULA_STARTS) else field


def _bare(field: str) -> str:
    """The field as it was before it was guarded."""
    is_guarded = field.startswith("'") and field.lstrip("'").startswith(FORMULA_STARTS)
    return field[1:] if is_guarded else field


def _table(source: Source) -> _Table:
    rows = _records(source)
    if not rows:
        raise source.fault("the table is empty.")
    header = [field.strip().casefold().replace(" ", "_").replace("-", "_") for field in rows[0][1]]
    at = {
        kind: next(header.index(name) for name in names if name in header)
        for kind, names in NAMES.items()
        if any(name in header for name in names)
    }
    if "text" not in at:
        raise source.fault("no column holds the text; name it 'text' in the first line of the table.", 1)
    for kind in ("text", "speaker", "start", "end"):
        if kind in at and header.count(name := header[at[kind]]) > 1:
            raise source.fault(f"column '{name[:40]}' appears twice; keep one.", 1)
    for number, fields in rows[1:]:
        if len(fields) != len(header):
            raise source.fault(
                f"{len(fields)} fields, but the header has {len(header)} columns; put the quotes or separators right.",
                number,
            )
    if len(rows) == 1:
        raise source.fault("the table has a header, but no rows.")
    return _Table(source, tuple(rows[1:]), at, header)


def _records(source: Source) -> list[tuple[int, list[str]]]:
    first = next(line for line in source.lines if line.strip())
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(
        io.StringIO(source.text.lstrip("\ufeff"), newline=""), delimiter=delimiter, strict=True
    )
    made: list[tuple[int, list[str]]] = []
    while True:
        number = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return made
        except csv.Error as error:
            raise source.fault(f"this is no row of a table ({error}); look at the quotes.", number) from error
        if any(field.strip() for field in fields):
            made.append((number, fields))


def _check_one_transcript(table: _Table) -> None:
    of_transcripts = table.column("several")
    if of_transcripts and len(n := set(of_transcripts)) > 1:
        raise table.source.fault(
            f"the table holds {len(n)} transcripts (column '{table.header[table.at['several']]}'); "
            "keep the rows of one."
        )


def _times(table: _Table, kind: str) -> list[int | None] | None:
    """The times of a column in ms; None for an empty field, None for all when the table has no such column."""
    fields = table.column(kind)
    if fields is None:
        return None
    name = table.header[table.at[kind]]
    factor = 1 if name.endswith("ms") or _are_ms(table) else 1000
    times = []
    for (number, _), field in zip(table.rows, fields, strict=True):
        at = clock_ms(field)
        if at is None and field:
            seconds = seconds_ms(field)
            at = None if seconds is None else seconds * factor // 1000
            if at is None:
                raise table.source.fault(
                    f"column '{name[:40]}' holds no time; write 0:01:02.5, or seconds such as 62.5.", number
                )
        times.append(at)
    return times


def _are_ms(table: _Table) -> bool:
    """Whether whole numbers without a unit count milliseconds: nobody speaks for minutes on end in every line."""
    fields = [field for field in table.column("start") or [] if field]
    if not fields or not all(field.isascii() and field.isdigit() for field in fields):
        return False
    numbers = [int(field) for field in fields]
    steps = [after - before for before, after in pairwise(numbers)]
    return bool(steps) and median(steps) > _MS_WHEN_APART
