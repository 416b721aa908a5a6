"""Agreement in time: exact durations, bins, tolerance."""

import doctest
import itertools
from dataclasses import replace

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from coding_app.agreement import pair_tables, time_sources
from coding_app.agreement.estimate import Estimate
from coding_app.agreement.session_statistics import Draws
from coding_app.agreement.span_assessment import SpanSettings, span_estimates, tolerance_curve
from coding_app.agreement.stretches import SpanCoding
from coding_app.agreement.timeline import binned, binned_moments, overlapping_ms, timeline
from tests.agreement.drawn import CODES, a_coding, codings, moments, stretches

NO_DRAWS = Draws(replicates=0)
KRIPPENDORFF_1995 = {
    "one": [(2_000, 10_000, "a"), (14_000, 20_000, "a")],
    "two": [(4_000, 8_000, "a"), (15_000, 17_000, "a")],
}


def estimates(coding: SpanCoding, chosen: SpanSettings | None = None) -> dict[str, Estimate]:
    return {each.statistic: each for each in span_estimates(coding, chosen, NO_DRAWS)}


def value(coding: SpanCoding, statistic: str, chosen: SpanSettings | None = None) -> float | None:
    return estimates(coding, chosen)[statistic].value


def per_millisecond(coding: SpanCoding) -> np.ndarray:
    """States of all recordings, one row per millisecond, by the plain definition."""
    rows = []
    for recording in coding.recordings:
        states = np.full((recording.duration_ms, len(recording.by_coder)), len(coding.codes))
        for column, drawn in enumerate(recording.by_coder.values()):
            for each in sorted(drawn):
                states[each.start_ms : each.end_ms, column] = coding.codes.index(each.code)
        rows.append(states)
    return np.vstack(rows)


def test_krippendorff_1995_digitised_pair_gives_the_published_kappa_pi_and_alpha() -> None:
    # Krippendorff (1995), Sociological Methodology 25, as in DKPro Statistics' test suite: .385, .314, .329
    coding = a_coding(KRIPPENDORFF_1995, 24_000, ("a",))
    found = estimates(coding)
    assert found["time_unit_kappa"].value == pytest.approx(0.385, abs=1e-3)
    assert found["grid_kappa"].value == pytest.approx(0.385, abs=1e-3)
    assert found["grid_alpha"].value == pytest.approx(0.329, abs=1e-3)
    assert found["time_unit_alpha"].value == pytest.approx(0.314, abs=1e-3)  # without bins alpha tends to pi
    assert found["time_unit_positive_agreement"].value == pytest.approx(12 / 20)
    assert (found["time_unit_kappa"].n_units, found["time_unit_kappa"].n_pairable) == (24_000, 48_000)


@given(codings())
@settings(max_examples=20, deadline=None)
def test_exact_kappa_equals_scikit_learn_on_every_millisecond(coding: SpanCoding) -> None:
    states = per_millisecond(coding)
    found = value(coding, "time_unit_kappa")
    if len(np.unique(states)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(cohen_kappa_score(*states.T), abs=1e-9)


@given(codings(n_coders=3))
@settings(max_examples=20, deadline=None)
def test_exact_alpha_of_three_coders_equals_the_package_on_every_millisecond(coding: SpanCoding) -> None:
    states = per_millisecond(coding)
    found = value(coding, "time_unit_alpha")
    if len(np.unique(states)) == 1:
        assert found is None
    else:
        expected = krippendorff.alpha(states.T, level_of_measurement="nominal")
        assert found == pytest.approx(expected, abs=1e-9)


@given(codings())
@settings(max_examples=15, deadline=None)
def test_a_grid_of_one_millisecond_gives_the_exact_values(coding: SpanCoding) -> None:
    found = estimates(coding, SpanSettings(bin_ms=1))
    for name in ("agreement", "kappa", "alpha", "ac1"):
        exact, grid = found[f"time_unit_{name}"].value, found[f"grid_{name}"].value
        assert grid == (None if exact is None else pytest.approx(exact, abs=1e-12))


@given(codings(n_coders=3), st.permutations(range(3)), st.permutations(CODES))
@settings(max_examples=15, deadline=None)
def test_order_of_coders_and_of_codes_does_not_matter(
    coding: SpanCoding, coders: list[int], codes: list[str]
) -> None:
    def reordered(recording):  # type: ignore[no-untyped-def]
        items = list(recording.by_coder.items())
        return replace(recording, by_coder=dict(items[index] for index in coders))

    other = replace(coding, codes=tuple(codes), recordings=tuple(map(reordered, coding.recordings)))
    before, after = estimates(coding), estimates(other)
    for key, each in before.items():
        if not key.startswith("grid"):  # a tie within a bin goes to the code that stands first in the scheme
            assert after[key].value == (
                None if each.value is None else pytest.approx(each.value, abs=1e-9)
            ), key


@given(codings(), st.booleans())
@settings(max_examples=20, deadline=None)
def test_coders_who_draw_the_same_agree_perfectly_or_say_why_not(coding: SpanCoding, exclusive: bool) -> None:
    def same(recording):  # type: ignore[no-untyped-def]
        drawn = recording.by_coder["coder 0"]
        return replace(recording, by_coder={"one": drawn, "two": drawn, "three": drawn})

    twins = replace(coding, recordings=tuple(map(same, coding.recordings)), exclusive=exclusive)
    for each in span_estimates(twins, SpanSettings(bin_ms=5, tolerance_ms=3), NO_DRAWS):
        assert each.value == pytest.approx(1.0) if each.value is not None else each.note, each.statistic


@given(codings(n_coders=3), st.booleans())
@settings(max_examples=15, deadline=None)
def test_doubling_the_sessions_leaves_the_estimates(coding: SpanCoding, exclusive: bool) -> None:
    again = [replace(each, session=f"{each.session} again") for each in coding.recordings]
    doubled = replace(coding, recordings=(*coding.recordings, *again), exclusive=exclusive)
    before, after = estimates(replace(coding, exclusive=exclusive)), estimates(doubled)
    for key, each in before.items():
        if "unitized" in key or "alpha" in key:
            continue  # alpha corrects for the number of judgements, unitized alpha for that of units
        assert after[key].value == (None if each.value is None else pytest.approx(each.value, abs=1e-9)), key


def test_a_bin_takes_the_state_that_covers_most_of_it_and_a_code_before_none_at_a_tie() -> None:
    drawn = stretches((0, 5, "b"), (10, 16, "a"), (16, 20, "b"), (20, 25, "b"), (25, 30, "a"))
    coding = a_coding({"one": []}, 33)
    assert [CODES[s] if s < 3 else None for s in binned(coding, timeline(coding, drawn, 33), 10)] == [
        "b",
        "a",
        "a",
        None,
    ]
    several = replace(coding, exclusive=False)
    assert binned(several, timeline(several, drawn, 33), 10).tolist() == [0b10, 0b01, 0b11, 0]


def test_moments_count_in_their_bin_and_the_end_belongs_to_the_last_bin() -> None:
    coding = moments({"one": [0, 19, 30]}, 30)
    assert binned_moments(coding, coding.recordings[0].by_coder["one"], 30, 10).tolist() == [0, 0, 0]
    assert binned_moments(coding, stretches((19, 19, "a")), 30, 10).tolist() == [1, 0, 1]


def test_of_overlapping_spans_of_an_exclusive_criterion_the_later_one_holds() -> None:
    coding = a_coding({"one": [(0, 60, "a"), (20, 30, "b")], "two": []})
    row = timeline(coding, coding.recordings[0].by_coder["one"], 100)
    assert (row.edges.tolist(), row.states.tolist()) == ([0, 20, 30, 60, 100], [0, 1, 0, 3])
    assert overlapping_ms(coding) == 10


def test_sets_of_codes_are_compared_as_a_whole_where_several_may_hold() -> None:
    # 100 ms: {a,b} and {a} for 40, equal otherwise (none for 50, {a} for 10); MASI({a,b}, {a}) = 2/3
    coding = a_coding({"one": [(0, 50, "a"), (0, 40, "b")], "two": [(0, 50, "a")]}, exclusive=False)
    found = estimates(coding)
    assert found["time_unit_agreement"].value == pytest.approx(0.6)
    n, n_ab, n_a, n_none = 200, 40, 60, 100
    expected = 2 * (n_ab * n_a * 2 / 3 + n_ab * n_none + n_a * n_none)
    assert found["time_unit_alpha_masi"].value == pytest.approx(1 - (n - 1) * 2 * 40 * 2 / 3 / expected)
    assert "time_unit_kappa" not in found


def test_a_coder_who_did_not_code_a_session_is_missing_for_it_not_silent() -> None:
    both = a_coding({"one": [(0, 50, "a")], "two": [(10, 50, "a")]})
    third = replace(both.recordings[0], session="s2", by_coder={"one": stretches((0, 100, "b"))})
    more = replace(both, recordings=(*both.recordings, third))
    assert [e.value for e in span_estimates(more, None, NO_DRAWS)] == [
        e.value for e in span_estimates(both, None, NO_DRAWS)
    ]
    assert estimates(more)["time_unit_kappa"].n_sessions == 2
    assert estimates(more)["time_unit_kappa"].n_pairable_sessions == 1


def test_gseq_rule_a_second_agrees_when_the_other_has_the_code_within_the_tolerance() -> None:
    # Bakeman & Quera's plot, read as text: coder 1 has cj at 54:23 and :24, coder 2 at :21 and :22 only, which
    # is within 2 s; coder 1 has Ss at 54:35, coder 2 nowhere from :33 to :37, which is a disagreement
    one = [(3_000, 5_000, "a"), (15_000, 16_000, "b")]
    two = [(1_000, 3_000, "a"), (8_000, 13_000, "b"), (18_000, 20_000, "b")]
    coding = a_coding({"one": one, "two": two}, 20_000)
    points = {p.tolerance_ms: p for p in tolerance_curve(coding, (0, 2_000), NO_DRAWS)}
    # coder 1 is not met in Ss [15, 16) nor, with nothing coded amid 2's Ss, in [10, 11); coder 2 not in Ss
    agreed_1 = 20_000 - 1_000 - 1_000
    agreed_2 = 20_000 - 5_000 - 2_000
    found = points[2_000].estimate("tolerance_agreement")
    assert found is not None
    assert found.value == pytest.approx((agreed_1 + agreed_2) / 40_000)
    assert points[0].estimates[1].value == pytest.approx(value(coding, "time_unit_kappa"))


def test_boris_issue_228_comes_out_monotonic() -> None:
    # github.com/olivierfriard/BORIS issue 228: kappa .27 (0.5 s), -.02 (1 s), -.04 (2 s), 1.0 (3 s) on these data
    coding = moments({"A": [155_105, 169_855, 264_855], "B": [156_405, 170_852, 264_606]}, 300_000, "move")
    curve = tolerance_curve(coding, (0, 500, 1_000, 2_000, 3_000), NO_DRAWS)
    f1 = [point.estimate("event_f1").value for point in curve]  # type: ignore[union-attr]
    kappa = [point.estimate("tolerance_kappa").value for point in curve]  # type: ignore[union-attr]
    assert f1 == pytest.approx([0, 1 / 3, 2 / 3, 1, 1])
    assert all(a <= b for a, b in itertools.pairwise(kappa))
    assert kappa[-1] == pytest.approx(1.0)
    assert kappa[0] < 0.5


@given(st.booleans().flatmap(lambda as_moments: codings(as_moments=as_moments)))
@settings(max_examples=20, deadline=None)
def test_agreement_and_matches_never_fall_when_the_tolerance_grows(coding: SpanCoding) -> None:
    curve = tolerance_curve(coding, (0, 1, 2, 5, 10, 30, 60), NO_DRAWS)
    for statistic in ("tolerance_agreement", "event_f1"):
        values = [point.estimate(statistic).value for point in curve]  # type: ignore[union-attr]
        if values[0] is not None:
            assert all(a <= b + 1e-12 for a, b in itertools.pairwise(values))  # type: ignore[operator]


def test_kappa_is_null_with_a_reason_where_nobody_drew_anything() -> None:
    found = estimates(a_coding({"one": [], "two": []}))
    for key in (
        "time_unit_kappa",
        "time_unit_alpha",
        "grid_kappa",
        "tolerance_kappa",
        "unitized_alpha",
        "event_f1",
    ):
        assert found[key].value is None
        assert found[key].note
    assert found["time_unit_agreement"].value == 1.0


def test_the_curve_says_that_kappa_needs_one_code_where_several_may_hold() -> None:
    coding = a_coding({"one": [(0, 50, "a"), (0, 40, "b")], "two": [(0, 50, "a")]}, exclusive=False)
    (point,) = tolerance_curve(coding, (5,), NO_DRAWS)
    kappa, f1 = point.estimates
    assert (kappa.value, kappa.note) == (None, "Several codes may hold at a time: choose one code")
    assert f1.value == pytest.approx(2 / 3)


@pytest.mark.parametrize("module", [pair_tables, time_sources])
def test_the_examples_of_agreement_in_time_hold(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0
