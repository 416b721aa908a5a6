"""The component's files: pure modules tested by Node, and rules that a linter would hold."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

import coding_app
from coding_app.domain.coding import fold
from coding_app.workflows.event_json import event_from_json, judgement_as_json

PACKAGE = Path(coding_app.__file__).parent
FRONTEND = PACKAGE / "ui" / "workbench" / "frontend"
TESTS = Path(__file__).parent
SEQUENCES = json.loads((TESTS.parent / "fixtures" / "event_sequences.json").read_text("utf-8"))
OWN = sorted(path for path in FRONTEND.rglob("*.js"))


def test_the_pure_modules_pass_their_tests_in_node() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node 20 or newer to test the JavaScript modules")
    done = subprocess.run(
        [node, "--test", *map(str, sorted(TESTS.glob("*.test.mjs")))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.parametrize("sequence", SEQUENCES, ids=lambda each: each["name"])
def test_events_add_up_in_python_as_in_javascript(sequence: dict[str, list[dict[str, object]]]) -> None:
    events = [event_from_json(each, number) for number, each in enumerate(sequence["events"], start=1)]
    assert [judgement_as_json(each) for each in fold(events).values()] == sequence["judgements"]


def test_streamlit_finds_the_components_in_the_manifest() -> None:
    manifest = tomllib.loads((PACKAGE / "pyproject.toml").read_text("utf-8"))
    components = manifest["tool"]["streamlit"]["component"]["components"]
    assert {each["name"] for each in components} >= {"workbench", "upload", "scheme_text"}
    assert all((PACKAGE / each["asset_dir"]).is_dir() for each in components)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_text_never_becomes_markup_and_listeners_have_one_owner(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", text)
    if path.name != "scope.js":
        assert not re.search(r"\.addEventListener\(|\bset(Timeout|Interval)\(", text)
    assert text.startswith("// "), "a module opens with one line saying what it is for"
    # A language is one file, as long as there are sentences.
    assert len(text.splitlines()) <= 300 or path.parent.name == "texts"


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_a_module_asks_nothing_of_any_other_machine(path: Path) -> None:
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", path.read_text("utf-8"))
