"""What our routes read from a request: its token, its cookie, its JSON."""

import json

from starlette.requests import Request

from coding_app.errors import InputError


def bearer(request: Request) -> str:
    """The token in the Authorization header; "" when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def cookie_name(recording_id: str) -> str:
    """The cookie that opens one recording's media and peaks."""
    return f"coding_app_recording_{recording_id}"


async def json_list(request: Request, limit_bytes: int) -> list[dict[str, object]]:
    """The body as a JSON list of objects. Raises InputError when it is none, or larger than the limit."""
    found = await _json(request, limit_bytes)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise InputError("The events must be a JSON list of objects.")
    return found


async def json_object(request: Request, limit_bytes: int) -> dict[str, object]:
    """The body as a JSON object. Raises InputError when it is none, or larger than the limit."""
    found = await _json(request, limit_bytes)
    if not isinstance(found, dict):
        raise InputError("What was sent must be a JSON object; reload the page and try again.")
    return found


async def _json(request: Request, limit_bytes: int) -> object:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit_bytes:
            raise InputError("What was sent is too large; send less at a time.")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InputError("What was sent is not JSON; reload the page and try again.") from error
