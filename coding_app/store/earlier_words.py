"""Words of a recording's earlier revisions, that nobody codes on: which there are, and removing them for good."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from coding_app.errors import InputError
from coding_app.store import tables, transcripts
from coding_app.store.engine import Tx

UNDER_WAY = ("queued", "running", "paused")
_transcript, _edit, _correction = tables.transcript, tables.transcript_edit, tables.transcript_correction
_WORDED = (_correction.c.text_before != "") | (_correction.c.text_after != "")
_run, _chunk = tables.transcription, tables.transcription_chunk


@dataclass(frozen=True, slots=True)
class Earlier:
    """What holds words that the newest transcript may not have any more.

    removable, kept: numbers of earlier revisions, in order; kept: somebody codes on it, or on another revision of the
    same cut. n_edits: steps of editing; n_chunks: pieces of recognition; n_corrections: made while coding.
    """

    removable: tuple[int, ...]
    kept: tuple[int, ...]
    n_edits: int
    n_chunks: int
    n_corrections: int = 0


def look(tx: Tx, recording_id: str) -> Earlier:
    """What there is of the recording."""
    removable, kept = _earlier(tx, recording_id)
    mine, runs = _of(recording_id)
    edits = select(func.count()).select_from(_edit).where(_edit.c.transcript_id.in_(mine))
    chunks = select(func.count()).select_from(_chunk).where(_chunk.c.transcription_id.in_(runs))
    fixes = (
        select(func.count()).select_from(_correction).where(_correction.c.transcript_id.in_(mine), _WORDED)
    )
    counts = (int(tx.execute(each).scalar_one()) for each in (edits, chunks, fixes))
    return Earlier(tuple(removable.values()), tuple(kept.values()), *counts)


def remove(tx: Tx, recording_id: str) -> int:
    """Removes the revisions, all steps of editing, and what recognition noted; returns how many revisions.

    The newest revision stays as it is, with where it came from; its steps cannot be undone any more. Of corrections
    made while coding it stays who corrected which segment when: who codes sees its newest text by that. Raises
    InputError while a transcription of the recording is under way: it would bring the words back.
    """
    mine, runs = _of(recording_id)
    if tx.execute(runs.where(_run.c.state.in_(UNDER_WAY)).limit(1)).first() is not None:
        raise InputError(
            "This recording is being transcribed, which would bring the words back; wait for it, or cancel it."
        )
    removable, _ = _earlier(tx, recording_id)
    ids = list(removable)
    tx.execute(delete(_edit).where(_edit.c.transcript_id.in_(mine)))
    tx.execute(delete(_chunk).where(_chunk.c.transcription_id.in_(runs)))
    tx.execute(delete(_run).where(_run.c.recording_id == recording_id, _run.c.state != "done"))
    tx.execute(update(_run).where(_run.c.recording_id == recording_id).values(script=None))
    _take_words_from_corrections(tx, recording_id, ids)
    for table in (tables.segment, tables.transcript_speaker):
        tx.execute(delete(table).where(table.c.transcript_id.in_(ids)))
    tx.execute(delete(_transcript).where(_transcript.c.id.in_(ids)))
    return len(ids)


def _take_words_from_corrections(tx: Tx, recording_id: str, going: Collection[str]) -> None:
    """Without their texts; those of revisions that go are noted at the newest one, where it has the segment."""
    mine, _ = _of(recording_id)
    columns = [column for column in _correction.c if column.name != "seq"]
    found = select(*columns).where(_correction.c.transcript_id.in_(mine)).order_by(_correction.c.seq)
    rows = [row._asdict() | {"text_before": "", "text_after": ""} for row in tx.execute(found)]
    tx.execute(delete(_correction).where(_correction.c.transcript_id.in_(mine)))
    if rows and (current := transcripts.current_transcript(tx, recording_id)) is not None:
        kept = [
            row | ({"transcript_id": current.id} if row["transcript_id"] in going else {}) for row in rows
        ]
        kept = [
            row for row in kept if row["transcript_id"] != current.id or row["segment_key"] in current.keys
        ]
        if kept:
            tx.execute(insert(_correction), kept)


def _of(recording_id: str) -> tuple[Any, Any]:
    """Selections of the ids of the recording's transcripts, and of its transcriptions."""
    mine = select(_transcript.c.id).where(_transcript.c.recording_id == recording_id)
    return mine, select(_run.c.id).where(_run.c.recording_id == recording_id)


def _earlier(tx: Tx, recording_id: str) -> tuple[dict[str, int], dict[str, int]]:
    """Those that can go and those that stay, id -> number: all but the one that is in effect."""
    current_id = transcripts.current_id(tx, recording_id)
    if current_id is None:
        return {}, {}
    found = {each.id: each for each in transcripts.list_transcripts(tx, recording_id)}
    passes = tables.coding_pass
    coded = set(
        tx.execute(select(passes.c.transcript_id).where(passes.c.recording_id == recording_id)).scalars()
    )
    stay = {key for key, each in found.items() if each.frozen or key in coded or key == current_id}
    stay |= {found[key].segmentation for key in stay}
    removable = {key: each.revision for key, each in found.items() if key not in stay}
    return removable, {key: found[key].revision for key in found if key in stay and key != current_id}
