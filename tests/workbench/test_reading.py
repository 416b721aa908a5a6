"""The transcript in Chromium: a long list, several segments at once, searching, and correcting what it says."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from coding_app.store import passes, transcripts
from tests.workbench.conftest import Bench

pytestmark = pytest.mark.browser

HEBREW = "שלום, אני לא יודע"
LIST = "document.querySelector('#host').shadowRoot.querySelector('.transcript')"


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def opened_with(bench: Bench, change: Callable[[dict[str, Any]], None]) -> Page:
    """The workbench on what the server says, after change was made to it on the way."""

    def answer(route: Route) -> None:
        response = route.fetch()
        body = response.json()
        change(body)
        route.fulfill(response=response, body=json.dumps(body))

    bench.context.route(f"**/api/passes/{bench.pass_id}", answer)
    return bench.open()


def segments_of(n: int, span_ms: int) -> Callable[[dict[str, Any]], None]:
    """Makes the transcript n segments long, of one to five lines each."""

    def change(body: dict[str, Any]) -> None:
        body["transcript"]["segments"] = [
            {
                "key": f"s-{number + 1:04}",
                "start_ms": number * span_ms,
                "end_ms": (number + 1) * span_ms,
                "speaker": f"S{1 + number % 2}",
                "role": "client" if number % 2 else "therapist",
                "text": f"Segment {number} says something. " * (1 + number * 7 % 9),
            }
            for number in range(n)
        ]

    return change


def holes(page: Page) -> int:
    """How many neighbouring rows in the page do not touch, or leave the view uncovered."""
    found: int = page.evaluate(
        f"""() => {{
          const list = {LIST};
          const box = list.getBoundingClientRect();
          const rows = [...list.querySelectorAll('.row')]
            .filter((row) => !row.dataset.current).map((row) => row.getBoundingClientRect());
          const apart = rows.filter((row, place) => place && Math.abs(row.top - rows[place - 1].bottom) > 1);
          return apart.length + (rows[0].top > box.top + 60) + (rows.at(-1).bottom < box.bottom - 60);
        }}"""
    )
    return found


def test_of_five_thousand_segments_only_those_near_the_view_are_in_the_page(bench: Bench) -> None:
    page = opened_with(bench, segments_of(5000, 6))
    current = page.locator(".row[data-current]")
    expect(current).to_have_attribute("aria-setsize", "5000")
    assert page.locator(".transcript").get_attribute("data-n-segments") == "5000"
    page.keyboard.press("End")
    expect(current).to_have_attribute("aria-posinset", "5000")
    expect(current).to_be_in_viewport(ratio=1)
    assert page.locator(".rows").get_attribute("aria-activedescendant") == "row-4999"
    for share in (0.1, 0.93, 0.5):
        page.evaluate(
            f"(share) => {{ const list = {LIST}; list.scrollTop = list.scrollHeight * share; }}", share
        )
        bench.until(lambda: holes(page) == 0, seconds=10)
        assert page.locator(".row").count() < 100
    # The current row can be reached still, by a screen reader and by the button.
    expect(current).to_have_attribute("aria-posinset", "5000")
    page.get_by_role("button", name="Back to the current segment").click()
    expect(current).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Back to the current segment")).to_be_hidden()
    page.keyboard.press("Home")
    expect(current).to_have_attribute("aria-posinset", "1")
    assert page.evaluate(f"() => {LIST}.scrollTop") == 0


def test_scrolling_up_into_rows_of_unknown_height_moves_what_is_read_by_what_was_scrolled(
    bench: Bench,
) -> None:
    page = opened_with(bench, segments_of(2000, 16))
    page.locator(".row[data-current]").wait_for()
    worst = page.evaluate(
        f"""async () => {{
          const list = {LIST};
          const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
          list.scrollTop = list.scrollHeight / 2;
          await frame();
          let worst = 0;
          for (let round = 0; round < 60; round += 1) {{
            const top = list.getBoundingClientRect().top + 200;
            const row = [...list.querySelectorAll('.row')].find((each) => each.getBoundingClientRect().top >= top);
            const before = row.getBoundingClientRect().top;
            list.scrollTop -= 90;
            await frame();
            worst = Math.max(worst, Math.abs(row.getBoundingClientRect().top - before - 90));
          }}
          return worst;
        }}"""
    )
    assert worst < 1.5
    page.set_viewport_size({"width": 1000, "height": 800})
    bench.until(lambda: holes(page) == 0, seconds=10)


def test_the_list_follows_what_plays_but_not_while_one_reads_elsewhere(bench: Bench) -> None:
    page = opened_with(bench, segments_of(1500, 20))
    page.locator(".row[data-current]").wait_for()
    page.keyboard.press(" ")
    top = f"() => {LIST}.scrollTop"
    bench.until(lambda: page.evaluate(top) > 300)
    page.locator(".transcript").hover()
    page.mouse.wheel(0, 6000)

    def rests() -> bool:
        """While it follows, fifty rows a second, the list never rests; nor while the wheel still moves it."""
        before = page.evaluate(top)
        page.wait_for_timeout(200)
        return bool(page.evaluate(top) == before)

    bench.until(rests, seconds=10)
    there, at = page.evaluate(top), int(page.locator(".row[data-current]").get_attribute("data-index") or 0)
    bench.until(lambda: int(page.locator(".row[data-current]").get_attribute("data-index") or 0) > at + 20)
    assert abs(page.evaluate(top) - there) < 2
    page.get_by_role("button", name="Back to the current segment").click()
    expect(page.locator(".row[data-current]")).to_be_in_viewport()


def test_rows_show_doubt_overlap_two_clients_and_text_of_any_script(bench: Bench) -> None:
    def change(body: dict[str, Any]) -> None:
        found = body["transcript"]["segments"]
        found[0] |= {"text": "😀 I am well", "doubtful": [[3, 4, 43]]}
        found[1] |= {"text": HEBREW}
        found[2] |= {"end_ms": found[3]["start_ms"] + 1500}
        found[5] |= {"speaker": "S3"}
        found[6] |= {"speaker": None, "role": None}
        body["judgements"] += [
            {"unit": found[4], "criterion": "remark", "value": None,
             "codes": [{"code": each, "attributes": {}, "links": []} for each in ("flag", "uncertain")],
             "note": "who laughs?"},
            {"unit": {"key": "x-" + "0" * 32, "start_ms": found[4]["start_ms"] + 100,
                      "end_ms": found[4]["start_ms"] + 900},
             "criterion": "rupture", "codes": [{"code": "rup_c_withdraw", "attributes": {}, "links": []}],
             "value": None, "note": None},
        ]  # fmt: skip

    page = opened_with(bench, change)
    row = page.locator(".row")
    doubt = row.nth(0).locator(".doubtful")
    expect(doubt).to_have_text("I")
    expect(doubt).to_have_attribute("title", "Recognised with 43 % confidence")
    assert row.nth(1).locator(".row-text").evaluate("(each) => getComputedStyle(each).direction") == "rtl"
    for number, when in ((2, "0:12"), (3, "0:08")):
        expect(row.nth(number).get_by_role("img", name=f"Overlaps the segment at {when}")).to_be_visible()
    expect(row.nth(1)).to_contain_text("Client 1")
    expect(row.nth(5)).to_contain_text("C2")
    expect(row.nth(6)).to_contain_text("Unknown")
    for name in ("Flagged", "Uncertain", "Note: who laughs?", "Moment 0:16.1 to 0:16.9: Client withdrawal"):
        expect(row.nth(4).get_by_role("img", name=name)).to_be_visible()
    assert page.locator(".row .chip").count() == 0


@pytest.mark.parametrize("bench", [1], indirect=True)
@pytest.mark.parametrize("n", [0, 1])
def test_a_transcript_of_one_segment_or_none_takes_every_key(bench: Bench, n: int) -> None:
    def change(body: dict[str, Any]) -> None:
        del body["transcript"]["segments"][n:]

    page = opened_with(bench, change)
    expect(page.locator(".transcript")).to_contain_text("Words of" if n else "no segments")
    keys(page, "ArrowDown", "ArrowUp", "Shift+ArrowDown", "Shift+ArrowUp", "End", "Home", "/", "Escape")
    keys(page, "F2", "Escape")
    expect(page.locator(".row[aria-selected=true]")).to_have_count(n)


def test_several_segments_are_chosen_and_coded_at_once(bench: Bench) -> None:
    page = bench.ready()
    chosen = page.locator(".row[aria-selected=true]")
    keys(page, "ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowUp")
    expect(chosen).to_have_count(3)
    expect(page.locator(".voice")).to_have_text("3 segments chosen")
    keys(page, "w")
    bench.until(lambda: bench.n_rows() == 2)  # the therapist speaks in the third
    assert bench.judgement("s-0002", "rupture") is not None
    assert bench.judgement("s-0004", "rupture") is not None
    page.locator(".row").nth(0).click()
    page.locator(".row").nth(6).click(modifiers=["Shift"])
    expect(chosen).to_have_count(7)
    keys(page, "ArrowDown")
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_attribute("data-index", "7")


def test_search_finds_marks_counts_and_goes_there_without_coding(bench: Bench) -> None:
    def change(body: dict[str, Any]) -> None:
        segments_of(400, 80)(body)
        for place, text in ((3, "A Café."), (250, "cafe, CAFÉ"), (251, "Tea")):
            body["transcript"]["segments"][place]["text"] = text

    page = opened_with(bench, change)
    page.locator(".row[data-current]").wait_for()
    keys(page, "ArrowDown")
    before = bench.n_rows()
    keys(page, "/")
    page.keyboard.type("cafe")
    count = page.locator(".search-count")
    expect(count).to_have_text("1 of 3")
    expect(page.locator(".found[data-active]")).to_have_text("Café")
    expect(page.locator(".row[data-current]")).to_have_attribute("data-index", "1")
    keys(page, "Enter")
    expect(page.locator(".row[data-current]")).to_have_attribute("data-index", "3")
    keys(page, "Enter", "Enter")
    expect(count).to_have_text("3 of 3")
    expect(page.locator(".row[data-index='250'] .found[data-active]")).to_have_text("CAFÉ")
    expect(page.locator(".row[data-current]")).to_be_in_viewport(ratio=1)
    keys(page, "Shift+Enter", "Shift+Enter", "Shift+Enter")
    expect(count).to_have_text("3 of 3")
    page.get_by_role("button", name="Next match (Enter)").click()
    expect(count).to_have_text("1 of 3")
    page.keyboard.type("qqq")
    expect(count).to_have_text("Not found")
    keys(page, "Escape")
    expect(page.locator(".search-bar")).to_be_hidden()
    expect(page.locator(".found")).to_have_count(0)
    keys(page, "ArrowDown")
    expect(page.locator(".row[data-current]")).to_have_attribute("data-index", "4")
    assert bench.n_rows() == before


def test_a_corrected_text_is_kept_and_no_code_moves(bench: Bench) -> None:
    page = bench.ready()
    keys(page, "e", "2")
    bench.until(lambda: bench.n_rows() == 2)
    keys(page, "F2")
    field = page.get_by_role("textbox", name="Correcting 0:00, Therapist")
    expect(field).to_be_focused()
    page.keyboard.type("w 😀 ")
    keys(page, "Shift+Enter")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    keys(page, "F2")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    keys(page, "Escape")
    expect(page.locator(".row").nth(0)).to_contain_text("Words of segment 1.")

    keys(page, "F2", "Control+a")
    page.keyboard.type("Well then,  שלום e.")
    keys(page, "Control+Enter")
    expect(page.locator(".row-text").nth(0)).to_have_text("Well then, שלום e.")
    expect(page.locator(".row-text").nth(0)).to_have_attribute("title", "Text corrected")
    expect(page.get_by_role("textbox", name="Correcting 0:04, Client")).to_be_focused()
    keys(page, "Escape")
    with bench.app.store.read() as tx:
        stands_on = transcripts.get_transcript(tx, passes.get_pass(tx, bench.pass_id).transcript_id)
        newest = transcripts.newest_revision(tx, stands_on.segmentation)
        said = transcripts.get_segment(tx, newest.id, "s-0001").text
    assert (said, stands_on.segments[0].text) == ("Well then, שלום e.", "Words of segment 1.")
    assert bench.n_rows() == 2
    page.reload()
    expect(page.locator(".row").nth(0)).to_contain_text("Well then, שלום e.")
    expect(page.locator(".row").nth(0).locator(".chip")).to_contain_text("Conveys understanding")


def test_a_correction_that_cannot_be_saved_stays_in_the_field_with_the_reason(bench: Bench) -> None:
    page = bench.ready()
    page.route("**/corrections", lambda route: route.abort())
    page.locator(".row-text").nth(2).dblclick()
    field = page.get_by_role("textbox", name="Correcting 0:08, Therapist")
    field.fill("What was really said")
    keys(page, "Enter")
    expect(page.locator(".correct-why")).to_contain_text("the text is still here")
    expect(field).to_have_value("What was really said")
    expect(field).to_be_focused()
    page.unroute("**/corrections")
    page.get_by_role("button", name="Save (Enter)").click()
    expect(page.locator(".row-text").nth(2)).to_have_text("What was really said")
    bench.context.set_offline(True)
    keys(page, "F2")
    expect(page.locator(".voice")).to_contain_text("as soon as the server can be reached")
    expect(page.get_by_role("textbox", name="Correcting")).to_have_count(0)
    bench.context.set_offline(False)


def test_a_submitted_pass_says_why_its_text_cannot_be_corrected(bench: Bench) -> None:
    page = opened_with(bench, lambda body: body["pass"].update(submitted_at="2026-11-22T12:00:00Z"))
    page.locator(".row[data-current]").wait_for()
    keys(page, "F2")
    expect(page.locator(".voice")).to_contain_text("nothing can be changed")
    expect(page.get_by_role("textbox", name="Correcting")).to_have_count(0)
