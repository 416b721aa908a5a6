"""Every command: what it needs, tried by somebody who does not have it; a command without a row fails.

A command acts as this machine itself: no account is asked for. What stands before it is the data folder, which only its
owner can read (0700), and the master key, which lies elsewhere. So the table says which of them each command needs.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from coding_app import cli
from coding_app.commands.agreement import TABLE
from coding_app.settings import read_settings
from coding_app.workflows import accounts, study
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.wiring import open_app
from tests.e2e.server import free_port
from tests.media.recordings import a_recording
from tests.permissions.world import PASSWORD

TITLE, PERSON, SESSION = "Marderstudie", "Hildegund", "C-4711-Uhu"
OF_SESSION = ["--label", f"{SESSION}-2", "--case", SESSION, "--number", "2", "--date", "2026-02-14"]
# KEY: the data folder and the master key. FOLDER: what the data folder holds of schemes and models, which says nothing
# of a study. FILES: nothing but the files that are named.
KEY, FOLDER, FILES = "key", "folder", "files"
# command -> what it needs, and what is typed after it
ROWS: dict[str, tuple[str, list[str]]] = {
    "serve": (KEY, ["--no-browser", "--port", "PORT"]),
    "add": (KEY, ["SOUND", "--study", TITLE, *OF_SESSION]),
    "withdraw": (KEY, ["RECORDING"]),
    "backup": (KEY, ["OUT"]),
    "audit verify": (KEY, []),
    "keys show": (KEY, ["--secret"]),
    "keys change": (KEY, ["--to", "OUT"]),
    "users list": (KEY, []),
    "users add": (KEY, ["Mallory", "--one-time"]),
    "users reset-password": (KEY, [PERSON]),
    "users disable": (KEY, [PERSON]),
    "users enable": (KEY, [PERSON]),
    "restore": (FILES, ["SOUND"]),
    "verify": (FILES, ["SOUND"]),
    "transcribe": (FOLDER, ["SOUND", "--out", "OUT", "--model", "no-such-model"]),
    "models list": (FOLDER, []),
    "models add": (FOLDER, ["no-such-folder"]),
    "models check": (FOLDER, ["no-such-model"]),
    "schemes list": (FOLDER, []),
    "schemes show": (FOLDER, ["alliance-core"]),
    "schemes check": (FILES, ["SOUND"]),
    "schemes diff": (FOLDER, ["alliance-core", "session-flow"]),
    "schemes schema": (FILES, []),
    f"agreement {TABLE}": (FILES, ["SOUND"]),
    "agreement verify": (FILES, ["SOUND", "SOUND"]),
}


def _commands() -> Iterator[tuple[str, Any]]:
    def walk(prefix: str, command: object) -> Iterator[tuple[str, Any]]:
        children = getattr(command, "commands", None)
        if not children:
            yield prefix, command
        for name, child in (children or {}).items():
            yield from walk(f"{prefix} {name}".strip(), child)

    return walk("", typer.main.get_command(cli.app))


COMMANDS = dict(_commands())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a study, a recording and an account, locked with a key that is kept elsewhere."""
    folder = tmp_path_factory.mktemp("given")
    settings = read_settings({"CODING_APP_KEY_FILE": str(folder / "its.key")}, folder / "data")
    with open_app(settings) as app:
        made = study.create_study(app, TITLE, "alliance-core")
        found = add_file(app, made.id, a_recording(folder / "a.wav"), label=SESSION)
        accounts.create_first_account(app, "Odila", "", PASSWORD)
        accounts.add_account(app, PERSON, password=PASSWORD)
    (folder / "id").write_text(found.id)
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *typed: str) -> int:
    """The exit status of the command as a person types it."""
    monkeypatch.setattr(sys, "argv", ["coding-app", *(each for each in typed if each != TABLE)])
    before = os.umask(0o022)
    try:
        with pytest.raises(SystemExit) as ended:
            cli.main()
    finally:
        os.umask(before)
    return int(ended.value.code or 0)


def contents(folder: Path) -> dict[str, object]:
    """What the data folder holds: its files, and the rows of its database."""
    import sqlite3

    found: dict[str, object] = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".sqlite" not in path.name and path.suffix != ".lock"
    }
    with sqlite3.connect(folder / "coding-app.sqlite") as db:
        found["database"] = list(db.iterdump())
    db.close()
    return found


def test_every_command_stands_in_the_table() -> None:
    assert set(COMMANDS) == set(ROWS)


@pytest.mark.parametrize("command", ROWS)
def test_a_command_gives_and_changes_nothing_for_somebody_who_has_the_folder_but_not_the_key(
    command: str,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = shutil.copytree(data / "data", tmp_path / "data")
    before = contents(folder)
    monkeypatch.setenv("CODING_APP_KEY_FILE", str(tmp_path / "another.key"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    needs, typed = ROWS[command]
    values = {
        "SOUND": str(data / "a.wav"),
        "OUT": str(tmp_path / "out"),
        "RECORDING": (data / "id").read_text(),
        "PORT": str(free_port()),
    }
    takes_data = any("--data" in each.opts for each in COMMANDS[command].params)
    where = ["--data", str(folder)] if takes_data else []
    status = run(monkeypatch, *command.split(), *(values.get(each, each) for each in typed), *where)
    out, err = capsys.readouterr()
    told = out + err
    assert not [each for each in (TITLE, PERSON, SESSION, PASSWORD, "Traceback") if each in told]
    assert (data / "its.key").read_text() not in told
    assert contents(folder) == before
    assert (needs == KEY) == ("master key" in err and status == 1), err
    if needs == KEY:
        assert err.startswith("coding-app: ")
        assert err.count("\n") == 1
        assert out == ""
    assert takes_data or needs == FILES


@pytest.mark.parametrize("command", [each for each, (needs, _) in ROWS.items() if needs == KEY])
def test_a_command_that_needs_the_key_opens_with_it(
    command: str,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if command == "serve":  # with its key it would serve for ever; tests/e2e has it served
        return
    folder = shutil.copytree(data / "data", tmp_path / "data")
    monkeypatch.setenv("CODING_APP_KEY_FILE", str(data / "its.key"))
    other = a_recording(tmp_path / "b.wav", channels=2)
    values = {"SOUND": str(other), "OUT": str(tmp_path / "out"), "RECORDING": (data / "id").read_text()}
    typed = [values.get(each, each) for each in ROWS[command][1]]
    assert run(monkeypatch, *command.split(), *typed, "--data", str(folder)) == 0
    assert capsys.readouterr().out


def test_the_folder_and_the_key_are_for_their_owner_only(data: Path) -> None:
    assert (data / "data").stat().st_mode & 0o077 == 0
    assert (data / "its.key").stat().st_mode & 0o077 == 0
