"""Reference codings: from which pass each was made, and room for them in the observers' queues."""

from sqlalchemy import select, update

from coding_app.domain.coding import CodingPass
from coding_app.store import tables
from coding_app.store.engine import Tx
from coding_app.store.work_tables import assignment, consensus_source


def keep_source(tx: Tx, reference_id: str, source_id: str) -> None:
    """Writes down from which pass the reference was made."""
    tx.execute(consensus_source.insert().values(pass_id=reference_id, source_id=source_id))


def source_of(tx: Tx, reference_id: str) -> str | None:
    """The id of the pass that the reference was made from; None for one that was coded as such."""
    found = select(consensus_source.c.source_id).where(consensus_source.c.pass_id == reference_id)
    return tx.execute(found).scalars().first()


def makers(tx: Tx, reference: CodingPass) -> frozenset[str]:
    """The observers whose judgements are in a reference: of the pass it was made from, and of that one's sources."""
    coding_pass = tables.coding_pass
    found, looked_at, ahead = {reference.coder_id}, set(), {reference.id}
    while ahead:
        looked_at |= ahead
        statement = (
            select(coding_pass.c.id, coding_pass.c.coder_id)
            .join(consensus_source, consensus_source.c.source_id == coding_pass.c.id)
            .where(consensus_source.c.pass_id.in_(ahead))
        )
        sources = tx.execute(statement).all()
        found |= {row.coder_id for row in sources}
        ahead = {row.id for row in sources} - looked_at
    return frozenset(found)


def make_room(tx: Tx, assignment_ids: list[str]) -> None:
    """Moves these assignments one place back in their queue."""
    if assignment_ids:
        moved = update(assignment).where(assignment.c.id.in_(assignment_ids))
        tx.execute(moved.values(position=assignment.c.position + 1))
