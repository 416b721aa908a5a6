"""A lead opens a submitted coding again in the browser; its observer reads why, changes it and submits once more."""

import re
import wave
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from coding_app.domain.coding import CodingPass
from coding_app.settings import read_settings
from coding_app.store import events, passes, recordings, transcripts
from coding_app.workflows import code_session, study
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.wiring import App, open_app
from tests.builders import a_transcript, an_id
from tests.e2e.server import a_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECONDS, WHY = 12, "Coded with an older codebook"


def settled(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def open_page(page: Page, title: str) -> None:
    settled(page)
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    settled(page)


def be(page: Page, observer: str) -> None:
    settled(page)
    page.get_by_role("combobox", name="Observer").click()
    page.get_by_role("option", name=observer, exact=True).click()
    settled(page)


def a_submitted_pass(app: App, recording_id: str, coder_id: str) -> CodingPass:
    opened = code_session.open_pass(app, recording_id, coder_id)
    with app.store.read() as tx:
        duration_ms = recordings.get_recording(tx, recording_id).duration_ms
    for rating in ("strain", "bond", "goal", "task"):
        unit = {"key": "b-0001" if rating == "strain" else "session", "start_ms": 0, "end_ms": duration_ms}
        event = {
            "id": an_id(), "pass_id": opened.id, "unit": unit, "criterion": rating, "codes": [], "value": 2,
            "note": None, "at": "2026-11-22T10:31:02.123Z",
        }  # fmt: skip
        code_session.record(app, opened.id, [event])
    return code_session.submit(app, opened.id)


def given_two_codings(data_dir: Path) -> CodingPass:
    """A recording that two observers have submitted; Observer B's pass."""
    sound = data_dir.parent / "session.wav"
    with wave.open(str(sound), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8_000)
        out.writeframes(bytes(2 * 8_000 * SECONDS))
    with open_app(read_settings({}, data_dir)) as app:
        made = study.create_study(app, "Reopened")
        coders = [study.add_coder(app, made.id, name) for name in ("Observer A", "Observer B")]
        recording = add_file(app, made.id, sound, label="C-1")
        with app.store.write() as tx:
            transcripts.add_transcript(tx, a_transcript(recording.id, 3, duration_ms=recording.duration_ms))
        return [a_submitted_pass(app, recording.id, each.id) for each in coders][1]


def test_a_coding_that_a_lead_opened_again_is_changed_submitted_and_marked(
    tmp_path: Path, chromium: Browser
) -> None:
    theirs = given_two_codings(tmp_path / "data")
    with a_server(tmp_path / "data") as server:
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        page.goto(server.url)
        be(page, "Observer A")
        open_page(page, "Progress")
        page.get_by_role("tab", name="Submitted codings").click()
        row = page.locator(f".st-key-row-{theirs.id}")
        row.get_by_role("button", name="Open again").click()
        page.get_by_role("textbox", name="Reason").fill(WHY)
        page.get_by_test_id("stPopoverBody").get_by_role("button", name="Open again").click()
        expect(row).to_have_count(0)
        be(page, "Observer B")
        open_page(page, "Agreement")
        expect(page.get_by_text("once you have submitted your own")).to_be_visible()
        open_page(page, "Code")
        page.get_by_role("button", name="Go on coding").click()
        expect(page.get_by_text(WHY)).to_be_visible()
        expect(page.locator(".row[aria-selected=true]")).to_be_visible()
        page.get_by_role("tab", name="Session").click()
        page.locator("[role=radiogroup]").filter(visible=True).first.get_by_role("radio").nth(4).click()
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()
        page.get_by_role("button", name="Submit").click()
        page.get_by_role("dialog").get_by_role("button", name="Submit").click()
        expect(page.get_by_text(re.compile("Submitted on"))).to_be_visible()
        page.get_by_role("button", name="All recordings").click()
        open_page(page, "Agreement")
        expect(page.get_by_text(re.compile("1 of 2 codings was opened again"))).to_be_visible()
    with open_app(read_settings({}, tmp_path / "data")) as app, app.store.read() as tx:
        assert events.count_events(tx, theirs.id) == 5
        assert passes.get_pass(tx, theirs.id).submitted_at is not None
