"""Sealing the recordings that earlier versions kept plain: one job for each, after the start of the server."""

from typing import Any
from uuid import uuid4

from coding_app.jobs.engine import Jobs, Steps
from coding_app.store import recording_keys
from coding_app.workflows.permission import by_the_machine
from coding_app.workflows.wiring import App

KIND = "seal"
PLACE = 2  # in the queue: after making recordings ready, before transcriptions


@by_the_machine
def adopt(app: App, jobs: Jobs) -> None:
    """Puts what is still plain in the queue; for the start of a server."""
    for sha256 in app.vault.plain_recordings():
        jobs.enqueue(KIND, f"{KIND}-{uuid4().hex}", {"sha256": sha256}, priority=PLACE)


@by_the_machine
def run(app: App, steps: Steps, payload: dict[str, Any]) -> None:
    """The job. Safe to begin again after a crash at any moment: a file is plain until its sealed form is in place."""
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
