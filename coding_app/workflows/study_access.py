"""What a study's plan and its clients allow: whose session is whose, and what consent forbids.

In a study with a plan, whoever codes and does not lead reaches their own sessions only, and is told nothing of the
other observers there: second codings are unannounced. Without accounts the chosen observer counts as one who codes.
"""

from datetime import UTC, date, datetime

from coding_app.domain.consent import Use, forbids
from coding_app.domain.people import Actor, Role
from coding_app.errors import AccessError
from coding_app.store import Tx, accounts, consents, passes, plans, recordings, studies

_BOUND = frozenset({Role.CODER, Role.TRAINER})
_USED_FOR = {
    Use.CODING: "be coded or listened to",
    Use.TRAINING: "be used in training",
    Use.CLIPS: "be shown",
}


def today() -> date:
    """The day by which consent and due dates are judged."""
    return datetime.now(UTC).date()


def check_consent(tx: Tx, recording_id: str, use: Use, on: date) -> None:
    """Raises AccessError when the client refused this use of the session, or agreed until a day that is over."""
    session_id = recordings.get_recording(tx, recording_id).session_id
    consent = consents.find_consent(tx, session_id, use)
    if consent is None or not forbids(consent, on):
        return
    label = studies.get_session(tx, session_id).label
    why = f"consent ended on {consent.until:%Y-%m-%d}" if consent.given else "consent was refused"
    raise AccessError(f"The session '{label}' may not {_USED_FOR[use]}: {why}; ask the study's lead.")


def check_agreed(tx: Tx, recording_id: str, use: Use, on: date) -> None:
    """As check_consent, and raises AccessError also where nobody has written down what the client said."""
    session_id = recordings.get_recording(tx, recording_id).session_id
    if consents.find_consent(tx, session_id, use) is None:
        label = studies.get_session(tx, session_id).label
        raise AccessError(
            f"The session '{label}' may not {_USED_FOR[use]}: no consent to it is noted; the study's lead can note it "
            "on the page Plan."
        )
    check_consent(tx, recording_id, use, on)


def bound_coder(tx: Tx, actor: Actor, study_id: str, viewer_id: str | None) -> str | None:
    """The observer who sees their own sessions only; None: whoever looks sees all.

    viewer_id: the observer chosen, which counts while there are no accounts.
    """
    if plans.get_plan(tx, study_id) is None:
        return None
    if actor.everything:
        return None if viewer_id is None or _leads(tx, study_id, viewer_id) else viewer_id
    place = actor.membership(study_id)
    return place.coder_id if place and place.role in _BOUND else None


def sessions_of(tx: Tx, study_id: str, coder_id: str) -> frozenset[str]:
    """What is in the observer's queue or was submitted by them; also what they began and nobody took back."""
    theirs = plans.list_assignments(tx, study_id, coder_id=coder_id, ended=True)
    queue = {each.session_id for each in theirs if each.ended_at is None}
    taken_back = {each.session_id for each in theirs} - queue
    session_of = {each.id: each.session_id for each in recordings.list_recordings(tx, study_id)}
    for each in passes.list_passes(tx, study_id=study_id, coder_id=coder_id):
        session_id = session_of.get(each.recording_id)
        if session_id and (each.submitted_at is not None or session_id not in taken_back):
            queue.add(session_id)
    return frozenset(queue)


def check_theirs(tx: Tx, actor: Actor, recording_id: str, viewer_id: str | None = None) -> None:
    """Raises AccessError for a recording of a session that is not the observer's, in a study with a plan."""
    study_id = recordings.study_of(tx, recording_id)
    coder_id = bound_coder(tx, actor, study_id, viewer_id)
    if coder_id is None:
        return
    session_id = recordings.get_recording(tx, recording_id).session_id
    if session_id not in sessions_of(tx, study_id, coder_id):
        raise AccessError(
            "This session is not in your queue; open one from My work, or ask the study's lead."
        )


def _leads(tx: Tx, study_id: str, coder_id: str) -> bool:
    members = (each.membership for each in accounts.list_members(tx, study_id))
    return any(each.coder_id == coder_id and each.role is Role.LEAD for each in members)
