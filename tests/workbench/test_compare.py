"""Comparing in Chromium: other observers' codings beside one's own, and the way from one difference to the next."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.workbench.conftest import Bench
from tests.workbench.observers import Given, flow_ratings, ratings, submit_as
from tests.workbench.test_accessibility import DARK, faults

pytestmark = pytest.mark.browser

EMPATHY, WITHDRAWAL = "emp_t_convey", "rup_c_withdraw"
DEEP, MILD = {"intensity": 3}, {"intensity": 1}
RUPTURE = {"intensity": 2, "certainty": 1, "facet": "task"}


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def three_observers(bench: Bench) -> None:
    """Of four coded segments all agree on the 1st, differ in codes on the 2nd and 5th and in an answer on the 3rd."""
    all_agree = Given(1, "empathy", EMPATHY, DEEP)
    mine = [
        all_agree,
        Given(2, "rupture", WITHDRAWAL, RUPTURE, note="mine"),
        Given(3, "empathy", EMPATHY, DEEP),
    ]
    theirs = [
        all_agree,
        Given(2, "rupture", WITHDRAWAL, RUPTURE, note="secret"),
        Given(3, "empathy", EMPATHY, MILD),
    ]
    third = [all_agree, Given(3, "empathy", EMPATHY, DEEP), Given(5, "empathy", EMPATHY, MILD)]
    remark = Given(4, "remark", "flag", note="private")
    rated = ["repair_success", "therapist_part"]
    submit_as(bench, [*mine, *ratings(), *(Given("session", each, value=2) for each in rated)])
    submit_as(
        bench,
        [*theirs, remark, *ratings(bond=5), *(Given("session", each, value=2) for each in rated)],
        "Olga Berg",
    )
    submit_as(
        bench,
        [*third, *ratings(), *(Given("session", each, "not_applicable") for each in rated)],
        "Tom Unger",
    )


def compared(bench: Bench) -> Page:
    page = bench.ready()
    keys(page, "F9")
    expect(page.get_by_role("tab", name=re.compile("Differences"))).to_have_attribute("aria-selected", "true")
    return page


def side(page: Page, number: int) -> list[str]:
    """What stands beside a segment, a line for each observer."""
    return [
        " ".join(each.split()) for each in page.locator(f"#row-{number - 1} .by-observer").all_inner_texts()
    ]


def shown(page: Page) -> str:
    """Everything in the workbench, with what is said to screen readers and to the mouse."""
    return page.locator(".workbench").inner_html()


def test_observers_stand_side_by_side_and_differences_are_gone_through_with_the_keyboard(
    bench: Bench,
) -> None:
    three_observers(bench)
    page = compared(bench)
    expect(page.locator(".difference")).to_have_count(5)
    expect(page.locator(".compare-counts")).to_have_text(
        "2 of 4 coded segments differ · 3 of 6 ratings differ"
    )
    assert [len(side(page, number)) for number in (1, 2, 3, 4, 5)] == [1, 3, 3, 0, 3]
    assert "none" in side(page, 2)[2]
    expect(page.locator("#row-1 .differs")).to_have_attribute("title", "The codes differ")
    expect(page.locator("#row-0 .differs, #row-2 .differs")).to_have_count(0)
    keys(page, "Shift+PageDown", "Shift+PageDown", "Shift+PageDown", "Shift+PageDown")  # to another kind
    keys(page, "Shift+PageDown")  # and back
    keys(page, "PageDown")
    expect(page.locator(".difference[aria-selected=true]")).to_contain_text("Rupture")
    expect(page.locator(".row[data-current]")).to_have_id("row-1")
    expect(page.locator(".step-kind")).to_have_text("Differences 4/5")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()  # it is played
    keys(page, "PageDown")
    expect(page.locator(".row[data-current]")).to_have_id("row-4")
    keys(page, "PageDown")
    expect(page.locator(".voice")).to_have_text("Differences: no further")
    page.locator(".difference-list").focus()
    keys(page, "ArrowUp")
    expect(page.locator(".row[data-current]")).to_have_id("row-1")
    keys(page, "Home", "Enter")
    expect(page.get_by_role("tab", name=re.compile("Blocks|Session"), selected=True)).to_be_visible()
    expect(page.locator(".rating[data-rating=bond] .rated-by")).to_contain_text("5 ·")
    assert not re.search("secret|private", shown(page))
    keys(page, "F9")
    expect(page.get_by_role("tab", name=re.compile("Differences"))).to_have_count(0)
    expect(page.locator(".by-observer, .rated-by, .lane[data-lane=You]")).to_have_count(0)
    expect(page.locator("#row-1 .chip")).to_have_count(1)


def test_with_the_mouse_alone_the_list_is_narrowed_names_are_hidden_and_that_is_remembered(
    bench: Bench,
) -> None:
    three_observers(bench)
    page = bench.ready()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.locator(".pill", has_text="Empathy").click()
    expect(page.locator(".difference")).to_have_count(1)
    expect(page.locator(".compare-counts")).to_have_text("1 of 3 coded segments differ")
    page.get_by_role("switch", name="Also answers that differ").click()
    expect(page.locator(".difference")).to_have_count(2)
    expect(page.locator(".difference").first.locator(".differs")).to_have_attribute(
        "title", "Same codes, other answers"
    )
    assert side(page, 2) == []  # another criterion
    page.locator(".difference").nth(1).click()
    expect(page.locator(".row[data-current]")).to_have_id("row-4")
    expect(page.locator(".compare-who")).to_contain_text("Olga Berg")
    page.get_by_role("switch", name="Hide names").click()
    expect(page.locator(".compare-who")).to_contain_text("Observer B")
    expect(page.locator(".difference[aria-selected=true]")).to_have_attribute("data-index", "1")
    assert "Olga" not in shown(page)
    page.locator(".lane[data-lane=Differences] .mark-span").first.click()
    expect(page.locator(".row[data-current]")).to_have_id("row-2")
    page.reload()
    page.locator(".row[aria-selected=true]").wait_for()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("switch", name="Hide names")).to_be_checked()
    assert "Olga" not in shown(page)


@pytest.mark.parametrize("bench", [{"scheme": "session-flow"}], indirect=True)
def test_what_observers_drew_differs_where_it_does_not_overlap(bench: Bench) -> None:
    tell = Given((0, 0), "activity", "act_tell")
    strain = {"intensity": 2}
    mine = [
        tell,
        Given((8_000, 14_000), "episode", "epi_strain", strain),
        Given((20_000, 20_000), "voice", "voi_laugh", {"who": "client"}),
    ]
    theirs = [
        tell,
        Given((8_500, 18_000), "episode", "epi_strain", strain),
        Given((21_000, 21_000), "voice", "voi_laugh", {"who": "client"}),
    ]
    submit_as(bench, [*mine, *flow_ratings()])
    submit_as(bench, [*theirs, *flow_ratings()], "Olga Berg")
    page = compared(bench)
    expect(page.locator(".difference")).to_have_count(1)
    expect(page.locator(".difference")).to_contain_text("0:14")
    expect(page.locator(".compare-counts")).to_contain_text("1 of 4 marked stretches differ")
    expect(page.locator(".lane")).to_have_count(3)
    keys(page, "PageDown")
    expect(page.locator(".time-now")).to_have_text(re.compile(r"0:1[4-8]"))
    expect(page.locator(".step-kind")).to_have_text("Differences 1/1")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()


def test_an_address_opens_the_comparison_at_its_moment_and_is_spent(bench: Bench) -> None:
    three_observers(bench)
    page = bench.ready()
    page.goto(f"{page.url}&at=16000&compare=1&masked=1")
    expect(page.locator(".difference[aria-selected=true]")).to_contain_text("Empathy")
    expect(page.locator(".row[data-current]")).to_have_id("row-4")
    expect(page.locator(".compare-who")).to_contain_text("Observer A")
    assert "compare" not in page.url
    assert "masked" not in page.url


def test_what_cannot_be_compared_is_said_in_a_sentence(bench: Bench) -> None:
    page = bench.ready()
    expect(page.get_by_role("button", name="Compare", exact=True)).to_have_count(0)
    keys(page, "F9")
    expect(page.locator(".hint")).to_have_text(re.compile("After you have submitted"))
    submit_as(bench, ratings())
    page.reload()
    page.locator(".row[aria-selected=true]").wait_for()
    keys(page, "F9")
    expect(page.locator(".differences")).to_contain_text("Nobody else has submitted")
    submit_as(bench, ratings(bond=1), "Olga Berg")
    page.get_by_role("button", name="Look again").click()
    expect(page.locator(".difference")).to_have_count(1)
    keys(page, "F9")

    def refuse(route: Route) -> None:
        route.fulfill(
            status=503, content_type="application/json", body=json.dumps({"error": "The store is busy."})
        )

    page.route("**/others*", refuse)
    keys(page, "F9")
    expect(page.locator(".hint")).to_have_text("The others cannot be shown now. The store is busy.")
    expect(page.get_by_role("button", name="Compare", exact=True)).to_have_attribute("aria-pressed", "false")


def test_axe_finds_nothing_while_comparing_in_light_and_dark(bench: Bench) -> None:
    three_observers(bench)
    page = compared(bench)
    keys(page, "PageDown")
    found = faults(page, "light")
    page.add_style_tag(content=DARK)
    found += faults(page, "dark")
    page.get_by_role("tab", name="Session").click()
    found += faults(page, "ratings")
    assert found == []
