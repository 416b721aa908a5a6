"""A database of the second version, with a transcription under way and speakers in it, opened by this one."""

import pytest
from sqlalchemy import text

from coding_app.errors import StoreError
from coding_app.store import consensus, open_store, transcriptions, transcripts
from tests.builders import an_unlocked_store
from tests.store.old_database import made_by
from tests.store.test_migration_0002 import AT, ROWS

MORE_ROWS = (
    "UPDATE transcript SET segmentation = id",
    "INSERT INTO transcript (id, recording_id, revision, engine, model, language, duration_ms, created_at, frozen, "
    f"segmentation) VALUES ('t3', 're', 3, 'e', 'm', 'en', 8000, {AT}, FALSE, 't2')",
    "INSERT INTO transcript_speaker (transcript_id, label, position, role) "
    "VALUES ('t2', 'S1', 0, 'therapist'), ('t2', 'S2', 1, NULL)",
    "INSERT INTO transcription (id, recording_id, engine, model, language, n_speakers, channels, state, progress, "
    f"seconds_left, message, created_at, updated_at) VALUES ('tr', 're', 'faster-whisper', 'base', NULL, 2, '[]', "
    f"'running', 0.5, 12.5, NULL, {AT}, {AT})",
    "INSERT INTO coder (id, study_id, name) VALUES ('le', 'st', 'Lead')",
    "INSERT INTO coding_pass (id, recording_id, transcript_id, coder_id, scheme_id, scheme_version, scheme_sha256, "
    f"purpose, opened_at) VALUES ('cs', 're', 't2', 'le', 'alliance-core', '0.1.0', 'ab', 'consensus', {AT})",
    "INSERT INTO transcription_chunk (transcription_id, number, payload) VALUES ('tr', 0, 'a'), ('tr', 1, 'b')",
)


@pytest.fixture
def old_database_url(database_url: str, request: pytest.FixtureRequest) -> str:
    """A database of migration 0002 with a coded recording and a transcription that runs."""
    return made_by(database_url, request, ("0002", (*ROWS, *MORE_ROWS)))


def test_who_began_a_consensus_before_has_seen_what_others_coded(old_database_url: str) -> None:
    store = an_unlocked_store(old_database_url)
    with store.read() as tx:
        assert [consensus.has_seen(tx, "re", each) for each in ("le", "co")] == [True, False]
    store.close()


def test_transcripts_speakers_and_a_running_transcription_are_there_as_before(old_database_url: str) -> None:
    store = an_unlocked_store(old_database_url)
    with store.read() as tx:
        assert transcripts.get_header(tx, "t2").speakers == {"S1": "therapist", "S2": None}
        sources = {each.id: each.source for each in transcripts.list_transcripts(tx, "re")}
        assert sources == {"t1": "transcription", "t2": "transcription", "t3": "edit"}
        assert transcripts.get_transcript(tx, "t2").segments[0].flags == ()
        run = transcriptions.get_transcription(tx, "tr")
        assert (run.state, run.progress, run.seconds_left, run.n_chunks, run.script) == (
            "running",
            0.5,
            12.5,
            None,
            None,
        )
        assert transcriptions.chunks(tx, "tr") == {0: "a", 1: "b"}
    with store.write() as tx:
        assert transcriptions.update_transcription(tx, "tr", state="paused", n_chunks=4)
        transcriptions.save_chunk(tx, "tr", 2, "c")
    store.close()
    open_store(old_database_url).close()


def test_more_members_of_a_family_can_be_named_and_nobody_that_there_is_not(old_database_url: str) -> None:
    store = open_store(old_database_url)
    with store.write() as tx:
        tx.execute(text("UPDATE transcript_speaker SET role = 'client_4' WHERE label = 'S2'"))
    with pytest.raises(StoreError, match="refused"), store.write() as tx:
        tx.execute(text("UPDATE transcript_speaker SET role = 'client_5' WHERE label = 'S2'"))
    with pytest.raises(StoreError, match="refused"), store.write() as tx:
        tx.execute(text("UPDATE transcription SET state = 'asleep'"))
    store.close()


def test_an_edit_is_never_changed(old_database_url: str) -> None:
    store = open_store(old_database_url)
    with store.write() as tx:
        tx.execute(
            text(
                "INSERT INTO transcript_edit (id, transcript_id, coder_id, at, step, edit) "
                f"VALUES ('e1', 't1', 'co', {AT}, 'do', '{{}}')"
            )
        )
    with pytest.raises(StoreError, match="refused"), store.write() as tx:
        tx.execute(text("UPDATE transcript_edit SET edit = '[]'"))
    store.close()
