"""A transcribing server killed (kill -9) at random moments: is every transcript whole, and made once?

    .venv/bin/python scripts/measure/kills.py                50 kills, about ten minutes
    .venv/bin/python scripts/measure/kills.py --kills 3

A real server with real weights transcribes a recording of 75 s, three chunks; each transcription is met by one
kill, in every fifth also the next start is. Prints one flat JSON object on its last line: `complete` transcripts
are word for word the same as one that nobody disturbed; `doubled` transcripts came out twice; `repeated_chunks`
were recognised again although they had been kept.
"""

import argparse
import json
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT)]

from coding_app.domain.recording import Study
from coding_app.settings import Settings, read_settings
from coding_app.store import studies, transcriptions, transcripts
from coding_app.workflows import transcribe
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.transcription_job import CHILD, transcript_id
from coding_app.workflows.wiring import App, open_app
from measure.processes import descendants, processes
from measure.sound import long_recording
from tests.e2e.server import Server

SECONDS = 75
TAKEN_UP_SECONDS = 3.0  # a server looks so often for what others have queued
PATIENCE_SECONDS = 180.0
STUDY = "kills"
WISHES: dict[str, Any] = {"engine": "faster-whisper", "model": "base", "language": "en", "n_speakers": 1}
COUNT_CHUNKS = """
CREATE TABLE measured_chunk (transcription_id TEXT, number INTEGER);
CREATE TRIGGER measure_new AFTER INSERT ON transcription_chunk BEGIN
  INSERT INTO measured_chunk VALUES (NEW.transcription_id, NEW.number); END;
CREATE TRIGGER measure_again AFTER UPDATE ON transcription_chunk BEGIN
  INSERT INTO measured_chunk VALUES (NEW.transcription_id, NEW.number); END;
"""


def run_kills(n: int, seed: int = 1) -> dict[str, Any]:
    """n transcriptions, each with a kill -9 of its server at a random moment; what came of them.

    Returns kills, complete, doubled, repeated_chunks, outlived (children that lived on without their server)
    and left_over (work folders). Needs the starter model; on two idle cores it takes ten seconds per kill.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(None, Path(folder) / "data")
        recording_id = _a_recording(settings, Path(folder))
        count_chunks(settings)
        server = Server(settings.data_dir)
        server.start()
        try:
            with open_app(settings) as app:
                return _rounds(app, server, recording_id, n, random.Random(seed))
        finally:
            server.kill()


def _rounds(app: App, server: Server, recording_id: str, n: int, chance: random.Random) -> dict[str, Any]:
    began = time.monotonic()
    undisturbed = _words(app, _until_over(app, transcribe.start(app, recording_id, **WISHES).id))
    longest = time.monotonic() - began
    n_kills, ids, outlived = 0, list[str](), 0
    for number in range(n):
        ids.append(transcribe.start(app, recording_id, **WISHES).id)
        time.sleep(chance.uniform(0, longest))
        outlived += _kill(server)
        if number % 5 == 4:  # and once more, while the server begins
            server.launch()
            time.sleep(chance.uniform(0, TAKEN_UP_SECONDS))
            outlived += _kill(server)
            n_kills += 1
        server.start()
        n_kills += 1
        _until_over(app, ids[-1])
        if (words := _words(app, ids[-1])) != undisturbed:
            print(
                f"{number + 1} of {n}: {_state(app, ids[-1])}, {_first_difference(words, undisturbed)}",
                file=sys.stderr,
            )
        print(f"{number + 1} of {n}", file=sys.stderr)
    return {
        "kills": n_kills,
        "transcriptions": n,
        "complete": sum(_words(app, each) == undisturbed for each in ids),
        "doubled": _n_transcripts(app, recording_id) - n - 1,
        "repeated_chunks": n_repeated(app.settings),
        "outlived": outlived,
        "left_over": _left_over(app.settings),
        "undisturbed_seconds": round(longest, 1),
    }


def _a_recording(settings: Settings, folder: Path) -> str:
    source = long_recording(folder / "speech.wav", SECONDS, ("jfk.flac",))
    with open_app(settings) as app:
        with app.store.write() as tx:
            studies.add_study(tx, Study(STUDY, "Kills", "alliance-core"))
        return add_file(app, STUDY, source).id


def count_chunks(settings: Settings) -> None:
    """From now on this data folder's database notes each time that a chunk is kept."""
    with closing(sqlite3.connect(settings.data_dir / "coding-app.sqlite")) as database:
        database.executescript(COUNT_CHUNKS)


def n_repeated(settings: Settings) -> int:
    """How often a chunk was kept that had been kept before, since count_chunks."""
    with closing(sqlite3.connect(settings.data_dir / "coding-app.sqlite")) as database:
        count = "SELECT count(*) - count(DISTINCT transcription_id || ':' || number) FROM measured_chunk"
        return int(database.execute(count).fetchone()[0])


def _kill(server: Server) -> int:
    """Kills the server; returns how many of its children still live five seconds later."""
    assert server.process is not None
    children = [each.pid for each in descendants(server.process.pid) if CHILD in each.command]
    server.kill()
    _wait(lambda: not _alive(children), 5)
    return len(_alive(children))


def _alive(pids: list[int]) -> list[int]:
    return [each.pid for each in processes() if each.pid in pids]


def _until_over(app: App, transcription_id: str) -> str:
    def is_over() -> bool:
        with app.store.read() as tx:
            return transcriptions.get_transcription(tx, transcription_id).state in ("done", "failed")

    if not _wait(is_over, PATIENCE_SECONDS):
        print(f"A transcription did not end within {PATIENCE_SECONDS:.0f} s.", file=sys.stderr)
    return transcription_id


def _words(app: App, transcription_id: str) -> list[tuple[int, str]] | None:
    """Start and text of every word; None without a transcript."""
    with app.store.read() as tx:
        if transcriptions.get_transcription(tx, transcription_id).state != "done":
            return None
        segments = transcripts.get_transcript(tx, transcript_id(transcription_id)).segments
    return [(word.start_ms, word.text) for segment in segments for word in segment.words]


def _state(app: App, transcription_id: str) -> str:
    with app.store.read() as tx:
        found = transcriptions.get_transcription(tx, transcription_id)
    return f"{found.state}: {found.message}"


def _first_difference(words: list[tuple[int, str]] | None, undisturbed: list[tuple[int, str]] | None) -> str:
    """Where it goes apart from the one that nobody disturbed; the recording is a public speech."""
    pairs = zip(words or [], undisturbed or [], strict=False)
    place = next((place for place, (one, other) in enumerate(pairs) if one != other), None)
    return (
        f"{len(words or [])} words instead of {len(undisturbed or [])}, the first other one is number {place}"
    )


def _n_transcripts(app: App, recording_id: str) -> int:
    with app.store.read() as tx:
        return len(transcripts.list_transcripts(tx, recording_id))


def _left_over(settings: Settings) -> int:
    folders = settings.work_dir.glob("transcription-*")
    _wait(lambda: not any(settings.work_dir.glob("transcription-*")), 5)
    return len(list(folders))


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    ends_at = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends_at:
            return False
        time.sleep(0.1)
    return True


def main() -> None:
    """Reads the options, runs, prints the result."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50, help="transcriptions, each killed once (50)")
    parser.add_argument("--seed", type=int, default=1, help="another seed kills at other moments (1)")
    options = parser.parse_args()
    os.umask(0o077)
    print(json.dumps(run_kills(options.kills, options.seed)))


if __name__ == "__main__":
    main()
