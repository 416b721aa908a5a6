"""The job engine: DBOS on its own SQLite file (or PostgreSQL), one job at a time, in order.

DBOS is one per process, so a process has at most one open Jobs. It is imported when jobs are opened, not
before, and told to stay quiet: no console log, no telemetry, no web server, no vendor's service.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

from coding_app.errors import JobError

QUEUE = "coding-app"
APPLICATION = "coding-app"
APPLICATION_VERSION = "1"  # fixed: DBOS recovers only jobs of its own version, and ours stay readable
EXECUTOR = "local"
CLOSE_SECONDS = 15.0
LAST_PRIORITY = 1_000
MAX_ATTEMPTS = 10  # a job that takes the whole server down this often is given up
POLL_SECONDS = 1.0  # polling four times as often costs 3 % of a core


_open_here = threading.Lock()  # DBOS is one per process


class JobStatus(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_STATUS = {
    "ENQUEUED": JobStatus.QUEUED,
    "DELAYED": JobStatus.QUEUED,
    "PENDING": JobStatus.RUNNING,
    "SUCCESS": JobStatus.DONE,
    "ERROR": JobStatus.FAILED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": JobStatus.FAILED,
    "CANCELLED": JobStatus.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class JobsHealth:
    """Whether the engine answers, and how many jobs wait and run."""

    ok: bool
    n_queued: int
    n_running: int
    message: str | None = None


class JobStopped(BaseException):
    """The server closes: leave the job as it is, so that the next start takes it up again.

    Not an Exception: DBOS writes an Exception down as the job's outcome, and this is none.
    """


class Steps:
    """What a running job can ask of the engine."""

    def __init__(self, dbos: Any, job_id: str, closing_down: threading.Event) -> None:
        self._dbos = dbos
        self._closing_down = closing_down
        self.job_id = job_id

    def run(self, name: str, fn: Callable[..., Any], *args: Any) -> Any:
        """fn(*args), whose small JSON result is kept: a job taken up again repeats no finished step."""
        return self._dbos.run_step({"name": name}, fn, *args)

    def report(self, progress: float) -> None:
        """Sets the job's progress (0-1); only inside a step."""
        self._dbos.set_event("progress", round(progress, 4))

    def cancelled(self) -> bool:
        """True once somebody cancelled this job; a long step asks now and then and returns early."""
        status = self._dbos.get_workflow_status(self.job_id)
        return status is not None and status.status == "CANCELLED"

    def check_open(self) -> None:
        """Raises JobStopped when the server closes; the job goes on at the next start."""
        if self._closing_down.is_set():
            raise JobStopped


Handler: TypeAlias = Callable[[Steps, dict[str, Any]], None]


class Jobs:
    """The five-method port (enqueue, cancel, status, progress, health), and close."""

    def __init__(self, dbos: Any, runner: _Runner) -> None:
        self._dbos = dbos
        self._runner = runner

    def enqueue(
        self, kind: str, job_id: str, payload: dict[str, Any], *, priority: int = LAST_PRIORITY
    ) -> None:
        """Puts a job in the queue behind those of its priority (1 goes first); one that was cancelled goes on.

        A job_id that is known otherwise changes nothing. kind: a key of the handlers. payload: small and JSON.
        Raises JobError for an unknown kind.
        """
        from dbos import SetEnqueueOptions, SetWorkflowID

        if kind not in self._runner.handlers:
            raise JobError(f"There is no job of the kind '{kind}'; this is a fault in the program.")
        if self.status(job_id) is JobStatus.CANCELLED:
            self._dbos.resume_workflow(job_id, queue_name=QUEUE)
            return
        place = min(max(priority, 1), LAST_PRIORITY)
        with SetWorkflowID(job_id), SetEnqueueOptions(priority=place):
            self._dbos.enqueue_workflow(QUEUE, self._runner.workflow, kind, json.dumps(payload))

    def cancel(self, job_id: str) -> None:
        """A waiting job never starts, a running one is told to stop; any other stays as it is."""
        self._dbos.cancel_workflow(job_id)

    def status(self, job_id: str) -> JobStatus | None:
        """Where the job stands; None when no such job was ever enqueued."""
        status = self._dbos.get_workflow_status(job_id)
        return None if status is None else _STATUS[status.status]

    def progress(self, job_id: str) -> float:
        """What the job reported last (0-1); 1.0 when it is done, 0.0 when it has said nothing."""
        if self.status(job_id) is JobStatus.DONE:
            return 1.0
        return float(self._dbos.get_event(job_id, "progress", timeout_seconds=0) or 0.0)

    def health(self) -> JobsHealth:
        """Whether the job list can be read, and what is in it."""
        try:
            waiting = self._dbos.list_workflows(status=["ENQUEUED"], queue_name=QUEUE, load_input=False)
            running = self._dbos.list_workflows(status=["PENDING"], queue_name=QUEUE, load_input=False)
        except Exception as error:
            return JobsHealth(False, 0, 0, f"The job list cannot be read ({type(error).__name__}).")
        return JobsHealth(True, len(waiting), len(running))

    def close(self) -> None:
        """Stops taking jobs, tells the running one to stop and waits for it; it goes on at the next start."""
        self._runner.closing_down.set()
        if self._runner.working.acquire(timeout=CLOSE_SECONDS):
            self._runner.working.release()
        self._dbos.destroy(destroy_registry=True)
        _open_here.release()


class _Runner:
    """The one DBOS workflow behind all kinds of job: what is stored stays readable when code moves."""

    def __init__(self, dbos: Any, handlers: Mapping[str, Handler]) -> None:
        self.handlers = dict(handlers)
        self.closing_down = threading.Event()
        self.working = threading.Lock()  # a cancelled job that is still stopping holds back the next one

        @dbos.workflow(name="run_job", max_recovery_attempts=MAX_ATTEMPTS)  # type: ignore[untyped-decorator]
        def run_job(kind: str, payload: str) -> None:
            steps = Steps(dbos, dbos.workflow_id, self.closing_down)
            with self.working:
                steps.check_open()
                self.handlers[kind](steps, json.loads(payload))

        self.workflow = run_job


def open_jobs(
    location: Path | str,
    handlers: Mapping[str, Handler],
    *,
    executor: str = EXECUTOR,
    poll_seconds: float = POLL_SECONDS,
) -> Jobs:
    """Opens the job list, takes up what a crash or a stop left behind, and starts working on it.

    location: path of a SQLite file (made when missing) or a postgresql:// URL. handlers: kind -> function;
    a handler may begin again after a crash, so what it does must be safe to repeat. executor: who takes up
    whose jobs; with several machines on one PostgreSQL each needs its own lasting name. poll_seconds: how
    soon a waiting job starts at the latest.
    Raises JobError when the job list cannot be opened, or one is open in this process already.
    """
    from dbos import DBOS

    if not _open_here.acquire(blocking=False):
        raise JobError("The job list is open in this program already; close it before opening another.")
    _keep_quiet()
    try:
        DBOS(config=_config(location, executor, poll_seconds))
        runner = _Runner(DBOS, handlers)
        DBOS.launch()
        DBOS.register_queue(
            QUEUE, worker_concurrency=1, polling_interval_sec=poll_seconds, on_conflict="always_update"
        )
    except Exception as error:
        DBOS.destroy(destroy_registry=True)
        _open_here.release()
        raise JobError(
            f"The job list {_shown(location)} cannot be opened ({type(error).__name__}); check that it can "
            "be written to and is not damaged, or move it away and start again."
        ) from error
    return Jobs(DBOS, runner)


def _config(location: Path | str, executor: str, poll_seconds: float) -> Any:
    from dbos import DBOSPortableJSONSerializer

    return {
        "name": APPLICATION,
        "system_database_url": _prepare_sqlite(location) if isinstance(location, Path) else location,
        "application_version": APPLICATION_VERSION,
        "executor_id": executor,
        "serializer": DBOSPortableJSONSerializer(),  # never a pickle
        "enable_otlp": False,
        "log_level": "ERROR",
        "notification_listener_polling_interval_sec": poll_seconds,
    }


def _prepare_sqlite(path: Path) -> str:
    """Makes the file in WAL mode, which stays with it: DBOS would leave it in the slower default."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    return f"sqlite:///{path}"


def _shown(location: Path | str) -> str:
    """What may be said of the location: a file's name, or a URL without user and password."""
    return location.name if isinstance(location, Path) else location.rpartition("@")[2]


def _keep_quiet() -> None:
    """DBOS adds a console handler only when its logger has none; records still reach the root logger."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
