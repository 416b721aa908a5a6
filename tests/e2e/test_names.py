"""Names replaced as a person does: looked at, heard, replaced, taken back, used again in the next session, silent."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from coding_app.domain.consent import Use
from coding_app.domain.session_details import SessionDetails
from coding_app.settings import read_settings
from coding_app.store import silences, transcripts
from coding_app.workflows import study, therapy_sessions
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.wiring import open_app
from tests.builders import a_transcript
from tests.domain.test_names import said
from tests.e2e.server import a_server
from tests.e2e.test_recordings_page import faults
from tests.e2e.test_whole_path import choose, settled
from tests.media.recordings import a_recording
from tests.media.test_peaks_and_clips import samples_of

pytestmark = pytest.mark.browser
SAID = ("So I told Anna Müller it", "Mhm, and Peter said that?", "anna, yes, Anna did, in Quito")


def given_two_sessions(tmp_path: Path, data: Path) -> str:
    """Of one case, with the same words; clips of the first may be shown. Returns the first recording's id."""
    first = ""
    with open_app(read_settings({}, data)) as app:
        made = study.create_study(app, "Alliance", "alliance-core")
        study.add_coder(app, made.id, "Ruth")
        for number in (1, 2):
            source = a_recording(tmp_path / f"{number}.{('wav', 'ogg')[number - 1]}")
            details = SessionDetails("C-1", number)
            recording = add_file(app, made.id, source, label=f"C-1-{number}", details=details)
            first = first or recording.id
            with app.store.write() as tx:
                transcripts.add_transcript(tx, a_transcript(recording.id, segments=said(*SAID)))
            if number == 1:
                therapy_sessions.note_consent(app, made.id, recording.session_id, Use.CLIPS, given=True)
    return first


def show(page: Page, session: str) -> None:
    settled(page)  # a list that opens while the page is drawn anew is shut again
    page.get_by_test_id("stMain").get_by_role("combobox").first.click()
    page.get_by_role("option", name=session).click()
    settled(page)


def review(page: Page, name: str) -> None:
    row = page.locator("[class*='st-key-row-']").filter(has=page.get_by_text(name, exact=True))
    row.get_by_role("button", name="Review").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def replace(page: Page, n: int) -> None:
    where = "1 place" if n == 1 else f"{n} places"
    page.get_by_role("button", name=f"Replace in {where}").click()
    expect(page.get_by_test_id("stAlert").filter(has_text=f"Replaced in {where}")).to_be_visible()
    settled(page)


def test_names_are_replaced_in_one_session_and_by_one_button_in_the_next_and_are_silent_in_a_clip(
    tmp_path: Path, chromium: Browser
) -> None:
    data = tmp_path / "data"
    first = given_two_sessions(tmp_path, data)
    with a_server(data) as server:
        page = chromium.new_page(viewport={"width": 1280, "height": 1000}, accept_downloads=True)
        page.goto(f"{server.url}/names")
        choose(page, "Observer", "Ruth")
        show(page, "C-1-1")
        assert faults(page) == []

        review(page, "Anna Müller")
        page.get_by_role("button", name="Play").first.click()
        expect(page.locator("audio")).to_have_count(1)
        assert faults(page) == []
        replace(page, 1)
        expect(page.get_by_text("0:01.8–0:03.4")).to_be_visible()  # what is silent now
        page.get_by_role("button", name="Undo").click()
        expect(
            page.get_by_text("Known in this case")
        ).to_be_visible()  # the words are back, and what they stood for
        review(page, "[Name 1]")
        replace(page, 1)

        review(page, "Anna")
        expect(page.get_by_text("Replace in 1 place")).to_be_visible()  # "anna" may be another word
        page.get_by_role("checkbox", name="Replace here").first.check(force=True)
        page.get_by_role("combobox", name="What stands for it").click()
        page.get_by_role("option", name="[Name 1]").click()
        replace(page, 2)
        review(page, "Peter")
        page.get_by_role("button", name="Not a name").click()
        expect(page.get_by_text("Peter", exact=True)).to_have_count(0)
        page.get_by_label("A name or place that is not in the list").fill("quito")
        page.get_by_role("button", name="Look for it").click()
        page.get_by_role("checkbox", name="Replace here").check(force=True)
        page.get_by_role("combobox", name="What stands for it").fill("Lima")
        page.keyboard.press("Enter")
        replace(page, 1)
        page.get_by_role("button", name="Remove earlier words").click()
        page.get_by_role("button", name="Remove for good").click()
        expect(page.get_by_text("No earlier revision or step of editing")).to_be_visible()

        show(page, "C-1-2")
        page.get_by_role("button", name="Replace all of these in 3 places").click()
        expect(page.get_by_test_id("stAlert").filter(has_text="Replaced in 3 places")).to_be_visible()

        clip = save_a_clip(page, server.url)
    with open_app(read_settings({}, data)) as app, app.store.read() as tx:
        transcript = transcripts.current_transcript(tx, first)
        assert transcript is not None
        assert [each.text for each in transcript.segments] == [
            "So I told [Name 1] it", "Mhm, and Peter said that?", "[Name 1], yes, [Name 1] did, in Lima",
        ]  # fmt: skip
        spans = silences.list_silences(tx, first)
    assert len(spans) == 4
    samples, rate_hz = samples_of(clip)
    for each in spans[:3]:  # the fourth lies after the clip
        assert not samples[
            (each.start_ms - 1_000) * rate_hz // 1000 : (each.end_ms - 1_000) * rate_hz // 1000
        ].any()
    assert samples.any()


def save_a_clip(page: Page, url: str) -> bytes:
    """From 0:01 to 0:11 of the first recording; the second may not be shown."""
    page.goto(f"{url}/recordings")
    show(page, "C-1-2")
    page.get_by_text("Save a clip").click()
    expect(page.get_by_text("no consent to it is noted")).to_be_visible()
    show(page, "C-1-1")
    page.get_by_role("textbox", name="From").fill("0:01")
    page.get_by_role("textbox", name="To", exact=True).fill("0:00")
    page.keyboard.press("Tab")
    expect(page.get_by_text("The stretch ends before it begins")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("textbox", name="To", exact=True).fill("0:13")
    page.keyboard.press("Tab")
    expect(page.get_by_text("The clip would end after the recording, which is 0:12 long")).to_be_visible()
    expect(page.get_by_role("button", name="Save the clip")).to_be_disabled()
    page.get_by_role("textbox", name="To", exact=True).fill("0:11")
    page.keyboard.press("Tab")
    expect(page.get_by_text("3 stretches with a name in it will be silent.")).to_be_visible()
    assert faults(page) == []
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the clip").click()
    assert saved.value.suggested_filename == "clip-1000-11000.wav"
    return Path(saved.value.path()).read_bytes()
