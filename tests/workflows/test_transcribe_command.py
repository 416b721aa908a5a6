"""`coding-app transcribe` as a person or a script calls it: in a process of its own, on a terminal and in a pipe."""

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from coding_app.exchange.transcripts import WRITERS
from coding_app.workflows.model_check_child import a_vowel
from tests.jobs.test_engine import wait_until
from tests.speech.small_models import a_small_model

REPO = Path(__file__).parents[2]
JFK = REPO.parent / "shared" / "data" / "speech" / "jfk.flac"
DESIGNED = ["engine", "model", "language", "duration_ms", "segments"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a small model of its own."""
    folder = tmp_path_factory.mktemp("data")
    a_small_model(folder / "models" / "small-one")
    broken = folder / "models" / "broken"
    shutil.copytree(folder / "models" / "small-one", broken)
    os.truncate(broken / "model.bin", 70_000)
    return folder


@pytest.fixture(scope="module")
def stereo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "stereo.wav"
    one = (a_vowel() * 20_000).astype(np.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.repeat(np.tile(one, 20)[:, None], 2, axis=1).tobytes())
    return path


def command(data: Path, *arguments: object) -> list[str]:
    return [sys.executable, "-m", "coding_app", "transcribe", *map(str, arguments), "--data", str(data)]


def environment(temporary: Path) -> dict[str, str]:
    temporary.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CODING_APP_")}
    return {**kept, "PYTHONPATH": str(REPO), "TMPDIR": str(temporary), "TERM": "xterm"}


def run(data: Path, temporary: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(data, *arguments), capture_output=True, text=True, env=environment(temporary), timeout=300
    )


def test_wishes_that_cannot_be_met_are_told_in_one_sentence_and_leave_nothing(
    data: Path, stereo: Path, tmp_path: Path
):
    out = tmp_path / "out"
    out.mkdir()
    for arguments, status, told in (
        (["--out", out / "x.docx"], 2, "cannot be written as '.docx'"),
        (["--out", out / "gone" / "x.json"], 2, "folder for the result does not exist"),
        (["--engine", "parrot"], 2, "no engine 'parrot'"),
        (["--model", "medium"], 1, "no speech model 'medium'"),
        (["--model", "broken"], 1, "'broken/model.bin' is damaged"),
        (["--language", "xx"], 2, "language 'xx' is not known"),
        (["--speakers", "2", "--channels", "therapist,client"], 2, "leave --speakers out"),
        (["--channels", "client,client"], 2, "names 'client' twice"),
        (["--channels", "therapist,judge"], 2, "cannot hold 'judge'"),
        (["--channels", "therapist"], 2, "has 2 audio channel(s), but 1 were named"),
    ):
        arguments = arguments if "--out" in arguments else [*arguments, "--out", out / "x.json"]
        if "--model" not in arguments:
            arguments = [*arguments, "--model", "small-one"]
        done = run(data, tmp_path / "tmp", stereo, *arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (status, "", 1), done.stderr
        assert told in done.stderr
        assert done.stderr.startswith("coding-app: ")
    assert list(out.iterdir()) == []
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.weights
@pytest.mark.parametrize("suffix", WRITERS)
def test_every_form_is_written_and_a_pipe_stays_quiet(data: Path, tmp_path: Path, suffix: str):
    if not JFK.exists():
        pytest.skip("needs the shared recording jfk.flac")
    out = tmp_path / f"said{suffix}"
    done = run(data, tmp_path / "tmp", JFK, "--out", out, "--speakers", "1", "--language", "en")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    text = out.read_text("utf-8")
    assert "country" in text
    if suffix == ".json":
        read = json.loads(text)
        assert list(read) == [*DESIGNED, "provenance"]
        made = read["provenance"]
        assert (made["engine"], made["model"], made["device"], made["compute_type"]) == (
            "faster-whisper", "base", "cpu", "int8",
        )  # fmt: skip
        assert len(made["model_sha256"]) == 64
        assert set(made["versions"]) == {"coding-app", "faster-whisper", "ctranslate2"}
        assert made["parameters"] == {"language": "en", "speakers": 1, "channels": []}
    assert not list((tmp_path / "tmp").glob("*coding-app*"))  # what onnxruntime leaves (.ses) is not ours


def on_a_terminal(data: Path, tmp_path: Path, *arguments: object) -> tuple[subprocess.Popen[bytes], int]:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(data, *arguments),
        stdin=theirs, stdout=theirs, stderr=theirs, env=environment(tmp_path / "tmp"), start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    return process, ours


def everything_said(ours: int) -> bytes:
    said = b""
    try:
        while read := os.read(ours, 65_536):
            said += read
    except OSError:  # Linux says the end of a terminal so
        pass
    os.close(ours)
    return said


def test_a_terminal_shows_how_far_it_is(data: Path, stereo: Path, tmp_path: Path):
    arguments = (stereo, "--out", tmp_path / "x.vtt", "--model", "small-one", "--speakers", "1")
    process, ours = on_a_terminal(data, tmp_path, *arguments)
    said = everything_said(ours)
    assert process.wait() == 0, said
    assert b"Transcribing" in said
    assert b"%" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_leaves_nothing_behind_and_says_so_once(
    data: Path, stereo: Path, tmp_path: Path, number: signal.Signals
):
    out = tmp_path / "out"
    out.mkdir()
    process = subprocess.Popen(
        command(data, stereo, "--out", out / "x.json", "--model", "small-one"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(tmp_path / "tmp"),
    )  # fmt: skip
    wait_until(lambda: any((tmp_path / "tmp").glob("coding-app-*/child.log")), 120)
    process.send_signal(number)
    said, told = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "")
    assert (
        told
        == "coding-app: The transcription was stopped; nothing of it was kept. Start it again to have it.\n"
    )
    assert list(out.iterdir()) == []
    assert list((tmp_path / "tmp").iterdir()) == []
