"""Transcript revisions with their speakers and segments."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, func, select, update

from coding_app.domain.times import Span
from coding_app.domain.transcript import SPEAKER_ROLES, Segment, Transcript, Word
from coding_app.errors import CodingError, InputError
from coding_app.store import tables
from coding_app.store.engine import Tx
from coding_app.store.statements import the_row


def add_transcript(tx: Tx, transcript: Transcript) -> Transcript:
    """Stores it as the recording's next revision and returns it with that revision's number.

    Raises NotFoundError when the recording is unknown.
    """
    the_row(
        tx, tables.recording, transcript.recording_id, called="recording", lock=True
    )  # revisions count one by one
    table = tables.transcript
    last = select(func.max(table.c.revision)).where(table.c.recording_id == transcript.recording_id)
    stored = replace(transcript, revision=(tx.execute(last).scalar() or 0) + 1)
    columns = set(table.c.keys())
    tx.execute(table.insert().values({name: getattr(stored, name) for name in columns}))
    speakers = [
        {"transcript_id": stored.id, "label": label, "position": position, "role": role}
        for position, (label, role) in enumerate(stored.speakers.items())
    ]
    if speakers:
        tx.execute(tables.transcript_speaker.insert(), speakers)
    segments = [_segment_row(stored.id, position, each) for position, each in enumerate(stored.segments)]
    if segments:
        tx.execute(tables.segment.insert(), segments)
    return stored


def get_transcript(tx: Tx, transcript_id: str) -> Transcript:
    """With segments. Raises NotFoundError when there is none."""
    return _whole(tx, the_row(tx, tables.transcript, transcript_id, called="transcript"))


def current_transcript(tx: Tx, recording_id: str) -> Transcript | None:
    """The highest revision, with segments; None while there is none."""
    table = tables.transcript
    mine = select(table).where(table.c.recording_id == recording_id)
    row = tx.execute(mine.order_by(table.c.revision.desc()).limit(1)).first()
    return _whole(tx, row) if row else None


def list_transcripts(tx: Tx, recording_id: str) -> tuple[Transcript, ...]:
    """All revisions, oldest first, without their segments."""
    table = tables.transcript
    mine = select(table).where(table.c.recording_id == recording_id).order_by(table.c.revision)
    return tuple(_without_segments(tx, row) for row in tx.execute(mine).all())


def assign_role(tx: Tx, transcript_id: str, speaker_label: str, role: str | None) -> None:
    """Says who a speaker is.

    Raises CodingError when the transcript is frozen, InputError for an unknown label or role, NotFoundError.
    """
    if the_row(tx, tables.transcript, transcript_id, called="transcript", lock=True).frozen:
        raise CodingError(
            "Somebody is already coding this transcript; its speakers can no longer be changed."
        )
    if role is not None and role not in SPEAKER_ROLES:
        raise InputError(f"A speaker cannot be '{role}'; choose one of {', '.join(SPEAKER_ROLES)}.")
    table = tables.transcript_speaker
    one = (table.c.transcript_id == transcript_id) & (table.c.label == speaker_label)
    if tx.execute(update(table).where(one).values(role=role)).rowcount == 0:
        raise InputError(f"This transcript has no speaker '{speaker_label}'; choose one of its speakers.")


def freeze(tx: Tx, transcript_id: str) -> None:
    """From now on nothing in this revision changes; freezing twice is no harm.

    Raises NotFoundError when there is none.
    """
    the_row(tx, tables.transcript, transcript_id, called="transcript")
    tx.execute(update(tables.transcript).where(tables.transcript.c.id == transcript_id).values(frozen=True))


def _without_segments(tx: Tx, row: Row[Any]) -> Transcript:
    table = tables.transcript_speaker
    of_this = select(table).where(table.c.transcript_id == row.id).order_by(table.c.position)
    speakers = {speaker.label: speaker.role for speaker in tx.execute(of_this)}
    return Transcript(**row._mapping, segments=(), speakers=speakers)


def _whole(tx: Tx, row: Row[Any]) -> Transcript:
    table = tables.segment
    of_this = select(table).where(table.c.transcript_id == row.id).order_by(table.c.position)
    return replace(_without_segments(tx, row), segments=tuple(_segment(each) for each in tx.execute(of_this)))


def _segment_row(transcript_id: str, position: int, segment: Segment) -> dict[str, Any]:
    return {
        "transcript_id": transcript_id,
        "key": segment.key,
        "position": position,
        "start_ms": segment.span.start_ms,
        "end_ms": segment.span.end_ms,
        "speaker": segment.speaker,
        "text": segment.text,
        "words": [[word.start_ms, word.end_ms, word.text, word.probability] for word in segment.words],
    }


def _segment(row: Row[Any]) -> Segment:
    words = tuple(Word(*word) for word in row.words)
    return Segment(row.key, Span(row.start_ms, row.end_ms), row.speaker, row.text, words)
