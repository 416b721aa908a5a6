"""One audit row, one segment of a sealed recording, one token, one event of another's pass: refused, and reported."""

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from coding_app import cli
from coding_app.domain.people import Role
from coding_app.media.sealed import SEGMENT_BYTES
from coding_app.settings import read_settings
from coding_app.store import events
from coding_app.ui import tokens
from coding_app.ui.gate import COOKIE
from coding_app.ui.requests import cookie_name
from coding_app.workflows import study
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.wiring import App, open_app
from tests.media.recordings import a_recording
from tests.permissions.browsers import a_browser, browser_of
from tests.permissions.world import World
from tests.workflows.coding import an_event


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with open_app(read_settings({}, tmp_path / "data")) as opened:
        yield opened


def test_one_audit_row_that_was_changed_is_named_by_the_command(
    app: App, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    made = study.create_study(app, "A study", "alliance-core")
    for channels in (1, 2):
        add_file(app, made.id, a_recording(tmp_path / f"{channels}.wav", channels=channels))
    with closing(sqlite3.connect(app.settings.data_dir / "coding-app.sqlite")) as db:
        (n,) = db.execute("SELECT count(*) FROM audit_entry").fetchone()
        assert n >= 2
        with pytest.raises(sqlite3.Error):  # the database itself refuses
            db.execute("UPDATE audit_entry SET who = 'nobody' WHERE seq = 2")
        triggers = db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
        )
        for (name,) in triggers.fetchall():  # somebody who owns the file takes its guards away
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE audit_entry SET who = 'nobody' WHERE seq = 2")
        db.commit()
    monkeypatch.setattr(sys, "argv", ["coding-app", "audit", "verify", "--data", str(app.settings.data_dir)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert "broken at entry 2" in capsys.readouterr().err


def test_one_segment_of_a_recording_that_was_changed_is_not_played_but_told(app: App, tmp_path: Path) -> None:
    made = study.create_study(app, "A study", "alliance-core")
    recording = add_file(app, made.id, a_recording(tmp_path / "a.wav"))
    browser = a_browser(app)
    browser.cookies.set(cookie_name(recording.id), tokens.issue_recording_cookie(app, recording.id))
    place = f"/api/recordings/{recording.id}/media"
    assert browser.get(place).status_code == 200
    file = app.vault.place(recording.sha256)
    data = bytearray(file.read_bytes())
    data[SEGMENT_BYTES + SEGMENT_BYTES // 2] ^= 1
    file.write_bytes(data)
    part = browser.get(place, headers={"Range": f"bytes={SEGMENT_BYTES + 4000}-{SEGMENT_BYTES + 4999}"})
    assert part.status_code == 503
    assert "does not open with its key" in part.json()["error"]


def _changed(token: str) -> Iterator[str]:
    """The token with one character changed at every place, cut short at every place, and with something behind it.

    A signature of 20 bytes leaves the last two bits of its last character unused, so A, B, C and D mean the same there.
    """
    for at in range(len(token)):
        yield token[:at] + ("A" if token[at] not in "ABCD" else "Q") + token[at + 1 :]
        yield token[:at]
    yield token + "A"


def test_a_token_of_which_one_character_was_changed_opens_nothing(world: World) -> None:
    app, mine = world.app, world.pass_of(Role.CODER)
    recording_id = world.recording.id
    asked = [
        (tokens.issue_pass_token(app, mine), lambda token: tokens.check_pass_token(app, token, mine.id)),
        (
            tokens.issue_upload_token(app, world.study_id),
            lambda token: tokens.check_upload_token(app, token, world.study_id),
        ),
        (
            tokens.issue_editor_token(app, recording_id, mine.coder_id),
            lambda token: tokens.check_editor_token(app, token, recording_id),
        ),
        (
            tokens.issue_recording_cookie(app, recording_id),
            lambda token: tokens.check_recording_cookie(app, token, recording_id),
        ),
    ]
    for token, check in asked:
        check(token)
        for changed in _changed(token):
            with pytest.raises(tokens.TokenError, match="run out"):
                check(changed)
    for first, _ in asked:  # each kind opens its own kind of door only
        opened = 0
        for _, check in asked:
            try:
                check(first)
                opened += 1
            except tokens.TokenError:
                continue
        assert opened == 1
    browser = browser_of(world, Role.CODER)
    signed_in = browser.cookies[COOKIE]
    for changed in (signed_in[:-1], signed_in[1:], signed_in.swapcase()):
        assert a_browser(app, changed).get(f"/api/recordings/{recording_id}/media").status_code == 401


def test_an_event_for_another_observers_pass_is_refused_by_every_way_in_and_changes_nothing(
    world: World,
) -> None:
    app, mine, theirs = world.app, world.pass_of(Role.CODER), world.pass_of(Role.TRAINER)
    browser = browser_of(world, Role.CODER)
    bearer = {"Authorization": f"Bearer {tokens.issue_pass_token(app, mine)}"}
    stolen = {"Authorization": f"Bearer {tokens.issue_pass_token(app, theirs)}"}
    with app.store.read() as tx:
        before = {each.id: events.list_events(tx, each.id) for each in (mine, theirs, world.submitted)}
    (taken, *_) = before[world.submitted.id]
    ways = [
        (theirs.id, bearer, an_event(theirs), 403),  # my token for their pass
        (theirs.id, stolen, an_event(theirs), 403),  # their token in my browser
        (mine.id, bearer, an_event(theirs), 400),  # their pass in an event of mine
        (world.submitted.id, stolen, an_event(world.submitted), 403),
        (mine.id, bearer, an_event(mine) | {"id": taken.id}, 400),  # the id of an event of theirs
    ]
    for pass_id, headers, event, status in ways:
        answer = browser.post(f"/api/passes/{pass_id}/events", headers=headers, json=[event])
        assert answer.status_code == status, answer.text
        assert set(answer.json()) == {"error"}
        assert answer.json()["error"].endswith(".")
    with app.store.read() as tx:
        assert {key: events.list_events(tx, key) for key in before} == before
    assert json.dumps(taken.id) not in answer.text
