"""The tool's main job in a real browser, on a real recording, with real Whisper weights."""

import csv
import io
import re
from pathlib import Path

import krippendorff
import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.server import a_server

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data" / "speech" / "gcp_commercial_mono.wav"
RECORDING = SHARED if SHARED.is_file() else ROOT / "data" / "demo2" / "session.ogg"
TRANSCRIBED_MS = 300_000
STUDY = "Whole path"

pytestmark = [pytest.mark.browser, pytest.mark.weights, pytest.mark.slow]


def settled(page: Page) -> None:
    """Waits until the page has been drawn to its end, as a person sees from its running sign."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def choose(page: Page, chooser: str, option: str) -> None:
    settled(page)
    page.get_by_role("combobox", name=chooser).click()
    page.get_by_role("option", name=option, exact=True).click()


def open_page(page: Page, title: str) -> None:
    settled(page)
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def make_study(page: Page) -> None:
    page.get_by_label("Title of the study").fill(STUDY)
    page.get_by_role("button", name="Make the study").click()
    expect(page.get_by_role("heading", level=1, name=STUDY)).to_be_visible()
    for name in ("Observer A", "Observer B"):
        page.get_by_role("button", name="Add observer").click()
        field = page.get_by_role("textbox", name="Name")
        field.fill(name)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(field).to_have_value("")  # emptied once the observer is there
        page.keyboard.press("Escape")


def upload_and_wait_for_the_transcript(page: Page) -> None:
    open_page(page, "Recordings")
    page.locator("input[type=file]").set_input_files(RECORDING)
    expect(page.locator(".st-key-speaker-S1")).to_be_visible(timeout=TRANSCRIBED_MS)
    settled(page)
    for label, role in (("S1", "Therapist"), ("S2", "Client")):
        card = page.locator(f".st-key-speaker-{label}")
        card.get_by_role("radio", name=role).or_(
            card.get_by_role("button", name=role, exact=True)
        ).first.click()
        expect(card.locator("strong")).to_have_text(role)
        settled(page)


def segments(page: Page) -> Locator:
    return page.locator(".transcript .row")


def code_as(page: Page, observer: str, skipped: int) -> None:
    """Codes with the keyboard: intensity 1-3 in turn on every segment but each `skipped`-th."""
    choose(page, "Observer", observer)
    page.get_by_role("button", name="Begin coding").click()
    expect(segments(page).first).to_be_visible()
    n_segments = segments(page).count()
    assert n_segments >= 4
    coded = 0
    for number in range(n_segments):
        row = segments(page).nth(number)
        if number % skipped:
            page.keyboard.press("e" if "Therapist" in row.inner_text() else "u")
            page.keyboard.press(str(1 + number % 3))
            coded += 1
        page.keyboard.press("ArrowDown")
    rate_everything(page)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    expect(page.get_by_text(re.compile("Submitted on"))).to_be_visible()
    page.get_by_role("button", name="All recordings").click()
    expect(page.get_by_role("heading", level=1, name="Code")).to_be_visible()


def rate_everything(page: Page) -> None:
    for tab in ("Blocks", "Session"):
        page.get_by_role("tab", name=re.compile(tab)).click()
        for scale in page.locator("[role=radiogroup]").all():
            if scale.is_visible():
                scale.get_by_role("radio").nth(2).click()


def test_two_observers_code_an_uploaded_recording_and_read_the_alpha_that_krippendorff_computes(
    tmp_path: Path, chromium: Browser
) -> None:
    with a_server(tmp_path / "data") as server:
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(60_000)
        asked: set[str] = set()
        page.on("request", lambda request: asked.add(request.url))
        page.goto(server.url)
        make_study(page)
        upload_and_wait_for_the_transcript(page)
        open_page(page, "Code")
        code_as(page, "Observer A", skipped=3)
        code_as(page, "Observer B", skipped=4)
        open_page(page, "Agreement")
        row = page.get_by_role("row", name=re.compile("^Empathy"))
        shown = row.get_by_role("cell").first.inner_text()
        page.get_by_role("tab", name="Report").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Per criterion").click()
        table = Path(download.value.path()).read_text("utf-8")
    assert {url for url in asked if not url.startswith((server.url, "blob:", "data:"))} == set()
    assert float(shown.replace("−", "-")) == pytest.approx(alpha_of(table, "empathy"), abs=0.005)


def alpha_of(table: str, criterion: str) -> float:
    """Krippendorff's nominal alpha of one criterion, by the krippendorff package from the downloaded CSV."""
    rows = [row for row in csv.DictReader(io.StringIO(table)) if row["criterion"] == criterion]
    coders, units, values = (sorted({row[column] for row in rows}) for column in ("coder", "unit", "value"))
    assert coders == ["Observer A", "Observer B"]
    data = np.full((len(coders), len(units)), np.nan)
    for row in rows:
        data[coders.index(row["coder"]), units.index(row["unit"])] = values.index(row["value"])
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))
