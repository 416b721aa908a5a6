"""Texts that an earlier version, or the restoring of its backup, left plain in the database: found, and sealed."""

from sqlalchemy import (
    JSON,
    ColumnElement,
    FromClause,
    Select,
    String,
    Table,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
    update,
)

from coding_app.store import sealing, tables, work_tables
from coding_app.store.engine import Tx

_OWNERS: tuple[
    tuple[Table, str, Table], ...
] = (  # which of its columns refers to what belongs to a recording
    (tables.segment, "transcript_id", tables.transcript),
    (tables.transcript_correction, "transcript_id", tables.transcript),
    (tables.transcript_edit, "transcript_id", tables.transcript),
    (tables.transcription_chunk, "transcription_id", tables.transcription),
    (tables.transcription, "recording_id", tables.recording),
    (tables.coding_event, "pass_id", tables.coding_pass),
    (tables.coding_state, "pass_id", tables.coding_pass),
    (work_tables.pass_reopening, "pass_id", tables.coding_pass),
)


def recordings_with_plain_texts(tx: Tx) -> list[str]:
    """The ids of the recordings of which something that was said, or a note, is not sealed."""
    found: set[str] = set()
    for table, _, owner in _OWNERS:
        found.update(
            tx.execute(
                select(_recording_id(owner)).select_from(_joined(table)).where(is_plain(table)).distinct()
            ).scalars()
        )
    return sorted(found)


def seal_plain_texts(tx: Tx, recording_id: str) -> int:
    """Seals what is plain of this recording and returns how many rows that were; nobody changes them meanwhile."""
    n = 0
    sealer = sealing.of_recording(tx, recording_id)
    for table, _, owner in _OWNERS:
        mine = _locked(table).where(_recording_id(owner) == recording_id, is_plain(table))
        rows = [sealer.seal(table, sealer.open(table, row)) for row in tx.execute(mine).all()]
        columns, _, _ = sealing.SEALED[table.name]
        this = [key == bindparam(f"this_{key.name}", type_=key.type) for key in table.primary_key]
        values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in columns}
        if rows:
            tx.execute(
                update(table).where(*this).values(values),
                [
                    {f"this_{key.name}": row[key.name] for key in table.primary_key}
                    | {f"new_{name}": row[name] for name in columns}
                    for row in rows
                ],
            )
        n += len(rows)
    return n


def _locked(table: Table) -> Select[tuple[object, ...]]:
    return select(table).select_from(_joined(table)).with_for_update(of=table)


def _joined(table: Table) -> FromClause:
    (column, owner) = next((column, owner) for each, column, owner in _OWNERS if each is table)
    return table.join(owner, owner.c.id == table.c[column])


def _recording_id(owner: Table) -> ColumnElement[str]:
    return owner.c.id if owner is tables.recording else owner.c.recording_id


def is_plain(table: Table) -> ColumnElement[bool]:
    """Whether a row holds a text that is there and not sealed."""
    columns, _, _ = sealing.SEALED[table.name]
    return or_(*(_not_sealed(table.c[name]) for name in columns))


def _not_sealed(column: ColumnElement[object]) -> ColumnElement[bool]:
    held, prefix = cast(column, String), sealing.PREFIX
    if isinstance(column.type, JSON):
        prefix = f'"{prefix}'
    begins = func.substr(held, 1, len(prefix))
    return and_(begins != prefix, held.not_in(("", "[]", "{}", "null")))
