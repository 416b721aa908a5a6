"""The audit: entries are added, in one chain for the whole database, and never changed."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, text

from coding_app.domain.audit import BEGINNING, Act, AuditEntry
from coding_app.domain.people import Actor
from coding_app.store import tables
from coding_app.store.engine import Tx

AT_ONCE = 1_000
_ONE_CHAIN = 7_262_633_402  # any number, the same in every process of this app


def append(
    tx: Tx,
    act: Act,
    actor: Actor,
    at: datetime,
    *,
    study_id: str | None = None,
    subject: str | None = None,
    **details: str | int | float | bool | None,
) -> AuditEntry:
    """Adds an entry behind the last one; it is kept when the transaction is."""
    if tx.dialect.name == "postgresql":  # SQLite has one writer anyway
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_CHAIN})
    table = tables.audit_entry
    last = tx.execute(select(table.c.seq, table.c.hash).order_by(table.c.seq.desc()).limit(1)).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, BEGINNING)
    entry = AuditEntry(seq, at, act, actor.name, actor.account_id, study_id, subject, previous, details)
    tx.execute(table.insert().values(**asdict(entry) | {"act": str(act), "hash": entry.hash}))
    return entry


def all_entries(tx: Tx) -> Iterator[tuple[AuditEntry, str]]:
    """Every entry in its order with the hash stored with it; a few in memory at a time."""
    found = tx.execution_options(yield_per=AT_ONCE).execute(
        select(tables.audit_entry).order_by(tables.audit_entry.c.seq)
    )
    with closing(found):  # also when nobody looks on behind the first broken entry
        for row in found:
            yield _entry(row), row.hash


def newest(
    tx: Tx, study_ids: frozenset[str] | None, *, before: int | None = None, n: int = 100
) -> tuple[AuditEntry, ...]:
    """Up to n entries, the newest first. study_ids: of these studies only, None = all. before: a seq."""
    table = tables.audit_entry
    wanted = select(table).order_by(table.c.seq.desc()).limit(n)
    if study_ids is not None:
        wanted = wanted.where(table.c.study_id.in_(sorted(study_ids)))
    if before is not None:
        wanted = wanted.where(table.c.seq < before)
    return tuple(_entry(row) for row in tx.execute(wanted))


def _entry(row: Row[Any]) -> AuditEntry:
    told: Mapping[str, Any] = row.details
    return AuditEntry(
        row.seq,
        row.at,
        _act(row.act),
        row.who,
        row.account_id,
        row.study_id,
        row.subject,
        row.previous,
        told,
    )


def _act(said: str) -> Act:
    """An act of a later version, or one that was tampered with, stays what it says."""
    try:
        return Act(said)
    except ValueError:
        return said  # type: ignore[return-value]
