"""A database of the first version, with rows in it, opened by this one."""

import pytest
from sqlalchemy import text

from coding_app.errors import StoreError
from coding_app.store import corrections, events, open_store, passes, transcripts
from tests.builders import NOON, a_unit, an_event, an_unlocked_store
from tests.store.old_database import made_by

AT = "'2026-11-22 12:00:00+00:00'"
ROWS = (
    "INSERT INTO study (id, title, scheme_id) VALUES ('st', 'Study', 'alliance-core')",
    "INSERT INTO coder (id, study_id, name) VALUES ('co', 'st', 'Observer A')",
    "INSERT INTO therapy_session (id, study_id, label) VALUES ('se', 'st', 'C-1')",
    "INSERT INTO recording (id, session_id, name, sha256, size_bytes, media_type, duration_ms, sample_rate_hz, "
    f"n_channels, has_video, added_at) VALUES ('re', 'se', 'a.wav', 'ab', 1, 'audio/wav', 8000, 16000, 1, FALSE, {AT})",
    "INSERT INTO transcript (id, recording_id, revision, engine, model, language, duration_ms, created_at, frozen) "
    f"VALUES ('t1', 're', 1, 'e', 'm', 'en', 8000, {AT}, FALSE), ('t2', 're', 2, 'e', 'm', 'en', 8000, {AT}, TRUE)",
    "INSERT INTO segment (transcript_id, key, position, start_ms, end_ms, speaker, text, words) "
    "VALUES ('t2', 's-0001', 0, 0, 4000, NULL, 'Words.', '[[0, 500, \"Words.\", 0.9]]')",
    "INSERT INTO scheme_version (scheme_id, version, sha256, text) VALUES ('alliance-core', '0.1.0', 'ab', 'x')",
    "INSERT INTO coding_pass (id, recording_id, transcript_id, coder_id, scheme_id, scheme_version, scheme_sha256, "
    f"purpose, opened_at) VALUES ('pa', 're', 't2', 'co', 'alliance-core', '0.1.0', 'ab', 'independent', {AT})",
    "INSERT INTO coding_event (id, pass_id, unit_key, start_ms, end_ms, criterion, codes, value, note, at, stored_at) "
    f"VALUES ('ev', 'pa', 's-0001', 0, 4000, 'rupture', '[]', NULL, 'old', {AT}, {AT})",
    "INSERT INTO coding_state (pass_id, unit_key, criterion, seq, start_ms, end_ms, codes, value, note) "
    "VALUES ('pa', 's-0001', 'rupture', 1, 0, 4000, '[]', NULL, 'old')",
)


@pytest.fixture
def old_database_url(database_url: str, request: pytest.FixtureRequest) -> str:
    """A database of migration 0001 with a coded recording."""
    return made_by(database_url, request, ("0001", ROWS))


def test_everything_that_was_there_is_there_and_can_be_gone_on_with(old_database_url: str) -> None:
    store = an_unlocked_store(old_database_url)
    with store.read() as tx:
        assert transcripts.segmentations(tx, "re") == {"t1": "t1", "t2": "t2"}
        assert transcripts.newest_revision(tx, "t2").id == "t2"
        current = transcripts.current_transcript(tx, "re")
        assert current is not None
        assert (current.id, current.segment("s-0001") is not None) == ("t2", True)
        (old,) = events.list_events(tx, "pa")
        assert (old.note, old.act, old.step) == ("old", None, None)
        assert passes.get_pass(tx, "pa").transcript_id == "t2"
    new = an_event("pa", unit=a_unit(1), act="one", step="do")
    with store.write() as tx:
        events.append_events(tx, [old, new])
        assert events.list_events(tx, "pa") == (old, new)
        copy = corrections.copy_revision(tx, transcripts.newest_revision(tx, "t2"), "t3", NOON)
        assert (copy.revision, copy.segmentation) == (3, "t2")
        assert transcripts.get_transcript(tx, "t3").segments == current.segments
    store.close()
    open_store(old_database_url).close()


@pytest.mark.parametrize(
    "statement", ["UPDATE coding_event SET act = 'another'", "DELETE FROM coding_event WHERE id = 'ev'"]
)
def test_the_ledger_is_still_one_that_refuses_changes(old_database_url: str, statement: str) -> None:
    store = open_store(old_database_url)
    with store.write() as tx:
        tx.execute(text("DELETE FROM coding_state"))
    with pytest.raises(StoreError, match="refused"), store.write() as tx:
        tx.execute(text(statement))
    store.close()


def test_the_database_takes_no_step_that_there_is_not(old_database_url: str) -> None:
    store = open_store(old_database_url)
    with pytest.raises(StoreError, match="refused"), store.write() as tx:
        events.append_events(tx, [an_event("pa", act="one", step="again")])
    store.close()
