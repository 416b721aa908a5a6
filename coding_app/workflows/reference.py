"""Reference codings: made from a coding that is done, and mixed into observers' queues, where nobody knows them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random, SystemRandom
from uuid import uuid4

from coding_app.domain.audit import Act
from coding_app.domain.coding import CodingEvent, CodingPass, Purpose
from coding_app.domain.consent import Use, forbids
from coding_app.domain.people import Action, Coder
from coding_app.domain.plan import Assignment, AssignmentKind
from coding_app.domain.progress import Stage, blind_sessions, may_code, places_left
from coding_app.domain.scheme import REMARK
from coding_app.errors import CodingError, InputError
from coding_app.store import Tx, consensus, consents, events, passes, plans, recordings, references, studies
from coding_app.store.erasing import check_not_erased
from coding_app.workflows import audit
from coding_app.workflows.permission import allowed
from coding_app.workflows.progress import tasks_of
from coding_app.workflows.wiring import App


@dataclass(frozen=True, slots=True)
class Reference:
    """The newest reference coding of a recording. free: observers who could get it; given: who has it by this."""

    coding_pass: CodingPass
    session_id: str
    session_label: str
    made_by: Coder
    free: tuple[Coder, ...]
    given: tuple[Coder, ...]


@allowed(Action.MANAGE_STUDY, of="submitted_pass_id")
def make_reference(app: App, submitted_pass_id: str) -> CodingPass:
    """A submitted reference coding with what a submitted coding, or a finished consensus, says.

    A copy, without notes and remarks, so that it stays when the other is opened again. A newer reference of a recording
    takes the place of an older one. Raises CodingError for a coding that is open, or is the reference already;
    NotFoundError, also for an erased recording.
    """
    now = datetime.now(UTC)
    with app.store.write() as tx:
        source = passes.get_pass(tx, submitted_pass_id, lock=True)
        check_not_erased(tx, source.recording_id)
        if source.submitted_at is None or source.purpose not in (Purpose.INDEPENDENT, Purpose.CONSENSUS):
            raise CodingError("Only a submitted coding or a finished consensus can become the reference.")
        for each in _references_of(tx, source.recording_id):
            since = each.submitted_at or each.opened_at
            if references.source_of(tx, each.id) == source.id and source.submitted_at < since:
                raise CodingError("This coding is a reference already; reload the page.")
        made = replace(source, id=uuid4().hex, purpose=Purpose.REFERENCE, opened_at=now, submitted_at=None)
        passes.add_pass(tx, made)
        copied = [_copy(each, made.id) for each in events.list_events(tx, source.id)]
        events.append_events(tx, [each for each in copied if each.criterion != REMARK])
        passes.mark_submitted(tx, made.id, now)
        references.keep_source(tx, made.id, source.id)
        study_id = recordings.study_of(tx, source.recording_id)
        audit.note(app, tx, Act.MADE_REFERENCE, study_id=study_id, subject=made.id, what="made")
        return passes.get_pass(tx, made.id)


@allowed(Action.MANAGE_STUDY, of="study_id")
def list_references(app: App, study_id: str, viewer_id: str | None) -> tuple[Reference, ...]:
    """The newest reference coding of every recording that has one, by session.

    None of a session that the viewer, or the observer that the lead is, has still to code.
    """
    place = app.actor.membership(study_id)
    own_id = (place.coder_id if place else None) or viewer_id
    with app.store.read() as tx:
        people = studies.list_coders(tx, study_id)
        labels = {each.id: each.label for each in studies.list_sessions(tx, study_id)}
        blind = blind_sessions(tasks_of(tx, study_id), own_id)
        waiting = plans.list_assignments(tx, study_id)
        found = []
        for recording in recordings.list_recordings(tx, study_id):
            newest = max(_references_of(tx, recording.id), key=lambda each: each.opened_at, default=None)
            if newest is None or recording.session_id in blind:
                continue
            here = [each for each in waiting if each.session_id == recording.session_id]
            hidden = {each.coder_id for each in here if each.kind is AssignmentKind.REFERENCE}
            free = _free(tx, study_id, newest, recording.session_id)
            found.append(
                Reference(
                    newest,
                    recording.session_id,
                    labels[recording.session_id],
                    next(each for each in people if each.id == newest.coder_id),
                    tuple(each for each in people if each.id in free),
                    tuple(each for each in people if each.id in hidden),
                )
            )
    return tuple(sorted(found, key=lambda each: each.session_label))


@allowed(Action.MANAGE_STUDY, of="submitted_pass_id")
def mix_in(
    app: App, submitted_pass_id: str, observer_ids: Sequence[str], rng: Random | None = None
) -> tuple[Assignment, ...]:
    """Puts the session of a reference coding into observers' queues, each time at a random place in what is not begun.

    It is due when its neighbour in the queue is, so that nothing tells it from the rest. rng: the system's by default.
    Raises InputError for nobody, for an observer who cannot get it, and when the client has refused the coding.
    """
    rng = rng or SystemRandom()
    now = datetime.now(UTC)
    with app.store.write() as tx:
        reference = passes.get_pass(tx, submitted_pass_id, lock=True)
        check_not_erased(tx, reference.recording_id)
        if reference.purpose is not Purpose.REFERENCE:
            raise InputError("This is no reference coding; make one from it first.")
        session = studies.get_session(tx, recordings.get_recording(tx, reference.recording_id).session_id)
        studies.lock_study(tx, session.study_id)
        if forbids(consents.find_consent(tx, session.id, Use.CODING), now.date()):
            raise InputError(
                "The client does not allow that this session is coded (any more); see its consent."
            )
        wanted = tuple(dict.fromkeys(observer_ids))
        free = _free(tx, session.study_id, reference, session.id)
        if not wanted or not set(wanted) <= free:
            raise InputError(
                "Choose observers who have not coded this session or seen it coded, and took no part in it."
            )
        given = tuple(_put_in(tx, session.study_id, session.id, each, rng, now) for each in wanted)
        audit.note(
            app, tx, Act.MADE_REFERENCE, study_id=session.study_id, subject=reference.id, what="mixed in", n=len(given)
        )  # fmt: skip
        return given


def _references_of(tx: Tx, recording_id: str) -> list[CodingPass]:
    found = passes.list_passes(tx, recording_id=recording_id)
    return [each for each in found if each.purpose is Purpose.REFERENCE and each.submitted_at is not None]


def _copy(event: CodingEvent, pass_id: str) -> CodingEvent:
    """Notes are their writer's own; the acts that events were part of are not the copy's."""
    return replace(event, id=uuid4().hex, pass_id=pass_id, note=None, act=None, step=None)


def _free(tx: Tx, study_id: str, reference: CodingPass, session_id: str) -> frozenset[str]:
    """The observers of the study who could code the session for the first time."""
    took_part = plans.own_sessions(tx, study_id).get(session_id, frozenset())
    has_it = set(references.makers(tx, reference))
    has_it |= {each.coder_id for each in plans.list_assignments(tx, study_id, session_id=session_id)}
    has_it |= consensus.seen_in_study(tx, study_id).get(session_id, frozenset())
    there = [each.id for each in recordings.list_recordings(tx, study_id) if each.session_id == session_id]
    for each in there:
        has_it |= {one.coder_id for one in passes.list_passes(tx, recording_id=each)}
    people = (each.id for each in studies.list_coders(tx, study_id))
    return frozenset(each for each in people if may_code(each, took_part, has_it))


def _put_in(tx: Tx, study_id: str, session_id: str, coder_id: str, rng: Random, now: datetime) -> Assignment:
    queue = plans.list_assignments(tx, study_id, coder_id=coder_id)
    begun = _begun(tx, study_id, coder_id)
    stages = [Stage.BEGUN if each.session_id in begun else Stage.NOT_BEGUN for each in queue]
    place = rng.choice(places_left(stages))
    if queue:
        neighbour = queue[min(place, len(queue) - 1)]
        position = queue[place].position if place < len(queue) else queue[-1].position + 1
        due_on = neighbour.due_on
    else:
        plan = plans.get_plan(tx, study_id)
        position = 0
        due_on = (now + timedelta(days=plan.days)).date() if plan and plan.days else None
    references.make_room(tx, [each.id for each in queue[place:]])
    given = Assignment(
        uuid4().hex, session_id, coder_id, AssignmentKind.REFERENCE, position, now, due_on=due_on
    )
    plans.add_assignment(tx, given)
    return given


def _begun(tx: Tx, study_id: str, coder_id: str) -> set[str]:
    """The sessions that the observer has begun."""
    session_of = {each.id: each.session_id for each in recordings.list_recordings(tx, study_id)}
    mine = passes.list_passes(tx, study_id=study_id, coder_id=coder_id)
    return {session_of[each.recording_id] for each in mine if each.recording_id in session_of}
