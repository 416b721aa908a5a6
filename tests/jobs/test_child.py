"""The child process: what it says, how its end is told, and that it never outlives anybody."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from coding_app.jobs.child import Child, ChildCrashedError, crash_sentence
from tests.jobs.test_engine import wait_until

REPO = Path(__file__).parents[2]
MODULE = "tests.jobs.a_child"


def nothing() -> None:
    pass


def is_alive(pid: int) -> bool:
    """A zombie that nobody waits for counts as dead."""
    status = Path(f"/proc/{pid}/stat")
    if not Path("/proc").exists():
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_the_child_gets_the_request_and_only_its_answers_come_back(tmp_path):
    log = tmp_path / "logs" / "child.log"
    with Child(MODULE, {"echo": "grüß dich\n", "then": "end"}, log) as child:
        (answer,) = child.messages(nothing)
    assert answer == {"pid": child.pid, "echo": "grüß dich\n"}
    assert sorted(log.read_text().splitlines()) == ["a library prints this", "and a warning"]


@pytest.mark.parametrize(("then", "told"), [("crash", "SIGSEGV"), ("exit 3", "exit status 3")])
def test_a_child_that_breaks_is_told_in_a_sentence(tmp_path, then, told):
    with (
        Child(MODULE, {"echo": "", "then": then}, tmp_path / "log") as child,
        pytest.raises(ChildCrashedError, match=told),
    ):
        list(child.messages(nothing))


def test_a_child_that_the_system_ended_is_told_as_want_of_memory():
    assert "memory" in crash_sentence(-signal.SIGKILL)


def test_leaving_the_block_ends_the_child_at_once(tmp_path):
    class StoppedError(Exception):
        pass

    def stop() -> None:
        if log.exists() and "warning" in log.read_text():
            raise StoppedError

    log = tmp_path / "log"
    began = time.monotonic()
    with pytest.raises(StoppedError), Child(MODULE, {"echo": "", "then": "wait"}, log) as child:
        list(child.messages(stop))
    assert not is_alive(child.pid)
    assert time.monotonic() - began < 20


def test_ctrl_c_and_terminate_are_left_to_the_parent(tmp_path):
    with Child(MODULE, {"echo": "", "then": "wait"}, tmp_path / "log") as child:
        next(child.messages(nothing))
        os.kill(child.pid, signal.SIGINT)
        os.kill(child.pid, signal.SIGTERM)
        with pytest.raises(TimeoutError):
            wait_until_dead(child.pid, 1.0)
        assert os.getpgid(child.pid) != os.getpgid(0)


def wait_until_dead(pid: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.02)


PARENT = """
import sys
from pathlib import Path
from coding_app.jobs.child import Child

with Child("tests.jobs.a_child", {"echo": "", "then": "wait"}, Path(sys.argv[1])) as child:
    for answer in child.messages(lambda: None):
        print(answer["pid"], flush=True)
"""


def test_the_child_dies_with_a_parent_that_is_killed(tmp_path):
    command = [sys.executable, "-c", PARENT, str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
    wait_until(lambda: not is_alive(pid), 5)
