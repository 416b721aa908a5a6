"""Making a recording ready right after it was added: waveform, measures of its sound, a copy for playing if needed.

The original is never touched. What is kept of it: derived files in the vault ("peaks.i8", "playback.webm") and one
row, {"playable", "has_video", "holds" (of the copy: "sound" or "video"), "sound" (the measures),
"failed" (a sentence)}.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from coding_app.domain.people import Action
from coding_app.domain.recording import Recording
from coding_app.domain.sound import sound_as_json
from coding_app.errors import CodingAppError, MediaError, NotFoundError
from coding_app.jobs.engine import Jobs, Steps
from coding_app.media.limits import copy_limited, measure_limited, probe_limited
from coding_app.media.source import Source
from coding_app.store import Tx, erasing, recording_checks, recording_keys, recordings
from coding_app.workflows.permission import allowed, by_the_machine
from coding_app.workflows.wiring import App

KIND = "prepare"
FIRST = 1  # in the queue: it takes seconds, and a person waits for the waveform
PEAKS, COPY = "peaks.i8", "playback.webm"
NOT_YET = {"holds": None, "sound": None, "failed": None}


class _NotWantedError(Exception):
    """The recording was erased, or the job cancelled, while it ran."""


@dataclass(frozen=True, slots=True)
class Playing:
    """What is sent to a browser for playing."""

    source: Source
    media_type: str


def note_playable(tx: Tx, recording_id: str, playable: bool) -> None:
    """Keeps whether browsers play the file as it is, for the time until the job has looked at it."""
    recording_checks.put_check(tx, recording_id, {"playable": playable, **NOT_YET}, datetime.now(UTC))


@allowed(Action.ADD_RECORDINGS, of="recording_id")
def enqueue(app: App, recording_id: str) -> None:
    """Puts the recording in the queue; without a job engine (a command) the server takes it up."""
    if app.jobs is not None:
        app.jobs.enqueue(KIND, job_id(recording_id), {"recording_id": recording_id}, priority=FIRST)


@allowed(Action.TRANSCRIBE, of="recording_id")
def again(app: App, recording_id: str) -> None:
    """Makes it ready anew, for example after the disk was full. Raises NotFoundError for an unknown recording."""
    with app.store.write() as tx:
        erasing.check_not_erased(tx, recording_id)
        check = recording_checks.get_check(tx, recording_id) or {"playable": True}
        note_playable(tx, recording_id, check["playable"])
    if app.jobs is not None:
        app.jobs.enqueue(
            KIND, f"{job_id(recording_id)}-{uuid4().hex[:8]}", {"recording_id": recording_id}, priority=FIRST
        )


@by_the_machine
def adopt(app: App, jobs: Jobs, *, all_unfinished: bool = False) -> None:
    """Takes up recordings that were added by another process or before this version.

    all_unfinished: those too whose job was lost in a crash; for the start of a server.
    """
    with app.store.read() as tx:
        waiting = list(recording_checks.recordings_without_check(tx))
        if all_unfinished:
            waiting += [key for key, check in recording_checks.all_checks(tx) if _is_unfinished(check)]
    for recording_id in waiting:
        if jobs.status(job_id(recording_id)) is None:
            jobs.enqueue(KIND, job_id(recording_id), {"recording_id": recording_id}, priority=FIRST)


@by_the_machine
def sweep(app: App) -> None:
    """Removes the decoded sound that a crash left behind; before any job runs."""
    for left in (*app.settings.work_dir.glob(f"{KIND}-*"), *app.settings.work_dir.glob("demo-*.pcm")):
        left.unlink(missing_ok=True)


def _is_unfinished(check: dict[str, Any]) -> bool:
    return not check.get("sound") and not check.get("failed")


def job_id(recording_id: str) -> str:
    """The id of the recording's first job of this kind."""
    return f"{KIND}-{recording_id}"


@by_the_machine
def run(app: App, steps: Steps, payload: dict[str, Any]) -> None:
    """The job. Safe to begin again after a crash at any moment."""
    steps.run(KIND, prepare, app, payload["recording_id"], steps)


@by_the_machine
def prepare(app: App, recording_id: str, steps: Steps | None = None) -> None:
    """Does the work now; a recording that cannot be measured keeps the sentence that says why.

    steps: of the job that asks, which may be cancelled. An erased recording leaves nothing behind.
    """
    try:
        with app.store.read() as tx:
            recording = recordings.get_recording(tx, recording_id)
            erasing.check_not_erased(tx, recording_id)
    except NotFoundError:
        return
    try:
        check = _looked_at(app, recording, steps)
    except _NotWantedError:
        _forget_derived(app, recording)
        return
    try:
        with app.store.write() as tx:
            erasing.check_not_erased(tx, recording_id)
            recording_checks.put_check(tx, recording_id, check, datetime.now(UTC))
    except NotFoundError:
        _forget_derived(app, recording)


def _looked_at(app: App, recording: Recording, steps: Steps | None) -> dict[str, Any]:
    """The row to keep."""
    check: dict[str, Any] = {
        **NOT_YET,
        "playable": _playable(app, recording),
        "has_video": recording.has_video,
    }
    work = app.settings.work_dir / f"{KIND}-{recording.id}.pcm"
    work.parent.mkdir(parents=True, exist_ok=True)
    share = 1.0 if check["playable"] else 0.4

    def on_tick() -> None:
        if steps is not None:
            steps.check_open()
            if steps.cancelled():
                raise _NotWantedError

    def report(fraction: float) -> None:
        if steps is not None:
            steps.report(fraction)

    try:
        source = app.vault.source(recording.sha256)
        if not check["playable"]:
            unsealed = work.with_suffix(".webm")
            check["holds"] = _copied(
                app, recording, unsealed, lambda done: report((1 - share) * done), on_tick
            )
        sound = measure_limited(
            source,
            None
            if app.vault.find_derived(recording.sha256, PEAKS)
            else app.vault.derived(recording.sha256, PEAKS),
            work,
            lambda done: report(1 - share + share * done),
            on_tick,
        )
        check["sound"] = sound_as_json(sound)
    except CodingAppError as error:
        check["failed"] = str(error)
    return check


def _playable(app: App, recording: Recording) -> bool:
    """As it was found when it was added; recordings of older versions are looked at now."""
    with app.store.read() as tx:
        check = recording_checks.get_check(tx, recording.id)
    if check is not None:
        return bool(check["playable"])
    try:
        return probe_limited(app.vault.source(recording.sha256)).playable
    except CodingAppError:
        return True  # measuring says what is wrong with it


def _copied(app: App, recording: Recording, unsealed: Path, on_progress: Any, on_tick: Any) -> str:
    """What the copy holds; one that another study's recording of the same file has is taken as it is.

    unsealed: where it may lie until it is whole.
    """
    copy = app.vault.find_derived(recording.sha256, COPY)
    if copy is not None:
        return "video" if probe_limited(copy).has_video else "sound"
    target = app.vault.derived(recording.sha256, COPY)
    return copy_limited(app.vault.source(recording.sha256), unsealed, on_progress, on_tick, target)


def _forget_derived(app: App, recording: Recording) -> None:
    """Removes what was derived unless the file is still a recording of some study."""
    with app.store.write() as tx:
        if not recordings.is_used(tx, recording.sha256):
            recording_keys.destroy(tx, recording.sha256)
            app.vault.erase(recording.sha256)


@allowed(Action.LISTEN, of="recording")
def to_play(app: App, recording: Recording) -> Playing:
    """The original, or the copy when no browser plays it. Raises NotFoundError while there is no copy yet,

    MediaError when none could be made, StoreError when the original is missing.
    """
    with app.store.read() as tx:
        check = recording_checks.get_check(tx, recording.id)
    if check is None or check["playable"]:
        return Playing(app.vault.source(recording.sha256), recording.media_type)
    copy = app.vault.find_derived(recording.sha256, COPY)
    if copy is not None:
        return Playing(copy, "video/webm" if check["holds"] == "video" else "audio/webm")
    if check["failed"]:
        raise MediaError(check["failed"])
    raise NotFoundError(
        "A copy of this recording for playing is being made; wait a moment and reload the page."
    )
