"""A kept child process for tests: counts its requests and does what each says."""

import os
import sys
import time
from typing import Any

from coding_app.jobs.child_side import Say, serve_parent

n_requests = 0


def work(request: dict[str, Any], say: Say) -> None:
    global n_requests
    n_requests += 1
    say({"pid": os.getpid(), "n_requests": n_requests})
    match request.get("then"):
        case "exit":
            sys.exit(0)
        case "crash":
            os.kill(os.getpid(), 11)
        case "wait":
            time.sleep(60)


serve_parent(work)
