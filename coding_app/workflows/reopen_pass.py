"""Opening a submitted pass again: a lead does it, says why, and the pass counts as no longer blind from then on."""

from datetime import UTC, datetime
from uuid import uuid4

from coding_app.domain.audit import Act
from coding_app.domain.coding import CodingPass, Purpose
from coding_app.domain.people import Action
from coding_app.domain.reopening import Reopening, checked_reason
from coding_app.errors import CodingError
from coding_app.store import passes, recordings, reopenings
from coding_app.store.erasing import check_not_erased
from coding_app.workflows import audit
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App


@allowed(Action.MANAGE_STUDY, of="submitted_pass_id")
def reopen(app: App, submitted_pass_id: str, reason: str) -> CodingPass:
    """Lets the observer go on in a submitted independent pass, and returns it, open.

    What was recorded in it stays as it is; until it is submitted again its observer sees nothing of the others' codes.
    Every such pass is marked as not blind: nobody can know what its observer saw in between. The reason is kept with
    the pass and not in the audit, which holds no words of anybody.
    Raises InputError for no reason or a long one; CodingError when the pass is open (another lead was faster), is not
    an observer's own coding, or its observer has begun another one; NotFoundError, also for an erased recording.
    """
    why = checked_reason(reason)
    now = datetime.now(UTC)
    with app.store.write() as tx:
        found = passes.get_pass(tx, submitted_pass_id, lock=True)
        check_not_erased(tx, found.recording_id)
        if found.purpose is not Purpose.INDEPENDENT:
            raise CodingError(
                "Only an observer's own coding can be opened again; this one was made from others."
            )
        if found.submitted_at is None:
            raise CodingError("This coding is open already; reload the page to see who opened it again.")
        for each in passes.list_passes(tx, recording_id=found.recording_id, coder_id=found.coder_id):
            if each.submitted_at is None and each.purpose is Purpose.INDEPENDENT:
                raise CodingError(
                    "The observer is coding this recording once more already; wait until that is submitted."
                )
        passes.mark_open(tx, found.id)
        reopenings.add_reopening(
            tx, Reopening(uuid4().hex, found.id, now, found.submitted_at, app.actor.name, why)
        )
        study_id = recordings.study_of(tx, found.recording_id)
        audit.note(app, tx, Act.REBEGAN_CODING, study_id=study_id, subject=found.id)
        return passes.get_pass(tx, found.id)


@allowed(Action.CODE, of="pass_id")
def reopenings_of_pass(app: App, pass_id: str) -> tuple[Reopening, ...]:
    """Why one's own pass was opened again, the first time first; empty when it never was."""
    with app.store.read() as tx:
        return reopenings.reopenings_of(tx, pass_id)
