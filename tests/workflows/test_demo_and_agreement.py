"""The demo study from its files to the numbers on the Agreement page."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import krippendorff
import numpy as np
import pytest

from coding_app.agreement import Assessment
from coding_app.errors import InputError, NotFoundError
from coding_app.schemes import BUILT_IN, parse_scheme
from coding_app.settings import read_settings
from coding_app.store import events, passes, recordings, schemes, studies, transcripts
from coding_app.workflows import agreement_of_table, code_session, demo, study
from coding_app.workflows.assess_agreement import AgreementReport, Choice, assess_study
from coding_app.workflows.demo import add_demo
from coding_app.workflows.judgement_tables import long_table_csv
from coding_app.workflows.reliability_data import scheme_lines
from coding_app.workflows.wiring import App, open_app
from tests.builders import a_coder, a_pass, a_recording, a_session, a_study, a_transcript, an_event, an_id


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with open_app(read_settings({}, tmp_path_factory.mktemp("demo"))) as opened:
        add_demo(opened)
        yield opened


def of_kind(report: AgreementReport, kind: str) -> list[Assessment]:
    return [each.assessment for each in report.of_kind(kind)]


def the_study(app: App) -> str:
    with app.store.read() as tx:
        return next(each.id for each in studies.list_studies(tx) if each.title == "Demo study")


def the_coder(app: App, name: str) -> str:
    with app.store.read() as tx:
        return next(each.id for each in studies.list_coders(tx, the_study(app)) if each.name == name)


def test_the_demo_is_added_once(app: App) -> None:
    assert add_demo(app) is None
    with app.store.read() as tx:
        assert [each.title for each in studies.list_studies(tx)].count("Demo study") == 1
        assert all(each.submitted_at for each in passes.list_passes(tx, study_id=the_study(app)))


@pytest.mark.parametrize("stop_at", ["_add_transcript", "_code", "_make_peaks"])
def test_a_demo_that_was_interrupted_is_completed_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: str
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with open_app(read_settings({}, tmp_path)) as opened:
        monkeypatch.setattr(demo, stop_at, interrupted)
        with pytest.raises(KeyboardInterrupt):
            add_demo(opened)
        monkeypatch.undo()
        assert add_demo(opened) is not None
        assert assess_study(opened, the_study(opened), None).n_recordings == 2
        assert add_demo(opened) is None


def test_a_study_of_ones_own_called_demo_study_is_left_alone(tmp_path: Path) -> None:
    with open_app(read_settings({}, tmp_path)) as opened:
        own = study.create_study(opened, "demo study")
        added = add_demo(opened)
        assert added is not None
        assert added.title == "Demo study 2"
        with opened.store.read() as tx:
            assert recordings.list_recordings(tx, own.id) == ()


def test_alpha_of_every_criterion_is_what_krippendorff_computes_from_the_downloaded_table(app: App) -> None:
    report = assess_study(app, the_study(app), None)
    rows = list(csv.DictReader(io.StringIO(long_table_csv(app, the_study(app), None))))
    found = {each.criterion for each in of_kind(report, "criterion")}
    assert found == {"empathy", "collaboration", "rupture", "repair"}
    for assessment in of_kind(report, "criterion"):
        here = [row for row in rows if row["criterion"] == assessment.criterion]
        coders = sorted({row["coder"] for row in here})
        units = sorted({row["unit"] for row in here})
        values = sorted({row["value"] for row in here})
        data = np.full((len(coders), len(units)), np.nan)
        for row in here:
            data[coders.index(row["coder"]), units.index(row["unit"])] = values.index(row["value"])
        theirs = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
        ours = assessment.estimate("krippendorff_alpha")
        assert ours is not None
        assert ours.value == pytest.approx(theirs, abs=1e-12)
        assert ours.low is not None
        assert ours.low <= ours.value


def test_the_command_gets_the_pages_numbers_from_the_table_of_codes(app: App, tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(long_table_csv(app, the_study(app), None, "codes"), "utf-8")
    by_command = {
        each.criterion: each
        for each in agreement_of_table.assess_file(
            path, level="nominal", multiple=False, unmarked="missing", replicates=0, seed=1, confidence=0.95
        )
    }
    for assessment in of_kind(assess_study(app, the_study(app), None), "code"):
        for statistic in ("krippendorff_alpha", "cohen_kappa", "percent_agreement"):
            ours, theirs = (
                assessment.estimate(statistic),
                by_command[assessment.criterion].estimate(statistic),
            )
            assert ours is not None
            assert theirs is not None
            if ours.value is not None:
                assert theirs.value == pytest.approx(ours.value, abs=1e-12), (assessment.criterion, statistic)


def test_a_code_is_compared_only_on_segments_of_its_own_role(app: App) -> None:
    report = assess_study(app, the_study(app), None)
    n_units = {each.criterion: each.n_units for each in of_kind(report, "code")}
    criterion = next(each for each in of_kind(report, "criterion") if each.criterion == "empathy")
    assert n_units["empathy: emp_t_convey"] + n_units["empathy: emp_c_received"] == criterion.n_units


def test_ratings_have_an_icc_or_a_reason_why_not(app: App) -> None:
    ratings = {each.criterion: each for each in of_kind(assess_study(app, the_study(app), None), "rating")}
    assert {"bond", "goal", "task"} <= set(ratings)
    icc = ratings["bond"].estimate("icc_2_1")
    assert icc is not None
    assert icc.value is not None or icc.note


def test_an_observer_who_has_not_submitted_sees_nothing_of_the_others(app: App) -> None:
    for ask in (assess_study, long_table_csv):
        with pytest.raises(NotFoundError, match="you have submitted none yet"):
            ask(app, the_study(app), the_coder(app, "Observer C"))


def _written(text: str, app: App) -> Path:
    path = app.settings.data_dir / "table.csv"
    path.write_text(text, "utf-8")
    return path


def test_every_disagreement_names_the_moment_and_what_each_observer_chose(app: App) -> None:
    found = assess_study(app, the_study(app), None).disagreements
    assert len(found) > 5
    for each in found:
        assert each.end_ms > each.start_ms
        assert set(each.choices) == {"Observer A", "Observer B"}
        assert len(set(each.choices.values())) == 2 or each.unit_key.startswith("s-")


def test_one_observer_alone_leaves_nothing_to_compare(app: App) -> None:
    report = assess_study(app, the_study(app), None, Choice(coders=frozenset({"Observer A"})))
    assert (report.n_recordings, report.results) == (0, ())


def test_a_study_without_a_submitted_pass_says_so(app: App) -> None:
    empty = study.create_study(app, "Empty")
    with pytest.raises(NotFoundError, match="Nobody has submitted"):
        assess_study(app, empty.id, None)


@pytest.mark.parametrize("title", ["", "   ", "x" * 200, "Demo study"])
def test_an_empty_long_or_taken_study_title_is_refused(app: App, title: str) -> None:
    with pytest.raises(InputError, match=r"\.$"):
        study.create_study(app, title)


def test_an_unfinished_pass_of_an_observer_does_not_count(app: App) -> None:
    before = assess_study(app, the_study(app), None)
    with app.store.read() as tx:
        recording_id = passes.list_passes(tx, study_id=the_study(app))[0].recording_id
    code_session.open_pass(app, recording_id, the_coder(app, "Observer C"))
    assert assess_study(app, the_study(app), None).coders == before.coders


def two_coded_recordings(app: App, versions: tuple[str, str] = ("0.1.0", "0.1.0")) -> str:
    """One session with two recordings, four segments each, coded by two observers; returns the study's id."""
    text = (BUILT_IN / "alliance-core.yaml").read_text("utf-8")
    with app.store.write() as tx:
        where = a_study(title=f"Two {an_id()}")
        studies.add_study(tx, where)
        session = a_session(where.id, label="Case 7")
        studies.add_session(tx, session)
        coders = [a_coder(where.id, name=name) for name in ("Observer A", "Observer B")]
        for coder in coders:
            studies.add_coder(tx, coder)
        for _ in range(2):
            recording = a_recording(session.id, duration_ms=16_000)
            recordings.add_recording(tx, recording)
            transcript = transcripts.add_transcript(tx, a_transcript(recording.id))
            for coder, version in zip(coders, versions, strict=True):
                of_version = text.replace("version: 0.1.0", f"version: {version}")
                if version != "0.1.0":
                    of_version = of_version.replace("emp_t_miss", "emp_t_late")
                scheme = parse_scheme(of_version, "alliance-core.yaml")
                schemes.keep_scheme(tx, scheme.id, scheme.version, scheme.sha256, of_version)
                made = a_pass(
                    recording.id, transcript.id, coder.id, scheme_id=scheme.id,
                    scheme_version=scheme.version, scheme_sha256=scheme.sha256, submitted_at=None,
                )  # fmt: skip
                passes.add_pass(tx, made)
                events.append_events(tx, [an_event(made.id, code="rup_c_withdraw")])
                passes.mark_submitted(tx, made.id, datetime.now(UTC))
    return where.id


def test_units_of_two_recordings_of_one_session_stay_apart_in_the_table(app: App, tmp_path: Path) -> None:
    study_id = two_coded_recordings(app)
    report = assess_study(app, study_id, None)
    path = tmp_path / "table.csv"
    path.write_text(long_table_csv(app, study_id, None), "utf-8")
    found = agreement_of_table.assess_file(
        path, level="nominal", multiple=False, unmarked="missing", replicates=0, seed=1, confidence=0.95
    )
    n_units = {each.criterion: each.n_units for each in found}
    assert n_units == {each.criterion: each.n_units for each in of_kind(report, "criterion")}
    assert set(n_units.values()) == {8}
    assert {each.n_sessions for each in of_kind(report, "criterion")} == {1}


def test_a_code_that_one_observers_version_did_not_have_is_missing_and_not_absent(app: App) -> None:
    report = assess_study(app, two_coded_recordings(app, ("0.1.0", "0.2.0")), None)
    assert report.scheme.version == "0.2.0"
    assert "empathy: emp_t_late" not in {each.criterion for each in of_kind(report, "code")}
    late = next(code.label for code in report.scheme.codes if code.id == "emp_t_late")
    assert any(each.startswith(late) for each in report.skipped)
    found = {each.criterion for each in of_kind(report, "code")}
    assert {"rupture: rup_c_withdraw", "empathy: emp_c_received"} <= found


def test_two_major_versions_are_two_lines_and_never_pooled(app: App) -> None:
    study_id = two_coded_recordings(app, ("0.1.0", "1.0.0"))
    assert {(each.major, each.n_passes) for each in scheme_lines(app, study_id, None)} == {(0, 2), (1, 2)}
    for major in (0, 1):
        report = assess_study(app, study_id, None, Choice(line=("alliance-core", major)))
        assert report.scheme.version == f"{major}.{1 - major}.0"
        assert (report.n_recordings, report.results) == (0, ())
        assert "never pooled" in report.skipped[0]
