"""Transcript revisions with their speakers and segments."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select, update

from coding_app.domain.times import Span
from coding_app.domain.transcript import SPEAKER_ROLES, Segment, Transcript, Word
from coding_app.errors import CodingError, InputError, NotFoundError
from coding_app.store import sealing, tables
from coding_app.store.engine import Tx
from coding_app.store.sealing import Sealer
from coding_app.store.statements import rows_where, the_row


def add_transcript(tx: Tx, transcript: Transcript) -> Transcript:
    """Stores it as the recording's next revision and returns it with that revision's number.

    Raises NotFoundError when the recording is unknown.
    """
    stored = replace(transcript, revision=next_revision(tx, transcript.recording_id))
    add_header(tx, stored)
    speakers = [
        {"transcript_id": stored.id, "label": label, "position": position, "role": role}
        for position, (label, role) in enumerate(stored.speakers.items())
    ]
    if speakers:
        tx.execute(tables.transcript_speaker.insert(), speakers)
    sealer = sealing.of_recording(tx, stored.recording_id)
    segments = [
        segment_row(sealer, stored.id, position, each) for position, each in enumerate(stored.segments)
    ]
    if segments:
        tx.execute(tables.segment.insert(), segments)
    return stored


def add_header(tx: Tx, transcript: Transcript) -> None:
    """The row of a revision alone, as it is given."""
    table = tables.transcript
    tx.execute(table.insert().values({column.name: getattr(transcript, column.name) for column in table.c}))


def next_revision(tx: Tx, recording_id: str) -> int:
    """The number of the recording's next revision, which is the caller's until the transaction ends.

    Raises NotFoundError when the recording is unknown.
    """
    the_row(tx, tables.recording, recording_id, called="recording", lock=True)  # they count one by one
    table = tables.transcript
    last = select(func.max(table.c.revision)).where(table.c.recording_id == recording_id)
    return (tx.execute(last).scalar() or 0) + 1


def get_transcript(tx: Tx, transcript_id: str) -> Transcript:
    """With segments. Raises NotFoundError when there is none."""
    return _whole(tx, the_row(tx, tables.transcript, transcript_id, called="transcript"))


def get_header(tx: Tx, transcript_id: str) -> Transcript:
    """Without segments. Raises NotFoundError when there is none."""
    return _without_segments(tx, the_row(tx, tables.transcript, transcript_id, called="transcript"))


def current_transcript(tx: Tx, recording_id: str) -> Transcript | None:
    """The newest revision of the newest segmentation, with segments; None while there is none.

    A correction of an older segmentation's text is a newer revision, but brings no old cut back.
    """
    row = _current_row(tx, recording_id)
    return _whole(tx, row) if row else None


def current_id(tx: Tx, recording_id: str) -> str | None:
    """The id of the current transcript, without reading its words; None while there is none."""
    row = _current_row(tx, recording_id)
    return str(row.id) if row else None


def _current_row(tx: Tx, recording_id: str) -> Row[Any] | None:
    table, first = tables.transcript, tables.transcript.alias("first")
    mine = (
        select(table)
        .join(first, first.c.id == table.c.segmentation)
        .where(table.c.recording_id == recording_id)
        .order_by(first.c.revision.desc(), table.c.revision.desc())
    )
    return tx.execute(mine.limit(1)).first()


def newest_revision(tx: Tx, segmentation: str, *, lock: bool = False) -> Transcript:
    """The newest revision with these segment keys and spans, without its segments.

    lock: no other revision of the recording is made, and this one neither changes nor is frozen, before the
    transaction ends. Raises NotFoundError when there is none.
    """
    if lock:
        first = the_row(tx, tables.transcript, segmentation, called="transcript")
        the_row(tx, tables.recording, first.recording_id, called="recording", lock=True)
    table = tables.transcript
    newest = select(table.c.id).where(table.c.segmentation == segmentation).order_by(table.c.revision.desc())
    newest_id = tx.execute(newest.limit(1)).scalar() or segmentation
    return _without_segments(tx, the_row(tx, table, newest_id, called="transcript", lock=lock))


def segmentations(tx: Tx, recording_id: str) -> dict[str, str]:
    """Transcript id -> segmentation of every revision of a recording."""
    table = tables.transcript
    rows = tx.execute(select(table.c.id, table.c.segmentation).where(table.c.recording_id == recording_id))
    return {row.id: row.segmentation for row in rows}


class Revision(NamedTuple):
    """What tells which revisions of a transcript belong together, and which is the newest."""

    segmentation: str
    number: int


def revisions(tx: Tx, study_id: str) -> dict[str, Revision]:
    """Transcript id -> revision, of all recordings of a study."""
    table, recording, session = tables.transcript, tables.recording, tables.therapy_session
    mine = (
        select(table.c.id, table.c.segmentation, table.c.revision)
        .join(recording, recording.c.id == table.c.recording_id)
        .join(session, session.c.id == recording.c.session_id)
        .where(session.c.study_id == study_id)
    )
    return {row.id: Revision(row.segmentation, row.revision) for row in tx.execute(mine)}


def newest_of(known: Mapping[str, Revision]) -> dict[str, str]:
    """Transcript id -> the newest revision with the same segment keys and spans, as newest_revision tells it."""
    last = {each.segmentation: key for key, each in sorted(known.items(), key=lambda one: one[1].number)}
    return {key: last[each.segmentation] for key, each in known.items()}


def roles_of(tx: Tx, transcript_ids: Sequence[str]) -> dict[str, frozenset[str | None]]:
    """The roles of the speakers of each of these transcripts."""
    table = tables.transcript_speaker
    found: dict[str, set[str | None]] = {each: set() for each in transcript_ids}
    for row in rows_where(tx, table, table.c.transcript_id, transcript_ids):
        found[row.transcript_id].add(row.role)
    return {key: frozenset(roles) for key, roles in found.items()}


def list_transcripts(tx: Tx, recording_id: str) -> tuple[Transcript, ...]:
    """All revisions, oldest first, without their segments."""
    table = tables.transcript
    mine = select(table).where(table.c.recording_id == recording_id).order_by(table.c.revision)
    return tuple(_without_segments(tx, row) for row in tx.execute(mine).all())


def assign_role(tx: Tx, transcript_id: str, speaker_label: str, role: str | None) -> None:
    """Says who a speaker is.

    Raises CodingError when somebody codes on this revision or an earlier one of its segmentation, InputError
    for an unknown label or role, NotFoundError.
    """
    transcript = the_row(tx, tables.transcript, transcript_id, called="transcript", lock=True)
    if (
        transcript.frozen or transcript.segmentation != transcript.id
    ):  # a correction: coded before it was made
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


def get_segment(tx: Tx, transcript_id: str, key: str) -> Segment:
    """One segment of one revision. Raises NotFoundError when there is none."""
    table = tables.segment
    one = select(table).where(table.c.transcript_id == transcript_id, table.c.key == key)
    row = tx.execute(one).one_or_none()
    if row is None:
        raise NotFoundError("The transcript has no segment of this key; reload the page.")
    return as_segment(sealing.of_transcript(tx, transcript_id), row)


def _without_segments(tx: Tx, row: Row[Any]) -> Transcript:
    table = tables.transcript_speaker
    of_this = select(table).where(table.c.transcript_id == row.id).order_by(table.c.position)
    speakers = {speaker.label: speaker.role for speaker in tx.execute(of_this)}
    return Transcript(**row._mapping, segments=(), speakers=speakers)


def _whole(tx: Tx, row: Row[Any]) -> Transcript:
    table = tables.segment
    of_this = select(table).where(table.c.transcript_id == row.id).order_by(table.c.position)
    sealer = sealing.of_recording(tx, row.recording_id)
    segments = tuple(as_segment(sealer, each) for each in tx.execute(of_this))
    return replace(_without_segments(tx, row), segments=segments)


def segment_row(sealer: Sealer, transcript_id: str, position: int, segment: Segment) -> dict[str, Any]:
    """The row of the table segment that holds this segment, sealed, at this place."""
    row = {
        "transcript_id": transcript_id,
        "key": segment.key,
        "position": position,
        "start_ms": segment.span.start_ms,
        "end_ms": segment.span.end_ms,
        "speaker": segment.speaker,
        "text": segment.text,
        "words": words_as_rows(segment.words),
        "flags": list(segment.flags) or None,
    }
    return sealer.seal(tables.segment, row)


def words_as_rows(words: Sequence[Word]) -> list[list[int | str | float | None]]:
    """What the column "words" of a segment holds, before it is sealed."""
    return [[word.start_ms, word.end_ms, word.text, word.probability] for word in words]


def as_segment(sealer: Sealer, row: Row[Any]) -> Segment:
    """The segment in a row of the table segment. Raises StoreError when it was changed."""
    opened = sealer.open(tables.segment, row)
    words = tuple(Word(*word) for word in opened["words"])
    span, flags = Span(row.start_ms, row.end_ms), tuple(row.flags or ())
    return Segment(row.key, span, row.speaker, opened["text"], words, flags)
