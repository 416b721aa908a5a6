"""Uploads through the route of a running server: what is no recording, and names made to do harm."""

import http.client
import json
import re
import socket
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from coding_app.domain.people import Role
from coding_app.exchange.script_parts import MAX_BYTES
from coding_app.settings import read_settings
from coding_app.store import accounts as account_table
from coding_app.store import recording_keys, recordings, studies, transcripts
from coding_app.ui import tokens
from coding_app.ui.context import COOKIE as WHO
from coding_app.ui.gate import COOKIE
from coding_app.workflows import accounts, signing_in, study
from coding_app.workflows.wiring import App, open_app
from tests.e2e.server import Server, a_server
from tests.e2e.watched import settled
from tests.media import hostile
from tests.media.hostile import pcm, text, truncated, wav
from tests.media.recordings import a_recording

MAX_MB = 8
OURS = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}\.sealed|incoming/[0-9a-f]{32}\.part")  # files of the vault
UNREADABLE = "is not a recording that can be read"
CUT = "cut short"
REFUSED: list[tuple[str, Callable[[Path], Any], str]] = [
    ("nothing.wav", text(b""), "empty"),
    ("setup.mp3", text(b"MZ" + bytes(4000)), "is a program"),
    ("linux.mp3", text(b"\x7fELF" + bytes(4000)), "is a program"),
    ("script.mp3", text(b"#!/bin/sh\nrm -rf ~\n"), "is a program"),
    ("letter.mp3", text(b"%PDF-1.7\n" * 500), "is a document or a picture"),
    ("page.wav", text(b"<!doctype html><script>alert(1)</script>" * 99), UNREADABLE),
    ("notes.m4a", text(b"Session 3: client was late.\n" * 400), UNREADABLE),
    ("zip bomb.mp3", hostile.zip_bomb, "is an archive"),
    ("packed.wav", hostile.gzipped, "is an archive"),
    ("half.wav", truncated("wav"), CUT),
    ("half.m4a", truncated("m4a"), CUT),
    ("claims six hours.wav", lambda path: wav(path, pcm(), promised=6 * 3600 * 32_000), CUT),
    ("six hours.opus", lambda path: hostile.hours_of_silence(path, 6), "more than the 5 hours allowed"),
    ("list.wav", text(b"#EXTM3U\n#EXTINF:9,\n/etc/passwd\n"), "is a playlist"),
    ("too large.wav", lambda path: path.write_bytes(bytes((MAX_MB << 20) + 1)), f"takes {MAX_MB} MB at most"),
]  # fmt: skip
# name as it is sent -> name as it is kept
NAMES = {
    "../../../etc/passwd.wav": "passwd.wav",
    "/absolute/place.wav": "place.wav",
    "C:\\Windows\\System32\\evil.wav": "evil.wav",
    "nothing\0hidden\r\nX-Injected: yes.wav": "nothinghiddenX-Injected: yes.wav",
    "..": "recording",
    ".htaccess": "htaccess",
    "CON": "_CON",
    "aux.wav": "_aux.wav",
    "COM1.tar.wav": "_COM1.tar.wav",
    "x" * 5000 + ".wav": "x" * 196 + ".wav",
    "exe.\u202evaw": "exe.vaw",
    "<script>window.harmed=1</script>.wav": "script>.wav",
    "<img src=x onerror=window.harmed=1>.wav": "<img src=x onerror=window.harmed=1>.wav",
    "**bold** [link](javascript:window.harmed=1) :red[red] $x$.wav":
        "**bold** [link](javascript:window.harmed=1) :red[red] $x$.wav",
    "=HYPERLINK(1).wav": "=HYPERLINK(1).wav",
    "\ud7ff\U0001f9ea ein Uhu.wav": "\ud7ff\U0001f9ea ein Uhu.wav",
}  # fmt: skip


@dataclass
class Site:
    """A running server with a lead who is signed in to it, and another place of the same data."""

    server: Server
    app: App
    study_id: str
    another_id: str
    third_id: str
    cookie: str

    def send(self, name: str, content: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
        """Uploads as the browser does; status and answer."""
        query = urlencode({"name": name}, errors="surrogatepass")
        given = {"Cookie": f"{COOKIE}={self.cookie}", "Authorization": f"Bearer {self.token}"} | headers
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=120)
        try:
            connection.request("POST", f"{self.path}?{query}", body=content, headers=given)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    @property
    def path(self) -> str:
        return f"/api/studies/{self.study_id}/recordings"

    @property
    def token(self) -> str:
        return tokens.issue_upload_token(self.app, self.study_id)

    def kept(self) -> dict[str, object]:
        """All that an upload leaves: files of the vault, half ones too, recordings, sessions, keys."""
        folder = self.app.settings.vault_dir
        files = (str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())
        with self.app.store.read() as tx:
            return {
                "files": sorted(found for found in files if not found.startswith("derived/")),
                "recordings": [each.name for each in recordings.list_recordings(tx, self.study_id)],
                "sessions": [each.label for each in studies.list_sessions(tx, self.study_id)],
                "keys": sorted(recording_keys.all_wrapped(tx)),
            }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("uploads") / "data"
    with pytest.MonkeyPatch.context() as patch, open_app(read_settings({}, data)) as app:
        patch.setenv("CODING_APP_MAX_UPLOAD_MB", str(MAX_MB))
        made = [study.create_study(app, title, "alliance-core").id for title in ("One", "Two", "Three")]
        lead = accounts.create_first_account(app, "Ruth", "", "correct horse battery")
        with app.store.read() as tx:
            assert account_table.memberships_of(tx, lead.id)[0].role is Role.LEAD
        with a_server(data) as server:
            yield Site(server, app, *made, signing_in.begin(app, lead))


@pytest.mark.parametrize(("name", "build", "told"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_is_no_recording_is_refused_in_a_sentence_and_leaves_nothing(
    site: Site, tmp_path: Path, name: str, build: Callable[[Path], Any], told: str
) -> None:
    build(tmp_path / name)
    before = site.kept()
    status, answer = site.send(name, (tmp_path / name).read_bytes())
    assert status == 400
    assert told in answer["error"]
    assert answer["error"].endswith(".")
    assert set(answer) == {"error"}
    assert site.kept() == before


def test_a_size_that_is_claimed_is_refused_before_anything_is_sent(site: Site) -> None:
    before = site.kept()
    claimed = f"Content-Length: {9 << 40}"
    head = f"POST {site.path}?name=a.wav HTTP/1.1\r\nHost: 127.0.0.1\r\n{claimed}\r\nCookie: {COOKIE}={site.cookie}"
    with socket.create_connection(("127.0.0.1", site.server.port), timeout=60) as line:
        line.sendall(f"{head}\r\nAuthorization: Bearer {site.token}\r\n\r\n".encode())
        answer = line.recv(65_536).decode()
    assert answer.startswith("HTTP/1.1 400")
    assert site.kept() == before


def test_an_upload_that_says_no_size_stops_at_the_limit(site: Site) -> None:
    before = site.kept()
    status, answer = site.send("a.wav", (bytes(1 << 20) for _ in range(MAX_MB + 1)))  # type: ignore[arg-type]
    assert (status, "larger than the 8 MB" in answer["error"]) == (400, True)
    assert site.kept() == before


def test_an_upload_that_breaks_off_leaves_nothing(site: Site, tmp_path: Path) -> None:
    before, content = site.kept(), a_recording(tmp_path / "a.wav").read_bytes()
    head = (
        f"POST {site.path}?name=a.wav HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {2 * len(content)}\r\n"
    )
    with socket.create_connection(("127.0.0.1", site.server.port), timeout=60) as line:
        line.sendall(
            f"{head}Cookie: {COOKIE}={site.cookie}\r\nAuthorization: Bearer {site.token}\r\n\r\n".encode()
        )
        line.sendall(content)
        line.shutdown(socket.SHUT_WR)
        while line.recv(65_536):
            pass
    assert site.send("nothing.wav", b"")[0] == 400  # the server lives
    assert site.kept() == before


@pytest.mark.parametrize("name", NAMES, ids=[ascii(each)[:30] for each in NAMES])
def test_a_name_made_to_do_harm_is_kept_without_it_and_names_no_file(
    site: Site, tmp_path: Path, name: str
) -> None:
    before = site.kept()
    sound = wav(tmp_path / "a.wav", pcm(0.5 + list(NAMES).index(name) / 100)).read_bytes()
    status, answer = site.send(name, sound)
    assert status == 201, answer
    after = site.kept()
    (new,) = set(after["recordings"]) - set(before["recordings"])  # type: ignore[call-overload]
    assert new == NAMES[name]
    assert [path for path in after["files"] if not OURS.fullmatch(path)] == []  # type: ignore[attr-defined]


def a_page(site: Site, chromium: Browser, place: str) -> Page:
    """A page of the lead's, with the site's study open."""
    context = chromium.new_context(viewport={"width": 1280, "height": 2000})
    for name, value in ((COOKIE, site.cookie), (WHO, f"{site.study_id}.")):
        context.add_cookies([{"name": name, "value": value, "url": site.server.url}])
    page = context.new_page()
    page.goto(f"{site.server.url}/{place}")
    settled(page)
    return page


@pytest.mark.browser
def test_names_are_written_on_the_page_as_they_are_and_do_nothing(
    site: Site, tmp_path: Path, chromium: Browser
) -> None:
    marked = replace(site, study_id=site.another_id)
    names = [name for name in NAMES if any(sign in name for sign in "<*=")]
    for number, name in enumerate(names, start=1):
        sound = wav(tmp_path / "a.wav", pcm(0.4 + number / 100)).read_bytes()
        assert marked.send(name, sound)[0] == 201
    page = a_page(marked, chromium, "study")
    for name in names:
        expect(page.get_by_test_id("stMain").get_by_text(NAMES[name], exact=True)).to_be_visible()
    assert page.evaluate("window.harmed") is None
    page.goto(f"{site.server.url}/recordings")
    settled(page)
    expect(page.get_by_test_id("stMain").get_by_text("<img src=x").first).to_be_visible()
    assert page.evaluate("window.harmed") is None
    assert page.locator("a[href^='javascript:']").count() == 0
    page.context.close()


def bomb(path: Path) -> Path:
    """A Word document of some kilobytes that unpacks to more than a transcript may have."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(MAX_BYTES * 4))
    return path


def renamed_program(path: Path) -> Path:
    path.write_bytes(b"MZ" + bytes(4000))
    return path


@pytest.mark.browser
def test_a_document_made_to_do_harm_becomes_no_transcript(
    site: Site, tmp_path: Path, chromium: Browser
) -> None:
    into = replace(site, study_id=site.third_id)
    status, answer = into.send("to import.wav", a_recording(tmp_path / "a.wav").read_bytes())
    assert status == 201, answer
    for build, told in ((bomb, "too large for a transcript"), (renamed_program, "damaged")):
        page = a_page(into, chromium, "recordings")
        page.get_by_text("Import a transcript", exact=True).click()
        made = build(tmp_path / "<img src=x onerror=window.harmed=1>.docx")
        page.locator("input[type=file][accept*=docx]").set_input_files(made)
        answered = page.get_by_test_id("stMain").get_by_text(told)
        expect(answered).to_be_attached()
        for _ in range(
            5
        ):  # a page that shows that the recording is ready folds up: a person unfolds it again
            if not answered.is_visible():
                page.get_by_text("Import a transcript", exact=True).click()
                settled(page)
        expect(answered).to_be_visible()
        assert page.evaluate("window.harmed") is None
        page.context.close()
    with site.app.store.read() as tx:
        assert transcripts.list_transcripts(tx, answer["recording_id"]) == ()
