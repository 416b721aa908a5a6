"""The job engine on its own file: order, repeats, failure, cancel, and what a crash leaves behind."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from coding_app.errors import JobError
from coding_app.jobs import Handler, Jobs, JobStatus
from coding_app.jobs import open_jobs as really_open_jobs

REPO = Path(__file__).parents[2]


def open_jobs(location: Path | str, handlers: Mapping[str, Handler]) -> Jobs:
    return really_open_jobs(location, handlers, poll_seconds=0.05)


def wait_until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "this did not happen in time"
        time.sleep(0.02)


def test_jobs_run_one_at_a_time_in_the_order_in_which_they_came(tmp_path):
    log: list[str] = []

    def note(steps, payload):
        log.append(f"begin {payload['name']}")
        log.append(f"end {payload['name']}")

    jobs = open_jobs(tmp_path / "jobs.sqlite", {"note": note})
    try:
        for name in "dbca":
            jobs.enqueue("note", f"job-{name}", {"name": name})
        wait_until(lambda: jobs.status("job-a") is JobStatus.DONE)
    finally:
        jobs.close()
    assert log == [f"{what} {name}" for name in "dbca" for what in ("begin", "end")]


def test_enqueuing_the_same_job_twice_runs_it_once(tmp_path):
    runs: list[int] = []
    jobs = open_jobs(tmp_path / "jobs.sqlite", {"count": lambda steps, payload: runs.append(payload["n"])})
    try:
        jobs.enqueue("count", "once", {"n": 1})
        jobs.enqueue("count", "once", {"n": 2})
        wait_until(lambda: jobs.status("once") is JobStatus.DONE)
        jobs.enqueue("count", "once", {"n": 3})
        jobs.enqueue("count", "last", {"n": 4})
        wait_until(lambda: jobs.status("last") is JobStatus.DONE)
    finally:
        jobs.close()
    assert runs == [1, 4]


def test_a_failed_job_does_not_hold_up_the_next_one(tmp_path, capfd):
    def work(steps, payload):
        if payload["bad"]:
            raise JobError("It did not work; try again.")

    jobs = open_jobs(tmp_path / "jobs.sqlite", {"work": work})
    try:
        jobs.enqueue("work", "bad", {"bad": True})
        jobs.enqueue("work", "good", {"bad": False})
        wait_until(lambda: jobs.status("good") is JobStatus.DONE)
        assert jobs.status("bad") is JobStatus.FAILED
    finally:
        jobs.close()
    assert capfd.readouterr() == ("", "")


def test_a_running_job_tells_its_progress_and_hears_that_it_is_cancelled(tmp_path):
    heard = threading.Event()

    def work(steps):
        steps.report(0.25)
        wait_until(steps.cancelled)
        heard.set()

    jobs = open_jobs(
        tmp_path / "jobs.sqlite", {"work": lambda steps, payload: steps.run("work", work, steps)}
    )
    try:
        jobs.enqueue("work", "one", {})
        jobs.enqueue("work", "two", {})
        wait_until(lambda: jobs.progress("one") == 0.25)
        assert (jobs.health().ok, jobs.health().n_running, jobs.health().n_queued) == (True, 1, 1)
        jobs.cancel("two")
        jobs.cancel("one")
        assert heard.wait(10)
        assert jobs.status("one") is JobStatus.CANCELLED
        assert jobs.status("two") is JobStatus.CANCELLED
    finally:
        jobs.close()


def test_a_job_that_was_cancelled_while_it_waited_never_starts(tmp_path):
    started: list[str] = []
    release = threading.Event()

    def work(steps, payload):
        started.append(steps.job_id)
        assert release.wait(20)

    jobs = open_jobs(tmp_path / "jobs.sqlite", {"work": work})
    try:
        for name in ("first", "second", "third"):
            jobs.enqueue("work", name, {})
        wait_until(lambda: started)
        jobs.cancel("second")
        release.set()
        wait_until(lambda: jobs.status("third") is JobStatus.DONE)
    finally:
        release.set()
        jobs.close()
    assert started == ["first", "third"]


def test_a_job_that_runs_when_the_server_closes_goes_on_at_the_next_start(tmp_path):
    begun = threading.Event()
    runs: list[str] = []

    def unfinished(steps, payload):
        begun.set()
        while True:
            steps.check_open()
            time.sleep(0.02)

    jobs = open_jobs(tmp_path / "jobs.sqlite", {"work": unfinished})
    jobs.enqueue("work", "long", {})
    assert begun.wait(20)
    jobs.close()

    jobs = open_jobs(tmp_path / "jobs.sqlite", {"work": lambda steps, payload: runs.append(steps.job_id)})
    try:
        wait_until(lambda: jobs.status("long") is JobStatus.DONE)
    finally:
        jobs.close()
    assert runs == ["long"]


KILLED = """
import sys, time
from pathlib import Path
from coding_app.jobs import open_jobs

folder = Path(sys.argv[1])

def note(what):
    with (folder / "steps.txt").open("a") as file:
        file.write(what + "\\n")
    return what

def second(steps):
    note("second")
    if not (folder / "again").exists():
        time.sleep(60)

def work(steps, payload):
    assert steps.run("first", note, "first") == "first"
    steps.run("second", second, steps)

jobs = open_jobs(folder / "jobs.sqlite", {"work": work})
jobs.enqueue("work", "one", {})
while jobs.status("one").value != "done":
    time.sleep(0.02)
jobs.close()
"""


def test_a_job_goes_on_after_kill_9_and_repeats_no_finished_step(tmp_path):
    script = tmp_path / "work.py"
    script.write_text(KILLED)
    steps = tmp_path / "steps.txt"
    command = [sys.executable, str(script), str(tmp_path)]
    first = subprocess.Popen(command, cwd=REPO, env={**os.environ, "PYTHONPATH": str(REPO)})
    try:
        wait_until(lambda: steps.exists() and "second" in steps.read_text(), 60)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    (tmp_path / "again").touch()
    subprocess.run(command, cwd=REPO, env={**os.environ, "PYTHONPATH": str(REPO)}, check=True, timeout=60)
    assert steps.read_text().split() == ["first", "second", "second"]


def test_the_job_list_is_a_file_of_its_own_in_wal_mode_without_pickles(tmp_path):
    path = tmp_path / "new folder" / "jobs.sqlite"
    jobs = open_jobs(path, {"work": lambda steps, payload: None})
    try:
        jobs.enqueue("work", "one", {"name": "x"})
        wait_until(lambda: jobs.status("one") is JobStatus.DONE)
    finally:
        jobs.close()
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        stored = connection.execute("SELECT * FROM workflow_input").fetchone()
    finally:
        connection.close()
    arguments = next(json.loads(each) for each in stored if str(each).startswith("{"))
    assert arguments["positionalArgs"] == ["work", '{"name": "x"}']


def test_a_damaged_job_list_is_told_in_a_sentence(tmp_path):
    path = tmp_path / "jobs.sqlite"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(JobError, match=r"jobs\.sqlite cannot be opened"):
        open_jobs(path, {})


def test_a_second_job_list_in_one_process_is_refused_and_the_first_goes_on(tmp_path):
    jobs = open_jobs(tmp_path / "jobs.sqlite", {})
    try:
        with pytest.raises(JobError, match="open in this program already"):
            open_jobs(tmp_path / "other.sqlite", {})
        assert jobs.health().ok
    finally:
        jobs.close()


def test_an_unknown_kind_of_job_is_refused(tmp_path):
    jobs = open_jobs(tmp_path / "jobs.sqlite", {})
    try:
        with pytest.raises(JobError, match="no job of the kind"):
            jobs.enqueue("dance", "one", {})
        assert jobs.status("one") is None
        assert jobs.progress("one") == 0.0
        jobs.cancel("one")
    finally:
        jobs.close()


def test_opening_jobs_starts_no_web_server_and_connects_to_nothing(tmp_path):
    program = (
        "import socket, sys\n"
        "def refuse(*args, **kwargs): raise AssertionError('a connection was made')\n"
        "socket.socket.connect = socket.socket.bind = socket.create_connection = refuse\n"
        "from pathlib import Path\n"
        "from coding_app.jobs import open_jobs\n"
        "jobs = open_jobs(Path(sys.argv[1]), {})\n"
        "assert jobs.health().ok\n"
        "jobs.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "jobs.sqlite")],
        cwd=REPO,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.postgresql
def test_the_same_jobs_run_on_postgresql(empty_postgresql_url):
    runs: list[int] = []
    jobs = open_jobs(empty_postgresql_url, {"count": lambda steps, payload: runs.append(payload["n"])})
    try:
        jobs.enqueue("count", "once", {"n": 1})
        jobs.enqueue("count", "once", {"n": 2})
        wait_until(lambda: jobs.status("once") is JobStatus.DONE)
    finally:
        jobs.close()
    assert runs == [1]
