"""The transcription job itself: runs the child, keeps what it says, publishes once, leaves nothing behind."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from coding_app.domain.recording import Recording
from coding_app.domain.transcript import Transcript
from coding_app.domain.transcription import Transcription, TranscriptionState
from coding_app.errors import CodingAppError, SpeechError
from coding_app.exchange.transcripts import read_transcript_json
from coding_app.jobs.child import Child
from coding_app.jobs.engine import JobStopped, Steps
from coding_app.jobs.pace import Pace
from coding_app.speech.catalogue import SECONDS_PER_SECOND_ON_ONE_CORE, SPEAKERS_PER_SECOND, catalogue
from coding_app.store import recordings, transcriptions, transcripts
from coding_app.workflows.wiring import App

CHILD = "coding_app.workflows.transcription_child"
ACTIVE: tuple[TranscriptionState, ...] = ("queued", "running")
PREPARE_PER_SECOND = 0.015
BROKEN_OFF = "The transcription was broken off by a fault on this machine; try it again."


class _NotWantedError(Exception):
    """The transcription was cancelled while it ran."""


def run(app: App, steps: Steps, payload: dict[str, Any]) -> None:
    """The job. Safe to begin again after a crash at any moment: finished chunks are kept."""
    steps.run("transcribe", _transcribe, app, steps, payload["transcription_id"])


def transcript_id(transcription_id: str) -> str:
    """The id of the one transcript that a transcription can publish."""
    return uuid5(NAMESPACE_URL, f"transcription:{transcription_id}").hex


def _transcribe(app: App, steps: Steps, transcription_id: str) -> None:
    with app.store.write() as tx:
        if not transcriptions.update_transcription(tx, transcription_id, only_from=ACTIVE, state="running"):
            return
        transcription = transcriptions.get_transcription(tx, transcription_id)
        recording = recordings.get_recording(tx, transcription.recording_id)
    sentence: str | None = None
    fault: BaseException | None = None
    try:
        _work(app, steps, transcription, recording)
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
    shutil.rmtree(work_dir(app, transcription_id), ignore_errors=True)
    settle(app, transcription_id, sentence)
    if fault is not None:
        raise fault


def _work(app: App, steps: Steps, transcription: Transcription, recording: Recording) -> None:
    """Runs the child and keeps what it says; raises SpeechError when it says that it failed."""

    def on_tick() -> None:
        steps.check_open()
        if steps.cancelled():
            raise _NotWantedError

    pace = Pace(_weights(transcription))
    request = _request(app, transcription, recording)
    with Child(CHILD, request, app.settings.data_dir / "logs" / "transcription.log") as child:
        for message in child.messages(on_tick):
            match message["event"]:
                case "failed":
                    raise SpeechError(message["sentence"])
                case "finished":
                    _publish(app, transcription, recording, message)
                case "chunk":
                    _keep_chunk(app, transcription.id, message)
                case "progress":
                    _keep_progress(app, steps, transcription.id, pace, message)


def _weights(transcription: Transcription) -> dict[str, float]:
    """The stages' shares of the time, from what one core was measured to need for a second of sound."""
    cost = {entry.name: entry.relative_cost for entry in catalogue()}.get(transcription.model, 1.0)
    alone = bool(transcription.channels) or transcription.n_speakers == 1
    return {
        "prepare": PREPARE_PER_SECOND,
        "recognise": SECONDS_PER_SECOND_ON_ONE_CORE[transcription.engine] * cost,
        "finish": 0.002 if alone else SPEAKERS_PER_SECOND,
    }


def _request(app: App, transcription: Transcription, recording: Recording) -> dict[str, Any]:
    with app.store.read() as tx:
        done = transcriptions.chunks(tx, transcription.id)
    models_dir = app.settings.models_dir or app.settings.data_dir / "models"
    return {
        "source": str(app.vault.path(recording.sha256)),
        "work_dir": str(work_dir(app, transcription.id)),
        "peaks": str(app.vault.derived(recording.sha256, "peaks.i8")),
        "engine": transcription.engine,
        "model": transcription.model,
        "models_dir": str(models_dir),
        "language": transcription.language,
        "n_speakers": transcription.n_speakers,
        "channels": list(transcription.channels),
        "chunks": {str(number): payload for number, payload in done.items()},
    }


def _keep_chunk(app: App, transcription_id: str, message: dict[str, Any]) -> None:
    with app.store.write() as tx:
        if not transcriptions.update_transcription(tx, transcription_id, only_from=("running",)):
            raise _NotWantedError
        transcriptions.save_chunk(tx, transcription_id, message["number"], message["payload"])


def _keep_progress(
    app: App, steps: Steps, transcription_id: str, pace: Pace, message: dict[str, Any]
) -> None:
    progress = pace.at(message["stage"], message["fraction"])
    steps.report(progress)
    with app.store.write() as tx:
        transcriptions.update_transcription(
            tx, transcription_id, only_from=("running",), progress=progress, seconds_left=pace.seconds_left()
        )


def _publish(app: App, transcription: Transcription, recording: Recording, message: dict[str, Any]) -> None:
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
    )
    with app.store.write() as tx:
        if transcriptions.update_transcription(
            tx, transcription.id, only_from=("running",),
            state="done", progress=1.0, seconds_left=0.0, message=message["note"],
        ):  # fmt: skip
            transcripts.add_transcript(tx, transcript)
            transcriptions.drop_chunks(tx, transcription.id)


def settle(app: App, transcription_id: str, sentence: str | None) -> None:
    """A run is over: without a transcript it leaves nothing behind but the sentence that says why."""
    with app.store.write() as tx:
        if sentence is not None:
            transcriptions.update_transcription(
                tx, transcription_id, only_from=ACTIVE, state="failed", message=sentence, seconds_left=None
            )
        transcriptions.drop_chunks(tx, transcription_id)


def work_dir(app: App, transcription_id: str) -> Path:
    """Where the job keeps decoded sound while it is under way."""
    return app.settings.work_dir / f"transcription-{UUID(transcription_id).hex}"
