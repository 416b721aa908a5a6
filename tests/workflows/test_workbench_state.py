"""What comes back of a pass: the bootstrap, the ledger, how far it has come."""

import json
from typing import Any

import pytest

from coding_app.domain.coding import CodingPass
from coding_app.errors import CodingError, NotFoundError
from coding_app.store import events
from coding_app.workflows import code_session
from coding_app.workflows.event_json import event_from_json
from coding_app.workflows.wiring import App
from tests.builders import an_id
from tests.workflows.coding import (
    SESSION,
    WITHDRAWAL,
    a_rating,
    an_event,
    given_a_pass,
    given_a_recording,
)  # fmt: skip


def test_the_ledger_comes_back_as_it_was_sent_with_what_was_done_undone_and_redone(app: App) -> None:
    opened = given_a_pass(app)
    steps = [("do", [WITHDRAWAL]), ("undo", []), ("redo", [WITHDRAWAL])]
    sent = [an_event(opened, codes=codes, act="one act", step=step) for step, codes in steps]
    sent.append(an_event(opened, note="from before there were acts"))
    for event in sent:
        code_session.record(app, opened.id, [event])
    told = code_session.ledger(app, opened.id)
    for event in sent:
        event |= {"at": "2026-11-22T10:31:02.123000+00:00"} | (
            {} if "act" in event else {"act": None, "step": None}
        )
    assert told == sent
    assert code_session.bootstrap(app, opened.id)["pass"]["n_events"] == 4
    with app.store.read() as tx:
        stored = events.list_events(tx, opened.id)
    assert tuple(event_from_json(event, 1) for event in told) == stored
    with pytest.raises(NotFoundError):
        code_session.ledger(app, an_id())


def test_an_event_repeated_with_another_act_or_step_is_another_content(app: App) -> None:
    opened = given_a_pass(app)
    event = an_event(opened, act="one", step="do")
    code_session.record(app, opened.id, [event])
    for change in ({"act": "two"}, {"step": "redo"}, {"act": None, "step": None}):
        with pytest.raises(CodingError, match="another content"):
            code_session.record(app, opened.id, [event | change])


def a_remark(coding_pass: CodingPass, key: str, start_ms: int, end_ms: int, **given: Any) -> dict[str, Any]:
    flag = {"code": "flag", "attributes": {}, "links": []}
    unit = {"key": key, "start_ms": start_ms, "end_ms": end_ms}
    return an_event(coding_pass, unit=unit, criterion="remark", codes=[flag], **given)


def test_remarks_and_evidence_are_kept_but_count_neither_as_codes_nor_as_ratings(app: App) -> None:
    opened = given_a_pass(app)
    evidence = {"code": "evidence", "attributes": {}, "links": ["s-0002", "x-" + "0" * 32]}
    session_evidence = an_event(opened, unit=SESSION, criterion="bond", codes=[evidence])
    remarks = [
        a_remark(opened, "s-0001", 0, 4_000),
        a_remark(opened, "session", 0, 16_000, note="ask the team"),
        a_remark(opened, "x-" + "1" * 32, 500, 700),
    ]
    code_session.record(app, opened.id, [*remarks, session_evidence])
    found = code_session.progress(app, opened.id)
    assert (found.n_coded, found.n_rated, found.n_drawn) == (0, 0, 0)
    assert "bond" in {gap.criterion for gap in found.gaps}
    assert len(code_session.bootstrap(app, opened.id)["judgements"]) == 4
    code_session.record(app, opened.id, [session_evidence | {"id": an_id(), "value": 3}])
    found = code_session.progress(app, opened.id)
    assert (found.n_rated, "bond" in {gap.criterion for gap in found.gaps}) == (1, False)


def test_a_rating_that_does_not_apply_counts_as_given(app: App) -> None:
    opened = given_a_pass(app)
    not_applicable = [{"code": "not_applicable", "attributes": {}, "links": []}]
    event = an_event(opened, unit=SESSION, criterion="repair_success", codes=not_applicable)
    code_session.record(app, opened.id, [event])
    assert code_session.progress(app, opened.id).n_rated == 1


def test_drawn_spans_lie_where_their_last_event_says_and_an_open_one_is_a_gap(app: App) -> None:
    recording, coder_id = given_a_recording(app, "session-flow")
    opened = code_session.open_pass(app, recording.id, coder_id)
    scheme = code_session.bootstrap(app, opened.id)["scheme"]
    criterion = next(each for each in scheme["criteria"] if each["mark"] == "span")
    step = next(each for each in scheme["steps"] if each["unit"] == criterion["unit"])
    assert (criterion["unit_kind"], step["unit_kind"], step["tags"]) == ("span", "span", True)
    code = {"code": criterion["codes"][0]["id"], "attributes": {}, "links": []}
    unit = {"key": "x-" + "a" * 32, "start_ms": 2_000, "end_ms": 2_000}
    begun = an_event(opened, unit=unit, criterion=criterion["id"], codes=[code])
    code_session.record(app, opened.id, [begun])
    found = code_session.progress(app, opened.id)
    assert (found.n_coded, found.n_drawn) == (0, 1)
    assert unit["key"] in {gap.unit for gap in found.gaps}
    ended = begun | {"id": an_id(), "unit": unit | {"end_ms": 9_000}}
    code_session.record(app, opened.id, [ended])
    (held,) = code_session.bootstrap(app, opened.id)["judgements"]
    assert held["unit"] == ended["unit"]
    with pytest.raises(CodingError, match="beyond the end"):
        code_session.record(app, opened.id, [begun | {"id": an_id(), "unit": unit | {"end_ms": 16_001}}])


def test_progress_counts_coded_segments_and_ratings(app: App) -> None:
    opened = given_a_pass(app)
    code_session.record(
        app, opened.id, [an_event(opened), a_rating(opened, "bond", 3), a_rating(opened, "strain", 0)]
    )
    found = code_session.progress(app, opened.id)
    assert (found.n_segments, found.n_coded, found.n_rated) == (4, 1, 2)
    assert [gap.criterion for gap in found.gaps] == ["goal", "task", "repair_success", "therapist_part"]


def test_bootstrap_is_all_the_workbench_needs(app: App) -> None:
    recording, coder_id = given_a_recording(app)
    opened = code_session.open_pass(app, recording.id, coder_id)
    state = json.loads(json.dumps(code_session.bootstrap(app, opened.id)))
    assert sorted(state) == [
        "judgements", "pass", "preferences", "recording", "scheme", "transcript", "units", "version",
    ]  # fmt: skip
    assert state["pass"] == {
        "id": opened.id, "coder": "Observer A", "purpose": "independent",
        "opened_at": opened.opened_at.isoformat(), "submitted_at": None, "n_events": 0,
    }  # fmt: skip
    assert state["recording"] == {
        "id": recording.id, "name": recording.name, "label": "Case 7", "duration_ms": 16_000,
        "media_type": "audio/wav", "has_video": False,
        "media_url": f"/api/recordings/{recording.id}/media", "peaks_url": f"/api/recordings/{recording.id}/peaks",
    }  # fmt: skip
    assert state["transcript"]["speakers"] == {"S1": "therapist", "S2": "client"}
    assert state["transcript"]["segments"][1] == {
        "key": "s-0002", "start_ms": 4_000, "end_ms": 8_000, "speaker": "S2", "role": "client",
        "text": "Words of segment 2.",
    }  # fmt: skip
    assert state["units"] == [
        {"key": "b-0001", "kind": "interval", "label": "Block 1", "start_ms": 0, "end_ms": 16_000},
        {"key": "session", "kind": "session", "label": "Session", "start_ms": 0, "end_ms": 16_000},
    ]


def test_bootstrap_carries_the_scheme_in_full(app_with_a_pass: tuple[App, CodingPass]) -> None:
    app, opened = app_with_a_pass
    scheme = code_session.bootstrap(app, opened.id)["scheme"]
    assert sorted(scheme) == [
        "attributes", "criteria", "id", "links", "ratings", "rules", "steps", "title", "version",
    ]  # fmt: skip
    rupture = next(each for each in scheme["criteria"] if each["id"] == "rupture")
    assert sorted(rupture) == [
        "codes", "exclusive", "exhaustive", "id", "label", "mark", "unit", "unit_kind", "unmarked",
    ]  # fmt: skip
    assert (rupture["exhaustive"], rupture["unit_kind"], rupture["mark"]) == (False, "segment", None)
    assert (rupture["exclusive"], rupture["unmarked"]) == (True, "absent")
    withdrawal = rupture["codes"][0]
    assert (withdrawal["key"], withdrawal["role"], withdrawal["valence"]) == ("w", "client", "negative")
    assert withdrawal["attributes"] == ["intensity", "certainty", "facet"]
    assert withdrawal["near_misses"][0]["instead"] is None
    assert scheme["attributes"]["intensity"]["values"][0]["label"] == "slight"
    bond = next(each for each in scheme["ratings"] if each["id"] == "bond")
    assert bond["evidence"] == ["emp_t_convey", "emp_c_received", "emp_t_miss"]
    assert (bond["unit_kind"], bond["start"], bond["not_applicable_if_no"]) == ("session", 4, [])
    assert [each["unit_kind"] for each in scheme["ratings"] if each["id"] == "strain"] == ["interval"]
    assert scheme["rules"][1]["applies_to"] == ["rup_c_withdraw", "rup_t_withdraw"]
    assert [step["id"] for step in scheme["steps"]] == ["listen", "tag", "rate_blocks", "rate_session"]
    assert scheme["steps"][1]["tags"]
    assert scheme["steps"][2]["ratings"] == ["strain"]
    (link,) = scheme["links"]
    assert (link["id"], link["required"], link["direction"]) == ("addresses", True, "earlier")
    assert (link["cardinality"], link["external"]) == ("many", ["earlier_session"])
    assert "rep_t_address" in link["from"]
    assert "rup_c_withdraw" in link["to"]
