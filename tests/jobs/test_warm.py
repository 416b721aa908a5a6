"""The kept child: used again for the same, ended for another, when idle, broken off, crashed or closed."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coding_app.jobs.child import ChildCrashedError
from coding_app.jobs.warm import Warm
from tests.jobs.test_child import is_alive, nothing
from tests.jobs.test_engine import wait_until

REPO = Path(__file__).parents[2]
MODULE = "tests.jobs.a_warm_child"


@pytest.fixture
def warm(tmp_path: Path) -> Iterator[Warm]:
    kept = Warm(MODULE, tmp_path / "log")
    yield kept
    kept.close()


def ask(warm: Warm, key: str = "base", then: str = "") -> dict[str, Any]:
    """The child's one answer, heard to its end."""
    with warm.work(key, {"then": then}, nothing) as messages:
        (answer,) = messages
    return answer


def test_a_second_request_of_the_same_kind_meets_the_same_child(warm):
    first, second = ask(warm), ask(warm)
    assert (first["n_requests"], second["n_requests"]) == (1, 2)
    assert first["pid"] == second["pid"] == warm.pid


def test_a_request_of_another_kind_ends_the_child_before_it_gets_a_fresh_one(warm):
    first, second = ask(warm, "base"), ask(warm, "small")
    assert second["n_requests"] == 1
    assert not is_alive(first["pid"])
    assert is_alive(second["pid"])


def test_a_child_that_waits_too_long_is_ended(tmp_path):
    warm = Warm(MODULE, tmp_path / "log", idle_seconds=0.05)
    try:
        pid = ask(warm)["pid"]
        wait_until(lambda: warm.pid is None and not is_alive(pid))
        assert ask(warm)["n_requests"] == 1
    finally:
        warm.close()


def test_the_time_of_waiting_begins_anew_with_each_request(warm):
    ask(warm)
    timer = warm._timer
    ask(warm)
    assert timer is not None
    assert timer.finished.is_set()  # cancelled
    assert warm._timer is not None
    assert not warm._timer.finished.is_set()


def test_work_that_is_broken_off_ends_the_child(warm):
    class StoppedError(Exception):
        pass

    pid = ask(warm)["pid"]

    def hear_and_stop() -> None:
        with warm.work("base", {"then": "wait"}, nothing) as messages:
            assert next(messages)["pid"] == pid
            raise StoppedError

    with pytest.raises(StoppedError):
        hear_and_stop()
    assert not is_alive(pid)
    assert warm.pid is None


def test_work_that_is_stopped_by_its_tick_ends_the_child(warm):
    class StoppedError(Exception):
        pass

    heard: list[dict[str, Any]] = []

    def stop_once_heard() -> None:
        if heard:
            raise StoppedError

    def hear_twice() -> None:
        with warm.work("base", {"then": "wait"}, stop_once_heard) as messages:
            heard.append(next(messages))
            next(messages)

    with pytest.raises(StoppedError):
        hear_twice()
    assert not is_alive(heard[0]["pid"])


def test_an_answer_that_nobody_hears_to_its_end_is_never_heard_by_the_next(warm):
    with warm.work("base", {}, nothing) as messages:
        next(messages)
    assert warm.pid is None
    assert ask(warm)["n_requests"] == 1


@pytest.mark.parametrize(("then", "told"), [("crash", "SIGSEGV"), ("exit", "exit status 0")])
def test_a_child_that_ends_in_the_middle_is_told_and_the_next_request_gets_a_fresh_one(warm, then, told):
    with pytest.raises(ChildCrashedError, match=told):
        ask(warm, then=then)
    assert ask(warm)["n_requests"] == 1


def test_a_child_that_died_while_it_waited_is_replaced_without_a_word(warm):
    pid = ask(warm)["pid"]
    os.kill(pid, signal.SIGKILL)
    assert ask(warm)["n_requests"] == 1


def test_a_child_that_dies_as_it_is_asked_is_replaced_without_a_word(warm):
    pid = ask(warm)["pid"]
    os.kill(pid, signal.SIGSTOP)  # alive when it is looked at, dead before it can answer

    def kill_it() -> None:
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)

    with warm.work("base", {}, kill_it) as messages:
        (answer,) = messages
    assert (answer["n_requests"], answer["pid"] != pid) == (1, True)


def test_closing_ends_the_child_and_nothing_is_kept_afterwards(tmp_path):
    warm = Warm(MODULE, tmp_path / "log")
    with warm.work("base", {}, nothing) as messages:
        (answer,) = messages
        warm.close()
    assert not is_alive(answer["pid"])
    assert warm.pid is None


def test_the_child_outlives_the_thread_that_asked_it_first(warm):
    answers: list[dict[str, Any]] = []
    thread = threading.Thread(target=lambda: answers.append(ask(warm)))
    thread.start()
    thread.join()
    answers.append(ask(warm))
    assert [each["n_requests"] for each in answers] == [1, 2]


PARENT = """
import sys, time
from pathlib import Path
from coding_app.jobs.warm import Warm

warm = Warm("tests.jobs.a_warm_child", Path(sys.argv[1]))
with warm.work("base", {}, lambda: None) as messages:
    list(messages)
print(warm.pid, flush=True)
time.sleep(60)
"""


def test_a_waiting_child_dies_with_a_parent_that_is_killed(tmp_path):
    command = [sys.executable, "-c", PARENT, str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
    wait_until(lambda: not is_alive(pid), 5)
