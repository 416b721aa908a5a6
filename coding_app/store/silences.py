"""The stretches of a recording that are silent in every clip of it, because a name is said there."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import delete, select

from coding_app.domain.times import Span
from coding_app.store.engine import Tx
from coding_app.store.statements import insert_new
from coding_app.store.work_tables import silence


def add_silences(tx: Tx, recording_id: str, spans: Iterable[Span]) -> None:
    """Adds the stretches; one that is there already stays."""
    for span in sorted(set(spans)):
        row = {"recording_id": recording_id, "start_ms": span.start_ms, "end_ms": span.end_ms}
        insert_new(tx, silence, row | {"id": uuid4().hex, "made_at": datetime.now(UTC)})


def list_silences(tx: Tx, recording_id: str) -> tuple[Span, ...]:
    """In order of time; they may overlap."""
    mine = select(silence.c.start_ms, silence.c.end_ms).where(silence.c.recording_id == recording_id)
    return tuple(Span(*row) for row in tx.execute(mine.order_by(silence.c.start_ms, silence.c.end_ms)))


def remove_silence(tx: Tx, recording_id: str, span: Span) -> bool:
    """Removes exactly this stretch; returns whether it was there."""
    this = (silence.c.start_ms == span.start_ms) & (silence.c.end_ms == span.end_ms)
    return tx.execute(delete(silence).where(silence.c.recording_id == recording_id, this)).rowcount > 0
