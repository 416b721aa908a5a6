"""Transcript revisions: who said what, when."""

from dataclasses import dataclass, field
from datetime import datetime

from coding_app.domain.times import Span

SPEAKER_ROLES = ("therapist", "client", "other")


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word with the engine's confidence (0-1; None when unknown)."""

    start_ms: int
    end_ms: int
    text: str
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of transcript. Its key ("s-0042") stays the same for life; judgements refer to it.

    speaker: the label the speaker separation gave ("S1"); None when unknown.
    """

    key: str
    span: Span
    speaker: str | None
    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """One revision of a recording's transcript and where it came from.

    speakers: speaker label -> role ("therapist", "client", "other") or None while nobody has said.
    """

    id: str
    recording_id: str
    revision: int
    engine: str
    model: str
    language: str
    duration_ms: int
    created_at: datetime
    segments: tuple[Segment, ...]
    speakers: dict[str, str | None] = field(default_factory=dict)
    frozen: bool = False

    def role_of(self, segment: Segment) -> str | None:
        """The role of the segment's speaker, or None when it is not known."""
        return self.speakers.get(segment.speaker) if segment.speaker else None
