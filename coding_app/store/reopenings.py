"""Which passes were opened again after they had been submitted, and why."""

from dataclasses import asdict

from sqlalchemy import select

from coding_app.domain.reopening import Reopening
from coding_app.store import sealing, tables
from coding_app.store.engine import Tx
from coding_app.store.work_tables import pass_reopening


def add_reopening(tx: Tx, new: Reopening) -> None:
    """Keeps it for good: a pass never becomes blind again."""
    row = sealing.of_pass(tx, new.pass_id).seal(pass_reopening, asdict(new))
    tx.execute(pass_reopening.insert().values(**row))


def reopenings_of(tx: Tx, pass_id: str) -> tuple[Reopening, ...]:
    """Of one pass, the first one first; empty for a pass that is blind. With an erased recording go the reasons: ""."""
    statement = select(pass_reopening).where(pass_reopening.c.pass_id == pass_id)
    rows = tx.execute(statement.order_by(pass_reopening.c.at, pass_reopening.c.id))
    sealer = sealing.of_pass(tx, pass_id)
    return tuple(Reopening(**sealer.open(pass_reopening, row)) for row in rows)


def not_blind(tx: Tx, study_id: str) -> frozenset[str]:
    """The ids of all passes of a study that were ever opened again."""
    coding_pass, coder = tables.coding_pass, tables.coder
    statement = (
        select(pass_reopening.c.pass_id)
        .join(coding_pass, coding_pass.c.id == pass_reopening.c.pass_id)
        .join(coder, coder.c.id == coding_pass.c.coder_id)
        .where(coder.c.study_id == study_id)
    )
    return frozenset(tx.execute(statement.distinct()).scalars())
