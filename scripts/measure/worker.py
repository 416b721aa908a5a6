"""The worker of the job engine: its memory on a recording of any length, what it leaves in the server, cancelling."""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coding_app.domain.recording import Study
from coding_app.jobs.child import Child
from coding_app.media.source import as_json
from coding_app.settings import read_settings
from coding_app.store import recordings, studies, transcriptions
from coding_app.workflows import transcribe
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.transcription_job import CHILD, work_dir
from coding_app.workflows.wiring import App, open_app, open_server_app
from measure.processes import Watch, descendants, processes
from measure.sound import long_recording
from tests.e2e.server import Server

CHUNK_MS = 120_000
CANCEL_WITHIN_SHARE = 0.05  # of the recording's length: a job takes twice as long at least
PATIENCE_SECONDS = 600.0
STUDY = "worker"


def memory(folder: Path, models_dir: Path, model: str, seconds: float, *, whole: bool) -> dict[str, Any]:
    """The worker on a recording of this length: all of it, prepared, recognised, speakers told apart.

    whole False: only the first and the last chunk are recognised. The words of the others are given as the job gives
    what an earlier run had finished: those of the first chunk, later.
    Returns worker_mib (peak of its process tree), wall (seconds), n_chunks, n_recognised.
    """
    place = folder / f"worker-{seconds:.0f}"
    place.mkdir()
    request: dict[str, Any] = {
        "source": as_json(long_recording(place / "long.wav", seconds)), "work_dir": str(place / "work"),
        "peaks": as_json(place / "peaks.i8"), "engine": "faster-whisper", "model": model, "models_dir": str(models_dir),
        "device": "auto", "language": "en", "n_speakers": 2, "channels": [], "script": None, "chunks": {},
    }  # fmt: skip
    if not whole:
        request["chunks"] = _words_between(request, place / "log")
        (place / "work" / "prepared.json").unlink()  # so that the measured run prepares too
    began, n_recognised, n_chunks = time.monotonic(), 0, 0
    with Child(CHILD, request, place / "log") as child, Watch(child.pid) as watch:
        for message in child.messages(lambda: None):
            match message["event"]:
                case "planned":
                    n_chunks = message["n_chunks"]
                case "chunk":
                    n_recognised += 1
                case "finished":
                    break
                case "failed":
                    sys.exit(message["sentence"])
    return {
        "worker_mib": watch.peak_mib,
        "wall": time.monotonic() - began,
        "n_chunks": n_chunks,
        "n_recognised": n_recognised,
    }


def _words_between(request: dict[str, Any], log: Path) -> dict[str, str]:
    """What an earlier run would have kept of every chunk but the first and the last."""
    n_chunks = 0
    with Child(CHILD, request, log) as child:
        for message in child.messages(lambda: None):
            if message["event"] == "planned":
                n_chunks = message["n_chunks"]
            if message["event"] == "chunk":
                first = json.loads(message["payload"])
                words = json.loads(first["words"])
                return {
                    str(n): json.dumps(first | {"words": json.dumps(_later(words, n))})
                    for n in range(1, n_chunks - 1)
                }
    raise AssertionError("The worker ended before it had recognised a chunk.")


def _later(words: dict[str, Any], number: int) -> dict[str, Any]:
    shift = number * CHUNK_MS
    moved = [
        each | {"start_ms": each["start_ms"] + shift, "end_ms": each["end_ms"] + shift}
        for each in words["words"]
    ]
    return words | {"number": number, "words": moved}


def web_growth(folder: Path, models_dir: Path, model: str, audio: Path) -> dict[str, float]:
    """By how much a server's own process (its children not counted) grows while a recording is transcribed.

    Returns web_peak_mib_growth and web_mib_before: MiB resident before the first job of this server.
    """
    os.environ["CODING_APP_MODELS"] = str(models_dir)
    settings = read_settings(None, folder / "web")
    server = Server(settings.data_dir)
    server.start()
    try:
        assert server.process is not None
        with open_app(settings) as app:
            recording_id = _a_recording(app, audio)
            before = Watch(server.process.pid)
            before.look()
            with Watch(server.process.pid) as watch:
                run = transcribe.start(app, recording_id, engine="faster-whisper", model=model, language="en")
                _wait(lambda: _state(app, run.id) in ("done", "failed"))
            if _state(app, run.id) != "done":
                sys.exit("The transcription failed.")
    finally:
        server.stop()
    return {
        "web_peak_mib_growth": watch.own_peak_mib - before.own_peak_mib,
        "web_mib_before": before.own_peak_mib,
    }


def cancel_seconds(folder: Path, models_dir: Path, model: str, audio: Path, n: int) -> list[float]:
    """Seconds from the cancel of a running job until its processes and all that it kept are gone, n times.

    Each at another moment of about the first half of its work.
    """
    chance = random.Random(1)
    settings = read_settings({"CODING_APP_MODELS": str(models_dir)}, folder / "cancel")
    took = []
    with open_server_app(settings) as app:
        recording_id = _a_recording(app, audio)
        with app.store.read() as tx:
            longest = recordings.get_recording(tx, recording_id).duration_ms / 1000 * CANCEL_WITHIN_SHARE
        for _ in range(n):
            run = transcribe.start(app, recording_id, engine="faster-whisper", model=model, language="en")
            _wait(lambda: bool(_workers()))
            time.sleep(chance.uniform(0, longest))
            pids = _workers()
            began = time.monotonic()
            transcribe.cancel(app, run.id)
            _wait(lambda pids=pids, run=run: not _left(app, run.id, pids))  # type: ignore[misc]
            took.append(time.monotonic() - began)
    return took


def _workers() -> set[int]:
    """The transcription child and what it has started."""
    listed = processes()
    return {
        each.pid
        for child in descendants(os.getpid(), listed)
        if CHILD in child.command
        for each in (child, *descendants(child.pid, listed))
    }


def _left(app: App, transcription_id: str, pids: set[int]) -> bool:
    with app.store.read() as tx:
        chunks = transcriptions.chunks(tx, transcription_id)
    folder = work_dir(app, transcription_id).exists()
    return bool(chunks or folder or pids & {each.pid for each in processes()})


def _a_recording(app: App, audio: Path) -> str:
    with app.store.write() as tx:
        studies.add_study(tx, Study(STUDY, "Worker", "alliance-core"))
    return add_file(app, STUDY, audio).id


def _state(app: App, transcription_id: str) -> str:
    with app.store.read() as tx:
        return transcriptions.get_transcription(tx, transcription_id).state


def _wait(condition: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > ends_at:
            sys.exit(f"This did not happen within {PATIENCE_SECONDS:.0f} s.")
        time.sleep(0.05)
