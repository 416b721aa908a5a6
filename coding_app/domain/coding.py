"""Coding passes, events and the judgements they add up to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from coding_app.domain.units import Unit
from coding_app.errors import SubmittedError

STEPS = ("do", "undo", "redo")


class Purpose(StrEnum):
    """Why a pass was made."""

    INDEPENDENT = "independent"
    TRAINING = "training"
    REFERENCE = "reference"
    CONSENSUS = "consensus"


@dataclass(frozen=True, slots=True)
class CodingPass:
    """One coder, one transcript revision of one recording, one scheme version, one purpose."""

    id: str
    recording_id: str
    transcript_id: str
    coder_id: str
    scheme_id: str
    scheme_version: str
    scheme_sha256: str
    purpose: Purpose
    opened_at: datetime
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AppliedCode:
    """A code given to a unit, with its attributes (id -> scale value) and links (unit keys)."""

    code: str
    attributes: Mapping[str, int | str] = field(default_factory=dict)
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodingEvent:
    """A coder sets one criterion (codes) or one rating (value) on one unit.

    criterion: a criterion's or a rating's id. codes empty and value None clears it. A rating that does not
    apply is the code "not_applicable". at: the browser's clock, shown but never used for order.
    act: which act of the person this event belongs to (one act may be several events), step: whether it does,
    undoes or redoes that act; both None in events from before there were acts, each of which is its own.
    """

    id: str
    pass_id: str
    unit: Unit
    criterion: str
    codes: tuple[AppliedCode, ...]
    at: datetime
    value: int | None = None
    note: str | None = None
    act: str | None = None
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What holds now for one unit and one criterion or rating."""

    unit: Unit
    criterion: str
    codes: tuple[AppliedCode, ...]
    value: int | None = None
    note: str | None = None


def fold(events: Iterable[CodingEvent]) -> dict[tuple[str, str], Judgement]:
    """The judgements that events, in the order the server stored them, add up to.

    Keyed by (unit key, criterion); the last event per key counts; a cleared one without a note is left out.
    """
    present: dict[tuple[str, str], Judgement] = {}
    for event in events:
        key = (event.unit.key, event.criterion)
        present.pop(key, None)
        if event.codes or event.value is not None or event.note:
            present[key] = Judgement(event.unit, event.criterion, event.codes, event.value, event.note)
    return present


def check_open(coding_pass: CodingPass) -> None:
    """Raises SubmittedError when the pass was submitted."""
    if coding_pass.submitted_at is not None:
        raise SubmittedError(
            f"This pass was submitted on {coding_pass.submitted_at:%Y-%m-%d} and takes no more codes."
        )
