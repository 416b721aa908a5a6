"""The locked keys of recordings: without its row, nothing of a recording can be read again."""

from datetime import datetime

from sqlalchemy import delete, select, update

from coding_app.store import tables
from coding_app.store.engine import Tx
from coding_app.store.statements import insert_new

_key = tables.recording_key


def find_wrapped(tx: Tx, sha256: str) -> str | None:
    """The locked key of the recording with this sha256; None when there is none."""
    found = tx.execute(select(_key.c.wrapped).where(_key.c.sha256 == sha256)).scalar()
    return None if found is None else str(found)


def keep_wrapped(tx: Tx, sha256: str, wrapped: str, master_id: str, made_at: datetime) -> str:
    """Keeps a locked key unless the recording has one, and returns the one that it has then."""
    row = {"sha256": sha256, "wrapped": wrapped, "master_id": master_id, "made_at": made_at}
    if insert_new(tx, _key, row):
        return wrapped
    kept = find_wrapped(tx, sha256)
    assert kept is not None
    return kept


def all_wrapped(tx: Tx, *, lock: bool = False) -> dict[str, str]:
    """sha256 -> locked key, of all recordings; lock: nobody else changes one before this transaction ends."""
    statement = select(_key.c.sha256, _key.c.wrapped).order_by(_key.c.sha256)
    rows = tx.execute(statement.with_for_update() if lock else statement)
    return {row.sha256: row.wrapped for row in rows}


def replace_wrapped(tx: Tx, sha256: str, wrapped: str, master_id: str) -> None:
    """The same key, locked with another master key."""
    tx.execute(update(_key).where(_key.c.sha256 == sha256).values(wrapped=wrapped, master_id=master_id))


def destroy(tx: Tx, sha256: str) -> None:
    """Removes the locked key; what is not there is no fault."""
    tx.execute(delete(_key).where(_key.c.sha256 == sha256))


def master_id(tx: Tx) -> str | None:
    """The id of the master key with which the keys are locked; None when nothing is locked yet."""
    found = tx.execute(select(_key.c.master_id).limit(1)).scalar()
    return None if found is None else str(found)
