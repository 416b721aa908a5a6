"""The routes of the transcript editor: who may use them, what they refuse, what they answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from coding_app.domain.coding import CodingPass
from coding_app.settings import read_settings
from coding_app.store import Store, recordings
from coding_app.ui import tokens
from coding_app.ui.routes import EXCEPTION_HANDLERS, routes
from coding_app.workflows.wiring import App, open_vault
from tests.workflows.coding import given_a_pass

ROUTES = [
    ("GET", "/transcript"),
    ("POST", "/edits"),
    ("GET", "/revisions"),
    ("GET", "/revisions/{transcript_id}"),
    ("POST", "/revisions/{transcript_id}/restore"),
]
TEXT = {"op": "set_text", "key": "s-0001", "text": "Quite other words."}


@pytest.fixture
def app(sqlite_store: Store, tmp_path: Path) -> App:
    settings = read_settings({}, tmp_path / "data")
    settings.data_dir.mkdir()
    return App(settings, sqlite_store, open_vault(settings, sqlite_store))


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes(app), exception_handlers=EXCEPTION_HANDLERS)) as opened:  # type: ignore[arg-type]
        yield opened


@pytest.fixture
def coded(app: App) -> CodingPass:
    return given_a_pass(app)


def ask(
    client: TestClient,
    app: App,
    coded: CodingPass,
    route: tuple[str, str],
    body: Any = None,
    token: str | None = None,
) -> tuple[int, dict[str, Any]]:
    """Status and answer, asked with the token of the pass's observer; body: JSON to be, or text as it is sent."""
    given = tokens.issue_editor_token(app, coded.recording_id, coded.coder_id) if token is None else token
    method, path = route
    answer = client.request(
        method,
        f"/api/recordings/{coded.recording_id}{path.format(transcript_id=coded.transcript_id)}",
        headers={"Authorization": f"Bearer {given}"},
        content=body if isinstance(body, str) else json.dumps(body),
    )
    return answer.status_code, answer.json()


def an_edit(edit: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"id": more.pop("id", "e1"), "step": "do", "edit": edit or TEXT, **more}


@pytest.mark.parametrize("route", ROUTES)
def test_no_route_answers_without_a_token_for_just_this_recording(
    client: TestClient, app: App, coded: CodingPass, route: tuple[str, str]
) -> None:
    body = {"transcript_id": coded.transcript_id, "edits": [an_edit()]}
    other = given_a_pass(app)
    of_another = tokens.issue_editor_token(app, other.recording_id, other.coder_id)
    of_a_pass = tokens.issue_pass_token(app, coded)
    for token, status in (("", 401), ("nonsense", 401), (of_a_pass, 401), (of_another, 403)):
        assert ask(client, app, coded, route, body, token)[0] == status


def test_an_observer_of_another_study_cannot_edit(client: TestClient, app: App, coded: CodingPass) -> None:
    stranger = given_a_pass(app).coder_id
    token = tokens.issue_editor_token(app, coded.recording_id, stranger)
    body = {"transcript_id": coded.transcript_id, "edits": [an_edit()]}
    status, answer = ask(client, app, coded, ("POST", "/edits"), body, token)
    assert (status, "belongs to another study" in answer["error"]) == (400, True)


def test_the_editor_gets_segments_words_speakers_and_doubts(
    client: TestClient, app: App, coded: CodingPass
) -> None:
    status, answer = ask(client, app, coded, ("GET", "/transcript"))
    assert status == 200
    assert answer["transcript_id"] == coded.transcript_id
    assert answer["coded"] is True
    assert {"key", "start_ms", "end_ms", "speaker", "text", "words", "flags", "doubtful"} == set(
        answer["segments"][0]
    )
    assert answer["recording"]["media_url"].endswith("/media")
    assert all({"label", "role"} == set(each) for each in answer["speakers"])


def test_an_edit_is_made_once_however_often_it_is_sent_and_can_be_undone(
    client: TestClient, app: App, coded: CodingPass
) -> None:
    body = {"transcript_id": coded.transcript_id, "edits": [an_edit()]}
    status, first = ask(client, app, coded, ("POST", "/edits"), body)
    assert (status, first["stored"], [each["text"] for each in first["changed"]]) == (
        200,
        ["e1"],
        [TEXT["text"]],
    )
    status, again = ask(client, app, coded, ("POST", "/edits"), body)
    assert (status, again["transcript_id"], again["changed"]) == (200, first["transcript_id"], [])
    undo = {"transcript_id": first["transcript_id"], "edits": [{"id": "e2", "step": "undo", "of": "e1"}]}
    status, undone = ask(client, app, coded, ("POST", "/edits"), undo)
    assert (status, undone["changed"][0]["text"] != TEXT["text"]) == (200, True)
    _, revisions = ask(client, app, coded, ("GET", "/revisions"))
    assert [(each["revision"], each["n_edits"], each["coded"]) for each in revisions["revisions"]] == [
        (2, 2, False),
        (1, 0, True),
    ]


BAD = [
    ("not json", 400, "not JSON"),
    ([], 400, "JSON object"),
    ({}, 400, "name the revision"),
    ({"transcript_id": 3, "edits": []}, 400, "name the revision"),
    ({"transcript_id": "t", "edits": []}, 400, "between 1 and 200"),
    ({"transcript_id": "t", "edits": ["x"]}, 400, "cannot be read"),
    ({"transcript_id": "t", "edits": [an_edit(id="")]}, 400, "cannot be read"),
    ({"transcript_id": "t", "edits": [an_edit(id="x" * 65)]}, 400, "cannot be read"),
    ({"transcript_id": "t", "edits": [{"id": "e", "step": "undo"}]}, 400, "cannot be read"),
    ({"transcript_id": "t", "edits": [an_edit()]}, 409, "changed this transcript since"),
    ("{\"x\": \"" + "y" * 2_100_000 + "\"}", 400, "too large"),
]  # fmt: skip
BAD_STEPS = [
    (an_edit({"op": "set_text", "key": "s-9999", "text": "x"}), 404, "no segment of this key"),
    (an_edit({"op": "set_text", "key": "s-0001", "text": "x" * 5_001}), 400, "5,001 characters"),
    (an_edit({"op": "explode"}), 400, "no edit 'explode'"),
    (an_edit({"op": "split", "key": "s-0001", "at": None}), 400, "not complete"),
    ({"id": "e", "step": "undo", "of": "never"}, 400, "earlier revision"),
    (an_edit(step="redo"), 400, "do, undo or redo"),
]


@pytest.mark.parametrize(("body", "status", "says"), BAD)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    client: TestClient, app: App, coded: CodingPass, body: Any, status: int, says: str
) -> None:
    found, answer = ask(client, app, coded, ("POST", "/edits"), body)
    assert (found, says in answer["error"]) == (status, True), answer


@pytest.mark.parametrize(("step", "status", "says"), BAD_STEPS)
def test_a_step_that_cannot_be_made_leaves_nothing_of_the_others(
    client: TestClient, app: App, coded: CodingPass, step: dict[str, Any], status: int, says: str
) -> None:
    body = {"transcript_id": coded.transcript_id, "edits": [an_edit(id="good"), step]}
    found, answer = ask(client, app, coded, ("POST", "/edits"), body)
    assert (found, says in answer["error"]) == (status, True), answer
    _, revisions = ask(client, app, coded, ("GET", "/revisions"))
    assert len(revisions["revisions"]) == 1


def test_an_older_revision_is_read_and_made_the_newest_again(
    client: TestClient, app: App, coded: CodingPass
) -> None:
    body = {"transcript_id": coded.transcript_id, "edits": [an_edit({"op": "delete", "keys": ["s-0001"]})]}
    _, edited = ask(client, app, coded, ("POST", "/edits"), body)
    assert edited["removed"] == ["s-0001"]
    _, old = ask(client, app, coded, ("GET", "/revisions/{transcript_id}"))
    assert old["segments"][0]["key"] == "s-0001"
    status, restored = ask(client, app, coded, ("POST", "/revisions/{transcript_id}/restore"))
    assert (status, restored["revision"]) == (200, 3)
    _, now = ask(client, app, coded, ("GET", "/transcript"))
    assert [each["key"] for each in now["segments"]] == [each["key"] for each in old["segments"]]
    with app.store.read() as tx:
        assert recordings.get_recording(tx, coded.recording_id).id == coded.recording_id
