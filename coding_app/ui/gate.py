"""Who is behind a request, and the gate before everything: whoever must sign in gets nothing but the sign-in page."""

import logging
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from coding_app.errors import CodingAppError, SignedOutError
from coding_app.ui import oidc
from coding_app.workflows.signing_in import Visitor, who
from coding_app.workflows.wiring import App

COOKIE = "coding_app_sign_in"
SIGN_IN, SIGN_OUT, PASSWORD, SET_UP = "/sign-in", "/sign-out", "/password", "/set-up"
# Signed out: the page to sign in with, the first account (refused once there is one), and that the server lives.
OPEN = frozenset({SIGN_IN, oidc.ELSEWHERE, SET_UP, "/api/health", "/_stcore/health"}) | oidc.ROUTES
_TO_CHANGE = frozenset({PASSWORD, SIGN_OUT})
_VISITOR, _FOLDER = "coding_app.visitor", "coding_app.folder"
_POLICY_VIOLATION = 1008
_log = logging.getLogger(__name__)


def token_of(connection: HTTPConnection) -> str:
    """What the browser shows to say who it is; "" for nothing."""
    return connection.cookies.get(COOKIE, "")


def visitor(app: App, connection: HTTPConnection) -> Visitor:
    """Who is behind the request, as the gate has found out, or found out now. Raises SignedOutError."""
    scope = connection.scope
    found: Visitor | None = scope[_VISITOR] if _VISITOR in scope else who(app, token_of(connection))
    if found is None:
        raise SignedOutError("You are not signed in, or no longer; sign in and try again.")
    return found


def sentence_for(connection: HTTPConnection, error: Exception) -> str:
    """What a browser is told of an error: where the data lie is for those who run the server only."""
    return without_folder(str(error), connection.scope.get(_FOLDER))


def without_folder(sentence: str, folder: object) -> str:
    """The sentence with the data folder's files by their names alone."""
    return sentence.replace(f"{folder}/", "").replace(str(folder), "") if folder else sentence


class Gate:
    """ASGI middleware; while there are no accounts it lets everything through."""

    def __init__(self, asgi: ASGIApp, app: App) -> None:
        self._asgi, self._app = asgi, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers in the place of the app what a visitor may not have."""
        if scope["type"] not in ("http", "websocket"):
            await self._asgi(scope, receive, send)
            return
        refusal = await self._refusal(scope)
        if refusal is None:
            await self._asgi(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(_POLICY_VIOLATION)(scope, receive, send)
        else:
            await refusal(scope, receive, send)

    async def _refusal(self, scope: Scope) -> Response | None:
        scope[_FOLDER] = self._app.settings.data_dir
        try:
            found = await run_in_threadpool(who, self._app, token_of(HTTPConnection(scope)))
        except CodingAppError as error:
            return JSONResponse({"error": sentence_for(HTTPConnection(scope), error)}, 503)
        scope[_VISITOR] = found
        path = scope["path"]
        if path in OPEN or (found is not None and (not found.must_change or path in _TO_CHANGE)):
            return None
        return _answer(scope, path, PASSWORD if found is not None else SIGN_IN)


def _answer(scope: Scope, path: str, place: str) -> Response:
    if path.startswith("/api/"):
        return JSONResponse({"error": "You are not signed in, or no longer; sign in and try again."}, 401)
    wanted = HTTPConnection(scope).headers.get("accept", "")
    if scope.get("method") != "GET" or "text/html" not in wanted:
        return PlainTextResponse("Sign in first.", 401)
    query = scope.get("query_string", b"").decode("latin-1")
    back = quote(path + (f"?{query}" if query else ""), safe="")
    return RedirectResponse(f"{place}?next={back}", 303, headers={"Cache-Control": "no-store"})
