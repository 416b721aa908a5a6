"""What stands for names, silences, and the words of earlier revisions, on both engines."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from coding_app.domain.names import spelled
from coding_app.domain.recording import Study, TherapySession
from coding_app.domain.times import Span
from coding_app.errors import InputError
from coding_app.store import (
    Store,
    Tx,
    corrections,
    earlier_words,
    erasing,
    passes,
    pseudonyms,
    recording_keys,
    recordings,
    schemes,
    silences,
    studies,
    transcriptions,
    transcripts,
)
from coding_app.store.work_tables import pseudonym
from tests.builders import NOON, a_coder, a_pass, a_recording, a_transcript, a_transcription

ST = "st"


@pytest.fixture
def two_cases(store: Store) -> Store:
    """Study st: case C-1 of two sessions (recordings a, b), and a session without a case code (recording c)."""
    with store.write() as tx:
        studies.add_study(tx, Study(ST, "Study", "alliance-core"))
        for key, case in (("a", "C-1"), ("b", "c-1"), ("c", None)):
            studies.add_session(tx, TherapySession(f"s-{key}", ST, f"Session {key}", case))
            recordings.add_recording(tx, a_recording(f"s-{key}", id=key))
    return store


def look_up(tx: Tx, case: str, name: str) -> str | None:
    return pseudonyms.replacement_of(tx, ST, case)(spelled(name))


def test_what_stands_for_a_name_is_found_in_its_case_however_it_is_spelled_and_in_no_other(
    two_cases: Store,
) -> None:
    with two_cases.write() as tx:
        assert pseudonyms.case_of(tx, "a") == pseudonyms.case_of(tx, "b") == (ST, "c-1")
        assert pseudonyms.case_of(tx, "c") == (ST, "s-c")
        assert look_up(tx, "c-1", "Anna") is None
        pseudonyms.put_pseudonym(tx, ST, "c-1", "Anna Müller", "[Name 1]")
        assert look_up(tx, "c-1", "ANNA  MÜLLER") == "[Name 1]"
        assert look_up(tx, "s-c", "Anna Müller") is None
        pseudonyms.put_pseudonym(tx, ST, "c-1", "anna müller", "Clara")
        assert pseudonyms.replacements(tx, ST, "c-1") == ("Clara",)


def test_of_the_name_nothing_is_stored_that_tells_it_and_two_cases_store_the_same_name_differently(
    two_cases: Store,
) -> None:
    with two_cases.write() as tx:
        for case in ("c-1", "s-c"):
            pseudonyms.put_pseudonym(tx, ST, case, "Anna", "[Name 1]")
        rows = tx.execute(select(pseudonym)).all()
        assert "anna" not in str(rows).casefold()
        assert len({row.original_hmac for row in rows}) == 2


def test_a_name_goes_with_its_case_when_the_case_is_called_otherwise(two_cases: Store) -> None:
    with two_cases.write() as tx:
        pseudonyms.put_pseudonym(tx, ST, "c-1", "Anna", "[Name 1]")
        for key in ("a", "b"):
            session = studies.get_session(tx, f"s-{key}")
            studies.change_session(tx, replace(session, case_code="C-7"))
            pseudonyms.follow_case(tx, ST, "c-1", "c-7")
            assert look_up(tx, "c-7", "Anna") == "[Name 1]"
        assert look_up(tx, "c-1", "Anna") is None
        assert len(recording_keys.all_wrapped(tx)) == 1


def test_a_case_that_has_names_of_its_own_keeps_them_when_a_session_of_another_joins_it(
    two_cases: Store,
) -> None:
    with two_cases.write() as tx:
        pseudonyms.put_pseudonym(tx, ST, "c-1", "Anna", "[Name 1]")
        pseudonyms.put_pseudonym(tx, ST, "s-c", "Anna", "Clara")
        pseudonyms.follow_case(tx, ST, "c-1", "s-c")
        assert look_up(tx, "s-c", "Anna") == "Clara"
        assert look_up(tx, "c-1", "Anna") == "[Name 1]"


def test_what_stands_for_names_is_forgotten_with_the_last_recording_of_the_case_and_its_key_too(
    two_cases: Store,
) -> None:
    with two_cases.write() as tx:
        pseudonyms.put_pseudonym(tx, ST, "c-1", "Anna", "[Name 1]")
        erasing.erase_recording(tx, "a", NOON)
        assert look_up(tx, "c-1", "Anna") == "[Name 1]"
        erasing.erase_recording(tx, "b", NOON)
        assert tx.execute(select(pseudonym)).all() == []
        assert recording_keys.all_wrapped(tx) == {}


def test_silences_are_kept_once_in_order_and_go_with_their_recording(two_cases: Store) -> None:
    with two_cases.write() as tx:
        silences.add_silences(tx, "a", [Span(500, 900), Span(0, 40), Span(500, 900)])
        silences.add_silences(tx, "a", [Span(500, 900)])
        assert silences.list_silences(tx, "a") == (Span(0, 40), Span(500, 900))
        assert silences.list_silences(tx, "b") == ()
        assert silences.remove_silence(tx, "a", Span(0, 40))
        assert not silences.remove_silence(tx, "a", Span(0, 40))
        erasing.erase_recording(tx, "a", NOON)
        assert silences.list_silences(tx, "a") == ()


def given_revisions(tx: Tx) -> list[str]:
    """Recording a: recognised, then edited by somebody else twice, each with a cut of its own."""
    first = a_transcript("a", id="r1")
    transcripts.add_transcript(tx, first)
    second = corrections.copy_revision(tx, first, "r2", NOON, new_segmentation=True)
    corrections.copy_revision(tx, second, "r3", NOON, new_segmentation=True)
    return ["r1", "r2", "r3"]


def test_earlier_revisions_and_what_recognition_noted_are_removed_and_the_newest_stays_as_it_is(
    two_cases: Store,
) -> None:
    with two_cases.write() as tx:
        given_revisions(tx)
        before = transcripts.current_transcript(tx, "a")
        transcriptions.add_transcription(tx, a_transcription("a", id="run", state="done", script="[]"))
        transcriptions.save_chunk(tx, "run", 0, '["Anna"]')
        assert earlier_words.look(tx, "a") == earlier_words.Earlier((1, 2), (), 0, 1)
        assert earlier_words.remove(tx, "a") == 2
        assert transcripts.current_transcript(tx, "a") == before
        assert [each.id for each in transcripts.list_transcripts(tx, "a")] == ["r3"]
        assert transcriptions.chunks(tx, "run") == {}
        assert transcriptions.get_transcription(tx, "run").script is None
        assert earlier_words.look(tx, "a") == earlier_words.Earlier((), (), 0, 0)


def test_a_revision_that_somebody_codes_on_stays_and_is_named(two_cases: Store) -> None:
    with two_cases.write() as tx:
        given_revisions(tx)
        coder = a_coder(ST)
        studies.add_coder(tx, coder)
        schemes.keep_scheme(tx, "alliance-core", "0.1.0", "0" * 64, text="id: alliance-core")
        passes.add_pass(tx, a_pass("a", "r2", coder.id))
        assert earlier_words.look(tx, "a").kept == (2,)
        assert earlier_words.remove(tx, "a") == 1
        assert [each.id for each in transcripts.list_transcripts(tx, "a")] == ["r2", "r3"]


@pytest.mark.parametrize("state", ["queued", "running", "paused"])
def test_nothing_is_removed_while_a_transcription_is_under_way(two_cases: Store, state: str) -> None:
    with two_cases.write() as tx:
        given_revisions(tx)
        transcriptions.add_transcription(tx, a_transcription("a", state=state))
    with two_cases.write() as tx, pytest.raises(InputError, match="being transcribed"):
        earlier_words.remove(tx, "a")
    with two_cases.read() as tx:
        assert len(transcripts.list_transcripts(tx, "a")) == 3


def test_a_recording_without_a_transcript_has_no_earlier_words(two_cases: Store) -> None:
    with two_cases.write() as tx:
        assert earlier_words.look(tx, "c") == earlier_words.Earlier((), (), 0, 0)
        assert earlier_words.remove(tx, "c") == 0
