"""Times for the words of a script: those that were recognised have them, the others lie between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from coding_app.domain.transcript import Word

MS_PER_LETTER = 65
MS_PER_WORD = 60


@dataclass(frozen=True, slots=True)
class Anchor:
    """When a word was recognised."""

    start_ms: int
    end_ms: int


def spread_words(
    texts: Sequence[str],
    lines: Sequence[int],
    anchors: Sequence[Anchor | None],
    hints: Mapping[int, int],
    duration_ms: int,
) -> list[Word]:
    """All words with times that never go back: recognised ones as they were, the others between their neighbours.

    lines: the line of each word. hints: line -> about when it begins, used where none of its words was recognised.
    Between two recognised words the others are spoken at an ordinary pace; what time is left is a pause between
    lines.
    """
    made: list[Word] = []
    first = 0
    while first < len(texts):
        if (anchor := anchors[first]) is not None:
            start = max(anchor.start_ms, made[-1].start_ms if made else 0)
            made.append(Word(start, max(start, anchor.end_ms), texts[first]))
            first += 1
            continue
        end = first
        while end < len(texts) and anchors[end] is None:
            end += 1
        after = anchors[end] if end < len(texts) else None
        room = (made[-1].end_ms if made else 0), after.start_ms if after else duration_ms
        for low, high, start, stop in _between_hints(first, end, lines, hints, room):
            made += _run(
                texts[low:high],
                lines[low:high],
                (lines[low - 1] if low else None, lines[high] if high < len(texts) else None),
                (start, max(start, stop)),
            )
        first = end
    return _in_order(made)


def _between_hints(
    first: int, end: int, lines: Sequence[int], hints: Mapping[int, int], room: tuple[int, int]
) -> list[tuple[int, int, int, int]]:
    """The words first ... end - 1 cut where a line begins whose time the file gives: (from, to, start, stop)."""
    start, stop = room
    cuts = [(first, start)]
    for place in range(first, end):
        begins = place == 0 or lines[place - 1] != lines[place]
        at = hints.get(lines[place])
        if begins and at is not None and cuts[-1][1] <= at < stop:
            cuts.append((place, at))
    edges = [*cuts, (end, stop)]
    return [(a[0], b[0], a[1], b[1]) for a, b in pairwise(edges) if b[0] > a[0]]


def _run(
    texts: Sequence[str],
    lines: Sequence[int],
    neighbours: tuple[int | None, int | None],
    room: tuple[int, int],
) -> list[Word]:
    """Words that nobody recognised, in the time between the recognised words beside them."""
    lengths: list[float] = [MS_PER_WORD + MS_PER_LETTER * len(each) for each in texts]
    left = room[1] - room[0] - sum(lengths)
    if left < 0:
        lengths, left = _shortened(lengths, room[1] - room[0]), 0
    pauses = _pauses([neighbours[0], *lines, neighbours[1]])
    made, at = list[Word](), float(room[0])
    for place, (text, length) in enumerate(zip(texts, lengths, strict=True)):
        at += left * pauses[place]
        made.append(Word(round(at), round(at + length), text))
        at += length
    return made


def _shortened(lengths: Sequence[float], room: int) -> list[float]:
    total = sum(lengths)
    return [length * room / total for length in lengths]


def _pauses(lines: Sequence[int | None]) -> list[float]:
    """Before each word the share of the time left that is a pause: it lies where another line begins.

    lines: of the words with their neighbours on both sides. Inside one line it lies behind the words.
    """
    changes = [after != before for before, after in pairwise(lines)]
    n = sum(changes)
    return [1 / n if change else 0.0 for change in changes[:-1]] if n else [0.0] * (len(lines) - 2)


def _in_order(words: list[Word]) -> list[Word]:
    """No word begins before the one in front of it."""
    made: list[Word] = []
    for each in words:
        start = max(each.start_ms, made[-1].start_ms if made else 0)
        made.append(each if start == each.start_ms else Word(start, max(start, each.end_ms), each.text))
    return made
