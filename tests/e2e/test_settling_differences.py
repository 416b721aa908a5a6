"""Settling differences as a person does: by clicking, by keyboard, after a reload; and what axe finds on the page."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.server import a_server
from tests.e2e.test_recordings_page import faults
from tests.e2e.test_whole_path import choose, open_page, settled

pytestmark = pytest.mark.browser
REASON = "He takes up the ambivalence, and not the words alone."
RULE = "Naming a mixed feeling counts as conveying understanding."


def n_settled(page: Page, n: int) -> None:
    expect(page.get_by_text(re.compile(rf"^{n} of \d+ differences settled"))).to_be_visible()
    settled(page)


def test_a_lead_settles_a_difference_by_clicking_the_next_by_keyboard_and_both_stay(
    tmp_path: Path, chromium: Browser
) -> None:
    with a_server(tmp_path / "data", "--demo") as server:
        page = chromium.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(server.url)
        choose(page, "Observer", "Observer A")
        open_page(page, "Consensus")
        page.get_by_role("button", name="Begin").first.click()
        n_settled(page, 0)
        assert faults(page) == []

        page.get_by_role("button", name="Play").click()
        expect(page.locator("audio")).to_have_count(1)
        settled(page)
        page.get_by_role("radiogroup").get_by_text("Observer A").first.click()
        page.get_by_role("textbox", name="Why").fill(REASON)
        page.get_by_text("Keep this decision for the next time").click()
        page.get_by_label("In general words").fill(RULE)
        page.get_by_role("button", name="Rule and go on").click()
        n_settled(page, 1)
        expect(page.get_by_role("textbox", name="Why")).to_have_value("")  # of the next difference

        page.get_by_role("radiogroup").get_by_text("Observer B").first.click()
        settled(page)
        page.get_by_role("textbox", name="Why").fill("Heard again.")
        page.keyboard.press("Control+Enter")
        n_settled(page, 2)

        page.reload()
        n_settled(page, 2)
        page.get_by_role("button", name="Previous").click()
        page.get_by_role("button", name="Previous").click()
        expect(page.get_by_text(REASON)).to_be_visible()
        page.get_by_role("button", name="All recordings").click()
        expect(page.get_by_text(re.compile(r"differences left of"))).to_be_visible()
        page.get_by_role("tab", name="Rules").click()
        expect(page.get_by_text(RULE)).to_be_visible()
