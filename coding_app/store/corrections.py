"""Corrections of a transcript's text: made in a revision that nobody codes on, and noted for good."""

from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import insert, literal, select, update

from coding_app.domain.transcript import Correction, Segment, Transcript, Word
from coding_app.errors import CodingError, NotFoundError
from coding_app.store import sealing, tables
from coding_app.store.engine import Tx
from coding_app.store.statements import the_row
from coding_app.store.transcripts import add_header, as_segment, next_revision, words_as_rows


def copy_revision(
    tx: Tx,
    source: Transcript,
    new_id: str,
    at: datetime,
    *,
    made_by: str | None = None,
    new_segmentation: bool = False,
) -> Transcript:
    """Makes the recording's next revision, not frozen, with the segments and speakers of another one.

    made_by: the coder who edits it. new_segmentation: its segments are other units from now on.
    Returns it as it was given: without segments when source has none.
    """
    revision = next_revision(tx, source.recording_id)
    copy = replace(
        source,
        id=new_id,
        revision=revision,
        created_at=at,
        frozen=False,
        parent_id=source.id,
        source="edit",
        made_by=made_by,
        segmentation=new_id if new_segmentation else source.segmentation,
    )
    add_header(tx, copy)
    _copy_rows(tx, source, new_id)
    return copy


def _copy_rows(tx: Tx, source: Transcript, new_id: str) -> None:
    """Speakers and segments; these are sealed anew, for what is sealed opens in its own place only."""
    speaker, segment = tables.transcript_speaker, tables.segment
    names = [column.name for column in speaker.c if column.name != "transcript_id"]
    rows = select(literal(new_id), *(speaker.c[name] for name in names))
    of_source = rows.where(speaker.c.transcript_id == source.id)
    tx.execute(insert(speaker).from_select(["transcript_id", *names], of_source))
    sealer = sealing.of_recording(tx, source.recording_id)
    found = tx.execute(select(segment).where(segment.c.transcript_id == source.id)).all()
    copied = [sealer.moved(segment, row, transcript_id=new_id) for row in found]
    if copied:
        tx.execute(insert(segment), copied)


def replace_segment_text(
    tx: Tx,
    transcript_id: str,
    segment_key: str,
    text: str,
    words: tuple[Word, ...],
    flags: tuple[str, ...] = (),
) -> None:
    """Gives a segment another text with its words and flags; key, span and speaker stay.

    Raises CodingError when the revision is frozen, NotFoundError for an unknown revision or segment.
    """
    if the_row(tx, tables.transcript, transcript_id, called="transcript", lock=True).frozen:
        raise CodingError("Somebody codes on this revision of the transcript; correct a newer one.")
    table = tables.segment
    one = (table.c.transcript_id == transcript_id) & (table.c.key == segment_key)
    row = {
        "transcript_id": transcript_id,
        "key": segment_key,
        "text": text,
        "words": words_as_rows(words),
        "flags": list(flags) or None,
    }
    sealed = sealing.of_transcript(tx, transcript_id).seal(table, row)
    if tx.execute(update(table).where(one).values(sealed)).rowcount == 0:
        raise NotFoundError("The transcript has no segment of this key; reload the page.")


def note_correction(tx: Tx, correction: Correction) -> None:
    """Keeps who changed which text and when; there is no way to change what was noted."""
    table = tables.transcript_correction
    sealer = sealing.of_transcript(tx, correction.transcript_id)
    tx.execute(table.insert().values(sealer.seal(table, asdict(correction))))


def list_corrections(tx: Tx, segmentation: str) -> tuple[Correction, ...]:
    """Everything that was corrected in the revisions of one segmentation, oldest first."""
    table, revision = tables.transcript_correction, tables.transcript
    columns = [column for column in table.c if column.name != "seq"]
    sealer = sealing.of_transcript(tx, segmentation)
    found = select(*columns).join(revision, revision.c.id == table.c.transcript_id)
    rows = tx.execute(found.where(revision.c.segmentation == segmentation).order_by(table.c.seq))
    return tuple(Correction(**sealer.open(table, row)) for row in rows)


def corrected_segments(tx: Tx, newest: Transcript) -> dict[str, Segment]:
    """Key -> segment, as it is in this newest revision, of all that were ever corrected in its segmentation."""
    table, noted, revision = tables.segment, tables.transcript_correction, tables.transcript
    keys = (
        select(noted.c.segment_key)
        .join(revision, revision.c.id == noted.c.transcript_id)
        .where(revision.c.segmentation == newest.segmentation)
    )
    of_these = select(table).where(table.c.transcript_id == newest.id, table.c.key.in_(keys))
    sealer = sealing.of_recording(tx, newest.recording_id)
    return {row.key: as_segment(sealer, row) for row in tx.execute(of_these)}
