"""A submitted pass that is opened again: why, by whom, and that it is no longer blind from then on."""

from dataclasses import dataclass
from datetime import datetime

from coding_app.errors import InputError

MAX_REASON = 300


@dataclass(frozen=True, slots=True)
class Reopening:
    """One opening again of a pass. submitted_at: when it had been submitted; by: the name of who opened it again."""

    id: str
    pass_id: str
    at: datetime
    submitted_at: datetime
    by: str
    reason: str


def checked_reason(text: str) -> str:
    """The reason on one line. Raises InputError for none, and for one longer than MAX_REASON characters.

    >>> checked_reason("  Coded with the  old codebook ")
    'Coded with the old codebook'
    """
    clean = " ".join(text.split())
    if not clean:
        raise InputError("The reason is empty; say why this coding is opened again.")
    if len(clean) > MAX_REASON:
        raise InputError(f"The reason has {len(clean)} characters; shorten it to {MAX_REASON} at most.")
    return clean


def left_out_words(n: int, of: int) -> str:
    """What is said beside numbers from which codings that are not blind were left out.

    >>> left_out_words(1, 6), left_out_words(0, 6)
    ('1 of 6 codings is not blind and was left out', 'all 6 codings are blind; none was left out')
    """
    if not n:
        return f"all {of} codings are blind; none was left out"
    return f"{n} of {of} codings {'is' if n == 1 else 'are'} not blind and {'was' if n == 1 else 'were'} left out"


def not_blind_words(n: int, of: int) -> str | None:
    """What is said beside numbers that rest on codings of which some are not blind; None when all are.

    >>> not_blind_words(1, 6)
    '1 of 6 codings was opened again after it had been submitted and is not blind'
    """
    if not n:
        return None
    rest = "was opened again after it had" if n == 1 else "were opened again after they had"
    return f"{n} of {of} codings {rest} been submitted and {'is' if n == 1 else 'are'} not blind"
