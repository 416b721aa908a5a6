"""Sealing the recordings and texts that earlier versions kept plain: jobs, after the start of the server."""

from typing import Any
from uuid import uuid4

from coding_app.jobs.engine import Jobs, Steps
from coding_app.store import decision_rules, plain_texts, recording_keys
from coding_app.workflows.permission import by_the_machine
from coding_app.workflows.wiring import App

KIND = "seal"
PLACE = 2  # in the queue: after making recordings ready, before transcriptions


@by_the_machine
def adopt(app: App, jobs: Jobs) -> None:
    """Puts what is still plain in the queue; for the start of a server."""
    for sha256 in app.vault.plain_recordings():
        jobs.enqueue(KIND, f"{KIND}-{uuid4().hex}", {"sha256": sha256}, priority=PLACE)
    with app.store.read() as tx:
        recording_ids = plain_texts.recordings_with_plain_texts(tx)
        study_ids = decision_rules.studies_with_plain_rules(tx)
    for recording_id in recording_ids:
        jobs.enqueue(KIND, f"{KIND}-{uuid4().hex}", {"texts_of": recording_id}, priority=PLACE)
    for study_id in study_ids:
        jobs.enqueue(KIND, f"{KIND}-{uuid4().hex}", {"rules_of": study_id}, priority=PLACE)


@by_the_machine
def run(app: App, steps: Steps, payload: dict[str, Any]) -> None:
    """The job. Safe to begin again after a crash at any moment: a file is plain until its sealed form is in place."""
    if "texts_of" in payload:
        steps.run(KIND, seal_texts, app, payload["texts_of"])
    elif "rules_of" in payload:
        steps.run(KIND, seal_rules, app, payload["rules_of"])
    else:
        steps.run(KIND, seal, app, payload["sha256"], steps)


@by_the_machine
def seal(app: App, sha256: str, steps: Steps | None = None) -> None:
    """Seals the recording and what was derived from it; one that is erased meanwhile stays erased."""
    for plain, ready in app.vault.seal(sha256):
        if steps is not None:
            steps.check_open()
        with app.store.write() as tx:
            if recording_keys.find_wrapped(tx, sha256) is not None and plain.is_file():
                app.vault.settle(plain, ready)


@by_the_machine
def seal_texts(app: App, recording_id: str) -> None:
    """Seals the recording's transcripts, corrections, edits, notes and reasons, all or none of them."""
    with app.store.write() as tx:
        plain_texts.seal_plain_texts(tx, recording_id)
    app.store.overwrite_deleted()


@by_the_machine
def seal_rules(app: App, study_id: str) -> None:
    """Seals the rules of a study's team, and its examples, all or none of them."""
    with app.store.write() as tx:
        decision_rules.seal_plain_rules(tx, study_id)
    app.store.overwrite_deleted()
