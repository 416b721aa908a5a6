"""Signing in with an OpenID provider in a real browser, and every way in which its word must not count."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from coding_app.domain.audit import Act
from coding_app.settings import read_settings
from coding_app.store import audit
from coding_app.ui.gate import COOKIE
from coding_app.workflows import accounts, study
from coding_app.workflows.wiring import open_app
from tests.e2e.provider import CLIENT_ID, CLIENT_SECRET, FAULTS, a_provider
from tests.e2e.server import Server, free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EMAIL = "ruth@example.org"
SECRETS = """[auth]
redirect_uri = "{server}/oauth2callback"
cookie_secret = "a long random text of the tests"
client_id = "{id}"
client_secret = "{secret}"
server_metadata_url = "{provider}/.well-known/openid-configuration"
{more}
"""


def write_secrets(server: Server, folder: Path, provider: str, more: str = "") -> None:
    """Configures the provider in the folder in which the server is started."""
    file = folder / ".streamlit" / "secrets.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(
        SECRETS.format(server=server.url, id=CLIENT_ID, secret=CLIENT_SECRET, provider=provider, more=more)
    )
    file.chmod(stat.S_IRUSR | stat.S_IWUSR)
    server.cwd = folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("oidc")
    with open_app(read_settings({}, folder / "data")) as app:
        study.create_study(app, "A study", "alliance-core")
        accounts.create_first_account(app, "Ruth", EMAIL, "correct horse battery")
    server = Server(folder / "data")
    with pytest.MonkeyPatch.context() as patch, a_provider(free_port()) as provider:
        patch.setenv(
            "PYTHONPATH", os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
        )
        write_secrets(server, folder, provider)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def go_there_and_back(context: BrowserContext, server: Server, email: str, fault: str = "") -> Page:
    """From our sign-in page to the provider's and back, wherever that ends."""
    page = context.new_page()
    page.goto(server.url)
    page.get_by_role("link", name="Sign in with your organisation").click()
    expect(page.get_by_role("heading", name="Your organisation")).to_be_visible()
    page.get_by_label("Address").fill(email)
    page.get_by_label("Fault").fill(fault)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"{server.url}/**")
    return page


def cookies(context: BrowserContext) -> set[str]:
    return {each["name"] for each in context.cookies() if each["value"]}


def sign_ins(server: Server) -> int:
    with open_app(read_settings({}, server.data_dir)) as app, app.store.read() as tx:
        return sum(entry.act is Act.SIGNED_IN for entry, _ in audit.all_entries(tx))


def test_whom_the_provider_vouches_for_is_signed_in_and_nothing_of_its_proof_stays(
    site: Server, chromium: Browser
) -> None:
    context, before = chromium.new_context(), sign_ins(site)
    page = go_there_and_back(context, site, EMAIL)
    expect(page.get_by_role("heading", level=1, name="A study")).to_be_visible()
    assert COOKIE in cookies(context)
    assert not {name for name in cookies(context) if name.startswith("_streamlit_user")}
    assert sign_ins(site) == before + 1
    log = site.log.read_text()
    assert [each for each in (CLIENT_SECRET, EMAIL, "eyJ") if each in log] == []
    context.close()


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault])
def test_a_word_that_is_not_the_providers_for_us_now_signs_nobody_in(
    site: Server, chromium: Browser, fault: str
) -> None:
    context, before = chromium.new_context(), sign_ins(site)
    page = go_there_and_back(context, site, EMAIL, fault)
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    page.goto(site.url)
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    assert COOKIE not in cookies(context)
    assert sign_ins(site) == before
    assert "eyJ" not in site.log.read_text()
    context.close()


def test_nobody_gets_an_account_by_being_known_elsewhere(site: Server, chromium: Browser) -> None:
    context = chromium.new_context()
    page = go_there_and_back(context, site, "stranger@example.org")
    expect(page.get_by_role("alert")).to_contain_text("no account here has your e-mail address")
    assert not {name for name in cookies(context) if name.startswith("_streamlit_user") or name == COOKIE}
    context.close()


@pytest.mark.parametrize(
    "provider", ["http://id.example.org", "http://192.168.1.20:8080", "ftp://127.0.0.1.example.org"]
)
def test_a_provider_over_an_open_line_is_refused_when_the_server_starts(
    tmp_path: Path, provider: str
) -> None:
    server = Server(tmp_path / "data")
    write_secrets(server, tmp_path, provider)
    server.launch()
    assert server.process is not None
    try:
        assert server.process.wait(90) == 2
    finally:
        server.stop()
    log = server.log.read_text()
    assert "does not begin with https://" in log
    assert "Traceback" not in log
