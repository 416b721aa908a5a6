"""Signed, short-lived tokens: what a browser may reach, bound to one pass, recording or study.

The signing key lies in the data folder, readable by its owner only, so that tokens outlive a restart of the
server and an observer's unsent codes still arrive.
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer

from coding_app.domain.coding import CodingPass
from coding_app.errors import AccessError, StoreError
from coding_app.workflows.listen import open_to_listen
from coding_app.workflows.wiring import App

KEY_BYTES = 32
TOKEN_SECONDS = 3600
COOKIE_SECONDS = 12 * 3600


class TokenError(AccessError):
    """The token is missing, damaged or too old; the page hands out a new one."""


@lru_cache(maxsize=4)
def signing_key(data_dir: Path) -> str:
    """The data folder's key, made at first use; whole or not there at all.

    Raises StoreError when it cannot be read or written.
    """
    path = data_dir / "secret.key"
    try:
        if not path.is_file() or len(path.read_text("ascii")) != 2 * KEY_BYTES:
            _write_key(path)
        return path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"The key {path} cannot be read or written; make room on the disk and check who owns the folder."
        ) from error


def _write_key(path: Path) -> None:
    partial = path.with_name(f"secret-{secrets.token_hex(8)}.key")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _key(app: App) -> str:
    """The key of the settings goes before the one in the data folder."""
    return app.settings.secret_key or signing_key(app.settings.data_dir)


def _issue(app: App, kind: str, **claims: str) -> str:
    return str(URLSafeTimedSerializer(_key(app), salt=kind).dumps(claims))


def _read(app: App, kind: str, token: str, seconds: int) -> dict[str, str]:
    try:
        claims = URLSafeTimedSerializer(_key(app), salt=kind).loads(token, max_age=seconds)
    except BadSignature as error:
        raise TokenError("This page's permission has run out; reload the page to go on.") from error
    return dict(claims)


def issue_pass_token(app: App, coding_pass: CodingPass) -> str:
    """A token that lets its holder read and code this one pass for an hour."""
    return _issue(app, "pass", coding_pass=coding_pass.id, coder=coding_pass.coder_id)


def check_pass_token(app: App, token: str, pass_id: str) -> None:
    """Raises TokenError when the token is damaged or too old, AccessError when it is for another pass."""
    if _read(app, "pass", token, TOKEN_SECONDS)["coding_pass"] != pass_id:
        raise AccessError("This permission is for another pass; open the pass from the Code page.")


def issue_upload_token(app: App, study_id: str) -> str:
    """A token that lets its holder add recordings to this study."""
    return _issue(app, "upload", study=study_id)


def check_upload_token(app: App, token: str, study_id: str) -> None:
    """Raises TokenError when the token is damaged or too old, AccessError when it is for another study."""
    if _read(app, "upload", token, COOKIE_SECONDS)["study"] != study_id:
        raise AccessError("This permission is for another study; reload the Recordings page.")


def issue_editor_token(app: App, recording_id: str, coder_id: str) -> str:
    """A token that lets its holder read and edit this one recording's transcript, in this person's name."""
    return _issue(app, "editor", recording=recording_id, coder=coder_id)


def check_editor_token(app: App, token: str, recording_id: str) -> str:
    """The id of the person it was made for.

    Raises TokenError when the token is damaged or too old, AccessError when it is for another recording.
    """
    claims = _read(app, "editor", token, COOKIE_SECONDS)
    if claims["recording"] != recording_id:
        raise AccessError("This permission is for another recording; open it from the Transcript page.")
    return claims["coder"]


def issue_recording_cookie(app: App, recording_id: str) -> str:
    """The value of the HttpOnly cookie that opens one recording's media and peaks for a working day."""
    open_to_listen(app, recording_id)
    return _issue(app, "recording", recording=recording_id)


def check_recording_cookie(app: App, value: str, recording_id: str) -> None:
    """Raises TokenError when the cookie is missing, damaged, too old or another recording's."""
    if _read(app, "recording", value, COOKIE_SECONDS)["recording"] != recording_id:
        raise TokenError("This recording is not open here; open it from the Code page.")
