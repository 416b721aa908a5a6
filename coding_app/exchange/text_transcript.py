"""Reads plain text: who speaks and, where the text says so, when; layouts as transcribers and programs write them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from coding_app.domain.script import Script, ScriptLine, longest_rising
from coding_app.exchange.script_parts import MAX_LINES, Source, checked, clean, clock_ms, counted, timing_of
from coding_app.exchange.speaker_labels import head_of, labels_among

_STAMP = r"\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,3}|-\d)?"
_RANGE = rf"({_STAMP})(?:\s*(?:-->|–|—|-|to|bis)\s*({_STAMP}))?"
_BRACKETED = re.compile(rf"[\[(<{{#]\s*{_RANGE}\s*[\])>}}#]")
_AT_HEAD = re.compile(rf"\s*{_RANGE}(?=[\s:|]|$)\s*[:|–-]?\s*")
_AT_END = re.compile(rf"\s+({_STAMP})\s*$")
_NUMBERED = re.compile(r"\s*(\d{1,5})[.:)]?(?:\s+|$)(.*)")
_TABBED = re.compile(r"([^\W\d_][^:\t]{0,40}?)\s*\t\s*(?=\S)")
_ALONE = re.compile(r"[^\W\d_][^:.?!]{0,40}")


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the file, its time taken off. number: in the file. at_end: the time stands behind the talk."""

    number: int
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    at_end: bool = False
    after_blank: bool = False


def read_text(source: Source) -> Script:
    """A transcript as plain text. Raises TranscriptFileError when it holds no talk."""
    notes = list(source.notes)
    if source.text.count("\n") > 10 * MAX_LINES:
        raise source.fault(f"it has far more lines than a transcript; {MAX_LINES:,} are allowed.")
    rows = _titled([_timed(row) for row in _rows(source)])
    lines, n_left = _lines(rows)
    if n_left:
        notes.append(
            f"{counted(n_left, 'line')} above the first speaker {'was' if n_left == 1 else 'were'} left out."
        )
    kept, n_back = _rising(list(checked(source, lines)))
    if n_back:
        notes.append(
            f"{counted(n_back, 'time')} going backwards {'was' if n_back == 1 else 'were'} not used."
        )
    return Script(tuple(kept), timing_of(kept), "plain text", notes=tuple(notes))


def _rows(source: Source) -> list[_Row]:
    """The lines with text, without the numbers of a verbatim transcript."""
    rows, blank = list[_Row](), False
    for number, text in enumerate(source.lines, start=1):
        if text.strip():
            rows.append(_Row(number, text.strip(), after_blank=blank))
        blank = not text.strip()
    found = [_NUMBERED.fullmatch(row.text) for row in rows]
    numbers = [int(each[1]) for each in found if each]
    if len(numbers) >= 3 and len(numbers) >= 0.8 * len(rows) and numbers == sorted(set(numbers)):
        rows = [replace(row, text=each[2]) if each else row for row, each in zip(rows, found, strict=True)]
    if sum(bool(_TABBED.match(row.text)) for row in rows) >= 0.5 * len(rows):
        rows = [replace(row, text=_TABBED.sub(r"\1: ", row.text, count=1)) for row in rows]
    return [row for row in rows if row.text]


def _timed(row: _Row) -> _Row:
    """The row with its time taken off: in brackets anywhere, bare at the head or, behind a name, at the end."""
    bracketed = list(_BRACKETED.finditer(row.text))
    if len(bracketed) == 1 or (bracketed and bracketed[0].start() == 0):
        found = bracketed[0]
        rest = f"{row.text[: found.start()]} {row.text[found.end() :]}"
        at_end = not row.text[found.end() :].strip(" .") and not _is_name(row.text[: found.start()])
        return _with_time(row, found[1], found[2], rest, at_end=at_end)
    if head := _AT_HEAD.match(row.text):
        return _with_time(row, head[1], head[2], row.text[head.end() :])
    if (tail := _AT_END.search(row.text)) and _is_name(row.text[: tail.start()]):
        return _with_time(row, tail[1], None, f"{row.text[: tail.start()]}:")
    return row


def _with_time(row: _Row, start: str, end: str | None, rest: str, *, at_end: bool = False) -> _Row:
    times = [clock_ms(each.replace("-", ".")) if each else None for each in (start, end)]
    if times[0] is None:
        return row
    text = re.sub(r"\s+([:：])", r"\1", clean(rest))
    if at_end and times[1] is None:
        return replace(row, text=text, end_ms=times[0], at_end=True)
    return replace(row, text=text, start_ms=times[0], end_ms=times[1])


def _is_name(text: str) -> bool:
    """Whether a line holds nothing but what may be a name, as "Speaker 1" above a paragraph."""
    bare = text.strip().rstrip(":")
    return 0 < len(bare.split()) <= 4 and bool(_ALONE.fullmatch(bare)) and bare[0].isupper()


def _titled(rows: Sequence[_Row]) -> list[_Row]:
    """A name with a time above its paragraph becomes "Name: paragraph"."""
    made: list[_Row] = []
    for row in rows:
        above = made[-1] if made else None
        if above and row.start_ms is None and not row.after_blank and _waits_for_talk(above):
            label = above.text.rstrip(":")
            made[-1] = replace(
                above, text=f"{label}: {row.text}", end_ms=row.end_ms or above.end_ms, at_end=row.at_end
            )
        else:
            made.append(row)
    return made


def _waits_for_talk(row: _Row) -> bool:
    return (row.text.endswith(":") or (row.start_ms is not None)) and _is_name(row.text)


def _lines(rows: Sequence[_Row]) -> tuple[list[ScriptLine], int]:
    """Lines of talk, and how many rows above the first label were left out.

    A row without label or time of its own goes on where the one before stopped; below a blank line it is a new
    line of the same speaker.
    """
    heads = [head_of(row.text) for row in rows]
    labels = labels_among([head[0] for head in heads if head], len(rows))
    made: list[ScriptLine] = []
    speaker: str | None = None
    n_left = 0
    for row, head in zip(rows, heads, strict=True):
        if head and head[0] in labels:
            speaker = labels[head[0]]
            made.append(ScriptLine(speaker, clean(head[1]), row.start_ms, row.end_ms))
        elif labels and speaker is None and row.start_ms is None:
            n_left += 1
        elif row.start_ms is None and not row.after_blank and labels and made and not made[-1].end_ms:
            joined = f"{made[-1].text} {clean(row.text)}".strip()
            made[-1] = replace(made[-1], text=joined, end_ms=row.end_ms)
        else:
            made.append(ScriptLine(speaker, clean(row.text), row.start_ms, row.end_ms))
    return list(_without_empty(made)), n_left


def _without_empty(lines: Sequence[ScriptLine]) -> Iterator[ScriptLine]:
    """A line that is only a time gives it to the next one."""
    waiting: int | None = None
    for each in lines:
        if not each.text and each.start_ms is not None:
            waiting = each.start_ms
            continue
        if waiting is not None and each.start_ms is None:
            each = replace(each, start_ms=waiting)
        waiting = None
        yield each


def _rising(lines: list[ScriptLine]) -> tuple[list[ScriptLine], int]:
    """The lines without the few times that do not fit the order of the others, and how many those were.

    A time at the end of a paragraph is where the next one begins.
    """
    at = [place for place, each in enumerate(lines) if each.start_ms is not None]
    good = {at[place] for place in longest_rising([lines[place].start_ms or 0 for place in at])}
    n_back = 0
    for place in at:
        if place not in good:
            lines[place] = replace(lines[place], start_ms=None, end_ms=None)
            n_back += 1
    for place, each in enumerate(lines):
        before = lines[place - 1] if place else None
        if each.end_ms is not None and each.end_ms < (each.start_ms or 0):
            lines[place] = each = replace(each, end_ms=None)
            n_back += 1
        if before and each.start_ms is None and before.end_ms is not None:
            lines[place] = replace(each, start_ms=before.end_ms)
    return lines, n_back
