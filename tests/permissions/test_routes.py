"""Every route of ours for everybody: a table of all; a route without a row fails."""

from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from coding_app.domain.people import Role
from coding_app.ui import tokens
from coding_app.ui.account_routes import account_routes
from coding_app.ui.requests import cookie_name
from coding_app.ui.routes import routes
from tests.permissions.browsers import HTML, a_browser, browser_of
from tests.permissions.test_workflows import LETTERS
from tests.permissions.world import EVERYBODY, OUTSIDER, SIGNED_OUT, World

PASS, RECORDING = "/api/passes/{pass_id}", "/api/recordings/{recording_id}"
BOOKMARK = {"scheme": "alliance-core", "place": "code:rup_c_withdraw", "text": "Client", "on": True}
STEP = {"id": "one", "step": "do", "edit": {"op": "text", "segment": "s-0001", "text": "Good."}}
# with the label of a session that is there: nobody else is told what is known of it
OF_SESSION = {"label": "Case 7", "case": "C-12", "number": "3", "date": "2026-02-14"}
# (method, path) -> who, as in test_workflows, and what is sent
ROWS: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {
    ("GET", PASS): ("LCT", {}),
    ("GET", f"{PASS}/events"): ("LCT", {}),
    ("POST", f"{PASS}/events"): ("LCT", {"json": []}),
    ("POST", f"{PASS}/submit"): ("LCT", {}),
    ("PUT", f"{PASS}/preferences"): ("LCT", {"json": {"lag_ms": 5}}),
    ("GET", f"{PASS}/bookmarks"): ("LCT", {}),
    ("PUT", f"{PASS}/bookmarks"): ("LCT", {"json": BOOKMARK}),
    ("POST", f"{PASS}/corrections"): ("LCT", {"json": {"segment": "s-0001", "text": "Good."}}),
    ("GET", f"{PASS}/others"): ("", {}),  # nobody before submitting
    ("GET", f"{RECORDING}/transcript"): ("LCT", {}),
    ("POST", f"{RECORDING}/edits"): ("LCT", {"json": {"transcript_id": "ID", "edits": [STEP]}}),
    ("GET", f"{RECORDING}/revisions"): ("LCT", {}),
    ("GET", f"{RECORDING}/revisions/{{transcript_id}}"): ("LCT", {}),
    ("POST", f"{RECORDING}/revisions/{{transcript_id}}/restore"): ("LCT", {}),
    ("GET", f"{RECORDING}/media"): ("LCT", {}),
    ("GET", f"{RECORDING}/peaks"): ("LCT", {}),
    ("POST", "/api/studies/{study_id}/recordings"): (
        "L",
        {"content": b"no sound", "params": {"name": "a.wav", **OF_SESSION}},
    ),
}
FOR_EVERYBODY = {
    ("GET", "/api/health"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/sign-in/elsewhere"),
    ("POST", "/sign-out"),
    ("GET", "/password"),
    ("POST", "/password"),
    ("GET", "/set-up"),
    ("POST", "/set-up"),
}
REFUSED = {401, 403, 404}
NOT_MADE_YET = (
    "waveform",
    "copy of this recording",
)  # a recording that is there, but without what is derived


def _all(found: list[Route]) -> set[tuple[str, str]]:
    return {(method, each.path) for each in found for method in each.methods or () if method != "HEAD"}


def _sent(world: World, who: str, method: str, path: str) -> dict[str, Any]:
    """The request with every token and cookie that the route could want, whoever they were made for."""
    app, recording_id = world.app, world.recording.id
    ids = {
        "pass_id": world.pass_of(who).id,
        "recording_id": recording_id,
        "transcript_id": world.transcript_id,
        "study_id": world.study_id,
    }
    if "passes" in path:
        token = tokens.issue_pass_token(app, world.pass_of(who))
    elif "studies" in path:
        token = tokens.issue_upload_token(app, world.study_id)
    else:
        token = tokens.issue_editor_token(app, recording_id, world.coder_id(who))
    more = ROWS[method, path][1]
    if "edits" in path:
        more = {"json": more["json"] | {"transcript_id": world.transcript_id}}
    return {
        "method": method,
        "url": path.format(**ids),
        "headers": {"Authorization": f"Bearer {token}"},
        **more,
    }


def _asked(client: TestClient, world: World, sent: dict[str, Any]) -> Any:
    name = cookie_name(world.recording.id)
    client.cookies.set(name, tokens.issue_recording_cookie(world.app, world.recording.id))
    return client.request(**sent)


def test_every_route_stands_in_the_table(world: World) -> None:
    found = _all([*routes(world.app), *account_routes(world.app)])
    assert found == set(ROWS) | FOR_EVERYBODY


@pytest.mark.parametrize(("method", "path"), ROWS)
def test_a_route_answers_those_in_its_row_and_nobody_else_whatever_token_they_have(
    world: World, method: str, path: str
) -> None:
    for who in EVERYBODY:
        answer = _asked(browser_of(world, who), world, _sent(world, who, method, path))
        if LETTERS[who] in ROWS[method, path][0]:
            not_made = answer.status_code == 404 and any(each in answer.text for each in NOT_MADE_YET)
            assert answer.status_code not in REFUSED or not_made, (who, answer.status_code, answer.text)
            continue
        assert answer.status_code in REFUSED, (who, answer.status_code)
        assert (answer.status_code == 401) == (who == SIGNED_OUT)
        assert set(answer.json()) == {"error"}
        assert not any(marker in answer.text for marker in ("Case 7", "Observer A", "Traceback"))


def test_a_token_opens_nothing_in_another_persons_browser(world: World) -> None:
    stolen = _sent(world, Role.CODER, "GET", f"{PASS}/events")
    assert browser_of(world, Role.CODER).request(**stolen).status_code == 200
    for thief in (Role.LEAD, Role.TRAINER):
        assert browser_of(world, thief).request(**stolen).status_code == 403
    assert browser_of(world, OUTSIDER).request(**stolen).status_code == 404


def test_a_token_that_was_tampered_with_is_refused(world: World) -> None:
    sent = _sent(world, Role.CODER, "GET", f"{PASS}/events")
    good = sent["headers"]["Authorization"]
    at = len("Bearer ") + 3
    sent["headers"]["Authorization"] = good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]
    assert browser_of(world, Role.CODER).request(**sent).status_code == 401


def test_signed_out_a_page_leads_to_the_sign_in_and_back_and_nothing_else_is_served(world: World) -> None:
    browser = a_browser(world.app)
    page = browser.get("/code?pass=1", headers=HTML)
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=%2Fcode%3Fpass%3D1")
    assert browser.get("/static/app.js").status_code == 401
    assert browser.post("/_stcore/upload_file/x", content=b"x").status_code == 401
    assert browser.get("/_stcore/health").status_code == 200
    assert browser.get("/api/health").status_code == 200
    assert "a page of Streamlit" not in page.text


def test_signed_out_no_websocket_opens(world: World) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), a_browser(world.app).websocket_connect("/_stcore/stream"):
        pass
    with browser_of(world, Role.VIEWER).websocket_connect("/_stcore/stream") as socket:
        assert socket.receive_text() == "a page of Streamlit"


def test_a_made_up_cookie_is_as_good_as_none(world: World) -> None:
    browser = a_browser(world.app, "0" * 43)
    assert browser.get("/", headers=HTML).status_code == 303
    assert browser.get("/api/passes/x").status_code == 401
