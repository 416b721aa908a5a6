"""Our routes beside Streamlit: who may reach what, ranges, events, uploads."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from coding_app.domain.coding import CodingPass
from coding_app.domain.name_hint import FILE_HINT
from coding_app.errors import JobError
from coding_app.settings import read_settings
from coding_app.store import passes, recordings, studies
from coding_app.ui import tokens
from coding_app.ui.routes import EXCEPTION_HANDLERS, routes
from coding_app.workflows import code_session
from coding_app.workflows.demo import add_demo
from coding_app.workflows.wiring import App, open_app
from tests.media.hostile import pcm, wav
from tests.media.recordings import a_recording

DEMO2 = Path(__file__).parents[2] / "data" / "demo2" / "session.ogg"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with open_app(
        read_settings({"CODING_APP_MAX_UPLOAD_MB": "2"}, tmp_path_factory.mktemp("demo"))
    ) as opened:
        add_demo(opened)
        yield opened


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes(app), exception_handlers=EXCEPTION_HANDLERS)) as opened:  # type: ignore[arg-type]
        yield opened


def an_open_pass(app: App) -> CodingPass:
    """Observer C's pass on the first recording."""
    with app.store.read() as tx:
        demo = studies.list_studies(tx)[0]
        coder = next(each for each in studies.list_coders(tx, demo.id) if each.name == "Observer C")
        recording = recordings.list_recordings(tx, demo.id)[0]
    return code_session.open_pass(app, recording.id, coder.id)


def a_foreign_pass(app: App) -> CodingPass:
    with app.store.read() as tx:
        return next(each for each in passes.list_passes(tx) if each.submitted_at)


def bearer(app: App, coding_pass: CodingPass) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue_pass_token(app, coding_pass)}"}


def an_event(coding_pass: CodingPass, state: dict, number: int = 0) -> dict:
    client_segments = [each for each in state["transcript"]["segments"] if each["role"] == "client"]
    segment = client_segments[number]
    return {
        "id": f"event-{coding_pass.id[:8]}-{number}",
        "pass_id": coding_pass.id,
        "unit": {key: segment[key] for key in ("key", "start_ms", "end_ms")},
        "criterion": "empathy",
        "codes": [{"code": "emp_c_received", "attributes": {"intensity": 2}, "links": []}],
        "value": None,
        "note": None,
        "at": "2026-11-22T10:31:02.123Z",
    }


def test_health_says_that_the_server_answers(client: TestClient) -> None:
    assert client.get("/api/health").json()["status"] == "ok"


def test_every_answer_names_the_version_of_the_program_a_refusal_too(app: App, client: TestClient) -> None:
    own = an_open_pass(app)
    now = client.get("/api/health").json()["version"]
    asked = {"/api/health": {}, f"/api/passes/{own.id}": bearer(app, own), "/api/passes/none": {}}
    for address, headers in asked.items():
        assert client.get(address, headers=headers).headers["X-Coding-App-Version"] == now


def test_a_pass_opens_with_its_own_token_and_with_no_other(app: App, client: TestClient) -> None:
    own, foreign = an_open_pass(app), a_foreign_pass(app)
    state = client.get(f"/api/passes/{own.id}", headers=bearer(app, own)).json()
    assert state["pass"]["coder"] == "Observer C"
    assert state["judgements"] == []
    for headers, status in [({}, 401), ({"Authorization": "Bearer nonsense"}, 401), (bearer(app, own), 403)]:
        for method, path in [("GET", ""), ("POST", "/events"), ("POST", "/submit")]:
            answer = client.request(method, f"/api/passes/{foreign.id}{path}", headers=headers, content="[]")
            assert answer.status_code == status, (method, path, headers)
            assert set(answer.json()) == {"error"}


def test_an_old_token_is_refused_so_that_the_page_hands_out_a_new_one(
    app: App, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = an_open_pass(app)
    headers = bearer(app, own)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + tokens.TOKEN_SECONDS + 5)
    assert client.get(f"/api/passes/{own.id}", headers=headers).status_code == 401


def test_events_are_stored_once_however_often_they_are_sent(app: App, client: TestClient) -> None:
    own = an_open_pass(app)
    headers = bearer(app, own)
    state = client.get(f"/api/passes/{own.id}", headers=headers).json()
    event = an_event(own, state)
    for _ in range(3):
        answer = client.post(f"/api/passes/{own.id}/events", headers=headers, json=[event])
        assert answer.json() == {"stored": [event["id"]]}
    judgements = client.get(f"/api/passes/{own.id}", headers=headers).json()["judgements"]
    assert [each["unit"]["key"] for each in judgements] == [event["unit"]["key"]]


def test_a_batch_with_one_wrong_event_stores_none(app: App, client: TestClient) -> None:
    own = an_open_pass(app)
    headers = bearer(app, own)
    before = client.get(f"/api/passes/{own.id}", headers=headers).json()
    wrong = an_event(own, before, 2) | {"criterion": "nonsense"}
    answer = client.post(
        f"/api/passes/{own.id}/events", headers=headers, json=[an_event(own, before, 1), wrong]
    )
    assert answer.status_code == 400
    assert "no such criterion" in answer.json()["error"]
    assert client.get(f"/api/passes/{own.id}", headers=headers).json()["judgements"] == before["judgements"]


@pytest.mark.parametrize("body", ["", "{", '{"a": 1}', "[1]", "null", '[{"id": 5}]'])
def test_a_body_that_is_no_list_of_events_is_refused_with_a_sentence(
    app: App, client: TestClient, body: str
) -> None:
    own = an_open_pass(app)
    answer = client.post(f"/api/passes/{own.id}/events", headers=bearer(app, own), content=body)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")


def test_a_submitted_pass_takes_no_more_events(app: App, client: TestClient) -> None:
    foreign = a_foreign_pass(app)
    headers = bearer(app, foreign)
    state = client.get(f"/api/passes/{foreign.id}", headers=headers).json()
    answer = client.post(f"/api/passes/{foreign.id}/events", headers=headers, json=[an_event(foreign, state)])
    assert answer.status_code == 409
    assert "submitted" in answer.json()["error"]


def test_a_pass_with_gaps_is_not_submitted_and_says_what_is_missing(app: App, client: TestClient) -> None:
    own = an_open_pass(app)
    answer = client.post(f"/api/passes/{own.id}/submit", headers=bearer(app, own))
    assert answer.status_code == 409
    assert {"unit", "criterion", "sentence"} == set(answer.json()["gaps"][0])
    assert "bond" in {each["criterion"] for each in answer.json()["gaps"]}


def test_a_recording_is_heard_only_in_the_browser_that_opened_its_pass(app: App, client: TestClient) -> None:
    own = an_open_pass(app)
    path = f"/api/recordings/{own.recording_id}"
    assert client.get(f"{path}/media").status_code == 401
    assert client.get(f"{path}/peaks").status_code == 401
    opened = client.get(f"/api/passes/{own.id}", headers=bearer(app, own))
    cookie = opened.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    whole = client.get(f"{path}/media")
    part = client.get(f"{path}/media", headers={"Range": "bytes=1000-1999"})
    assert (whole.status_code, part.status_code) == (200, 206)
    assert part.content == whole.content[1000:2000]
    assert client.get(f"{path}/media", headers={"Range": "bytes=99999999-"}).status_code == 416
    peaks = client.get(f"{path}/peaks")
    assert peaks.headers["x-peaks-per-second"] == "50"
    assert max(peaks.content) <= 127
    assert len(peaks.content) == pytest.approx(state_ms(opened) / 20, abs=3)
    with app.store.read() as tx:
        other = next(each for each in passes.list_passes(tx) if each.recording_id != own.recording_id)
    assert client.get(f"/api/recordings/{other.recording_id}/media").status_code == 401


def state_ms(answer) -> int:
    return answer.json()["recording"]["duration_ms"]


def upload(client: TestClient, app: App, name: str, content: bytes, token: str | None = None, **wishes: str):
    with app.store.read() as tx:
        study = studies.list_studies(tx)[0]
    headers = {"Authorization": f"Bearer {token or tokens.issue_upload_token(app, study.id)}"}
    return client.post(
        f"/api/studies/{study.id}/recordings",
        params={"name": name, **wishes},
        headers=headers,
        content=content,
    )


def vault_files(app: App) -> set[Path]:
    return {path for path in app.settings.vault_dir.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.mp3", b""),
        ("notes.mp3", b"not audio at all" * 50),
        ("page.wav", b"<html></html>"),
        ("big.wav", b"x" * (2 * 2**20 + 1)),
    ],
)
def test_an_upload_that_is_no_recording_is_refused_and_leaves_nothing(
    app: App, client: TestClient, name: str, content: bytes
) -> None:
    before = vault_files(app)
    answer = upload(client, app, name, content)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert vault_files(app) == before


def test_the_same_recording_is_not_taken_twice(app: App, client: TestClient) -> None:
    before = vault_files(app)
    answer = upload(client, app, "again.ogg", DEMO2.read_bytes())
    assert answer.status_code == 400
    assert vault_files(app) == before


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        ({"engine": "abacus"}, "no engine 'abacus'"),
        ({"engine": "faster-whisper", "model": " "}, "No model"),
        ({"engine": "faster-whisper", "speakers": "two"}, "whole number"),
        ({"engine": "faster-whisper", "speakers": "99"}, "99 speakers"),
        ({"engine": "faster-whisper", "speakers": "0"}, "0 speakers"),
        ({"date": "14.02.2026"}, "as year-month-day"),
        ({"date": "2026-02-30"}, "a day of the calendar"),
        ({"number": "0"}, "number is below 1"),
        ({"number": "three"}, "whole number"),
        ({"case": "x" * 60_000}, "60000 characters"),
    ],
)
def test_wishes_that_cannot_be_met_are_refused_before_the_recording_is_kept(
    app: App, client: TestClient, tmp_path: Path, wishes: dict[str, str], told: str
) -> None:
    before = vault_files(app)
    content = a_recording(tmp_path / "a.wav").read_bytes()
    answer = upload(client, app, "a.wav", content, **wishes)
    assert answer.status_code == 400
    assert told in answer.json()["error"]
    assert vault_files(app) == before


def sessions(app: App) -> dict[str, tuple[str | None, int | None, date | None]]:
    with app.store.read() as tx:
        found = studies.list_sessions(tx, studies.list_studies(tx)[0].id)
    return {each.label: (each.case_code, each.number, each.held_on) for each in found}


def test_an_upload_says_whose_session_it_is_which_one_and_when_it_was(
    app: App, client: TestClient, tmp_path: Path
) -> None:
    said = {"label": "C-12-03", "case": "C-12", "number": "3", "date": "2026-02-14"}
    answer = upload(client, app, "a.wav", wav(tmp_path / "a.wav", pcm(0.2)).read_bytes(), **said)
    assert (answer.status_code, set(answer.json())) == (201, {"recording_id", "transcription_id"})
    assert sessions(app)["C-12-03"] == ("C-12", 3, date(2026, 2, 14))


def test_an_upload_that_says_something_else_of_a_session_is_refused_and_leaves_nothing(
    app: App, client: TestClient, tmp_path: Path
) -> None:
    label = next(iter(sessions(app)))
    before = (vault_files(app), sessions(app))
    content = wav(tmp_path / "a.wav", pcm(0.3)).read_bytes()
    answer = upload(client, app, "a.wav", content, label=label, case="C-99")
    assert answer.status_code == 400
    assert "with another case code" in answer.json()["error"]
    assert (vault_files(app), sessions(app)) == before


@pytest.mark.parametrize(
    ("seconds", "name", "said", "hint"),
    [
        (0.4, "a.wav", {"label": "Anna Müller", "case": "Anna Müller"}, None),  # the page has said so by then
        (0.6, "mueller_anna.wav", {}, FILE_HINT),
        (0.7, "mueller_anna.wav", {"label": "C-12-04"}, FILE_HINT),
    ],
)
def test_a_file_called_like_a_person_is_added_with_a_hint_and_no_log_repeats_a_name(
    app: App, client: TestClient, tmp_path: Path, caplog: pytest.LogCaptureFixture,
    seconds: float, name: str, said: dict[str, str], hint: str | None,
) -> None:  # fmt: skip
    caplog.set_level("DEBUG", "coding_app")
    answer = upload(client, app, name, wav(tmp_path / "a.wav", pcm(seconds)).read_bytes(), **said)
    assert (answer.status_code, answer.json().get("hint")) == (201, hint)
    logged = " ".join(
        record.getMessage() for record in caplog.records if record.name.startswith("coding_app")
    )
    assert "anna" not in logged.casefold()


class _ClosedJobs:
    """A job engine that takes nothing in."""

    def enqueue(self, *_: object, **__: object) -> None:
        raise JobError("The job list cannot be written; start the app again.")


def test_a_recording_stays_added_when_only_its_transcription_cannot_begin(app: App, tmp_path: Path) -> None:
    closed = replace(app, jobs=_ClosedJobs())  # type: ignore[arg-type]
    content = a_recording(tmp_path / "a.wav").read_bytes()
    with TestClient(Starlette(routes=routes(closed), exception_handlers=EXCEPTION_HANDLERS)) as client:  # type: ignore[arg-type]
        answer = upload(client, closed, "a.wav", content, engine="faster-whisper", model="base")
    assert answer.status_code == 201
    told = answer.json()
    assert told["transcription_id"] is None
    assert "was added" in told["message"]
    assert "job list cannot be written" in told["message"]
    with app.store.read() as tx:
        assert recordings.get_recording(tx, told["recording_id"]).name == "a.wav"


def test_an_upload_needs_a_token_of_the_study(app: App, client: TestClient) -> None:
    assert upload(client, app, "a.ogg", b"x", token="nonsense").status_code == 401
    assert (
        upload(client, app, "a.ogg", b"x", token=tokens.issue_upload_token(app, "other")).status_code == 403
    )


def test_no_error_tells_where_the_data_lie_or_what_was_said(app: App, client: TestClient) -> None:
    own = an_open_pass(app)
    state = client.get(f"/api/passes/{own.id}", headers=bearer(app, own)).json()
    wrong = an_event(own, state) | {"codes": [{"code": "emp_t_convey", "attributes": {}, "links": []}]}
    answer = client.post(f"/api/passes/{own.id}/events", headers=bearer(app, own), json=[wrong]).json()
    assert "error" in answer
    said = {each["text"] for each in state["transcript"]["segments"]}
    assert not [text for text in said if text in json.dumps(answer)]
    assert str(app.settings.data_dir) not in json.dumps(answer)
