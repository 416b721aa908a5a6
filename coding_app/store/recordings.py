"""Recordings: what the vault holds, and to which session it belongs."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, Select, select

from coding_app.domain.recording import Recording
from coding_app.errors import InputError
from coding_app.store import studies, tables
from coding_app.store.engine import Tx
from coding_app.store.statements import not_found, the_row


def add_recording(tx: Tx, recording: Recording) -> None:
    """Raises InputError when the study holds the same file already, NotFoundError for an unknown session."""
    study_id = studies.get_session(tx, recording.session_id).study_id
    the_row(
        tx, tables.study, study_id, called="study", lock=True
    )  # two uploads of one file wait for each other
    if find_recording(tx, study_id, recording.sha256):
        raise InputError(
            f"The recording '{recording.name}' is already in this study; open it instead of adding it again."
        )
    tx.execute(tables.recording.insert().values(**asdict(recording)))


def get_recording(tx: Tx, recording_id: str) -> Recording:
    """Raises NotFoundError when there is none."""
    return _recording(the_row(tx, tables.recording, recording_id, called="recording"))


def study_of(tx: Tx, recording_id: str) -> str:
    """The id of the study it belongs to. Raises NotFoundError when there is no such recording."""
    session, recording = tables.therapy_session, tables.recording
    wanted = select(session.c.study_id).join(recording).where(recording.c.id == recording_id)
    found = tx.execute(wanted).scalar()  # one question: it is asked before everything
    if found is None:
        raise not_found("recording", recording_id)
    return str(found)


def list_recordings(tx: Tx, study_id: str) -> tuple[Recording, ...]:
    """In the order in which they were added."""
    ordered = _of_study(study_id).order_by(tables.recording.c.added_at, tables.recording.c.id)
    return tuple(_recording(row) for row in tx.execute(ordered))


def find_recording(tx: Tx, study_id: str, sha256: str) -> Recording | None:
    """The study's recording of exactly this file, if it has one."""
    row = tx.execute(_of_study(study_id).where(tables.recording.c.sha256 == sha256)).first()
    return _recording(row) if row else None


def is_used(tx: Tx, sha256: str) -> bool:
    """Whether a recording of any study is this file; until the transaction ends, none can become it."""
    study, recording = tables.study.c, tables.recording.c
    tx.execute(select(study.id).order_by(study.id).with_for_update())  # add_recording waits for these rows
    return tx.execute(select(recording.id).where(recording.sha256 == sha256)).first() is not None


def _of_study(study_id: str) -> Select[Any]:
    session = tables.therapy_session
    return select(tables.recording).join(session).where(session.c.study_id == study_id)


def _recording(row: Row[Any]) -> Recording:
    return Recording(**row._mapping)
