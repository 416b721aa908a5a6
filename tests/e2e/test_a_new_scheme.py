"""A researcher writes a scheme in the browser, mends a fault, saves it, codes with it and opens its manual."""

import re
import wave
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from coding_app.settings import read_settings
from coding_app.store import events, passes, transcripts
from coding_app.workflows import overview
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.wiring import open_app
from tests.builders import a_transcript
from tests.e2e.server import Server, a_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STUDY, TITLE = "Warmth pilot", "Warmth in talk"
CODES = {
    "Shows warmth": ("w", "positive", "The therapist's voice or words show liking."),
    "Turns cold": ("c", "negative", "The therapist becomes curt or flat."),
}


def settled(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def part(page: Page, name: str, word: str) -> None:
    """Opens a part of the form and waits for its fields: what is filled in earlier would go with the part before."""
    settled(page)
    page.get_by_test_id("stMain").get_by_role("radio", name=name, exact=True).click()
    expect(page.get_by_role("button", name=f"Add this {word}")).to_be_visible()
    settled(page)


def choose(page: Page, chooser: str, option: str) -> None:
    page.get_by_test_id("stMain").get_by_role("combobox", name=chooser).click()
    page.get_by_role("option", name=option).click()


def begin(page: Page) -> None:
    page.get_by_role("link", name="Scheme editor").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    expect(page.get_by_text("neither criteria nor ratings")).to_be_visible()


def write_by_form(page: Page) -> None:
    part(page, "Criteria", "criterion")
    page.get_by_label("Question or theme").fill("Warmth")
    page.get_by_role("button", name="Add this criterion").click()
    expect(page.get_by_text("the criterion 'warmth' has no code")).to_be_visible()
    for name, (key, valence, definition) in CODES.items():
        part(page, "Codes", "code")
        page.get_by_label("Name", exact=True).fill(name)
        choose(page, "It is", valence)
        page.get_by_label("Key", exact=True).fill(key)
        page.get_by_label("What an observer hears or sees").fill(definition)
        page.get_by_label("Code it when (one per line)", exact=True).fill(
            "A smile that can be heard.\nNames what is liked."
        )
        page.get_by_label("Do not code it when (one per line)", exact=True).fill("Politeness alone.")
        page.get_by_label("Examples (one per line)").fill("Therapist: I am glad that you came.")
        page.get_by_label("What is said").first.fill("Therapist: Nice weather.")
        page.get_by_label("Why it is not").first.fill("Small talk.")
        page.get_by_role("button", name="Add this code").click()
        expect(page.locator(".preview .code", has_text=name)).to_be_visible()
    part(page, "Ratings", "rating")
    page.get_by_label("Name", exact=True).fill("Overall warmth")
    page.get_by_label("Question", exact=True).fill("How warm was the therapist?")
    choose(page, "Of each", "Session")
    choose(page, "Scale", "amount")
    page.get_by_role("button", name="Add this rating").click()
    expect(page.locator(".preview .code", has_text="Overall warmth")).to_be_visible()
    expect(page.get_by_text("No fault found.")).to_be_visible()


def break_and_mend_the_text(page: Page) -> None:
    """The hotkey of the first code becomes one of the player's; the editor says in which line."""
    page.get_by_role("tab", name="Text").click()
    text = page.get_by_label("Text of the scheme")
    good = text.input_value()
    text.fill(good.replace("key: w", 'key: "1"'))
    line = good[: good.index("key: w")].count("\n") + 1
    fault = page.locator(".faults button")
    expect(fault).to_have_text(re.compile(rf"Line {line}.*belongs to the player; choose another"))
    expect(page.get_by_role("button", name="Save as 0.1.0")).to_be_hidden()
    fault.click()
    assert (
        text.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)").strip()
        == 'key: "1"'
    )
    text.fill(good)
    expect(page.get_by_text("No fault found.")).to_be_visible()


def save_and_make_a_study(page: Page) -> None:
    page.get_by_role("button", name="Save as 0.1.0").click()
    expect(page.get_by_text("Saved as version 0.1.0.")).to_be_visible()
    page.get_by_role("button", name="Make a study with it").click()
    page.get_by_label("Title of the study").fill(STUDY)
    page.get_by_role("button", name="Make the study").click()
    expect(page.get_by_role("heading", level=1, name=STUDY)).to_be_visible()
    expect(page.get_by_role("button", name=f"{TITLE} (0.1.0)")).to_be_visible()
    page.get_by_role("button", name="Add observer").click()
    page.get_by_role("textbox", name="Name").fill("Observer A")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("")
    page.keyboard.press("Escape")


def given_a_recording(server: Server, folder: Path) -> None:
    sound = folder / "session.wav"
    with wave.open(str(sound), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8_000)
        out.writeframes(bytes(2 * 8_000 * 12))
    with open_app(read_settings({}, server.data_dir)) as app:
        (study,) = overview.studies(app)
        recording = add_file(app, study.id, sound, label="C-1")
        with app.store.write() as tx:
            transcripts.add_transcript(tx, a_transcript(recording.id, 3, duration_ms=recording.duration_ms))


def code_with_it(page: Page) -> None:
    page.get_by_role("link", name="Code", exact=True).click()
    page.get_by_role("button", name="Begin coding").click()
    expect(page.locator(".row[aria-selected=true]")).to_be_visible()
    page.keyboard.press("w")
    expect(page.locator(".row[aria-selected=true]")).to_contain_text("Shows warmth")
    page.keyboard.press(":")
    pane = page.locator(".codebook")
    expect(pane).to_contain_text("A smile that can be heard.")
    pane.locator('[data-place="code:shows_warmth/near_misses/0"] .codebook-star').click()
    expect(pane.locator(".codebook-marks")).to_contain_text("Nice weather.")
    page.keyboard.press("End")
    page.keyboard.press("c")
    expect(pane).to_contain_text("curt or flat")
    page.get_by_role("tab", name="Session").click()
    page.locator("[role=radiogroup]").get_by_role("radio").nth(3).click()
    expect(pane).to_contain_text("How warm was the therapist?")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def codes_kept(server: Server) -> set[str]:
    with open_app(read_settings({}, server.data_dir)) as app, app.store.read() as tx:
        (made,) = passes.list_passes(tx)
        assert (made.scheme_id, made.scheme_version) == ("warmth-in-talk", "0.1.0")
        held = events.judgements(tx, made.id).values()
    return {applied.code for each in held for applied in each.codes}


def open_the_manual(page: Page, server: Server) -> None:
    page.get_by_role("button", name="All recordings").click()
    page.get_by_role("link", name="Codebook").click()
    expect(page.get_by_text("The therapist becomes curt or flat.")).to_be_visible()
    page.get_by_role("tab", name="Bookmarks").click()
    expect(page.get_by_text("Shows warmth: Therapist: Nice weather.")).to_be_visible()
    upload(page, server, server.data_dir.parent)
    page.goto(f"{server.url}/codebook?scheme=warmth-in-talk")
    page.get_by_role("button", name="Manual").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="As HTML").click()
    manual = server.data_dir.parent / download.value.suggested_filename
    download.value.save_as(manual)
    with page.expect_download() as download:
        page.get_by_role("button", name="As PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    page.goto(manual.as_uri())
    assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF-"), "a browser prints it"
    expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    page.get_by_role("link", name="Turns cold").click()
    expect(page.locator("#code-turns_cold")).to_be_in_viewport()
    expect(page.locator("#crib")).to_contain_text("Shows warmth")


def upload(page: Page, server: Server, folder: Path) -> None:
    """A file with a fault is refused with its line; the same without it is kept."""
    text = (server.data_dir / "schemes" / "warmth-in-talk-0.1.0.yaml").read_text("utf-8")
    text = text.replace("id: warmth-in-talk", "id: sent-by-mail", 1)
    page.get_by_role("button", name="Upload").click()
    field = page.locator("input[type=file]")
    for name, content in (("faulty", text.replace("key: w", "key: z")), ("good", text)):
        (folder / f"{name}.yaml").write_text(content, "utf-8")
        field.set_input_files(folder / f"{name}.yaml")
        if name == "faulty":
            expect(page.get_by_text("belongs to the player")).to_be_visible()
            expect(page.get_by_role("button", name="Keep it here")).to_have_count(0)
            page.get_by_role("button", name=re.compile("^Remove")).click()
            expect(page.get_by_text("belongs to the player")).to_have_count(0)
            settled(page)
    page.get_by_role("button", name="Keep it here").click()
    expect(page).to_have_url(re.compile("scheme=sent-by-mail"))
    assert (server.data_dir / "schemes" / "sent-by-mail-0.1.0.yaml").read_text("utf-8") == text


def test_a_scheme_written_in_the_browser_is_checked_saved_coded_with_and_printed(
    tmp_path: Path, chromium: Browser
) -> None:
    with a_server(tmp_path / "data") as server:
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(60_000)
        page.goto(server.url)
        begin(page)
        write_by_form(page)
        break_and_mend_the_text(page)
        save_and_make_a_study(page)
        given_a_recording(server, tmp_path)
        code_with_it(page)
        assert codes_kept(server) == {"shows_warmth", "turns_cold"}
        open_the_manual(page, server)
        page.close()
