"""Time in whole milliseconds: spans and how a moment is written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch [start_ms, end_ms) of a recording; a point event has start_ms == end_ms.

    Raises ValueError when it would start before zero or end before it starts.
    """

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if self.start_ms < 0 or self.end_ms < self.start_ms:
            raise ValueError(f"A span cannot run from {self.start_ms} ms to {self.end_ms} ms")

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds."""
        return self.end_ms - self.start_ms

    def overlap_ms(self, other: "Span") -> int:
        """How many milliseconds both spans share; 0 when they do not meet."""
        return max(0, min(self.end_ms, other.end_ms) - max(self.start_ms, other.start_ms))


def clock(moment_ms: int) -> str:
    """A moment as people read it: minutes and seconds, hours only when there are any.

    >>> clock(61_240), clock(3_600_000)
    ('1:01', '1:00:00')
    """
    hours, rest = divmod(moment_ms // 1000, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def fine_clock(moment_ms: int) -> str:
    """The same with tenths of a second.

    >>> fine_clock(61_240), fine_clock(3_600_000)
    ('1:01.2', '1:00:00.0')
    """
    return f"{clock(moment_ms)}.{moment_ms // 100 % 10}"
