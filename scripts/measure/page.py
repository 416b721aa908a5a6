"""A workbench in Chromium that says when keys came, when the page changed and when the server had it on disk."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page

from measure.big_session import Observer
from tests.e2e.server import Server

CODE_KEYS = "emcivgrt"  # each one makes exactly one event on a therapist's segment, on or off

# Runs in the page before anything else. `painted` is measured with a message after the frame.
PROBE = """
window.bench = {keys: [], ids: [], acked: {}, seen: new Set(), longest: 0};
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) window.bench.longest = Math.max(window.bench.longest, each.duration);
}).observe({type: "longtask"});
window.addEventListener("keydown", (event) => {
  if (/^[a-z0-9]$/.test(event.key)) window.bench.keys.push({at: event.timeStamp, tag: null, painted: null});
}, true);
const plainFetch = window.fetch;
window.fetch = async function (url, options) {
  if (!String(url).endsWith("/events") || options?.method !== "POST") return plainFetch.call(window, url, options);
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


def new_browser(browser: Browser, server: Server, observer: Observer) -> BrowserContext:
    """A browser of the observer that was never here: nothing cached, nothing kept."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    who = f"{observer.study_id}.{observer.coder_id}"
    context.add_cookies([{"name": "coding_app_who", "value": who, "url": server.url}])
    return context


def open_page(context: BrowserContext, server: Server, observer: Observer) -> tuple[Page, float]:
    """The observer's pass on a new page; the page and the milliseconds until it could be used."""
    page = context.new_page()
    page.add_init_script(PROBE)
    began = time.perf_counter()
    page.goto(f"{server.url}/code?pass={observer.pass_id}", wait_until="commit")
    wait_usable(page)
    usable_ms = 1_000 * (time.perf_counter() - began)
    page.evaluate(WATCH)
    return page, usable_ms


def wait_usable(page: Page) -> None:
    """Returns when the transcript is there and a segment is current."""
    page.locator(".row[aria-selected=true]").first.wait_for(timeout=60_000)


def press(page: Page, n: int, gap_s: float, at: dict[int, Callable[[], Any]] | None = None) -> None:
    """n code keys, one per gap; at: what to do before which press."""
    began = time.perf_counter()
    for number in range(n):
        if at and number in at:
            at[number]()
        time.sleep(max(0.0, began + number * gap_s - time.perf_counter()))
        page.keyboard.press(CODE_KEYS[number % len(CODE_KEYS)])


def drain(page: Page, seconds: float = 120) -> dict[str, Any]:
    """Waits until every event is acknowledged; what the page has measured."""
    until = time.monotonic() + seconds
    while True:
        found: dict[str, Any] = page.evaluate(
            "() => ({keys: window.bench.keys, ids: window.bench.ids, acked: window.bench.acked})"
        )
        if len(found["acked"]) >= len(found["keys"]) or time.monotonic() > until:
            return found
        page.wait_for_timeout(50)


def forget(page: Page) -> None:
    """Begins a new measurement in the same page."""
    page.evaluate(
        "() => { Object.assign(window.bench, {keys: [], ids: [], acked: {}, longest: 0}); window.bench.seen.clear(); }"
    )


def percentile(values: list[float], q: float = 95) -> float:
    """A percentile, to a tenth of a millisecond."""
    return round(float(np.percentile(values, q)), 1)


def tag_times(found: dict[str, Any]) -> list[float]:
    """Key press to changed page, ms."""
    return [key["tag"] - key["at"] for key in found["keys"] if key["tag"] is not None]


def disk_times(found: dict[str, Any]) -> list[float]:
    """Key press to the answer that follows the commit, ms."""
    pairs = zip(found["keys"], found["ids"], strict=False)
    return [found["acked"][event_id] - key["at"] for key, event_id in pairs if event_id in found["acked"]]
