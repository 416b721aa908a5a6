"""The server around the pages: its port, and the headers on every answer."""

import socket

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from coding_app.errors import StoreError
from coding_app.ui.server import HOST, answer_at_once, check_port, with_headers, with_sentences


def test_a_port_that_is_taken_is_named_with_another_to_choose() -> None:
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(StoreError, match=rf"^Port {port} is used .* --port {port + 1}\.$"):
            check_port(port)
    check_port(port)


@pytest.mark.parametrize("path", ["/", "/nowhere"])
def test_every_answer_forbids_the_browser_to_reach_beyond_this_server(path: str) -> None:
    def page(_: Request) -> PlainTextResponse:
        return PlainTextResponse("hello", headers={"Referrer-Policy": "unsafe-url"})

    answer = TestClient(with_headers(Starlette(routes=[Route("/", page)]))).get(path)
    rules = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"
    assert not [rule for rule in rules.values() if "http" in rule or "*" in rule]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers.get_list("referrer-policy") == ["no-referrer"]


def test_a_mistake_of_ours_is_told_in_a_sentence_with_all_headers() -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the inside of the program")

    answer = TestClient(with_headers(with_sentences(broken))).get("/")
    assert (answer.status_code, set(answer.json())) == (500, {"error"})
    assert "inside" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_connection_sends_small_answers_without_waiting_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit.web.server.starlette import starlette_server

    monkeypatch.setattr(
        starlette_server, "_bind_socket", starlette_server._bind_socket
    )  # put back afterwards
    answer_at_once()
    with (
        starlette_server._bind_socket(HOST, 0, 5) as listening,
        socket.create_connection(listening.getsockname()),
    ):
        listening.setblocking(True)
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
