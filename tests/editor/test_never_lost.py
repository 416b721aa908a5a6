"""What a person wrote in the editor is never lost: without a server, beside others, next to a step that fails."""

import pytest
from playwright.sync_api import Page, expect

from coding_app.workflows import study
from tests.editor.conftest import Desk

pytestmark = pytest.mark.browser


def write(page: Page, text: str) -> None:
    page.keyboard.press("Enter")
    page.locator("textarea").fill(text)
    page.keyboard.press("Enter")


def cut_off(desk: Desk) -> None:
    desk.context.route("**/edits", lambda route: route.abort())


def test_words_written_without_a_server_stand_in_the_list_and_are_marked_as_waiting(desk: Desk) -> None:
    page = desk.open()
    cut_off(desk)
    write(page, "Not lost.")
    row = page.locator(".row").first
    expect(row).to_contain_text("Not lost.")
    expect(row).to_contain_text("waits")
    page.keyboard.press("Enter")
    expect(page.locator("textarea")).to_have_value("Not lost.")
    page.keyboard.press("End")
    page.keyboard.type(" Nor this.")
    page.keyboard.press("Enter")
    desk.context.unroute("**/edits")
    desk.until(lambda: desk.texts()[0] == "Not lost. Nor this.")
    expect(row).not_to_contain_text("waits")


def test_a_step_that_cannot_be_made_takes_no_other_with_it(desk: Desk) -> None:
    page = desk.open()
    cut_off(desk)
    write(page, "Not lost.")
    page.keyboard.press("m")
    page.keyboard.press("m")  # the same two once more: nothing seemed to happen
    page.keyboard.press("End")
    write(page, "Nor this.")
    expect(page.get_by_text("4 steps wait")).to_be_visible()
    desk.context.unroute("**/edits")
    desk.until(lambda: desk.texts()[-1] == "Nor this.")
    assert desk.texts()[0] == "Not lost. Words of segment 2."
    assert len(desk.texts()) == 7


def test_what_waits_is_sent_in_the_name_of_the_one_who_wrote_it(desk: Desk) -> None:
    ben = study.add_coder(desk.app, desk.study_id, "Observer B")
    page = desk.open()
    cut_off(desk)
    write(page, "Mine.")
    expect(page.get_by_text("one step waits")).to_be_visible()
    page.close()
    desk.context.unroute("**/edits")
    theirs = desk.open(ben.id)
    expect(theirs.locator(".row").first).to_contain_text("Words of segment 1.")
    write(theirs, "Theirs.")
    desk.until(lambda: desk.texts()[0] == "Theirs.")
    assert desk.now().made_by == ben.id
    theirs.close()
    mine = desk.open()  # what waited was made on a revision that is not the newest any more
    expect(mine.get_by_text("Somebody else has changed this transcript since")).to_be_visible()
    assert desk.texts()[0] == "Theirs."


def test_words_that_came_too_late_can_be_put_in_after_the_other_persons_were_read(desk: Desk) -> None:
    ben = study.add_coder(desk.app, desk.study_id, "Observer B")
    mine, theirs = desk.open(), desk.open(ben.id)
    write(theirs, "Theirs.")
    desk.until(lambda: desk.texts()[0] == "Theirs.")
    mine.keyboard.press("ArrowDown")
    write(mine, "Mine.")
    mine.get_by_role("button", name="Load it again").press("Enter")
    expect(mine.locator(".row").first).to_contain_text("Theirs.")
    expect(mine.get_by_text("What you wrote meanwhile is not in it: 0:04 “Mine.”")).to_be_visible()
    mine.get_by_role("button", name="Put it in").press("Enter")
    desk.until(lambda: desk.texts()[:2] == ["Theirs.", "Mine."])
