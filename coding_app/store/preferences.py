"""How each coder's workbench behaves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from coding_app.store import tables
from coding_app.store.engine import Tx
from coding_app.store.statements import put_all, the_row


def get_preferences(tx: Tx, coder_id: str) -> dict[str, Any] | None:
    """What the coder keeps, as it was put; None while nothing is kept."""
    table = tables.coder_preference
    kept = tx.execute(select(table.c.preferences).where(table.c.coder_id == coder_id)).scalar()
    return None if kept is None else dict(kept)


def put_preferences(tx: Tx, coder_id: str, preferences: Mapping[str, Any], at: datetime) -> None:
    """Keeps them in place of what was kept. Raises NotFoundError for an unknown coder."""
    the_row(tx, tables.coder, coder_id, called="observer")
    row = {"coder_id": coder_id, "preferences": dict(preferences), "updated_at": at}
    put_all(tx, tables.coder_preference, [row])
