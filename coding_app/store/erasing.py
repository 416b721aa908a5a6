"""Erasing a recording with all that belongs to it, as long as nobody has coded it."""

from sqlalchemy import delete, select

from coding_app.errors import InputError
from coding_app.store import tables
from coding_app.store.engine import Tx
from coding_app.store.statements import the_row


def erase_recording(tx: Tx, recording_id: str) -> tuple[str, ...]:
    """Removes the recording, its transcripts and everything made from it, and its session when it was the last.

    Returns the ids of its transcriptions, done or not. Raises InputError when somebody has begun to code it,
    NotFoundError when there is none.
    """
    session_id = the_row(tx, tables.recording, recording_id, called="recording", lock=True).session_id
    coded = select(tables.coding_pass.c.id).where(tables.coding_pass.c.recording_id == recording_id)
    if tx.execute(coded.limit(1)).first() is not None:
        raise InputError(
            "Somebody has begun to code this recording, so it is kept; judgements without their recording could "
            "not be checked any more."
        )
    runs, transcript = tables.transcription, tables.transcript
    run_ids = tuple(tx.execute(select(runs.c.id).where(runs.c.recording_id == recording_id)).scalars())
    tx.execute(
        delete(tables.transcription_chunk).where(tables.transcription_chunk.c.transcription_id.in_(run_ids))
    )
    tx.execute(delete(runs).where(runs.c.recording_id == recording_id))
    mine = select(transcript.c.id).where(transcript.c.recording_id == recording_id)
    for table in (
        tables.transcript_edit,
        tables.transcript_correction,
        tables.segment,
        tables.transcript_speaker,
    ):
        tx.execute(delete(table).where(table.c.transcript_id.in_(mine)))
    tx.execute(delete(transcript).where(transcript.c.recording_id == recording_id))
    tx.execute(delete(tables.recording_check).where(tables.recording_check.c.recording_id == recording_id))
    tx.execute(delete(tables.recording).where(tables.recording.c.id == recording_id))
    others = select(tables.recording.c.id).where(tables.recording.c.session_id == session_id)
    if tx.execute(others.limit(1)).first() is None:
        tx.execute(delete(tables.therapy_session).where(tables.therapy_session.c.id == session_id))
    return run_ids
