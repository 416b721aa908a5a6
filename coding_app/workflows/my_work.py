"""What an observer has to code in a study with a plan: their own queue, and nothing of anybody else's."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coding_app.domain.coding import CodingPass, Purpose
from coding_app.domain.consent import Use, forbids
from coding_app.domain.people import Action
from coding_app.domain.recording import Recording
from coding_app.store import consents, erasing, passes, plans, recordings, studies, transcripts
from coding_app.workflows.permission import allowed
from coding_app.workflows.study_access import bound_coder, today
from coding_app.workflows.wiring import App


class WorkState(StrEnum):
    """How far a recording in the queue is. WAITS: it has no transcript, or its speakers have no role yet."""

    WAITS = "waits"
    NEW = "new"
    BEGUN = "begun"
    DONE = "done"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One recording of a session in the queue. Why it is there is not told: second codings are unannounced."""

    recording: Recording
    session_label: str
    state: WorkState
    due_on: date | None
    coding_pass: CodingPass | None

    @property
    def is_overdue(self) -> bool:
        """Whether its day is over and it is not submitted."""
        return self.state is not WorkState.DONE and self.due_on is not None and self.due_on < today()


@dataclass(frozen=True, slots=True)
class Work:
    """An observer's queue, in their own order."""

    items: tuple[WorkItem, ...]

    @property
    def to_do(self) -> tuple[WorkItem, ...]:
        """What is not submitted."""
        return tuple(each for each in self.items if each.state is not WorkState.DONE)

    @property
    def done(self) -> tuple[WorkItem, ...]:
        """What is submitted, the newest first."""
        found = [each for each in self.items if each.state is WorkState.DONE]
        return tuple(sorted(found, key=_submitted, reverse=True))

    @property
    def next(self) -> WorkItem | None:
        """Where to go on: what was opened last and not submitted, else the first that can be begun."""
        begun = [each for each in self.items if each.state is WorkState.BEGUN]
        if begun:
            return max(begun, key=_opened)
        return next((each for each in self.items if each.state is WorkState.NEW), None)


@allowed(Action.CODE, of="study_id")
def has_work(app: App, study_id: str, coder_id: str | None) -> bool:
    """Whether the study has a plan by which this observer codes, so that their work begins with their queue."""
    with app.store.read() as tx:
        if coder_id is None or plans.get_plan(tx, study_id) is None:
            return False
        bound = bound_coder(tx, app.actor, study_id, coder_id) == coder_id
        return bound or bool(plans.list_assignments(tx, study_id, coder_id=coder_id))


@allowed(Action.CODE, of="study_id")
def my_work(app: App, study_id: str, coder_id: str) -> Work:
    """The observer's queue with the state of each recording in it; empty without assignments."""
    items = []
    with app.store.read() as tx:
        labels = {each.id: each.label for each in studies.list_sessions(tx, study_id)}
        of_session: dict[str, list[Recording]] = {}
        for each in recordings.list_recordings(tx, study_id):
            if erasing.erased_at(tx, each.id) is None:
                of_session.setdefault(each.session_id, []).append(each)
        own = {
            each.recording_id: each
            for each in passes.list_passes(tx, study_id=study_id, coder_id=coder_id)
            if each.purpose is Purpose.INDEPENDENT
        }
        for one in plans.list_assignments(tx, study_id, coder_id=coder_id):
            consent = consents.find_consent(tx, one.session_id, Use.CODING)
            for recording in of_session.get(one.session_id, ()):
                mine = own.get(recording.id)
                if mine is not None and mine.submitted_at is not None:
                    state = WorkState.DONE
                elif forbids(consent, today()):
                    state = WorkState.FORBIDDEN
                elif mine is not None:
                    state = WorkState.BEGUN
                else:
                    texts = transcripts.list_transcripts(tx, recording.id)
                    newest = max(texts, key=lambda each: each.revision, default=None)
                    ready = newest is not None and all(newest.speakers.values())
                    state = WorkState.NEW if ready else WorkState.WAITS
                items.append(WorkItem(recording, labels[one.session_id], state, one.due_on, mine))
    return Work(tuple(items))


def _submitted(item: WorkItem) -> str:
    at = item.coding_pass.submitted_at if item.coding_pass else None
    return at.isoformat() if at else ""


def _opened(item: WorkItem) -> str:
    return item.coding_pass.opened_at.isoformat() if item.coding_pass else ""
