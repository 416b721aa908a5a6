"""Transcript revisions: who said what, when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from coding_app.domain.times import Span
from coding_app.errors import NotFoundError

SPEAKER_ROLES = ("therapist", "client", "client_2", "client_3", "client_4", "therapist_2", "other")
SegmentFlag = Literal[
    "overlap",
    "repetition",
    "over_silence",
    "compressed",
    "very_long",
    "aligned_uncertain",
    "low_level",
    "confirmed",
]
SEGMENT_FLAGS: tuple[SegmentFlag, ...] = get_args(SegmentFlag)
TranscriptSource = Literal["transcription", "import", "edit"]


def side_of(role: str | None) -> str | None:
    """On which side a speaker stands: "therapist", "client" or "other"; None for nobody.

    >>> side_of("client_3"), side_of("therapist_2"), side_of("other")
    ('client', 'therapist', 'other')
    """
    return role.partition("_")[0] if role else None


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

    speaker: the label the speaker separation gave ("S1"); None when unknown. flags: why it may need a second look:
    two voices at once (overlap), likely invented (repetition, over_silence, compressed), very_long, placed by
    alignment with little to go by (aligned_uncertain), very faint (low_level); or that a person listened and
    found it right (confirmed).
    """

    key: str
    span: Span
    speaker: str | None
    text: str
    words: tuple[Word, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """One revision of a recording's transcript and where it came from.

    speakers: speaker label -> role (one of SPEAKER_ROLES) or None while nobody has said.
    segmentation: id of the first revision with these segment keys and spans; its own id for a new cut, which
    "" stands for. Judgements on revisions of one segmentation are about the same units.
    source: how the revision came about; parent_id: the revision it was made from; made_by: the id of who edited.
    provenance: engine, model with its sha256, parameters, times; or of an import its format, name and sha256.
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
    segmentation: str = ""
    parent_id: str | None = None
    made_by: str | None = None
    source: TranscriptSource = "transcription"
    provenance: Mapping[str, Any] | None = None
    _by_key: dict[str, Segment] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "segmentation", self.segmentation or self.id)
        object.__setattr__(self, "_by_key", {segment.key: segment for segment in self.segments})

    @property
    def corrected(self) -> bool:
        """Whether people corrected the text of an earlier revision to make this one."""
        return self.segmentation != self.id

    @property
    def by_hand(self) -> bool:
        """Whether people wrote it down in the first place, as the demo's; no machine recognised it."""
        return self.engine in ("reference", "manual")

    @property
    def is_coded(self) -> bool:
        """Whether somebody has begun to code on this segmentation: then its cut and its speakers stay."""
        return self.frozen or self.corrected  # only who codes can correct

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its segments, in order."""
        return tuple(segment.key for segment in self.segments)

    def segment(self, key: str) -> Segment | None:
        """The segment with this key, found at once however many there are; None when there is none."""
        return self._by_key.get(key)

    def the(self, key: str) -> Segment:
        """The segment with this key. Raises NotFoundError when there is none."""
        segment = self._by_key.get(key)
        if segment is None:
            raise NotFoundError("The transcript has no segment of this key; reload the page.")
        return segment

    def role_of(self, segment: Segment) -> str | None:
        """The role of the segment's speaker, or None when it is not known."""
        return self.speakers.get(segment.speaker) if segment.speaker else None


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's correction of one segment's text: what it was before and after, and in which revision.

    coder_id: who corrected. at: the server's clock.
    """

    transcript_id: str
    segment_key: str
    coder_id: str
    at: datetime
    text_before: str
    text_after: str
