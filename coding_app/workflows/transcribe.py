"""Transcribing a recording: start, cancel, retry, and the job engine that works on it."""

import logging
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

from coding_app.domain.people import Action
from coding_app.domain.recording import Recording
from coding_app.domain.transcript import SPEAKER_ROLES
from coding_app.domain.transcription import Transcription, TranscriptionState
from coding_app.errors import InputError
from coding_app.jobs.engine import Jobs, JobStatus, open_jobs
from coding_app.settings import ENGINES
from coding_app.speech.languages import check_language
from coding_app.store import recordings, transcriptions, transcripts
from coding_app.workflows import prepare_recording, seal_recordings
from coding_app.workflows.permission import allowed, by_the_machine
from coding_app.workflows.transcription_job import (
    ACTIVE,
    BROKEN_OFF,
    GOES_ON,
    run,
    settle,
    warm_child,
    work_dir,
)
from coding_app.workflows.wiring import App

KIND = "transcribe"
MAX_SPEAKERS = 8
FIRST_PLACE = 10  # in the queue; making recordings ready goes before
ADOPT_SECONDS = 3.0
_log = logging.getLogger(__name__)


@allowed(Action.TRANSCRIBE, of="recording_id")
def start(
    app: App,
    recording_id: str,
    *,
    engine: str,
    model: str,
    language: str | None = None,
    n_speakers: int | None = 2,
    channels: tuple[str, ...] = (),
    script: str | None = None,
) -> Transcription:
    """Puts the recording in the queue for transcription and returns at once.

    channels: the role on each audio channel when every speaker has a microphone of their own. script: a
    WantedScript (JSON) whose words are to be found in the sound, None: what is heard is written down. While one
    with the same wishes is waiting or running for this recording, that one is returned. Without a job engine (a
    command) the running server, or the next one to start, takes it up. Raises InputError for wishes that cannot
    be met, while another one runs, or when coding has begun.
    """
    now = datetime.now(UTC)
    wanted = Transcription(
        uuid4().hex, recording_id, engine, model, language or None, n_speakers, channels,
        "queued", 0.0, None, None, now, now, script=script,
    )  # fmt: skip
    check_wishes(engine, model, n_speakers, language)
    with app.store.write() as tx:
        _check_channels(wanted, recordings.get_recording(tx, recording_id))
        under_way = transcriptions.list_transcriptions(tx, recording_id, GOES_ON)
        if under_way:
            return _the_same(under_way[0], wanted)
        if any(each.frozen for each in transcripts.list_transcripts(tx, recording_id)):
            raise InputError("Somebody has begun to code this recording; its transcript is fixed with that.")
        transcriptions.add_transcription(tx, wanted)
    if app.jobs is not None:
        _enqueue(app, app.jobs, wanted)
    return wanted


def _enqueue(app: App, jobs: Jobs, wanted: Transcription) -> None:
    """In the queue by its place among those of its own study, so that no study waits for all of another's."""
    with app.store.read() as tx:
        study_id = recordings.study_of(tx, wanted.recording_id)
        of_study = {each.id for each in recordings.list_recordings(tx, study_id)}
        before = [
            each
            for each in transcriptions.list_transcriptions(tx, states=ACTIVE)
            if each.recording_id in of_study and each.id != wanted.id and each.created_at <= wanted.created_at
        ]
    place = FIRST_PLACE + len(before)
    jobs.enqueue(KIND, wanted.id, {"transcription_id": wanted.id}, priority=place)


@allowed(Action.TRANSCRIBE, of="transcription_id")
def pause(app: App, transcription_id: str) -> Transcription:
    """Stops a waiting or running transcription for now; what is done is kept. Paused already is no harm.

    Raises InputError when it is over.
    """
    return _stop(app, transcription_id, "paused", ACTIVE)


@allowed(Action.TRANSCRIBE, of="transcription_id")
def resume(app: App, transcription_id: str) -> Transcription:
    """Lets a paused transcription go on where it stopped; one that goes on already is returned as it is.

    Raises InputError when it is over.
    """
    with app.store.write() as tx:
        transcriptions.update_transcription(tx, transcription_id, only_from=("paused",), state="queued")
        transcription = transcriptions.get_transcription(tx, transcription_id)
    if transcription.state not in ACTIVE:
        raise InputError(f"This transcription is {transcription.state} already; it cannot go on.")
    if app.jobs is not None:
        _enqueue(app, app.jobs, transcription)
    return transcription


@allowed(Action.TRANSCRIBE, of="transcription_id")
def cancel(app: App, transcription_id: str) -> Transcription:
    """Stops a waiting or running transcription for good and returns it; nothing of it is kept.

    One that is cancelled already is returned as it is. Raises InputError when it is done or failed.
    """
    return _stop(app, transcription_id, "cancelled", GOES_ON)


def _stop(
    app: App, transcription_id: str, to: TranscriptionState, only_from: tuple[TranscriptionState, ...]
) -> Transcription:
    with app.store.write() as tx:
        stopped = transcriptions.update_transcription(
            tx, transcription_id, only_from=only_from, state=to, seconds_left=None
        )
        transcription = transcriptions.get_transcription(tx, transcription_id)
        if stopped and to == "cancelled":
            transcriptions.drop_chunks(tx, transcription_id)
    if transcription.state != to:
        raise InputError(f"This transcription is {transcription.state} already; nothing is left to stop.")
    if app.jobs is not None:
        app.jobs.cancel(transcription_id)
    if to == "cancelled":
        shutil.rmtree(work_dir(app, transcription_id), ignore_errors=True)
    return transcription


@allowed(Action.TRANSCRIBE, of="transcription_id")
def retry(
    app: App, transcription_id: str, *, engine: str | None = None, model: str | None = None
) -> Transcription:
    """Starts a failed or cancelled transcription anew, as another Transcription with the same wishes.

    engine, model: others than before, None = the same. Raises InputError when it is done, waiting or running.
    """
    with app.store.read() as tx:
        old = transcriptions.get_transcription(tx, transcription_id)
    if old.state not in ("failed", "cancelled"):
        raise InputError(f"This transcription is {old.state}; only a failed or cancelled one can be retried.")
    return start(
        app,
        old.recording_id,
        engine=engine or old.engine,
        model=model or old.model,
        language=old.language,
        n_speakers=old.n_speakers,
        channels=old.channels,
        script=old.script,
    )


@by_the_machine
@contextmanager
def open_transcription_jobs(app: App) -> Iterator[Jobs]:
    """The job engine with its kinds of job; what a crash left behind goes on, or is told as failed."""
    on_server = app.settings.database_url.startswith("postgres")
    warm = warm_child(app)
    prepare_recording.sweep(app)
    jobs = open_jobs(
        app.settings.database_url if on_server else app.settings.jobs_path,
        {
            KIND: partial(run, app, warm),
            prepare_recording.KIND: partial(prepare_recording.run, app),
            seal_recordings.KIND: partial(seal_recordings.run, app),
        },
    )
    stopping = threading.Event()
    watcher = threading.Thread(target=_watch_queue, args=(app, jobs, stopping), name="queue", daemon=True)
    try:
        _reconcile(app, jobs)
        prepare_recording.adopt(app, jobs, all_unfinished=True)
        seal_recordings.adopt(app, jobs)
        watcher.start()
        yield jobs
    finally:
        stopping.set()
        if watcher.is_alive():
            watcher.join()
        jobs.close()
        warm.close()


def _watch_queue(app: App, jobs: Jobs, stopping: threading.Event) -> None:
    """Takes up what `coding-app add --transcribe` queued from another process while the server runs."""
    while not stopping.wait(ADOPT_SECONDS):
        try:
            prepare_recording.adopt(app, jobs)
            _adopt(app, jobs)
        except Exception as error:  # whatever it was: without the watcher, queued work would wait for ever
            # the kind only: a database's own words may hold what was in a row
            _log.error("The queue could not be read (%s); it is tried again", type(error).__name__)


def _adopt(app: App, jobs: Jobs) -> None:
    with app.store.read() as tx:
        waiting = transcriptions.list_transcriptions(tx, states=("queued",))
    for each in waiting:
        if jobs.status(each.id) is None:
            _enqueue(app, jobs, each)


def _reconcile(app: App, jobs: Jobs) -> None:
    """Brings what the database says and what the job list says together after a crash between the two."""
    with app.store.read() as tx:
        going_on = transcriptions.list_transcriptions(tx, states=GOES_ON)
    for each in going_on:
        if each.state == "paused":
            continue
        match jobs.status(each.id):
            case None | JobStatus.CANCELLED:  # the crash came between the database and the job list
                _enqueue(app, jobs, each)
            case JobStatus.FAILED | JobStatus.DONE:
                settle(app, each.id, BROKEN_OFF)
    known = {work_dir(app, each.id).name for each in going_on}
    for folder in app.settings.work_dir.glob("transcription-*"):
        if folder.name not in known:
            shutil.rmtree(folder, ignore_errors=True)


def check_wishes(engine: str, model: str, n_speakers: int | None, language: str | None = None) -> None:
    """Raises InputError when no recording could be transcribed like this; n_speakers None = not known."""
    if engine not in ENGINES:
        raise InputError(f"There is no engine '{engine}'; choose one of {', '.join(ENGINES)}.")
    check_language(language or None)
    if not model.strip():
        raise InputError("No model is named; choose one, for example 'base'.")
    if n_speakers is not None and not 1 <= n_speakers <= MAX_SPEAKERS:
        raise InputError(
            f"{n_speakers} speakers cannot be told apart; give a number from 1 to {MAX_SPEAKERS}."
        )


def _check_channels(wanted: Transcription, recording: Recording) -> None:
    if wanted.channels and len(wanted.channels) != recording.n_channels:
        raise InputError(
            f"The recording has {recording.n_channels} audio channel(s), but {len(wanted.channels)} were "
            "named; name one speaker per channel, or none."
        )
    for role in wanted.channels:
        if role not in SPEAKER_ROLES:
            raise InputError(f"A channel cannot hold '{role}'; choose one of {', '.join(SPEAKER_ROLES)}.")


def _the_same(under_way: Transcription, wanted: Transcription) -> Transcription:
    wishes = replace(
        wanted, id=under_way.id, state=under_way.state, progress=under_way.progress,
        seconds_left=under_way.seconds_left, message=under_way.message,
        created_at=under_way.created_at, updated_at=under_way.updated_at, n_chunks=under_way.n_chunks,
    )  # fmt: skip
    if wishes != under_way:
        raise InputError("This recording is being transcribed already; wait for it or cancel it first.")
    return under_way
