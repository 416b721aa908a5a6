"""Erasing a recording, and withdrawing consent to one: its key, its sound, its transcripts, and the work on it."""

import shutil
from datetime import UTC, datetime

from coding_app.domain.audit import Act
from coding_app.domain.people import Action
from coding_app.store import erasing, plans, recording_keys, recordings
from coding_app.workflows import audit, prepare_recording
from coding_app.workflows.permission import allowed
from coding_app.workflows.transcription_job import work_dir
from coding_app.workflows.wiring import App


@allowed(Action.ERASE, of="recording_id")
def erase_recording(app: App, recording_id: str) -> None:
    """Stops what works on it and leaves nothing of it. What another study holds of the same file stays there.

    Raises InputError when somebody has begun to code it, NotFoundError when there is none.
    """
    _erase(app, recording_id, "refuse")


@allowed(Action.ERASE, of="recording_id")
def withdraw_consent(app: App, recording_id: str, *, keep_judgements: bool | None = None) -> None:
    """As erase_recording, also when it has been coded.

    keep_judgements: what observers judged stays, with times but without words, notes or the file's name; False: it
    goes too; None: as the study's plan says, and without a plan it goes. Raises NotFoundError when there is none.
    """
    if keep_judgements is None:
        with app.store.read() as tx:
            plan = plans.get_plan(tx, recordings.study_of(tx, recording_id))
        keep_judgements = plan is not None and plan.keeps_judgements
    _erase(app, recording_id, "keep" if keep_judgements else "erase")


def _erase(app: App, recording_id: str, coded: erasing.Coded) -> None:
    """The rows and the key go first, in one transaction: a job at work finds its recording gone and stops."""
    with app.store.write() as tx:
        recording = recordings.get_recording(tx, recording_id)
        study_id = recordings.study_of(tx, recording_id)
        run_ids = erasing.erase_recording(tx, recording_id, datetime.now(UTC), coded)
        audit.note(app, tx, Act.ERASED, study_id=study_id, subject=recording_id, coded=coded)
        # under the lock of is_used: nobody can add the same file again between the look and the erasing
        if not recordings.is_used(tx, recording.sha256):
            recording_keys.destroy(tx, recording.sha256)
            app.vault.erase(recording.sha256)
    app.store.overwrite_deleted()
    if app.jobs is not None:
        app.jobs.cancel(prepare_recording.job_id(recording_id))
        for run_id in run_ids:
            app.jobs.cancel(run_id)
    for run_id in run_ids:
        shutil.rmtree(work_dir(app, run_id), ignore_errors=True)
