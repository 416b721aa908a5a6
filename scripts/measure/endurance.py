"""What goes wrong in long use: kills of the server, cut connections, growing memory, late frames."""

import random
from typing import Any

from playwright.sync_api import CDPSession, Page, Route

from measure.page import CODE_KEYS, drain, press, wait_usable
from tests.e2e.server import Server

BURST_GAP_S = 0.05
PRESSES_PER_ROUND = 40

TAG_FAST = """async ({n, keys}) => {
  for (let number = 0; number < n; number += 1) {
    const key = keys[number % keys.length];
    const code = `Key${key.toUpperCase()}`;
    document.body.dispatchEvent(new KeyboardEvent("keydown", {key, code, bubbles: true, composed: true}));
    if (number % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 30));
  }
}"""
FRAMES = """async (seconds) => {
  const find = (root) => {
    for (const each of root.querySelectorAll("*")) {
      if (each.classList.contains("rows") || each.classList.contains("transcript")) return each;
      const inside = each.shadowRoot && find(each.shadowRoot);
      if (inside) return inside;
    }
    return null;
  };
  const list = find(document);
  const until = performance.now() + 1000 * seconds;
  const gaps = [];
  let last = null;
  window.bench.longest = 0;
  await new Promise((resolve) => {
    const step = (now) => {
      if (last !== null) gaps.push(now - last);
      last = now;
      list.scrollTop += 40;
      if (now < until) requestAnimationFrame(step); else resolve();
    };
    requestAnimationFrame(step);
  });
  return {gaps, longest: window.bench.longest};
}"""


def kill_rounds(page: Page, server: Server, n: int, seed: int) -> dict[str, Any]:
    """n times: presses at 20 per second with a kill -9 at a random press, and a new server a random while later."""
    chance = random.Random(seed)
    for _ in range(n):
        at = chance.randrange(1, PRESSES_PER_ROUND - 10)
        again = chance.randrange(at + 1, PRESSES_PER_ROUND)
        press(page, PRESSES_PER_ROUND, BURST_GAP_S, {at: server.kill, again: server.launch})
        server.wait()
        drain(page)
    return drain(page)


def cut_rounds(page: Page, n: int, seed: int) -> dict[str, Any]:
    """n times: presses at 20 per second while the connection is cut, or an answer is lost after the commit."""
    chance = random.Random(seed)

    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    for number in range(n):
        at = chance.randrange(1, PRESSES_PER_ROUND - 10)
        again = chance.randrange(at + 1, PRESSES_PER_ROUND)
        if number % 2:
            work = {
                at: lambda: page.context.set_offline(True),
                again: lambda: page.context.set_offline(False),
            }
        else:
            work = {
                at: lambda: page.context.route("**/events", lose_answer),
                again: lambda: page.context.unroute("**/events"),
            }
        press(page, PRESSES_PER_ROUND, BURST_GAP_S, work)
        drain(page)
    return drain(page)


def _used_mib(cdp: CDPSession) -> float:
    cdp.send("HeapProfiler.collectGarbage")
    used: float = cdp.send("Runtime.getHeapUsage")["usedSize"]
    return used / 2**20


def heap_growth(page: Page, n_tags: int, n_changes: int) -> dict[str, float]:
    """MiB of JavaScript heap more after n_tags tags and n_changes times leaving the page and coming back."""
    cdp = page.context.new_cdp_session(page)
    _away_and_back(page)
    before = _used_mib(cdp)
    for _ in range(n_changes):
        page.evaluate(TAG_FAST, {"n": n_tags // n_changes, "keys": list(CODE_KEYS)})
        _saved(page)
        _away_and_back(page)
    # The probe of this benchmark keeps a record per event; that is not the workbench's.
    page.evaluate("() => Object.assign(window.bench, {keys: [], ids: [], acked: {}, seen: new Set()})")
    after = _used_mib(cdp)
    return {"heap_before_mib": round(before, 1), "heap_growth_mib": round(after - before, 1)}


def _saved(page: Page) -> None:
    page.locator(".status[data-phase=saved]").wait_for(timeout=120_000)


def _away_and_back(page: Page) -> None:
    """To the list of recordings and back, inside one browser page."""
    page.get_by_role("button", name="All recordings").click()
    page.locator(".workbench").wait_for(state="detached", timeout=60_000)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=60_000)
    page.get_by_role("button", name="Go on coding").first.click()
    wait_usable(page)


def frames(page: Page, seconds: float = 5) -> dict[str, float]:
    """Frames per second while playing and scrolling, and the longest task (ms)."""
    page.keyboard.press("Space")
    page.wait_for_timeout(1_000)
    found: dict[str, Any] = page.evaluate(FRAMES, seconds)
    page.keyboard.press("Space")
    gaps = found["gaps"]
    return {
        "frames_per_second": round(1_000 * len(gaps) / sum(gaps), 1),
        "longest_task_ms": round(found["longest"]),
    }
