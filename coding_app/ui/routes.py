"""Our own routes beside Streamlit: events, recordings, peaks, uploads, health."""

from collections.abc import Awaitable, Callable
from importlib.metadata import version
from typing import TypedDict

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from coding_app.domain.rules import GapsError
from coding_app.errors import (
    AccessError,
    CodingAppError,
    InputError,
    MediaError,
    NotFoundError,
    StoreError,
    SubmittedError,
)
from coding_app.store import recordings
from coding_app.ui import tokens
from coding_app.workflows import code_session
from coding_app.workflows.add_recording import add_recording
from coding_app.workflows.transcribe import check_wishes
from coding_app.workflows.transcribe import start as start_transcription
from coding_app.workflows.wiring import App

MAX_EVENTS_BYTES = 2 * 2**20
UPLOAD_BLOCK_BYTES = 2**20
PEAKS_PER_SECOND = 50
STATUS = {
    tokens.TokenError: 401,
    AccessError: 403,
    NotFoundError: 404,
    SubmittedError: 409,
    GapsError: 409,
    InputError: 400,
    StoreError: 503,
}


def as_json_error(_request: Request, error: Exception) -> Response:
    """Any error of ours as {"error": sentence} with the status that fits; a submit with gaps lists them."""
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    body: dict[str, object] = {"error": str(error)}
    if isinstance(error, GapsError):
        body["gaps"] = [
            {"unit": g.unit, "criterion": g.criterion, "sentence": g.sentence} for g in error.gaps
        ]
    return JSONResponse(body, status)


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _cookie_name(recording_id: str) -> str:
    return f"coding_app_recording_{recording_id}"


class _Wishes(TypedDict):
    """How a recording is to be transcribed."""

    engine: str
    model: str
    language: str | None
    n_speakers: int


def _wishes(app: App, query: QueryParams) -> _Wishes | None:
    """The wishes in the address of an upload; None without an engine: nothing is transcribed."""
    if not query.get("engine"):
        return None
    try:
        n_speakers = int(query.get("speakers") or 2)
    except ValueError:
        raise InputError("The number of speakers must be a whole number.") from None
    engine, model = query["engine"], query.get("model") or app.settings.model
    check_wishes(engine, model, n_speakers)
    return {
        "engine": engine,
        "model": model,
        "language": query.get("language") or None,
        "n_speakers": n_speakers,
    }


class Routes:
    """The route handlers of one open app."""

    def __init__(self, app: App) -> None:
        self.app = app

    def health(self, _request: Request) -> Response:
        """Says that the server answers and which version it is."""
        return JSONResponse({"status": "ok", "version": version("coding-app")})

    def read_pass(self, request: Request) -> Response:
        """Everything the workbench shows of a pass; opens its recording's media to this browser."""
        pass_id = request.path_params["pass_id"]
        tokens.check_pass_token(self.app, _bearer(request), pass_id)
        state = code_session.bootstrap(self.app, pass_id)
        recording_id = state["recording"]["id"]
        response = JSONResponse(state, headers={"Cache-Control": "no-store"})
        response.set_cookie(
            _cookie_name(recording_id),
            tokens.issue_recording_cookie(self.app, recording_id),
            max_age=tokens.COOKIE_SECONDS,
            path=f"/api/recordings/{recording_id}",
            httponly=True,
            samesite="strict",
        )
        return response

    async def add_events(self, request: Request) -> Response:
        """Stores a batch of events, all or none; a repeated batch does no harm."""
        pass_id = request.path_params["pass_id"]
        tokens.check_pass_token(self.app, _bearer(request), pass_id)
        body = await _json_list(request)
        stored = await run_in_threadpool(code_session.record, self.app, pass_id, body)
        return JSONResponse({"stored": stored})

    def submit(self, request: Request) -> Response:
        """Submits the pass, or says what is missing (409)."""
        pass_id = request.path_params["pass_id"]
        tokens.check_pass_token(self.app, _bearer(request), pass_id)
        submitted = code_session.submit(self.app, pass_id)
        assert submitted.submitted_at is not None
        return JSONResponse({"submitted_at": submitted.submitted_at.isoformat()})

    def _opened(self, request: Request) -> str:
        recording_id = str(request.path_params["recording_id"])
        value = request.cookies.get(_cookie_name(recording_id), "")
        tokens.check_recording_cookie(self.app, value, recording_id)
        return recording_id

    def media(self, request: Request) -> Response:
        """The recording as it was uploaded, by byte ranges, never whole in memory."""
        with self.app.store.read() as tx:
            recording = recordings.get_recording(tx, self._opened(request))
        path = self.app.vault.path(recording.sha256)
        return FileResponse(
            path, media_type=recording.media_type, headers={"Cache-Control": "private, no-store"}
        )

    def peaks(self, request: Request) -> Response:
        """The waveform, one byte (0-127) per 20 ms; 404 until it has been made."""
        with self.app.store.read() as tx:
            recording = recordings.get_recording(tx, self._opened(request))
        path = self.app.vault.derived(recording.sha256, "peaks.i8")
        if not path.is_file():
            raise NotFoundError(
                "The waveform of this recording is not ready yet; it comes with the transcript."
            )
        headers = {"X-Peaks-Per-Second": str(PEAKS_PER_SECOND), "Cache-Control": "private, no-store"}
        return FileResponse(path, media_type="application/octet-stream", headers=headers)

    async def upload(self, request: Request) -> Response:
        """Takes one recording as the raw request body, straight to disk, and starts its transcription.

        What can be refused is refused before the file is kept: afterwards the answer is 201, with a message
        when only the transcription could not begin.
        """
        study_id = request.path_params["study_id"]
        tokens.check_upload_token(self.app, _bearer(request), study_id)
        query = request.query_params
        wishes = _wishes(self.app, query)
        stored = await self._receive(request)
        recording = await run_in_threadpool(
            add_recording, self.app, study_id, stored, query.get("name", ""), query.get("label") or None
        )
        answer: dict[str, object] = {"recording_id": recording.id, "transcription_id": None}
        if wishes is not None:
            answer |= await run_in_threadpool(self._transcribe, recording.id, wishes)
        return JSONResponse(answer, 201)

    def _transcribe(self, recording_id: str, wishes: _Wishes) -> dict[str, object]:
        """What the answer to an upload says of the transcription."""
        try:
            return {"transcription_id": start_transcription(self.app, recording_id, **wishes).id}
        except CodingAppError as error:
            return {"message": f"The recording was added, but its transcription has not begun: {error}"}

    async def _receive(self, request: Request):  # type: ignore[no-untyped-def]
        limit = self.app.settings.max_upload_mb * 2**20
        declared = request.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            raise MediaError(
                f"The file has {int(declared) / 2**20:,.0f} MB and this server takes "
                f"{self.app.settings.max_upload_mb:,} MB at most; compress it, or raise CODING_APP_MAX_UPLOAD_MB."
            )
        with self.app.vault.receive(limit) as incoming:
            block = bytearray()
            try:
                async for part in request.stream():
                    block += part
                    if len(block) >= UPLOAD_BLOCK_BYTES:
                        await run_in_threadpool(incoming.write, bytes(block))
                        block.clear()
            except ClientDisconnect as error:
                raise MediaError("The upload was broken off; choose the file again.") from error
            await run_in_threadpool(incoming.write, bytes(block))
            return await run_in_threadpool(incoming.finish)


async def _json_list(request: Request) -> list[dict[str, object]]:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_EVENTS_BYTES:
            raise InputError("The batch of events is too large; send fewer at a time.")
    import json

    try:
        events = json.loads(body)
    except ValueError as error:
        raise InputError("The events are not JSON; send a list of events.") from error
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise InputError("The events must be a JSON list of objects.")
    return events


def routes(app: App) -> list[Route]:
    """All routes of ours for one open app."""
    to = Routes(app)
    table: list[tuple[str, str, Callable[[Request], Response | Awaitable[Response]]]] = [
        ("GET", "/api/health", to.health),
        ("GET", "/api/passes/{pass_id}", to.read_pass),
        ("POST", "/api/passes/{pass_id}/events", to.add_events),
        ("POST", "/api/passes/{pass_id}/submit", to.submit),
        ("GET", "/api/recordings/{recording_id}/media", to.media),
        ("GET", "/api/recordings/{recording_id}/peaks", to.peaks),
        ("POST", "/api/studies/{study_id}/recordings", to.upload),
    ]
    return [Route(path, handler, methods=[method]) for method, path, handler in table]


EXCEPTION_HANDLERS = {CodingAppError: as_json_error}
