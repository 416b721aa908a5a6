"""Where a study's observers are, how much is coded twice, and when an observer's agreement calls for a look."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coding_app.domain.assigning import n_to_double
from coding_app.domain.plan import StudyPlan

LOW, FALL, FEWEST_UNITS = 0.667, 0.15, 10


class Stage(StrEnum):
    """How far an observer is with a session. NOT_SUBMITTED: all that somebody who codes it blind may know."""

    NOT_BEGUN = "not begun"
    BEGUN = "begun"
    NOT_SUBMITTED = "not submitted"
    SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True)
class Task:
    """A session for an observer. assigned: whether it stands in the queue; last_active: None for unknown."""

    session_id: str
    coder_id: str
    stage: Stage
    assigned: bool = False
    due_on: date | None = None
    last_active: date | None = None

    def is_overdue(self, today: date) -> bool:
        """Whether the day on which it was due is over."""
        return self.due_on is not None and self.due_on < today and self.stage is not Stage.SUBMITTED


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one observer. begun: of those that are not submitted, as far as the reader may know."""

    assigned: int
    begun: int
    submitted: int
    overdue: int


def stage_of(n_recordings: int, n_submitted: int, n_opened: int) -> Stage:
    """Of a session by its recordings: submitted when all are, begun when one is opened.

    >>> stage_of(2, 1, 1), stage_of(1, 1, 1), stage_of(0, 0, 0)
    (<Stage.BEGUN: 'begun'>, <Stage.SUBMITTED: 'submitted'>, <Stage.NOT_BEGUN: 'not begun'>)
    """
    if n_recordings and n_submitted >= n_recordings:
        return Stage.SUBMITTED
    return Stage.BEGUN if n_opened else Stage.NOT_BEGUN


def blind_sessions(tasks: Iterable[Task], viewer_id: str | None) -> frozenset[str]:
    """The sessions that this observer has still to submit; none for somebody who does not code (None)."""
    return frozenset(
        each.session_id for each in tasks if each.coder_id == viewer_id and each.stage is not Stage.SUBMITTED
    )


def as_seen(tasks: Iterable[Task], viewer_id: str | None) -> tuple[Task, ...]:
    """The tasks as this observer may see them; None: somebody who does not code.

    Of a session that they have not submitted themselves: of others only whether it is submitted.
    """
    found = tuple(tasks)
    blind = blind_sessions(found, viewer_id)
    return tuple(
        _hidden(each) if each.session_id in blind and each.coder_id != viewer_id else each for each in found
    )


def _hidden(task: Task) -> Task:
    stage = Stage.SUBMITTED if task.stage is Stage.SUBMITTED else Stage.NOT_SUBMITTED
    return Task(task.session_id, task.coder_id, stage, task.assigned, task.due_on)


def counts(tasks: Iterable[Task], today: date) -> Counts:
    """Of one observer's tasks."""
    found = tuple(tasks)
    return Counts(
        assigned=sum(each.assigned for each in found),
        begun=sum(each.stage is Stage.BEGUN for each in found),
        submitted=sum(each.stage is Stage.SUBMITTED for each in found),
        overdue=sum(each.is_overdue(today) for each in found),
    )


@dataclass(frozen=True, slots=True)
class DoubleCoding:
    """Sessions that two observers or more code. wanted: by the plan, None without one; assigned: or begun, or done."""

    n_sessions: int
    wanted: int | None
    assigned: int
    submitted: int


def double_coding(tasks: Iterable[Task], n_sessions: int, plan: StudyPlan | None) -> DoubleCoding:
    """How much is coded twice, against the plan: the larger of its share and its number, at most all sessions."""
    coders, done = _coders(tasks)
    wanted = None if plan is None else n_to_double(plan, n_sessions)
    return DoubleCoding(
        n_sessions,
        wanted,
        sum(len(each) >= 2 for each in coders.values()),
        sum(len(each) >= 2 for each in done.values()),
    )


def without_enough(
    tasks: Iterable[Task], session_ids: Sequence[str], plan: StudyPlan | None
) -> dict[str, int]:
    """Sessions that fewer observers code than the plan wants, in the given order, with how many are missing."""
    if plan is None:
        return {}
    coders, _ = _coders(tasks)
    missing = {each: plan.n_coders - len(coders.get(each, ())) for each in session_ids}
    return {each: n for each, n in missing.items() if n > 0}


def _coders(tasks: Iterable[Task]) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
    """Session -> who codes it, and who has submitted it."""
    coders: dict[str, set[str]] = {}
    done: dict[str, set[str]] = {}
    for each in tasks:
        coders.setdefault(each.session_id, set()).add(each.coder_id)
        if each.stage is Stage.SUBMITTED:
            done.setdefault(each.session_id, set()).add(each.coder_id)
    return coders, done


class Concern(StrEnum):
    """Why an observer's course calls for a look."""

    LOW = "low"
    FALLING = "falling"


def course_warnings(course: Sequence[tuple[float | None, int]], window: int) -> tuple[Concern, ...]:
    """What an observer's course over windows of sessions calls for, each window one session later.

    course: alpha and number of units of each window, in order. Low: the last alpha is below LOW. Falling: it is FALL or
    more below the mean of the windows that share no session with the last. Windows without an alpha, or with fewer than
    FEWEST_UNITS units, say nothing.

    >>> course_warnings([(0.9, 40), (0.85, 40), (0.7, 40)], window=1)
    (<Concern.FALLING: 'falling'>,)
    """
    told = [alpha if n_units >= FEWEST_UNITS else None for alpha, n_units in course]
    last = told[-1] if told else None
    if last is None:
        return ()
    earlier = [each for each in told[: max(0, len(told) - window)] if each is not None]
    fallen = bool(earlier) and sum(earlier) / len(earlier) - last >= FALL - 1e-9
    return (*([Concern.LOW] if last < LOW else []), *([Concern.FALLING] if fallen else []))


def places_left(stages: Sequence[Stage]) -> range:
    """Where in a queue a session may be put in: behind all that is begun or done, at the end at the latest.

    >>> list(places_left([Stage.SUBMITTED, Stage.BEGUN, Stage.NOT_BEGUN]))
    [2, 3]
    """
    touched = [n for n, stage in enumerate(stages, start=1) if stage is not Stage.NOT_BEGUN]
    return range(max(touched, default=0), len(stages) + 1)


def may_code(coder_id: str, took_part: Collection[str], has_it: Collection[str]) -> bool:
    """Whether a session can be given to an observer: not to who took part in it, nor to who has it already."""
    return coder_id not in took_part and coder_id not in has_it
