"""A recording in a real browser: uploaded, its server killed while it is transcribed, corrected, reloaded."""

import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from measure.hour import run_hour  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.weights, pytest.mark.slow]

MINUTES = 3.5
EDITS = [
    "confirm", "write", "split", "merge", "speaker", "edge", "undo", "redo", "replace", "role S1", "role S2",
    "write and reload",
]  # fmt: skip


def test_a_transcription_goes_on_after_kill_9_and_is_corrected_with_the_keyboard_alone(
    tmp_path: Path, chromium: Browser
) -> None:
    found = run_hour(MINUTES, tmp_path, chromium)
    assert 0 < found["chunks_at_kill"] < found["chunks"]
    assert found["chunks_seen"] == sorted(found["chunks_seen"])
    assert (found["repeated_chunks"], found["transcripts"], found["outlived"]) == (0, 1, 0)
    assert found["libraries_in_the_web_process"] == []
    assert found["edits_made"] == EDITS
    assert (found["steps_kept"], found["revisions"]) == (len(EDITS), 2)
    assert found["lost_edits"] == 0
    assert found["rows_compared"] > 5
