"""Agreement on drawn spans as a whole: intervals over sessions, counts, notes, bad input, speed."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coding_app import agreement
from coding_app.agreement import (
    CodedRecording,
    CodedStretch,
    Draws,
    Matching,
    SpanCoding,
    SpanSettings,
    assess_spans,
    event_pairs,
    span_estimates,
    tolerance_curve,
)
from coding_app.agreement.sources import REFERENCES
from coding_app.agreement.time_sources import TIME_REFERENCES, TIME_STATISTICS
from coding_app.errors import InputError
from tests.agreement.drawn import a_coding, a_corpus, moments, stretches

FEW = Draws(replicates=200, seed=7)
FLAWED: list[tuple[dict[str, object], str]] = [
    ({"by_coder": {"x": [(0, 5, "z")]}}, "'z' is not among the codes"),
    ({"by_coder": {"x": [(0, 101, "a")]}}, "Recording 1, 0 to 101 ms: ends after the recording"),
    ({"by_coder": {"x": [(5, 5, "a")]}}, "has no length"),
    ({"by_coder": {"x": [(5, 6, "a")]}, "moments": True}, "marks moments"),
    ({"by_coder": {"x": [(6, 5, "a")]}}, "not possible"),
    ({"by_coder": {"x": [(-1, 5, "a")]}}, "not possible"),
    ({"by_coder": {}, "codes": ("a", "a")}, "different codes"),
    ({"by_coder": {}, "codes": ()}, "different codes"),
    ({"by_coder": {}, "duration_ms": 0}, "has no length"),
]


@pytest.fixture(scope="module")
def corpus() -> SpanCoding:
    return replace(a_corpus(12, 3, 20), criterion="rupture")


def test_the_whole_criterion_comes_first_and_then_each_code(corpus: SpanCoding) -> None:
    found = assess_spans(corpus, draws=FEW)
    assert [each.criterion for each in found] == ["rupture", "rupture: a", "rupture: b", "rupture: c"]
    whole, code = found[0], found[1]
    n_events = sum(len(drawn) for each in corpus.recordings for drawn in each.by_coder.values())
    assert (whole.n_units, whole.n_coders, whole.n_sessions) == (n_events, 3, 12)
    assert sum(each.n_units for each in found[1:]) == n_events
    assert {each.statistic for each in whole.estimates} - set(TIME_STATISTICS) == set()
    assert code.estimate("time_unit_positive_agreement") is not None
    assert code.estimate("unitized_alpha_of_code") is not None
    assert whole.estimate("unitized_alpha_of_code") is None
    for prevalence in whole.prevalence:
        assert sum(prevalence.shares.values()) == pytest.approx(1)
        assert prevalence.n_units == 12 * 300_000


def test_every_interval_contains_its_estimate_and_says_how_it_was_made(corpus: SpanCoding) -> None:
    for each in span_estimates(corpus, None, FEW):
        assert each.value is not None
        assert each.low is not None
        assert each.low <= each.value <= each.high  # type: ignore[operator]
        assert each.interval_method == "bootstrap over sessions, 200 replicates"
        assert each.bounds("bca") is not None or each.note
        assert each.n_pairable_sessions == 12
        assert each.method == TIME_STATISTICS[each.statistic].name


def test_the_same_seed_gives_the_same_interval_and_another_seed_another(corpus: SpanCoding) -> None:
    def lows(seed: int) -> list[float | None]:
        return [each.low for each in span_estimates(corpus, None, Draws(100, seed))]

    assert lows(1) == lows(1)
    assert lows(1) != lows(2)


@pytest.mark.parametrize("exclusive", [True, False])
def test_replicates_equal_the_statistics_of_the_drawn_sessions(corpus: SpanCoding, exclusive: bool) -> None:
    from coding_app.agreement.duration import exact_samples, time_statistics
    from coding_app.agreement.events import event_statistics
    from coding_app.agreement.timeline import timelines
    from coding_app.agreement.tolerance import tolerance_statistics
    from coding_app.agreement.unitized import unitized_statistics

    def statistics(coding: SpanCoding):  # type: ignore[no-untyped-def]
        rows = timelines(coding)
        found = time_statistics(coding, exact_samples(coding, rows), "time_unit")
        found += event_statistics(coding, Matching())
        if exclusive:
            found += tolerance_statistics(coding, rows, 1_000) + unitized_statistics(coding, rows)
        return found

    coding = replace(corpus, exclusive=exclusive)
    drawn = np.array([3, 0, 0, 1, 2, 0, 1, 1, 1, 0, 2, 1])
    copies = [
        replace(each, session=f"{each.session} {copy}")
        for each, times in zip(coding.recordings, drawn, strict=True)
        for copy in range(times)
    ]
    of_weights = statistics(coding)
    of_copies = statistics(replace(coding, recordings=tuple(copies)))
    for one, other in zip(of_weights, of_copies, strict=True):
        weighted, direct = (
            one.kernel(drawn[np.newaxis].astype(float)),
            other.kernel(np.ones((1, len(copies)))),
        )
        assert weighted[0] == pytest.approx(direct[0], abs=1e-12), one.key


def test_recordings_of_one_session_are_drawn_together(corpus: SpanCoding) -> None:
    halves = tuple(replace(each, session=f"s{i // 2}") for i, each in enumerate(corpus.recordings))
    found = span_estimates(replace(corpus, recordings=halves), None, FEW)
    whole = span_estimates(corpus, None, FEW)
    assert [each.value for each in found] == pytest.approx([each.value for each in whole])
    assert {each.n_sessions for each in found} == {6}


def test_one_session_has_values_but_no_interval_and_says_so() -> None:
    (whole,) = assess_spans(a_coding({"x": [(0, 50, "a")], "y": [(10, 60, "a")]}, codes=("a",)))
    kappa = whole.estimate("time_unit_kappa")
    assert kappa is not None
    assert (kappa.value, kappa.low, kappa.interval_method) == (pytest.approx(0.6), None, None)
    assert "only one session" in str(kappa.note)
    assert any("Only one session" in each or "only one session" in each for each in whole.warnings)


def test_few_sessions_rare_codes_and_overlaps_are_warned_about() -> None:
    def recording(session: str) -> CodedRecording:
        drawn = {
            "x": stretches((0, 2_000, "a"), (1_500, 2_500, "b")),
            "y": stretches((0, 1_800, "a"), (50_000, 70_000, "b")),
        }
        return CodedRecording(session, 100_000, drawn)

    coding = SpanCoding(("a", "b"), tuple(recording(f"s{i}") for i in range(3)))
    whole, rare, frequent = assess_spans(coding, draws=FEW)
    assert any("Only 3 sessions" in each for each in whole.warnings)
    assert any("overlap for 1.5 s" in each for each in whole.warnings)
    assert any("covers at most 2.0 %" in each for each in rare.warnings)
    assert not any("covers at most" in each for each in frequent.warnings)


def test_moments_have_no_exact_durations_and_are_matched_by_their_starts() -> None:
    (whole,) = assess_spans(moments({"x": [1_000, 9_000], "y": [2_500, 9_100]}, 20_000))
    assert whole.estimate("time_unit_kappa") is None
    assert whole.estimate("unitized_alpha") is None
    f1, grid = whole.estimate("event_f1"), whole.estimate("grid_kappa")
    assert f1 is not None
    assert (f1.value, f1.note) == (1.0, f1.note)
    assert "starts at most 2000 ms apart" in str(f1.note)
    assert grid is not None
    assert "bins of 1000 ms" in str(grid.note)
    assert whole.prevalence[0].shares == {"a": 1.0}


def test_the_settings_change_the_numbers_and_stand_in_the_notes() -> None:
    coding = a_coding({"x": [(0, 50, "a")], "y": [(20, 80, "a")]}, codes=("a",))
    settings = SpanSettings(bin_ms=7, tolerance_ms=11, grain_ms=3, matching=Matching(overlap=0.9))
    found = {each.statistic: each for each in span_estimates(coding, settings, Draws(0))}
    assert found["event_f1"].value == 0.0
    for key, words in (("grid_kappa", "7 ms"), ("tolerance_kappa", "11 ms"), ("unitized_alpha", "3 ms")):
        assert words in str(found[key].note)
    assert "0.9" in str(found["event_f1"].note)


@pytest.mark.parametrize(("flawed", "message"), FLAWED)
def test_bad_spans_are_refused_with_a_sentence(flawed: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        a_coding(**flawed)  # type: ignore[arg-type]


def test_what_cannot_be_compared_or_drawn_is_refused() -> None:
    alone = a_coding({"x": [(0, 5, "a")]})
    for call in (assess_spans, span_estimates, tolerance_curve):
        with pytest.raises(InputError, match="coded by two observers"):
            call(alone)
    with pytest.raises(InputError, match="replicates"):
        Draws(replicates=-1)
    with pytest.raises(InputError, match="confidence"):
        Draws(confidence=1)
    both = a_coding({"x": [(0, 5, "a")], "y": []})
    with pytest.raises(InputError, match="bin"):
        span_estimates(both, SpanSettings(bin_ms=0))
    with pytest.raises(InputError, match="tolerance"):
        tolerance_curve(both, (-1,))
    with pytest.raises(InputError, match="not among the codes"):
        both.of_code("z")


def test_twenty_sessions_three_coders_two_hundred_events_take_seconds() -> None:
    coding = a_corpus(20, 3, 200)
    began = time.perf_counter()
    assess_spans(coding)
    tolerance_curve(coding)
    event_pairs(coding, Matching())
    assert time.perf_counter() - began < 20  # about 4 s on two shared cores


def test_the_curve_has_an_interval_at_every_tolerance() -> None:
    curve = tolerance_curve(a_corpus(10, 2, 10), (500, 2_000), FEW)
    assert [point.tolerance_ms for point in curve] == [500, 2_000]
    for point in curve:
        assert [each.statistic for each in point.estimates] == [
            "tolerance_agreement",
            "tolerance_kappa",
            "event_f1",
        ]
        assert all(each.low is not None for each in point.estimates)


def test_everything_is_reached_from_the_package_and_the_package_stays_light() -> None:
    for name in (
        "assess_spans",
        "tolerance_curve",
        "assess_links",
        "event_pairs",
        "SpanCoding",
        "CodedStretch",
    ):
        assert name in dir(agreement)
        assert getattr(agreement, name).__doc__
    program = (
        "import sys; from coding_app.agreement import assess_spans, assess_links; "
        "sys.exit(bool({'streamlit', 'torch', 'sqlalchemy', 'pandas'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_every_statistic_of_drawn_spans_is_documented_and_its_sources_are_known() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/agreement-time.md").read_text("utf-8")
    headings = " ".join(line for line in page.splitlines() if line.startswith("### "))
    for key, statistic in TIME_STATISTICS.items():
        assert f"`{key}`" in headings
        assert set(statistic.cites) <= set(REFERENCES) | set(TIME_REFERENCES), key


def test_a_stretch_is_a_plain_value() -> None:
    assert CodedStretch(1, 2, "a") == CodedStretch(1, 2, "a")
    assert sorted([CodedStretch(5, 6, "a"), CodedStretch(1, 9, "b")])[0].start_ms == 1
