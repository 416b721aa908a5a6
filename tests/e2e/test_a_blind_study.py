"""A whole blind study in the browser, by three people with accounts: from the upload to the finished consensus."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.server import a_server
from tests.e2e.test_whole_path import (
    open_page,
    rate_everything,
    segments,
    settled,
    upload_and_wait_for_the_transcript,
)

pytestmark = [pytest.mark.browser, pytest.mark.weights, pytest.mark.slow]
LEAD, CODERS = "Ruth", ("Ann", "Ben")
PASSWORD = "correct horse battery"
STUDY = "Alliance pilot"


def a_person(chromium: Browser) -> Page:
    """Somebody at a browser of their own."""
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(60_000)
    return page


def make_the_first_account(page: Page) -> None:
    """In the tab that one is in."""
    open_page(page, "People")
    page.get_by_role("link", name="Make the first account").click()
    page.get_by_label("Your name").fill(LEAD)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1, name="People")).to_be_visible()
    assert len(page.context.pages) == 1


def make_the_study(page: Page) -> None:
    settled(page)
    page.get_by_role("link", name="Study", exact=True).click()
    page.get_by_label("Title of the study").fill(STUDY)
    page.get_by_role("button", name="Make the study").click()
    expect(page.get_by_role("heading", level=1, name=STUDY)).to_be_visible()


def add_coder(page: Page, name: str) -> str:
    """Returns the one-time password that the lead tells them."""
    settled(page)
    page.get_by_role("button", name="Add somebody").click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text(f"One-time password for {name}")).to_be_visible()
    settled(page)
    return page.get_by_test_id("stCode").inner_text().strip()


def plan_for_two_observers(page: Page) -> None:
    open_page(page, "Plan")
    page.get_by_role("tab", name="Plan").click()
    page.get_by_label("Observers per session").fill("2")
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_text("2 new assignments")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_role("button", name="All is assigned")).to_be_visible()


def sign_in_first(page: Page, url: str, name: str, once: str) -> None:
    """With the one-time password, which has to be changed."""
    page.goto(url)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(once)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Password now").fill(once)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("heading", level=1, name=STUDY)).to_be_visible()


def code_what_is_next(page: Page, skipped: int) -> None:
    """From the queue to the submitted pass, with the keyboard; each `skipped`-th segment is left out."""
    page.get_by_role("link", name="My work", exact=True).click()
    page.get_by_role("button", name="Begin the next session").click()
    expect(segments(page).first).to_be_visible()
    for number in range(segments(page).count()):
        if number % skipped:
            page.keyboard.press("e" if "Therapist" in segments(page).nth(number).inner_text() else "u")
            page.keyboard.press("2")
        page.keyboard.press("ArrowDown")
    rate_everything(page)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    expect(page.get_by_text(re.compile("Submitted on"))).to_be_visible()


def settle_everything(page: Page) -> int:
    """Rules on each difference for the first observer; returns how many there were."""
    open_page(page, "Consensus")
    page.get_by_role("button", name="Begin").first.click()
    counted = page.get_by_text(re.compile(r"^\d+ of \d+ differences? settled"))
    expect(counted).to_be_visible()
    n = int(counted.inner_text().split()[2])
    for number in range(n):
        expect(page.get_by_text(re.compile(rf"^{number} of {n} differences? settled"))).to_be_visible()
        settled(page)
        page.get_by_role("radiogroup").get_by_text(CODERS[0]).first.click()
        settled(page)
        page.get_by_role("textbox", name="Why").fill("Heard again together.")
        page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Finish the consensus").click()
    return n


def test_a_lead_runs_a_blind_study_of_two_coders_from_the_upload_to_the_consensus(
    tmp_path: Path, chromium: Browser
) -> None:
    with a_server(tmp_path / "data") as server:
        lead = a_person(chromium)
        lead.goto(server.url)
        make_the_first_account(lead)
        make_the_study(lead)
        open_page(lead, "People")
        once = {name: add_coder(lead, name) for name in CODERS}
        upload_and_wait_for_the_transcript(lead)
        plan_for_two_observers(lead)

        people = {name: a_person(chromium) for name in CODERS}
        for name, page in people.items():
            sign_in_first(page, server.url, name, once[name])
        ann, ben = people.values()
        code_what_is_next(ann, skipped=5)
        ben.get_by_role("link", name="Study", exact=True).click()
        expect(ben.get_by_role("heading", level=1, name=STUDY)).to_be_visible()
        settled(ben)
        assert "Ann" not in ben.locator("body").inner_text()  # not even that somebody else codes it
        code_what_is_next(ben, skipped=4)

        open_page(lead, "Agreement")
        settled(lead)
        lead.get_by_text("Show all submitted codings").click()
        expect(lead.get_by_role("row", name=re.compile("^Empathy"))).to_be_visible()
        assert settle_everything(lead) > 0
        expect(lead.get_by_text(re.compile("[Ff]inished")).first).to_be_visible()
        ben.goto(f"{server.url}/consensus")  # while one codes, the way there is folded away
        expect(ben.get_by_text("Heard again together.").first).to_be_visible()
