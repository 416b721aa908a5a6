"""`coding-app schemes`: what it prints, and how it ends."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from coding_app.cli import app
from coding_app.errors import SchemeError
from coding_app.schemes import BUILT_IN
from coding_app.schemes.json_schema import json_schema, json_schema_text
from coding_app.schemes.tree import read_tree
from tests.schemes.test_reading import SMALL, WRONG


def _run(*words: str, data: Path) -> str:
    result = CliRunner().invoke(app, ["schemes", *words, *(["--data", str(data)] if data else [])])
    if result.exception is not None:
        raise result.exception
    return result.stdout


def test_every_scheme_is_shown_as_text_as_a_manual_and_as_its_file(tmp_path: Path) -> None:
    as_text = _run("show", "talk-moves", data=tmp_path)
    assert as_text.startswith("# Talk Moves\n")
    assert _run("show", "talk-moves", "--format", "yaml", data=tmp_path) == (
        BUILT_IN / "talk-moves.yaml"
    ).read_text("utf-8")
    page = _run("show", "talk-moves", "--format", "html", data=tmp_path)
    assert page.startswith("<!doctype html>")
    assert "The therapist says back, as a statement" in page


def test_the_teams_own_schemes_in_the_data_folder_are_listed(tmp_path: Path) -> None:
    folder = tmp_path / "schemes"
    folder.mkdir()
    (folder / "small.yaml").write_text(SMALL, "utf-8")
    lines = _run("list", data=tmp_path).splitlines()
    assert "small  1.0.0  draft  Small" in lines
    assert len(lines) == 1 + len(list(BUILT_IN.glob("*.yaml")))


def test_two_versions_are_compared_line_by_line_with_the_number_that_has_to_rise(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(SMALL, "utf-8")
    new.write_text(SMALL.replace("exclusive: true", "exclusive: false"), "utf-8")
    lines = _run("diff", str(old), str(new), data=tmp_path).splitlines()
    assert lines[:4] == [
        "small 1.0.0 -> small 1.0.0",
        "~ criterion face: exclusive [major]",
        "    - True",
        "    + False",
    ]
    assert "needs a new major version: 2.0.0 or higher, but it is 1.0.0" in lines[-1]
    assert _run("diff", "alliance-core", "alliance-core@0.1.0", data=tmp_path).endswith("say the same.\n")


def test_a_code_that_is_gone_without_a_migration_note_is_named(tmp_path: Path) -> None:
    new_code = """  - {id: wink, criterion: face, role: dyad, valence: neutral, label: Winks, key: w, definition: D.,
     include: [I.], exclude: [E.], examples: [X.], near_misses: [{text: T., why: W., instead: nod}]}
rules:
"""
    old, new, told = tmp_path / "old.yaml", tmp_path / "new.yaml", tmp_path / "told.yaml"
    old.write_text(SMALL.replace("rules:\n", new_code), "utf-8")
    later = SMALL.replace("version: 1.0.0\n", "version: 2.0.0\n")
    note = "changes: [{version: 2.0.0, date: 2026-02-01, note: Less.}, "
    new.write_text(later.replace("changes: [", note), "utf-8")
    told.write_text(
        later.replace("changes: [", note.replace("Less.", "Less., migration: [{from: wink, to: nod}]")),
        "utf-8",
    )
    assert "Say under changes, in 'migration', what becomes of: wink." in _run(
        "diff", str(old), str(new), data=tmp_path
    )
    assert "migration" not in _run("diff", str(old), str(told), data=tmp_path)


def test_what_only_stands_in_another_order_is_not_called_equal(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(SMALL.replace("note: First.", "note: The first."), "utf-8")
    (tmp_path / "small.yaml").write_text(SMALL, "utf-8")
    said = _run("diff", str(tmp_path / "small.yaml"), str(other), data=tmp_path)
    assert said.startswith("small 1.0.0 and small 1.0.0 say the same; only the order of entries")


def test_the_commands_exit_with_2_on_a_fault_and_0_without(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(SMALL, "utf-8")
    (tmp_path / "bad.yaml").write_text(SMALL.replace("key: n\n", "key: ':'\n"), "utf-8")

    def ended(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "coding_app", "schemes", *words],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stderr

    assert ended("check", "good.yaml") == (0, "")
    code, said = ended("check", "good.yaml", "bad.yaml")
    assert code == 2
    assert "bad.yaml:35: the hotkey ':' of 'nod' belongs to the player; choose another." in said
    assert ended("check", "none.yaml")[0] == 2
    assert ended("show", "nobody", "--data", str(tmp_path))[0] == 2
    assert ended("diff", "good.yaml", "bad.yaml")[0] == 2
    assert ended("schema")[0] == 0


def test_a_version_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match=r"no version 9\.0\.0 of the coding scheme 'talk-moves'"):
        _run("show", "talk-moves", "--version", "9.0.0", data=tmp_path)


def test_the_committed_json_schema_is_the_one_of_the_format() -> None:
    assert (BUILT_IN / "scheme.schema.json").read_text("utf-8") == json_schema_text()


def test_the_json_schema_takes_every_built_in_scheme() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    for path in BUILT_IN.glob("*.yaml"):
        data = read_tree(path.read_bytes(), path.name).data
        assert [error.message for error in validator.iter_errors(data)] == [], path.name


def test_the_json_schema_refuses_what_no_editor_should_let_pass() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    refused = 0
    for good, bad, *_ in WRONG:
        with suppress(SchemeError):  # a key that stands twice is refused before anything is compared
            data = read_tree(SMALL.replace(good, bad, 1).encode(), "s.yaml").data
            refused += not validator.is_valid(data)
    assert (
        refused >= 30
    )  # wrong types, missing and unknown keys, lengths; what must fit together it cannot know
