"""Opening a submitted pass again: who, why, what its observer sees meanwhile, and what is said of it from then on."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from coding_app.domain.audit import Act
from coding_app.domain.coding import CodingPass, Purpose
from coding_app.errors import AccessError, CodingError, InputError, NotFoundError, SubmittedError
from coding_app.store import audit, events, passes, recordings, schemes
from coding_app.workflows import code_session, overview
from coding_app.workflows.agreement_of_table import assess_file
from coding_app.workflows.agreement_report import study_report
from coding_app.workflows.assess_agreement import Choice, assess_study
from coding_app.workflows.erase_recording import withdraw_consent
from coding_app.workflows.judgement_tables import long_table_csv
from coding_app.workflows.other_passes import other_passes
from coding_app.workflows.reliability_data import read_study
from coding_app.workflows.reopen_pass import reopen, reopenings_of_pass
from coding_app.workflows.wiring import App
from tests.builders import NOON, an_id
from tests.workflows.coding import an_event, given_a_submitted_pass

WHY = "Coded with an old codebook"


@pytest.fixture
def three(app: App) -> tuple[CodingPass, CodingPass, CodingPass]:
    """Three observers' submitted passes on one recording."""
    first = given_a_submitted_pass(app)
    return first, given_a_submitted_pass(app, first, "Ben"), given_a_submitted_pass(app, first, "Cleo")


def study_of(app: App, coding_pass: CodingPass) -> str:
    with app.store.read() as tx:
        return recordings.study_of(tx, coding_pass.recording_id)


def ledger(app: App, coding_pass: CodingPass) -> list[str]:
    with app.store.read() as tx:
        return [each.id for each in events.list_events(tx, coding_pass.id)]


def blind_of(table: str) -> dict[str, set[str]]:
    """Observer -> what the column says."""
    found: dict[str, set[str]] = {}
    for row in csv.DictReader(io.StringIO(table)):
        found.setdefault(row["coder"], set()).add(row["blind"])
    return found


def test_a_reopened_pass_takes_codes_again_and_keeps_every_earlier_event(app: App) -> None:
    submitted = given_a_submitted_pass(app)
    before = ledger(app, submitted)
    with pytest.raises(SubmittedError):
        code_session.record(app, submitted.id, [an_event(submitted)])
    reopened = reopen(app, submitted.id, f"  {WHY} ")
    assert reopened.submitted_at is None
    changed = an_event(submitted, unit={"key": "session", "start_ms": 0, "end_ms": 16_000}, criterion="bond",
                       codes=[], value=5)  # fmt: skip
    code_session.record(app, submitted.id, [changed])
    again = code_session.submit(app, submitted.id)
    assert ledger(app, submitted) == [*before, changed["id"]]
    assert submitted.submitted_at is not None
    assert again.submitted_at is not None
    assert again.submitted_at > submitted.submitted_at
    (kept,) = reopenings_of_pass(app, submitted.id)
    assert (kept.reason, kept.submitted_at, kept.by) == (WHY, submitted.submitted_at, "this machine")


def test_the_audit_says_that_it_was_reopened_and_holds_no_words(app: App) -> None:
    submitted = given_a_submitted_pass(app)
    reopen(app, submitted.id, WHY)
    with app.store.read() as tx:
        entries = [each for each, _ in audit.all_entries(tx)]
    assert (entries[-1].act, entries[-1].subject) == (Act.REBEGAN_CODING, submitted.id)
    assert entries[-1].study_id == study_of(app, submitted)
    assert WHY not in str(entries)


@pytest.mark.parametrize(("reason", "says"), [("  ", "reason is empty"), ("x" * 301, "301 characters")])
def test_a_reason_is_asked_for_and_short(app: App, reason: str, says: str) -> None:
    submitted = given_a_submitted_pass(app)
    with pytest.raises(InputError, match=says):
        reopen(app, submitted.id, reason)
    assert passes_of(app, submitted)[0].submitted_at is not None


def passes_of(app: App, like: CodingPass) -> tuple[CodingPass, ...]:
    with app.store.read() as tx:
        return passes.list_passes(tx, recording_id=like.recording_id)


def test_of_two_leads_at_once_one_reopens_it_and_the_other_is_told(app: App) -> None:
    submitted = given_a_submitted_pass(app)

    def attempt(_: int) -> str:
        try:
            reopen(app, submitted.id, WHY)
        except CodingError as error:
            return str(error)
        return "reopened"

    with ThreadPoolExecutor(2) as leads:
        told = sorted(leads.map(attempt, range(2)))
    assert told == ["This coding is open already; reload the page to see who opened it again.", "reopened"]
    assert len(reopenings_of_pass(app, submitted.id)) == 1


def test_while_it_is_open_its_observer_sees_nothing_of_the_others(
    app: App, three: tuple[CodingPass, ...]
) -> None:
    mine, *_ = three
    study_id = study_of(app, mine)
    assert len(other_passes(app, mine.id)) == 2
    reopen(app, mine.id, WHY)
    with pytest.raises(AccessError, match="once your own coding of this recording is submitted"):
        other_passes(app, mine.id)
    for ask in (read_study, assess_study, long_table_csv):
        with pytest.raises(NotFoundError, match="once you have submitted your own"):
            ask(app, study_id, mine.coder_id)
    code_session.submit(app, mine.id)
    assert len(other_passes(app, mine.id)) == 2
    assert len(read_study(app, study_id, mine.coder_id).recordings) == 1


def test_the_others_lose_it_until_it_is_submitted_again(app: App, three: tuple[CodingPass, ...]) -> None:
    mine, other, third = three
    reopen(app, mine.id, WHY)
    assert {each.id for each in other_passes(app, other.id)} == {third.id}
    (state,) = [
        each
        for each in overview.study_overview(app, study_of(app, mine), other.coder_id)[0].states
        if each.coder.id == mine.coder_id
    ]
    assert (state.reopened, state.submitted_at, state.n_judgements) == (True, None, None)


def test_agreement_tables_and_reports_say_what_is_not_blind(
    app: App, three: tuple[CodingPass, ...], tmp_path: Path
) -> None:
    mine, *_ = three
    study_id = study_of(app, mine)
    assert assess_study(app, study_id, None).not_blind == 0
    assert blind_of(long_table_csv(app, study_id, None, "ratings")) == {
        name: {"yes"} for name in ("Observer A", "Ben", "Cleo")
    }
    assert "not blind" not in study_report(app, study_id, None, title="Study")
    reopen(app, mine.id, WHY)
    code_session.submit(app, mine.id)
    report = assess_study(app, study_id, None)
    assert (report.not_blind, report.n_passes) == (1, 3)
    for kind in ("ratings", "codes", "frequencies", "links", "measures", "all"):
        told = blind_of(long_table_csv(app, study_id, None, kind))
        assert told.get("Observer A", {"no"}) == {"no"}
        assert told.get("Ben", {"yes"}) == {"yes"}
    words = "1 of 3 codings was opened again after it had been submitted and is not blind"
    assert words in study_report(app, study_id, None, title="Study")
    table = tmp_path / "ratings.csv"
    table.write_text(long_table_csv(app, study_id, None, "ratings"), "utf-8")
    assert all(words in each.warnings for each in assess_file(table, level="ordinal", replicates=0))


def test_what_is_not_blind_can_be_left_out_and_that_is_said(app: App, three: tuple[CodingPass, ...]) -> None:
    mine, *_ = three
    study_id = study_of(app, mine)
    reopen(app, mine.id, WHY)
    code_session.submit(app, mine.id)
    report = assess_study(app, study_id, None, Choice(blind_only=True))
    assert (report.not_blind, report.n_passes, report.coders) == (0, 2, ("Ben", "Cleo"))
    assert any("1 submitted passes were opened again" in each for each in report.skipped)


def test_only_an_observers_own_submitted_coding_can_be_opened_again(app: App) -> None:
    submitted = given_a_submitted_pass(app)
    for purpose in (Purpose.CONSENSUS, Purpose.REFERENCE):
        other = replace(submitted, id=an_id(), purpose=purpose, submitted_at=None)
        with app.store.write() as tx:
            passes.add_pass(tx, other)
            passes.mark_submitted(tx, other.id, NOON)
        with pytest.raises(CodingError, match="made from others"):
            reopen(app, other.id, WHY)
    with pytest.raises(NotFoundError):
        reopen(app, an_id(), WHY)


def test_a_coding_is_not_opened_while_its_observer_codes_the_recording_once_more(app: App) -> None:
    submitted = given_a_submitted_pass(app)
    once_more = replace(submitted, id=an_id(), scheme_id="another", submitted_at=None)
    with app.store.write() as tx:
        schemes.keep_scheme(tx, "another", once_more.scheme_version, once_more.scheme_sha256, "id: another\n")
        passes.add_pass(tx, once_more)
    with pytest.raises(CodingError, match="once more already"):
        reopen(app, submitted.id, WHY)


def test_a_coding_whose_recording_was_erased_stays_closed(app: App) -> None:
    submitted = given_a_submitted_pass(app)
    withdraw_consent(app, submitted.recording_id, keep_judgements=True)
    with pytest.raises(NotFoundError, match="was erased"):
        reopen(app, submitted.id, WHY)


def test_a_reopened_coding_goes_when_its_recording_is_erased_with_all_judgements(app: App) -> None:
    submitted = given_a_submitted_pass(app)
    reopen(app, submitted.id, WHY)
    withdraw_consent(app, submitted.recording_id, keep_judgements=False)
    assert passes_of(app, submitted) == ()
