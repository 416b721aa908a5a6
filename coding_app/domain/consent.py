"""What clients agreed to: for which use of a session's recordings, and until when."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Use(StrEnum):
    """What a recording is used for."""

    CODING = "coding"
    TRAINING = "training"
    CLIPS = "clips"


@dataclass(frozen=True, slots=True)
class Consent:
    """A client's answer for one use of one session. until: the last day on which it holds, None: without an end."""

    session_id: str
    use: Use
    given: bool
    until: date | None = None


def forbids(consent: Consent | None, today: date) -> bool:
    """Whether the use is not allowed: refused, or allowed for a time that is over. None (not written down) does not.

    >>> forbids(None, date(2026, 1, 1)), forbids(Consent("s", Use.CODING, given=True), date(2026, 1, 1))
    (False, False)
    >>> forbids(Consent("s", Use.CODING, given=True, until=date(2025, 12, 31)), date(2026, 1, 1))
    True
    """
    if consent is None:
        return False
    return not consent.given or (consent.until is not None and consent.until < today)
