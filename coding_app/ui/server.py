"""The one ASGI process: Streamlit's pages plus our own routes, on this machine only unless asked otherwise."""

import errno
import logging
import socket
from ipaddress import ip_address
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coding_app.domain.people import NOBODY
from coding_app.errors import SettingsError, StoreError
from coding_app.settings import SHORTEST_KEY
from coding_app.workflows.signing_in import accounts_exist
from coding_app.workflows.wiring import App

HOST = "127.0.0.1"
ENTRY = Path(__file__).with_name("app.py")
FAILED = (
    "This is a mistake in the program, not yours; nothing that was saved is lost. Try again; if it happens again, "
    "report it with the last lines of the server's window."
)
_log = logging.getLogger(__name__)


# A page may load from, and speak to, this server only: whatever a library tries, nothing leaves the machine.
# Streamlit itself needs inline styles and scripts, its charts evaluate expressions, components come as blobs.
HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' blob:",
            "worker-src 'self' blob:",
            "frame-ancestors 'none'",
            "form-action 'self'",
            "base-uri 'self'",
        ]
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def with_headers(asgi: ASGIApp) -> ASGIApp:
    """The same app, with our security headers on every answer."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await asgi(scope, receive, send_with_headers)

    return app


def with_sentences(asgi: ASGIApp) -> ASGIApp:
    """The same app, where what fails by a mistake of ours is told in a sentence; its traceback goes to the log only."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await asgi(scope, receive, send_noted)
        except Exception:
            if begun or scope["type"] != "http":
                raise
            _log.exception("A request failed")
            await JSONResponse({"error": FAILED}, 500)(scope, receive, send)

    return app


def check_host(app: App, host: str) -> None:
    """Raises SettingsError for an address that others can reach while anybody could do anything there."""
    if is_loopback(host):
        return
    if not accounts_exist(app):
        raise SettingsError(
            f"On {host} others can reach the app, and nobody has to sign in yet: make the first account with "
            "`coding-app users add NAME --administrator`, or leave --host out."
        )
    if app.settings.secret_key is None:
        raise SettingsError(
            f"On {host} others can reach the app: set CODING_APP_SECRET_KEY to {SHORTEST_KEY} or more random "
            "characters, or leave --host out."
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address; a name other than localhost counts as reachable."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def names_of(app: App, host: str) -> list[str]:
    """Under which names the server answers: a page of another site must not reach us under a name of its own."""
    if is_loopback(host):
        return [HOST, "localhost", *app.settings.host_names]
    if app.settings.host_names:
        return [HOST, "localhost", host, *app.settings.host_names]
    # Behind an address of all networks any name may lead here; without our cookie it leads to the sign-in page only.
    return ["*"] if ip_address(host).is_unspecified else [HOST, "localhost", host]


def check_port(port: int, host: str = HOST) -> None:
    """Raises StoreError when the port is taken or not allowed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = (
                "is used by another program"
                if error.errno == errno.EADDRINUSE
                else f"cannot be used ({error.strerror})"
            )
            raise StoreError(f"Port {port} {why}; choose another, for example --port {port + 1}.") from error


def answer_at_once() -> None:
    """Makes the server's socket send small answers without waiting for more to send (TCP_NODELAY).

    Streamlit binds a socket whose protocol is not named, and asyncio then leaves Nagle's algorithm on: every answer
    on a kept connection would come some 40 ms late, each saved code and each file of a page. Connections inherit the
    option from the socket they come in by.
    """
    from streamlit.web.server.starlette import starlette_server

    bind = starlette_server._bind_socket

    def bind_without_delay(address: str, port: int, backlog: int) -> socket.socket:
        bound: socket.socket = bind(address, port, backlog)
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return bound

    starlette_server._bind_socket = bind_without_delay


def serve(app: App, port: int, open_browser: bool, host: str = HOST) -> None:
    """Serves the app until it is stopped; raises StoreError when the port is taken, SettingsError for the address."""
    check_host(app, host)
    check_port(port, host)
    import streamlit as st
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from streamlit.web.bootstrap import load_config_options

    from coding_app.ui import context, oidc, tokens
    from coding_app.ui.account_routes import account_routes
    from coding_app.ui.gate import Gate
    from coding_app.ui.routes import EXCEPTION_HANDLERS, routes
    from coding_app.ui.theme import STREAMLIT_OPTIONS

    options = {
        **STREAMLIT_OPTIONS,
        "server.address": host,
        "server.port": port,
        "server.headless": not open_browser,
    }
    # Before anything asks for one: Streamlit would find them changed later on, and tell people to restart it.
    load_config_options(options)
    oidc.check_addresses()
    answer_at_once()
    context.set_app(app)
    tokens.signing_key(app.settings.data_dir)  # once, before two pages could ask for it together
    for name in ("uvicorn.access", "streamlit"):
        logging.getLogger(name).setLevel(logging.WARNING)
    asgi = st.App(
        ENTRY,
        routes=[*routes(app.acting(NOBODY)), *account_routes(app)],
        # A page of another site must not reach us under a name of its own that points here (DNS rebinding).
        middleware=[
            Middleware(with_headers),
            Middleware(
                with_sentences
            ),  # within the headers: Starlette's own answer to a fault would come without
            Middleware(TrustedHostMiddleware, allowed_hosts=names_of(app, host)),
            Middleware(Gate, app=app),
        ],
        exception_handlers=EXCEPTION_HANDLERS,
    )
    asgi.run(config=options)
