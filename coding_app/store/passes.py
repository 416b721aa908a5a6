"""Coding passes: opened, submitted, and seldom opened again."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from coding_app.domain.coding import CodingPass, Purpose, check_open
from coding_app.errors import CodingError
from coding_app.store import tables, transcripts
from coding_app.store.engine import Tx
from coding_app.store.statements import insert_new, the_row


def add_pass(tx: Tx, coding_pass: CodingPass) -> None:
    """Opens a pass and freezes its transcript; the scheme's text must be kept before (keep_scheme).

    Raises CodingError when the coder has an open pass on this recording with this scheme and purpose.
    """
    transcripts.freeze(tx, coding_pass.transcript_id)
    if not insert_new(tx, tables.coding_pass, asdict(coding_pass)):
        raise CodingError("This observer has already begun to code this recording; continue that coding.")


def get_pass(tx: Tx, pass_id: str, *, lock: bool = False) -> CodingPass:
    """lock: no event and no submit comes in before this transaction ends. Raises NotFoundError."""
    return as_pass(the_row(tx, tables.coding_pass, pass_id, called="coding pass", lock=lock))


def list_passes(
    tx: Tx, *, study_id: str | None = None, recording_id: str | None = None, coder_id: str | None = None
) -> tuple[CodingPass, ...]:
    """Those that meet everything asked for, in the order in which they were opened."""
    table = tables.coding_pass
    statement = select(table).order_by(table.c.opened_at, table.c.id)
    if study_id is not None:
        statement = statement.join(tables.coder).where(tables.coder.c.study_id == study_id)
    if recording_id is not None:
        statement = statement.where(table.c.recording_id == recording_id)
    if coder_id is not None:
        statement = statement.where(table.c.coder_id == coder_id)
    return tuple(as_pass(row) for row in tx.execute(statement))


def coded_otherwise(tx: Tx, scheme_id: str, version: str, sha256: str) -> bool:
    """Whether a pass was opened with this version of the scheme in another content."""
    table = tables.coding_pass
    same = (table.c.scheme_id == scheme_id) & (table.c.scheme_version == version)
    return (
        tx.execute(select(table.c.id).where(same & (table.c.scheme_sha256 != sha256)).limit(1)).first()
        is not None
    )


def n_with_scheme(tx: Tx, scheme_id: str, version: str) -> int:
    """How many passes were opened with this version of the scheme."""
    table = tables.coding_pass
    same = (table.c.scheme_id == scheme_id) & (table.c.scheme_version == version)
    return tx.execute(select(func.count()).select_from(table).where(same)).scalar_one()


def mark_submitted(tx: Tx, pass_id: str, at: datetime) -> None:
    """Closes the pass. Raises SubmittedError when it is closed, NotFoundError when there is none."""
    check_open(get_pass(tx, pass_id, lock=True))
    tx.execute(update(tables.coding_pass).where(tables.coding_pass.c.id == pass_id).values(submitted_at=at))


def mark_open(tx: Tx, pass_id: str) -> None:
    """Opens a submitted pass again; its events stay. Raises NotFoundError when there is none."""
    get_pass(tx, pass_id, lock=True)
    tx.execute(update(tables.coding_pass).where(tables.coding_pass.c.id == pass_id).values(submitted_at=None))


def as_pass(row: Row[Any]) -> CodingPass:
    """The pass in a row of coding_pass."""
    return CodingPass(**{**row._mapping, "purpose": Purpose(row.purpose)})
