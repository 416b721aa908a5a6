"""Edits of a transcript: the rows that change, and the list of who did what that is only ever added to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from coding_app.domain.edit_patch import Patch
from coding_app.domain.transcript import Segment, Transcript
from coding_app.errors import CodingError
from coding_app.store import sealing, tables
from coding_app.store.engine import Tx
from coding_app.store.sealing import Sealer
from coding_app.store.statements import the_row
from coding_app.store.transcripts import segment_row

_FAR = 1_000_000  # positions are moved out of the way by this much, for no two may ever be the same


@dataclass(frozen=True, slots=True)
class NotedEdit:
    """One edit as it was made: its id comes from the browser. edit: what was asked, and the patch it became."""

    id: str
    transcript_id: str
    coder_id: str
    at: datetime
    step: str
    edit: Mapping[str, Any]


def note_edit(tx: Tx, edit: NotedEdit) -> None:
    """Keeps it for good; there is no way to change what was noted. Raises StoreError for an id that is there."""
    table = tables.transcript_edit
    row = {
        "id": edit.id,
        "transcript_id": edit.transcript_id,
        "coder_id": edit.coder_id,
        "at": edit.at,
        "step": edit.step,
        "edit": dict(edit.edit),
    }
    tx.execute(table.insert().values(sealing.of_transcript(tx, edit.transcript_id).seal(table, row)))


def known_edits(tx: Tx, ids: list[str]) -> dict[str, NotedEdit]:
    """Those of these ids that are noted already."""
    table = tables.transcript_edit
    return {row.id: _noted(tx, row) for row in tx.execute(select(table).where(table.c.id.in_(ids)))}


def list_edits(tx: Tx, transcript_id: str) -> tuple[NotedEdit, ...]:
    """All edits of one revision, oldest first."""
    table = tables.transcript_edit
    mine = select(table).where(table.c.transcript_id == transcript_id).order_by(table.c.seq)
    return tuple(_noted(tx, row) for row in tx.execute(mine))


def edit_counts(tx: Tx, recording_id: str) -> dict[str, int]:
    """Transcript id -> how many edits were made in it, of a recording's revisions."""
    table, transcript = tables.transcript_edit, tables.transcript
    counted = (
        select(table.c.transcript_id, func.count())
        .join(transcript, transcript.c.id == table.c.transcript_id)
        .where(transcript.c.recording_id == recording_id)
        .group_by(table.c.transcript_id)
    )
    return {row[0]: row[1] for row in tx.execute(counted)}


def segment_keys(tx: Tx, recording_id: str) -> frozenset[str]:
    """Every key that a segment of any revision of the recording has."""
    segment, transcript = tables.segment, tables.transcript
    found = (
        select(segment.c.key)
        .distinct()
        .join(transcript, transcript.c.id == segment.c.transcript_id)
        .where(transcript.c.recording_id == recording_id)
    )
    return frozenset(tx.execute(found).scalars())


def write_patch(tx: Tx, after: Transcript, patch: Patch) -> None:
    """Makes the stored revision what it is after the patch. Raises CodingError when it is frozen."""
    if the_row(tx, tables.transcript, after.id, called="transcript", lock=True).frozen:
        raise CodingError("Somebody codes on this revision of the transcript; correct a newer one.")
    table = tables.segment
    of_this = table.c.transcript_id == after.id
    places = {segment.key: place for place, segment in enumerate(after.segments)}
    stay = {each.key for each in patch.gone} & {each.key for each in patch.placed}
    gone = [each.key for each in patch.gone if each.key not in stay]
    new = [each for each in patch.placed if each.key not in stay]
    changed = [each for each in patch.placed if each.key in stay]
    sealer = sealing.of_recording(tx, after.recording_id)
    if gone:
        tx.execute(delete(table).where(of_this, table.c.key.in_(gone)))
    for segment in changed:
        content = _content(sealer, after, segment)
        tx.execute(update(table).where(of_this, table.c.key == segment.key).values(content))
    order = list(tx.execute(select(table.c.key).where(of_this).order_by(table.c.position)).scalars())
    if new or order != [segment.key for segment in after.segments]:
        _renumber(
            tx, after.id, [segment.key for segment in after.segments if segment.key in set(order)], places
        )
    if new:
        tx.execute(table.insert(), [segment_row(sealer, after.id, places[each.key], each) for each in new])
    if patch.speakers is not None:
        _write_speakers(tx, after)


def _content(sealer: Sealer, after: Transcript, segment: Segment) -> dict[str, Any]:
    row = segment_row(sealer, after.id, 0, segment)
    return {name: value for name, value in row.items() if name not in ("transcript_id", "key", "position")}


def _renumber(tx: Tx, transcript_id: str, keys: list[str], places: Mapping[str, int]) -> None:
    """Gives the stored segments their new places, by as few statements as there are runs that move alike."""
    table = tables.segment
    of_this = table.c.transcript_id == transcript_id
    tx.execute(update(table).where(of_this).values(position=table.c.position + _FAR))
    far = {row.key: row.position for row in tx.execute(select(table.c.key, table.c.position).where(of_this))}
    by_shift: dict[int, list[str]] = {}
    for key in keys:
        by_shift.setdefault(places[key] - far[key], []).append(key)
    for shift, moved in by_shift.items():
        for start in range(0, len(moved), 500):
            some = table.c.key.in_(moved[start : start + 500])
            tx.execute(update(table).where(of_this, some).values(position=table.c.position + shift))


def _write_speakers(tx: Tx, after: Transcript) -> None:
    table = tables.transcript_speaker
    tx.execute(delete(table).where(table.c.transcript_id == after.id))
    rows = [
        {"transcript_id": after.id, "label": label, "position": position, "role": role}
        for position, (label, role) in enumerate(after.speakers.items())
    ]
    if rows:
        tx.execute(table.insert(), rows)


def _noted(tx: Tx, row: Any) -> NotedEdit:
    opened = sealing.of_transcript(tx, row.transcript_id).open(tables.transcript_edit, row)
    return NotedEdit(row.id, row.transcript_id, row.coder_id, row.at, row.step, opened["edit"])
