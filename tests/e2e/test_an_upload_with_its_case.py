"""A recording is uploaded with its case, its number and its day, and the page Plan has them; a name is hinted at."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from coding_app.domain.name_hint import FILE_HINT, LABEL_HINT
from coding_app.settings import read_settings
from coding_app.workflows import study
from coding_app.workflows.wiring import open_app
from tests.e2e.server import a_server
from tests.e2e.watched import settled
from tests.media.hostile import pcm, wav

pytestmark = [pytest.mark.browser, pytest.mark.weights]  # the page takes no file without a speech model


def fill(page: Page, name: str, text: str) -> None:
    field = page.get_by_label(name, exact=True)
    field.fill(text)
    field.press("Tab")


def label(page: Page, text: str) -> None:
    """Gives the label, by way of one that is hinted at: when the hint has gone, all that was filled in has arrived."""
    fill(page, "Session label (optional)", "Anna Müller")
    expect(page.get_by_text(LABEL_HINT)).to_be_visible()
    fill(page, "Session label (optional)", text)
    expect(page.get_by_text(LABEL_HINT)).to_be_hidden()
    settled(page)


def drop(page: Page, *files: Path) -> None:
    page.locator("input[type=file][accept*='audio']").set_input_files(files)


def test_an_uploaded_recording_stands_on_the_plan_with_its_case_number_and_day(
    tmp_path: Path, chromium: Browser
) -> None:
    data = tmp_path / "data"
    with open_app(read_settings({}, data)) as app:
        study.create_study(app, "Alliance", "alliance-core")
    first, second, other = (
        wav(tmp_path / name, pcm(seconds))
        for name, seconds in (("C-12-03.wav", 1.0), ("mueller_anna.wav", 1.1), ("C-12-04.wav", 1.2))
    )
    with a_server(data) as server:
        page = chromium.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(f"{server.url}/recordings")
        settled(page)
        fill(page, "Case code (optional)", "C-12")
        fill(page, "Number in the case", "3")
        page.get_by_role("spinbutton", name="year, Day").click()
        page.keyboard.type("20260214")
        page.keyboard.press("Tab")
        label(page, "C-12-03")
        drop(page, first, second)
        lines = page.locator(".file")
        expect(lines.get_by_text("Added", exact=True)).to_have_count(2)
        expect(lines.filter(has_text="mueller_anna.wav").get_by_text(FILE_HINT)).to_be_visible()
        expect(lines.get_by_text(FILE_HINT)).to_have_count(1)

        fill(page, "Number in the case", "4")
        label(page, "C-12-03")
        drop(page, other)
        refused = lines.filter(has_text="C-12-04.wav")
        expect(refused).to_contain_text("another number")
        expect(refused.get_by_text("Added", exact=True)).to_be_hidden()

        page.goto(f"{server.url}/plan")
        settled(page)
        row = page.locator("[class*='st-key-row-']").filter(has_text="C-12-03")
        expect(row).to_have_text(re.compile(r"C-12-03\s*C-12\s*3\s*2026-02-14"))
        expect(page.get_by_text("looks like a person's name")).to_be_hidden()
