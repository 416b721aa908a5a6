"""How far a study is, for its lead: who is where, how much is coded twice, whose agreement calls for a look."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime

from coding_app.agreement.drift import DriftPoint
from coding_app.domain.coding import CodingPass, Purpose
from coding_app.domain.people import Action, Coder
from coding_app.domain.progress import (
    Concern,
    Counts,
    DoubleCoding,
    Stage,
    Task,
    as_seen,
    blind_sessions,
    counts,
    course_warnings,
    double_coding,
    stage_of,
    without_enough,
)
from coding_app.store import Tx, events, passes, plans, recordings, reopenings, studies
from coding_app.workflows.agreement_details import drift_of_study
from coding_app.workflows.assess_agreement import EVERYTHING, Choice
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App


@dataclass(frozen=True, slots=True)
class Line:
    """One observer's session that is not submitted."""

    coder: Coder
    session_label: str
    task: Task
    overdue: bool


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submitted pass that can be opened again or become a reference. recording: its name, where there are several.

    on: the day, None where the viewer may know only that it is submitted. blind: whether it was never opened again.
    consensus: whether it is what observers settled on.
    """

    coding_pass: CodingPass
    coder: Coder
    session_label: str
    recording: str
    on: date | None
    blind: bool
    consensus: bool


@dataclass(frozen=True, slots=True)
class StudyProgress:
    """planned: whether there is a plan or an assignment. lacking: session's label -> observers it lacks.

    hides: whether something is left out because the viewer codes blind themselves.
    """

    planned: bool
    observers: tuple[tuple[Coder, Counts], ...]
    lines: tuple[Line, ...]
    double: DoubleCoding
    lacking: dict[str, int]
    submitted: tuple[Submitted, ...]
    hides: bool


@dataclass(frozen=True, slots=True)
class DriftWarning:
    """An observer whose course on one question calls for a look. against: the others or the reference."""

    coder: str
    question: str
    point: DriftPoint
    why: tuple[Concern, ...]


@allowed(Action.MANAGE_STUDY, of="study_id")
def study_progress(
    app: App, study_id: str, viewer_id: str | None, today: date | None = None
) -> StudyProgress:
    """Where the study is, as this observer may see it (None: a lead who does not code).

    Of a session that the viewer, or the observer that the lead is, has not submitted: of others only whether it is
    submitted, and nothing of a consensus. today: by default the day in UTC.
    """
    today = today or datetime.now(UTC).date()
    place = app.actor.membership(study_id)
    own_id = (place.coder_id if place else None) or viewer_id
    with app.store.read() as tx:
        people = studies.list_coders(tx, study_id)
        labels = {each.id: each.label for each in studies.list_sessions(tx, study_id)}
        plan, waiting = plans.get_plan(tx, study_id), plans.list_assignments(tx, study_id)
        tasks = tasks_of(tx, study_id)
        submitted = _submitted(tx, study_id, people, labels, blind_sessions(tasks, own_id))
    seen = as_seen(tasks, own_id)
    names = {each.id: each for each in people}
    lines = [
        Line(names[each.coder_id], labels[each.session_id], each, each.is_overdue(today))
        for each in seen
        if each.stage is not Stage.SUBMITTED
    ]
    lacking = without_enough(tasks, list(labels), plan)
    return StudyProgress(
        planned=plan is not None or bool(waiting),
        observers=tuple((who, counts((t for t in seen if t.coder_id == who.id), today)) for who in people),
        lines=tuple(sorted(lines, key=lambda each: (not each.overdue, each.task.due_on or date.max))),
        double=double_coding(tasks, len(labels), plan),
        lacking={labels[key]: n for key, n in lacking.items()},
        submitted=submitted,
        hides=seen != tasks,
    )


def tasks_of(tx: Tx, study_id: str) -> tuple[Task, ...]:
    """Every assignment, and every session that somebody codes without one; by observer and place in the queue."""
    of_session: dict[str, list[str]] = defaultdict(list)
    for recording in recordings.list_recordings(tx, study_id):
        of_session[recording.session_id].append(recording.id)
    session_of = {each: key for key, found in of_session.items() for each in found}
    theirs: dict[tuple[str, str], dict[str, CodingPass]] = defaultdict(dict)
    for each in passes.list_passes(tx, study_id=study_id):
        if each.purpose is Purpose.INDEPENDENT and each.recording_id in session_of:
            theirs[each.coder_id, session_of[each.recording_id]][each.recording_id] = each
    opened = {each.id: each.opened_at for found in theirs.values() for each in found.values()}
    active = opened | events.last_stored(tx, list(opened))
    assigned = {(each.coder_id, each.session_id): each for each in plans.list_assignments(tx, study_id)}
    found = []
    for coder_id, session_id in [*assigned, *(key for key in theirs if key not in assigned)]:
        mine = theirs.get((coder_id, session_id), {}).values()
        n_submitted = sum(each.submitted_at is not None for each in mine)
        given = assigned.get((coder_id, session_id))
        last = max((active[each.id] for each in mine), default=None)
        stage = stage_of(len(of_session[session_id]), n_submitted, len(mine))
        due_on = given.due_on if given else None
        found.append(
            Task(session_id, coder_id, stage, given is not None, due_on, last.date() if last else None)
        )
    return tuple(found)


def _submitted(
    tx: Tx, study_id: str, people: tuple[Coder, ...], labels: dict[str, str], blind: frozenset[str]
) -> tuple[Submitted, ...]:
    """The newest first. blind: sessions of which the viewer may know only who has submitted."""
    names = {each.id: each for each in people}
    there = {each.id: each for each in recordings.list_recordings(tx, study_id)}
    again = reopenings.not_blind(tx, study_id)
    found = []
    for each in passes.list_passes(tx, study_id=study_id):
        recording = there[each.recording_id]
        hidden, consensus = recording.session_id in blind, each.purpose is Purpose.CONSENSUS
        if each.submitted_at is None or (consensus and hidden):
            continue
        if consensus or each.purpose is Purpose.INDEPENDENT:
            on = None if hidden else each.submitted_at.date()
            label = labels[recording.session_id]
            who = names[each.coder_id]
            found.append(Submitted(each, who, label, recording.name, on, each.id not in again, consensus))
    by_name = sorted(found, key=lambda each: (each.session_label, each.consensus, each.coder.name))
    return tuple(sorted(by_name, key=lambda each: each.on or date.max, reverse=True))


@allowed(Action.SEE_AGREEMENT, of="study_id")
def drift_warnings(
    app: App, study_id: str, viewer_id: str | None, choice: Choice = EVERYTHING, window: int = 5
) -> tuple[DriftWarning, ...]:
    """Every observer and question whose course calls for a look, of what the viewer may see.

    Raises NotFoundError when nothing was submitted yet.
    """
    found = []
    for name, points in drift_of_study(app, study_id, viewer_id, choice, window):
        courses: dict[tuple[str, str], list[DriftPoint]] = defaultdict(list)
        for each in points:
            courses[each.coder, each.against].append(each)
        label = name.label if name.group in ("", name.label) else f"{name.group}: {name.label}"
        for (coder, _), course in courses.items():
            why = course_warnings([(each.alpha, each.n_units) for each in course], window)
            if why:
                found.append(DriftWarning(coder, label, course[-1], why))
    return tuple(sorted(found, key=lambda each: (each.coder, each.question, each.point.against)))
