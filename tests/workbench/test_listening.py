"""Listening in Chromium: playing, looping, marking, stepping, seeking to the moment, pictures, and media that fails."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from tests.media.recordings import RATE_HZ, a_moving_picture, a_sweep, where_in_sweep
from tests.workbench.conftest import Bench

pytestmark = pytest.mark.browser

MEDIA = "() => document.getElementById('host').shadowRoot.querySelector('.media')"
SEEKS_WITHIN_S = 0.05


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def media(page: Page, what: str) -> object:
    """A property of the media element."""
    return page.evaluate(f"(what) => ({MEDIA})()[what]", what)


def seconds(page: Page) -> float:
    return float(str(media(page, "currentTime")))


def row(page: Page) -> str | None:
    return page.locator(".row[aria-selected=true]").get_attribute("data-index")


def test_a_chosen_segment_is_played_to_its_end_and_looped_until_it_is_let_go(bench: Bench) -> None:
    page = bench.ready()
    assert (media(page, "paused"), seconds(page)) == (True, 0), "opening plays nothing"
    keys(page, "]", "]", "]", "]", "ArrowDown")
    expect(page.locator(".rate")).to_have_text("2.0×")
    bench.until(lambda: not media(page, "paused"))
    bench.until(lambda: media(page, "paused"))
    assert 8 <= seconds(page) < 8.5
    assert row(page) == "1", "what was asked for stays chosen, although the next one begins where it ends"

    loop = page.get_by_role("button", name="Loop")
    keys(page, "Shift+Enter")
    expect(loop).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".band-loop")).to_be_visible()
    bench.until(lambda: seconds(page) > 6.5)
    bench.until(lambda: seconds(page) < 6)
    assert row(page) == "1"
    keys(page, "Shift+Enter", " ")
    expect(loop).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".band-loop")).to_be_hidden()
    keys(page, "Shift+ArrowLeft", "Shift+ArrowRight", "+")
    assert media(page, "paused") is True
    where = page.locator(".time-now").text_content()
    page.reload()
    expect(page.locator(".time-now")).to_have_text(str(where))
    expect(page.locator(".rate")).to_have_text("2.0×")
    assert media(page, "preservesPitch") is True


def test_a_stretch_is_marked_by_keys_or_mouse_looped_and_let_go(bench: Bench) -> None:
    page = bench.ready()
    stretch = page.locator(".band-stretch")
    keys(page, "Shift+Digit0")
    expect(page.locator(".voice")).to_have_text("Mark where the stretch begins first.")
    keys(page, "ArrowRight", "Shift+Digit9", "ArrowRight", "Shift+ArrowLeft", "Shift+Digit0")
    expect(stretch).to_have_text("0:02.0–0:03.9")
    keys(page, "Escape")
    expect(stretch).to_be_hidden()

    box = page.locator(".wave").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 100, box["y"] + 20)  # 20 pixels per second
    page.mouse.down()
    page.mouse.move(box["x"] + 130, box["y"] + 20)
    page.mouse.move(box["x"] + 200, box["y"] + 20)
    page.mouse.up()
    expect(stretch).to_have_text("0:05.0–0:10.0")
    page.mouse.move(box["x"] + 200, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 20)
    page.mouse.up()
    expect(stretch).to_have_text("0:05.0–0:08.0")
    keys(page, "Shift+Enter")
    expect(page.locator(".voice")).to_have_text("Looping 0:05 to 0:08")
    keys(page, " ")
    page.mouse.click(box["x"] + 60, box["y"] + 20)
    expect(page.locator(".time-now")).to_have_text("0:03.0")
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "false")
    expect(stretch).to_be_visible()


def test_stepping_goes_from_one_of_a_kind_to_the_next_and_says_where_it_ends(bench: Bench) -> None:
    page = bench.ready()
    kind, said = page.locator(".step-kind"), page.locator(".voice")
    expect(kind).to_have_text("Untagged 1/8")
    keys(page, "e", "PageDown")
    expect(kind).to_have_text("Untagged 1/7")
    expect(said).to_have_text("Untagged: 1 of 7, at 0:04")
    keys(page, "PageDown", "m", "Shift+PageDown")
    expect(kind).to_have_text("Tagged 2/2")
    keys(page, "PageDown")
    expect(said).to_have_text("Tagged: no further")
    keys(page, "PageUp")
    assert row(page) == "0"
    keys(page, "Shift+PageDown", "PageDown")
    expect(said).to_have_text("Flagged: none")
    page.get_by_role("button", name=re.compile("change what to step through")).click()
    expect(kind).to_have_text("Moments –/0")


HEAR = f"""async (n) => {{
  const media = ({MEDIA})();
  const context = (window.hearing ??= new AudioContext({{sampleRate: {RATE_HZ}}}));
  await context.resume();
  window.tapped ??= context.createMediaElementSource(media);
  const ear = context.createScriptProcessor(1024, 1, 1);
  window.tapped.connect(ear);
  ear.connect(context.destination);
  const heard = [];
  await new Promise((resolve) => {{
    ear.onaudioprocess = ({{inputBuffer}}) => {{
      // What is heard begins with the first sound: before it there is the silence of a player that waits.
      for (const each of inputBuffer.getChannelData(0)) if (heard.length || Math.abs(each) > 1e-3) heard.push(each);
      if (heard.length >= n) resolve();
    }};
    media.play();
  }});
  ear.disconnect();
  media.pause();
  return heard.slice(0, n);
}}"""


@pytest.mark.parametrize(
    "bench",
    [{"recording": (a_sweep, f"sweep.{end}")} for end in ("wav", "m4a", "webm", "flac")],
    indirect=True,
)
def test_what_is_heard_after_a_seek_lies_within_50_ms_of_where_it_was_asked_for(bench: Bench) -> None:
    page = bench.ready()
    for pressed, asked in (
        (["ArrowRight"] * 6, 12.0),
        (["ArrowRight"] * 4, 20.0),
        (["Shift+ArrowLeft"] * 7, 19.3),
    ):
        keys(page, *pressed)
        bench.until(lambda: media(page, "seeking") is False)
        assert seconds(page) == pytest.approx(asked, abs=0.001)
        heard = np.array(page.evaluate(HEAR, RATE_HZ // 5))
        assert where_in_sweep(heard) == pytest.approx(asked, abs=SEEKS_WITHIN_S)
        page.evaluate(f"(at) => {{ ({MEDIA})().currentTime = at; }}", asked)


@pytest.mark.parametrize("bench", [{"recording": (a_moving_picture, "session.mp4")}], indirect=True)
def test_a_video_shows_its_picture_in_step_in_a_pane_that_is_moved_and_put_away_by_key(bench: Bench) -> None:
    page = bench.ready()
    pane, bar = page.locator(".picture"), page.locator(".picture-bar")
    expect(pane).to_be_visible()
    assert page.locator("video, audio").count() == 1, "one element gives sound and picture: they cannot drift"
    for pressed, left in (["ArrowDown"], 4 / 32), (["ArrowDown"] * 5, 24 / 32):
        keys(page, *pressed)
        bench.until(lambda: not media(page, "paused"))
        keys(page, " ")
        seen = page.evaluate(BRIGHTEST)
        assert seen["left"] == pytest.approx(seen["at"] / 32, abs=0.04)
        assert seen["at"] / 32 >= left - 0.01

    before = pane.bounding_box()
    bar.focus()
    keys(page, "ArrowLeft", "ArrowUp", "Shift+ArrowRight")
    after = pane.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == before["y"] - 20
    assert (after["x"], after["width"]) == (before["x"] - 20, before["width"] + 20)
    keys(page, "Escape", "F4")
    expect(pane).to_be_hidden()
    page.reload()
    page.locator(".row[aria-selected=true]").wait_for()
    expect(pane).to_be_hidden()
    keys(page, "F4")
    expect(pane).to_be_visible()
    assert pane.bounding_box() == after


BRIGHTEST = f"""async () => {{
  const video = ({MEDIA})();
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0);
  const line = pen.getImageData(0, 40, canvas.width, 1).data;
  let best = 0;
  for (let x = 0; x < canvas.width; x++) if (line[4 * x] > line[4 * best]) best = x;
  return {{left: best / canvas.width, at: video.currentTime}};
}}"""


def _answering(page: Page, status: Callable[[], int]) -> None:
    """The media route answers so; 0 = no answer, 200 = its own."""

    def answer(route: Route) -> None:
        if status() == 0:
            route.abort()
        elif status() == 200:
            route.continue_()
        else:
            route.fulfill(status=status(), json={"error": "…"})

    page.route("**/media", answer)


def _tries(bench: Bench, page: Page, true: Callable[[], bool]) -> None:
    """Presses Space whenever the player has given up, until it is so: while it still loads, Space would stop it."""

    def tried() -> bool:
        if page.evaluate(f"({MEDIA})().error !== null"):
            keys(page, " ")
        return true()

    bench.until(tried)


def test_a_recording_that_cannot_be_reached_is_said_once_and_playing_again_goes_on_there(
    bench: Bench,
) -> None:
    now = [0]
    page = bench.context.new_page()
    _answering(page, lambda: now[0])
    page.goto(f"{bench.url}/?token={bench.token}")
    notice = page.locator(".notice")
    expect(notice).to_contain_text("cannot be reached now")
    keys(page, "ArrowDown", "w", "1", " ")
    expect(notice).to_have_count(1)
    bench.until(lambda: bench.n_rows() == 2)
    now[0] = 404
    _tries(bench, page, lambda: "no longer on the server" in notice.inner_text())
    now[0] = 200
    _tries(bench, page, lambda: seconds(page) > 4 and not media(page, "paused"))
    expect(notice).to_have_count(0)


def test_a_permission_that_ran_out_is_renewed_and_the_recording_plays(bench: Bench) -> None:
    renewed = [0]
    page = bench.context.new_page()

    def count(route: Route) -> None:
        renewed[0] += 1
        route.continue_()

    page.route(f"**/api/passes/{bench.pass_id}", count)
    _answering(page, lambda: 200 if renewed[0] > 1 else 401)
    page.goto(f"{bench.url}/?token={bench.token}")
    page.locator(".row[aria-selected=true]").wait_for()
    bench.until(lambda: renewed[0] == 2 and int(str(media(page, "readyState"))) > 0)
    keys(page, " ")
    bench.until(lambda: seconds(page) > 0.2)
    expect(page.locator(".notice")).to_have_count(0)


LANES = """async () => {
  const {createLanes} = await import("/component/v2/lanes.js");
  const {createMarks} = await import("/component/v2/marks.js");
  const {createView} = await import("/component/v2/view.js");
  const {createScope} = await import("/component/v2/scope.js");
  const marks = createMarks({changed() {}});
  const spans = Array.from({length: 2000}, (_, n) => ({key: `x-${n}`, start_ms: n * 5000, end_ms: n * 5000 + 4000,
    lane: n % 2 ? "Task" : "Phase", criterionIndex: n % 6, label: `Mark ${n}`}));
  spans.push({key: "x-point", start_ms: 6000, end_ms: 6000, lane: "Moment", criterionIndex: 2, label: "Here"});
  marks.add({id: "own", spans: () => spans, arcs: () => [{from_ms: 5000, to_ms: 20000, label: "repairs"}]});
  const view = createView({durationMs: 10_800_000});
  view.resize(1000);
  window.told = [];
  const tell = (what) => window.told.push(what);
  const lanes = createLanes({view, marks, scope: createScope(), onPick: tell, onEdge: tell});
  const host = document.getElementById("host").shadowRoot.querySelector(".lanes");
  host.replaceWith(lanes.element);
  lanes.element.before(lanes.arcs);
  lanes.read();
  window.there = () => lanes.element.querySelectorAll(".mark-span").length;
}"""


def test_marks_lie_in_rows_only_near_the_window_and_are_picked_and_adjusted_by_mouse(bench: Bench) -> None:
    page = bench.ready()
    page.evaluate(LANES)
    expect(page.locator(".lane-name")).to_have_text(["Phase", "Task", "Moment"])
    assert page.evaluate("() => window.there()") < 60
    page.locator("[data-key=x-1]").click()
    page.locator("[data-key=x-point]").click()
    box = page.locator("[data-key=x-2]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 18, box["y"] + 8)
    page.mouse.up()
    told = page.evaluate("() => window.told")
    assert told[:2] == ["x-1", "x-point"]
    assert told[2] == {"key": "x-2", "start_ms": 10_000, "end_ms": pytest.approx(14_900, abs=60)}
    assert page.locator(".arc").count() == 1
