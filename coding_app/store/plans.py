"""How studies divide their work."""

from sqlalchemy import select

from coding_app.domain.plan import StudyPlan
from coding_app.store import work_tables
from coding_app.store.engine import Tx


def get_plan(tx: Tx, study_id: str) -> StudyPlan | None:
    """The study's plan; None while nobody has made one."""
    table = work_tables.study_plan
    row = tx.execute(select(table).where(table.c.study_id == study_id)).one_or_none()
    if row is None:
        return None
    return StudyPlan(**{name: value for name, value in row._mapping.items() if name != "made_at"})
