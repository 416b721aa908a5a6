"""What was said lies sealed in the database: it opens in its own place, with its recording's key, and not otherwise."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import text

from coding_app.domain.decision_rule import DecisionRule, RuleKind
from coding_app.domain.reopening import Reopening
from coding_app.domain.transcript import Correction, Word
from coding_app.errors import InputError, StoreError
from coding_app.store import (
    Store,
    Tx,
    corrections,
    decision_rules,
    edits,
    events,
    open_store,
    plain_texts,
    recording_keys,
    recordings,
    reopenings,
    sealing,
    studies,
    tables,
    transcriptions,
    transcripts,
    work_tables,
)
from coding_app.store.edits import NotedEdit
from tests.builders import (
    NOON,
    THE_MASTER_KEY,
    a_segment,
    a_study,
    a_transcript,
    a_transcription,
    a_unit,
    an_event,
    an_id,
    given_a_pass,
    given_a_recording,
)

SAID = "NOBODY-READS-THIS"
RULES = "decision_rule"
N_READ = 20  # how often everything_read gives it


@dataclass
class Given:
    """A recording of which everything was said, corrected, edited, transcribed and noted."""

    store: Store
    recording_id: str
    pass_id: str
    transcript_id: str
    copied_id: str
    run_id: str
    study_id: str


@pytest.fixture
def given(store: Store) -> Given:
    return given_words(store)


def given_words(store: Store) -> Given:
    recording = given_a_recording(store)
    words = (Word(0, 400, SAID, 0.5),)
    said = tuple(replace(a_segment(number), text=f"{SAID} {number}", words=words) for number in (1, 2))
    with store.write() as tx:
        first = transcripts.add_transcript(tx, a_transcript(recording.id, segments=said))
    coding_pass = given_a_pass(store, recording)
    run = a_transcription(recording.id, script=f"[{SAID}]")
    with store.write() as tx:
        events.append_events(tx, [an_event(coding_pass.id, note=f"{SAID} noted")])
        header = transcripts.get_header(tx, first.id)
        copied = corrections.copy_revision(tx, header, an_id(), NOON)
        corrections.replace_segment_text(tx, copied.id, "s-0001", f"{SAID} corrected", words)
        corrections.note_correction(
            tx, Correction(copied.id, "s-0001", coding_pass.coder_id, NOON, f"{SAID} 1", f"{SAID} corrected")
        )
        edit = NotedEdit(an_id(), copied.id, coding_pass.coder_id, NOON, "do", {"text": SAID})
        edits.note_edit(tx, edit)
        transcriptions.add_transcription(tx, run)
        transcriptions.save_chunk(tx, run.id, 0, f"{SAID} in a piece")
        reopenings.add_reopening(tx, Reopening(an_id(), coding_pass.id, NOON, NOON, "Lea", f"{SAID} again"))
        study_id = recordings.study_of(tx, recording.id)
        for kind in RuleKind:
            decision_rules.add_rule(tx, a_rule(study_id, coding_pass.id, kind))
    return Given(store, recording.id, coding_pass.id, first.id, copied.id, run.id, study_id)


def a_rule(study_id: str, pass_id: str, kind: RuleKind) -> DecisionRule:
    about = ("alliance-core", "0.1.0", "rupture", kind, f"{SAID} as {kind}", NOON, "Lea", pass_id)
    return DecisionRule(an_id(), study_id, *about)


def everything_read(given: Given) -> str:
    with given.store.read() as tx:
        return repr(
            (
                transcripts.get_transcript(tx, given.transcript_id),
                transcripts.get_transcript(tx, given.copied_id),
                transcripts.get_segment(tx, given.copied_id, "s-0001"),
                corrections.list_corrections(tx, given.transcript_id),
                edits.list_edits(tx, given.copied_id),
                transcriptions.get_transcription(tx, given.run_id),
                transcriptions.chunks(tx, given.run_id),
                events.list_events(tx, given.pass_id),
                events.judgements(tx, given.pass_id),
                reopenings.reopenings_of(tx, given.pass_id),
                decision_rules.list_rules(tx, given.study_id),
            )
        )


def everything_kept(given: Given) -> str:
    """All rows as they lie in the database."""
    with given.store.read() as tx:
        return repr([tx.execute(table.select()).all() for table in tables.metadata.sorted_tables])


def make_plain(store: Store, recording_id: str) -> None:
    """All rows as an earlier version kept them, and no key; the ledger's trigger is out of the way for a moment."""
    with store.read() as tx:
        sealer, opened = sealing.of_recording(tx, recording_id), {}
        for name in sealing.SEALED:
            table = tables.metadata.tables[name]
            opened[table] = [sealer.open(table, row) for row in tx.execute(table.select()) if name != RULES]
        rules = tx.execute(work_tables.decision_rule.select()).all()
        (study_id,) = {row.study_id for row in rules}
        texts = {each.id: each.text for each in decision_rules.list_rules(tx, study_id)}
        opened[work_tables.decision_rule] = [row._asdict() | {"text": texts[row.id]} for row in rules]
    in_order = sorted(opened, key=tables.metadata.sorted_tables.index)
    with store.write() as tx:
        off, on = _ledger_lets_go(tx)
        tx.execute(text(off))
        for table in reversed(in_order):
            tx.execute(table.delete())
        tx.execute(text(on))
        for table in in_order:
            if opened[table]:
                tx.execute(table.insert(), opened[table])
        recording_keys.destroy(tx, recordings.get_recording(tx, recording_id).sha256)


def _ledger_lets_go(tx: Tx) -> tuple[str, str]:
    if tx.dialect.name == "postgresql":
        return "ALTER TABLE coding_event DISABLE TRIGGER USER", "ALTER TABLE coding_event ENABLE TRIGGER USER"
    name = "coding_event_refuses_delete"
    kept = tx.execute(text(f"SELECT sql FROM sqlite_master WHERE name = '{name}'")).scalar_one()
    return f"DROP TRIGGER {name}", kept


def test_everything_that_was_said_is_read_and_nothing_of_it_lies_readable(given: Given) -> None:
    assert everything_read(given).count(SAID) == N_READ
    assert SAID not in everything_kept(given)


def test_without_its_key_nothing_of_a_recording_opens_and_what_cannot_be_opened_is_named(
    given: Given,
) -> None:
    with given.store.write() as tx:
        recording_keys.destroy(tx, recordings.get_recording(tx, given.recording_id).sha256)
    reads: list[Callable] = [
        lambda tx: transcripts.get_transcript(tx, given.transcript_id),
        lambda tx: corrections.list_corrections(tx, given.transcript_id),
        lambda tx: edits.list_edits(tx, given.copied_id),
        lambda tx: transcriptions.get_transcription(tx, given.run_id),
        lambda tx: transcriptions.chunks(tx, given.run_id),
        lambda tx: events.list_events(tx, given.pass_id),
        lambda tx: events.judgements(tx, given.pass_id),
        lambda tx: reopenings.reopenings_of(tx, given.pass_id),
        lambda tx: decision_rules.list_rules(tx, given.study_id),
    ]
    for read in reads:
        with pytest.raises(StoreError, match="key is gone") as told, given.store.read() as tx:
            read(tx)
        assert SAID not in str(told.value)
        assert sum(what in str(told.value) for _, _, what in sealing.SEALED.values()) >= 1


def test_an_example_goes_with_its_recordings_key_and_a_rule_of_the_team_stays_readable(given: Given) -> None:
    with given.store.write() as tx:
        recording_keys.destroy(tx, recordings.get_recording(tx, given.recording_id).sha256)
        tx.execute(work_tables.decision_rule.delete().where(work_tables.decision_rule.c.kind == "example"))
    with given.store.read() as tx:
        (rule,) = decision_rules.list_rules(tx, given.study_id)
    assert rule.text == f"{SAID} as rule"


def test_a_rule_that_was_moved_to_another_study_or_to_anothers_place_is_refused(given: Given) -> None:
    other, rule = a_study(title="Another"), work_tables.decision_rule
    with given.store.write() as tx:
        studies.add_study(tx, other)
        tx.execute(rule.update().values(study_id=other.id).where(rule.c.kind == "rule"))
        decision_rules.add_rule(tx, replace(a_rule(other.id, given.pass_id, RuleKind.RULE), text="Theirs."))
    with pytest.raises(StoreError, match="does not open with its key"), given.store.read() as tx:
        decision_rules.list_rules(tx, other.id)


def exchanged(column: str) -> tuple[str, ...]:
    """The values of two segments of one transcript exchanged."""
    value = f"(SELECT other.{column} FROM segment other WHERE other.transcript_id = segment.transcript_id"
    return (
        f"UPDATE segment SET {column} = {value} AND other.key <> segment.key) WHERE transcript_id = :transcript",
    )


@pytest.mark.parametrize(
    "statements",
    [
        exchanged("text"),
        exchanged("words"),
        (
            "UPDATE segment SET text = substr(text, 1, 20) || 'A' || substr(text, 22)",
            "UPDATE segment SET text = substr(text, 1, 21) || 'B' || substr(text, 23)",
        ),
        ("UPDATE segment SET text = substr(text, 1, 12)",),
        ("UPDATE segment SET text = 'sealed:1:ä'",),
        (
            "UPDATE segment SET text = (SELECT other.text FROM segment other WHERE other.transcript_id = :copied "
            "AND other.key = segment.key) WHERE transcript_id = :transcript",
        ),
    ],
)
def test_a_value_that_was_changed_cut_or_moved_is_refused(given: Given, statements: tuple[str, ...]) -> None:
    with given.store.write() as tx:
        for statement in statements:
            places = {"transcript": given.transcript_id, "copied": given.copied_id}
            tx.execute(
                text(statement), {name: each for name, each in places.items() if f":{name}" in statement}
            )
    with (
        pytest.raises(StoreError, match=r"The segment 's-000[12]' in the database does not open") as told,
        given.store.read() as tx,
    ):
        transcripts.get_transcript(tx, given.transcript_id)
    assert SAID not in str(told.value)


def test_a_store_without_the_master_key_reads_what_is_plain_and_writes_nothing_plain(
    given: Given, database_url: str
) -> None:
    make_plain(given.store, given.recording_id)
    locked = open_store(database_url)
    with locked.read() as tx:
        assert transcripts.get_transcript(tx, given.transcript_id).segments[0].text == f"{SAID} 1"
    with pytest.raises(StoreError, match="without the master key"), locked.write() as tx:
        transcripts.add_transcript(tx, a_transcript(given.recording_id))
    locked.close()


def test_what_an_earlier_version_kept_plain_is_read_and_then_sealed_as_it_is(given: Given) -> None:
    before = everything_read(given)
    make_plain(given.store, given.recording_id)
    assert everything_read(given) == before
    assert everything_kept(given).count(SAID) == 18
    with given.store.write() as tx:
        assert plain_texts.recordings_with_plain_texts(tx) == [given.recording_id]
        assert plain_texts.seal_plain_texts(tx, given.recording_id) > 8
        assert plain_texts.recordings_with_plain_texts(tx) == []
        assert plain_texts.seal_plain_texts(tx, given.recording_id) == 0
        assert decision_rules.studies_with_plain_rules(tx) == [given.study_id]
        assert decision_rules.seal_plain_rules(tx, given.study_id) == 2
        assert decision_rules.studies_with_plain_rules(tx) == []
        assert decision_rules.seal_plain_rules(tx, given.study_id) == 0
    assert SAID not in everything_kept(given)
    assert everything_read(given) == before


@pytest.mark.parametrize("table", ["coding_event", "transcript_correction", "transcript_edit"])
def test_a_list_that_is_only_added_to_takes_a_seal_once_and_nothing_else(given: Given, table: str) -> None:
    make_plain(given.store, given.recording_id)
    columns = {"coding_event": ["note"], "transcript_edit": ["edit"]}.get(
        table, ["text_before", "text_after"]
    )
    seal = "'\"sealed:1:x\"'" if table == "transcript_edit" else "'sealed:1:x'"
    sealing_it = ", ".join(f"{column} = {seal}" for column in columns)

    def refuses(change: str) -> None:
        with pytest.raises(StoreError, match="refused"), given.store.write() as tx:
            tx.execute(text(f"UPDATE {table} SET {change}"))

    refuses(f"{columns[0]} = {seal.replace('sealed', 'another')}")
    refuses(f"{sealing_it}, at = '2020-01-01 00:00:00'")
    with given.store.write() as tx:
        tx.execute(text(f"UPDATE {table} SET {sealing_it}"))
    refuses(sealing_it.replace(":x", ":y"))


def test_characters_that_cannot_be_stored_are_refused_before_they_are_sealed(store: Store) -> None:
    coding_pass = given_a_pass(store)
    for note in ("zero \0", "half \ud800"):
        with pytest.raises(InputError, match="cannot be stored"), store.write() as tx:
            events.append_events(tx, [an_event(coding_pass.id, note=note)])


def test_a_note_that_is_taken_back_leaves_no_judgement_and_a_repeat_stores_it_once(store: Store) -> None:
    coding_pass = given_a_pass(store)
    noted = an_event(coding_pass.id, None, unit=a_unit(2), note=SAID)
    with store.write() as tx:
        for _ in range(2):
            events.append_events(tx, [noted])
        (judgement,) = events.judgements(tx, coding_pass.id).values()
        assert judgement.note == SAID
        events.append_events(tx, [replace(noted, id=an_id(), note=None)])
        assert events.judgements(tx, coding_pass.id) == {}


def test_the_key_that_a_recording_has_is_used_and_another_master_key_opens_nothing(given: Given) -> None:
    with given.store.read() as tx:
        sha256 = recordings.get_recording(tx, given.recording_id).sha256
        wrapped = recording_keys.all_wrapped(tx)[sha256]
    assert THE_MASTER_KEY.unwrap(wrapped, sha256)
    given.store.unlock(replace(THE_MASTER_KEY, secret=bytes(32)))
    with pytest.raises(StoreError, match="key of the recording"), given.store.read() as tx:
        transcripts.get_transcript(tx, given.transcript_id)
