"""The pages that people sign in with: cookie, one-time password, forms from elsewhere; and the server's address."""

import pytest

from coding_app.domain.people import Role
from coding_app.errors import SettingsError
from coding_app.settings import read_settings
from coding_app.ui.gate import COOKIE
from coding_app.ui.server import check_host
from coding_app.workflows import accounts
from tests.permissions.browsers import HTML, a_browser, browser_of
from tests.permissions.world import PASSWORD, World


def test_signing_in_sets_a_strict_cookie_that_no_script_reads_and_leads_back(world: World) -> None:
    accounts.add_account(world.app, "Bea", password=PASSWORD)
    browser = a_browser(world.app)
    form = {"name": "Bea", "password": PASSWORD}
    answer = browser.post("/sign-in?next=%2Fcode", data=form, headers={"x-forwarded-proto": "https"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/code")
    flags = answer.headers["set-cookie"].lower()
    assert flags.startswith(COOKIE)
    assert all(each in flags for each in ("httponly", "samesite=strict", "secure", "path=/"))
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example"):
        there = a_browser(world.app).post("/sign-in", params={"next": elsewhere}, data=form)
        assert there.headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_page(world: World) -> None:
    pages = [
        a_browser(world.app).post("/sign-in", data={"name": name, "password": "wrong password"})
        for name in ("Lead", "Somebody <b>else</b>")
    ]
    assert [each.status_code for each in pages] == [401, 401]
    assert pages[0].text == pages[1].text
    assert COOKIE not in pages[0].headers.get("set-cookie", "")


@pytest.mark.parametrize("told", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
@pytest.mark.parametrize("place", ["/sign-in", "/sign-out", "/password"])
def test_a_form_that_another_site_sends_is_refused(world: World, place: str, told: dict[str, str]) -> None:
    browser = browser_of(world, Role.CODER) if place != "/sign-in" else a_browser(world.app)
    answer = browser.post(place, data={"name": "Lead", "password": PASSWORD, "new": PASSWORD}, headers=told)
    assert answer.status_code == 401
    assert place == "/sign-in" or browser.get("/", headers=HTML).status_code == 200  # still signed in


def test_a_one_time_password_opens_only_the_page_that_changes_it(world: World) -> None:
    made = accounts.add_account(world.app, "Cleo")
    browser = a_browser(world.app)
    browser.post("/sign-in", data={"name": "Cleo", "password": made.password})
    assert browser.get("/", headers=HTML).headers["location"].startswith("/password")
    assert browser.get("/api/passes/x").status_code == 401
    browser.post("/password", data={"password": made.password, "new": "one of my own"})
    assert browser.get("/", headers=HTML).status_code == 200


def test_signing_out_ends_it_on_the_server(world: World) -> None:
    browser = browser_of(world, Role.CODER)
    token = browser.cookies[COOKIE]
    assert browser.post("/sign-out").status_code == 303
    assert a_browser(world.app, token).get("/", headers=HTML).status_code == 303


def test_nobody_makes_a_first_account_once_there_is_one(world: World) -> None:
    form = {"name": "Mallory", "new": PASSWORD}
    assert a_browser(world.app).post("/set-up", data=form).headers["location"] == "/sign-in"
    assert "Mallory" not in {each.name for each, _ in accounts.list_accounts(world.app)}


def test_another_address_needs_a_key_once_there_are_accounts(world: World) -> None:
    check_host(world.app, "127.0.0.1")
    with pytest.raises(SettingsError, match="set CODING_APP_SECRET_KEY"):
        check_host(world.app, "0.0.0.0")
    with pytest.raises(SettingsError, match="fewer than 32"):
        read_settings({"CODING_APP_SECRET_KEY": "too short"})
    assert "x" * 32 not in repr(read_settings({"CODING_APP_SECRET_KEY": "x" * 32}))
