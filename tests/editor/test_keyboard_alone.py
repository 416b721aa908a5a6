"""The pages beside the list with the keyboard alone: the focus is always somewhere, and always to be seen."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.editor.conftest import Desk
from tests.workbench.test_accessibility import DARK, faults

pytestmark = pytest.mark.browser

FOCUS = """() => {
  const at = document.getElementById("host").shadowRoot.activeElement;
  if (!at) return null;
  const seen = [at, at.closest(".transcript")].some((each) => {
    const style = each && getComputedStyle(each);
    const lined = style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    return lined || (style && style.boxShadow !== "none");
  });
  return {name: at.getAttribute("aria-label") ?? at.textContent, tag: at.tagName, seen};
}"""


def focus(page: Page) -> dict[str, Any]:
    found: dict[str, Any] | None = page.evaluate(FOCUS)
    assert found is not None, "nothing has the focus"
    return found


def tab_to(page: Page, name: str) -> None:
    """Tab until the control with this name has the focus; every stop on the way can be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUS)
        if now:
            assert now["seen"], now
        if now and name in now["name"]:
            return
    raise AssertionError(f"Tab never comes to {name}")


def speakers(desk: Desk) -> list[str | None]:
    return [each.speaker for each in desk.now().segments]


def test_a_voice_gets_its_role_and_the_focus_stays_on_the_choice(desk: Desk) -> None:
    page = desk.open()
    tab_to(page, "To check")
    page.keyboard.press("ArrowRight")
    tab_to(page, "Who is Voice S2?")
    page.keyboard.press("s")  # "Second therapist", by its letter
    desk.until(lambda: desk.now().speakers["S2"] == "therapist_2")
    expect(page.locator(".row").nth(1)).to_contain_text("Second therapist")
    assert focus(page)["name"] == "Who is Voice S2?"
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    assert page.locator(".row[aria-selected=true]").get_attribute("data-key") == "s-0002"


def test_any_two_of_three_voices_are_swapped_or_put_together(desk: Desk) -> None:
    page = desk.open()
    page.get_by_role("tab", name="Voices").press("Enter")
    page.get_by_role("button", name="Add a voice").press("Enter")
    desk.until(lambda: list(desk.now().speakers) == ["S1", "S2", "S3"])
    page.locator(".rows").focus()
    page.keyboard.press("3")
    desk.until(lambda: speakers(desk)[0] == "S3")
    page.get_by_label("One voice").select_option("S2")
    page.get_by_label("The other voice").select_option("S3")
    page.locator(".rows").focus()
    page.keyboard.press("Home")
    page.get_by_role("button", name="Swap them from the chosen segment on").press("Enter")
    desk.until(lambda: speakers(desk)[:4] == ["S2", "S3", "S1", "S3"])
    page.get_by_role("button", name="Swap them everywhere").press("Enter")
    desk.until(lambda: speakers(desk)[:4] == ["S3", "S2", "S1", "S2"])
    page.get_by_role("button", name="Put them together").press("Enter")
    desk.until(lambda: list(desk.now().speakers) == ["S1", "S2"])
    assert speakers(desk)[:4] == ["S2", "S2", "S1", "S2"]
    assert focus(page)["seen"]


def test_places_are_ticked_off_one_after_the_other_without_losing_the_place(desk: Desk) -> None:
    page = desk.open()
    tab_to(page, "Right as it is")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="To check")).to_contain_text("1")
    assert "Right as it is" in focus(page)["name"]
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing is left to check.")).to_be_visible()
    focus(page)


def test_after_replacing_everything_one_can_go_on_in_the_field(desk: Desk) -> None:
    page = desk.open()
    page.keyboard.press("Control+f")
    page.keyboard.type("segment")
    page.keyboard.press("Tab")
    page.keyboard.type("piece")
    tab_to(page, "Replace all 8")
    page.keyboard.press("Enter")
    desk.until(lambda: desk.texts()[0] == "Words of piece 1.")
    expect(page.get_by_text("Not found")).to_be_visible()
    assert focus(page)["tag"] == "INPUT"
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    assert page.locator(".row[aria-selected=true]").get_attribute("data-key") == "s-0002"


def test_revisions_are_read_and_left_again_without_a_mouse(desk: Desk) -> None:
    page = desk.open()
    page.keyboard.press("Delete")
    desk.until(lambda: len(desk.texts()) == 7)
    tab_to(page, "To check")
    page.keyboard.press("ArrowLeft")
    tab_to(page, "Read it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are reading revision 1")).to_be_visible()
    tab_to(page, "Back to the newest")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are reading")).to_be_hidden()
    focus(page)


def test_escape_closes_the_list_of_keys_and_every_key_in_it_works_from_there_on(desk: Desk) -> None:
    page = desk.open()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    assert page.locator(".row[aria-selected=true]").get_attribute("data-key") == "s-0002"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_any_page_of_the_editor_while_it_is_used(desk: Desk, dark: bool) -> None:
    page = desk.open()
    if dark:
        page.evaluate(
            "(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
            " document.adoptedStyleSheets = [sheet];"
            " document.getElementById('host').shadowRoot.adoptedStyleSheets = [sheet]; }",
            DARK,
        )
    found = []
    for name in ("To check", "Voices", "Find", "Revisions"):
        page.get_by_role("tab", name=name).click()
        found += faults(page, name)
    page.keyboard.press("Control+f")
    page.keyboard.type("segment")
    page.keyboard.press("Enter")
    found += faults(page, "found")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    found += faults(page, "keys")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    found += faults(page, "writing")
    assert found == []
