"""Measures how soon `coding-app serve` shows a page, and the memory of the idle server.

Prints, as JSON on the last line: seconds from the command to the first page (first_start_s adds the demo study,
cold_start_s is the median of later starts), and the server's resident memory right after the start and after every
page was visited in Chromium (MiB). Linux only: memory is read from /proc.

    python scripts/bench_serve.py --json [--smoke]
"""

import argparse
import json
import re
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.e2e.server import Server, a_chromium

PAGES = ("recordings", "code", "agreement", "codebook", "settings")


def started(server: Server) -> float:
    """Starts the server and gives the seconds until its first page has come."""
    began = time.perf_counter()
    server.start()
    with urllib.request.urlopen(server.url, timeout=10) as page:
        page.read()
    return time.perf_counter() - began


def memory_mib(server: Server) -> float:
    """Resident memory of the server process."""
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    assert found is not None
    return round(int(found[1]) / 1024, 1)


def visit_every_page(server: Server) -> None:
    """Opens each page once, as somebody who only reads, and waits until it is drawn."""
    with a_chromium() as browser:
        page = browser.new_page()
        for name in PAGES:
            page.goto(f"{server.url}/{name}")
            page.locator("h1").first.wait_for(timeout=60_000)
            if name == "agreement":
                page.get_by_role("button", name=re.compile("do not code")).click()
                page.get_by_role("tab", name="Report").wait_for(timeout=60_000)


def main() -> None:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="only the JSON line")
    parser.add_argument("--smoke", action="store_true", help="one start: checks that it works, not how fast")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data", "--demo")
        try:
            first_s = started(server)
            later_s = []
            for _ in range(1 if options.smoke else 5):
                server.stop()
                later_s.append(started(server))
            fresh_mib = memory_mib(server)
            visit_every_page(server)
            visited_mib = memory_mib(server)
        finally:
            server.stop()
    figures = {
        "first_start_s": round(first_s, 2),
        "cold_start_s": round(median(later_s), 2),
        "idle_mib": fresh_mib,
        "idle_after_pages_mib": visited_mib,
    }
    if not options.json:
        for name, value in figures.items():
            print(f"{name:24} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
