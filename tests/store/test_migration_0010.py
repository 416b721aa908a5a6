"""A database of the version before, in which a recording was erased and what leads wrote about it was left."""

import pytest

from coding_app.store import decision_rules, reopenings
from tests.builders import an_unlocked_store
from tests.store.old_database import made_by
from tests.store.test_migration_0002 import AT, ROWS

RULE = (
    "INSERT INTO decision_rule (id, study_id, scheme_id, scheme_version, criterion, kind, text, pass_id, decided_at, "
    "decided_by) VALUES "
)
MORE_ROWS = (
    "INSERT INTO coding_pass (id, recording_id, transcript_id, coder_id, scheme_id, scheme_version, scheme_sha256, "
    "purpose, opened_at) SELECT 'pb', 'r2', 't3', 'co', 'alliance-core', '0.1.0', 'ab', 'independent', opened_at "
    "FROM coding_pass",
    RULE
    + ", ".join(
        f"('{kind}-{where}', 'st', 'alliance-core', '0.1.0', 'rupture', '{kind}', '{where}', {pass_id}, {AT}, 'Lea')"
        for kind in ("rule", "example")
        for where, pass_id in (("erased", "'pa'"), ("kept", "'pb'"), ("gone", "NULL"))
    ),
    "INSERT INTO pass_reopening (id, pass_id, at, submitted_at, by, reason) "
    f"VALUES ('r1', 'pa', {AT}, {AT}, 'Lea', 'why'), ('r2', 'pb', {AT}, {AT}, 'Lea', 'why')",
    "INSERT INTO erasure (id, recording_id, study_id, session_id, kept_judgements, n_passes, begun_at, done_at) "
    f"VALUES ('er', 're', 'st', 'se', TRUE, 1, {AT}, {AT})",
)
SECOND = (
    "INSERT INTO recording (id, session_id, name, sha256, size_bytes, media_type, duration_ms, sample_rate_hz, "
    f"n_channels, has_video, added_at) VALUES ('r2', 'se', 'b.wav', 'cd', 1, 'audio/wav', 8000, 16000, 1, FALSE, {AT})",
    "INSERT INTO transcript (id, recording_id, revision, engine, model, language, duration_ms, created_at, frozen) "
    f"VALUES ('t3', 'r2', 1, 'e', 'm', 'en', 8000, {AT}, TRUE)",
)


@pytest.fixture
def old_database_url(database_url: str, request: pytest.FixtureRequest) -> str:
    """A database of migration 0009."""
    return made_by(database_url, request, ("0001", (*ROWS, *SECOND)), ("0009", MORE_ROWS))


def test_examples_and_reasons_of_an_erased_recording_are_gone_and_all_else_stays(
    old_database_url: str,
) -> None:
    store = an_unlocked_store(old_database_url)
    with store.read() as tx:
        kept = {each.id for each in decision_rules.list_rules(tx, "st")}
        assert kept == {"rule-erased", "rule-kept", "rule-gone", "example-kept"}
        assert [reopenings.reopenings_of(tx, each)[0].reason for each in ("pa", "pb")] == ["", "why"]
    store.close()
