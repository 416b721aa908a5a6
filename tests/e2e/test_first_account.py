"""The first account is made, and a password changed, in the tab that one is in."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.blind_study import PASSWORD
from tests.e2e.server import a_server
from tests.e2e.test_whole_path import settled

pytestmark = pytest.mark.browser


def test_the_first_account_and_another_password_are_made_without_another_tab(
    tmp_path: Path, chromium: Browser
) -> None:
    page = chromium.new_context().new_page()
    page.set_default_timeout(60_000)
    with a_server(tmp_path / "data") as server:
        page.goto(f"{server.url}/people")
        settled(page)
        page.get_by_role("link", name="Make the first account").click()
        expect(page).to_have_url(f"{server.url}/set-up")
        page.get_by_label("Your name").fill("Lea")
        page.get_by_label("New password").fill(PASSWORD)
        page.get_by_role("button").click()
        expect(page.get_by_role("heading", level=1, name="People")).to_be_visible()
        settled(page)
        page.get_by_role("button", name="Lea").click()
        page.get_by_role("link", name="Change password").click()
        expect(page).to_have_url(f"{server.url}/password")
        assert len(page.context.pages) == 1
