"""An answer with a recording's bytes, whole or by a range, decrypted a block at a time while they are sent."""

import re
from collections.abc import AsyncIterator
from email.utils import formatdate
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from coding_app.media.sealed import SealedReader
from coding_app.media.source import Source, file_of, open_source

BLOCK_BYTES = 1024 * 1024  # what a player asks for comes in one piece, without a change of threads in between
RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE)
NOT_THERE = "This part of the recording does not exist; ask for one range of bytes within its length."


class RangeError(ValueError):
    """A range that cannot be answered."""


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last that a Range header asks for; None: it is to be ignored.

    Source: RFC 9110, section 14. Raises RangeError for several ranges, and for one beyond the end.

    >>> byte_range("bytes=0-9", 100), byte_range("bytes=-5", 100), byte_range("bytes=90-", 100)
    ((0, 10), (95, 100), (90, 100))
    """
    if not header.lower().lstrip().startswith("bytes"):
        return None  # another unit
    if "," in header:
        raise RangeError
    found = RANGE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= end:
        raise RangeError
    return start, end


def answer(request: Request, source: Source, media_type: str, headers: dict[str, str]) -> Response:
    """200 with all of it, 206 with the range that is asked for, or 416. Raises StoreError when it was changed.

    A range is ignored when If-Range names another state of the file.
    """
    file = open_source(source)
    try:
        size = file.seek(0, 2)
        headers = {**headers, "Accept-Ranges": "bytes", **_state(source, file, size)}
        wanted = request.headers.get("range") if _is_current(request, headers) else None
        try:
            part = byte_range(wanted, size) if wanted else None
        except RangeError:
            file.close()
            return JSONResponse(
                {"error": NOT_THERE}, 416, {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"}
            )
        start, end = part or (0, size)
        headers["Content-Length"] = str(end - start)
        if part:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        file.seek(start)
        first = file.read(min(BLOCK_BYTES, end - start))  # one that was changed is told instead of sent
    except BaseException:
        file.close()
        raise
    status = 206 if part else 200
    if request.method == "HEAD":
        file.close()
        return Response(None, status, headers, media_type)
    return StreamingResponse(_blocks(file, first, end), status, headers, media_type)


def _state(source: Source, file: BinaryIO, size: int) -> dict[str, str]:
    """ETag and Last-Modified; the salt of a sealed file is new whenever it is written."""
    at = file_of(source).stat().st_mtime_ns
    mark = file.salt.hex() if isinstance(file, SealedReader) else f"{at:x}-{size:x}"
    return {"ETag": f'"{mark}"', "Last-Modified": formatdate(at // 10**9, usegmt=True)}


def _is_current(request: Request, headers: dict[str, str]) -> bool:
    return request.headers.get("if-range") in (None, headers["ETag"], headers["Last-Modified"])


async def _blocks(file: BinaryIO, first: bytes, end: int) -> AsyncIterator[bytes]:
    """The first block and what follows it up to the end; a segment that was changed breaks the answer off."""
    try:
        yield first
        while (n_left := end - file.tell()) > 0:
            yield await run_in_threadpool(file.read, min(BLOCK_BYTES, n_left))
    finally:
        file.close()
