"""Our own routes beside Streamlit: the table of all, and those of recordings, peaks, uploads, health."""

from collections.abc import Awaitable, Callable
from importlib.metadata import version
from inspect import iscoroutinefunction
from typing import Any, TypedDict

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders, QueryParams
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coding_app.domain.gaps import GapsError
from coding_app.domain.name_hint import name_hint
from coding_app.domain.people import Action
from coding_app.domain.session_details import read_details
from coding_app.errors import (
    AccessError,
    ChangedSinceError,
    CodingAppError,
    InputError,
    MediaError,
    NotFoundError,
    SignedOutError,
    StoreError,
    SubmittedError,
)
from coding_app.media.source import read_all
from coding_app.store import recordings
from coding_app.ui import gate, ranges, tokens
from coding_app.ui.editor_routes import EditorRoutes
from coding_app.ui.pass_routes import PassRoutes
from coding_app.ui.requests import bearer, cookie_name
from coding_app.workflows.add_recording import add_recording
from coding_app.workflows.listen import check_may_hear
from coding_app.workflows.permission import check
from coding_app.workflows.prepare_recording import PEAKS, to_play
from coding_app.workflows.transcribe import check_wishes
from coding_app.workflows.transcribe import start as start_transcription
from coding_app.workflows.wiring import App

UPLOAD_BLOCK_BYTES = 2**20
PEAKS_PER_SECOND = 50
STATUS = {
    tokens.TokenError: 401,
    SignedOutError: 401,
    AccessError: 403,
    NotFoundError: 404,
    SubmittedError: 409,
    ChangedSinceError: 409,
    GapsError: 409,
    InputError: 400,
    StoreError: 503,
}


def as_json_error(request: Request, error: Exception) -> Response:
    """Any error of ours as {"error": sentence} with the status that fits; a submit with gaps lists them."""
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    body: dict[str, object] = {"error": gate.sentence_for(request, error)}
    if isinstance(error, GapsError):
        body["gaps"] = [
            {"unit": g.unit, "criterion": g.criterion, "sentence": g.sentence} for g in error.gaps
        ]
    return JSONResponse(body, status)


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


def health(_request: Request) -> Response:
    """Says that the server answers and which version it is."""
    return JSONResponse({"status": "ok", "version": version("coding-app")})


class Routes:
    """The route handlers of one open app that do not belong to a pass."""

    def __init__(self, app: App) -> None:
        self.app = app

    def _opened(self, request: Request) -> str:
        recording_id = str(request.path_params["recording_id"])
        value = request.cookies.get(cookie_name(recording_id), "")
        tokens.check_recording_cookie(self.app, value, recording_id)
        check_may_hear(self.app, recording_id)
        return recording_id

    def media(self, request: Request) -> Response:
        """The recording as it was uploaded, or its copy when no browser plays it, by byte ranges."""
        with self.app.store.read() as tx:
            recording = recordings.get_recording(tx, self._opened(request))
        playing = to_play(self.app, recording)
        return ranges.answer(
            request, playing.source, playing.media_type, {"Cache-Control": "private, no-store"}
        )

    def peaks(self, request: Request) -> Response:
        """The waveform, one byte (0-127) per 20 ms; 404 until it has been made."""
        with self.app.store.read() as tx:
            recording = recordings.get_recording(tx, self._opened(request))
        peaks = self.app.vault.find_derived(recording.sha256, PEAKS)
        if peaks is None:
            raise NotFoundError("The waveform of this recording is being made; reload the page in a moment.")
        headers = {"X-Peaks-Per-Second": str(PEAKS_PER_SECOND), "Cache-Control": "private, no-store"}
        return Response(read_all(peaks), media_type="application/octet-stream", headers=headers)

    async def upload(self, request: Request) -> Response:
        """Takes one recording as the raw request body, straight to disk, and starts its transcription.

        What can be refused is refused before the file is kept: afterwards the answer is 201, with a message
        when only the transcription could not begin, and a hint when the file's name looks like a person's.
        """
        study_id = request.path_params["study_id"]
        tokens.check_upload_token(self.app, bearer(request), study_id)
        await run_in_threadpool(check, self.app, Action.ADD_RECORDINGS, "study_id", {"study_id": study_id})
        query = request.query_params
        wishes = _wishes(self.app, query)
        details = read_details(query.get("case"), query.get("number"), query.get("date"))
        label = query.get("label") or None
        stored = await self._receive(request)
        recording = await run_in_threadpool(
            add_recording, self.app, study_id, stored, query.get("name", ""), label, details
        )
        answer: dict[str, object] = {"recording_id": recording.id, "transcription_id": None}
        if hint := name_hint(file_name=recording.name):
            answer["hint"] = hint
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


def with_version(asgi: ASGIApp) -> ASGIApp:
    """The same app, naming the version of the program in every answer: a page can see that it is older."""
    now = version("coding-app")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Coding-App-Version"] = now
            await send(message)

        await asgi(scope, receive, send_with_version)

    return app


Endpoint = Callable[[Request], Response | Awaitable[Response]]


def in_the_name_of_the_visitor(app: App, kind: Any, handler: Any) -> Endpoint:
    """The handler as an endpoint, its app that of whoever asks; 401 for somebody who must sign in first."""
    if iscoroutinefunction(handler):

        async def endpoint(request: Request) -> Response:
            visitor = await run_in_threadpool(gate.visitor, app, request)
            answer: Response = await handler(kind(app.acting(visitor.actor)), request)
            return answer

        return endpoint

    def in_a_thread(request: Request) -> Response:
        answer: Response = handler(kind(app.acting(gate.visitor(app, request).actor)), request)
        return answer

    return in_a_thread


def routes(app: App) -> list[Route]:
    """All routes of ours for one open app that answer programs; those of account_routes answer people."""
    table: list[tuple[str, str, type, Callable[..., Response | Awaitable[Response]]]] = [
        ("GET", "/api/passes/{pass_id}", PassRoutes, PassRoutes.read_pass),
        ("GET", "/api/passes/{pass_id}/events", PassRoutes, PassRoutes.list_events),
        ("POST", "/api/passes/{pass_id}/events", PassRoutes, PassRoutes.add_events),
        ("POST", "/api/passes/{pass_id}/submit", PassRoutes, PassRoutes.submit),
        ("PUT", "/api/passes/{pass_id}/preferences", PassRoutes, PassRoutes.put_preferences),
        ("GET", "/api/passes/{pass_id}/bookmarks", PassRoutes, PassRoutes.list_bookmarks),
        ("PUT", "/api/passes/{pass_id}/bookmarks", PassRoutes, PassRoutes.put_bookmark),
        ("POST", "/api/passes/{pass_id}/corrections", PassRoutes, PassRoutes.correct),
        ("GET", "/api/passes/{pass_id}/others", PassRoutes, PassRoutes.list_others),
        ("GET", "/api/recordings/{recording_id}/transcript", EditorRoutes, EditorRoutes.read),
        ("POST", "/api/recordings/{recording_id}/edits", EditorRoutes, EditorRoutes.edit),
        ("GET", "/api/recordings/{recording_id}/revisions", EditorRoutes, EditorRoutes.list_revisions),
        ("GET", "/api/recordings/{recording_id}/revisions/{transcript_id}",
         EditorRoutes, EditorRoutes.read_revision),
        ("POST", "/api/recordings/{recording_id}/revisions/{transcript_id}/restore",
         EditorRoutes, EditorRoutes.restore),
        ("GET", "/api/recordings/{recording_id}/media", Routes, Routes.media),
        ("GET", "/api/recordings/{recording_id}/peaks", Routes, Routes.peaks),
        ("POST", "/api/studies/{study_id}/recordings", Routes, Routes.upload),
    ]  # fmt: skip
    named = [Middleware(with_version)]
    # the one route for everybody: it says nothing of anybody
    anybody = [("GET", "/api/health", health)]
    return [Route(path, handler, methods=[method], middleware=named) for method, path, handler in anybody] + [
        Route(path, in_the_name_of_the_visitor(app, kind, handler), methods=[method], middleware=named)
        for method, path, kind, handler in table
    ]


EXCEPTION_HANDLERS = {CodingAppError: as_json_error}
