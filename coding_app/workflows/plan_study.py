"""Setting up a study's work: the plan, and who codes which session."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from coding_app.domain.assigning import Draw, NewAssignment, ToAssign
from coding_app.domain.assigning import assign as drawn_by_plan
from coding_app.domain.audit import Act
from coding_app.domain.coding import Purpose
from coding_app.domain.consent import Consent, Use, forbids
from coding_app.domain.people import Action, Coder, Role
from coding_app.domain.plan import Assignment, StudyPlan
from coding_app.domain.recording import TherapySession
from coding_app.errors import InputError
from coding_app.store import (
    Tx,
    accounts,
    consensus,
    consents,
    erasing,
    passes,
    plans,
    recordings,
    studies,
)
from coding_app.store.statements import not_found
from coding_app.workflows import audit
from coding_app.workflows.permission import allowed
from coding_app.workflows.study_access import today
from coding_app.workflows.therapy_sessions import check_of_study
from coding_app.workflows.wiring import App

MAX_REASON = 300
OVERDUE = "not coded in time"


@dataclass(frozen=True, slots=True)
class AssignmentState:
    """An assignment and how far it is. begun: a pass is open or submitted; done: all of the session is submitted."""

    assignment: Assignment
    session: TherapySession
    coder: Coder
    begun: bool
    done: bool

    def is_overdue(self, on: date) -> bool:
        """Whether its day is over and it is not done."""
        due_on = self.assignment.due_on
        return not self.done and due_on is not None and due_on < on


@dataclass(frozen=True, slots=True)
class SessionState:
    """A session as its study's lead sees it. took_part: observers who never code it."""

    session: TherapySession
    n_recordings: int
    consents: tuple[Consent, ...]
    took_part: frozenset[str]


@dataclass(frozen=True, slots=True)
class PlanView:
    """All that the lead plans with. usual: the observers who get sessions unless the lead chooses others."""

    plan: StudyPlan | None
    sessions: tuple[SessionState, ...]
    coders: tuple[Coder, ...]
    usual: tuple[str, ...]
    assignments: tuple[AssignmentState, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an assigning would make, or has made. left_out: session -> why it takes no part."""

    draw: Draw
    left_out: dict[str, str]


@allowed(Action.MANAGE_STUDY, of="study_id")
def view_plan(app: App, study_id: str) -> PlanView:
    """The study's plan, sessions, observers and assignments."""
    with app.store.read() as tx:
        given = consents.list_consents(tx, study_id)
        own = plans.own_sessions(tx, study_id)
        held = _recordings(tx, study_id)
        sessions = tuple(
            SessionState(
                each,
                len(held.get(each.id, ())),
                tuple(one for one in given if one.session_id == each.id),
                own.get(each.id, frozenset()),
            )
            for each in studies.list_sessions(tx, study_id)
        )
        return PlanView(
            plans.get_plan(tx, study_id),
            sessions,
            studies.list_coders(tx, study_id),
            _usual(tx, study_id),
            _states(tx, study_id),
        )


@allowed(Action.MANAGE_STUDY, of="study_id")
def put_plan(app: App, study_id: str, plan: StudyPlan) -> None:
    """Keeps the plan; what is assigned already stays. Raises InputError for numbers that make no plan."""
    if plan.n_coders < 1:
        raise InputError("A session needs at least one observer; raise their number.")
    if not 0 <= plan.double_share <= 1:
        raise InputError("The share that two observers code lies between 0 and 100 %; change it.")
    if plan.double_at_least < 0:
        raise InputError("The least number of sessions for two observers is below 0; change it.")
    if plan.days is not None and plan.days < 1:
        raise InputError("The days to code a session are below 1; give more, or none at all.")
    if not 0 <= plan.seed < 2**53:
        raise InputError("The seed is a whole number from 0 to about 9,000 billion; change it.")
    with app.store.write() as tx:
        plans.put_plan(tx, replace(plan, study_id=study_id), datetime.now(UTC))
        audit.note(
            app, tx, Act.PLANNED, study_id=study_id, what="plan", seed=plan.seed, n_coders=plan.n_coders
        )


@allowed(Action.MANAGE_STUDY, of="study_id")
def preview_assignments(app: App, study_id: str, observers: Collection[str]) -> Preview:
    """What `assign` would make with these observers. Raises InputError without a plan or observers."""
    with app.store.read() as tx:
        return _draw(tx, study_id, observers)


@allowed(Action.MANAGE_STUDY, of="study_id")
def assign(app: App, study_id: str, observers: Collection[str]) -> Preview:
    """Gives the sessions to the observers by the plan; what is assigned already stays. Raises as the preview."""
    with app.store.write() as tx:
        studies.lock_study(tx, study_id)
        found = _draw(tx, study_id, observers)
        _keep(app, tx, study_id, found.draw.new)
    return found


@allowed(Action.MANAGE_STUDY, of="study_id")
def end_assignment(app: App, study_id: str, assignment_id: str, because: str) -> None:
    """Takes a session out of an observer's queue. Raises InputError without a reason or once it is submitted."""
    with app.store.write() as tx:
        _end(app, tx, _open_one(tx, study_id, assignment_id), _reason(because))


@allowed(Action.MANAGE_STUDY, of="study_id")
def reassign(app: App, study_id: str, assignment_id: str, observer_id: str, because: str) -> None:
    """Gives a session in one observer's queue to another, at the end of theirs.

    Raises InputError without a reason, once it is submitted, or for an observer who took part in it, has it already
    or has seen what others coded in it.
    """
    reason = _reason(because)
    with app.store.write() as tx:
        studies.lock_study(tx, study_id)
        state = _open_one(tx, study_id, assignment_id)
        coder = check_of_study(tx, study_id, observer_id)
        if coder.id in plans.own_sessions(tx, study_id).get(state.session.id, ()):
            raise InputError(f"{coder.name} took part in '{state.session.label}'; choose another observer.")
        if coder.id in consensus.seen_in_study(tx, study_id).get(state.session.id, ()):
            raise InputError(
                f"{coder.name} has seen what others coded in '{state.session.label}'; choose another observer."
            )
        _end(app, tx, state, reason)
        queue = plans.list_assignments(tx, study_id, coder_id=coder.id)
        last = max((each.position for each in queue), default=0)
        kind = state.assignment.kind
        _keep(app, tx, study_id, [NewAssignment(state.session.id, coder.id, kind, last + 1)])


@allowed(Action.MANAGE_STUDY, of="study_id")
def hand_on_overdue(app: App, study_id: str, observers: Collection[str]) -> Preview:
    """Takes back all that is overdue and gives it to others of these observers, in one step.

    Raises InputError when nothing is overdue, and as the preview.
    """
    with app.store.write() as tx:
        studies.lock_study(tx, study_id)
        late = [each for each in _states(tx, study_id) if each.is_overdue(today())]
        if not late:
            raise InputError("Nothing is overdue; reload the page.")
        for each in late:
            _end(app, tx, each, OVERDUE)
        found = _draw(tx, study_id, observers)
        _keep(app, tx, study_id, found.draw.new)
    return found


def _draw(tx: Tx, study_id: str, observers: Collection[str]) -> Preview:
    plan = plans.get_plan(tx, study_id)
    if plan is None:
        raise InputError("This study has no plan yet; save one before assigning sessions.")
    if not observers:
        raise InputError("Nobody is chosen to code; choose at least one observer.")
    for each in observers:
        check_of_study(tx, study_id, each)
    held, own = _recordings(tx, study_id), plans.own_sessions(tx, study_id)
    seen = consensus.seen_in_study(tx, study_id)
    left_out: dict[str, str] = {}
    taking_part = []
    everything = plans.list_assignments(tx, study_id, ended=True)
    taken_back = {(each.session_id, each.coder_id) for each in everything if each.ended_at}
    begun = _begun(tx, study_id) - taken_back
    for session in studies.list_sessions(tx, study_id):
        consent = consents.find_consent(tx, session.id, Use.CODING)
        if not held.get(session.id):
            left_out[session.id] = "no recording"
        elif consent is not None and forbids(consent, today()):
            left_out[session.id] = "no consent to coding"
        else:
            mine = frozenset(c for s, c in begun if s == session.id)
            barred = own.get(session.id, frozenset()) | {c for s, c in taken_back if s == session.id}
            barred |= seen.get(session.id, frozenset()) - mine
            taking_part.append(ToAssign(session.id, session.case_code, frozenset(barred), mine))
    existing = [each for each in everything if each.ended_at is None]
    return Preview(drawn_by_plan(taking_part, observers, plan, existing), left_out)


def _keep(app: App, tx: Tx, study_id: str, new: Collection[NewAssignment]) -> None:
    plan, now = plans.get_plan(tx, study_id), datetime.now(UTC)
    days = plan.days if plan else None
    due_on = None if days is None else today() + timedelta(days=days)
    for each in new:
        made = Assignment(
            uuid4().hex, each.session_id, each.coder_id, each.kind, each.position, now, due_on=due_on
        )
        plans.add_assignment(tx, made)
    if new:
        audit.note(app, tx, Act.ASSIGNED, study_id=study_id, what="given", n=len(new))


def _end(app: App, tx: Tx, state: AssignmentState, because: str) -> None:
    one = state.assignment
    plans.end_assignment(tx, one.id, datetime.now(UTC), because)
    study_id = state.session.study_id
    audit.note(app, tx, Act.ASSIGNED, study_id=study_id, subject=one.id, what="taken back")


def _open_one(tx: Tx, study_id: str, assignment_id: str) -> AssignmentState:
    """Raises InputError for one that is submitted, NotFoundError for one that is not there (any more)."""
    for each in _states(tx, study_id):
        if each.assignment.id == assignment_id:
            if each.done:
                raise InputError(
                    f"{each.coder.name} has submitted '{each.session.label}'; it stays with them."
                )
            return each
    raise not_found("assignment", assignment_id)


def _states(tx: Tx, study_id: str) -> tuple[AssignmentState, ...]:
    held, sessions = _recordings(tx, study_id), studies.list_sessions(tx, study_id)
    by_id = {each.id: each for each in sessions}
    coders = {each.id: each for each in studies.list_coders(tx, study_id)}
    submitted: set[tuple[str, str]] = set()
    begun: set[tuple[str, str]] = set()
    for one in passes.list_passes(tx, study_id=study_id):
        if one.purpose is Purpose.INDEPENDENT:
            (begun if one.submitted_at is None else submitted).add((one.recording_id, one.coder_id))
    states = []
    for each in plans.list_assignments(tx, study_id):
        here = [(recording_id, each.coder_id) for recording_id in held.get(each.session_id, ())]
        states.append(
            AssignmentState(
                each,
                by_id[each.session_id],
                coders[each.coder_id],
                begun=any(one in begun or one in submitted for one in here),
                done=bool(here) and all(one in submitted for one in here),
            )
        )
    return tuple(states)


def _recordings(tx: Tx, study_id: str) -> dict[str, list[str]]:
    """Session -> its recordings, without those that were erased."""
    held: dict[str, list[str]] = {}
    for each in recordings.list_recordings(tx, study_id):
        if erasing.erased_at(tx, each.id) is None:
            held.setdefault(each.session_id, []).append(each.id)
    return held


def _begun(tx: Tx, study_id: str) -> set[tuple[str, str]]:
    """(session, observer) where an independent pass is open or submitted."""
    session_of = {each.id: each.session_id for each in recordings.list_recordings(tx, study_id)}
    return {
        (session_of[each.recording_id], each.coder_id)
        for each in passes.list_passes(tx, study_id=study_id)
        if each.purpose is Purpose.INDEPENDENT and each.recording_id in session_of
    }


def _usual(tx: Tx, study_id: str) -> tuple[str, ...]:
    """Those who code and do not lead; in a study without accounts everybody."""
    members = accounts.list_members(tx, study_id)
    if not members:
        return tuple(each.id for each in studies.list_coders(tx, study_id))
    roles = (Role.CODER, Role.TRAINER)
    return tuple(
        each.membership.coder_id
        for each in members
        if each.membership.role in roles and each.membership.coder_id and not each.account.disabled
    )


def _reason(because: str) -> str:
    clean = " ".join(because.split())
    if not clean:
        raise InputError("The reason is empty; say in a few words why.")
    if len(clean) > MAX_REASON:
        raise InputError(f"The reason has {len(clean)} characters; shorten it to {MAX_REASON} at most.")
    return clean
