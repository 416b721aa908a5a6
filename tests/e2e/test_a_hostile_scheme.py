"""Whatever a scheme says stays text on every page that shows it: nothing runs, nothing is fetched, nothing is drawn."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from coding_app.settings import read_settings
from coding_app.store import studies
from coding_app.workflows.agreement_report import study_report
from coding_app.workflows.codebook import library
from coding_app.workflows.edit_scheme import copy_to_edit
from coding_app.workflows.wiring import open_app
from tests.builders import a_coder
from tests.e2e.server import a_server
from tests.schemes.hostile import SHORT, hostile_scheme
from tests.workflows.double_coded import given_a_study

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DRAWN = 'img[src="x"], a[href^="javascript"], .katex, strong:text-is("fat"), script:text("owned=1")'


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.acting: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img" or any(
            name.startswith("on") or "javascript:" in (value or "") for name, value in attrs
        ):
            self.acting.append(tag)


def _given(data_dir: Path) -> tuple[str, str]:
    """A double-coded study with the hostile scheme, somebody who has not coded yet, and a draft: study and draft id."""
    with open_app(read_settings({}, data_dir)) as app:
        folder = app.settings.own_schemes_dir
        folder.mkdir(parents=True)
        (folder / "hostile.yaml").write_text(hostile_scheme(), "utf-8")
        study_id = given_a_study(app, observers=("Ruth", "Anna"), n_sessions=2, text=hostile_scheme())
        with app.store.write() as tx:
            studies.add_coder(tx, a_coder(study_id, name="Zoe"))
        entry = next(each for each in library(app).current() if each.scheme.id == "hostile")
        return study_id, copy_to_edit(app, entry).id


def test_a_report_on_agreement_shows_a_schemes_texts_as_text(tmp_path: Path) -> None:
    study_id, _ = _given(tmp_path / "data")
    with open_app(read_settings({}, tmp_path / "data")) as app:
        page = study_report(app, study_id, None, title="Pilot", now=NOW)
    parser = _Tags()
    parser.feed(page)
    assert parser.acting == []
    assert "&lt;img src=x onerror=" in page


def _settled(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def _looked_at(page: Page, where: str) -> None:
    _settled(page)
    assert page.evaluate("window.owned") is None, where
    assert page.locator(DRAWN).count() == 0, where


@pytest.mark.browser
@pytest.mark.slow
def test_no_page_does_what_a_schemes_texts_say(tmp_path: Path, chromium: Browser) -> None:
    _, draft = _given(tmp_path / "data")
    with a_server(tmp_path / "data") as server:
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(60_000)
        page.goto(f"{server.url}/codebook?scheme=hostile")
        expect(page.locator(".codebook .entry").first).to_contain_text(SHORT.strip())
        _looked_at(page, "codebook")
        for name in ("Ratings", "Asked after a code", "Rules", "Computed", "Versions", "Origin"):
            page.get_by_role("tab", name=name, exact=True).click()
            _looked_at(page, name)
        page.get_by_label("Search").fill("understanding")
        page.get_by_label("Search").press("Enter")
        _looked_at(page, "search")
        page.goto(f"{server.url}/scheme_editor?draft={draft}")
        expect(page.locator(".preview .code").first).to_contain_text(SHORT.strip())
        _looked_at(page, "editor and preview")
        for name in ("Criteria", "Codes", "Questions", "Ratings", "Scales", "Rules"):
            page.get_by_test_id("stMain").get_by_role("radio", name=name, exact=True).click()
            _looked_at(page, f"form of {name}")
        page.get_by_role("tab", name="Text").click()
        expect(page.get_by_label("Text of the scheme")).to_be_visible()
        _looked_at(page, "text")
        page.goto(server.url)
        _looked_at(page, "study")
        page.goto(f"{server.url}/agreement")
        _agreement_and_workbench(page)
        page.close()


def _agreement_and_workbench(page: Page) -> None:
    _settled(page)
    page.get_by_role("combobox", name="Observer", exact=True).click()
    page.get_by_role("option", name="Ruth").click()
    expect(page.get_by_test_id("stMain")).to_contain_text("alpha")
    _looked_at(page, "agreement")
    for number in range(page.get_by_test_id("stMain").get_by_role("tab").count()):
        page.get_by_test_id("stMain").get_by_role("tab").nth(number).click()
        _looked_at(page, f"agreement, tab {number}")
    page.get_by_role("combobox", name="Observer", exact=True).click()
    page.get_by_role("option", name="Zoe").click()
    page.get_by_role("link", name="Code", exact=True).click()
    page.get_by_role("button", name="Begin coding").first.click()
    expect(page.locator(".row[aria-selected=true]")).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator(".row[aria-selected=true]")).to_contain_text("**fat**")
    page.keyboard.press(":")
    expect(page.locator(".codebook")).to_contain_text(SHORT.strip())
    _looked_at(page, "workbench")
    page.get_by_role("tab", name="Session").click()
    expect(page.locator("[role=radiogroup]:visible").first).to_be_visible()
    _looked_at(page, "ratings of the workbench")
