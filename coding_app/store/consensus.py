"""From which passes a consensus was made, who has seen it, and who has a recording to code still."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from coding_app.store import tables, work_tables
from coding_app.store.engine import Tx
from coding_app.store.statements import insert_new, rows_where


def set_sources(tx: Tx, pass_id: str, source_ids: Iterable[str]) -> None:
    """These passes and no others are what the consensus is made from."""
    table = work_tables.consensus_source
    tx.execute(delete(table).where(table.c.pass_id == pass_id))
    tx.execute(table.insert(), [{"pass_id": pass_id, "source_id": each} for each in sorted(set(source_ids))])


def sources_of(tx: Tx, pass_id: str) -> frozenset[str]:
    """The ids of the passes that the consensus was last made from."""
    table = work_tables.consensus_source
    return frozenset(tx.execute(select(table.c.source_id).where(table.c.pass_id == pass_id)).scalars())


def sources_of_all(tx: Tx, pass_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """As sources_of, of several consensus passes at once."""
    table = work_tables.consensus_source
    found: dict[str, set[str]] = {each: set() for each in pass_ids}
    for row in rows_where(tx, table, table.c.pass_id, pass_ids):
        found[row.pass_id].add(row.source_id)
    return {key: frozenset(sources) for key, sources in found.items()}


def open_again(tx: Tx, pass_id: str) -> None:
    """A finished consensus takes rulings again; nothing when it is open."""
    table = tables.coding_pass
    tx.execute(update(table).where(table.c.id == pass_id).values(submitted_at=None))


def note_view(tx: Tx, recording_id: str, coder_id: str, at: datetime) -> None:
    """This observer has seen what others coded of the recording; the first time is kept."""
    row = {"recording_id": recording_id, "coder_id": coder_id, "first_at": at}
    insert_new(tx, work_tables.consensus_view, row)


def has_seen(tx: Tx, recording_id: str, coder_id: str) -> bool:
    """Whether this observer has seen what others coded of the recording, to settle it."""
    table = work_tables.consensus_view
    mine = select(table.c.first_at).where(table.c.recording_id == recording_id, table.c.coder_id == coder_id)
    return tx.execute(mine).first() is not None


def seen_in_study(tx: Tx, study_id: str) -> dict[str, frozenset[str]]:
    """Session -> observers who have seen what others coded in it, to settle it; for those that have any."""
    table, recording, session = work_tables.consensus_view, tables.recording, tables.therapy_session
    mine = (
        select(recording.c.session_id, table.c.coder_id)
        .join(recording, recording.c.id == table.c.recording_id)
        .join(session, session.c.id == recording.c.session_id)
        .where(session.c.study_id == study_id)
    )
    found: dict[str, set[str]] = {}
    for row in tx.execute(mine):
        found.setdefault(row.session_id, set()).add(row.coder_id)
    return {key: frozenset(coders) for key, coders in found.items()}


def is_assigned(tx: Tx, recording_id: str, coder_id: str) -> bool:
    """Whether the recording's session stands in the observer's queue."""
    table, recording = work_tables.assignment, tables.recording
    waiting = (
        select(table.c.id)
        .join(recording, recording.c.session_id == table.c.session_id)
        .where(recording.c.id == recording_id, table.c.coder_id == coder_id, table.c.ended_at.is_(None))
    )
    return tx.execute(waiting.limit(1)).first() is not None
