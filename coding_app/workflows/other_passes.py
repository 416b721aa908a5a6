"""What other observers said of the same recording, for one who has said it all."""

from dataclasses import dataclass, replace
from datetime import datetime
from string import ascii_uppercase
from typing import Any

from coding_app.domain.coding import CodingPass, Judgement, Purpose
from coding_app.domain.people import Action
from coding_app.domain.scheme import REMARK
from coding_app.errors import AccessError
from coding_app.store import Tx, events, passes, studies, transcripts
from coding_app.workflows.event_json import judgement_as_json
from coding_app.workflows.permission import allowed
from coding_app.workflows.reliability_data import last_of_each_coder, of_one_major
from coding_app.workflows.wiring import App


@dataclass(frozen=True, slots=True)
class OtherPass:
    """Another observer's submitted pass with the judgements that hold in it, without notes; name may be a mask."""

    id: str
    name: str
    submitted_at: datetime
    judgements: tuple[Judgement, ...]


@allowed(Action.SEE_AGREEMENT, of="pass_id")
def other_passes(app: App, pass_id: str, *, masked: bool = False) -> tuple[OtherPass, ...]:
    """The other observers' submitted independent passes that can be laid beside this one, by name.

    They are on the same segmentation with a scheme that means the same (one major version); of each observer
    the last. masked: they are called "Observer A", "Observer B" ..., in an order that says nothing about who.
    Raises AccessError until this pass is submitted, and as long as its observer has another independent pass
    on this recording to submit: who codes must not see what others coded. NotFoundError.
    """
    with app.store.read() as tx:
        mine = passes.get_pass(tx, pass_id)
        here = passes.list_passes(tx, recording_id=mine.recording_id)
        _check_may_see(mine, here)
        theirs = [each for each in here if each.coder_id != mine.coder_id and _counts(each)]
        cut = transcripts.segmentations(tx, mine.recording_id)
        alike = [
            one for one in of_one_major(theirs, mine) if cut[one.transcript_id] == cut[mine.transcript_id]
        ]
        found = last_of_each_coder(alike)
        if masked:
            by_id = sorted(found, key=lambda each: each.id)
            return tuple(_other(tx, each, mask(number)) for number, each in enumerate(by_id))
        named = ((studies.get_coder(tx, each.coder_id).name, each) for each in found)
        by_name = sorted(named, key=lambda pair: (pair[0].casefold(), pair[1].id))
        return tuple(_other(tx, each, name) for name, each in by_name)


def other_as_json(other: OtherPass) -> dict[str, Any]:
    """In the form in which the workbench gets it."""
    return {
        "id": other.id,
        "name": other.name,
        "submitted_at": other.submitted_at.isoformat(),
        "judgements": [judgement_as_json(each) for each in other.judgements],
    }


def mask(number: int) -> str:
    """What the observer with this number (from 0) is called when names are not told.

    >>> mask(0), mask(25), mask(26)
    ('Observer A', 'Observer Z', 'Observer AA')
    """
    letters = ""
    while number >= 0:
        number, place = divmod(number, len(ascii_uppercase))
        letters = ascii_uppercase[place] + letters
        number -= 1
    return f"Observer {letters}"


def _check_may_see(mine: CodingPass, here: tuple[CodingPass, ...]) -> None:
    independent = [each for each in here if each.purpose is Purpose.INDEPENDENT]
    under_way = any(each.coder_id == mine.coder_id and each.submitted_at is None for each in independent)
    if mine.submitted_at is None or under_way:
        raise AccessError(
            "What others coded can be seen once your own coding of this recording is submitted."
        )


def _counts(coding_pass: CodingPass) -> bool:
    return coding_pass.submitted_at is not None and coding_pass.purpose is Purpose.INDEPENDENT


def _other(tx: Tx, coding_pass: CodingPass, name: str) -> OtherPass:
    assert coding_pass.submitted_at is not None
    # Remarks and notes are an observer's own: they were written for nobody else to read.
    judgements = tuple(
        replace(each, note=None)
        for each in events.judgements(tx, coding_pass.id).values()
        if each.criterion != REMARK and (each.codes or each.value is not None)
    )
    return OtherPass(coding_pass.id, name, coding_pass.submitted_at, judgements)
