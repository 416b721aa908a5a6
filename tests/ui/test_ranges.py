"""What the media route answers, for sealed recordings as for plain ones."""

import asyncio
import tracemalloc
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from coding_app.media.sealed import new_key
from coding_app.media.source import Sealed, Source, written
from coding_app.ui.ranges import BLOCK_BYTES, RangeError, answer, byte_range
from coding_app.ui.routes import EXCEPTION_HANDLERS

SIZE = 300_000
BYTES = bytes(number * 7 % 253 for number in range(SIZE))


@pytest.fixture(params=["sealed", "plain"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    made: Source = (
        Sealed(tmp_path / "a", new_key(), "recording") if request.param == "sealed" else tmp_path / "a"
    )
    with written(made) as out:
        out.write(BYTES)
    return made


@pytest.fixture
def client(source: Source) -> TestClient:
    return a_client(source)


def a_client(source: Source) -> TestClient:
    def media(request: Request) -> Response:
        return answer(request, source, "audio/wav", {"Cache-Control": "private, no-store"})

    return TestClient(Starlette(routes=[Route("/", media)], exception_handlers=EXCEPTION_HANDLERS))  # type: ignore[arg-type]


def test_all_of_it_comes_with_its_length_and_what_can_be_asked_of_it(client: TestClient):
    got = client.get("/")
    assert (got.status_code, got.content) == (200, BYTES)
    assert got.headers["Accept-Ranges"] == "bytes"
    assert got.headers["Content-Length"] == str(SIZE)
    assert got.headers["Cache-Control"] == "private, no-store"
    assert got.headers["Content-Type"] == "audio/wav"
    assert "Content-Range" not in got.headers


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, SIZE),
        ("bytes=65400-65600", 65_400, 65_601),
        ("bytes=1000-299999", 1000, SIZE),
        ("bytes=299999-", SIZE - 1, SIZE),
        ("bytes=299999-900000", SIZE - 1, SIZE),
        ("bytes=-1", SIZE - 1, SIZE),
        ("bytes=-70000", SIZE - 70_000, SIZE),
        ("bytes=-900000", 0, SIZE),
        ("Bytes = 5 - 9", 5, 10),
    ],
)
def test_a_range_comes_exactly(client: TestClient, asked: str, start: int, end: int):
    got = client.get("/", headers={"Range": asked})
    assert (got.status_code, got.content) == (206, BYTES[start:end])
    assert got.headers["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert got.headers["Content-Length"] == str(end - start)


@pytest.mark.parametrize("asked", ["bytes=300000-", "bytes=300000-300001", "bytes=-0", "bytes=0-1,5-6"])
def test_a_range_that_cannot_be_answered_is_refused_with_the_length(client: TestClient, asked: str):
    got = client.get("/", headers={"Range": asked})
    assert (got.status_code, got.headers["Content-Range"]) == (416, f"bytes */{SIZE}")
    assert "one range of bytes" in got.json()["error"]


@pytest.mark.parametrize("asked", ["lines=1-2", "bytes=", "bytes=-", "bytes=9-5", "bytes=a-b", "bytes"])
def test_what_is_no_range_is_ignored(client: TestClient, asked: str):
    got = client.get("/", headers={"Range": asked})
    assert (got.status_code, len(got.content)) == (200, SIZE)


def test_if_range_asks_for_a_part_of_the_same_state_only(client: TestClient):
    known = client.head("/").headers
    for mark in (known["ETag"], known["Last-Modified"]):
        got = client.get("/", headers={"Range": "bytes=0-9", "If-Range": mark})
        assert (got.status_code, len(got.content)) == (206, 10)
    got = client.get("/", headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert (got.status_code, len(got.content)) == (200, SIZE)


def test_a_sealed_file_that_is_written_anew_is_another_state(tmp_path: Path):
    source, marks = Sealed(tmp_path / "a", new_key(), "recording"), set()
    for _ in range(2):
        with written(source) as out:
            out.write(BYTES)
        marks.add(a_client(source).head("/").headers["ETag"])
    assert len(marks) == 2


def test_head_tells_the_same_without_the_bytes(client: TestClient):
    whole, part = client.head("/"), client.head("/", headers={"Range": "bytes=5-9"})
    assert (whole.status_code, whole.content, whole.headers["Content-Length"]) == (200, b"", str(SIZE))
    assert (part.status_code, part.content, part.headers["Content-Length"]) == (206, b"", "5")


def test_a_recording_that_was_changed_is_told_instead_of_played(tmp_path: Path):
    source = Sealed(tmp_path / "a", new_key(), "recording")
    with written(source) as out:
        out.write(BYTES)
    changed = bytearray(source.path.read_bytes())
    changed[100_000] ^= 1
    source.path.write_bytes(changed)
    got = a_client(source).get("/", headers={"Range": "bytes=80000-90000"})
    assert got.status_code == 503
    assert "changed, cut short or damaged" in got.json()["error"]
    assert a_client(source).get("/", headers={"Range": "bytes=0-999"}).content == BYTES[:1000]


def test_a_large_recording_is_sent_in_a_few_blocks_of_memory(tmp_path: Path):
    source, n_blocks = Sealed(tmp_path / "a", new_key(), "recording"), 64
    with written(source) as out:
        for _ in range(n_blocks):
            out.write(bytes(BLOCK_BYTES))
    n_sent = 0

    async def send(message) -> None:  # type: ignore[no-untyped-def]
        nonlocal n_sent
        n_sent += len(message.get("body", b""))

    async def receive():  # type: ignore[no-untyped-def]
        await asyncio.Event().wait()

    scope = {"type": "http", "method": "GET", "headers": [], "path": "/", "query_string": b""}

    async def sent() -> None:
        await answer(Request(scope), source, "audio/wav", {})(scope, receive, send)

    tracemalloc.start()
    asyncio.run(sent())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n_sent == n_blocks * BLOCK_BYTES
    assert peak < 8 * BLOCK_BYTES


def test_a_range_beyond_an_empty_file_is_refused():
    with pytest.raises(RangeError):
        byte_range("bytes=0-", 0)
