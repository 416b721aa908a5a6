"""The routes that people sign in with: sign-in, sign-out, password, first account. Passwords go nowhere else."""

from collections.abc import Awaitable, Callable
from typing import ClassVar
from urllib.parse import parse_qs, quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from coding_app.errors import AccessError, CodingAppError, InputError, StoreError
from coding_app.ui import oidc
from coding_app.ui.account_pages import NEW_PASSWORD, Field, form_page
from coding_app.ui.gate import COOKIE, PASSWORD, SET_UP, SIGN_IN, SIGN_OUT, sentence_for, token_of
from coding_app.workflows import accounts, signing_in
from coding_app.workflows.signing_in import Visitor
from coding_app.workflows.wiring import App

MAX_FORM_BYTES = 16_384
NOT_KEPT = {"Cache-Control": "no-store"}


class AccountRoutes:
    """The handlers of one open app. A form is sent with POST and answered with a redirect, or the page again."""

    _NAME: ClassVar = Field("name", "Name", complete="username")
    _NOW: ClassVar = Field("password", "Password", "password", "current-password")

    def __init__(self, app: App) -> None:
        self.app = app

    async def sign_in(self, request: Request) -> Response:
        """The page, and what it sends."""
        back = _back(request)
        visitor = await self._visitor(request)
        if visitor is not None:
            return _to(PASSWORD if visitor.must_change else back)
        if request.method == "GET":
            if (email := oidc.email_of(request)) is not None:
                return await oidc.take_over(self.app, request, email, back)
            return self._sign_in_page(request, back)
        try:
            sent = await _form(request)
            token = await run_in_threadpool(
                signing_in.sign_in, self.app, sent.get("name", ""), sent.get("password", "")
            )
        except CodingAppError as error:
            return self._sign_in_page(request, back, error)
        return signed_in(_to(back), request, token, self.app)

    async def sign_out(self, request: Request) -> Response:
        """Ends the sign-in of this browser."""
        try:
            await _form(request)
            await run_in_threadpool(signing_in.sign_out, self.app, token_of(request))
        except CodingAppError as error:
            return HTMLResponse(
                form_page("Sign out", sentence_for(request, error), SIGN_OUT, (), "Sign out"), _status(error)
            )
        answer = _to(SIGN_IN)
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        oidc.forget(request, answer)
        return answer

    async def password(self, request: Request) -> Response:
        """The page that changes the password of whoever is signed in, and what it sends."""
        visitor = await self._visitor(request)
        if visitor is None or visitor.account is None:
            return _to("/")
        if request.method == "GET":
            return self._password_page(request, visitor)
        try:
            sent = await _form(request)
            token = await run_in_threadpool(
                signing_in.change_password,
                self.app,
                token_of(request),
                sent.get("password", ""),
                sent.get("new", ""),
            )
        except CodingAppError as error:
            return self._password_page(request, visitor, error)
        return signed_in(_to("/"), request, token, self.app)

    async def set_up(self, request: Request) -> Response:
        """The page that makes the first account, and what it sends; leads away once there is one."""
        if await run_in_threadpool(signing_in.accounts_exist, self.app):
            return _to(SIGN_IN)
        if request.method == "GET":
            return self._set_up_page(request, {})
        sent: dict[str, str] = {}
        try:
            sent = await _form(request)
            account = await run_in_threadpool(
                accounts.create_first_account,
                self.app,
                sent.get("name", ""),
                sent.get("email", ""),
                sent.get("new", ""),
            )
            token = await run_in_threadpool(signing_in.begin, self.app, account)
        except CodingAppError as error:
            return self._set_up_page(request, sent, error)
        return signed_in(_to("/people"), request, token, self.app)

    async def _visitor(self, request: Request) -> Visitor | None:
        return await run_in_threadpool(signing_in.who, self.app, token_of(request))

    def _sign_in_page(self, request: Request, back: str, error: CodingAppError | None = None) -> Response:
        action = SIGN_IN if back == "/" else f"{SIGN_IN}?next={quote(back, safe='')}"
        page = form_page(
            "Sign in",
            "Everybody here works under their own name.",
            action,
            (self._NAME, self._NOW),
            "Sign in",
            error=sentence_for(request, error) if error else oidc.refused(request),
            extra=oidc.button(),
        )
        return HTMLResponse(page, _status(error), headers=NOT_KEPT)

    def _password_page(
        self, request: Request, visitor: Visitor, error: CodingAppError | None = None
    ) -> Response:
        first = "Your password was made by somebody else: choose one that only you know."
        usual = "You are signed out everywhere else when it has changed."
        page = form_page(
            "Change password",
            first if visitor.must_change else usual,
            PASSWORD,
            (Field("password", "Password now", "password", "current-password"), NEW_PASSWORD),
            "Change it",
            error=sentence_for(request, error) if error else None,
        )
        return HTMLResponse(page, _status(error), headers=NOT_KEPT)

    def _set_up_page(
        self, request: Request, sent: dict[str, str], error: CodingAppError | None = None
    ) -> Response:
        page = form_page(
            "First account",
            "With accounts everybody signs in, sees their own studies only, and codes under their own name. This "
            "account leads all studies here and adds the others. From now on nobody gets in without one.",
            SET_UP,
            (
                Field("name", "Your name", complete="username", value=sent.get("name", "")),
                Field("email", "E-mail (optional)", "email", "email", sent.get("email", ""), required=False,
                      help="Only to recognise you when your organisation signs you in."),
                NEW_PASSWORD,
            ),
            "Make the account",
            error=sentence_for(request, error) if error else None,
        )  # fmt: skip
        return HTMLResponse(page, _status(error), headers=NOT_KEPT)


def signed_in(answer: Response, request: Request, token: str, app: App) -> Response:
    """The answer, with the cookie that says who this browser is."""
    secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto", "") == "https"
    answer.set_cookie(
        COOKIE,
        token,
        max_age=round(app.settings.sign_in_hours * 3600),
        path="/",
        httponly=True,
        samesite="strict",
        secure=secure,
    )
    return answer


def account_routes(app: App) -> list[Route]:
    """All of them."""
    to = AccountRoutes(app)
    table: list[tuple[list[str], str, Callable[[Request], Awaitable[Response]]]] = [
        (["GET", "POST"], SIGN_IN, to.sign_in),
        (["GET"], oidc.ELSEWHERE, oidc.leave),
        (["POST"], SIGN_OUT, to.sign_out),
        (["GET", "POST"], PASSWORD, to.password),
        (["GET", "POST"], SET_UP, to.set_up),
    ]
    return [Route(path, handler, methods=methods) for methods, path, handler in table]


def _to(place: str) -> Response:
    return RedirectResponse(place, 303, headers=NOT_KEPT)


def _back(request: Request) -> str:
    """Where to go after signing in: a place of this server, else the start."""
    wanted = request.query_params.get("next", "/")
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc
    before_streamlit = parts.path in (SIGN_IN, SIGN_OUT, PASSWORD, SET_UP)
    return wanted if ours and not before_streamlit and wanted.isprintable() else "/"


def _status(error: CodingAppError | None) -> int:
    if error is None:
        return 200
    return 401 if isinstance(error, AccessError) else 503 if isinstance(error, StoreError) else 400


async def _form(request: Request) -> dict[str, str]:
    """What was typed. Raises AccessError for a form that another site sent, InputError for one that is too large."""
    _check_from_here(request)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM_BYTES:
            raise InputError("What was sent is too large; send less.")
    try:
        found = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise InputError("What was sent cannot be read; reload the page and try again.") from error
    return {name: values[-1] for name, values in found.items()}


def _check_from_here(request: Request) -> None:
    """Raises AccessError when a browser says that the form was sent by a page of another site."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    other_origin = origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")
    if site not in (None, "same-origin", "none") or (site is None and other_origin):
        raise AccessError("This form was not sent from this app's own page; open the page and try again.")
