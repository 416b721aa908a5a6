"""The ledger of coding events and, kept in the same transaction, what they add up to."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Table, bindparam, delete, func, select

from coding_app.domain.coding import AppliedCode, CodingEvent, Judgement, check_open
from coding_app.domain.times import Span
from coding_app.domain.units import Unit
from coding_app.errors import CodingError, NotFoundError
from coding_app.store import sealing, tables
from coding_app.store.engine import Tx
from coding_app.store.passes import as_pass
from coding_app.store.statements import batched, insert_all_new, put_all, rows_where

ID_LENGTH = 64
UNREAD = "(not read)"
_AT_ONCE = 500


def append_events(tx: Tx, events: Sequence[CodingEvent]) -> list[str]:
    """Stores each event once, in the given order, and brings the projection up to it; returns all ids.

    An event that is stored already changes nothing, also after the pass was submitted: a browser that
    never got the answer may ask again. Raises SubmittedError for a new event in a submitted pass,
    NotFoundError for an unknown pass, CodingError for an id that is stored with another content; then
    nothing of the transaction is kept.
    """
    # The pass rows stay locked to the end: no submit comes in between, and order is the order of seq.
    pass_ids = [event.pass_id for event in events]
    found = rows_where(tx, tables.coding_pass, tables.coding_pass.c.id, pass_ids, lock=True)
    passes = {row.id: as_pass(row) for row in found}
    for some in batched(events, _AT_ONCE):
        new = _not_stored_yet(tx, some)
        for event in new:
            if event.pass_id not in passes:
                raise NotFoundError(
                    f"There is no coding pass '{event.pass_id[:ID_LENGTH]}'; open the recording again."
                )
            check_open(passes[event.pass_id])
        _store(tx, new)
    return [event.id for event in events]


def list_events(tx: Tx, pass_id: str) -> tuple[CodingEvent, ...]:
    """The whole ledger of a pass, in the order in which the server stored it."""
    return tuple(_event(tx, row) for row in _ledger(tx, pass_id))


def count_events(tx: Tx, pass_id: str) -> int:
    """How many events the ledger of a pass holds."""
    table = tables.coding_event
    return int(tx.execute(select(func.count()).where(table.c.pass_id == pass_id)).scalar_one())


def judgements(tx: Tx, pass_id: str) -> dict[tuple[str, str], Judgement]:
    """What holds now, by (unit key, criterion), from the projection; equal to fold() of the ledger."""
    table = tables.coding_state
    rows = tx.execute(select(table).where(table.c.pass_id == pass_id).order_by(table.c.seq))
    return {(row.unit_key, row.criterion): _judgement(tx, row) for row in rows}


def judgements_of_all(tx: Tx, pass_ids: Sequence[str]) -> dict[str, dict[tuple[str, str], Judgement]]:
    """As judgements, of several passes at once, without what notes say: each that there is, is called UNREAD."""
    table = tables.coding_state
    found: dict[str, dict[tuple[str, str], Judgement]] = {each: {} for each in pass_ids}
    rows = rows_where(tx, table, table.c.pass_id, pass_ids)
    for row in sorted(rows, key=lambda each: int(each.seq)):
        note = UNREAD if row.note else row.note
        held = Judgement(_unit(row), row.criterion, _codes(row), row.value, note)
        found[row.pass_id][row.unit_key, row.criterion] = held
    return found


def rebuild_projection(tx: Tx, pass_id: str) -> None:
    """Makes the projection of one pass again from its ledger."""
    tx.execute(delete(tables.coding_state).where(tables.coding_state.c.pass_id == pass_id))
    _project(tx, _ledger(tx, pass_id))


def counts(tx: Tx, pass_ids: Sequence[str]) -> dict[str, int]:
    """How many judgements hold now in each pass; 0 where there are none."""
    table = tables.coding_state
    found = dict.fromkeys(pass_ids, 0)
    for some in batched(list(found), _AT_ONCE):
        counted = (
            select(table.c.pass_id, func.count()).where(table.c.pass_id.in_(some)).group_by(table.c.pass_id)
        )
        found.update((row[0], row[1]) for row in tx.execute(counted))
    return found


def last_stored(tx: Tx, pass_ids: Sequence[str]) -> dict[str, datetime]:
    """When the last event of each pass was stored; passes without events are left out."""
    table = tables.coding_event
    found: dict[str, datetime] = {}
    for some in batched(sorted(set(pass_ids)), _AT_ONCE):
        last = select(table.c.pass_id, func.max(table.c.stored_at)).where(table.c.pass_id.in_(some))
        found.update((row[0], row[1]) for row in tx.execute(last.group_by(table.c.pass_id)))
    return found


def _ledger(tx: Tx, pass_id: str) -> Sequence[Row[Any]]:
    table = tables.coding_event
    return tx.execute(select(table).where(table.c.pass_id == pass_id).order_by(table.c.seq)).all()


def _not_stored_yet(tx: Tx, events: Sequence[CodingEvent]) -> list[CodingEvent]:
    """The events whose ids are new, each once. Raises CodingError for an id with two contents."""
    known = _stored(tx, events)
    new: list[CodingEvent] = []
    for event in events:
        if not 0 < len(event.id) <= ID_LENGTH:
            raise CodingError(f"An event's id has {len(event.id)} characters; it must have 1 to {ID_LENGTH}.")
        if event.id not in known:
            new.append(event)
        _check_same(known.setdefault(event.id, event), event)
    return new


def _store(tx: Tx, new: Sequence[CodingEvent]) -> None:
    if not new:
        return
    stored_at = datetime.now(UTC)
    table = tables.coding_event
    insert_all_new(
        tx, table, [_sealed(tx, table, _row(event) | {"stored_at": stored_at}) for event in new], key="id"
    )
    rows = sorted(
        rows_where(tx, table, table.c.id, [event.id for event in new]), key=lambda row: int(row.seq)
    )
    # On PostgreSQL another pass may have taken an id between our look and our insert.
    wanted = {event.id: event for event in new}
    for row in rows:
        _check_same(_event(tx, row), wanted[row.id])
    _project(tx, rows)


def _project(tx: Tx, rows: Sequence[Row[Any]]) -> None:
    """Brings the projection up to these rows of the ledger, which are the newest of their passes, by seq."""
    last = {(row.pass_id, row.unit_key, row.criterion): row for row in rows}
    holds = {key: bool(row.codes or row.value is not None or row.note) for key, row in last.items()}
    kept = [row for key, row in last.items() if holds[key]]
    cleared = [key for key in last if not holds[key]]
    if kept:
        put_all(tx, tables.coding_state, [_state_row(tx, row) for row in kept])
    if cleared:
        names = ("pass_id", "unit_key", "criterion")
        state = tables.coding_state
        this = [state.c[name] == bindparam(f"the_{name}") for name in names]
        tx.execute(
            delete(state).where(*this),
            [dict(zip((f"the_{n}" for n in names), key, strict=True)) for key in cleared],
        )


def _state_row(tx: Tx, event: Row[Any]) -> dict[str, Any]:
    """The row of the projection for an event; its note is sealed anew, for it opens in its own place only."""
    state = tables.coding_state
    row = {column.name: event._mapping[column.name] for column in state.c}
    return _sealed(tx, state, row | {"note": _note(tx, tables.coding_event, event)})


def _sealed(tx: Tx, table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return sealing.of_pass(tx, row["pass_id"]).seal(table, row) if row["note"] else row


def _note(tx: Tx, table: Table, row: Row[Any]) -> str | None:
    note: str | None = sealing.of_pass(tx, row.pass_id).open(table, row)["note"] if row.note else row.note
    return note


def _stored(tx: Tx, events: Sequence[CodingEvent]) -> dict[str, CodingEvent]:
    table = tables.coding_event
    return {
        row.id: _event(tx, row) for row in rows_where(tx, table, table.c.id, [event.id for event in events])
    }


def _check_same(one: CodingEvent, other: CodingEvent) -> None:
    if _row(one) != _row(other):
        raise CodingError(
            f"The event '{one.id}' is already stored with another content; reload the page and code it again."
        )


def _row(event: CodingEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "pass_id": event.pass_id,
        "unit_key": event.unit.key,
        "start_ms": event.unit.span.start_ms,
        "end_ms": event.unit.span.end_ms,
        "criterion": event.criterion,
        "codes": [
            {"code": code.code, "attributes": dict(code.attributes), "links": list(code.links)}
            for code in event.codes
        ],
        "value": event.value,
        "note": event.note,
        "at": event.at,
        "act": event.act,
        "step": event.step,
    }


def _codes(row: Row[Any]) -> tuple[AppliedCode, ...]:
    return tuple(AppliedCode(each["code"], each["attributes"], tuple(each["links"])) for each in row.codes)


def _unit(row: Row[Any]) -> Unit:
    return Unit(row.unit_key, Span(row.start_ms, row.end_ms))


def _event(tx: Tx, row: Row[Any]) -> CodingEvent:
    note = _note(tx, tables.coding_event, row)
    return CodingEvent(
        row.id, row.pass_id, _unit(row), row.criterion, _codes(row), row.at, row.value, note, row.act, row.step,
    )  # fmt: skip


def _judgement(tx: Tx, row: Row[Any]) -> Judgement:
    note = _note(tx, tables.coding_state, row)
    return Judgement(_unit(row), row.criterion, _codes(row), row.value, note)
