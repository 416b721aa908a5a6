"""Many observers at once: one in a browser, the others as clients that post events the way the outbox does."""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]
from measure.big_session import Observer, event

GAP_S = 1.0


@contextmanager
def coding_crowd(port: int, crowd: list[Observer], seconds: float) -> Iterator[list[dict[str, Any]]]:
    """The crowd codes in a process of its own meanwhile; afterwards the list holds its figures."""
    wishes = {"port": port, "seconds": seconds, "crowd": [[each.pass_id, each.token] for each in crowd]}
    process = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(wishes))
    process.stdin.close()
    found: list[dict[str, Any]] = []
    yield found
    assert process.stdout is not None
    found.append(json.loads(process.stdout.read()))
    assert process.wait() == 0


def _code(port: int, pass_id: str, token: str, first: float, seconds: float, times: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    time.sleep(first)
    began = time.perf_counter()
    number = 0
    while time.perf_counter() - began < seconds:
        sent = time.perf_counter()
        body = json.dumps([event(pass_id, 2 * number, "empathy", "emp_t_convey")])
        connection.request("POST", f"/api/passes/{pass_id}/events", body, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        times.append(1_000 * (time.perf_counter() - sent))
        number += 1
        time.sleep(max(0.0, began + number * GAP_S - time.perf_counter()))


def main() -> None:
    """Reads what to do from standard input; prints {"times": [ms, ...], "posted": {pass: n}}."""
    wishes = json.load(sys.stdin)
    times: list[list[float]] = [[] for _ in wishes["crowd"]]
    threads = [
        threading.Thread(
            target=_code,
            args=(wishes["port"], *who, GAP_S * place / len(times), wishes["seconds"], times[place]),
        )
        for place, who in enumerate(wishes["crowd"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    posted = {who[0]: len(mine) for who, mine in zip(wishes["crowd"], times, strict=True)}
    print(json.dumps({"times": [each for mine in times for each in mine], "posted": posted}))


if __name__ == "__main__":
    main()
