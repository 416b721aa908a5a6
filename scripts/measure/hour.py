"""A long recording as a person meets it: uploaded, transcribed across a kill -9, corrected with the keyboard alone.

    .venv/bin/python scripts/measure/hour.py                 60 minutes of sound, about 10 minutes on two idle cores
    .venv/bin/python scripts/measure/hour.py --minutes 4

A real server with real weights and a real Chromium. The transcript is watched in the page as it grows; when half of
the pieces are done the server's process group is killed (kill -9) and started again. Then a person makes each kind
of correction once in the editor, and reloads. Prints one flat JSON object on its last line: `repeated_chunks` were
recognised again although they had been kept; `transcripts` is 1 when it was published once; `edits` counts the kinds
of correction that arrived, `lost_edits` what was not there after the reload. `libraries_in_the_web_process` names
the speech engines that the server's own process has loaded: none.
"""

import argparse
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT)]

from coding_app.settings import read_settings
from coding_app.store import recordings, studies, transcripts
from coding_app.workflows import edit_transcript
from coding_app.workflows.transcription_job import CHILD
from coding_app.workflows.wiring import App, open_app
from measure.corrector import Corrector
from measure.kills import count_chunks, n_repeated
from measure.processes import descendants, processes, speech_libraries
from measure.sound import long_recording
from tests.e2e.server import Server, a_chromium
from tests.e2e.test_whole_path import choose, make_study, open_page, settled

PARTS = ("session240.flac", "dlg_1688_2033.flac", "gcp_commercial_mono.wav")
SECONDS_PER_SECOND = 2.0  # the longest that a person waits for a second of sound, on a machine that is busy
LEAST_PATIENCE_SECONDS = 300.0
WINDOW = {"width": 1280, "height": 900}


def run_hour(minutes: float, folder: Path, browser: Browser) -> dict[str, Any]:
    """The whole story with so many minutes of sound; folder: an empty one to work in. Needs the starter model."""
    sound = long_recording(folder / "session.wav", 60 * minutes, PARTS)
    server = Server(folder / "data")
    server.start()
    context = browser.new_context(viewport=WINDOW)
    try:
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(server.url)
        make_study(page)
        settings = read_settings(None, server.data_dir)
        count_chunks(settings)
        with open_app(settings) as app:
            figures = _transcribe(page, server, app, sound, minutes)
            return {"minutes": minutes, **figures, **_correct(page, app)}
    finally:
        context.close()
        server.stop()


def _transcribe(page: Page, server: Server, app: App, sound: Path, minutes: float) -> dict[str, Any]:
    """Uploads, watches, kills half-way, starts again and waits for the transcript."""
    patience = max(LEAST_PATIENCE_SECONDS, 60 * minutes * SECONDS_PER_SECOND)
    open_page(page, "Recordings")
    choose(page, "Speakers", "2")
    choose(page, "Language", "English")
    settled(page)
    began = time.monotonic()
    page.locator("input[type=file]").set_input_files(sound)
    seen = [_pieces_until(page, lambda done, n: done >= 1, patience)]
    seen.append(_pieces_until(page, lambda done, n: done > max(1, n // 2 - 1), patience))
    outlived = _kill(server)
    server.start()
    seen.append(_pieces_until(page, lambda done, n: done > seen[1][0] or done >= n - 1, patience))
    expect(page.get_by_text("Who speaks", exact=True)).to_be_visible(timeout=1_000 * patience)
    (recording,) = _recordings(app)
    with app.store.read() as tx:
        made = transcripts.list_transcripts(tx, recording)
    return {
        "seconds_to_transcript": round(time.monotonic() - began),
        "chunks": seen[0][1],
        "chunks_seen": [done for done, _ in seen],
        "chunks_at_kill": seen[1][0],
        "repeated_chunks": n_repeated(app.settings),
        "outlived": outlived,
        "transcripts": len(made),
        "libraries_in_the_web_process": sorted(speech_libraries(server.process.pid if server.process else 0)),
    }


def _pieces_until(page: Page, enough: Callable[[int, int], bool], patience: float) -> tuple[int, int]:
    """How many pieces of how many the page says are done, as soon as it is enough."""
    ends_at = time.monotonic() + patience
    while time.monotonic() < ends_at:
        # asked at once, not awaited: the page draws these words anew every two seconds
        told = page.evaluate("() => document.body.innerText")
        found = re.search(r"(\d+) of (\d+) pieces", told)
        if found and enough(int(found[1]), int(found[2])):
            return int(found[1]), int(found[2])
        page.wait_for_timeout(200)
    raise AssertionError("The transcript did not grow in the page.")


def _kill(server: Server) -> int:
    """Kills the server's process group; how many of its children still live five seconds later."""
    assert server.process is not None
    children = {each.pid for each in descendants(server.process.pid) if CHILD in each.command}
    assert children
    server.kill()
    ends_at = time.monotonic() + 5
    while children & {each.pid for each in processes()} and time.monotonic() < ends_at:
        time.sleep(0.1)
    return len(children & {each.pid for each in processes()})


def _recordings(app: App) -> list[str]:
    with app.store.read() as tx:
        (study,) = studies.list_studies(tx)
        return [each.id for each in recordings.list_recordings(tx, study.id)]


def _correct(page: Page, app: App) -> dict[str, Any]:
    """Every kind of correction once; what is there after a reload."""
    (recording,) = _recordings(app)
    settled(page)
    page.get_by_role("link", name="Transcript", exact=True).click()
    person = Corrector(page, app, recording)
    person.open()
    n_recognised = len(person.now().segments)
    person.correct_everything()
    before = person.now()
    page.reload()
    person.open()
    lost = int(person.now() != before) + sum(text != person.of(key).text for key, text in person.shown())
    person.write_and_reload_at_once()
    shown = person.shown()
    lost += sum(text != person.of(key).text for key, text in shown)
    revisions = edit_transcript.list_revisions(app, recording)
    return {
        "segments": n_recognised,
        "edits": len(person.done),
        "edits_made": person.done,
        "lost_edits": lost,
        "rows_compared": len(shown),
        "revisions": len(revisions),
        "steps_kept": revisions[0].n_edits,
    }


def main() -> None:
    """Reads the options, runs, prints the result."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=60, help="length of the recording (60)")
    options = parser.parse_args()
    os.umask(0o077)
    with tempfile.TemporaryDirectory() as folder, a_chromium() as browser:
        print(json.dumps(run_hour(options.minutes, Path(folder), browser)))


if __name__ == "__main__":
    main()
