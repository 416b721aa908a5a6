"""Gives a script the times of the recording: its words are found among the recognised ones, the rest lies between.

Every word of the script stays, in order. A place is uncertain where the words around a boundary were not recognised:
it may then lie anywhere between the nearest words that were.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from coding_app.domain.script import MIN_SEGMENT_MS, ScriptLine, longest_rising
from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, SegmentFlag, Word
from coding_app.speech.segmenting import MAX_SEGMENT_MS, WITHOUT_SPACES, Turn, segments
from coding_app.speech.word_matching import OTHER, UNHEARD, Window, match_words, normal
from coding_app.speech.word_times import Anchor, spread_words

UNCERTAIN: SegmentFlag = "aligned_uncertain"
CERTAIN_MS = 1000
CERTAIN_SHARE = 0.5
LONG_PAUSE_MS = 10_000
HINT_TOLERANCE_MS = 20_000
MS_PER_WORD_AT_MOST = 2000  # beyond the last time that a file gives
ENOUGH_TO_SHIFT = 3
LONG_WORD = 6
_ASIDE = re.compile(r"\[[^\]]{0,200}\]|\([^)]{0,200}\)|<[^>]{0,200}>|\*[^*]{0,200}\*")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of the script. spoken: what may be heard of it; "" for an aside such as [laughs]."""

    line: int
    text: str
    spoken: str


def align(
    script: Sequence[ScriptLine], recognised: Sequence[Word], duration_ms: int, language: str = ""
) -> tuple[Segment, ...]:
    """A segment for each line of the script, several for one of more than 20 s; every word of it in order.

    Times that the script has already, however coarse, help where words repeat or were not recognised. recognised:
    in any order; nothing recognised is allowed. Segments are flagged "aligned_uncertain" where little was.
    """
    lines = [each for each in script if each.text.split()]
    pieces = _pieces(lines, language)
    heard = _heard(recognised, duration_ms, language)
    hints = _rising_hints(lines)
    found, sure = _matched(pieces, heard, None)
    if hints and (shift := _shift(hints, pieces, heard, found, sure)) is not None:
        hints = {line: max(0, at + shift) for line, at in hints.items()}
        found, sure = _matched(pieces, heard, _window(pieces, heard, hints, len(lines)))
    elif any(sure):
        hints = {}  # the times of the file and the recording have nothing to do with each other
    anchors = [heard[place] if place != UNHEARD else None for place in found]
    words = spread_words(
        [each.text for each in pieces],
        [each.line for each in pieces],
        [Anchor(each.start_ms, each.end_ms) if each else None for each in anchors],
        {line: at for line, at in hints.items() if at < duration_ms},
        duration_ms,
    )
    return _segments(lines, pieces, words, sure, duration_ms, language)


def uncertainty_note(aligned: Sequence[Segment]) -> str | None:
    """A sentence about how many segments are placed with little to go by; None when all are sure."""
    n = sum(UNCERTAIN in each.flags for each in aligned)
    if n == 0:
        return None
    if n > 0.7 * len(aligned):
        return (
            f"{n} of {len(aligned)} segments of the imported transcript were hardly recognised in the recording; "
            "look whether the file belongs to this recording."
        )
    return (
        f"{n} of {len(aligned)} segments of the imported transcript have uncertain times; "
        "listen to them first."
    )


def _pieces(lines: Sequence[ScriptLine], language: str) -> list[_Piece]:
    made = []
    for place, line in enumerate(lines):
        asides = [found.span() for found in _ASIDE.finditer(line.text)]
        pattern = r"\S" if language in WITHOUT_SPACES else r"\S+"
        for word in re.finditer(pattern, line.text):
            is_aside = any(low <= word.start() < high for low, high in asides)
            made.append(_Piece(place, word[0], "" if is_aside else normal(word[0])))
    return made


def _heard(recognised: Sequence[Word], duration_ms: int, language: str) -> list[Word]:
    """The recognised words in order of time, within the recording; single letters where words have no spaces."""
    made: list[Word] = []
    for each in sorted(recognised, key=lambda word: (word.start_ms, word.end_ms)):
        start = min(max(each.start_ms, 0), duration_ms)
        end = min(max(each.end_ms, start), duration_ms)
        parts = list(each.text.strip()) if language in WITHOUT_SPACES else [each.text]
        edges = [start + (end - start) * n // max(1, len(parts)) for n in range(len(parts) + 1)]
        made += [
            Word(a, b, part, each.probability)
            for part, a, b in zip(parts, edges, edges[1:], strict=False)
            if normal(part)
        ]
    return made


def _matched(
    pieces: Sequence[_Piece], heard: Sequence[Word], window: Window | None
) -> tuple[list[int], list[bool]]:
    """For each piece the heard word in its place, and whether that is sure.

    Sure is a long word, or one whose neighbour was recognised right beside it.
    """
    found, likeness = match_words([each.spoken for each in pieces], [each.text for each in heard], window)
    alike = [kind > OTHER for kind in likeness.tolist()]
    places: list[int] = found.tolist()
    sure = []
    for i, piece in enumerate(pieces):
        beside = any(
            0 <= n < len(pieces) and alike[n] and 0 < (places[n] - places[i]) * (n - i) <= 2
            for n in (i - 1, i + 1)
        )
        sure.append(alike[i] and (len(piece.spoken) >= LONG_WORD or beside or len(pieces) == 1))
    return places, sure


def _rising_hints(lines: Sequence[ScriptLine]) -> dict[int, int]:
    """Line -> the beginning that the file gives it, without those that do not fit the order of the others."""
    at = [(place, each.start_ms) for place, each in enumerate(lines) if each.start_ms is not None]
    return dict(at[place] for place in longest_rising([start for _, start in at]))


def _shift(
    hints: dict[int, int],
    pieces: Sequence[_Piece],
    heard: Sequence[Word],
    found: Sequence[int],
    sure: Sequence[bool],
) -> int | None:
    """By how much the file's times run ahead of the recording's; None when they do not fit each other at all."""
    first_of = dict[int, int]()
    for place, piece in enumerate(pieces):
        first_of.setdefault(piece.line, place)
    apart = [
        heard[found[first]].start_ms - hints[line]
        for line, first in first_of.items()
        if line in hints and sure[first]
    ]
    if len(apart) < ENOUGH_TO_SHIFT:
        return 0
    middle = median(apart)
    spread = median(abs(each - middle) for each in apart)
    return round(middle) if spread <= HINT_TOLERANCE_MS / 2 else None


def _window(pieces: Sequence[_Piece], heard: Sequence[Word], hints: dict[int, int], n_lines: int) -> Window:
    """Where in the recognised words each piece may be: near the time the file gives its line."""
    earliest, latest = [0] * n_lines, [0] * n_lines
    last = 0
    for line in range(n_lines):
        last = earliest[line] = hints.get(line, last)
    last_line = max(hints)
    following = hints[last_line] + MS_PER_WORD_AT_MOST * sum(piece.line >= last_line for piece in pieces)
    for line in reversed(range(n_lines)):
        latest[line] = following
        following = hints.get(line, following)
    starts = np.asarray([word.start_ms for word in heard], dtype=np.int64)
    lows = np.searchsorted(starts, [max(0, earliest[p.line] - HINT_TOLERANCE_MS) for p in pieces])
    highs = np.searchsorted(starts, [latest[p.line] + HINT_TOLERANCE_MS for p in pieces])
    return lows.astype(np.int64), highs.astype(np.int64)


def _segments(
    lines: Sequence[ScriptLine],
    pieces: Sequence[_Piece],
    words: Sequence[Word],
    sure: Sequence[bool],
    duration_ms: int,
    language: str,
) -> tuple[Segment, ...]:
    made: list[Segment] = []
    before, after = _nearest_sure(words, sure, duration_ms)
    first = 0
    for place, line in enumerate(lines):
        end = first
        while end < len(pieces) and pieces[end].line == place:
            end += 1
        spoken = [n for n in range(first, end) if pieces[n].spoken]
        uncertain = (
            _room(first, sure, before, after) > CERTAIN_MS
            or _room(end - 1, sure, before, after) > CERTAIN_MS
            or sum(sure[n] for n in spoken) < CERTAIN_SHARE * len(spoken) - 1
            or any(words[n + 1].start_ms - words[n].end_ms > LONG_PAUSE_MS for n in range(first, end - 1))
        )
        span = _span(words[first:end], duration_ms, made[-1].span.start_ms if made else 0)
        whole = Segment("", span, line.speaker, line.text, tuple(words[first:end]))
        made += _cut(whole, (UNCERTAIN,) if uncertain else (), language)
        first = end
    return tuple(replace(each, key=f"s-{place:04}") for place, each in enumerate(made, start=1))


def _nearest_sure(
    words: Sequence[Word], sure: Sequence[bool], duration_ms: int
) -> tuple[list[int], list[int]]:
    """For each word where the last sure one before it ends, and where the next sure one begins."""
    before, after = [0] * len(words), [duration_ms] * len(words)
    for n in range(1, len(words)):
        before[n] = words[n - 1].end_ms if sure[n - 1] else before[n - 1]
    for n in reversed(range(len(words) - 1)):
        after[n] = words[n + 1].start_ms if sure[n + 1] else after[n + 1]
    return before, after


def _room(place: int, sure: Sequence[bool], before: Sequence[int], after: Sequence[int]) -> int:
    """The stretch in which a word may lie; 0 for one that was surely recognised."""
    return 0 if sure[place] else after[place] - before[place]


def _span(words: Sequence[Word], duration_ms: int, earliest_ms: int) -> Span:
    """From the first word to the last, lengthened when very short, but never to before earliest_ms."""
    start = min(word.start_ms for word in words)
    end = max(word.end_ms for word in words)
    if end - start < MIN_SEGMENT_MS:
        end = min(duration_ms, start + MIN_SEGMENT_MS)
        start = max(earliest_ms, min(start, end - MIN_SEGMENT_MS))
    return Span(start, max(start, end))


def _cut(whole: Segment, flags: tuple[SegmentFlag, ...], language: str) -> list[Segment]:
    """The segment, in sentences and at pauses when it is too long to be coded as one."""
    if whole.span.duration_ms <= MAX_SEGMENT_MS:
        return [replace(whole, flags=flags)]
    turns = [Turn(whole.span, whole.speaker)] if whole.speaker else []
    return [replace(each, flags=flags) for each in segments(whole.words, turns, language)]
