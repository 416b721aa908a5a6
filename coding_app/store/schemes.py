"""The exact text of every scheme version that a pass was made with."""

from sqlalchemy import select

from coding_app.errors import NotFoundError
from coding_app.store import tables
from coding_app.store.engine import Tx
from coding_app.store.statements import insert_new


def keep_scheme(tx: Tx, scheme_id: str, version: str, sha256: str, text: str) -> None:
    """Keeps the scheme file's text for good; keeping it again changes nothing."""
    row = {"scheme_id": scheme_id, "version": version, "sha256": sha256, "text": text}
    insert_new(tx, tables.scheme_version, row)


def scheme_text(tx: Tx, scheme_id: str, version: str, sha256: str) -> str:
    """Raises NotFoundError when this version was never kept."""
    table = tables.scheme_version
    this = (table.c.scheme_id == scheme_id) & (table.c.version == version) & (table.c.sha256 == sha256)
    found: str | None = tx.execute(select(table.c.text).where(this)).scalar()
    if found is None:
        raise NotFoundError(
            f"The scheme '{scheme_id}' {version} is not kept here in this form; add its file again."
        )
    return found


def list_kept(tx: Tx) -> tuple[tuple[str, str, str, str], ...]:
    """Every kept version as (scheme id, version, sha256, text), in no order."""
    table = tables.scheme_version
    found = tx.execute(select(table.c.scheme_id, table.c.version, table.c.sha256, table.c.text))
    return tuple((row.scheme_id, row.version, row.sha256, row.text) for row in found)
