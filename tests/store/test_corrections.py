"""Corrected revisions of a transcript, what is noted of them, and preferences."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from coding_app.domain.transcript import Correction, Transcript, Word
from coding_app.errors import CodingError, InputError, NotFoundError, StoreError
from coding_app.store import Store, Tx, corrections, preferences, transcripts
from tests.builders import NOON, a_transcript, an_id, given_a_pass, given_a_recording

NEW = (Word(0, 400, "New"), Word(400, 500, "words", 0.5))


def correct(tx: Tx, transcript_id: str, key: str, coder_id: str, after: str = "New words") -> Correction:
    before = transcripts.get_segment(tx, transcript_id, key)
    corrections.replace_segment_text(tx, transcript_id, key, after, NEW)
    noted = Correction(transcript_id, key, coder_id, NOON, before.text, after)
    corrections.note_correction(tx, noted)
    return noted


def newest(tx: Tx, segmentation: str) -> Transcript:
    return transcripts.get_transcript(tx, transcripts.newest_revision(tx, segmentation).id)


def test_a_copied_revision_is_the_next_one_with_the_same_segments_and_speakers(store: Store) -> None:
    recording = given_a_recording(store)
    given_a_pass(store, recording)
    with store.write() as tx:
        first = transcripts.current_transcript(tx, recording.id)
        assert first is not None
        header = transcripts.newest_revision(tx, first.id, lock=True)
        assert header == replace(first, segments=())
        new_id = an_id()
        copied = corrections.copy_revision(tx, header, new_id, NOON)
        whole = transcripts.get_transcript(tx, new_id)
    assert whole == replace(
        first,
        id=new_id,
        revision=2,
        frozen=False,
        created_at=NOON,
        segmentation=first.id,
        parent_id=first.id,
        source="edit",
    )
    assert copied == replace(whole, segments=())
    assert (first.corrected, whole.corrected, whole.is_coded) == (False, True, True)


def test_a_corrected_segment_changes_its_text_and_words_only_and_is_noted(store: Store) -> None:
    coding_pass = given_a_pass(store)
    with store.write() as tx:
        frozen = transcripts.get_transcript(tx, coding_pass.transcript_id)
        copied = corrections.copy_revision(tx, replace(frozen, segments=()), an_id(), NOON)
        noted = [correct(tx, copied.id, key, coding_pass.coder_id) for key in ("s-0003", "s-0001", "s-0003")]
    with store.read() as tx:
        now = newest(tx, frozen.id)
        assert transcripts.get_transcript(tx, frozen.id) == frozen
        for old, new in zip(frozen.segments, now.segments, strict=True):
            changed = old.key in ("s-0001", "s-0003")
            assert new == (replace(old, text="New words", words=NEW) if changed else old)
        assert corrections.list_corrections(tx, frozen.id) == tuple(noted)
        revised = corrections.corrected_segments(tx, transcripts.newest_revision(tx, frozen.id))
    assert revised == {key: now.segment(key) for key in ("s-0001", "s-0003")}
    assert [each.text_before for each in noted][1:] == ["Words of segment 1.", "New words"]


def test_a_revision_that_somebody_codes_on_is_not_corrected(store: Store) -> None:
    coding_pass = given_a_pass(store)
    with pytest.raises(CodingError, match="codes on this revision"), store.write() as tx:
        corrections.replace_segment_text(tx, coding_pass.transcript_id, "s-0001", "New", ())


def test_an_unknown_segment_or_revision_is_told(store: Store) -> None:
    recording = given_a_recording(store)
    with store.write() as tx:
        transcript_id = transcripts.list_transcripts(tx, recording.id)[0].id
        for unknown in ((transcript_id, "s-9999"), (an_id(), "s-0001")):
            with pytest.raises(NotFoundError):
                corrections.replace_segment_text(tx, *unknown, "New", ())
            with pytest.raises(NotFoundError):
                transcripts.get_segment(tx, *unknown)
        with pytest.raises(NotFoundError):
            transcripts.newest_revision(tx, an_id(), lock=True)


def test_what_was_noted_is_never_changed(store: Store) -> None:
    coding_pass = given_a_pass(store)
    with store.write() as tx:
        frozen = transcripts.newest_revision(tx, coding_pass.transcript_id)
        copied = corrections.copy_revision(tx, frozen, an_id(), NOON)
        noted = correct(tx, copied.id, "s-0001", coding_pass.coder_id)
    with pytest.raises(StoreError, match="refused"), store.write() as tx:
        tx.execute(text("UPDATE transcript_correction SET text_before = 'nothing'"))
    with store.read() as tx:
        assert corrections.list_corrections(tx, frozen.id) == (noted,)


def test_the_roles_of_a_corrected_revision_are_those_of_the_coded_one(store: Store) -> None:
    coding_pass = given_a_pass(store)
    with store.write() as tx:
        frozen = transcripts.newest_revision(tx, coding_pass.transcript_id)
        copied = corrections.copy_revision(tx, frozen, an_id(), NOON)
    with pytest.raises(CodingError, match="already coding"), store.write() as tx:
        transcripts.assign_role(tx, copied.id, "S1", "client")


def test_correcting_an_old_cut_brings_it_not_back_as_the_current_transcript(store: Store) -> None:
    recording = given_a_recording(store)
    coding_pass = given_a_pass(store, recording)
    with store.write() as tx:
        cut_anew = transcripts.add_transcript(tx, a_transcript(recording.id, 2))
        old = transcripts.newest_revision(tx, coding_pass.transcript_id)
        assert corrections.copy_revision(tx, old, an_id(), NOON).revision == 3
        assert transcripts.current_transcript(tx, recording.id) == cut_anew
        corrected = corrections.copy_revision(tx, cut_anew, an_id(), NOON)
        current = transcripts.current_transcript(tx, recording.id)
    assert current is not None
    assert (current.id, current.revision) == (corrected.id, 4)


def test_preferences_are_kept_per_observer_and_replaced_whole(store: Store) -> None:
    one, other = given_a_pass(store).coder_id, given_a_pass(store).coder_id
    with store.write() as tx:
        preferences.put_preferences(tx, one, {"keys": {"play": "F4"}, "lag_ms": 200}, NOON)
        preferences.put_preferences(tx, one, {"language": "de"}, NOON)
        assert preferences.get_preferences(tx, one) == {"language": "de"}
        assert preferences.get_preferences(tx, other) is None
    with pytest.raises(InputError, match="no observer"), store.write() as tx:
        preferences.put_preferences(tx, an_id(), {}, NOON)
