"""What a therapy session is called and what is known of it (case, number, day); checked here wherever it is typed."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from coding_app.domain.recording import TherapySession
from coding_app.errors import InputError

MAX_LABEL = 80
MAX_CASE_CODE = 64
MAX_NUMBER = 9999
EARLIEST, LATEST = date(1900, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class SessionDetails:
    """Case code, number in the case and day of a session, each None where nobody said; `session_details` makes them."""

    case_code: str | None = None
    number: int | None = None
    held_on: date | None = None

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return self != NOTHING_SAID


NOTHING_SAID = SessionDetails()


def session_details(
    case_code: str | None = None, number: int | None = None, held_on: date | None = None
) -> SessionDetails:
    """Raises InputError for a long case code, a number that is not 1 to 9999, or a day outside 1900 to 2099.

    A case code of nothing but spaces is none.
    """
    code = checked_label(case_code, "case code", MAX_CASE_CODE) if case_code and case_code.strip() else None
    if number is not None and number < 1:
        raise InputError("The session's number is below 1; count the sessions of a case from 1.")
    if number is not None and number > MAX_NUMBER:
        raise InputError(f"The session's number is above {MAX_NUMBER}; count the sessions of a case from 1.")
    if held_on is not None and not EARLIEST <= held_on <= LATEST:
        raise InputError(
            f"The session's day is not between {EARLIEST.year} and {LATEST.year}; check its year."
        )
    return SessionDetails(code, number, held_on)


def read_details(case_code: str | None, number: str | None, held_on: str | None) -> SessionDetails:
    """The details as a command or an address has them, as texts; None or "" = not said. Raises as session_details.

    >>> read_details(" C-12 ", "3", "2026-02-14")
    SessionDetails(case_code='C-12', number=3, held_on=datetime.date(2026, 2, 14))
    >>> read_details(None, "three", None)
    Traceback (most recent call last):
    coding_app.errors.InputError: The session's number must be a whole number, for example 3.
    """
    return session_details(case_code, _number(number or ""), _day(held_on or ""))


def _number(text: str) -> int | None:
    if not text.strip():
        return None
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", text.strip()):
        raise InputError("The session's number must be a whole number, for example 3.")
    return int(text)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip()):
            return date.fromisoformat(text.strip())
    except ValueError:  # 2026-02-30
        pass
    raise InputError(
        "The session's day must be a day of the calendar as year-month-day, for example 2026-02-14."
    )


def checked_label(label: str, what: str = "session's label", longest: int = MAX_LABEL) -> str:
    """A label on one line; raises InputError for an empty or a long one. what: the word for it."""
    clean = " ".join("".join(c if unicodedata.category(c) != "Cc" else " " for c in label).split())
    if not clean:
        raise InputError(f"The {what} is empty; give it one, for example a case code.")
    if len(clean) > longest:
        raise InputError(f"The {what} has {len(clean)} characters; shorten it to {longest}.")
    return clean


def check_same(session: TherapySession, said: SessionDetails) -> None:
    """Raises InputError when something else is said of a session than is known of it; what is not said is no matter."""
    pairs = {
        "case code": (said.case_code and said.case_code.casefold(), (session.case_code or "").casefold()),
        "number": (said.number, session.number),
        "day": (said.held_on, session.held_on),
    }
    other = [word for word, (new, known) in pairs.items() if new is not None and new != known]
    if other:
        raise InputError(
            f"The session with this label is in the study with another {' and another '.join(other)}, or with none; "
            "leave that empty to add the recording to it, or give another label."
        )


def check_number_free(wanted: TherapySession, sessions: Iterable[TherapySession]) -> None:
    """Raises InputError when another session of the case has the number; without a case or a number all is well."""
    if wanted.case_code is None or wanted.number is None:
        return
    case = wanted.case_code.casefold()
    for each in sessions:
        if (
            each.id != wanted.id
            and each.number == wanted.number
            and (each.case_code or "").casefold() == case
        ):
            raise InputError(
                f"Another session of this case has the number {wanted.number}; give another number "
                "(recordings of one session share its label)."
            )
