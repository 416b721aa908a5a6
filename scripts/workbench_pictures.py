"""Makes the documentation's pictures of workbench and transcript editor: the demo study, light and dark, in Chromium.

Writes the pictures that the documentation shows into docs/images/ as PNG with 256 colours; with --all every scene in
both themes and both widths. What is on them is made here, in a data folder of its own.

    python scripts/workbench_pictures.py [--all] [--editor] [--into FOLDER]
"""

import argparse
import io
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

sys.path[:0] = [str(Path(__file__).parents[1])]
from coding_app.domain.recording import Recording
from coding_app.settings import read_settings
from coding_app.store import recordings, studies, transcripts
from coding_app.workflows import code_session, demo, study
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.wiring import App, open_app
from coding_app.workflows.workbench_preferences import save_preferences_of
from tests.e2e.server import Server, a_chromium, a_server

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "data" / "demo"
WIDTHS = {1280: 800, 1920: 1080}
ALL_SIZES = tuple((theme, width) for theme in ("light", "dark") for width in WIDTHS)
MOST_BYTES = 250_000

# Session Flow on demo session 1: (criterion, code, start_ms, end_ms, attributes).
MOMENTS: tuple[tuple[str, str, int, int, dict[str, Any]], ...] = (
    ("activity", "act_open", 900, 900, {}),
    ("activity", "act_agenda", 14_000, 14_000, {}),
    ("activity", "act_tell", 33_000, 33_000, {}),
    ("activity", "act_task", 95_000, 95_000, {}),
    ("activity", "act_explore", 123_800, 123_800, {}),
    ("voice", "voi_sigh", 109_900, 109_900, {"who": "client"}),
    ("voice", "voi_laugh", 121_400, 121_400, {"who": "client"}),
    ("voice", "voi_cut", 136_700, 136_700, {"who": "therapist"}),
    ("episode", "epi_strain", 104_000, 134_000, {"intensity": 2}),
    ("episode", "epi_repair", 136_980, 166_800, {"intensity": 3}),
    ("episode", "epi_emotion", 154_000, 175_900, {"intensity": 2}),
)


# Segments of the demo that are marked in the editor's picture, by number.
DOUBTS = {6: ("overlap",), 11: ("low_level",), 15: ("repetition",)}


@dataclass(frozen=True)
class Place:
    """A pass and who has it open."""

    study_id: str
    coder_id: str
    pass_id: str


@dataclass(frozen=True)
class Scene:
    """A picture: whose pass, where in the recording it opens, what is done before it is taken, and how many acts of
    coding that was: they are undone, so that the next picture finds the pass as it was.
    """

    place: str
    at_ms: int
    act: Callable[[Page], None]
    n_acts: int = 0


def event(
    pass_id: str,
    unit: Mapping[str, Any],
    criterion: str,
    codes: list[dict[str, Any]],
    value: int | None = None,
) -> dict[str, Any]:
    """An event as the workbench sends it."""
    return {
        "id": str(uuid4()), "pass_id": pass_id, "unit": {key: unit[key] for key in ("key", "start_ms", "end_ms")},
        "criterion": criterion, "codes": codes, "value": value, "note": None,
        "at": datetime.now(UTC).isoformat(), "act": str(uuid4()), "step": "do",
    }  # fmt: skip


def make_places(data_dir: Path) -> dict[str, Place]:
    """The demo study and a second one with Session Flow; the passes that are shown, by name."""
    with open_app(read_settings({}, data_dir)) as app:
        demo.add_demo(app)
        with app.store.read() as tx:
            labels = {each.label: each.id for each in studies.list_sessions(tx, demo.STUDY_ID)}
            known = recordings.list_recordings(tx, demo.STUDY_ID)
            coders = {each.name: each.id for each in studies.list_coders(tx, demo.STUDY_ID)}
        recording = next(each for each in known if each.session_id == labels["Session 1"])
        coders["Observer D"] = study.add_coder(app, demo.STUDY_ID, "Observer D").id
        made = {
            name: Place(demo.STUDY_ID, coders[who], code_session.open_pass(app, recording.id, coders[who]).id)
            for name, who in (("begun", "Observer C"), ("rated", "Observer D"), ("submitted", "Observer A"))
        }
        coding = json.loads((DEMO / "coder-a.json").read_text("utf-8"))
        _give(app, made["begun"].pass_id, [each for each in coding["judgements"] if each["unit"] < "s-0033"])
        _give(app, made["rated"].pass_id, coding["judgements"])
        _rate(app, made["rated"].pass_id)
        made["moments"] = _with_moments(app, recording)
        made["editor"] = Place(*_with_doubts(app, recording), "")
        for place in (
            each for each in made.values() if each.pass_id
        ):  # nothing is to move while the picture is taken
            quiet = code_session.bootstrap(app, place.pass_id)["preferences"] | {"autoplay": False}
            save_preferences_of(app, place.pass_id, quiet)
        return made


def _units(app: App, pass_id: str) -> dict[str, dict[str, Any]]:
    state = code_session.bootstrap(app, pass_id)
    return {each["key"]: each for each in [*state["transcript"]["segments"], *state["units"]]}


def _give(app: App, pass_id: str, judgements: Iterable[dict[str, Any]]) -> None:
    units = _units(app, pass_id)
    batch = [event(pass_id, units[each["unit"]], each["criterion"], each["codes"]) for each in judgements]
    code_session.record(app, pass_id, batch)


def _rate(app: App, pass_id: str) -> None:
    units = _units(app, pass_id)
    rests_on = [{"code": "evidence", "attributes": {}, "links": ["s-0016", "s-0039", "s-0044"]}]
    code_session.record(
        app,
        pass_id,
        [
            event(pass_id, units["b-0001"], "strain", [], 2),
            event(pass_id, units["session"], "bond", rests_on, 6),
        ],
    )


def _with_moments(app: App, recording: Recording) -> Place:
    """A study with Session Flow on the same recording, with moments marked."""
    made = study.create_study(app, "Session flow study", "session-flow")
    again = add_file(app, made.id, DEMO / "session.ogg", label="Session 1")
    with app.store.write() as tx:
        transcript = transcripts.current_transcript(tx, recording.id)
        assert transcript is not None
        own = uuid4().hex
        transcripts.add_transcript(tx, replace(transcript, id=own, recording_id=again.id, segmentation=own))
    coder = study.add_coder(app, made.id, "Observer A")
    pass_id = code_session.open_pass(app, again.id, coder.id).id
    batch, keys = [], {}
    for criterion, code, start_ms, end_ms, attributes in MOMENTS:
        keys[code] = f"x-{uuid4().hex}"
        unit = {"key": keys[code], "start_ms": start_ms, "end_ms": end_ms}
        links = [keys["epi_strain"]] if code == "epi_repair" else []
        batch.append(
            event(pass_id, unit, criterion, [{"code": code, "attributes": attributes, "links": links}])
        )
    code_session.record(app, pass_id, batch)
    return Place(made.id, coder.id, pass_id)


def _with_doubts(app: App, recording: Recording) -> tuple[str, str]:
    """A study whose transcript has places to check, as a machine's would; its id and its observer's."""
    made = study.create_study(app, "Alliance study", "alliance-core")
    again = add_file(app, made.id, DEMO / "session.ogg", label="A07-S03")
    with app.store.write() as tx:
        transcript = transcripts.current_transcript(tx, recording.id)
        assert transcript is not None
        segments = tuple(
            replace(each, flags=DOUBTS.get(number, ())) for number, each in enumerate(transcript.segments)
        )
        own = uuid4().hex
        transcripts.add_transcript(
            tx,
            replace(
                transcript, id=own, recording_id=again.id, segmentation=own, frozen=False, segments=segments
            ),
        )
    return made.id, study.add_coder(app, made.id, "Observer A").id


def take_editor(browser: Browser, server: Server, place: Place, theme: str, width: int) -> bytes:
    """Opens the editor, writes in a segment and takes the picture, as PNG."""
    context, page = _a_page(browser, server, place, theme, width)
    page.goto(f"{server.url}/transcript")
    page.locator(".row[aria-selected=true]").first.wait_for(timeout=60_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.locator(".row").nth(4).click()
    page.keyboard.press("Enter")
    page.locator("textarea").wait_for()
    page.evaluate("() => document.fonts.ready")
    page.wait_for_timeout(1500)  # until the waveform is drawn
    picture = page.screenshot(animations="disabled", caret="hide")
    context.close()
    return picture


def _tagging(page: Page) -> None:
    for key in ("r", "3"):
        page.keyboard.press(key)
    page.locator(".attribute[data-asked]").first.wait_for()


def _moments(page: Page) -> None:
    page.get_by_role("tab", name="Moments").click()
    page.locator(".moment-row", has_text="Repair").click()
    page.locator(".segment-box", has_text="Repair").wait_for()


def _ratings(page: Page) -> None:
    page.get_by_role("tab", name="Session").click()
    page.locator(".rating[data-rating=bond] h3").click()
    page.locator(".rating[data-rating=bond] .link-chip").first.wait_for()


def _compare(page: Page) -> None:
    page.keyboard.press("F9")
    page.get_by_role("tab", name="Differences").wait_for()
    page.locator(".difference", has_text="Rupture").first.click()
    page.locator(".difference[aria-selected=true]").wait_for()


def _settings(page: Page) -> None:
    page.get_by_role("button", name="Settings", exact=True).click()
    page.get_by_role("dialog").wait_for()


def _search(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("drawer")
    page.locator("mark.found").first.wait_for()


def _correction(page: Page) -> None:
    page.keyboard.press("F2")
    page.locator(".correct-field").wait_for()


SCENES = {
    "tagging": Scene("begun", 123_800, _tagging, n_acts=2),
    "moments": Scene("moments", 137_000, _moments),
    "ratings": Scene("rated", 176_800, _ratings),
    "compare": Scene("submitted", 116_700, _compare),
    "settings": Scene("begun", 123_800, _settings),
    "search": Scene("begun", 101_600, _search),
    "correction": Scene("begun", 111_400, _correction),
}

# (scene, theme, width) of what the documentation shows.
SHOWN = (
    ("tagging", "light", 1280),
    ("tagging", "dark", 1920),
    ("moments", "light", 1280),
    ("ratings", "dark", 1280),
    ("compare", "light", 1920),
    ("settings", "light", 1280),
    ("search", "dark", 1280),
    ("correction", "light", 1280),
)


def _a_page(
    browser: Browser, server: Server, place: Place, theme: str, width: int
) -> tuple[BrowserContext, Page]:
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    who = f"{place.study_id}.{place.coder_id}"
    context.add_cookies([{"name": "coding_app_who", "value": who, "url": server.url}])
    return context, context.new_page()


def take(browser: Browser, server: Server, place: Place, scene: Scene, theme: str, width: int) -> bytes:
    """Opens the pass, does what the scene says and takes the picture, as PNG."""
    context, page = _a_page(browser, server, place, theme, width)
    page.goto(f"{server.url}/code?pass={place.pass_id}&at={scene.at_ms}")
    page.locator(".row[aria-selected=true]").first.wait_for(timeout=60_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.evaluate("() => document.fonts.ready")
    scene.act(page)
    page.mouse.move(width / 2, 2)
    page.wait_for_timeout(700)  # until what was done has been drawn and passing messages have gone
    picture = page.screenshot(animations="disabled", caret="hide")
    for _ in range(scene.n_acts):
        page.keyboard.press("z")
    if scene.n_acts:
        page.wait_for_timeout(300)  # until what was undone is on its way
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    context.close()
    return picture


def optimised(picture: bytes) -> bytes:
    """The same picture with 256 colours."""
    small = Image.open(io.BytesIO(picture)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def _written(path: Path, picture: bytes) -> bool:
    """Writes the picture; whether it is too large."""
    path.write_bytes(picture)
    print(f"{path.name:40} {len(picture) // 1000:4} kB", flush=True)
    return len(picture) > MOST_BYTES


def main() -> int:
    """Takes the pictures; exit status 1 when one is too large to be kept with the documentation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--all", action="store_true", help="every scene, light and dark, in both widths")
    parser.add_argument("--into", type=Path, default=ROOT / "docs" / "images", help="the folder to write to")
    parser.add_argument("--editor", action="store_true", help="the editor alone")
    options = parser.parse_args()
    every = tuple((name, theme, width) for name in SCENES for theme, width in ALL_SIZES)
    options.into.mkdir(parents=True, exist_ok=True)
    too_large = 0
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        places = make_places(data_dir)
        with a_server(data_dir, "--demo") as server, a_chromium() as browser:
            for theme, width in ALL_SIZES if options.all else (("light", 1280),):
                picture = optimised(take_editor(browser, server, places["editor"], theme, width))
                too_large += _written(options.into / f"editor-{theme}-{width}.png", picture)
            for name, theme, width in () if options.editor else every if options.all else SHOWN:
                scene = SCENES[name]
                picture = optimised(take(browser, server, places[scene.place], scene, theme, width))
                too_large += _written(options.into / f"workbench-{name}-{theme}-{width}.png", picture)
    return int(too_large > 0)


if __name__ == "__main__":
    sys.exit(main())
