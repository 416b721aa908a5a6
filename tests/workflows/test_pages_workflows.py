"""What the pages read and keep: overview, preferences, speakers, clips, codebook, models, statistics as CSV."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.times import Span
from coding_app.errors import AccessError, CodingError, InputError, NotFoundError, StoreError
from coding_app.settings import read_settings
from coding_app.store import Store, passes
from coding_app.workflows import codebook, listen, models, overview, speakers
from coding_app.workflows.assess_agreement import assess_study
from coding_app.workflows.demo import add_demo
from coding_app.workflows.overview import NextStep
from coding_app.workflows.preferences import Preferences, read_preferences, save_preferences
from coding_app.workflows.statistics_table import COLUMNS, statistics_csv
from coding_app.workflows.wiring import App, open_app, open_vault
from tests.builders import a_segment, a_transcript


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The demo study; the tests here only read it."""
    with open_app(read_settings({}, tmp_path_factory.mktemp("demo"))) as opened:
        add_demo(opened)
        yield opened


@pytest.fixture
def app(sqlite_store: Store, tmp_path: Path) -> App:
    settings = read_settings({}, tmp_path)
    return App(settings, sqlite_store, open_vault(settings, sqlite_store))


def the_coder(app: App, name: str) -> str:
    return next(each.id for each in overview.coders(app, overview.studies(app)[0].id) if each.name == name)


def the_recordings(app: App, viewer: str | None) -> tuple[overview.RecordingOverview, ...]:
    viewer_id = the_coder(app, viewer) if viewer else None
    return overview.study_overview(app, overview.studies(app)[0].id, viewer_id)


def test_what_comes_next_depends_on_who_looks(demo: App) -> None:
    first_of_a = the_recordings(demo, "Observer A")[0]
    first_of_c = the_recordings(demo, "Observer C")[0]
    assert first_of_a.next_step(the_coder(demo, "Observer A")) is NextStep.AGREEMENT
    assert first_of_c.next_step(the_coder(demo, "Observer C")) is NextStep.CODE


def test_the_overview_counts_judgements_of_the_viewer_only(demo: App) -> None:
    states = {state.coder.name: state for state in the_recordings(demo, "Observer A")[0].states}
    assert (states["Observer A"].n_judgements or 0) > 0
    assert states["Observer B"].n_judgements is None


def test_nobody_opens_the_pass_of_another_observer(demo: App) -> None:
    with demo.store.read() as tx:
        (foreign, *_) = passes.list_passes(tx, coder_id=the_coder(demo, "Observer A"))
    assert overview.own_pass(demo, foreign.id, foreign.coder_id) == foreign
    with pytest.raises(AccessError, match="another observer"):
        overview.own_pass(demo, foreign.id, the_coder(demo, "Observer C"))
    with pytest.raises(NotFoundError):
        overview.own_pass(demo, "nothing", foreign.coder_id)


@pytest.mark.parametrize(("suffix", "beginning"), [(".vtt", "WEBVTT"), (".json", "{"), (".srt", "1\n")])
def test_a_transcript_can_be_taken_away_as_a_file(demo: App, suffix: str, beginning: str) -> None:
    recording = the_recordings(demo, None)[0].recording
    assert overview.transcript_as(demo, recording.id, suffix).startswith(beginning)


def test_a_moment_is_heard_with_a_little_around_it_and_at_most_a_minute(demo: App) -> None:
    recording = the_recordings(demo, None)[0].recording
    short = listen.moment(demo, recording.id, Span(10_000, 12_000))
    long = listen.moment(demo, recording.id, Span(0, recording.duration_ms))
    assert short.startswith(b"RIFF")
    assert len(long) / len(short) == pytest.approx(60_000 / 2_800, rel=0.02)
    with pytest.raises(NotFoundError):
        listen.moment(demo, "nothing", Span(0, 1_000))


def test_roles_of_a_transcript_that_is_being_coded_stay(demo: App) -> None:
    transcript = the_recordings(demo, None)[0].transcript
    assert transcript is not None
    with pytest.raises(CodingError, match="already coding"):
        speakers.assign(demo, transcript.id, "S1", "other")


def test_swapping_exchanges_therapist_and_client_and_nobody_else() -> None:
    roles = {"S1": "therapist", "S2": "client", "S3": "other", "S4": None}
    assert speakers.swapped(roles) == {"S1": "client", "S2": "therapist", "S3": "other", "S4": None}
    assert speakers.swapped(speakers.swapped(roles)) == roles


@given(st.lists(st.integers(100, 40_000), max_size=40), st.integers(1, 4))
def test_samples_show_each_speakers_own_lines_in_order_of_time(lengths: list[int], n_lines: int) -> None:
    starts = [sum(lengths[:i]) for i in range(len(lengths))]
    segments = tuple(
        a_segment(i + 1, span=Span(start, start + length), speaker=f"S{i % 2 + 1}")
        for i, (start, length) in enumerate(zip(starts, lengths, strict=True))
    )
    found = speakers.samples(a_transcript("r", segments=segments, speakers={"S1": None, "S2": None}), n_lines)
    assert {each.label for each in found} == {"S1", "S2"}
    for each in found:
        assert len(each.lines) <= n_lines
        assert all(line.speaker == each.label for line in each.lines)
        assert [line.span.start_ms for line in each.lines] == sorted(
            line.span.start_ms for line in each.lines
        )


def test_preferences_start_with_the_settings_and_are_kept(app: App) -> None:
    assert read_preferences(app) == Preferences("faster-whisper", "base")
    save_preferences(app, Preferences("openai-whisper", "small", "de", 3))
    assert read_preferences(app) == Preferences("openai-whisper", "small", "de", 3)
    assert [path.name for path in app.settings.data_dir.glob("*preferences*")] == ["preferences.json"]


@pytest.mark.parametrize("text", ["", "[]", '{"engine": "x", "model": "base"}', '{"model": "base"}', "\x00"])
def test_preferences_that_make_no_sense_are_told_not_guessed(app: App, text: str) -> None:
    (app.settings.data_dir / "preferences.json").write_text(text)
    with pytest.raises(StoreError, match="delete it"):
        read_preferences(app)


@pytest.mark.parametrize("wrong", [{"engine": "other"}, {"model": ""}, {"n_speakers": 0}, {"n_speakers": 10}])
def test_preferences_that_cannot_work_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        Preferences(**({"engine": "faster-whisper", "model": "base"} | wrong))  # type: ignore[arg-type]


def test_the_codebook_is_searched_by_all_words_in_any_case(demo: App) -> None:
    scheme = codebook.scheme_of(demo, overview.studies(demo)[0].id)
    found = [code.id for code in scheme.codes if codebook.mentions(code, "DISMISSIVELY response")]
    assert found == ["rup_c_confront"]


def test_the_starter_model_is_on_this_computer_for_both_engines(demo: App) -> None:
    for engine in ("faster-whisper", "openai-whisper"):
        found = {each.name: each for each in models.models_here(demo, engine)}
        assert found["base"].is_here
        assert sum(each.recommended for each in found.values()) == 1


def test_the_table_of_statistics_holds_every_estimate_unrounded(demo: App) -> None:
    report = assess_study(demo, overview.studies(demo)[0].id, None)
    rows = list(csv.DictReader(StringIO(statistics_csv(report))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == sum(len(each.assessment.estimates) for each in report.results)
    first = report.results[0].assessment.estimate("krippendorff_alpha")
    row = next(
        each for each in rows if each["name"] == "empathy" and each["statistic"] == "krippendorff_alpha"
    )
    assert first is not None
    assert float(row["value"]) == first.value
