"""Settling where observers differ: merge what they agree on, rule on the rest with a reason, finish."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from coding_app.domain.audit import Act
from coding_app.domain.coding import AppliedCode, CodingEvent, CodingPass, Judgement, Purpose, check_open
from coding_app.domain.consensus import changes
from coding_app.domain.gaps import GapsError, missing_attributes
from coding_app.domain.people import Action
from coding_app.domain.rules import check_event, units_of
from coding_app.domain.times import Span
from coding_app.domain.units import Unit, is_drawn
from coding_app.errors import CodingError, NotFoundError
from coding_app.store import Tx, consensus, events, passes
from coding_app.workflows import audit
from coding_app.workflows.consensus_ground import (
    Settling,
    check_may_settle,
    look,
    read_settling,
)
from coding_app.workflows.permission import allowed
from coding_app.workflows.reliability_data import newest_scheme
from coding_app.workflows.wiring import App


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is decided on one criterion or rating of one unit, and why. Without codes and value: none applies.

    span: of a unit that observers drew; None: as the first of them drew it.
    """

    unit_key: str
    criterion: str
    codes: tuple[AppliedCode, ...]
    reason: str
    value: int | None = None
    span: Span | None = None


@allowed(Action.RULE_CONSENSUS, of="recording_id")
def start_or_update(app: App, recording_id: str, coder_id: str) -> Settling:
    """Begins the consensus on a recording, or merges it anew with what was submitted since; rulings are kept.

    The consensus belongs to the observer who begins it; a finished one that has changed takes rulings again.
    Raises AccessError for who has the recording to code, NotFoundError while fewer than two have submitted.
    """
    with app.store.write() as tx:
        on = look(tx, recording_id, coder_id)  # which locks: two leads do not begin two of them
        coding_pass = on.coding_pass or _begin(app, tx, on, coder_id)
        if on.is_behind:
            if coding_pass.submitted_at is not None:
                consensus.open_again(tx, coding_pass.id)
                audit.note(
                    app,
                    tx,
                    Act.REBEGAN_CODING,
                    study_id=on.study_id,
                    subject=coding_pass.id,
                    what="consensus",
                )
            consensus.set_sources(tx, coding_pass.id, (each.id for each in on.sources))
            events.append_events(tx, list(_events(coding_pass.id, changes(on.places, on.present))))
        return read_settling(tx, recording_id)


def _begin(app: App, tx: Tx, on: Settling, coder_id: str) -> CodingPass:
    newest = newest_scheme(on.sources)
    begun = CodingPass(
        id=uuid4().hex,
        recording_id=on.recording_id,
        transcript_id=newest.transcript_id,
        coder_id=coder_id,
        scheme_id=newest.scheme_id,
        scheme_version=newest.scheme_version,
        scheme_sha256=newest.scheme_sha256,
        purpose=Purpose.CONSENSUS,
        opened_at=datetime.now(UTC),
    )
    passes.add_pass(tx, begun)
    audit.note(app, tx, Act.BEGAN_CODING, study_id=on.study_id, subject=begun.id, what="consensus")
    return begun


def _events(pass_id: str, held: Iterable[Judgement]) -> Iterable[CodingEvent]:
    now = datetime.now(UTC)
    for each in held:
        yield CodingEvent(uuid4().hex, pass_id, each.unit, each.criterion, each.codes, now, each.value)


@allowed(Action.RULE_CONSENSUS, of="recording_id")
def what_differs(app: App, recording_id: str, coder_id: str) -> Settling:
    """Where the submitted passes differ, and what was ruled; whoever has seen it cannot code the recording afterwards.

    Raises AccessError; NotFoundError before it was begun.
    """
    with app.store.read() as tx:
        check_may_settle(tx, recording_id, coder_id)
        seen = consensus.has_seen(tx, recording_id, coder_id)
        on = read_settling(tx, recording_id)
        _the_pass(on)
    if seen:
        return on
    with app.store.write() as tx:
        return look(tx, recording_id, coder_id)


def _the_pass(on: Settling) -> CodingPass:
    if on.coding_pass is None:
        raise NotFoundError("The consensus on this recording has not been begun; begin it first.")
    return on.coding_pass


@allowed(Action.RULE_CONSENSUS, of="recording_id")
def rule(app: App, recording_id: str, coder_id: str, ruling: Ruling) -> Settling:
    """Decides one difference, or decides it again; nothing of the observers' own passes changes.

    Raises CodingError for a ruling without a reason, or with what the scheme does not allow; SubmittedError once the
    consensus is finished; AccessError, NotFoundError.
    """
    if not ruling.reason.strip():
        raise CodingError("A ruling needs a reason; write down why, for the observers and for the next time.")
    with app.store.write() as tx:
        on = look(tx, recording_id, coder_id)
        check_open(_the_pass(on))
        event = CodingEvent(
            id=uuid4().hex,
            pass_id=_the_pass(on).id,
            unit=_unit(on, ruling),
            criterion=ruling.criterion,
            codes=ruling.codes,
            at=datetime.now(UTC),
            value=ruling.value,
            note=ruling.reason.strip(),
        )
        check_event(event, on.scheme, on.transcript)
        _check_whole(on, ruling)
        events.append_events(tx, [event])
        # Where it lies is left out: a lead who still codes the recording may read the audit.
        audit.note(app, tx, Act.RULED, study_id=on.study_id, subject=event.pass_id, event=event.id)
        return read_settling(tx, recording_id)


def _unit(on: Settling, ruling: Ruling) -> Unit:
    """The unit of a ruling: one that a source judged, or one that every recording with this scheme has."""
    known = {each.key: each.unit for each in on.places} | {key: each.unit for key, each in on.present.items()}
    kinds = {each.id: on.scheme.unit(each.unit) for each in on.scheme.criteria}
    kinds |= {each.id: on.scheme.unit(each.unit) for each in on.scheme.ratings}
    found = known.get((ruling.unit_key, ruling.criterion))
    if found is None and ruling.criterion in kinds:
        units = units_of(kinds[ruling.criterion], on.transcript)
        found = next((each for each in units if each.key == ruling.unit_key), None)
    if found is None:
        raise CodingError("There is nothing of this key to rule on; reload the page.")
    if ruling.span is not None and is_drawn(found.key):
        return Unit(found.key, ruling.span)
    return found


def _check_whole(on: Settling, ruling: Ruling) -> None:
    """Raises CodingError while something is not answered that the scheme asks after a code."""
    known = {code.id: code for code in on.scheme.codes}
    for applied in ruling.codes:
        code = known.get(applied.code)
        missing = missing_attributes(applied, code, on.scheme) if code else []
        if code and missing:
            raise CodingError(f"Choose for '{code.label}': {', '.join(missing)}.")


@allowed(Action.RULE_CONSENSUS, of="recording_id")
def finish(app: App, recording_id: str, coder_id: str) -> CodingPass:
    """Locks the consensus: from now on it is what the data of the study use, and observers see what was overturned.

    Raises CodingError while differences are left or passes came in that are not merged; GapsError while it lacks what
    the scheme asks for; SubmittedError when it is finished already; AccessError, NotFoundError.
    """
    with app.store.write() as tx:
        on = look(tx, recording_id, coder_id)
        pass_id = _the_pass(on).id
        passes.mark_submitted(tx, pass_id, datetime.now(UTC))
        if on.is_behind:
            raise CodingError(
                "Codings of this recording came in or changed since they were merged; update first."
            )
        if on.left:
            n = len(on.left)
            raise CodingError(
                f"{n} {'difference is' if n == 1 else 'differences are'} not ruled on yet; rule on all of them first."
            )
        if on.gaps:
            raise GapsError(on.gaps)
        audit.note(app, tx, Act.SUBMITTED, study_id=on.study_id, subject=pass_id, what="consensus")
        return passes.get_pass(tx, pass_id)
