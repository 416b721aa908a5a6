"""Signing in with an organisation's own account: OpenID Connect by Streamlit, taken over into our own sign-in.

Streamlit proves who somebody is and keeps that for 30 days in a cookie of its own. Here the proof is used once, to
begin a sign-in of ours, with our limits of time, and the cookie is thrown away.
"""

import json
from html import escape
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from coding_app.errors import AccessError, SettingsError
from coding_app.ui.account_pages import leading_on, second_button
from coding_app.ui.server import is_loopback
from coding_app.workflows import signing_in
from coding_app.workflows.wiring import App

ELSEWHERE = "/sign-in/elsewhere"
# Streamlit's own routes of the way there and back
ROUTES = frozenset({"/auth/login", "/oauth2callback"})
_REFUSED = (
    "Your organisation knows you, but no account here has your e-mail address, or your organisation has not "
    "confirmed the address; ask the lead."
)
_ASKED = "refused"


def is_configured() -> bool:
    """Whether secrets.toml has a section [auth] with a provider."""
    from streamlit.auth_util import is_authlib_installed

    return bool(_section().get("client_id")) and is_authlib_installed()


def _section() -> Any:
    from streamlit.auth_util import get_secrets_auth_section

    return get_secrets_auth_section()


def check_addresses() -> None:
    """Raises SettingsError for a provider, or a way back from it, over which others could read along."""
    section = _section()
    for name in ("server_metadata_url", "redirect_uri"):
        parts = urlsplit(str(section.get(name) or ""))
        if section.get("client_id") and parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            raise SettingsError(
                f"{name} in .streamlit/secrets.toml does not begin with https:// and leads to another machine: "
                "whoever is in between could sign in as anybody; use https."
            )


def button() -> str:
    """The way there, for below the sign-in form; "" where it is not configured."""
    return second_button(ELSEWHERE, "Sign in with your organisation") if is_configured() else ""


async def leave(_request: Request) -> Response:
    """Begins the way there; the token that Streamlit wants for it lasts two minutes only."""
    from streamlit.auth_util import encode_provider_token

    if not is_configured():
        return RedirectResponse("/sign-in", 303)
    return RedirectResponse(f"/auth/login?provider={encode_provider_token('default')}", 303)


def email_of(request: Request) -> str | None:
    """The address that the organisation has vouched for, "" for none; None when nobody has come back from there."""
    from streamlit.auth_util import get_cookie_with_chunks
    from streamlit.web.server.starlette.starlette_auth_routes import _get_signed_cookie_from_request
    from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

    if USER_COOKIE_NAME not in request.cookies or not is_configured():
        return None
    found: Any = get_cookie_with_chunks(
        lambda name: _get_signed_cookie_from_request(request, name), USER_COOKIE_NAME
    )
    try:
        claims: Any = json.loads(found) if found else None
    except ValueError:
        return None
    return _vouched_for(claims) if isinstance(claims, dict) else None


def _vouched_for(claims: dict[str, Any]) -> str | None:
    """The address in an ID token that was made for us, "" for one that nobody has confirmed.

    Authlib has looked at signature, issuer, nonce and times; of a token for somebody else it takes one that names us
    as "azp". Many providers let people write any address into their profile, so "email_verified" must be true, unless
    the section [auth] says trust_email: then the provider is the organisation's own and has no other addresses.
    """
    audience, section = claims.get("aud"), _section()
    if section.get("client_id") not in (audience if isinstance(audience, list) else [audience]):
        return ""
    if claims.get("email_verified") is not True and section.get("trust_email") is not True:
        return ""
    email = claims.get("email")
    return email if isinstance(email, str) else ""


async def take_over(app: App, request: Request, email: str, back: str) -> Response:
    """Signs in the account with this address, or says that there is none; the proof is gone in either case."""
    from coding_app.ui.account_routes import signed_in

    try:
        token = await run_in_threadpool(signing_in.sign_in_from_elsewhere, app, email)
    except AccessError:
        refusal = RedirectResponse(f"/sign-in?{_ASKED}=1", 303)
        forget(request, refusal)
        return refusal
    # A page and not a redirect: on the way back from another site a browser holds our strict cookie back.
    answer = signed_in(
        HTMLResponse(leading_on(back), headers={"Cache-Control": "no-store"}), request, token, app
    )
    forget(request, answer)
    return answer


def refused(request: Request) -> str | None:
    """What to say after a way back that led to no account."""
    return _REFUSED if _ASKED in request.query_params and is_configured() else None


def forget(request: Request, answer: Response) -> None:
    """Throws Streamlit's cookies away."""
    for name in request.cookies:
        if name.startswith("_streamlit_user"):
            answer.delete_cookie(escape(name), path="/")
