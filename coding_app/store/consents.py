"""What clients agreed to, for each use of each session."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select

from coding_app.domain.consent import Consent, Use
from coding_app.store import tables
from coding_app.store.engine import Tx
from coding_app.store.statements import put_all, the_row
from coding_app.store.work_tables import consent


def put_consent(tx: Tx, given: Consent, noted_at: datetime, noted_by: str) -> None:
    """Keeps the client's answer, in place of an earlier one. Raises NotFoundError for an unknown session."""
    the_row(tx, tables.therapy_session, given.session_id, called="session")
    row = {
        "session_id": given.session_id,
        "use": given.use,
        "given": given.given,
        "until": given.until.isoformat() if given.until else None,
        "noted_at": noted_at,
        "noted_by": noted_by,
    }
    put_all(tx, consent, [row])


def find_consent(tx: Tx, session_id: str, use: Use) -> Consent | None:
    """None when nobody has written down what the client said."""
    one = (consent.c.session_id == session_id) & (consent.c.use == use)
    row = tx.execute(select(consent).where(one)).one_or_none()
    return None if row is None else _consent(row)


def list_consents(tx: Tx, study_id: str) -> tuple[Consent, ...]:
    """All that is written down in the study."""
    session = tables.therapy_session
    statement = select(consent).join(session, session.c.id == consent.c.session_id)
    rows = tx.execute(
        statement.where(session.c.study_id == study_id).order_by(consent.c.session_id, consent.c.use)
    )
    return tuple(_consent(row) for row in rows)


def _consent(row: Row[Any]) -> Consent:
    until = date.fromisoformat(row.until) if row.until else None
    return Consent(row.session_id, Use(row.use), row.given, until)
