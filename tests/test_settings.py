"""Settings from the environment, and where they lead."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from coding_app.errors import SettingsError
from coding_app.settings import read_settings, without_secrets
from coding_app.store import open_store
from coding_app.workflows.wiring import open_app


@pytest.mark.parametrize("name", ["plain", "What? now", "100%25", "a b#c", "Ärger & Söhne"])
def test_the_database_lies_in_the_data_folder_whatever_its_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    open_store(read_settings({}, folder).database_url).close()
    assert (folder / "coding-app.sqlite").is_file()
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CODING_APP_ENGINE", "whisperx"),
        ("CODING_APP_DEVICE", "tpu"),
        ("CODING_APP_MAX_HOURS", "many"),
        ("CODING_APP_MAX_UPLOAD_MB", "-1"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"{variable} is '{value}'"):
        read_settings({variable: value})


def test_what_the_app_keeps_is_closed_to_other_accounts_even_in_an_open_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    command = [
        sys.executable,
        "-m",
        "coding_app",
        "add",
        "nothing.wav",
        "--study",
        "None",
        "--data",
        str(tmp_path),
    ]
    subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONWARNINGS": ""})
    assert stat.S_IMODE((tmp_path / "coding-app.sqlite").stat().st_mode) == 0o600
    (tmp_path / "coding-app.sqlite").chmod(0o644)
    with open_app(read_settings({}, tmp_path)):
        assert stat.S_IMODE((tmp_path / "coding-app.sqlite").stat().st_mode) == 0o600


def test_a_child_process_gets_no_key_and_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CODING_APP_MASTER_KEY", "CODING_APP_SECRET_KEY", "CODING_APP_DATABASE_URL"):
        monkeypatch.setenv(name, "a secret of this test")
    monkeypatch.setenv("CODING_APP_MODEL", "base")
    given = without_secrets()
    assert "a secret of this test" not in given.values()
    assert given["CODING_APP_MODEL"] == "base"
