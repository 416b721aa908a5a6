"""Measures the coding workbench in a real Chromium against the real server, with 1,000 segments.

Prints, as JSON on the last line: key press to tag in the page and to row on disk (95th percentile, ms), events lost
and doubled (also across a kill -9 of the server), and how long a page takes until it can be used.

    python scripts/bench_workbench.py --json [--smoke]
"""

import argparse
import json
import sqlite3
import sys
import tempfile
import time
import wave
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from playwright.sync_api import Browser, Page

from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Transcript, Word
from coding_app.settings import read_settings
from coding_app.store import recordings, transcripts
from coding_app.workflows import code_session, study
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.wiring import open_app

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.e2e.server import Server, a_chromium, a_server

N_SEGMENTS = 1_000
SEGMENT_MS = 3_000
SAMPLE_RATE_HZ = 8_000
BURST_GAP_S = 0.05
SLOW_GAP_S = 0.25
CODE_KEYS = "emcivgrt"  # each one makes exactly one event on a therapist's segment, on or off
WORDS = tuple("and then I thought about what you said last week and it stayed with me for a while".split())  # noqa: SIM905

# Runs in the page before anything else: remembers when keys came, when the page changed, when a POST was answered.
PROBE = """
window.bench = {keys: [], ids: [], acked: {}, seen: new Set()};
window.addEventListener("keydown", (event) => {
  if (/^[a-z0-9]$/.test(event.key)) window.bench.keys.push({at: event.timeStamp, tag: null, painted: null});
}, true);
const plainFetch = window.fetch;
window.fetch = async function (url, options) {
  if (!String(url).endsWith("/events")) return plainFetch.call(window, url, options);
  const ids = JSON.parse(options.body).map((each) => each.id);
  for (const id of ids) if (!window.bench.seen.has(id)) { window.bench.seen.add(id); window.bench.ids.push(id); }
  const response = await plainFetch.call(window, url, options);
  if (response.ok) for (const id of ids) window.bench.acked[id] ??= performance.now();
  return response;
};
"""
WATCH = """() => {
  const find = (root) => {
    for (const each of root.querySelectorAll("*")) {
      if (each.classList.contains("workbench")) return each;
      const inside = each.shadowRoot && find(each.shadowRoot);
      if (inside) return inside;
    }
    return null;
  };
  new MutationObserver(() => {
    const key = window.bench.keys.at(-1);
    if (!key || key.tag !== null) return;
    key.tag = performance.now();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => { key.painted = performance.now(); };
      channel.port2.postMessage(0);
    });
  }).observe(find(document), {subtree: true, childList: true, attributes: true});
}"""


def make_recording(folder: Path) -> Path:
    """A mono WAV as long as the segments: quiet noise with a beat, so that the waveform has something to show."""
    path = folder / "session.wav"
    noise = np.random.default_rng(1).integers(-3_000, 3_000, SAMPLE_RATE_HZ, dtype=np.int16).tobytes()
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE_HZ)
        for _ in range(N_SEGMENTS * SEGMENT_MS // 1_000):
            out.writeframes(noise)
    return path


def make_transcript(recording_id: str, duration_ms: int) -> Transcript:
    """Segments of three seconds; therapist and client take turns."""
    segments = []
    for number in range(N_SEGMENTS):
        start = number * SEGMENT_MS
        words = tuple(Word(start + 150 * i, start + 150 * i + 140, word, 0.9) for i, word in enumerate(WORDS))
        span = Span(start, start + SEGMENT_MS)
        segments.append(
            Segment(f"s-{number + 1:04}", span, f"S{number % 2 + 1}", " ".join(WORDS) + ".", words)
        )
    roles: dict[str, str | None] = {"S1": "therapist", "S2": "client"}
    made = datetime.now(UTC)
    return Transcript(
        uuid4().hex, recording_id, 1, "bench", "none", "en", duration_ms, made, tuple(segments), roles
    )


def make_study(data_dir: Path, work_dir: Path) -> dict[str, str]:
    """A study with one recording, its transcript and peaks, and two open passes; their ids."""
    with open_app(read_settings({}, data_dir)) as app:
        made = study.create_study(app, "Bench")
        recording = add_file(app, made.id, make_recording(work_dir), label="B-1")
        with app.store.write() as tx:
            transcripts.add_transcript(tx, make_transcript(recording.id, recording.duration_ms))
            stored = recordings.get_recording(tx, recording.id)
        peaks = np.random.default_rng(2).integers(0, 127, recording.duration_ms // 20, dtype=np.int8)
        app.vault.derived(stored.sha256, "peaks.i8").write_bytes(peaks.tobytes())
        coders = [study.add_coder(app, made.id, f"Observer {name}").id for name in "AB"]
        passes = [code_session.open_pass(app, recording.id, coder).id for coder in coders]
    return {"study": made.id, "a": coders[0], "b": coders[1], "pass_a": passes[0], "pass_b": passes[1]}


def open_page(browser: Browser, server: Server, made: dict[str, str], who: str) -> tuple[Page, float]:
    """A pass in a browser without a cache; the page and the milliseconds until it could be used."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_cookies(
        [{"name": "coding_app_who", "value": f"{made['study']}.{made[who]}", "url": server.url}]
    )
    page = context.new_page()
    page.add_init_script(PROBE)
    began = time.perf_counter()
    page.goto(f"{server.url}/code?pass={made['pass_' + who]}", wait_until="commit")
    page.locator(".row").nth(N_SEGMENTS - 1).wait_for(state="attached", timeout=60_000)
    page.locator(".row[aria-selected=true]").wait_for(timeout=60_000)
    usable_ms = 1_000 * (time.perf_counter() - began)
    page.evaluate(WATCH)
    return page, usable_ms


def press(page: Page, n: int, gap_s: float, at: dict[int, Any] | None = None) -> None:
    """n code keys, one per gap; at: what to do before which press."""
    began = time.perf_counter()
    for number in range(n):
        if at and number in at:
            at[number]()
        time.sleep(max(0.0, began + number * gap_s - time.perf_counter()))
        page.keyboard.press(CODE_KEYS[number % len(CODE_KEYS)])


def drain(page: Page, seconds: float = 60) -> dict[str, Any]:
    """Waits until every event is acknowledged; what the page has measured."""
    until = time.monotonic() + seconds
    while True:
        found: dict[str, Any] = page.evaluate(
            "() => ({keys: window.bench.keys, ids: window.bench.ids, acked: window.bench.acked})"
        )
        if len(found["acked"]) >= len(found["keys"]) or time.monotonic() > until:
            return found
        time.sleep(0.05)


def forget(page: Page) -> None:
    """Begins a new measurement in the same page."""
    page.evaluate(
        "() => { window.bench.keys.length = 0; window.bench.ids.length = 0; window.bench.acked = {}; }"
    )


def p95(values: list[float]) -> float:
    """The 95th percentile, to a tenth of a millisecond."""
    return round(float(np.percentile(values, 95)), 1)


def tag_times(found: dict[str, Any]) -> list[float]:
    """Key press to changed page, ms."""
    return [key["tag"] - key["at"] for key in found["keys"] if key["tag"] is not None]


def disk_times(found: dict[str, Any]) -> list[float]:
    """Key press to the answer that follows the commit, ms."""
    pairs = zip(found["keys"], found["ids"], strict=False)
    return [found["acked"][event_id] - key["at"] for key, event_id in pairs if event_id in found["acked"]]


def rows(data_dir: Path, pass_id: str) -> list[str]:
    """The ids of a pass's events in the order of storing."""
    with sqlite3.connect(f"file:{data_dir / 'coding-app.sqlite'}?mode=ro", uri=True) as database:
        return [
            row[0]
            for row in database.execute(
                "SELECT id FROM coding_event WHERE pass_id = ? ORDER BY seq", (pass_id,)
            )
        ]


def measure_speed(page: Page, n_slow: int, n_burst: int) -> tuple[dict[str, float], list[str]]:
    """Latencies while pressing slowly and at 20 per second, and the ids of all events."""
    press(page, n_slow, SLOW_GAP_S)
    slow = drain(page)
    forget(page)
    press(page, n_burst, BURST_GAP_S)
    burst = drain(page)
    painted = [key["painted"] - key["at"] for key in slow["keys"] if key["painted"] is not None]
    figures = {
        "tag_ms_p50": round(float(np.median(tag_times(slow) + tag_times(burst))), 1),
        "tag_ms_p95": p95(tag_times(slow) + tag_times(burst)),
        "painted_ms_p95": p95(painted),
        "disk_ms_p50": round(float(np.median(disk_times(slow))), 1),
        "disk_ms_p95": p95(disk_times(slow)),
        "disk_burst_ms_p50": round(float(np.median(disk_times(burst))), 1),
        "disk_burst_ms_p95": p95(disk_times(burst)),
    }
    return figures, slow["ids"] + burst["ids"]


def measure_kill(page: Page, server: Server, n: int) -> tuple[dict[str, float], list[str]]:
    """Presses at 20 per second while the server is killed a third of the way in and started again two thirds in."""
    press(page, n, BURST_GAP_S, {n // 3: server.kill, 2 * n // 3: server.launch})
    server.wait()
    began = time.perf_counter()
    found = drain(page)
    return {"drained_ms": round(1_000 * (time.perf_counter() - began))}, found["ids"]


def account(made_ids: list[str], n_pressed: int, stored: list[str], name: str) -> dict[str, int]:
    """lost: pressed but not stored; doubled: stored more often than pressed; in_order: 1 when in order."""
    lost = n_pressed - len(set(stored) & set(made_ids))
    doubled = (
        len(stored) - len(set(stored)) + len(set(stored) - set(made_ids)) + max(0, len(made_ids) - n_pressed)
    )
    return {f"lost{name}": lost, f"doubled{name}": doubled, f"in_order{name}": int(stored == made_ids)}


def run(data_dir: Path, work_dir: Path, smoke: bool) -> dict[str, float]:
    """All measurements in one data folder."""
    made = make_study(data_dir, work_dir)
    n_slow, n_burst, n_kill = (10, 40, 60) if smoke else (40, 200, 200)
    with a_server(data_dir) as server, a_chromium() as browser:
        first, first_ms = open_page(browser, server, made, "a")
        first.close()
        page, usable_ms = open_page(browser, server, made, "a")
        figures, ids = measure_speed(page, n_slow, n_burst)
        page.context.close()
        other, _ = open_page(browser, server, made, "b")
        killed, killed_ids = measure_kill(other, server, n_kill)
    figures |= account(ids, n_slow + n_burst, rows(data_dir, made["pass_a"]), "_alone")
    figures |= account(killed_ids, n_kill, rows(data_dir, made["pass_b"]), "_kill") | killed
    figures["lost"] = figures["lost_alone"] + figures["lost_kill"]
    figures["doubled"] = figures["doubled_alone"] + figures["doubled_kill"]
    return figures | {
        "usable_ms": round(usable_ms),
        "usable_first_ms": round(first_ms),
        "n_segments": N_SEGMENTS,
    }


def main() -> int:
    """Runs the benchmark; exit status 1 when an event was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="only the JSON line")
    parser.add_argument(
        "--smoke", action="store_true", help="fewer presses: checks that it works, not how fast"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work_dir = Path(folder)
        figures = run(work_dir / "data", work_dir, options.smoke)
    if not options.json:
        for name, value in figures.items():
            print(f"{name:20} {value}")
    print(json.dumps(figures))
    return int(figures["lost"] + figures["doubled"] > 0)


if __name__ == "__main__":
    sys.exit(main())
