"""The transcription job itself: runs the child, keeps what it says, publishes once, leaves nothing behind."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from coding_app.domain.recording import Recording
from coding_app.domain.transcript import Transcript, Word
from coding_app.domain.transcription import Transcription, TranscriptionState
from coding_app.errors import CodingAppError, SpeechError, StoreError
from coding_app.exchange.transcripts import read_transcript_json
from coding_app.jobs.engine import JobStopped, Steps
from coding_app.jobs.pace import Pace
from coding_app.jobs.warm import Warm
from coding_app.media.source import as_json
from coding_app.store import Tx, recordings, transcriptions, transcripts
from coding_app.workflows.chunk_words import ChunkWords
from coding_app.workflows.permission import by_the_machine
from coding_app.workflows.prepare_recording import PEAKS
from coding_app.workflows.provenance import provenance, stage_weights
from coding_app.workflows.wiring import App

CHILD = "coding_app.workflows.transcription_child"
ACTIVE: tuple[TranscriptionState, ...] = ("queued", "running")
GOES_ON: tuple[TranscriptionState, ...] = (*ACTIVE, "paused")
ROOM_SECONDS = 1.0  # a full disk is looked at again so often
BROKEN_OFF = "The transcription was broken off by a fault on this machine; try it again."


class _NotWantedError(Exception):
    """The transcription was cancelled, paused or erased while it ran."""


@by_the_machine
def warm_child(app: App) -> Warm:
    """The child process that works on transcriptions, one after another; close it with the jobs."""
    return Warm(CHILD, app.settings.data_dir / "logs" / "transcription.log")


@by_the_machine
def run(app: App, warm: Warm, steps: Steps, payload: dict[str, Any]) -> None:
    """The job. Safe to begin again after a crash at any moment: finished chunks are kept."""
    steps.run("transcribe", _transcribe, app, warm, steps, payload["transcription_id"])


def transcript_id(transcription_id: str) -> str:
    """The id of the one transcript that a transcription can publish."""
    return uuid5(NAMESPACE_URL, f"transcription:{transcription_id}").hex


def _transcribe(app: App, warm: Warm, steps: Steps, transcription_id: str) -> None:
    with app.store.write() as tx:
        if transcriptions.find_transcription(tx, transcription_id) is None:
            return  # its recording was erased while it waited
        if not transcriptions.update_transcription(tx, transcription_id, only_from=ACTIVE, state="running"):
            return
        transcription = transcriptions.get_transcription(tx, transcription_id)
        recording = recordings.get_recording(tx, transcription.recording_id)
    sentence: str | None = None
    fault: BaseException | None = None
    try:
        _work(app, warm, steps, transcription, recording)
    except JobStopped:
        raise  # what is done stays for the next start
    except _NotWantedError:
        pass
    except CodingAppError as error:
        sentence = str(error)
    except Exception as error:
        sentence, fault = BROKEN_OFF, error
    except (
        BaseException
    ) as error:  # the engine's own word, at a report of progress, that the job was cancelled
        fault = error
    _settle_when_there_is_room(app, steps, transcription_id, sentence)
    if fault is not None:
        raise fault


def _settle_when_there_is_room(app: App, steps: Steps, transcription_id: str, sentence: str | None) -> None:
    """As settle; on a full disk what happened is written down as soon as somebody has made room."""
    while True:
        try:
            return settle(app, transcription_id, sentence)
        except StoreError:
            steps.check_open()
            sleep(ROOM_SECONDS)


def _work(app: App, warm: Warm, steps: Steps, transcription: Transcription, recording: Recording) -> None:
    """Runs the child and keeps what it says; raises SpeechError when it says that it failed."""

    def on_tick() -> None:
        steps.check_open()
        if steps.cancelled():
            raise _NotWantedError

    alone = bool(transcription.channels) or transcription.n_speakers == 1
    pace = Pace(stage_weights(transcription.engine, transcription.model, alone=alone))
    request = _request(app, transcription, recording)
    key = json.dumps([request[each] for each in ("engine", "model", "models_dir", "device")])
    with warm.work(key, request, on_tick) as messages:
        for message in messages:
            match message["event"]:
                case "failed":
                    raise SpeechError(message["sentence"])
                case "finished":
                    _publish(app, transcription, recording, request, message)
                case "planned":
                    _keep_plan(app, transcription.id, message["n_chunks"])
                case "chunk":
                    _keep_chunk(app, transcription.id, message)
                case "progress":
                    _keep_progress(app, steps, transcription.id, pace, message)


def _request(app: App, transcription: Transcription, recording: Recording) -> dict[str, Any]:
    with app.store.read() as tx:
        done = transcriptions.chunks(tx, transcription.id)
    models_dir = app.settings.models_dir or app.settings.data_dir / "models"
    no_peaks = app.vault.find_derived(recording.sha256, PEAKS) is None
    return {
        "source": as_json(app.vault.source(recording.sha256)),
        "work_dir": str(work_dir(app, transcription.id)),
        "peaks": as_json(app.vault.derived(recording.sha256, PEAKS)) if no_peaks else None,
        "engine": transcription.engine,
        "model": transcription.model,
        "models_dir": str(models_dir),
        "device": app.settings.device,
        "language": transcription.language,
        "n_speakers": transcription.n_speakers,
        "channels": list(transcription.channels),
        "script": transcription.script,
        "chunks": {str(number): payload for number, payload in done.items()},
    }


def _keep_plan(app: App, transcription_id: str, n_chunks: int) -> None:
    with app.store.write() as tx:
        if not _still_running(tx, transcription_id, n_chunks=n_chunks):
            raise _NotWantedError


def _still_running(tx: Tx, transcription_id: str, **changes: Any) -> bool:
    """Notes the changes if it is there and runs; says whether it does."""
    there = transcriptions.find_transcription(tx, transcription_id) is not None
    return there and transcriptions.update_transcription(
        tx, transcription_id, only_from=("running",), **changes
    )


def _keep_chunk(app: App, transcription_id: str, message: dict[str, Any]) -> None:
    with app.store.write() as tx:
        if not _still_running(tx, transcription_id):
            raise _NotWantedError
        transcriptions.save_chunk(tx, transcription_id, message["number"], message["payload"])


def _keep_progress(
    app: App, steps: Steps, transcription_id: str, pace: Pace, message: dict[str, Any]
) -> None:
    progress = pace.at(message["stage"], message["fraction"])
    steps.report(progress)
    with app.store.write() as tx:
        _still_running(tx, transcription_id, progress=progress, seconds_left=pace.seconds_left())


def _publish(
    app: App,
    transcription: Transcription,
    recording: Recording,
    request: dict[str, Any],
    message: dict[str, Any],
) -> None:
    """Stores the transcript and that it is done in one transaction: both or neither, and once."""
    transcript = Transcript(
        id=transcript_id(transcription.id),
        recording_id=recording.id,
        revision=0,
        engine=transcription.engine,
        model=transcription.model,
        language=message["language"],
        duration_ms=recording.duration_ms,
        created_at=datetime.now(UTC),
        segments=tuple(read_transcript_json(message["transcript"])),
        speakers=message["speakers"],
        source="transcription" if transcription.script is None else "import",
        provenance=provenance(request, message) | {"asked_at": transcription.created_at.isoformat()},
    )
    with app.store.write() as tx:
        if _still_running(
            tx, transcription.id, state="done", progress=1.0, seconds_left=0.0, message=message["note"]
        ):
            transcripts.add_transcript(tx, transcript)
            transcriptions.drop_chunks(tx, transcription.id)


def words_of_chunks(chunks: dict[int, str]) -> tuple[Word, ...]:
    """The words of finished chunks (number -> payload) in the order in which they were said."""
    found = (ChunkWords.from_json(json.loads(payload)["words"]) for payload in chunks.values())
    return tuple(sorted((word for each in found for word in each.words), key=lambda word: word.start_ms))


@by_the_machine
def settle(app: App, transcription_id: str, sentence: str | None) -> None:
    """A run is over: without a transcript it leaves nothing behind but the sentence that says why.

    One that is paused, or goes on already, keeps what is done; one whose recording was erased is gone itself.
    """
    with app.store.write() as tx:
        if (now := transcriptions.find_transcription(tx, transcription_id)) is not None:
            if sentence is not None:
                transcriptions.update_transcription(
                    tx,
                    transcription_id,
                    only_from=ACTIVE,
                    state="failed",
                    message=sentence,
                    seconds_left=None,
                )
            elif now.state in GOES_ON:
                return
            transcriptions.drop_chunks(tx, transcription_id)
    shutil.rmtree(work_dir(app, transcription_id), ignore_errors=True)


def work_dir(app: App, transcription_id: str) -> Path:
    """Where the job keeps decoded sound while it is under way."""
    return app.settings.work_dir / f"transcription-{UUID(transcription_id).hex}"
