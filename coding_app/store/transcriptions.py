"""Transcriptions under way, and the chunks each has finished."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import Row, delete, select, update

from coding_app.domain.transcription import Transcription, TranscriptionState
from coding_app.store import sealing, tables
from coding_app.store.engine import Tx
from coding_app.store.statements import put_all, the_row


class Changes(TypedDict, total=False):
    """What may change while a transcription runs."""

    state: TranscriptionState
    progress: float
    seconds_left: float | None
    message: str | None
    model: str
    language: str | None
    n_speakers: int | None
    n_chunks: int | None
    updated_at: datetime


def add_transcription(tx: Tx, transcription: Transcription) -> None:
    """Raises NotFoundError when the recording is unknown."""
    the_row(tx, tables.recording, transcription.recording_id, called="recording")
    row = asdict(transcription) | {"channels": list(transcription.channels)}
    table = tables.transcription
    tx.execute(table.insert().values(sealing.of_recording(tx, transcription.recording_id).seal(table, row)))


def get_transcription(tx: Tx, transcription_id: str) -> Transcription:
    """Raises NotFoundError when there is none."""
    return _transcription(tx, the_row(tx, tables.transcription, transcription_id, called="transcription"))


def find_transcription(tx: Tx, transcription_id: str) -> Transcription | None:
    """None when there is none, for instance because its recording was erased."""
    table = tables.transcription
    row = tx.execute(select(table).where(table.c.id == transcription_id)).one_or_none()
    return _transcription(tx, row) if row else None


def list_transcriptions(
    tx: Tx, recording_id: str | None = None, states: Sequence[TranscriptionState] | None = None
) -> tuple[Transcription, ...]:
    """Oldest first; of one recording or in some states only, when asked for."""
    table = tables.transcription
    statement = select(table).order_by(table.c.created_at, table.c.id)
    if recording_id is not None:
        statement = statement.where(table.c.recording_id == recording_id)
    if states is not None:
        statement = statement.where(table.c.state.in_(states))
    return tuple(_transcription(tx, row) for row in tx.execute(statement))


def update_transcription(
    tx: Tx,
    transcription_id: str,
    *,
    only_from: Sequence[TranscriptionState] | None = None,
    **changes: Unpack[Changes],
) -> bool:
    """Changes the named fields and updated_at; returns whether it did.

    only_from: change nothing unless it is in one of these states, checked under lock (a cancelled one must
    not become done). Raises NotFoundError when there is none.
    """
    row = the_row(tx, tables.transcription, transcription_id, called="transcription", lock=True)
    if only_from is not None and row.state not in only_from:
        return False
    table = tables.transcription
    values = {"updated_at": datetime.now(UTC), **changes}
    tx.execute(update(table).where(table.c.id == transcription_id).values(**values))
    return True


def save_chunk(tx: Tx, transcription_id: str, number: int, payload_json: str) -> None:
    """Keeps the result of one chunk; the same number again replaces it."""
    row = {"transcription_id": transcription_id, "number": number, "payload": payload_json}
    table = tables.transcription_chunk
    put_all(tx, table, [sealing.of_transcription(tx, transcription_id).seal(table, row)])


def chunks(tx: Tx, transcription_id: str) -> dict[int, str]:
    """Number -> payload of the chunks that are done, in order."""
    table = tables.transcription_chunk
    of_this = select(table).where(table.c.transcription_id == transcription_id).order_by(table.c.number)
    sealer = sealing.of_transcription(tx, transcription_id)
    return {row.number: str(sealer.open(table, row)["payload"]) for row in tx.execute(of_this)}


def drop_chunks(tx: Tx, transcription_id: str) -> None:
    """Forgets the chunks, once their transcript is stored or when starting anew."""
    table = tables.transcription_chunk
    tx.execute(delete(table).where(table.c.transcription_id == transcription_id))


def _transcription(tx: Tx, row: Row[Any]) -> Transcription:
    opened = sealing.of_recording(tx, row.recording_id).open(tables.transcription, row)
    return Transcription(**{**opened, "channels": tuple(row.channels)})
