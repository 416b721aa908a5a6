"""The sessions of a study: what they are called, whose they are, who took part, and what the client agreed to."""

from collections.abc import Collection
from datetime import UTC, date, datetime

from coding_app.domain.audit import Act
from coding_app.domain.consent import Consent, Use
from coding_app.domain.people import Action, Coder
from coding_app.domain.recording import TherapySession
from coding_app.domain.session_details import check_number_free, checked_label, session_details
from coding_app.errors import InputError
from coding_app.store import Tx, consents, plans, pseudonyms, studies
from coding_app.store.statements import not_found
from coding_app.workflows import audit
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App


@allowed(Action.MANAGE_STUDY, of="study_id")
def set_session(
    app: App,
    study_id: str,
    session_id: str,
    *,
    label: str,
    case_code: str | None = None,
    number: int | None = None,
    held_on: date | None = None,
) -> TherapySession:
    """Puts what a session is called, whose it is, and when it was.

    Raises InputError for an empty, long or taken label, and as session_details and check_number_free do.
    """
    said, clean = session_details(case_code, number, held_on), checked_label(label)
    changed = TherapySession(session_id, study_id, clean, said.case_code, said.number, said.held_on)
    with app.store.write() as tx:
        studies.lock_study(tx, study_id)
        before = _session_of(tx, study_id, session_id)
        check_number_free(changed, studies.list_sessions(tx, study_id))
        studies.change_session(tx, changed)
        pseudonyms.follow_case(tx, study_id, before.case, changed.case)
        audit.note(app, tx, Act.PLANNED, study_id=study_id, subject=session_id, what="session")
    return changed


@allowed(Action.MANAGE_STUDY, of="study_id")
def set_own_sessions(app: App, study_id: str, session_id: str, observers: Collection[str]) -> None:
    """These observers took part in the session and never code it.

    Raises InputError while one of them has it in the queue: it must be given to another first.
    """
    with app.store.write() as tx:
        session = _session_of(tx, study_id, session_id)
        for each in observers:
            check_of_study(tx, study_id, each)
        for one in plans.list_assignments(tx, study_id, session_id=session_id):
            if one.coder_id in observers:
                name = studies.get_coder(tx, one.coder_id).name
                raise InputError(
                    f"{name} has the session '{session.label}' to code; give it to another observer first."
                )
        plans.put_own_sessions(tx, session_id, observers)
        audit.note(app, tx, Act.PLANNED, study_id=study_id, subject=session_id, what="who took part")


@allowed(Action.MANAGE_STUDY, of="study_id")
def note_consent(
    app: App, study_id: str, session_id: str, use: Use, *, given: bool, until: date | None = None
) -> None:
    """Keeps what the client said about one use, and until when. Raises InputError for a refusal with an end."""
    if until is not None and not given:
        raise InputError("A refusal has no last day; leave the day empty, or note that consent was given.")
    with app.store.write() as tx:
        _session_of(tx, study_id, session_id)
        consents.put_consent(tx, Consent(session_id, use, given, until), datetime.now(UTC), app.actor.name)
        audit.note(
            app, tx, Act.NOTED_CONSENT, study_id=study_id, subject=session_id, use=str(use), given=given
        )


def _session_of(tx: Tx, study_id: str, session_id: str) -> TherapySession:
    """Raises NotFoundError for a session of another study, as for one that is not there."""
    session = studies.get_session(tx, session_id)
    if session.study_id != study_id:
        raise not_found("session", session_id)
    return session


def check_of_study(tx: Tx, study_id: str, observer_id: str) -> Coder:
    """The observer. Raises NotFoundError for one of another study, as for one that is not there."""
    coder = studies.get_coder(tx, observer_id)
    if coder.study_id != study_id:
        raise not_found("observer", observer_id)
    return coder
