"""A child process for tests: does what the request says."""

import os
import sys
import time

from coding_app.jobs.child_side import meet_parent

request, say = meet_parent()
print("a library prints this")
sys.stderr.write("and a warning\n")
say({"pid": os.getpid(), "echo": request["echo"]})
match request["then"]:
    case "end":
        sys.exit(0)
    case "exit 3":
        sys.exit(3)
    case "crash":
        os.kill(os.getpid(), 11)
    case "wait":
        time.sleep(60)
