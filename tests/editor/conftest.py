"""The transcript editor alone in a real Chromium, on the real routes and a real store."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from coding_app.domain.transcript import Transcript
from coding_app.settings import read_settings
from coding_app.store import transcripts
from coding_app.ui import tokens
from coding_app.ui.routes import EXCEPTION_HANDLERS, routes
from coding_app.workflows import study
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.wiring import App, open_app
from tests.builders import a_segment, a_transcript
from tests.workbench.conftest import FRONTEND, _silence

N_SEGMENTS = 8
PAGE = """<!doctype html><title>Editor</title><div id="host"></div>
<script type="module">
import mount from "/component/v2/editor/index.js";
const root = document.getElementById("host").attachShadow({mode: "open"});
const sheet = document.createElement("link");
sheet.rel = "stylesheet";
sheet.href = "/component/v2/workbench.css";
root.append(sheet);
window.triggers = [];
mount({parentElement: root, data: {recording_id: RECORDING, token: TOKEN, api: "/api", language: "en"},
  setTriggerValue: (name) => window.triggers.push(name)});
</script>"""


@dataclass
class Desk:
    """A recording with a transcript of eight segments of four seconds, and an editor on it."""

    app: App
    recording_id: str
    study_id: str
    coder_id: str
    url: str
    context: BrowserContext
    faults: list[str] = field(default_factory=list)

    def open(self, coder_id: str | None = None) -> Page:
        """A page with the editor, opened and showing the transcript; mistakes in the page are collected."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        token = tokens.issue_editor_token(self.app, self.recording_id, coder_id or self.coder_id)
        page.goto(f"{self.url}/?token={token}")
        page.locator(".row[aria-selected=true]").wait_for()
        return page

    def now(self) -> Transcript:
        """The newest transcript in the store."""
        with self.app.store.read() as tx:
            found = transcripts.current_transcript(tx, self.recording_id)
        assert found is not None
        return found

    def texts(self) -> list[str]:
        """What the segments say, in the store."""
        return [segment.text for segment in self.now().segments]

    def until(self, true: Callable[[], object], seconds: float = 30) -> None:
        """Returns as soon as it is so; fails when it never is."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, (self.texts(), self.now().speakers)
            self.context.pages[-1].wait_for_timeout(20)


def _transcript(recording_id: str, duration_ms: int) -> Transcript:
    doubtful = {3: ("repetition",), 6: ("overlap",)}
    segments = tuple(a_segment(number, flags=doubtful.get(number, ())) for number in range(1, N_SEGMENTS + 1))
    return a_transcript(recording_id, N_SEGMENTS, duration_ms=duration_ms, segments=segments)


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Desk]:
    """A desk with its server; fails when the page had a mistake."""
    with open_app(read_settings({}, tmp_path / "data")) as app:
        made = study.create_study(app, "Alliance study", "alliance-core")
        recording = add_file(app, made.id, _silence(tmp_path / "session.wav", 4 * N_SEGMENTS), label="C-1")
        with app.store.write() as tx:
            transcripts.add_transcript(tx, _transcript(recording.id, recording.duration_ms))
        coder = study.add_coder(app, made.id, "Observer A")

        def page(request: Request) -> HTMLResponse:
            token = json.dumps(request.query_params["token"])
            return HTMLResponse(PAGE.replace("RECORDING", json.dumps(recording.id)).replace("TOKEN", token))

        own = [Route("/", page), Mount("/component", StaticFiles(directory=FRONTEND))]
        site = Starlette(routes=[*routes(app), *own], exception_handlers=EXCEPTION_HANDLERS)  # type: ignore[arg-type]
        listener = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(site, log_level="error", ws="none", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        context = chromium.new_context(viewport={"width": 1280, "height": 800})
        context.route("**/edits", lambda route: route.continue_())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        found = Desk(app, recording.id, made.id, coder.id, url, context)
        yield found
        context.close()
        server.should_exit = True
        thread.join()
        assert found.faults == []
