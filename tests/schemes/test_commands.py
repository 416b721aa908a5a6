"""`coding-app schemes`: what it prints, and how it ends."""

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
