"""Links, remarks, evidence, repeating and blocks in Chromium: by key alone, and with the mouse."""

import pytest
from playwright.sync_api import Page, expect

from coding_app.domain.coding import AppliedCode, Judgement
from tests.workbench.conftest import Bench

pytestmark = pytest.mark.browser


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def codes(bench: Bench, unit: str, criterion: str) -> tuple[AppliedCode, ...]:
    held = bench.judgement(unit, criterion)
    return held.codes if held else ()


LINK, FLAG, UNCERTAIN, RATE_BLOCK = "Shift+Digit7", "Shift+Digit1", "Shift+Digit8", "Shift+Digit3"


def test_a_repair_is_linked_to_a_rupture_by_key_and_by_mouse_and_taken_off_again(bench: Bench) -> None:
    page = bench.ready()
    keys(page, "ArrowDown", "w", "ArrowDown", "ArrowDown", "w", "ArrowDown", "r")
    bench.until(lambda: len(codes(bench, "s-0005", "repair")) == 1)
    keys(page, LINK)
    expect(page.locator(".link-option")).to_have_count(3)
    expect(page.locator(".link-option[aria-current=true]")).to_contain_text("Client withdrawal at 0:12")
    keys(page, "ArrowDown")
    expect(page.locator(".voice")).to_have_text("Client withdrawal at 0:04")
    keys(page, "Enter", LINK, "1")
    bench.until(lambda: codes(bench, "s-0005", "repair")[0].links == ("s-0002", "s-0004"))
    keys(page, LINK, "Escape", "z")
    bench.until(lambda: codes(bench, "s-0005", "repair")[0].links == ("s-0002",))
    page.locator(".links").get_by_role("button", name="Link", exact=True).click()
    page.locator(".link-option", has_text="an earlier session").click()
    bench.until(lambda: codes(bench, "s-0005", "repair")[0].links == ("s-0002", "earlier_session"))
    page.get_by_role("button", name="Remove the link to an earlier session").click()
    bench.until(lambda: codes(bench, "s-0005", "repair")[0].links == ("s-0002",))
    page.locator(".link-go", has_text="Client withdrawal at 0:04").click()
    expect(page.locator(".row[aria-selected=true]")).to_contain_text("Words of segment 2.")
    keys(page, LINK)
    expect(page.locator(".voice")).to_contain_text("None of the codes here can be linked")


def remark(bench: Bench, unit: str) -> Judgement | None:
    return bench.judgement(unit, "remark")


def test_flag_doubt_and_note_are_set_and_taken_off_on_segments_and_on_the_session(bench: Bench) -> None:
    page = bench.ready()
    keys(page, FLAG, UNCERTAIN, "'")
    page.keyboard.insert_text("Ask again z e")
    keys(page, "Shift+Enter")
    page.keyboard.insert_text("in the team")
    keys(page, "Enter")
    bench.until(lambda: (held := remark(bench, "s-0001")) is not None and held.note is not None)
    held = remark(bench, "s-0001")
    assert held is not None
    assert held.note == "Ask again z e\nin the team"
    assert [each.code for each in held.codes] == ["flag", "uncertain"]
    expect(page.locator(".segment-box .note")).to_contain_text("in the team")
    keys(page, FLAG, "'")
    page.keyboard.insert_text("gone")
    keys(page, "Escape")
    bench.until(lambda: (h := remark(bench, "s-0001")) is not None and len(h.codes) == 1)
    assert remark(bench, "s-0001").note.startswith("Ask again")  # type: ignore[union-attr]
    page.get_by_role("tab", name="Session").click()
    page.locator("[data-unit=session] [data-remark=flag]").click()
    page.locator("[data-unit=session] [data-remark=note]").click()
    page.keyboard.insert_text("A good session")
    page.locator("[data-rating=bond] .step").nth(4).click()
    bench.until(lambda: (h := remark(bench, "session")) is not None and h.note == "A good session")
    assert bench.judgement("s-0001", "empathy") is None


def test_moments_are_attached_to_the_rating_that_is_worked_on(bench: Bench) -> None:
    page = bench.ready()
    keys(page, '"')
    expect(page.locator(".voice")).to_contain_text("Choose a rating first")
    keys(page, "ArrowDown", "w")
    page.get_by_role("tab", name="Session").click()
    bond = page.locator("[data-rating=bond]")
    bond.locator(".step[data-start]").focus()
    keys(page, "6")
    expect(bond).to_contain_text("no moment attached")
    expect(bond.locator(".anchors dl")).to_be_visible()
    keys(page, '"', "ArrowRight")
    bench.until(lambda: codes(bench, "session", "bond") == (AppliedCode("evidence", {}, ("s-0002",)),))
    keys(page, "5")
    bench.until(lambda: (held := bench.judgement("session", "bond")) is not None and held.value == 5)
    assert codes(bench, "session", "bond")[0].links == ("s-0002",)
    bond.locator(".link-go").click()
    expect(page.locator(".row[aria-selected=true]")).to_contain_text("Words of segment 2.")
    expect(page.get_by_role("tab", name="Session")).to_have_attribute("aria-selected", "true")
    bond.get_by_role("button", name="Detach").click()
    bench.until(lambda: codes(bench, "session", "bond") == ())
    assert bench.judgement("session", "bond").value == 5  # type: ignore[union-attr]


def test_the_last_code_is_repeated_with_its_answers_and_several_segments_are_coded_at_once(
    bench: Bench,
) -> None:
    page = bench.ready()
    keys(page, "e", "2", "ArrowDown", "ArrowDown", ";")
    bench.until(lambda: codes(bench, "s-0003", "empathy") == (AppliedCode("emp_t_convey", {"intensity": 2}),))
    keys(page, "ArrowDown", "ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown")
    expect(page.locator(".segment-box")).to_contain_text("3 segments")
    keys(page, "m", "3")
    bench.until(lambda: codes(bench, "s-0007", "empathy") == (AppliedCode("emp_t_miss", {"intensity": 3}),))
    assert codes(bench, "s-0005", "empathy") == codes(bench, "s-0007", "empathy")
    expect(page.locator(".segment-box")).to_contain_text("on 2 of 3")
    page.locator(".segment-box [data-remove]").click()
    bench.until(lambda: codes(bench, "s-0007", "empathy") == codes(bench, "s-0005", "empathy") == ())
    keys(page, "z")
    bench.until(lambda: len(codes(bench, "s-0007", "empathy")) == len(codes(bench, "s-0005", "empathy")) == 1)


@pytest.mark.parametrize("bench", [{"segments": 80, "scheme": "session-flow"}], indirect=True)
def test_a_block_that_ends_while_playing_offers_its_rating_and_one_key_opens_it(bench: Bench) -> None:
    page = bench.ready()
    page.locator(".overview").click(position={"x": 10, "y": 10})
    page.evaluate("""() => {
      const media = document.getElementById("host").shadowRoot.querySelector(".media");
      media.currentTime = 299;
    }""")
    keys(page, " ")
    expect(page.locator(".block-banner")).to_be_visible()
    expect(page.locator(".block-banner")).to_contain_text("Block 1 has ended")
    keys(page, RATE_BLOCK, "3")
    bench.until(lambda: (held := bench.judgement("b-0001", "involvement")) is not None and held.value == 3)
    expect(page.locator(".block-banner")).to_be_hidden()
    keys(page, "Escape")
    expect(page.get_by_role("tab", name="Tag")).to_have_attribute("aria-selected", "true")


def test_the_reaction_time_is_measured_with_tones_and_too_few_answers_are_told(bench: Bench) -> None:
    page = bench.ready()
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("button", name="Measure …").click()
    dialog = page.get_by_role("dialog", name="Your reaction time")
    dialog.get_by_role("button", name="Start").click()
    expect(dialog).to_contain_text("Tone 1 of 20")
    keys(page, " ")
    dialog.get_by_role("button", name="Stop here").click()
    expect(dialog).to_contain_text("of 20 tones were answered")
    dialog.get_by_role("button", name="Close").click()
    keys(page, "e")
    bench.until(lambda: bench.n_rows() == 1)
