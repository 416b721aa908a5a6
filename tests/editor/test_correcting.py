"""Correcting a transcript with the keyboard alone, in a real browser on the real routes."""

import pytest
from playwright.sync_api import Page, expect

from coding_app.workflows import code_session, study
from tests.editor.conftest import Desk
from tests.workbench.test_accessibility import faults

pytestmark = pytest.mark.browser


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def chosen(page: Page) -> str:
    return page.locator(".row[aria-selected=true]").get_attribute("data-key") or ""


def test_a_person_corrects_a_transcript_with_the_keyboard_alone(desk: Desk) -> None:
    page = desk.open()
    press(page, "Enter")
    page.locator("textarea").fill("How was the week for you?")
    press(page, "Control+Enter")
    desk.until(lambda: desk.texts()[0] == "How was the week for you?")
    expect(page.locator("textarea")).to_have_value("Words of segment 2.")
    press(page, "Home", *["ArrowRight"] * len("Words of"), "Alt+Enter")
    desk.until(lambda: desk.texts()[1:3] == ["Words of", "segment 2."])
    expect(page.locator(".row")).to_have_count(9)
    assert chosen(page) == "s-0009"
    press(page, "Shift+M")
    desk.until(lambda: desk.texts()[1] == "Words of segment 2.")
    assert chosen(page) == "s-0002"
    press(page, "1")
    desk.until(lambda: desk.now().segments[1].speaker == "S1")
    press(page, "]", "]", "{")
    desk.until(lambda: desk.now().segments[1].span.start_ms == 4_000 + 100 - 250)
    assert desk.now().segments[0].span.end_ms == 3_850
    press(page, "ArrowDown", "Delete")
    desk.until(lambda: len(desk.texts()) == 7)
    expect(page.locator(".editor-saved")).to_have_text("All saved")
    press(page, *["Control+z"] * 8)
    desk.until(lambda: desk.texts() == [f"Words of segment {number}." for number in range(1, 9)])
    press(page, *["Control+Shift+Z"] * 8)
    desk.until(lambda: len(desk.texts()) == 7)
    assert desk.now().made_by == desk.coder_id


def test_the_places_to_check_come_one_after_the_other_until_none_is_left(desk: Desk) -> None:
    page = desk.open()
    expect(page.get_by_role("tab", name="To check")).to_contain_text("2")
    press(page, "d")
    assert chosen(page) == "s-0003"
    press(page, "c")
    desk.until(lambda: "confirmed" in desk.now().segments[2].flags)
    press(page, "d")
    assert chosen(page) == "s-0006"
    press(page, "Enter")
    page.locator("textarea").fill("Two at once.")
    press(page, "Enter", "c")
    expect(page.get_by_text("Nothing is left to check.")).to_be_visible()


def test_words_are_found_and_replaced_everywhere(desk: Desk) -> None:
    page = desk.open()
    press(page, "Control+f")
    page.keyboard.type("segment")
    expect(page.get_by_text("8 found")).to_be_visible()
    press(page, "Enter", "Enter")
    expect(page.get_by_text("2 of 8")).to_be_visible()
    assert chosen(page) == "s-0002"
    page.get_by_label("Replace with").fill("piece")
    page.get_by_role("button", name="Replace all 8").click()
    desk.until(lambda: desk.texts()[7] == "Words of piece 8.")
    expect(page.get_by_text("Not found")).to_be_visible()


def test_voices_get_roles_and_can_be_swapped_from_here_on(desk: Desk) -> None:
    page = desk.open()
    page.get_by_role("tab", name="Voices").click()
    page.get_by_label("Who is Voice S2?").select_option("client_2")
    desk.until(lambda: desk.now().speakers["S2"] == "client_2")
    page.locator(".row").nth(4).click()
    page.get_by_role("button", name="Swap them from the chosen segment on").click()
    desk.until(
        lambda: (
            [each.speaker for each in desk.now().segments] == ["S1", "S2", "S1", "S2", "S2", "S1", "S2", "S1"]
        )
    )
    page.get_by_role("button", name="Add a voice").click()
    desk.until(lambda: list(desk.now().speakers) == ["S1", "S2", "S3"])
    page.locator(".row").first.click()
    press(page, "Alt+3")
    desk.until(lambda: [each.speaker for each in desk.now().segments].count("S3") == 4)


def test_what_the_server_did_not_get_is_kept_over_a_reload_and_sent_later(desk: Desk) -> None:
    page = desk.open()
    desk.context.route("**/edits", lambda route: route.abort())
    press(page, "Enter")
    page.locator("textarea").fill("Not lost.")
    press(page, "Enter")
    expect(page.get_by_text("Not saved yet: one step waits")).to_be_visible()
    assert desk.texts()[0] == "Words of segment 1."
    desk.context.unroute("**/edits")
    page.reload()
    desk.until(lambda: desk.texts()[0] == "Not lost.")
    expect(page.locator(".row").first).to_contain_text("Not lost.")


def test_two_people_at_once_do_not_write_over_each_other(desk: Desk) -> None:
    ben = study.add_coder(desk.app, desk.study_id, "Observer B")
    mine, theirs = desk.open(), desk.open(ben.id)
    press(theirs, "Enter")
    theirs.locator("textarea").fill("Theirs.")
    press(theirs, "Enter")
    desk.until(lambda: desk.texts()[0] == "Theirs.")
    press(mine, "Enter")
    mine.locator("textarea").fill("Mine.")
    press(mine, "Enter")
    expect(mine.get_by_text("Somebody else has changed this transcript since")).to_be_visible()
    assert desk.texts()[0] == "Theirs."
    mine.get_by_role("button", name="Load it again").click()
    expect(mine.locator(".row").first).to_contain_text("Theirs.")


def test_an_older_revision_can_be_read_and_made_the_newest_again(desk: Desk) -> None:
    page = desk.open()
    press(page, "Delete")
    desk.until(lambda: len(desk.texts()) == 7)
    page.get_by_role("tab", name="Revisions").click()
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_text("You are reading revision 1")).to_be_visible()
    expect(page.locator(".row")).to_have_count(8)
    press(page, "Delete")
    page.get_by_role("button", name="Go back to this one").click()
    desk.until(lambda: len(desk.texts()) == 8)
    expect(page.get_by_text("You are reading")).to_be_hidden()
    assert desk.now().revision == 3


def test_on_a_coded_transcript_the_editor_says_what_a_change_means(desk: Desk) -> None:
    code_session.open_pass(desk.app, desk.recording_id, desk.coder_id)
    page = desk.open()
    expect(page.get_by_text("moves no judgement")).to_be_visible()


def test_everybody_can_use_it(desk: Desk) -> None:
    page = desk.open()
    found = faults(page, "editor")
    for name in ("Voices", "Find", "Revisions"):
        page.get_by_role("tab", name=name).click()
        found += faults(page, name)
    press(page, "?")
    assert found == []
