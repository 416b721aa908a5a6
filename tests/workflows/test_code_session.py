"""Coding a recording from opening the pass to submitting it."""

import threading
from typing import Any

import pytest

from coding_app.domain.coding import CodingPass, fold
from coding_app.domain.gaps import GapsError
from coding_app.errors import CodingError, NotFoundError, SchemeError, SubmittedError
from coding_app.schemes import BUILT_IN
from coding_app.store import events, passes, schemes, transcripts
from coding_app.workflows import code_session
from coding_app.workflows.wiring import App
from tests.builders import an_id
from tests.workflows.coding import (
    SEGMENT,
    SESSION,
    WITHDRAWAL,
    a_rating,
    all_ratings,
    an_event,
    given_a_pass,
    given_a_recording,
    given_another_pass,
)  # fmt: skip


def test_opening_a_pass_freezes_the_transcript_and_keeps_the_schemes_text(app: App) -> None:
    opened = given_a_pass(app)
    with app.store.read() as tx:
        assert transcripts.get_transcript(tx, opened.transcript_id).frozen
        text = schemes.scheme_text(tx, "alliance-core", opened.scheme_version, opened.scheme_sha256)
        assert passes.get_pass(tx, opened.id) == opened
    assert text == (BUILT_IN / "alliance-core.yaml").read_text("utf-8")
    assert opened.submitted_at is None


def test_the_same_observer_gets_the_same_pass_of_a_recording_again(app: App) -> None:
    recording, coder_id = given_a_recording(app)
    first = code_session.open_pass(app, recording.id, coder_id)
    assert code_session.open_pass(app, recording.id, coder_id) == first


def test_a_submitted_pass_is_opened_again_for_looking(app: App) -> None:
    opened = given_a_pass(app)
    code_session.record(app, opened.id, all_ratings(opened))
    submitted = code_session.submit(app, opened.id)
    assert code_session.open_pass(app, opened.recording_id, opened.coder_id) == submitted


def test_another_observer_gets_a_pass_of_their_own(app: App) -> None:
    opened = given_a_pass(app)
    theirs = given_another_pass(app, opened)
    assert (theirs.id != opened.id, theirs.transcript_id) == (True, opened.transcript_id)


def test_opening_at_the_same_time_in_several_tabs_makes_one_pass(app: App) -> None:
    recording, coder_id = given_a_recording(app)
    start, found = threading.Barrier(4), []

    def open_it() -> None:
        start.wait()
        found.append(code_session.open_pass(app, recording.id, coder_id).id)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found))) == (4, 1)


def test_without_a_transcript_there_is_nothing_to_code(app: App) -> None:
    recording, coder_id = given_a_recording(app, n_segments=None)
    with pytest.raises(CodingError, match="no transcript yet; transcribe it first"):
        code_session.open_pass(app, recording.id, coder_id)


@pytest.mark.parametrize(
    ("speakers", "who"),
    [
        ({"S1": None, "S2": None}, "S1 and S2 are"),
        ({"S1": "therapist", "S2": None}, "S2 is"),
        ({}, "S1 and S2 are"),
    ],
)
def test_roles_must_be_said_before_coding(app: App, speakers: dict[str, str | None], who: str) -> None:
    recording, coder_id = given_a_recording(app, speakers=speakers)
    with pytest.raises(CodingError, match=f"Say first who is the therapist and who the client.*{who}"):
        code_session.open_pass(app, recording.id, coder_id)
    with app.store.read() as tx:
        current = transcripts.current_transcript(tx, recording.id)
        assert current is not None
        assert not current.frozen
        assert passes.list_passes(tx, recording_id=recording.id) == ()


def test_an_observer_of_another_study_cannot_code_it(app: App) -> None:
    recording, _ = given_a_recording(app)
    _, stranger_id = given_a_recording(app)
    with pytest.raises(CodingError, match="belongs to another study"):
        code_session.open_pass(app, recording.id, stranger_id)


def test_a_study_with_an_unknown_scheme_is_told(app: App) -> None:
    recording, coder_id = given_a_recording(app, scheme_id="nope")
    with pytest.raises(SchemeError, match="no coding scheme 'nope'"):
        code_session.open_pass(app, recording.id, coder_id)


def test_an_unknown_recording_pass_or_observer_is_told(app: App) -> None:
    recording, coder_id = given_a_recording(app)
    for unknown in ((an_id(), coder_id), (recording.id, an_id())):
        with pytest.raises(NotFoundError):
            code_session.open_pass(app, *unknown)
    with pytest.raises(NotFoundError):
        code_session.bootstrap(app, an_id())


def _change_the_file(app: App, *changes: tuple[str, str]) -> None:
    text = (BUILT_IN / "alliance-core.yaml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    assert app.settings.schemes_dir is not None
    app.settings.schemes_dir.mkdir(exist_ok=True)
    (app.settings.schemes_dir / "alliance-core.yaml").write_text(text, "utf-8")


def _labels(app: App, pass_id: str) -> list[str]:
    return [rating["label"] for rating in code_session.bootstrap(app, pass_id)["scheme"]["ratings"]]


def test_a_pass_keeps_its_scheme_when_a_new_version_comes(app: App) -> None:
    recording, coder_id = given_a_recording(app)
    opened = code_session.open_pass(app, recording.id, coder_id)
    version = f"version: {opened.scheme_version}"
    _change_the_file(app, ("label: Bond", "label: Attachment"), (version, "version: 7.0.0"))
    assert "Bond" in _labels(app, opened.id)
    other = code_session.open_pass(app, *_ids(given_a_recording(app)))
    assert (other.scheme_version, "Attachment" in _labels(app, other.id)) == ("7.0.0", True)


def test_a_scheme_in_use_cannot_change_under_the_same_version(app: App) -> None:
    opened = code_session.open_pass(app, *_ids(given_a_recording(app)))
    _change_the_file(app, ("label: Bond", "label: Attachment"))
    with pytest.raises(SchemeError, match=f"changed after coding with its version {opened.scheme_version}"):
        code_session.open_pass(app, *_ids(given_a_recording(app)))
    _change_the_file(app, ("# exclusive:", "# A comment is no change. exclusive:"))
    code_session.open_pass(app, *_ids(given_a_recording(app)))


def _ids(given):  # type: ignore[no-untyped-def]
    recording, coder_id = given
    return recording.id, coder_id


def test_what_was_recorded_comes_back_with_the_next_bootstrap(app: App) -> None:
    opened = given_a_pass(app)
    batch = [an_event(opened, note="flat voice"), a_rating(opened, "bond", 3)]
    assert code_session.record(app, opened.id, batch) == [event["id"] for event in batch]
    held = code_session.bootstrap(app, opened.id)["judgements"]
    assert held == [
        {"unit": SEGMENT, "criterion": "rupture", "codes": [WITHDRAWAL], "value": None, "note": "flat voice"},
        {"unit": SESSION, "criterion": "bond", "codes": [], "value": 3, "note": None},
    ]


def test_a_repeated_batch_is_stored_once_also_after_submit(app: App) -> None:
    opened = given_a_pass(app)
    batch = all_ratings(opened)
    first = code_session.record(app, opened.id, batch)
    assert code_session.record(app, opened.id, batch) == first
    code_session.submit(app, opened.id)
    assert code_session.record(app, opened.id, batch) == first
    with app.store.read() as tx:
        assert len(events.list_events(tx, opened.id)) == len(batch)


def test_an_event_that_clears_takes_the_judgement_away(app: App) -> None:
    opened = given_a_pass(app)
    code_session.record(app, opened.id, [an_event(opened), an_event(opened, codes=[])])
    assert code_session.bootstrap(app, opened.id)["judgements"] == []


def test_one_wrong_event_keeps_the_whole_batch_out(app: App) -> None:
    opened = given_a_pass(app)
    wrong = an_event(opened, criterion="warmth")
    with pytest.raises(CodingError, match="no such criterion"):
        code_session.record(app, opened.id, [an_event(opened), wrong])
    with app.store.read() as tx:
        assert events.list_events(tx, opened.id) == ()


def test_an_event_of_another_pass_is_refused(app: App) -> None:
    opened, other = given_a_pass(app), given_a_pass(app)
    with pytest.raises(CodingError, match="belongs to another pass"):
        code_session.record(app, opened.id, [an_event(other)])


SECRET = "Ms Weaver said"
UNREADABLE: list[tuple[dict[str, Any], str]] = [
    ({"id": 7}, "'id'"),
    ({"id": ""}, "'id'"),
    ({"pass_id": None}, "'pass_id'"),
    ({"unit": "s-0002"}, "'unit'"),
    ({"unit": {"key": "s-0002", "start_ms": 4_000}}, "'end_ms'"),
    ({"unit": SEGMENT | {"start_ms": "4000"}}, "'start_ms'"),
    ({"unit": SEGMENT | {"start_ms": 4_000.5}}, "'start_ms'"),
    ({"unit": SEGMENT | {"start_ms": True}}, "'start_ms'"),
    ({"unit": SEGMENT | {"start_ms": -1}}, "'start_ms'"),
    ({"unit": SEGMENT | {"end_ms": 0}}, "the unit's times"),
    ({"unit": SEGMENT | {SECRET: 1}}, "a field too many"),
    ({"criterion": ["rupture"]}, "'criterion'"),
    ({"codes": None}, "'codes'"),
    ({"codes": ["rup_c_withdraw"]}, "'codes'"),
    ({"codes": [{"attributes": {}}]}, "'code'"),
    ({"codes": [WITHDRAWAL | {"attributes": {"intensity": 2.0}}]}, "'attributes'"),
    ({"codes": [WITHDRAWAL | {"attributes": {"intensity": True}}]}, "'attributes'"),
    ({"codes": [WITHDRAWAL | {"links": "s-0001"}]}, "'links'"),
    ({"codes": [WITHDRAWAL] * 51}, "'codes'"),
    ({"value": "4"}, "'value'"),
    ({"value": 10**30}, "'value'"),
    ({"note": {"text": SECRET}}, "'note'"),
    ({"act": "", "step": "do"}, "'act'"),
    ({"act": "a" * 65, "step": "do"}, "'act'"),
    ({"act": 7, "step": "do"}, "'act'"),
    ({"act": "a", "step": "again"}, "'step'"),
    ({"act": "a"}, "come together"),
    ({"step": "undo"}, "come together"),
    ({"at": "yesterday"}, "'at'"),
    ({"at": "2026-11-22T10:31:02"}, "no time zone"),
    ({SECRET: 1}, "a field too many"),
]


@pytest.mark.parametrize(("change", "what"), UNREADABLE)
def test_an_event_that_cannot_be_read_is_told_by_its_place_and_field(
    app_with_a_pass: tuple[App, CodingPass], change: dict[str, Any], what: str
) -> None:
    app, opened = app_with_a_pass
    with pytest.raises(CodingError) as caught:
        code_session.record(app, opened.id, [an_event(opened), an_event(opened, **change)])
    assert "Event 2 of this batch" in str(caught.value)
    assert what in str(caught.value)
    assert SECRET not in str(caught.value)


def test_submit_locks_the_pass(app: App) -> None:
    opened = given_a_pass(app)
    code_session.record(app, opened.id, all_ratings(opened))
    submitted = code_session.submit(app, opened.id)
    assert submitted.submitted_at is not None
    with pytest.raises(SubmittedError):
        code_session.record(app, opened.id, [an_event(opened)])
    with pytest.raises(SubmittedError):
        code_session.submit(app, opened.id)


def test_submit_with_gaps_says_what_is_missing_and_leaves_the_pass_open(app: App) -> None:
    opened = given_a_pass(app)
    bare = {"code": "rup_c_withdraw", "attributes": {}, "links": []}
    code_session.record(app, opened.id, [an_event(opened, codes=[bare])])
    with pytest.raises(GapsError) as caught:
        code_session.submit(app, opened.id)
    assert [gap.criterion for gap in caught.value.gaps] == [
        "rupture", "strain", "bond", "goal", "task", "repair_success", "therapist_part",
    ]  # fmt: skip
    code_session.record(app, opened.id, [an_event(opened)])
    assert code_session.bootstrap(app, opened.id)["pass"]["submitted_at"] is None


def test_a_submitted_pass_is_complete_whatever_is_recorded_at_the_same_time(app: App) -> None:
    opened = given_a_pass(app)
    code_session.record(app, opened.id, all_ratings(opened))
    start, refused = threading.Barrier(2), []

    def clear_the_bond() -> None:
        event = an_event(opened, unit=SESSION, criterion="bond", codes=[])
        start.wait()
        try:
            code_session.record(app, opened.id, [event])
        except SubmittedError as error:
            refused.append(error)

    thread = threading.Thread(target=clear_the_bond)
    thread.start()
    start.wait()
    submitted = True
    try:
        code_session.submit(app, opened.id)
    except GapsError:
        submitted = False
    thread.join()
    with app.store.read() as tx:
        bond_is_rated = ("session", "bond") in fold(events.list_events(tx, opened.id))
    assert submitted is bond_is_rated is (len(refused) == 1)
