"""The workbench in Chromium: coding with the keyboard, and never losing anything."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from coding_app.domain.coding import AppliedCode
from tests.workbench.conftest import Bench

pytestmark = pytest.mark.browser


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def test_a_code_and_its_answers_are_on_the_page_at_once_and_in_the_store_soon(bench: Bench) -> None:
    page = bench.ready()
    keys(page, "ArrowDown", "w", "2", "1", "3")
    expect(page.locator(".row").nth(1).locator(".chip")).to_contain_text("Client withdrawal")
    bench.until(lambda: bench.n_rows() == 4)
    held = bench.judgement("s-0002", "rupture")
    assert held is not None
    assert held.codes == (AppliedCode("rup_c_withdraw", {"intensity": 2, "certainty": 1, "facet": "task"}),)
    expect(page.locator(".status")).to_have_text("Saved")


def test_undo_takes_back_and_redo_brings_back(bench: Bench) -> None:
    page = bench.ready()
    keys(page, "e", "2", "z", "z")
    bench.until(lambda: bench.n_rows() == 4 and bench.judgement("s-0001", "empathy") is None)
    keys(page, "x", "x")
    bench.until(lambda: bench.n_rows() == 6)
    held = bench.judgement("s-0001", "empathy")
    assert held is not None
    assert held.codes[0].attributes == {"intensity": 2}


def test_a_code_of_the_other_speaker_is_not_given_and_the_reason_is_said(bench: Bench) -> None:
    page = bench.ready()
    keys(page, "w")
    expect(page.locator(".voice")).to_contain_text("code for the client")
    keys(page, "e")
    bench.until(lambda: bench.n_rows() == 1)
    assert bench.judgement("s-0001", "rupture") is None


def test_keys_work_after_a_click_on_a_code_and_not_in_a_text_field(bench: Bench) -> None:
    page = bench.ready()
    page.locator("[data-code=emp_t_convey]").first.click()
    keys(page, " ")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    bench.until(lambda: bench.n_rows() == 1)
    page.locator("#field").focus()
    keys(page, "m", "z", "2")
    assert page.locator("#field").input_value() == "mz2"
    assert bench.n_rows() == 1


def test_shortcuts_of_the_browser_pass_through(bench: Bench) -> None:
    page = bench.ready()
    page.evaluate(
        "() => { window.passed = []; window.addEventListener('keydown', (e) => window.passed.push(e.key)); }"
    )
    keys(page, "Control+e", "Alt+m", "e")
    assert page.evaluate("() => window.passed.filter((key) => key.length === 1)") == ["e", "m"]
    bench.until(lambda: bench.n_rows() == 1)


def test_what_is_coded_without_a_connection_survives_a_reload_and_is_stored_once(bench: Bench) -> None:
    page = bench.ready()
    page.route("**/events", lambda route: route.abort())
    keys(page, "e", "2", "ArrowDown", "w", "1")
    expect(page.locator(".status")).to_have_text("Offline: 4 kept on this computer")
    page.reload()
    expect(page.locator(".row").nth(0).locator(".chip")).to_contain_text("Conveys understanding")
    expect(page.locator(".row").nth(1).locator(".chip")).to_contain_text("Client withdrawal")
    assert bench.n_rows() == 0
    page.unroute("**/events")
    keys(page, "2")
    bench.until(lambda: bench.n_rows() == 5)
    expect(page.locator(".status")).to_have_text("Saved")
    page.reload()
    page.locator(".row[aria-selected=true]").wait_for()
    assert bench.n_rows() == 5


def test_an_answer_lost_after_the_commit_doubles_nothing(bench: Bench) -> None:
    page = bench.ready()
    lost: list[int] = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/events", lose_the_first_answer)
    keys(page, "e", "3")
    expect(page.locator(".status")).to_have_text("Saved")
    bench.until(lambda: bench.n_rows() == 2)
    assert lost == [200]


def test_one_refused_event_is_taken_back_and_told_and_the_rest_goes_on(bench: Bench) -> None:
    page = bench.ready()

    def refuse(route: Route) -> None:
        if "emp_t_miss" in (route.request.post_data or ""):
            route.fulfill(
                status=400, content_type="application/json", body=json.dumps({"error": "Not in the scheme."})
            )
        else:
            route.continue_()

    page.route("**/events", refuse)
    keys(page, "c", "m", "v")
    expect(page.locator(".notice")).to_contain_text(
        "Empathy at 0:00 was not accepted and has been taken back"
    )
    bench.until(lambda: bench.n_rows() == 2)
    expect(page.locator(".row").nth(0).locator(".chip")).to_have_count(2)


def test_two_tabs_of_one_observer_agree(bench: Bench) -> None:
    one, two = bench.ready(), bench.ready()
    one.bring_to_front()
    keys(one, "e", "1")
    expect(two.locator(".row").nth(0).locator(".chip-value")).to_have_text("1")
    two.bring_to_front()
    keys(two, "m")
    expect(one.locator(".row").nth(0).locator(".chip")).to_contain_text("Misses")
    bench.until(lambda: bench.n_rows() == 3)


def test_a_token_that_ran_out_is_renewed_without_losing_work(bench: Bench) -> None:
    page = bench.open(token="out-of-date")
    bench.until(lambda: page.evaluate("() => window.triggers") == ["renew"])
    page.evaluate("(token) => window.mount(token)", bench.token)
    page.locator(".row[aria-selected=true]").wait_for()
    page.evaluate("() => window.mount('out-of-date')")
    keys(page, "e")
    expect(page.locator(".status")).to_contain_text("Signing in again: 1 kept")
    page.evaluate("(token) => window.mount(token)", bench.token)
    bench.until(lambda: bench.n_rows() == 1)


def test_submit_lists_what_is_missing_and_then_locks_the_pass(bench: Bench) -> None:
    page = bench.ready()
    keys(page, "e")
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    expect(page.get_by_role("dialog")).to_contain_text("still missing")
    page.get_by_role("button", name="Go to the first").click()
    keys(page, "2")
    for tab, ratings in {"Blocks": ["strain"], "Session": ["bond", "goal", "task"]}.items():
        page.get_by_role("tab", name=tab).click()
        for rating in ratings:
            page.locator(f"[data-rating={rating}] .step").nth(2).click()
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    expect(page.locator(".status")).to_have_text("Submitted, read only")
    assert bench.submitted()
    assert page.evaluate("() => window.triggers") == ["submitted"]
    stored = bench.n_rows()
    keys(page, "m")
    expect(page.locator(".voice")).to_contain_text("nothing can be changed")
    assert bench.n_rows() == stored
    page.reload()
    expect(page.locator(".status")).to_have_text("Submitted, read only")
    expect(page.get_by_role("button", name="Submit")).to_have_count(0)


@pytest.mark.parametrize("how", ["Keep coding", "Escape"])
def test_a_submit_that_waits_for_the_connection_is_called_off_by_going_on_coding(
    bench: Bench, how: str
) -> None:
    page = bench.ready()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/submit" in request.url else None)
    page.route("**/events", lambda route: route.abort())
    keys(page, "e")
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    expect(page.get_by_role("dialog")).to_contain_text("Waiting until")
    if how == "Escape":
        keys(page, "Escape")
    else:
        page.get_by_role("button", name=how).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.unroute("**/events")
    expect(page.locator(".status")).to_have_text("Saved")
    keys(page, "2")
    bench.until(lambda: bench.n_rows() == 2)
    assert asked == []
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    expect(page.get_by_role("dialog")).to_contain_text("still missing")
    assert len(asked) == 1


def test_a_moment_named_in_the_address_is_gone_to_once_and_then_the_place_left_counts(bench: Bench) -> None:
    page = bench.ready()
    page.goto(page.url + "&at=8500")
    expect(page.locator(".row[aria-selected=true]")).to_have_attribute("data-index", "2")
    assert page.evaluate("() => new URLSearchParams(location.search).has('token')")
    assert not page.evaluate("() => new URLSearchParams(location.search).has('at')")
    keys(page, "ArrowDown", "ArrowDown")
    expect(page.locator(".row[aria-selected=true]")).to_have_attribute("data-index", "4")
    page.reload()
    expect(page.locator(".row[aria-selected=true]")).to_have_attribute("data-index", "4")


def test_a_rating_starts_where_the_scale_says_but_counts_only_when_confirmed(bench: Bench) -> None:
    page = bench.ready()
    page.get_by_role("tab", name="Session").click()
    bond = page.locator("[data-rating=bond]")
    expect(bond.locator(".step[data-start]")).to_have_text("4")
    expect(bond.get_by_role("radio", checked=True)).to_have_count(0)
    bond.locator(".step[data-start]").focus()
    keys(page, "6")
    bench.until(lambda: (held := bench.judgement("session", "bond")) is not None and held.value == 6)
    expect(bond.get_by_role("radio", checked=True)).to_have_text("6")
    assert bench.n_rows() == 1


def test_without_a_waveform_the_recording_still_plays(bench: Bench) -> None:
    page = bench.ready()
    expect(page.locator(".wave")).to_contain_text("no waveform")
    keys(page, "ArrowDown", " ")
    bench.until(lambda: page.locator(".time-now").text_content() not in ("0:00.0", "0:04.0"))
    keys(page, " ", "ArrowDown", "ArrowDown")
    expect(page.locator(".time-now")).to_have_text("0:12.0")
    expect(page.locator(".row[aria-selected=true]")).to_have_attribute("data-index", "3")


def test_help_and_the_card_of_a_code_open_and_close_by_key(bench: Bench) -> None:
    page = bench.ready()
    keys(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    keys(page, "e", "Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    keys(page, "Shift+E")
    expect(page.locator(".card")).to_contain_text("Conveys understanding")
    keys(page, "Escape")
    expect(page.locator(".card")).to_be_hidden()
    assert bench.n_rows() == 0


def test_after_leaving_no_key_is_listened_to(bench: Bench) -> None:
    page = bench.ready()
    page.evaluate("() => window.leave()")
    assert page.locator(".workbench").count() == 0
    keys(page, "e", " ")
    page.evaluate("(token) => { window.leave = window.mount(token); }", bench.token)
    page.locator(".row[aria-selected=true]").wait_for()
    assert bench.n_rows() == 0


@pytest.mark.parametrize("bench", [300], indirect=True)
def test_a_jump_far_ahead_shows_the_segment_it_lands_on(bench: Bench) -> None:
    page = bench.ready()
    overview = page.locator(".overview")
    box = overview.bounding_box()
    assert box is not None
    for share in (0.905, 0.205, 0.998):
        overview.click(position={"x": box["width"] * share, "y": 10})
        expect(page.locator(".row[aria-selected=true]")).to_have_attribute(
            "data-index", str(int(300 * share))
        )
        expect(page.locator(".row[aria-selected=true]")).to_be_in_viewport(ratio=1)
