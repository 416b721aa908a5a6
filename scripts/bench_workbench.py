"""Measures the coding workbench in a real Chromium against the real server, with 1,000 and 2,000 segments.

Each pass holds 2,000 tags beforehand. Prints, as JSON on the last line: key press to tag in the page and to row on disk
(95th percentile, ms; alone, in a burst of 20 per second, and with 32 observers at once), events lost and doubled (also
across 20 times kill -9 of the server and 20 cut connections), how long a page takes until it can be used (in a browser
that was here before, in a new one, and the first page of a new server), growth of
the heap in long use, frames per second and the longest task. Figures of the smaller session end in _1000.

    python scripts/bench_workbench.py --json [--smoke]
"""

import argparse
import json
import sqlite3
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
from measure.big_session import Observer, make_study, tag
from measure.endurance import cut_rounds, frames, heap_growth, kill_rounds
from measure.many_coders import coding_crowd
from measure.page import disk_times, drain, forget, new_browser, open_page, percentile, press, tag_times

from tests.e2e.server import Server, a_chromium, a_server

N_TAGS = 2_000
BURST_GAP_S = 0.05
SLOW_GAP_S = 0.25
SEED = 20261122
SPEED, LONG, FAULTS, CROWD = range(4)  # which observer's pass a measurement uses


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    n_slow: int
    n_burst: int
    n_long: int
    n_rounds: int
    n_crowd: int
    crowd_seconds: float
    n_heap_tags: int
    n_page_changes: int


FULL = Size(40, 200, 2_000, 20, 31, 40, 10_000, 50)
SMOKE = Size(10, 40, 60, 1, 7, 4, 100, 2)


def rows(data_dir: Path, pass_id: str) -> list[str]:
    """The ids of a pass's events in the order of storing, without those that were there before."""
    with sqlite3.connect(f"file:{data_dir / 'coding-app.sqlite'}?mode=ro", uri=True) as database:
        found = database.execute("SELECT id FROM coding_event WHERE pass_id = ? ORDER BY seq", (pass_id,))
        return [row[0] for row in found][N_TAGS:]


def account(made_ids: list[str], n_pressed: int, stored: list[str]) -> dict[str, int]:
    """lost: pressed but not stored; doubled: stored more often than pressed; in_order: 1 when in order."""
    lost = n_pressed - len(set(stored) & set(made_ids))
    extra = len(set(stored) - set(made_ids)) + max(0, len(made_ids) - n_pressed)
    doubled = len(stored) - len(set(stored)) + extra
    return {"lost": lost, "doubled": doubled, "in_order": int(stored == made_ids)}


def measure_speed(browser: Browser, server: Server, observer: Observer, size: Size) -> dict[str, float]:
    """How long the page takes to open, and latencies while pressing slowly and at 20 per second."""
    first, first_ms = open_page(new_browser(browser, server, observer), server, observer)
    first.context.close()
    new, again = [], []
    for _ in range(3):
        context = new_browser(browser, server, observer)
        page, usable_ms = open_page(context, server, observer)
        new.append(usable_ms)
        page.close()
        page, usable_ms = open_page(context, server, observer)
        again.append(usable_ms)
        if len(again) < 3:
            context.close()
    press(page, size.n_slow, SLOW_GAP_S)
    slow = drain(page)
    forget(page)
    press(page, size.n_burst, BURST_GAP_S)
    burst = drain(page)
    forget(page)
    smooth = frames(page)
    page.context.close()
    painted = [key["painted"] - key["at"] for key in slow["keys"] if key["painted"] is not None]
    both = tag_times(slow) + tag_times(burst)
    return smooth | {
        "usable_ms": round(float(np.median(again))),
        "usable_new_browser_ms": round(float(np.median(new))),
        "usable_new_server_ms": round(first_ms),
        "tag_ms_p50": percentile(both, 50),
        "tag_ms_p95": percentile(both),
        "painted_ms_p95": percentile(painted),
        "disk_ms_p50": percentile(disk_times(slow), 50),
        "disk_ms_p95": percentile(disk_times(slow)),
        "disk_burst_ms_p95": percentile(disk_times(burst)),
    }


def measure_crowd(
    browser: Browser, server: Server, observers: list[Observer], size: Size
) -> dict[str, float]:
    """Latencies in the browser and of the clients while everybody codes, one press a second each."""
    page, _ = open_page(new_browser(browser, server, observers[CROWD]), server, observers[CROWD])
    crowd = observers[CROWD + 1 : CROWD + 1 + size.n_crowd]
    with coding_crowd(server.port, crowd, size.crowd_seconds) as answers:
        page.wait_for_timeout(1_000)
        press(page, int(size.crowd_seconds - 2), 1.0)
        found = drain(page)
    page.context.close()
    posted: dict[str, int] = answers[0]["posted"]
    stored = {each.pass_id: len(rows_all(server.data_dir, each.pass_id)) for each in crowd}
    return {
        "n_observers_at_once": size.n_crowd + 1,
        "disk_many_ms_p95": percentile(disk_times(found)),
        "disk_many_clients_ms_p95": percentile(answers[0]["times"]),
        "lost_many": sum(posted.values()) - sum(stored.values()),
    }


def rows_all(data_dir: Path, pass_id: str) -> list[str]:
    """The ids of all events of a pass."""
    with sqlite3.connect(f"file:{data_dir / 'coding-app.sqlite'}?mode=ro", uri=True) as database:
        return [
            row[0] for row in database.execute("SELECT id FROM coding_event WHERE pass_id = ?", (pass_id,))
        ]


def measure_long(browser: Browser, server: Server, observer: Observer, size: Size) -> dict[str, float]:
    """Presses at 20 per second without a pause: what was lost or doubled; then how memory grows."""
    page, _ = open_page(new_browser(browser, server, observer), server, observer)
    press(page, size.n_long, BURST_GAP_S)
    found = drain(page)
    counts = account(found["ids"], size.n_long, rows(server.data_dir, observer.pass_id))
    counts = {f"{name}_long": value for name, value in counts.items()}
    growth = heap_growth(page, size.n_heap_tags, size.n_page_changes)
    page.context.close()
    return counts | growth | {"n_presses_long": size.n_long, "n_heap_tags": size.n_heap_tags}


def measure_faults(browser: Browser, server: Server, observer: Observer, size: Size) -> dict[str, float]:
    """What is lost or doubled while the server is killed and the connection is cut."""
    page, _ = open_page(new_browser(browser, server, observer), server, observer)
    kill_rounds(page, server, size.n_rounds, SEED)
    found: dict[str, Any] = cut_rounds(page, size.n_rounds, SEED)
    page.context.close()
    counts = account(found["ids"], len(found["keys"]), rows(server.data_dir, observer.pass_id))
    named = {f"{name}_faults": value for name, value in counts.items()}
    return named | {"n_kills": size.n_rounds, "n_cuts": size.n_rounds, "n_presses_faults": len(found["keys"])}


def run(work_dir: Path, n_segments: int, size: Size, *, whole: bool) -> dict[str, float]:
    """The measurements with one length of session; whole = with crowd, faults and long use."""
    data_dir = work_dir / f"data-{n_segments}"
    observers = make_study(data_dir, work_dir, n_segments, CROWD + 1 + size.n_crowd if whole else 1)
    for observer in observers[: CROWD + 1]:
        tag(data_dir, observer, n_segments, N_TAGS)
    with a_server(data_dir) as server, a_chromium() as browser:
        figures = measure_speed(browser, server, observers[SPEED], size)
        if whole:
            figures |= measure_crowd(browser, server, observers, size)
            figures |= measure_long(browser, server, observers[LONG], size)
            figures |= measure_faults(browser, server, observers[FAULTS], size)
    return figures


def main() -> int:
    """Runs the benchmark; exit status 1 when an event was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="only the JSON line")
    parser.add_argument(
        "--smoke", action="store_true", help="fewer presses: checks that it works, not how fast"
    )
    options = parser.parse_args()
    size = SMOKE if options.smoke else FULL
    with tempfile.TemporaryDirectory() as folder:
        small = run(Path(folder), 1_000, size, whole=False)
        figures = run(Path(folder), 2_000, size, whole=True)
    figures |= {f"{name}_1000": value for name, value in small.items()} | {"n_segments": 2_000}
    figures["lost"] = figures["lost_long"] + figures["lost_faults"] + figures["lost_many"]
    figures["doubled"] = figures["doubled_long"] + figures["doubled_faults"]
    if not options.json:
        for name, value in figures.items():
            print(f"{name:26} {value}")
    print(json.dumps(figures))
    return int(figures["lost"] + figures["doubled"] > 0)


if __name__ == "__main__":
    sys.exit(main())
