"""A study's report: the page's numbers, verified from the downloaded judgements; observers, drift, drawn spans."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coding_app.agreement import Assessment
from coding_app.domain.coding import Purpose
from coding_app.errors import NotFoundError
from coding_app.exchange.report import read_certificate
from coding_app.settings import read_settings
from coding_app.store import events, passes, recordings, studies
from coding_app.workflows import agreement_details
from coding_app.workflows.agreement_report import study_report
from coding_app.workflows.assess_agreement import Choice, assess_study
from coding_app.workflows.judgement_tables import long_table_csv
from coding_app.workflows.verify_report import verify
from coding_app.workflows.wiring import App, open_app
from tests.builders import a_coder, a_pass, a_unit, an_event
from tests.workflows.double_coded import FIRST_DAY, given_a_study

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVERYTHING = Choice()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with open_app(read_settings({}, tmp_path_factory.mktemp("report"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def on_segments(app: App) -> str:
    return given_a_study(app)


@pytest.fixture(scope="module")
def drawn(app: App) -> str:
    return given_a_study(app, observers=("Ruth", "Anna"), n_sessions=4, scheme="session-flow", seed=2)


def saved(app: App, study_id: str, folder: Path, choice: Choice = EVERYTHING) -> tuple[Path, Path]:
    report, table = folder / "report.html", folder / "judgements.csv"
    report.write_text(
        study_report(app, study_id, None, choice, title="Pilot", now=NOON), "utf-8", newline="\n"
    )
    table.write_text(long_table_csv(app, study_id, None, "all", choice), "utf-8", newline="")
    return report, table


@pytest.fixture(scope="module")
def of_segments(app: App, on_segments: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The report of the study on segments and its judgements."""
    return saved(app, on_segments, tmp_path_factory.mktemp("saved"))


def the(found: Assessment | None) -> Assessment:
    assert found is not None
    return found


def test_a_studys_report_is_verified_from_its_downloaded_judgements(of_segments: tuple[Path, Path]) -> None:
    told = verify(*of_segments)
    assert "are what the judgements give" in told
    assert re.search(r"a second time by krippendorff [\d.]+: the largest difference is \de-1\d", told)


def test_a_report_on_drawn_spans_is_verified_with_its_curves(app: App, drawn: str, tmp_path: Path) -> None:
    report, table = saved(app, drawn, tmp_path)
    assert "are what the judgements give" in verify(report, table)
    certificate = read_certificate(report.read_text("utf-8"))
    assert {each.criterion for each in certificate.curves} == {"activity", "voice", "episode"}


def test_a_report_says_the_numbers_of_the_page_and_what_they_rest_on(
    app: App, on_segments: str, of_segments: tuple[Path, Path]
) -> None:
    report, table = of_segments
    certificate = read_certificate(report.read_text("utf-8"))
    page = assess_study(app, on_segments, None)
    assert {each.criterion for each in certificate.results} == {each.name.key for each in page.results}
    for told in certificate.results:
        for estimate in told.estimates:
            ours = the(page.assessment(told.criterion)).estimate(estimate.statistic)
            assert ours is not None
            assert (estimate.value, estimate.low, estimate.high) == (ours.value, ours.low, ours.high)
    assert certificate.scheme is not None
    assert certificate.scheme.sha256 == page.scheme.sha256
    assert certificate.judgements.n_rows == len(table.read_text("utf-8").splitlines()) - 1
    assert any("nobody has judged it yet" in each for each in certificate.exclusions)


def test_the_methods_paragraph_names_counts_versions_seed_and_sources(
    of_segments: tuple[Path, Path],
) -> None:
    html = of_segments[0].read_text("utf-8")
    for part in (
        "3 observers and 6 sessions",
        "Alliance Core (version 0.1.0, SHA-256 ",
        "seed 1; Efron &amp; Tibshirani, 1993; Field &amp; Welsh, 2007",
        "Whole sessions were resampled",
        "krippendorff 0.",
        "Rupture, α = .",
        "95 % CI [.",
        "Krippendorff, K. (2004). Content analysis",
    ):
        assert part in html


def test_a_report_of_masked_observers_and_of_a_part_of_the_recordings_is_verified_too(
    app: App, on_segments: str, tmp_path: Path
) -> None:
    report, table = saved(app, on_segments, tmp_path, Choice(coders=frozenset({"Ruth", "Anna"}), masked=True))
    assert "Ruth" not in report.read_text("utf-8") + table.read_text("utf-8")
    verify(report, table)


def test_a_study_that_nobody_coded_twice_has_no_report(app: App) -> None:
    alone = given_a_study(app, observers=("Ruth",), n_sessions=1)
    with pytest.raises(NotFoundError, match="nothing to report"):
        study_report(app, alone, None, title="Alone")


def test_every_result_names_the_level_of_its_units(app: App, on_segments: str, drawn: str) -> None:
    names = [each.name for study in (on_segments, drawn) for each in assess_study(app, study, None).results]
    assert {each.unit for each in names} >= {"event", "session frequency", "session rating", "time", "moment"}


def test_the_frequency_of_a_code_counts_every_session_once_per_observer(app: App, on_segments: str) -> None:
    found = the(assess_study(app, on_segments, None).assessment("rupture: rup_c_withdraw per session"))
    icc = found.estimate("icc_2_1")
    assert icc is not None
    assert (icc.n_units, icc.n_pairable) == (6, 18)


def test_a_criterion_whose_codes_do_not_occur_is_not_read_as_present_or_absent(
    app: App, on_segments: str
) -> None:
    collaboration = the(assess_study(app, on_segments, None).assessment("collaboration"))
    assert collaboration.estimate("positive_agreement") is None


def test_observers_are_compared_in_pairs_and_value_by_value(app: App, on_segments: str) -> None:
    found = agreement_details.compare_observers(app, on_segments, None, EVERYTHING, "rupture")
    assert {(each.first, each.second) for each in found.pairs} == {
        ("Anna", "Ben"),
        ("Anna", "Ruth"),
        ("Ben", "Ruth"),
    }
    assert all(each.value is not None for each in found.pairs)
    assert {sum(map(sum, each.counts)) for each in found.confusions} == {120}  # 20 segments, 6 sessions
    assert found.confusions[0].values[0] == "none"


def test_of_four_observers_one_table_holds_all_pairs_both_ways(app: App) -> None:
    study = given_a_study(app, observers=("A", "B", "C", "D"), n_sessions=2)
    found = agreement_details.compare_observers(app, study, None, EVERYTHING, "empathy")
    (table,) = found.confusions
    assert sum(map(sum, table.counts)) == 6 * 2 * 40
    assert all(table.counts[i][j] == table.counts[j][i] for i in range(3) for j in range(3))


def test_observers_of_drawn_spans_are_compared_in_seconds_and_in_events(app: App, drawn: str) -> None:
    activity = agreement_details.compare_observers(app, drawn, None, EVERYTHING, "activity")
    assert activity.pairs[0].statistic == "time_unit_kappa"
    assert sum(map(sum, activity.confusions[0].counts)) == pytest.approx(4 * 80, abs=6)  # seconds, rounded
    voice = agreement_details.compare_observers(app, drawn, None, EVERYTHING, "voice")
    assert 0 < sum(map(sum, voice.confusions[0].counts)) <= 2 * 4 * 6


def test_agreement_in_time_never_falls_when_the_tolerance_grows(app: App, drawn: str) -> None:
    curves = agreement_details.tolerance_of_question(app, drawn, None, EVERYTHING, "activity")
    for each in curves:
        if each.statistic != "tolerance_kappa":
            values = [value for value in each.values if value is not None]
            assert values == sorted(values)


def test_drawn_spans_give_disagreements_that_can_be_listened_to(app: App, drawn: str) -> None:
    found = [each for each in assess_study(app, drawn, None).disagreements if not each.is_rating]
    assert found
    for each in found:
        assert 0 <= each.start_ms <= each.end_ms <= 80_000
        assert set(each.choices) <= {"Ruth", "Anna"}
        assert set(each.passes) == {"Ruth", "Anna"}
        assert each.text


def test_drift_follows_every_observer_by_the_day_of_submission(app: App, on_segments: str) -> None:
    points = agreement_details.drift_of_question(app, on_segments, None, EVERYTHING, "rupture", 3)
    of_ruth = [each for each in points if each.coder == "Ruth"]
    assert [each.first_date.day for each in of_ruth] == [2, 3, 4, 5]
    assert {each.against for each in points} == {"others"}
    assert all(each.n_sessions == 3 for each in points)


def test_a_submitted_reference_coding_is_followed_beside_the_others(app: App) -> None:
    study = given_a_study(app, observers=("Ruth", "Anna"), n_sessions=3, seed=5)
    with app.store.write() as tx:
        expert = a_coder(study, name="Expert")
        studies.add_coder(tx, expert)
        for recording in recordings.list_recordings(tx, study):
            like = passes.list_passes(tx, recording_id=recording.id)[0]
            made = replace(
                a_pass(recording.id, like.transcript_id, expert.id, purpose=Purpose.REFERENCE),
                scheme_id=like.scheme_id, scheme_version=like.scheme_version, scheme_sha256=like.scheme_sha256,
            )  # fmt: skip
            passes.add_pass(tx, made)
            events.append_events(tx, [an_event(made.id, unit=a_unit(2))])
            passes.mark_submitted(tx, made.id, FIRST_DAY)
    points = agreement_details.drift_of_question(app, study, None, EVERYTHING, "rupture", 2)
    assert {(each.coder, each.against) for each in points} == {
        (name, against) for name in ("Ruth", "Anna") for against in ("others", "reference")
    }


def test_an_unknown_question_is_refused(app: App, on_segments: str) -> None:
    with pytest.raises(NotFoundError, match="not part of the scheme version"):
        agreement_details.compare_observers(app, on_segments, None, EVERYTHING, "hypnosis")
