"""Nothing is lost when something around the workbench goes wrong: storage, server, clock, versions."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.workbench.conftest import Bench

pytestmark = pytest.mark.browser

FORBIDDEN = (
    "Object.defineProperty(window, 'indexedDB', {get() { throw new DOMException('no', 'SecurityError'); }})"
)
NEVER_OPENS = "indexedDB.open = () => ({})"
FULL = """const add = IDBObjectStore.prototype.add;
IDBObjectStore.prototype.add = function (...args) {
  const request = add.apply(this, args), transaction = this.transaction;
  queueMicrotask(() => transaction.abort()); return request; }"""

CLOCK_OFF = """const Right = Date;
Date = class extends Right {
  constructor(...given) { given.length ? super(...given) : super(Right.now() + OFF); }
  static now() { return Right.now() + OFF; } }"""


def ready_with(bench: Bench, script: str) -> Page:
    """The workbench in a browser in which this script ran first."""
    bench.context.add_init_script(script)
    return bench.ready()


@pytest.mark.parametrize("trouble", [FORBIDDEN, NEVER_OPENS, FULL], ids=["forbidden", "silent", "full"])
def test_a_browser_that_keeps_nothing_is_told_and_coding_goes_on(bench: Bench, trouble: str) -> None:
    page = ready_with(bench, trouble)
    page.keyboard.press("e")
    expect(page.locator(".notice")).to_contain_text("This browser keeps nothing on this computer")
    bench.until(lambda: bench.n_rows() == 1)
    expect(page.locator(".status")).to_have_text("Saved")
    page.route("**/events", lambda route: route.abort())
    page.keyboard.press("2")
    expect(page.locator(".status")).to_have_text("Offline: 1 not saved, leave this page open")
    page.unroute("**/events")
    bench.until(lambda: bench.n_rows() == 2)
    expect(page.locator(".status")).to_have_text("Saved")


def test_a_pass_that_is_gone_keeps_what_was_not_saved_and_offers_it_as_a_file(bench: Bench) -> None:
    page = bench.ready()

    def gone(route: Route) -> None:
        route.fulfill(
            status=410,
            content_type="application/json",
            body=json.dumps({"error": "This recording was erased."}),
        )

    page.route("**/events", gone)
    page.keyboard.press("e")
    notice = page.locator(".notice")
    expect(notice).to_contain_text(
        "This recording was erased. One entry that was not saved stays on this computer."
    )
    page.keyboard.press("2")
    expect(page.locator(".status")).to_have_text("Not accepted: 2 kept on this computer")
    with page.expect_download() as download:
        notice.get_by_role("button", name="Save them as a file").click()
    saved = json.loads(download.value.path().read_text("utf-8"))
    assert [each["criterion"] for each in saved] == ["empathy", "empathy"]
    page.unroute("**/events")
    page.reload()  # it was a mistake after all, or the recording is back
    bench.until(lambda: bench.n_rows() == 2)


def test_another_version_of_the_program_asks_for_a_reload_that_keeps_everything(bench: Bench) -> None:
    page = bench.ready()

    def newer(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "x-coding-app-version": "99"})

    page.route("**/events", newer)
    page.keyboard.press("e")
    notice = page.locator(".notice")
    expect(notice).to_contain_text("This page is older than the program on the server.")
    page.unroute("**/events")
    page.route("**/events", lambda route: route.abort())
    page.keyboard.press("2")
    expect(page.locator(".status")).to_contain_text("1 kept on this computer")
    notice.get_by_role("button", name="Reload").click()
    expect(page.locator(".row").first.locator(".chip-value")).to_have_text("2")
    page.unroute("**/events")
    bench.until(lambda: bench.n_rows() == 2)


@pytest.mark.parametrize("off_ms", [86_400_000, -86_400_000], ids=["a day ahead", "a day behind"])
def test_a_browser_clock_that_is_a_day_off_changes_no_order(bench: Bench, off_ms: int) -> None:
    page = bench.ready()
    page.keyboard.press("e")
    bench.until(lambda: bench.n_rows() == 1)
    page.close()
    page = ready_with(bench, CLOCK_OFF.replace("OFF", str(off_ms)))
    page.keyboard.press("e")  # takes it away
    page.keyboard.press("m")
    bench.until(lambda: bench.n_rows() == 3)
    held = bench.judgement("s-0001", "empathy")
    assert held is not None
    assert [each.code for each in held.codes] == ["emp_t_miss"]
    page.reload()
    expect(page.locator(".row").first.locator(".chip")).to_have_count(1)
    page.keyboard.press("z")
    page.keyboard.press("z")
    expect(page.locator(".row").first.locator(".chip")).to_contain_text("Conveys understanding")


def test_the_steps_of_the_scheme_say_what_is_left_and_lead_to_it(bench: Bench) -> None:
    page = bench.ready()
    step = page.locator(".lead-step")
    expect(step).to_have_count(4)
    expect(step.nth(0)).to_have_attribute("aria-current", "step")
    page.keyboard.press("e")
    expect(page.locator(".lead-now")).to_contain_text("1 coded, 1 question open")
    expect(step.nth(1)).to_have_attribute("aria-current", "step")
    page.keyboard.press("2")
    expect(step.nth(1)).to_have_text("✓")
    submit = page.get_by_role("button", name="Submit", exact=True)
    page.keyboard.press("F8")
    expect(page.get_by_role("tab", name="Blocks")).to_be_focused()
    expect(step.nth(2)).to_have_attribute("aria-current", "step")
    page.keyboard.press("Tab")
    for tab, ratings in {2: ["strain"], 3: ["bond", "goal", "task"]}.items():
        step.nth(tab).click()
        expect(submit).not_to_have_attribute("data-ready", "true")
        for rating in ratings:
            page.locator(f"[data-rating={rating}] .step").nth(2).click()
    expect(submit).to_have_attribute("data-ready", "true")
    expect(step.nth(3)).to_have_attribute("aria-label", "Step 4 of 4: Rate the session. all rated")
    page.keyboard.press("F8")
    expect(page.get_by_role("tab", name="Tag")).to_have_attribute("aria-selected", "true")
    step.nth(0).click()
    expect(page.locator(".lead-now")).to_contain_text("0 % heard")
    page.keyboard.press("Space")
    bench.until(lambda: "0 %" not in page.locator(".lead-now").inner_text())
    page.reload()
    page.locator(".row[aria-selected=true]").wait_for()
    page.locator(".lead-step").first.click()
    expect(page.locator(".lead-now")).not_to_contain_text("0 % heard")
