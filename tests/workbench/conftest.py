"""The component alone in a real Chromium, without Streamlit, on the real routes and a real store."""

import json
import socket
import threading
import time
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

import coding_app.ui.workbench as package
from coding_app.domain.coding import Judgement
from coding_app.domain.transcript import Transcript
from coding_app.settings import read_settings
from coding_app.store import events, passes, transcripts
from coding_app.ui import tokens
from coding_app.ui.routes import EXCEPTION_HANDLERS, routes
from coding_app.workflows import code_session, study
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.wiring import App, open_app
from tests.builders import a_transcript

FRONTEND = Path(package.__file__).with_name("frontend")
# Of four seconds. By indirect parametrisation a test says what else it wants: a number of segments, or a mapping with
# "segments", "scheme", "prepare": what puts schemes into a folder, and "recording": (what writes it to a path for so
# many seconds, file name).
N_SEGMENTS = 8

PAGE = """<!doctype html><title>Workbench</title><input id="field"><div id="host"></div>
<script type="module">
import mount from "/component/v2/index.js";
const root = document.getElementById("host").attachShadow({mode: "open"});
const sheet = document.createElement("link");
sheet.rel = "stylesheet";
sheet.href = "/component/v2/workbench.css";
root.append(sheet);
window.triggers = [];
window.mount = (token) => mount({parentElement: root, data: {pass_id: PASS, token, api: "/api"},
  setTriggerValue: (name) => window.triggers.push(name)});
window.leave = window.mount(TOKEN);
</script>"""


@dataclass
class Bench:
    """One open pass and a server for its workbench."""

    app: App
    pass_id: str
    url: str
    token: str
    context: BrowserContext
    faults: list[str] = field(default_factory=list)

    def open(self, token: str | None = None) -> Page:
        """A page with the workbench; mistakes in the page are collected in faults."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.goto(f"{self.url}/?token={self.token if token is None else token}")
        return page

    def ready(self) -> Page:
        """A page with the workbench, opened and showing the transcript."""
        page = self.open()
        page.locator(".row[aria-selected=true]").wait_for()
        return page

    def n_rows(self) -> int:
        """How many events the store has."""
        with self.app.store.read() as tx:
            return len(events.list_events(tx, self.pass_id))

    def judgement(self, unit_key: str, criterion: str) -> Judgement | None:
        """What the store holds now."""
        with self.app.store.read() as tx:
            return events.judgements(tx, self.pass_id).get((unit_key, criterion))

    def until(self, true: Callable[[], object], seconds: float = 60) -> None:
        """Returns as soon as it is so; fails when it never is. Lets the browser's routes run meanwhile."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not happen in time"
            self.context.pages[-1].wait_for_timeout(20)

    def submitted(self) -> bool:
        """Whether the pass is locked."""
        with self.app.store.read() as tx:
            return passes.get_pass(tx, self.pass_id).submitted_at is not None


def _silence(path: Path, seconds: int) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8_000)
        out.writeframes(bytes(2 * 8_000 * seconds))
    return path


def _pass(app: App, source: Path, n_segments: int, scheme: str) -> str:
    made = study.create_study(app, "Alliance study", scheme)
    recording = add_file(app, made.id, source, label="C-1")
    transcript: Transcript = a_transcript(recording.id, n_segments, duration_ms=recording.duration_ms)
    with app.store.write() as tx:
        transcripts.add_transcript(tx, transcript)
    return code_session.open_pass(app, recording.id, study.add_coder(app, made.id, "Observer A").id).id


def _site(app: App, pass_id: str) -> Starlette:
    def page(request: Request) -> HTMLResponse:
        token = request.query_params["token"]
        return HTMLResponse(PAGE.replace("PASS", json.dumps(pass_id)).replace("TOKEN", json.dumps(token)))

    own = [Route("/", page), Mount("/component", StaticFiles(directory=FRONTEND))]
    return Starlette(routes=[*routes(app), *own], exception_handlers=EXCEPTION_HANDLERS)  # type: ignore[arg-type]


@pytest.fixture
def bench(request: pytest.FixtureRequest, tmp_path: Path, chromium: Browser) -> Iterator[Bench]:
    """An open pass with a workbench to be opened on it; fails when the page had a mistake."""
    given = getattr(request, "param", {})
    if not isinstance(given, int) and "prepare" in given:
        given["prepare"](tmp_path / "data" / "schemes")
    with open_app(read_settings({}, tmp_path / "data")) as app:
        asked: dict[str, Any] = {"segments": given} if isinstance(given, int) else given
        n_segments = asked.get("segments", N_SEGMENTS)
        write, name = asked.get("recording", (_silence, "session.wav"))
        source = write(tmp_path / name, 4 * n_segments)
        pass_id = _pass(app, source, n_segments, asked.get("scheme", "alliance-core"))
        with app.store.read() as tx:
            token = tokens.issue_pass_token(app, passes.get_pass(tx, pass_id))
        listener = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(_site(app, pass_id), log_level="error", ws="none", lifespan="off")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        context = chromium.new_context(viewport={"width": 1280, "height": 800})
        # Interception that is switched on in an open page can miss its next request; here it is on from the start.
        context.route("**/events", lambda route: route.continue_())
        made = Bench(app, pass_id, f"http://127.0.0.1:{listener.getsockname()[1]}", token, context)
        yield made
        context.close()
        server.should_exit = True
        thread.join()
        assert made.faults == []
