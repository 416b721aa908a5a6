"""A running server: security headers on every answer, no traceback to a browser, no secret in its log."""

import http.client
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser

from coding_app.settings import read_settings
from coding_app.store import studies
from coding_app.ui import context, tokens
from coding_app.ui.account_routes import account_routes
from coding_app.ui.gate import COOKIE
from coding_app.ui.requests import cookie_name
from coding_app.ui.routes import routes
from coding_app.ui.server import HEADERS
from coding_app.workflows import code_session
from coding_app.workflows.recording_keys import open_keys
from coding_app.workflows.wiring import open_app
from tests.e2e.blind_study import ANN, NOTE, PASSWORD, Given, anns_events, given_a_blind_study
from tests.e2e.server import Server, a_server

SECRET_KEY = "0123456789abcdef-a-secret-of-the-settings"
WRONG, NEW = "a wrong password of hers", "another long password"
PAGES = sorted({path.stem for path in (Path(context.__file__).parent / "views").glob("*.py")} - {"__init__"})
STREAMLITS = [
    "/", "/nowhere", "/_stcore/health", "/_stcore/host-config", "/media/nothing.wav", "/static/nothing.js",
    "/component/coding-app.workbench/v2/index.js", "/../../etc/passwd", "/%2e%2e/secret.key",
]  # fmt: skip
INNER = re.compile(r'Traceback|File "|\.py\b|sqlite3|sqlalchemy|SELECT |coding_app\.|/tmp/', re.IGNORECASE)


@dataclass
class Site:
    """A running server, and a person with all that lets her in."""

    server: Server
    given: Given
    pass_id: str
    headers: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)

    def ask(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        """Status, headers (names in small letters) and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        with closing(connection):
            connection.request(method, path, body=body, headers=self.headers | headers)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, found, answer.read().decode("utf-8", "replace")

    def fill(self, path: str) -> str:
        """A route's path with what there is."""
        given = self.given
        return path.format(
            pass_id=self.pass_id,
            recording_id=given.recording_id,
            transcript_id=given.transcript_id,
            study_id=given.study_id,
        )


def all_routes() -> list[tuple[str, str]]:
    """Method and path of every route of ours; found without an app, whose handlers are not called."""
    table = [*routes(None), *account_routes(None)]  # type: ignore[arg-type]
    return sorted((method, each.path) for each in table for method in each.methods or ())


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("CODING_APP_SECRET_KEY", SECRET_KEY)
    data = tmp_path / "data"
    given = given_a_blind_study(data)
    with open_app(read_settings(data_dir=data)) as app:
        with app.store.read() as tx:
            coder = next(each for each in studies.list_coders(tx, given.study_id) if each.name == ANN)
        made = code_session.open_pass(app, given.recording_id, coder.id)
        token = tokens.issue_pass_token(app, made)
        cookie = tokens.issue_recording_cookie(app, given.recording_id)
        master = open_keys(app.settings, app.store).master.as_text().strip()
    secrets = {token, cookie, master, SECRET_KEY, PASSWORD, WRONG, NEW, NOTE}
    with a_server(data) as server:
        site = Site(server, given, made.id, secrets=secrets)
        site.headers = {
            "Authorization": f"Bearer {token}",
            "Cookie": f"{cookie_name(given.recording_id)}={cookie}",
        }
        yield site


def sign_in(site: Site, password: str = PASSWORD) -> int:
    """As the form does; the cookie goes with every later request."""
    form = urlencode({"name": ANN, "password": password})
    status, found, _ = site.ask("POST", "/sign-in", form)
    if held := re.search(rf"{COOKIE}=([\w-]+)", found.get("set-cookie", "")):
        site.headers["Cookie"] = (
            re.sub(rf"; {COOKIE}=.*", "", site.headers["Cookie"]) + f"; {COOKIE}={held[1]}"
        )
        site.secrets.add(held[1])
    return status


def test_every_answer_has_the_security_headers_whoever_asks_for_whatever(site: Site) -> None:
    asked = [(method, site.fill(path)) for method, path in all_routes() if path != "/sign-out"]
    asked += [("GET", f"/{page}") for page in PAGES] + [("GET", path) for path in STREAMLITS]
    asked += [("DELETE", "/api/health"), ("OPTIONS", "/"), ("POST", "/"), ("TRACE", "/api/health")]
    assert len(asked) > 60
    for signed_in in (False, True):
        if signed_in:
            assert sign_in(site) == 303
        for method, path in asked:
            status, found, _ = site.ask(method, path, "{}" if method != "GET" else None)
            for name, value in HEADERS.items():
                assert found.get(name.lower()) == value, (method, path, status, name)
            assert "server" not in found or "/" not in found["server"], found["server"]  # no version told
    status, found, _ = site.ask("GET", "/api/health", Host="evil.example")
    assert (status, found["content-security-policy"]) == (400, HEADERS["Content-Security-Policy"])


def drop(data_dir: Path, table: str) -> None:
    """Damages the database as a fault of the disk would."""
    with closing(sqlite3.connect(data_dir / "coding-app.sqlite")) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute(f"DROP TABLE {table}")
        db.commit()


def garbage(data_dir: Path) -> None:
    """The whole database and every recording overwritten in their places."""
    for path in [*data_dir.glob("coding-app.sqlite*"), *data_dir.glob("vault/??/*")]:
        with path.open("r+b") as file:
            file.write(b"\xde\xad" * max(1, path.stat().st_size // 2))


def test_no_damage_of_the_data_folder_sends_a_traceback_to_a_browser_or_a_secret_to_the_log(
    site: Site,
) -> None:
    assert sign_in(site, WRONG) == 401
    assert sign_in(site) == 303
    events = json.dumps(anns_events(site.pass_id)[:3]).replace("Randbemerkung gelber Esel", NOTE)
    assert site.ask("POST", f"/api/passes/{site.pass_id}/events", events)[0] == 200
    form = urlencode({"password": PASSWORD, "new": NEW})
    status, found, _ = site.ask("POST", "/password", form)
    assert status == 303
    held = re.search(rf"{COOKIE}=([\w-]+)", found["set-cookie"])
    assert held
    site.secrets.add(held[1])
    site.headers["Cookie"] = re.sub(rf"{COOKIE}=[\w-]+", f"{COOKIE}={held[1]}", site.headers["Cookie"])
    broken = 0
    for damage in ("coding_state", "coding_event", "transcript", "recording", "everything"):
        drop(site.server.data_dir, damage) if damage != "everything" else garbage(site.server.data_dir)
        fresh = events.replace("kranich", damage)  # events that are new to the server
        for method, path in all_routes():
            if path in ("/sign-out", "/password", "/set-up"):
                continue
            body = None if method in ("GET", "HEAD") else fresh if path.endswith("/events") else "{}"
            status, found, told = site.ask(method, site.fill(path), body)
            broken += status >= 500
            if "javascript" not in found.get("content-type", "") and status >= 400:
                assert not INNER.search(told), (damage, method, path, told)
            if status >= 500 and method != "HEAD":
                assert found["content-type"].startswith(("application/json", "text/html")), (damage, path)
                assert found["content-security-policy"] == HEADERS["Content-Security-Policy"]
        for page in ("", *PAGES):
            status, _, told = site.ask("GET", f"/{page}", Accept="text/html")
            assert status < 400 or not INNER.search(told)
    assert broken > 10
    assert sign_in(site, WRONG) >= 400
    log = site.server.log.read_text()
    assert [each for each in site.secrets if each in log] == []
    assert ANN not in log


@pytest.mark.browser
def test_what_a_page_shows_of_a_damaged_folder_is_a_sentence(site: Site, chromium: Browser) -> None:
    """The same in a page, whose text comes by the websocket."""
    assert sign_in(site) == 303
    held = re.search(rf"{COOKIE}=([\w-]+)", site.headers["Cookie"])
    assert held
    opened = chromium.new_context()
    opened.add_cookies([{"name": COOKIE, "value": held[1], "url": site.server.url}])
    page = opened.new_page()
    frames: list[bytes | str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(frame)))
    page.goto(f"{site.server.url}/code")
    page.get_by_role("heading", level=1, name="Code").wait_for(timeout=60_000)
    drop(site.server.data_dir, "recording")
    frames.clear()
    page.get_by_role("link", name="Study", exact=True).click()
    page.get_by_test_id("stAlert").first.wait_for(timeout=60_000)
    said = page.get_by_test_id("stAlert").first.inner_text()
    assert said.rstrip().endswith(".")
    assert not INNER.search(said)
    assert frames
    assert not [each for each in map(repr, frames) if "Traceback" in each or "OperationalError" in each]
    opened.close()


def test_a_server_prints_where_it_runs_and_nothing_of_streamlits(tmp_path: Path) -> None:
    with a_server(tmp_path / "data") as server:
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
            connection.request("GET", "/")
            assert connection.getresponse().status == 200
        said = f"The coding app runs at http://localhost:{server.port} (data: {tmp_path / 'data'})"
    assert server.log.read_text("utf-8").splitlines() == [f"{said}. Stop it with Ctrl-C."]
