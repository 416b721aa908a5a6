"""Correcting words while coding: everybody reads the new text, and no judgement moves."""

import threading
from typing import Any

import pytest

from coding_app.domain.coding import CodingPass
from coding_app.domain.transcript import Word
from coding_app.errors import InputError, NotFoundError, SubmittedError
from coding_app.store import corrections, events, studies, transcripts
from coding_app.workflows import code_session
from coding_app.workflows.correct_transcript import MAX_TEXT, correct_segment
from coding_app.workflows.reliability_data import read_study
from coding_app.workflows.wiring import App
from tests.builders import a_segment
from tests.workflows.coding import (
    SEGMENT,
    all_ratings,
    an_event,
    given_a_pass,
    given_a_recording,
    given_a_submitted_pass,
    given_another_pass,
)


def shown(app: App, coding_pass: CodingPass) -> dict[str, Any]:
    return dict(code_session.bootstrap(app, coding_pass.id)["transcript"])


def texts(app: App, coding_pass: CodingPass) -> list[str]:
    return [each["text"] for each in shown(app, coding_pass)["segments"]]


def test_a_corrected_text_is_what_everybody_reads_and_the_passes_revision_stays(app: App) -> None:
    opened = given_a_pass(app)
    other = given_another_pass(app, opened)
    code_session.record(app, opened.id, [an_event(opened)])
    before = shown(app, opened)
    told = correct_segment(app, opened.id, "s-0002", "  Quite other\n words. ")
    assert told.as_json() == {
        "segment": "s-0002",
        "text": "Quite other words.",
        "doubtful": [],
        "doubts": [],
        "revision": 2,
    }
    for each in (opened, other):
        now = shown(app, each)
        assert (before["revision"], now["revision"]) == (1, 2)
        assert [s.pop("corrected", False) for s in now["segments"]] == [False, True, False, False]
        assert [s | {"text": ""} for s in now["segments"]] == [s | {"text": ""} for s in before["segments"]]
        assert texts(app, each)[1] == "Quite other words."
    assert [held["unit"] for held in code_session.bootstrap(app, opened.id)["judgements"]] == [SEGMENT]
    with app.store.read() as tx:
        frozen = transcripts.get_transcript(tx, opened.transcript_id)
        assert (frozen.frozen, frozen.segments) == (True, tuple(a_segment(n) for n in range(1, 5)))
        assert len(events.list_events(tx, opened.id)) == 1


def test_corrections_go_on_in_one_revision_until_somebody_is_given_it_to_code(app: App) -> None:
    opened = given_a_pass(app)
    assert [correct_segment(app, opened.id, f"s-000{n}", "One").revision for n in (1, 2, 1)] == [2, 2, 2]
    other = given_another_pass(app, opened)
    assert other.transcript_id != opened.transcript_id
    assert texts(app, other) == ["One", "One", "Words of segment 3.", "Words of segment 4."]
    assert correct_segment(app, other.id, "s-0003", "Two").revision == 3
    assert texts(app, opened) == texts(app, other) == ["One", "One", "Two", "Words of segment 4."]
    with app.store.read() as tx:
        assert transcripts.get_segment(tx, other.transcript_id, "s-0003").text == "Words of segment 3."
        revisions = transcripts.list_transcripts(tx, opened.recording_id)
    assert [each.frozen for each in revisions] == [True, True, False]
    assert {each.segmentation for each in revisions} == {opened.transcript_id}


def test_words_that_stay_keep_their_times_and_doubts(app: App) -> None:
    spoken = (Word(0, 500, "really", 0.2), Word(500, 900, "hard", 0.3), Word(900, 1_000, "work", 0.9))
    segment = a_segment(1, text="really hard work", words=spoken)
    recording, coder_id = given_a_recording(app, segments=(segment, a_segment(2)))
    opened = code_session.open_pass(app, recording.id, coder_id)
    first, second = shown(app, opened)["segments"]
    assert (first["doubtful"], "doubtful" in second) == ([[0, 6, 20], [7, 11, 30]], False)
    told = correct_segment(app, opened.id, "s-0001", "really heart work")
    assert told.doubtful == shown(app, opened)["segments"][0]["doubtful"] == [[0, 6, 20]]
    with app.store.read() as tx:
        newest = transcripts.newest_revision(tx, opened.transcript_id)
        kept = transcripts.get_segment(tx, newest.id, "s-0001").words
    assert kept == (spoken[0], Word(500, 900, "heart"), spoken[2])


def test_who_corrected_what_is_kept_and_the_same_text_again_is_no_correction(app: App) -> None:
    opened = given_a_pass(app)
    other = given_another_pass(app, opened)
    assert correct_segment(app, opened.id, "s-0001", "Words of segment 1.").revision == 1
    for each, text in ((opened, "One"), (other, "Two"), (other, " Two ")):
        correct_segment(app, each.id, "s-0001", text)
    with app.store.read() as tx:
        found = corrections.list_corrections(tx, opened.transcript_id)
    assert [(each.coder_id, each.text_before, each.text_after) for each in found] == [
        (opened.coder_id, "Words of segment 1.", "One"),
        (other.coder_id, "One", "Two"),
    ]


def test_observers_who_correct_at_the_same_time_lose_nothing(app: App) -> None:
    opened = given_a_pass(app)
    both = (opened, given_another_pass(app, opened))
    start, failed = threading.Barrier(2), []

    def correct(coding_pass: CodingPass, keys: tuple[str, str]) -> None:
        start.wait()
        try:
            for key in keys:
                correct_segment(app, coding_pass.id, key, f"Corrected {key}")
        except Exception as error:
            failed.append(error)

    threads = [
        threading.Thread(target=correct, args=each)
        for each in zip(both, (("s-0001", "s-0003"), ("s-0002", "s-0004")), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert texts(app, opened) == [f"Corrected s-000{n}" for n in range(1, 5)]
    with app.store.read() as tx:
        assert len(transcripts.list_transcripts(tx, opened.recording_id)) == 2


SECRET = "Ms Weaver "


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        (" \n\t ", "is empty"),
        (SECRET + "x" * MAX_TEXT, "5,010 characters"),
        (SECRET + "\0", "cannot be stored"),
        (SECRET + "\ud83d", "cannot be stored"),
    ],
)
def test_a_text_that_cannot_be_kept_is_told_in_a_sentence_that_does_not_repeat_it(
    app_with_a_pass: tuple[App, CodingPass], text: str, told: str
) -> None:
    app, opened = app_with_a_pass
    with pytest.raises(InputError, match=told) as caught:
        correct_segment(app, opened.id, "s-0001", text)
    assert SECRET.strip() not in str(caught.value)


def test_the_longest_text_and_every_other_character_can_be_kept(app: App) -> None:
    opened = given_a_pass(app)
    for text in ("x" * MAX_TEXT, "שלום 😀 <b>&amp;</b> ' \" \\"):
        assert correct_segment(app, opened.id, "s-0001", text).text == text
        assert texts(app, opened)[0] == text


def test_an_unknown_segment_or_pass_is_told(app_with_a_pass: tuple[App, CodingPass]) -> None:
    app, opened = app_with_a_pass
    for pass_id, key in ((opened.id, "s-9999"), (opened.id, "b-0001"), (opened.id, ""), ("none", "s-0001")):
        with pytest.raises(NotFoundError):
            correct_segment(app, pass_id, key, "One")


def test_a_submitted_pass_corrects_no_more_but_reads_what_others_correct(app: App) -> None:
    done = given_a_submitted_pass(app)
    with pytest.raises(SubmittedError):
        correct_segment(app, done.id, "s-0001", "One")
    correct_segment(app, given_another_pass(app, done).id, "s-0001", "Two")
    assert texts(app, done)[0] == "Two"


def test_passes_on_two_revisions_of_one_segmentation_are_compared(app: App) -> None:
    opened = given_a_pass(app)
    correct_segment(app, opened.id, "s-0001", "One")
    later = given_a_submitted_pass(app, opened)
    code_session.record(app, opened.id, all_ratings(opened))
    code_session.submit(app, opened.id)
    assert later.transcript_id != opened.transcript_id
    with app.store.read() as tx:
        study_id = studies.get_coder(tx, opened.coder_id).study_id
    (recording,) = read_study(app, study_id, None).recordings
    assert {each.coding_pass.id for each in recording.passes} == {opened.id, later.id}
