"""Studies, people, recordings, transcripts, schemes and passes come back as they were stored."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest

from coding_app.domain.coding import Purpose
from coding_app.domain.recording import Study
from coding_app.errors import CodingError, InputError, StoreError
from coding_app.store import Store, passes, recordings, schemes, studies, transcriptions, transcripts
from tests.builders import (
    NOON,
    a_coder,
    a_pass,
    a_recording,
    a_segment,
    a_session,
    a_study,
    a_transcript,
    a_transcription,
    an_id,
    given_a_pass,
    given_a_recording,
)


def _given_a_study(store: Store) -> Study:
    study = a_study()
    with store.write() as tx:
        studies.add_study(tx, study)
    return study


def test_a_study_its_observers_and_sessions_come_back_in_the_order_of_their_names(store: Store) -> None:
    study, other = a_study(title="Zürich"), a_study(title="aachen")
    coders = [a_coder(study.id, name=name) for name in ("Zoë", "anna", "Bert")]
    sessions = [a_session(study.id, label=label) for label in ("C-02", "c-01")]
    with store.write() as tx:
        for each in (study, other):
            studies.add_study(tx, each)
        for coder in coders:
            studies.add_coder(tx, coder)
        for session in sessions:
            studies.add_session(tx, session)
    with store.read() as tx:
        assert studies.list_studies(tx) == (other, study)
        assert [coder.name for coder in studies.list_coders(tx, study.id)] == ["anna", "Bert", "Zoë"]
        assert studies.list_sessions(tx, study.id) == (sessions[1], sessions[0])
        assert studies.list_coders(tx, other.id) == ()
        assert studies.get_study(tx, study.id) == study
        assert studies.get_coder(tx, coders[0].id) == coders[0]
        assert studies.get_session(tx, sessions[0].id) == sessions[0]


def test_a_name_or_label_is_free_once_per_study(store: Store) -> None:
    study, other = _given_a_study(store), _given_a_study(store)
    with store.write() as tx:
        for each in (study, other):
            studies.add_coder(tx, a_coder(each.id, name="Anna"))
            studies.add_session(tx, a_session(each.id, label="C-01"))
    with pytest.raises(InputError, match="already has the observer 'anna'"), store.write() as tx:
        studies.add_coder(tx, a_coder(study.id, name="anna"))
    with pytest.raises(InputError, match="already has the session 'C-01'"), store.write() as tx:
        studies.add_session(tx, a_session(study.id, label="C-01"))
    with pytest.raises(InputError, match="already there"), store.write() as tx:
        studies.add_study(tx, study)


@pytest.mark.parametrize(
    "get",
    [
        studies.get_study,
        studies.get_coder,
        studies.get_session,
        recordings.get_recording,
        transcripts.get_transcript,
        passes.get_pass,
        transcriptions.get_transcription,
    ],
)
@pytest.mark.parametrize("unknown", ["nothing", "", "x" * 500, "a\0b", "'; --"])
def test_an_unknown_id_is_wrong_input(store: Store, get: Callable[..., Any], unknown: str) -> None:
    with pytest.raises(InputError), store.read() as tx:
        get(tx, unknown)


def test_recordings_come_in_the_order_of_adding_and_are_found_by_their_content(store: Store) -> None:
    study, other = _given_a_study(store), _given_a_study(store)
    session = a_session(study.id)
    late = a_recording(session.id, added_at=NOON + timedelta(microseconds=1), size_bytes=3_000_000_000)
    early = a_recording(session.id, added_at=NOON.astimezone(timezone(timedelta(hours=5))), has_video=True)
    with store.write() as tx:
        studies.add_session(tx, session)
        recordings.add_recording(tx, late)
        recordings.add_recording(tx, early)
    with store.read() as tx:
        assert recordings.list_recordings(tx, study.id) == (early, late)
        assert recordings.list_recordings(tx, other.id) == ()
        assert recordings.get_recording(tx, late.id) == late
        assert recordings.get_recording(tx, early.id).added_at.utcoffset() == timedelta(0)
        assert recordings.find_recording(tx, study.id, late.sha256) == late
        assert recordings.find_recording(tx, other.id, late.sha256) is None
    with store.write() as tx:
        assert recordings.is_used(tx, late.sha256)
        assert not recordings.is_used(tx, "0" * 64)


def test_one_file_is_in_a_study_once_and_may_be_in_two_studies(store: Store) -> None:
    study, other = _given_a_study(store), _given_a_study(store)
    here, again, elsewhere = a_session(study.id), a_session(study.id), a_session(other.id)
    recording = a_recording(here.id)
    with store.write() as tx:
        for session in (here, again, elsewhere):
            studies.add_session(tx, session)
        recordings.add_recording(tx, recording)
        recordings.add_recording(tx, replace(recording, id=an_id(), session_id=elsewhere.id))
    with pytest.raises(InputError, match="already in this study"), store.write() as tx:
        recordings.add_recording(tx, replace(recording, id=an_id(), session_id=again.id))


def test_a_new_transcript_is_the_next_revision_and_the_current_one(store: Store) -> None:
    recording = given_a_recording(store, n_segments=2)
    odd = a_segment(1, text='«näher» "…" \\ 😀', speaker=None, words=())
    speakers = {"S2": None, "S1": "client"}
    mine = a_transcript(recording.id, revision=77, segments=(odd, a_segment(2)), speakers=speakers)
    with store.write() as tx:
        stored = transcripts.add_transcript(tx, mine)
    assert stored == replace(mine, revision=2)
    with store.read() as tx:
        assert transcripts.get_transcript(tx, mine.id) == stored
        assert transcripts.current_transcript(tx, recording.id) == stored
        both = transcripts.list_transcripts(tx, recording.id)
        assert [each.revision for each in both] == [1, 2]
        assert both[1] == replace(stored, segments=())
        assert list(both[1].speakers) == ["S2", "S1"]
        assert transcripts.current_transcript(tx, "another") is None


def test_a_transcript_without_any_speech_can_be_kept(store: Store) -> None:
    recording = given_a_recording(store)
    silent = a_transcript(recording.id, segments=(), speakers={})
    with store.write() as tx:
        stored = transcripts.add_transcript(tx, silent)
        assert transcripts.get_transcript(tx, silent.id) == stored


def test_roles_are_assigned_until_somebody_codes(store: Store) -> None:
    recording = given_a_recording(store)
    with store.write() as tx:
        transcript_id = transcripts.list_transcripts(tx, recording.id)[0].id
        transcripts.assign_role(tx, transcript_id, "S1", "client")
        transcripts.assign_role(tx, transcript_id, "S2", None)
        assert transcripts.get_transcript(tx, transcript_id).speakers == {"S1": "client", "S2": None}
    for wrong in (("S9", "client"), ("S1", "patient")):
        with pytest.raises(InputError), store.write() as tx:
            transcripts.assign_role(tx, transcript_id, *wrong)
    given_a_pass(store, recording)
    with pytest.raises(CodingError, match="already coding"), store.write() as tx:
        transcripts.assign_role(tx, transcript_id, "S1", "therapist")
    with store.read() as tx:
        assert transcripts.get_transcript(tx, transcript_id).frozen
        assert transcripts.get_transcript(tx, transcript_id).speakers["S1"] == "client"


def test_a_scheme_is_kept_word_for_word_and_for_good(store: Store) -> None:
    identity = ("alliance-core", "0.1.0", "a" * 64)
    with store.write() as tx:
        schemes.keep_scheme(tx, *identity, text="id: alliance-core\n# näher\n")
        schemes.keep_scheme(tx, *identity, text="other spelling of the same")
    with store.read() as tx:
        assert schemes.scheme_text(tx, *identity) == "id: alliance-core\n# näher\n"
    with pytest.raises(InputError, match="not kept here"), store.read() as tx:
        schemes.scheme_text(tx, "alliance-core", "0.1.0", "b" * 64)


def test_passes_are_listed_by_study_recording_and_observer(store: Store) -> None:
    recording, other = given_a_recording(store), given_a_recording(store)
    second = given_a_pass(store, recording, opened_at=NOON + timedelta(hours=1))
    first = given_a_pass(store, recording, purpose=Purpose.REFERENCE)
    elsewhere = given_a_pass(store, other)
    with store.read() as tx:
        study_id = studies.get_session(tx, recording.session_id).study_id
        assert passes.get_pass(tx, first.id) == first
        assert passes.list_passes(tx, recording_id=recording.id) == (first, second)
        assert passes.list_passes(tx, study_id=study_id) == (first, second)
        assert passes.list_passes(tx, coder_id=elsewhere.coder_id) == (elsewhere,)
        assert passes.list_passes(tx, study_id=study_id, coder_id=elsewhere.coder_id) == ()
        assert len(passes.list_passes(tx)) == 3


def test_a_pass_is_submitted_once(store: Store) -> None:
    coding_pass = given_a_pass(store)
    at = NOON + timedelta(days=1, microseconds=7)
    with store.write() as tx:
        passes.mark_submitted(tx, coding_pass.id, at)
    with pytest.raises(CodingError, match="2026-11-23"), store.write() as tx:
        passes.mark_submitted(tx, coding_pass.id, at + timedelta(days=1))
    with store.read() as tx:
        assert passes.get_pass(tx, coding_pass.id) == replace(coding_pass, submitted_at=at)


def test_a_second_tab_opens_no_second_pass_but_one_may_code_again_after_submitting(
    store: Store,
) -> None:
    first = given_a_pass(store)
    again = replace(first, id=an_id())
    with pytest.raises(CodingError, match="continue that coding"), store.write() as tx:
        passes.add_pass(tx, again)
    with store.write() as tx:
        passes.add_pass(tx, replace(again, id=an_id(), purpose=Purpose.TRAINING))
        passes.mark_submitted(tx, first.id, NOON)
        passes.add_pass(tx, again)


def test_a_pass_needs_a_scheme_that_is_kept(store: Store) -> None:
    coding_pass = given_a_pass(store)
    stray = a_pass(
        coding_pass.recording_id, coding_pass.transcript_id, coding_pass.coder_id, scheme_id="never kept"
    )
    with pytest.raises(StoreError, match="refused"), store.write() as tx:
        passes.add_pass(tx, stray)


def test_a_transcription_is_followed_through_its_states(store: Store) -> None:
    recording = given_a_recording(store)
    asked = a_transcription(recording.id, language="de", n_speakers=None, channels=("therapist", "client"))
    later = a_transcription(recording.id, created_at=NOON + timedelta(hours=1), state="done", progress=1.0)
    with store.write() as tx:
        transcriptions.add_transcription(tx, later)
        transcriptions.add_transcription(tx, asked)
        assert transcriptions.get_transcription(tx, asked.id) == asked
        changed: Any = {
            "state": "running",
            "progress": 0.25,
            "seconds_left": 61.5,
            "updated_at": NOON,
        }
        assert transcriptions.update_transcription(tx, asked.id, **changed)
    with store.read() as tx:
        now = transcriptions.get_transcription(tx, asked.id)
        assert now == replace(asked, **changed)
        assert transcriptions.list_transcriptions(tx) == (now, later)
        assert transcriptions.list_transcriptions(tx, recording.id, states=("running", "queued")) == (now,)
        assert transcriptions.list_transcriptions(tx, "another recording") == ()


def test_a_cancelled_transcription_does_not_become_done(store: Store) -> None:
    asked = a_transcription(given_a_recording(store).id, state="cancelled")
    with store.write() as tx:
        transcriptions.add_transcription(tx, asked)
        assert not transcriptions.update_transcription(tx, asked.id, only_from=("running",), state="done")
        assert transcriptions.get_transcription(tx, asked.id) == asked


@pytest.mark.parametrize("wrong", [{"state": "lost"}, {"progress": 1.5}, {"progress": float("nan")}])
def test_the_database_keeps_no_impossible_transcription(store: Store, wrong: dict[str, Any]) -> None:
    asked = a_transcription(given_a_recording(store).id)
    with store.write() as tx:
        transcriptions.add_transcription(tx, asked)
    with pytest.raises(StoreError, match="refused"), store.write() as tx:
        transcriptions.update_transcription(tx, asked.id, **wrong)
    with pytest.raises(ValueError):
        replace(asked, **wrong)


def test_chunks_are_kept_by_number_until_they_are_dropped(store: Store) -> None:
    asked, other = (a_transcription(given_a_recording(store).id) for _ in range(2))
    with store.write() as tx:
        for each in (asked, other):
            transcriptions.add_transcription(tx, each)
        for number, payload in ((1, '{"words": []}'), (0, "[]"), (0, '["ä"]')):
            transcriptions.save_chunk(tx, asked.id, number, payload)
        transcriptions.save_chunk(tx, other.id, 0, "[]")
    with store.write() as tx:
        assert list(transcriptions.chunks(tx, asked.id).items()) == [(0, '["ä"]'), (1, '{"words": []}')]
        transcriptions.drop_chunks(tx, asked.id)
        assert transcriptions.chunks(tx, asked.id) == {}
        assert transcriptions.chunks(tx, other.id) == {0: "[]"}
