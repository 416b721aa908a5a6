"""The child's end of the talk: read the requests, speak in JSON lines, and never outlive the parent."""

import ctypes
import faulthandler
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from typing import IO, Any, TypeAlias

Say: TypeAlias = Callable[[dict[str, Any]], None]
Requests: TypeAlias = "queue.SimpleQueue[dict[str, Any]]"
OVER = {"event": "over"}  # the answer to one request is complete
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_NICENESS = 5


def meet_parent() -> tuple[dict[str, Any], Say]:
    """Reads the request from standard input and returns it with the function that answers.

    From here on the process dies with its parent, ignores Ctrl-C and terminate (the parent decides), gives
    way to other work on the machine, and whatever a library prints goes to the log, not into the talk.
    """
    requests, say = _meet()
    return requests.get(), say


def serve_parent(work: Callable[[dict[str, Any], Say], None]) -> None:
    """As meet_parent, for a child that is kept: answers one request after another until the parent ends it.

    What `work` keeps in memory between two requests is the point of it.
    """
    requests, say = _meet()
    while True:
        work(requests.get(), say)
        say(OVER)


def _meet() -> tuple[Requests, Say]:
    faulthandler.enable()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.nice(_NICENESS)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    if sys.platform == "linux":  # the kernel kills us with the parent, also while native code is busy
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    requests: Requests = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    return requests, _speaker(answers)


def _speaker(answers: IO[str]) -> Say:
    lock = threading.Lock()

    def say(message: dict[str, Any]) -> None:
        with lock:
            answers.write(json.dumps(message) + "\n")
            answers.flush()

    return say


def _listen(requests: Requests) -> None:
    """Takes requests in until standard input ends: then the parent is gone, or does not want us any more."""
    rest = b""
    while data := os.read(0, 65_536):  # not sys.stdin: its lock would be held when the interpreter ends
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            request = json.loads(line)
            if os.getppid() != request["parent_pid"]:  # it died before the kernel was asked to watch it
                os._exit(1)
            requests.put(request)
    os._exit(1)
