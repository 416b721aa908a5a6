"""The child's end of the talk: read the request, speak in JSON lines, and never outlive the parent."""

import ctypes
import faulthandler
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import IO, Any, TypeAlias

Say: TypeAlias = Callable[[dict[str, Any]], None]
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_NICENESS = 5


def meet_parent() -> tuple[dict[str, Any], Say]:
    """Reads the request from standard input and returns it with the function that answers.

    From here on the process dies with its parent, ignores Ctrl-C and terminate (the parent decides), gives
    way to other work on the machine, and whatever a library prints goes to the log, not into the talk.
    """
    faulthandler.enable()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.nice(_NICENESS)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    request: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    _die_with(request["parent_pid"])
    return request, _speaker(answers)


def _speaker(answers: IO[str]) -> Say:
    lock = threading.Lock()

    def say(message: dict[str, Any]) -> None:
        with lock:
            answers.write(json.dumps(message) + "\n")
            answers.flush()

    return say


def _die_with(parent_pid: int) -> None:
    """Linux: the kernel kills us with the parent. Elsewhere, and as well: the end of standard input does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        os._exit(1)
    threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    while os.read(0, 4096):  # not sys.stdin: its lock would be held when the interpreter ends
        pass
    os._exit(1)
