"""The uploader's files: the queue tested by Node, and rules that a linter would hold."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import coding_app

FRONTEND = Path(coding_app.__file__).parent / "ui" / "upload" / "frontend"
TESTS = Path(__file__).parent


def test_the_queue_passes_its_tests_in_node() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node 20 or newer to test the JavaScript modules")
    done = subprocess.run(
        [node, "--test", TESTS / "queue.test.mjs"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.parametrize("path", sorted(FRONTEND.rglob("*.js")), ids=lambda path: path.name)
def test_a_file_name_never_becomes_markup_and_nothing_is_fetched_from_outside(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write", text)
    assert not re.search(r"https?://", text)
