"""Erasing a recording with all that belongs to it; of its coding, what may be kept says nothing of what was said."""

from datetime import datetime
from typing import Literal
from uuid import uuid4

from sqlalchemy import delete, select, update

from coding_app.domain.decision_rule import RuleKind
from coding_app.errors import InputError, NotFoundError
from coding_app.store import pseudonyms, recording_checks, tables, work_tables
from coding_app.store.engine import Tx
from coding_app.store.statements import the_row

Coded = Literal["refuse", "erase", "keep"]
NAME_AFTER = "erased recording"
ERASED = "This recording was erased on {at:%Y-%m-%d}; its judgements were kept without sound and words."
NO_CHECK = {"playable": False, "has_video": False, "holds": None, "sound": None}


def erase_recording(tx: Tx, recording_id: str, now: datetime, coded: Coded = "refuse") -> tuple[str, ...]:
    """Removes the recording, its transcripts and everything made from it, and its session when it was the last.

    coded: what happens when somebody has begun to code it. "refuse": InputError; "erase": the judgements go too;
    "keep": judgements stay with the times of their segments, without words, notes, reasons or the file's name. Rules
    of the team stay, examples go. That it was erased is recorded. Returns the ids of its transcriptions, done or not.
    Raises NotFoundError when there is none.
    """
    recording = the_row(tx, tables.recording, recording_id, called="recording", lock=True)
    passes = tables.coding_pass
    n_passes = len(tx.execute(select(passes.c.id).where(passes.c.recording_id == recording_id)).all())
    if n_passes and coded == "refuse":
        raise InputError(
            "Somebody has begun to code this recording, so it is kept; judgements without their recording could "
            "not be checked any more."
        )
    keeps = bool(n_passes) and coded == "keep"
    study_id, case = pseudonyms.case_of(tx, recording_id)
    erasure_id = _begin(tx, recording_id, recording.session_id, keeps, n_passes, now)
    run_ids = _erase_transcriptions(tx, recording_id)
    _erase_words(tx, recording_id, keeps)
    _erase_examples(tx, recording_id)
    if keeps:
        _make_nameless(tx, recording_id, now)
    else:
        _erase_coding(tx, recording_id)
        _erase_rows(tx, recording_id, recording.session_id)
    pseudonyms.forget_if_gone(tx, study_id, case)
    done = update(tables.erasure).where(tables.erasure.c.id == erasure_id)
    tx.execute(done.values(done_at=now))
    return run_ids


def erased_at(tx: Tx, recording_id: str) -> datetime | None:
    """When the recording was erased; None when it was not."""
    found = select(tables.erasure.c.done_at).where(tables.erasure.c.recording_id == recording_id)
    moment: datetime | None = tx.execute(found).scalars().first()
    return moment


def erased_of_study(tx: Tx, study_id: str) -> frozenset[str]:
    """The ids of the recordings of a study that were erased."""
    done = tables.erasure.c.done_at.is_not(None) & (tables.erasure.c.study_id == study_id)
    return frozenset(tx.execute(select(tables.erasure.c.recording_id).where(done)).scalars())


def check_not_erased(tx: Tx, recording_id: str) -> None:
    """Raises NotFoundError when it was erased and its judgements were kept."""
    if (at := erased_at(tx, recording_id)) is not None:
        raise NotFoundError(ERASED.format(at=at))


def _begin(tx: Tx, recording_id: str, session_id: str, keeps: bool, n_passes: int, now: datetime) -> str:
    """The record of the erasure; until it is done the ledger lets go of the recording's events."""
    session = the_row(tx, tables.therapy_session, session_id, called="session")
    row = {
        "id": uuid4().hex,
        "recording_id": recording_id,
        "study_id": session.study_id,
        "session_id": session_id,
        "kept_judgements": keeps,
        "n_passes": n_passes,
        "begun_at": now,
        "done_at": None,
    }
    tx.execute(tables.erasure.insert().values(**row))
    return str(row["id"])


def _erase_transcriptions(tx: Tx, recording_id: str) -> tuple[str, ...]:
    runs, chunks = tables.transcription, tables.transcription_chunk
    run_ids = tuple(tx.execute(select(runs.c.id).where(runs.c.recording_id == recording_id)).scalars())
    tx.execute(delete(chunks).where(chunks.c.transcription_id.in_(run_ids)))
    tx.execute(delete(runs).where(runs.c.recording_id == recording_id))
    return run_ids


def _erase_words(tx: Tx, recording_id: str, keeps: bool) -> None:
    """What was said; keeps: the segments stay as stretches of time."""
    transcript, segment = tables.transcript, tables.segment
    mine = select(transcript.c.id).where(transcript.c.recording_id == recording_id)
    for table in (tables.transcript_edit, tables.transcript_correction):
        tx.execute(delete(table).where(table.c.transcript_id.in_(mine)))
    silence = work_tables.silence
    tx.execute(delete(silence).where(silence.c.recording_id == recording_id))
    if keeps:
        tx.execute(
            update(segment).where(segment.c.transcript_id.in_(mine)).values(text="", words=[], flags=None)
        )
        tx.execute(update(transcript).where(transcript.c.id.in_(mine)).values(provenance=None))


def _erase_examples(tx: Tx, recording_id: str) -> None:
    """They were taken from what was said; rules are the team's."""
    rule, passes = work_tables.decision_rule, tables.coding_pass
    mine = select(passes.c.id).where(passes.c.recording_id == recording_id)
    tx.execute(delete(rule).where(rule.c.pass_id.in_(mine), rule.c.kind == RuleKind.EXAMPLE))


def _make_nameless(tx: Tx, recording_id: str, now: datetime) -> None:
    """The recording's row without what tells which file it was, and no words of observers and leads."""
    recording, passes = tables.recording, tables.coding_pass
    mine = select(passes.c.id).where(passes.c.recording_id == recording_id)
    for table in (tables.coding_event, tables.coding_state):
        tx.execute(
            update(table).where(table.c.pass_id.in_(mine), table.c.note.is_not(None)).values(note=None)
        )
    reopening = work_tables.pass_reopening
    tx.execute(update(reopening).where(reopening.c.pass_id.in_(mine)).values(reason=""))
    nameless = {"name": NAME_AFTER, "sha256": uuid4().hex + uuid4().hex, "size_bytes": 0}
    tx.execute(update(recording).where(recording.c.id == recording_id).values(**nameless))
    recording_checks.put_check(tx, recording_id, {**NO_CHECK, "failed": ERASED.format(at=now)}, now)


def _erase_coding(tx: Tx, recording_id: str) -> None:
    passes = tables.coding_pass
    mine = select(passes.c.id).where(passes.c.recording_id == recording_id)
    for table in (
        tables.coding_state,
        tables.coding_event,
        work_tables.pass_reopening,
        work_tables.consensus_source,
    ):
        tx.execute(delete(table).where(table.c.pass_id.in_(mine)))
    rule = work_tables.decision_rule  # a rule of the team outlives what it came from
    tx.execute(update(rule).where(rule.c.pass_id.in_(mine)).values(pass_id=None))
    tx.execute(delete(passes).where(passes.c.recording_id == recording_id))


def _erase_rows(tx: Tx, recording_id: str, session_id: str) -> None:
    transcript, recording, session = tables.transcript, tables.recording, tables.therapy_session
    view = work_tables.consensus_view
    tx.execute(delete(view).where(view.c.recording_id == recording_id))
    mine = select(transcript.c.id).where(transcript.c.recording_id == recording_id)
    for table in (tables.segment, tables.transcript_speaker):
        tx.execute(delete(table).where(table.c.transcript_id.in_(mine)))
    tx.execute(delete(transcript).where(transcript.c.recording_id == recording_id))
    tx.execute(delete(tables.recording_check).where(tables.recording_check.c.recording_id == recording_id))
    tx.execute(delete(recording).where(recording.c.id == recording_id))
    others = select(recording.c.id).where(recording.c.session_id == session_id)
    if tx.execute(others.limit(1)).first() is None:
        for table in (work_tables.consent, work_tables.own_session, work_tables.assignment):
            tx.execute(delete(table).where(table.c.session_id == session_id))
        tx.execute(delete(session).where(session.c.id == session_id))
