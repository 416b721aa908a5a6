"""What was measured of each recording, and how it can be played."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from coding_app.store import tables
from coding_app.store.engine import Tx
from coding_app.store.statements import put_all, the_row


def put_check(tx: Tx, recording_id: str, measured: Mapping[str, Any], at: datetime) -> None:
    """Keeps it in place of what was kept. Raises NotFoundError for an unknown recording."""
    the_row(tx, tables.recording, recording_id, called="recording")
    put_all(
        tx, tables.recording_check, [{"recording_id": recording_id, "measured": dict(measured), "at": at}]
    )


def get_check(tx: Tx, recording_id: str) -> dict[str, Any] | None:
    """What was kept last; None before the recording was looked at."""
    table = tables.recording_check
    kept = tx.execute(select(table.c.measured).where(table.c.recording_id == recording_id)).scalar()
    return None if kept is None else dict(kept)


def checks_of_study(tx: Tx, study_id: str) -> dict[str, dict[str, Any]]:
    """Recording id -> what was kept, for the recordings of a study that have been looked at."""
    check, recording, session = tables.recording_check, tables.recording, tables.therapy_session
    joined = check.join(recording, check.c.recording_id == recording.c.id).join(
        session, recording.c.session_id == session.c.id
    )
    rows = tx.execute(
        select(check.c.recording_id, check.c.measured)
        .select_from(joined)
        .where(session.c.study_id == study_id)
    )
    return {row.recording_id: dict(row.measured) for row in rows}


def all_checks(tx: Tx) -> Iterator[tuple[str, dict[str, Any]]]:
    """Recording id and what was kept, of every study."""
    for row in tx.execute(select(tables.recording_check.c.recording_id, tables.recording_check.c.measured)):
        yield row.recording_id, dict(row.measured)


def recordings_without_check(tx: Tx) -> tuple[str, ...]:
    """Ids of recordings that were never looked at, oldest first."""
    check, recording = tables.recording_check, tables.recording
    statement = (
        select(recording.c.id)
        .outerjoin(check, check.c.recording_id == recording.c.id)
        .where(check.c.recording_id.is_(None))
        .order_by(recording.c.added_at, recording.c.id)
    )
    return tuple(tx.execute(statement).scalars())


def drop_check(tx: Tx, recording_id: str) -> None:
    """Forgets what was measured; nothing happens when there is none."""
    tx.execute(delete(tables.recording_check).where(tables.recording_check.c.recording_id == recording_id))
