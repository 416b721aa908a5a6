"""`coding-app keys` and `coding-app withdraw` as a person types them; a wrong key stops every command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coding_app.settings import read_settings
from coding_app.store import recordings
from coding_app.workflows import study
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.wiring import open_app
from tests.media.recordings import a_recording


def run(data: Path, key: Path, *typed: str) -> tuple[int, str, str]:
    environ = os.environ | {"CODING_APP_KEY_FILE": str(key)}
    done = subprocess.run(
        [sys.executable, "-m", "coding_app", *typed, "--data", str(data)],
        capture_output=True,
        text=True,
        env=environ,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def recording_id(tmp_path: Path) -> str:
    settings = read_settings({"CODING_APP_KEY_FILE": str(tmp_path / "a.key")}, tmp_path / "data")
    with open_app(settings) as app:
        made = study.create_study(app, "A study", "alliance-core")
        return add_file(app, made.id, a_recording(tmp_path / "a.wav")).id


def test_the_master_key_is_shown_changed_and_asked_for(tmp_path: Path, recording_id: str) -> None:
    data, old, new = tmp_path / "data", tmp_path / "a.key", tmp_path / "b.key"
    assert run(data, old, "keys", "show", "--secret") == (0, old.read_text(), "")
    status, shown, _ = run(data, old, "keys", "show")
    assert (status, old.read_text().strip() in shown) == (0, False)
    status, said, _ = run(data, old, "keys", "change", "--to", str(new))
    assert (status, said.startswith("All 1 keys are locked with the master key")) == (0, True)
    status, said, told = run(data, old, "withdraw", recording_id)
    assert (status, said, "which is not found" in told, told.count("\n")) == (1, "", True, 1)
    assert run(data, new, "keys", "show", "--secret") == (0, new.read_text(), "")


def test_consent_is_withdrawn_by_a_command(tmp_path: Path, recording_id: str) -> None:
    data, key = tmp_path / "data", tmp_path / "a.key"
    status, said, _ = run(data, key, "withdraw", recording_id)
    assert (status, "are erased" in said) == (0, True)
    assert [path for path in (data / "vault").rglob("*") if path.is_file()] == []
    with open_app(read_settings({"CODING_APP_KEY_FILE": str(key)}, data)) as app, app.store.read() as tx:
        (made,) = study.studies.list_studies(tx)
        assert recordings.list_recordings(tx, made.id) == ()
    status, _, told = run(data, key, "withdraw", recording_id)
    assert (status, "There is no recording" in told) == (2, True)
