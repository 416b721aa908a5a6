"""Studies, their coders and their therapy sessions."""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Row, Table, select, update

from coding_app.domain.people import Coder
from coding_app.domain.recording import Study, TherapySession
from coding_app.errors import InputError
from coding_app.store import tables
from coding_app.store.engine import Tx
from coding_app.store.statements import insert_new, the_row


def add_study(tx: Tx, study: Study) -> None:
    """Raises InputError when the id is taken."""
    row = {"id": study.id, "title": study.title, "scheme_id": study.scheme_id}
    if not insert_new(tx, tables.study, row):
        raise InputError("This study is already there; open it instead of adding it again.")


def get_study(tx: Tx, study_id: str) -> Study:
    """Raises NotFoundError when there is none."""
    return _study(the_row(tx, tables.study, study_id, called="study"))


def lock_study(tx: Tx, study_id: str) -> None:
    """Nobody else changes the study before this transaction ends. Raises NotFoundError."""
    the_row(tx, tables.study, study_id, called="study", lock=True)


def set_scheme(tx: Tx, study_id: str, scheme_id: str) -> None:
    """Gives the study another scheme. Raises NotFoundError for an unknown study."""
    the_row(tx, tables.study, study_id, called="study", lock=True)
    tx.execute(update(tables.study).where(tables.study.c.id == study_id).values(scheme_id=scheme_id))


def list_studies(tx: Tx) -> tuple[Study, ...]:
    """By title."""
    studies = (_study(row) for row in tx.execute(select(tables.study)))
    return tuple(sorted(studies, key=lambda study: (study.title.casefold(), study.id)))


def add_coder(tx: Tx, coder: Coder) -> None:
    """Raises InputError when the study has a coder of that name, NotFoundError for an unknown study."""
    _check_free(tx, tables.coder, coder.study_id, "name", coder.name, called="observer")
    tx.execute(tables.coder.insert().values(id=coder.id, study_id=coder.study_id, name=coder.name))


def get_coder(tx: Tx, coder_id: str) -> Coder:
    """Raises NotFoundError when there is none."""
    return _coder(the_row(tx, tables.coder, coder_id, called="observer"))


def list_coders(tx: Tx, study_id: str) -> tuple[Coder, ...]:
    """By name."""
    rows = tx.execute(select(tables.coder).where(tables.coder.c.study_id == study_id))
    return tuple(sorted((_coder(row) for row in rows), key=lambda coder: (coder.name.casefold(), coder.id)))


def add_session(tx: Tx, session: TherapySession) -> None:
    """Raises InputError when the study has a session of that label, NotFoundError for an unknown study."""
    _check_free(tx, tables.therapy_session, session.study_id, "label", session.label, called="session")
    tx.execute(tables.therapy_session.insert().values(**_session_row(session)))


def change_session(tx: Tx, session: TherapySession) -> None:
    """Puts label, case, number and day. Raises InputError for a label that another has, NotFoundError."""
    table = tables.therapy_session
    if get_session(tx, session.id).label.casefold() != session.label.casefold():
        _check_free(tx, table, session.study_id, "label", session.label, called="session")
    tx.execute(update(table).where(table.c.id == session.id).values(**_session_row(session)))


def get_session(tx: Tx, session_id: str) -> TherapySession:
    """Raises NotFoundError when there is none."""
    return _session(the_row(tx, tables.therapy_session, session_id, called="session"))


def list_sessions(tx: Tx, study_id: str) -> tuple[TherapySession, ...]:
    """By label."""
    table = tables.therapy_session
    sessions = (_session(row) for row in tx.execute(select(table).where(table.c.study_id == study_id)))
    return tuple(sorted(sessions, key=lambda session: (session.label.casefold(), session.id)))


def _check_free(tx: Tx, table: Table, study_id: str, column: str, wanted: str, *, called: str) -> None:
    """Raises InputError when the study has this name, in whatever upper and lower case."""
    the_row(
        tx, tables.study, study_id, called="study", lock=True
    )  # two adding the same name wait for each other
    taken = tx.execute(select(table.c[column]).where(table.c.study_id == study_id)).scalars()
    if wanted.casefold() in {each.casefold() for each in taken}:
        raise InputError(f"This study already has the {called} '{wanted}'; choose another name.")


def _study(row: Row[Any]) -> Study:
    return Study(row.id, row.title, row.scheme_id)


def _coder(row: Row[Any]) -> Coder:
    return Coder(row.id, row.study_id, row.name)


def _session(row: Row[Any]) -> TherapySession:
    held_on = date.fromisoformat(row.held_on) if row.held_on else None
    return TherapySession(row.id, row.study_id, row.label, row.case_code, row.number, held_on)


def _session_row(session: TherapySession) -> dict[str, Any]:
    held_on = session.held_on.isoformat() if session.held_on else None
    return asdict(session) | {"held_on": held_on}
