"""How a study divides its work: its plan, the assignments of sessions to observers, and who took part in what."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from coding_app.domain.plan import Assignment, AssignmentKind, StudyPlan
from coding_app.errors import InputError, NotFoundError
from coding_app.store import tables
from coding_app.store.engine import Tx
from coding_app.store.statements import insert_new, put_all, the_row
from coding_app.store.work_tables import assignment, own_session, study_plan


def get_plan(tx: Tx, study_id: str) -> StudyPlan | None:
    """None: nobody has planned the study; everybody codes what they choose."""
    row = tx.execute(select(study_plan).where(study_plan.c.study_id == study_id)).one_or_none()
    return None if row is None else StudyPlan(**{k: v for k, v in row._mapping.items() if k != "made_at"})


def put_plan(tx: Tx, plan: StudyPlan, made_at: datetime) -> None:
    """Keeps the plan, in place of an earlier one. Raises NotFoundError for an unknown study."""
    the_row(tx, tables.study, plan.study_id, called="study", lock=True)
    put_all(tx, study_plan, [asdict(plan) | {"made_at": made_at}])


def add_assignment(tx: Tx, new: Assignment) -> None:
    """Raises InputError when the session is in the observer's queue already."""
    row = asdict(new) | {"due_on": new.due_on.isoformat() if new.due_on else None}
    if not insert_new(tx, assignment, row):
        raise InputError("This session is in the observer's queue already; reload the page.")


def list_assignments(
    tx: Tx, study_id: str, *, coder_id: str | None = None, session_id: str | None = None, ended: bool = False
) -> tuple[Assignment, ...]:
    """Of the study, by observer and place in the queue; ended: also those that were taken out again."""
    session = tables.therapy_session
    statement = select(assignment).join(session, session.c.id == assignment.c.session_id)
    statement = statement.where(session.c.study_id == study_id)
    if coder_id is not None:
        statement = statement.where(assignment.c.coder_id == coder_id)
    if session_id is not None:
        statement = statement.where(assignment.c.session_id == session_id)
    if not ended:
        statement = statement.where(assignment.c.ended_at.is_(None))
    order = (assignment.c.coder_id, assignment.c.position, assignment.c.id)
    return tuple(_assignment(row) for row in tx.execute(statement.order_by(*order)))


def end_assignment(tx: Tx, assignment_id: str, at: datetime, because: str) -> None:
    """Takes it out of the queue. Raises NotFoundError when it is not in one (any more)."""
    open_one = (assignment.c.id == assignment_id) & assignment.c.ended_at.is_(None)
    done = tx.execute(update(assignment).where(open_one).values(ended_at=at, ended_because=because))
    if done.rowcount == 0:
        raise NotFoundError("This assignment is not there any more; reload the page.")


def own_sessions(tx: Tx, study_id: str) -> dict[str, frozenset[str]]:
    """Session -> observers who took part in it, for those that have any."""
    session = tables.therapy_session
    statement = select(own_session).join(session, session.c.id == own_session.c.session_id)
    found: dict[str, set[str]] = {}
    for row in tx.execute(statement.where(session.c.study_id == study_id)):
        found.setdefault(row.session_id, set()).add(row.coder_id)
    return {key: frozenset(coders) for key, coders in found.items()}


def put_own_sessions(tx: Tx, session_id: str, coder_ids: Iterable[str]) -> None:
    """These observers, and no others, took part in the session."""
    tx.execute(delete(own_session).where(own_session.c.session_id == session_id))
    rows = [{"session_id": session_id, "coder_id": each} for each in sorted(set(coder_ids))]
    if rows:
        tx.execute(own_session.insert(), rows)


def _assignment(row: Row[Any]) -> Assignment:
    due_on = date.fromisoformat(row.due_on) if row.due_on else None
    return Assignment(**{**row._mapping, "kind": AssignmentKind(row.kind), "due_on": due_on})
