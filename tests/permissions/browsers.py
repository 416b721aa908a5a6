"""The server's own routes behind the gate, and browsers that are signed in to it."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from coding_app.domain.people import NOBODY
from coding_app.ui.account_routes import account_routes
from coding_app.ui.gate import COOKIE, Gate
from coding_app.ui.routes import EXCEPTION_HANDLERS, routes
from coding_app.workflows import signing_in
from coding_app.workflows.wiring import App
from tests.permissions.world import SIGNED_OUT, World

HTML = {"accept": "text/html"}


def _a_page(_: Request) -> PlainTextResponse:
    return PlainTextResponse("a page of Streamlit")


async def _a_socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("a page of Streamlit")
    await socket.close()


def a_server(app: App) -> Starlette:
    """As server.py puts it together; a page and a socket stand for all of Streamlit's."""
    streamlit = [
        Route("/_stcore/health", _a_page),
        WebSocketRoute("/_stcore/stream", _a_socket),
        Route("/{page:path}", _a_page),
    ]
    return Starlette(
        routes=[*routes(app.acting(NOBODY)), *account_routes(app), *streamlit],
        middleware=[Middleware(Gate, app=app)],
        exception_handlers=EXCEPTION_HANDLERS,  # type: ignore[arg-type]
    )


def a_browser(app: App, token: str = "") -> TestClient:
    """A browser with this sign-in; it follows no redirect by itself."""
    client = TestClient(a_server(app), follow_redirects=False)
    if token:
        client.cookies.set(COOKIE, token)
    return client


def browser_of(world: World, who: str) -> TestClient:
    token = "" if who == SIGNED_OUT else signing_in.begin(world.app, world.people[who])
    return a_browser(world.app, token)
