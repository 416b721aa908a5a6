"""A child process for heavy work: one request in, JSON lines out, killed when it is not wanted any more."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from coding_app.errors import JobError
from coding_app.settings import without_secrets

TICK_SECONDS = 0.5
MAX_LOG_BYTES = 1_000_000


class ChildCrashedError(JobError):
    """The child process ended before it had said that it was done."""


class Child:
    """A running `python -m module`. Use as a context manager: leaving the block kills it and waits.

    Its standard input stays open as long as the parent lives, which is how it notices the parent's death.
    It has a process group of its own, so that Ctrl-C in a terminal reaches the server only.
    """

    def __init__(self, module: str, request: dict[str, Any], log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        keep = log.exists() and log.stat().st_size < MAX_LOG_BYTES
        with log.open("ab" if keep else "wb") as log_file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log_file,
                start_new_session=True,
                env=without_secrets(),
            )
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        assert self._process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()
        self.ask(request)

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def ask(self, request: dict[str, Any]) -> None:
        """Sends a further request; only for a child that serves its parent (child_side.serve_parent)."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it is dead already: messages() tells how
            self._process.stdin.write(json.dumps({**request, "parent_pid": os.getpid()}).encode() + b"\n")
            self._process.stdin.flush()

    def messages(self, on_tick: Callable[[], None]) -> Iterator[dict[str, Any]]:
        """What the child says, until it ends. on_tick is called about twice a second and may raise to stop.

        Raises ChildCrashedError when the child ends in any other way than with exit status 0.
        """
        while True:
            on_tick()
            try:
                line = self._lines.get(timeout=TICK_SECONDS)
            except queue.Empty:
                continue
            if line is None:
                break
            yield json.loads(line)
        if self._process.wait() != 0:
            raise ChildCrashedError(crash_sentence(self._process.returncode))

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Kills it and waits until it is gone; harmless when it is."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                _close(pipe)

    def _read(self, stdout: IO[bytes]) -> None:
        for line in stdout:
            self._lines.put(line)
        self._lines.put(None)


def _close(pipe: IO[bytes]) -> None:
    with contextlib.suppress(BrokenPipeError):
        pipe.close()


def crash_sentence(returncode: int) -> str:
    """Why a child ended, as far as its exit status tells, and what to do.

    >>> crash_sentence(-11)
    'The work stopped unexpectedly (SIGSEGV); try again, and if it happens again choose another model.'
    """
    if returncode == -signal.SIGKILL:
        return "The work was ended by the system, likely for want of memory; try again with a smaller model."
    if returncode < 0:
        try:
            name = signal.Signals(-returncode).name
        except ValueError:
            name = f"signal {-returncode}"
    else:
        name = f"exit status {returncode}"
    return f"The work stopped unexpectedly ({name}); try again, and if it happens again choose another model."
