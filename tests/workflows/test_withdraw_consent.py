"""Withdrawing consent: sound, words and key are gone; judgements stay nameless or go too; that it happened stays."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from coding_app.domain.coding import CodingPass
from coding_app.domain.decision_rule import RuleKind
from coding_app.domain.reopening import Reopening
from coding_app.domain.transcript import Word
from coding_app.errors import NotFoundError, StoreError
from coding_app.media.source import read_all, written
from coding_app.settings import read_settings
from coding_app.store import (
    Store,
    decision_rules,
    erasing,
    events,
    passes,
    recording_checks,
    recording_keys,
    recordings,
    reopenings,
    tables,
    transcripts,
)
from coding_app.workflows import code_session, prepare_recording
from coding_app.workflows.erase_recording import withdraw_consent
from coding_app.workflows.listen import Span, moment
from coding_app.workflows.prepare_recording import PEAKS, again, prepare, to_play
from coding_app.workflows.wiring import App, open_vault
from tests.builders import NOON, a_segment, a_transcript
from tests.store.test_sealing import a_rule
from tests.workflows.coding import an_event, given_a_recording
from tests.workflows.test_recording_quality import a_sound

SAID = "NOBODY-MAY-READ-THIS"


@pytest.fixture
def coded(app: App) -> CodingPass:
    return given_a_coded_recording(app)


def given_a_coded_recording(app: App) -> CodingPass:
    """A pass with a judgement and a note, on a recording whose sound is in the vault."""
    recording, coder_id = given_a_recording(app, n_segments=None)
    with app.vault.receive(10_000) as incoming:
        incoming.write(SAID.encode() * 9)
        stored = incoming.finish()
    said = tuple(replace(a_segment(n), text=SAID, words=(Word(0, 9, SAID),)) for n in range(1, 5))
    with app.store.write() as tx:
        tx.execute(tables.recording.update().values(sha256=stored.sha256, name=f"{SAID}.wav"))
        transcript = a_transcript(recording.id, segments=said, provenance={"file": SAID})
        transcripts.add_transcript(tx, transcript)
    coding_pass = code_session.open_pass(app, recording.id, coder_id)
    event = an_event(coding_pass, note=f"she said {SAID}")
    code_session.record(app, coding_pass.id, [event])
    with written(app.vault.derived(stored.sha256, PEAKS)) as out:
        out.write(b"1")
    return coding_pass


def everything(app: App) -> str:
    """All rows of all tables, what of them can be opened too, and the names of all files of the vault."""
    rows: list[str] = []
    with app.store.read() as tx:
        for table in tables.metadata.sorted_tables:
            rows += [str(tuple(row)) for row in tx.execute(table.select())]
        for coding_pass in passes.list_passes(tx):
            rows.append(str(transcripts.get_transcript(tx, coding_pass.transcript_id)))
            rows.append(str(events.list_events(tx, coding_pass.id)))
    return "\n".join([*rows, *(path.name for path in files(app))])


def files(app: App) -> list[Path]:
    return [path for path in app.settings.vault_dir.rglob("*") if path.is_file()]


def test_judgements_that_are_kept_say_what_was_judged_when_and_nothing_of_what_was_said(
    app: App, coded: CodingPass
) -> None:
    before = events_of(app, coded)
    assert SAID in everything(app)
    withdraw_consent(app, coded.recording_id, keep_judgements=True)
    assert SAID not in everything(app)
    assert files(app) == []
    after = events_of(app, coded)
    assert [(e.id, e.criterion, e.codes, e.unit) for e in after] == [
        (e.id, e.criterion, e.codes, e.unit) for e in before
    ]
    with app.store.read() as tx:
        recording = recordings.get_recording(tx, coded.recording_id)
        segments = transcripts.get_transcript(tx, coded.transcript_id).segments
        assert recording_keys.all_wrapped(tx) == {}
        assert erasing.erased_at(tx, recording.id) is not None
    assert {segment.text for segment in segments} == {""}
    assert len({segment.span for segment in segments}) == len(segments) > 1
    with pytest.raises(Exception, match="was erased on"):
        to_play(app, recording)


@pytest.mark.parametrize("keep", [True, False])
def test_of_what_leads_wrote_rules_of_the_team_stay_and_examples_and_reasons_go(
    app: App, coded: CodingPass, keep: bool
) -> None:
    with app.store.write() as tx:
        study_id = recordings.study_of(tx, coded.recording_id)
        reopenings.add_reopening(tx, Reopening("r", coded.id, NOON, NOON, "Lea", f"forgot {SAID}"))
        for kind in RuleKind:
            decision_rules.add_rule(tx, replace(a_rule(study_id, coded.id, kind), text=kind))
    withdraw_consent(app, coded.recording_id, keep_judgements=keep)
    with app.store.read() as tx:
        (rule,) = decision_rules.list_rules(tx, study_id)
        assert (rule.kind, rule.text, rule.pass_id) == (RuleKind.RULE, "rule", coded.id if keep else None)
        again = reopenings.reopenings_of(tx, coded.id)
        assert [each.reason for each in again] == ([""] if keep else [])
        assert reopenings.not_blind(tx, study_id) == (frozenset({coded.id}) if keep else frozenset())


def test_one_that_was_erased_is_told_and_not_looked_at_again(app: App, coded: CodingPass) -> None:
    withdraw_consent(app, coded.recording_id, keep_judgements=True)
    for asked in (
        lambda: moment(app, coded.recording_id, Span(0, 1000)),
        lambda: again(app, coded.recording_id),
    ):
        with pytest.raises(NotFoundError, match="was erased on"):
            asked()
    prepare(app, coded.recording_id)
    with app.store.read() as tx:
        check = recording_checks.get_check(tx, coded.recording_id)
    assert check
    assert "was erased on" in check["failed"]


def test_one_that_is_erased_while_it_is_made_ready_leaves_nothing(
    app: App, coded: CodingPass, monkeypatch: pytest.MonkeyPatch
) -> None:
    def erased_meanwhile(*_given, **_named):  # type: ignore[no-untyped-def]
        withdraw_consent(app, coded.recording_id, keep_judgements=True)
        return a_sound()

    monkeypatch.setattr(prepare_recording, "measure_limited", erased_meanwhile)
    prepare(app, coded.recording_id)
    assert files(app) == []
    with app.store.read() as tx:
        check = recording_checks.get_check(tx, coded.recording_id)
    assert check
    assert (check["sound"], "was erased on" in check["failed"]) == (None, True)


def events_of(app: App, coding_pass: CodingPass) -> list:
    with app.store.read() as tx:
        return list(events.list_events(tx, coding_pass.id))


def test_judgements_that_are_not_kept_are_gone_and_that_it_happened_is_not(
    app: App, coded: CodingPass
) -> None:
    withdraw_consent(app, coded.recording_id, keep_judgements=False)
    assert SAID not in everything(app)
    assert files(app) == []
    with app.store.read() as tx:
        (erasure,) = tx.execute(tables.erasure.select()).all()
        assert (erasure.recording_id, erasure.kept_judgements, erasure.n_passes) == (
            coded.recording_id,
            False,
            1,
        )
        assert erasure.done_at is not None
        with pytest.raises(NotFoundError):
            passes.get_pass(tx, coded.id)
    with pytest.raises(NotFoundError):
        withdraw_consent(app, coded.recording_id, keep_judgements=False)


def test_the_ledger_of_an_erased_recording_is_as_fixed_as_any_other_afterwards(
    app: App, coded: CodingPass
) -> None:
    withdraw_consent(app, coded.recording_id, keep_judgements=True)
    for statement in ("UPDATE coding_event SET note = 'x'", "DELETE FROM coding_event"):
        with pytest.raises(StoreError, match="refused"), app.store.write() as tx:
            tx.execute(text(statement))


def test_a_copy_of_the_files_from_before_does_not_open_any_more(
    app: App, coded: CodingPass, tmp_path: Path
) -> None:
    with app.store.read() as tx:
        sha256 = recordings.get_recording(tx, coded.recording_id).sha256
    kept = app.vault.place(sha256).read_bytes()
    assert SAID.encode() in read_all(app.vault.source(sha256))
    withdraw_consent(app, coded.recording_id, keep_judgements=True)
    app.vault.place(sha256).write_bytes(kept)
    with pytest.raises(StoreError, match="is gone, so that it cannot be opened"):
        app.vault.source(sha256)


def test_the_locked_key_and_the_words_are_not_left_in_the_database_file(
    sqlite_store: Store, tmp_path: Path
) -> None:
    """On SQLite: PostgreSQL decides itself when it writes over what was deleted."""
    settings = read_settings({}, tmp_path / "data")
    app = App(settings, sqlite_store, open_vault(settings, sqlite_store))
    coded = given_a_coded_recording(app)
    database = Path(app.store.name.removeprefix("The database "))

    def on_disk() -> bytes:
        return b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))

    with app.store.read() as tx:
        (wrapped,) = recording_keys.all_wrapped(tx).values()
    assert wrapped.encode() in on_disk()
    withdraw_consent(app, coded.recording_id, keep_judgements=True)
    assert wrapped.encode() not in on_disk()
    assert SAID.encode() not in on_disk()
