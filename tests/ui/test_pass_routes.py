"""The routes of one pass: who may use them, what they refuse, what they answer."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from coding_app.domain.coding import CodingPass
from coding_app.settings import read_settings
from coding_app.store import Store
from coding_app.ui import tokens
from coding_app.ui.pass_routes import MAX_EVENTS_BYTES, MAX_OBJECT_BYTES
from coding_app.ui.routes import EXCEPTION_HANDLERS, routes
from coding_app.workflows.wiring import App, open_vault
from tests.workflows.coding import an_event, given_a_pass, given_a_submitted_pass

ROUTES = [
    ("GET", ""),
    ("GET", "/events"),
    ("POST", "/events"),
    ("POST", "/submit"),
    ("PUT", "/preferences"),
    ("GET", "/bookmarks"),
    ("PUT", "/bookmarks"),
    ("POST", "/corrections"),
    ("GET", "/others"),
    ("GET", "/others?masked=1"),
]
CORRECTION = {"segment": "s-0001", "text": "Quite other words."}


@pytest.fixture
def app(sqlite_store: Store, tmp_path: Path) -> App:
    settings = read_settings({}, tmp_path / "data")
    settings.data_dir.mkdir()
    return App(settings, sqlite_store, open_vault(settings, sqlite_store))


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes(app), exception_handlers=EXCEPTION_HANDLERS)) as opened:  # type: ignore[arg-type]
        yield opened


def ask(
    client: TestClient, app: App, coding_pass: CodingPass, route: tuple[str, str], body: Any = None
) -> tuple[int, dict[str, Any]]:
    """Status and answer, asked with the token of the pass; body: JSON to be, or text as it is sent."""
    headers = {"Authorization": f"Bearer {tokens.issue_pass_token(app, coding_pass)}"}
    content = body if isinstance(body, str) else json.dumps(body)
    method, path = route
    answer = client.request(method, f"/api/passes/{coding_pass.id}{path}", headers=headers, content=content)
    return answer.status_code, answer.json()


def refused(client: TestClient, coding_pass: CodingPass, token: str | None) -> set[int]:
    """The statuses of all routes of a pass, each of which must be a sentence and nothing else."""
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    answers = [
        client.request(method, f"/api/passes/{coding_pass.id}{path}", headers=headers, content="[]")
        for method, path in ROUTES
    ]
    assert all(set(each.json()) == {"error"} and each.json()["error"].endswith(".") for each in answers)
    return {each.status_code for each in answers}


def test_no_route_of_a_pass_opens_without_its_own_token(
    app: App, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = given_a_submitted_pass(app)
    other = given_a_submitted_pass(app, mine)
    token = tokens.issue_pass_token(app, mine)
    assert refused(client, mine, None) == refused(client, mine, "") == {401}
    assert refused(client, mine, token + "x") == {401}
    assert refused(client, other, token) == {403}
    assert refused(client, mine, tokens.issue_upload_token(app, "study")) == {401}
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + tokens.TOKEN_SECONDS + 5)
    assert refused(client, mine, token) == {401}


NO_OBJECT = ["", "{", "[]", "[1]", "null", '"text"', "[" * 5_000]


@pytest.mark.parametrize("body", NO_OBJECT)
@pytest.mark.parametrize("route", [("PUT", "/preferences"), ("POST", "/corrections")])
def test_a_body_that_is_no_object_is_one_sentence(
    app: App, client: TestClient, route: tuple[str, str], body: str
) -> None:
    status, answer = ask(client, app, given_a_pass(app), route, body)
    assert (status, set(answer)) == (400, {"error"})


@pytest.mark.parametrize(
    ("route", "limit"),
    [
        (("PUT", "/preferences"), MAX_OBJECT_BYTES),
        (("POST", "/corrections"), MAX_OBJECT_BYTES),
        (("POST", "/events"), MAX_EVENTS_BYTES),
    ],
)
def test_a_body_that_is_too_large_is_one_sentence(
    app: App, client: TestClient, route: tuple[str, str], limit: int
) -> None:
    status, answer = ask(client, app, given_a_pass(app), route, " " * limit + "x")
    assert status == 400
    assert "too large" in answer["error"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "names a segment and its text"),
        ({"segment": "s-0001"}, "names a segment and its text"),
        ({"segment": 1, "text": "x"}, "names a segment and its text"),
        (CORRECTION | {"text": ["x"]}, "names a segment and its text"),
        (CORRECTION | {"coder": "x"}, "names a segment and its text"),
        (CORRECTION | {"text": ""}, "is empty"),
        (CORRECTION | {"text": "\ud83d"}, "cannot be stored"),
        (CORRECTION | {"text": "😀" * 5_001}, "5,001 characters"),
    ],
)
def test_a_wrong_correction_is_one_sentence(app: App, client: TestClient, body: Any, told: str) -> None:
    opened = given_a_pass(app)
    status, answer = ask(client, app, opened, ("POST", "/corrections"), body)
    assert (status, told in answer["error"]) == (400, True)
    assert ask(client, app, opened, ("GET", ""))[1]["transcript"]["revision"] == 1


def test_a_correction_answers_with_how_the_segment_reads_now(app: App, client: TestClient) -> None:
    opened = given_a_pass(app)
    answer = ask(client, app, opened, ("POST", "/corrections"), CORRECTION)
    assert answer == (200, CORRECTION | {"doubtful": [], "doubts": [], "revision": 2})
    assert ask(client, app, opened, ("POST", "/corrections"), CORRECTION | {"text": "😀" * 5_000})[0] == 200
    shown = ask(client, app, opened, ("GET", ""))[1]["transcript"]
    assert (shown["revision"], shown["segments"][0]["text"]) == (2, "😀" * 5_000)
    unknown = ask(client, app, opened, ("POST", "/corrections"), CORRECTION | {"segment": "s-9999"})
    assert unknown[0] == 404


def test_a_submitted_pass_corrects_no_more(app: App, client: TestClient) -> None:
    done = given_a_submitted_pass(app)
    assert ask(client, app, done, ("POST", "/corrections"), CORRECTION)[0] == 409


def test_preferences_are_put_whole_and_come_with_the_pass(app: App, client: TestClient) -> None:
    opened = given_a_pass(app)
    mine = {"language": "de", "keys": {"play": "F4"}, "lag_ms": 1, "resume_back_ms": 2, "step_ms": 300}
    whole = mine | {"autoplay": False}
    assert ask(client, app, opened, ("PUT", "/preferences"), whole) == (200, {"preferences": whole})
    assert ask(client, app, opened, ("GET", ""))[1]["preferences"] == whole
    status, answer = ask(client, app, opened, ("PUT", "/preferences"), whole | {"lag_ms": 9_999})
    assert (status, "reaction time" in answer["error"]) == (400, True)
    assert ask(client, app, opened, ("GET", ""))[1]["preferences"] == whole


def test_the_ledger_has_every_event_in_stored_order(app: App, client: TestClient) -> None:
    opened = given_a_pass(app)
    sent = [an_event(opened, act="one", step="do"), an_event(opened, act="one", step="undo", codes=[])]
    for event in sent:
        assert ask(client, app, opened, ("POST", "/events"), [event])[0] == 200
    status, told = ask(client, app, opened, ("GET", "/events"))
    assert status == 200
    assert told["events"] == [event | {"at": "2026-11-22T10:31:02.123000+00:00"} for event in sent]


def test_others_are_shut_until_the_pass_is_submitted_and_can_be_masked(app: App, client: TestClient) -> None:
    opened = given_a_pass(app)
    other = given_a_submitted_pass(app, opened, "Zoe")
    status, answer = ask(client, app, opened, ("GET", "/others"))
    assert (status, "Zoe" in json.dumps(answer), other.id in json.dumps(answer)) == (403, False, False)
    done = given_a_submitted_pass(app, other)
    (shown,) = ask(client, app, done, ("GET", "/others"))[1]["passes"]
    assert (shown["id"], shown["name"], len(shown["judgements"])) == (other.id, "Zoe", 4)
    assert sorted(shown["judgements"][0]) == ["codes", "criterion", "note", "unit", "value"]
    masked = ask(client, app, done, ("GET", "/others?masked=1"))[1]["passes"]
    assert masked == [shown | {"name": "Observer A"}]


def test_nothing_of_a_pass_stays_in_a_browsers_cache(app: App, client: TestClient) -> None:
    done = given_a_submitted_pass(app)
    headers = {"Authorization": f"Bearer {tokens.issue_pass_token(app, done)}"}
    for path in ("", "/events", "/others"):
        answer = client.get(f"/api/passes/{done.id}{path}", headers=headers)
        assert answer.headers["cache-control"] == "no-store"


def test_a_bookmark_is_set_read_and_removed(client: TestClient, app: App) -> None:
    coding_pass = given_a_pass(app)
    wanted = {"scheme": "alliance-core", "place": "rule:R1", "text": "Code what can be heard"}
    assert ask(client, app, coding_pass, ("GET", "/bookmarks")) == (200, {"bookmarks": []})
    for _ in range(2):
        set_now = ask(client, app, coding_pass, ("PUT", "/bookmarks"), {**wanted, "on": True})
        assert set_now == (200, {"bookmarks": [wanted]})
    assert ask(client, app, coding_pass, ("GET", "/bookmarks")) == (200, {"bookmarks": [wanted]})
    gone = ask(client, app, coding_pass, ("PUT", "/bookmarks"), {**wanted, "on": False})
    assert gone == (200, {"bookmarks": []})


@pytest.mark.parametrize(
    "body", ["[]", '"x"', "{", {"place": "rule:R1"}, {"scheme": "a", "place": "x", "text": "y"}]
)
def test_what_is_no_bookmark_is_refused(client: TestClient, app: App, body: Any) -> None:
    status, answer = ask(client, app, given_a_pass(app), ("PUT", "/bookmarks"), body)
    assert status == 400
    assert answer["error"].endswith(".")
