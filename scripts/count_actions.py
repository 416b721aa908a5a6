"""Counts what 60 judgements on the demo session take: key presses, or mouse actions, in the real workbench in Chromium.

The judgements are the first 35 codes and 19 links in time that Observer A gave in session 1 of the demo study, and the
observer's 6 ratings. They are made once with the keyboard alone and once with the mouse alone, and then looked for in
the database. A press is a key going down, a combination such as Shift+3 counting once (`keydowns` counts each key);
a mouse action is a click, a drag or one run of scrolling. Beside them stand the counts that the documented workflows
of BORIS and ELAN give (scripts/measure/effort.py). The last line is one flat JSON object.

    python scripts/count_actions.py --json
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
from measure.effort import WAYS, Code, Link, Rating, chosen, cost, occurrences
from measure.hands import Desk, Hand, Keyboard, Mouse

from coding_app.domain.coding import Judgement
from coding_app.settings import read_settings
from coding_app.store import events, recordings, studies
from coding_app.workflows import code_session, demo, study
from coding_app.workflows.wiring import App, open_app
from tests.e2e.server import Server, a_chromium, a_server

CODING = Path(__file__).parents[1] / "data" / "demo" / "coder-a.json"
KINDS = ("code", "link", "rating", "move")
WINDOW = {"width": 1280, "height": 800}

# Counts in the page what really arrives there, under the kind of judgement that is being made.
COUNTER = """
window.effort = {kind: "move", counts: {}, scrolling: false};
const add = (what) => {
  const own = (window.effort.counts[window.effort.kind] ??= {keydowns: 0, presses: 0, mouse: 0});
  own[what] += 1;
};
window.addEventListener("keydown", (event) => {
  add("keydowns");
  if (!["Shift", "Control", "Alt", "Meta"].includes(event.key)) add("presses");
}, true);
window.addEventListener("pointerdown", () => { window.effort.scrolling = false; add("mouse"); }, true);
window.addEventListener("wheel", () => {
  if (!window.effort.scrolling) add("mouse");
  window.effort.scrolling = true;
}, {capture: true, passive: true});
"""


def make_desks(data_dir: Path, n: int) -> list[Desk]:
    """The demo study in a data folder, with n observers who have just opened session 1."""
    with open_app(read_settings({}, data_dir)) as app:
        demo.add_demo(app)
        with app.store.read() as tx:
            labels = {each.label: each.id for each in studies.list_sessions(tx, demo.STUDY_ID)}
            found = recordings.list_recordings(tx, demo.STUDY_ID)
        recording = next(each for each in found if each.session_id == labels["Session 1"])
        return [_desk(app, recording.id, f"Counted {number + 1}") for number in range(n)]


def _desk(app: App, recording_id: str, name: str) -> Desk:
    coder = study.add_coder(app, demo.STUDY_ID, name)
    coding_pass = code_session.open_pass(app, recording_id, coder.id)
    scheme = code_session.bootstrap(app, coding_pass.id)["scheme"]
    codes = {code["id"]: code for criterion in scheme["criteria"] for code in criterion["codes"]}
    return Desk(coder.id, coding_pass.id, codes, scheme["attributes"])


def work(browser: Browser, server: Server, desk: Desk, hand: Callable[[Page, Desk], Hand],
         judgements: Sequence[Code | Link | Rating]) -> dict[str, dict[str, int]]:  # fmt: skip
    """Makes the judgements on an open workbench and waits until they are saved; what the page counted, by kind."""
    context = browser.new_context(viewport=WINDOW)
    who = f"{demo.STUDY_ID}.{desk.coder_id}"
    context.add_cookies([{"name": "coding_app_who", "value": who, "url": server.url}])
    page = context.new_page()
    page.add_init_script(COUNTER)
    page.goto(f"{server.url}/code?pass={desk.pass_id}")
    page.locator(".row[aria-selected=true]").first.wait_for(timeout=60_000)
    hand(page, desk).make(judgements)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    counts: dict[str, dict[str, int]] = page.evaluate("() => window.effort.counts")
    context.close()
    return counts


def missing(data_dir: Path, desk: Desk, judgements: Sequence[Code | Link | Rating]) -> list[str]:
    """What the database does not hold, or holds beyond these judgements, in words; empty when it is as it should be."""
    with open_app(read_settings({}, data_dir)) as app, app.store.read() as tx:
        stored = events.judgements(tx, desk.pass_id)
    wrong = [f"not stored: {each}" for each in judgements if not holds(stored, each)]
    n_stored = sum(
        1 if each.value is not None else sum(1 + len(applied.links) for applied in each.codes)
        for each in stored.values()
    )
    return wrong + ([f"{n_stored} judgements are stored"] if n_stored != len(judgements) else [])


def holds(stored: dict[tuple[str, str], Judgement], wanted: Code | Link | Rating) -> bool:
    """Whether what is stored has this judgement."""
    if isinstance(wanted, Rating):
        found = stored.get((wanted.unit, wanted.rating))
        return found is not None and found.value == wanted.value
    found = stored.get((wanted.unit, wanted.criterion))
    applied = next((each for each in found.codes if each.code == wanted.code), None) if found else None
    if applied is None:
        return False
    if isinstance(wanted, Link):
        return wanted.target in applied.links
    return dict(applied.attributes) == dict(wanted.attributes)


def figures(
    measured: dict[str, dict[str, dict[str, int]]], judgements: Sequence[Code | Link | Rating]
) -> dict[str, int]:
    """Flat: <way>_<kind>_<what is counted>, and the totals without moving about."""
    times = occurrences(judgements)
    found: dict[str, int] = {"n_judgements": len(judgements)}
    found |= {f"n_{kind}s": times[kind] for kind in KINDS if kind != "move"}
    for name, whats in (("keyboard", ("presses", "keydowns")), ("mouse", ("mouse",))):
        for what in whats:
            label = "actions" if what == "mouse" else what
            by_kind = {kind: measured[name].get(kind, {}).get(what, 0) for kind in KINDS}
            found |= {f"{name}_{kind}_{label}": n for kind, n in by_kind.items()}
            found[f"{name}_{label}"] = sum(by_kind.values()) - by_kind["move"]
        other = ("presses", "keydowns", "mouse")[2 if name == "keyboard" else 0]
        found[f"{name}_other"] = sum(kind[other] for kind in measured[name].values())
    for name, way in WAYS.items():
        for steps, label in ((way.keys, "presses"), (way.mouse, "actions")):
            by_kind = cost(steps, times)
            found |= {f"{name}_{kind}_{label}": n for kind, n in by_kind.items()}
            if "link" in by_kind:
                found[f"{name}_{label}"] = sum(by_kind.values())
    return found


def main() -> int:
    """Counts; exit status 1 when a judgement is not in the database."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="only the JSON line")
    options = parser.parse_args()
    judgements = chosen(json.loads(CODING.read_text("utf-8")))
    hands: dict[str, Callable[[Page, Desk], Hand]] = {"keyboard": Keyboard, "mouse": Mouse}
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        desks = dict(zip(hands, make_desks(data_dir, len(hands)), strict=True))
        with a_server(data_dir, "--demo") as server, a_chromium() as browser:
            measured = {
                name: work(browser, server, desks[name], hand, judgements) for name, hand in hands.items()
            }
        wrong = [f"{name}: {each}" for name in hands for each in missing(data_dir, desks[name], judgements)]
    for each in wrong:
        print(each, file=sys.stderr)
    found = figures(measured, judgements)
    if not options.json:
        for name, value in found.items():
            print(f"{name:36} {value}")
    print(json.dumps(found))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
