"""The page Recordings for everyone: axe finds nothing on it, light and dark, with everything unfolded."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.server import a_server

pytestmark = pytest.mark.browser
# The frame of Streamlit's own uploader has a role that does not go with its name.
WHERE = {"include": [".stMainBlockContainer"], "exclude": ["[data-testid=stFileUploaderDropzone]"]}
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}


def faults(page: Page) -> list[str]:
    page.evaluate(Axe().axe_script)
    found: Any = page.evaluate("([where, rules]) => axe.run(where, rules)", [WHERE, RULES])
    return [f"{each['id']} {node['target']}" for each in found["violations"] for node in each["nodes"]]


def test_axe_finds_nothing_on_the_page_in_light_and_dark(tmp_path: Path, chromium: Browser) -> None:
    with a_server(tmp_path / "data", "--demo") as server:
        found: list[str] = []
        for scheme in ("light", "dark"):
            page = chromium.new_page(color_scheme=scheme, viewport={"width": 1280, "height": 1600})
            page.goto(f"{server.url}/recordings")
            for name in ("Add recordings", "Sound quality"):
                page.get_by_text(name, exact=True).click()
            expect(page.get_by_text("What the numbers mean")).to_be_visible()
            expect(page.get_by_text("Drop recordings here")).to_be_visible()
            expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
            found += [f"{scheme}: {each}" for each in faults(page)]
            page.close()
        assert found == []
