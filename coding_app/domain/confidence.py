"""How sure the recogniser was of the words of a unit, and which group a unit falls into by that."""

from bisect import bisect_left
from collections.abc import Iterable
from math import fsum
from operator import attrgetter

from coding_app.domain.times import Span
from coding_app.domain.transcript import Transcript, Word

LOW, MIDDLE, HIGH, UNKNOWN = "low", "middle", "high", "unknown"
GROUPS = (LOW, MIDDLE, HIGH, UNKNOWN)
LOW_BELOW = 0.7
HIGH_FROM = 0.9


def mean_probability(words: Iterable[Word]) -> float | None:
    """The mean probability (0-1) of the words that have one; None when none has, as in an imported transcript.

    >>> mean_probability([Word(0, 1, "so", 0.5), Word(1, 2, "far", 1.0), Word(2, 3, "corrected")])
    0.75
    """
    known = [word.probability for word in words if word.probability is not None]
    return fsum(known) / len(known) if known else None


def group_of(confidence: float | None) -> str:
    """The one group that a unit falls into: "low", "middle", "high", or "unknown".

    >>> [group_of(each) for each in (0.699, 0.7, 0.9, None)]
    ['low', 'middle', 'high', 'unknown']
    """
    if confidence is None:
        return UNKNOWN
    return LOW if confidence < LOW_BELOW else MIDDLE if confidence < HIGH_FROM else HIGH


class Recognised:
    """The confidence (mean word probability) of a transcript's segments, and of any stretch of it."""

    def __init__(self, transcript: Transcript) -> None:
        self._by_key = {each.key: mean_probability(each.words) for each in transcript.segments}
        words = (word for each in transcript.segments for word in each.words)
        self._words = sorted(words, key=attrgetter("start_ms"))
        self._starts = [word.start_ms for word in self._words]

    def of_segment(self, key: str) -> float | None:
        """Of the words of one segment, whatever another voice says meanwhile."""
        return self._by_key.get(key)

    def within(self, span: Span) -> float | None:
        """Of all words that begin in the span, so that each word counts in one block only; None without any."""
        first, last = (bisect_left(self._starts, at) for at in (span.start_ms, span.end_ms))
        return mean_probability(self._words[first:last])
