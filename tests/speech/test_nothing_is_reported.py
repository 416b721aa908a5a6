"""No library that the speech pipeline loads writes or sends anything about its use."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEARS_VOICES = """
import numpy as np
from coding_app.speech.voice_activity import speech_spans
assert speech_spans(np.zeros(48_000, dtype=np.int16)) == ()
import onnxruntime
"""


def test_voice_activity_leaves_no_trace_of_itself_in_the_home_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    # from an environment that says nothing about it: the app alone has to see to that
    environment = {"HOME": str(home), "TMPDIR": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", HEARS_VOICES]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert [path for path in home.rglob("*") if path.is_file()] == []
