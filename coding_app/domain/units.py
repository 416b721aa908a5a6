"""What is judged: a segment, a span drawn by the coder, a fixed block, the whole session."""

import re
from dataclasses import dataclass

from coding_app.domain.times import Span

SESSION_KEY = "session"
_DRAWN = re.compile("x-[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that takes a judgement: segment "s-0042", block "b-0001", "session", or drawn "x-3f...".

    The span of a drawn unit is what its last event for the criterion in question says; all others are fixed.
    """

    key: str
    span: Span


def is_drawn(key: str) -> bool:
    """Whether a key is one that the browser made for a unit drawn by the coder: "x-" and 32 hex digits."""
    return _DRAWN.fullmatch(key) is not None


def session_unit(duration_ms: int) -> Unit:
    """The whole recording as one unit."""
    return Unit(SESSION_KEY, Span(0, duration_ms))


def blocks(duration_ms: int, block_ms: int, keep_last_ms: int) -> tuple[Unit, ...]:
    """Fixed intervals "b-0001" ... that cover the recording.

    A last block shorter than keep_last_ms is joined to the one before, so that no stretch is left
    unrated; a recording shorter than one block is one block.
    """
    starts = list(range(0, max(duration_ms, 1), block_ms))
    if len(starts) > 1 and duration_ms - starts[-1] < keep_last_ms:
        starts.pop()
    ends = [*starts[1:], duration_ms]
    return tuple(
        Unit(f"b-{number:04}", Span(start, end))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    )
