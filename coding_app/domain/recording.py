"""Study, therapy session and recording."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Study:
    """A research or training project: its sessions, observers and scheme."""

    id: str
    title: str
    scheme_id: str


@dataclass(frozen=True, slots=True)
class TherapySession:
    """One therapy meeting, known by a case code, never by a client's name."""

    id: str
    study_id: str
    label: str


@dataclass(frozen=True, slots=True)
class Recording:
    """One media file of a session, kept unchanged in the vault under its sha256.

    name: the file's own name as uploaded, made harmless (no path, no control characters).
    """

    id: str
    session_id: str
    name: str
    sha256: str
    size_bytes: int
    media_type: str
    duration_ms: int
    sample_rate_hz: int
    n_channels: int
    has_video: bool
    added_at: datetime
