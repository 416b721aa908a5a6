"""Study, therapy session and recording."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Study:
    """A research or training project: its sessions, observers and scheme."""

    id: str
    title: str
    scheme_id: str


@dataclass(frozen=True, slots=True)
class TherapySession:
    """One therapy meeting, known by a case code, never by a client's name.

    label: what it is called in lists. case_code: the client or couple, None: the session is a case of its own;
    number: of the session within the case; held_on: the day.
    """

    id: str
    study_id: str
    label: str
    case_code: str | None = None
    number: int | None = None
    held_on: date | None = None

    @property
    def case(self) -> str:
        """What tells its case from others: the code, in whichever letters, or the session's own id."""
        return self.case_code.casefold() if self.case_code else self.id


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
