"""Which events are the same, F1, and kappa of events."""

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coding_app.agreement.event_matching import Matching, matched_events
from coding_app.agreement.events import event_kappa, event_pairs
from coding_app.agreement.session_statistics import Draws
from coding_app.agreement.span_assessment import span_estimates
from coding_app.agreement.stretches import CodedStretch, SpanCoding
from coding_app.errors import InputError
from tests.agreement.drawn import a_coding, a_corpus, codings, moments, stretches

NO_DRAWS = Draws(replicates=0)
EVENT = st.tuples(st.integers(0, 30), st.integers(0, 10), st.sampled_from("ab"))
EVENTS = st.lists(EVENT.map(lambda e: CodedStretch(e[0], e[0] + e[1], e[2])), max_size=5)
MATCHING = st.builds(
    Matching,
    by=st.sampled_from(["onset", "overlap"]),
    tolerance_ms=st.integers(0, 12),
    overlap=st.sampled_from([0.2, 0.5, 1.0]),
    same_code=st.booleans(),
)


def value(coding: SpanCoding, statistic: str) -> float | None:
    return next(e for e in span_estimates(coding, None, NO_DRAWS) if e.statistic == statistic).value


def may_match(one: CodedStretch, other: CodedStretch, matching: Matching) -> bool:
    if matching.same_code and one.code != other.code:
        return False
    if matching.by == "onset":
        return abs(one.start_ms - other.start_ms) <= matching.tolerance_ms
    common = min(one.end_ms, other.end_ms) - max(one.start_ms, other.start_ms)
    longer = max(one.end_ms - one.start_ms, other.end_ms - other.start_ms)
    same = (one.start_ms, one.end_ms) == (other.start_ms, other.end_ms)
    return same or (common > 0 and common >= matching.overlap * longer)


def quality(one: list[CodedStretch], other: list[CodedStretch], pairs, matching: Matching):  # type: ignore[no-untyped-def]
    """To be as small as possible: minus the number of pairs, distance, different codes."""
    starts = sum(abs(one[i].start_ms - other[j].start_ms) for i, j in pairs)
    ends = 0 if matching.by == "onset" else sum(abs(one[i].end_ms - other[j].end_ms) for i, j in pairs)
    return -len(pairs), starts + ends, sum(one[i].code != other[j].code for i, j in pairs)


@given(EVENTS, EVENTS, MATCHING)
@settings(max_examples=100, deadline=None)
def test_no_other_way_to_match_events_is_better(
    one: list[CodedStretch], other: list[CodedStretch], matching: Matching
) -> None:
    found = matched_events(one, other, matching)
    assert all(may_match(one[i], other[j], matching) for i, j in found)
    assert len({i for i, _ in found}) == len({j for _, j in found}) == len(found)
    padded = [*range(len(other)), *[None] * len(one)]
    tried = (
        (
            [(i, j) for i, j in enumerate(order) if j is not None and may_match(one[i], other[j], matching)]
            for order in set(itertools.permutations(padded, len(one)))
        )
        if len(one) <= 3
        else iter(())
    )
    best = min((quality(one, other, pairs, matching) for pairs in tried), default=None)
    if best is not None:
        assert quality(one, other, found, matching) == best


def test_the_nearest_first_would_lose_a_match_that_the_best_pairing_keeps() -> None:
    first, second = stretches((10, 10, "a"), (13, 13, "a")), stretches((12, 12, "a"), (15, 15, "a"))
    assert matched_events(first, second, Matching("onset", 2)) == [(0, 0), (1, 1)]


def test_two_thousand_events_of_two_coders_are_matched_within_a_second() -> None:
    rng = np.random.default_rng(0)
    starts = np.sort(rng.integers(0, 3_600_000, 2_000))
    first = [CodedStretch(int(t), int(t) + 1_000, "a") for t in starts]
    second = [CodedStretch(int(t), int(t) + 1_200, "a") for t in starts + rng.integers(0, 3_000, 2_000)]
    for matching in (Matching("onset", 5_000), Matching("overlap", overlap=0.2)):
        began = time.perf_counter()
        assert len(matched_events(first, second, matching)) > 900
        assert time.perf_counter() - began < 1


def test_misses_and_differences_of_two_coders_by_hand() -> None:
    one = [(0, 100, "a"), (200, 300, "b"), (400, 500, "a"), (600, 700, "c")]
    two = [(10, 110, "a"), (205, 285, "a"), (430, 500, "a")]
    coding = a_coding({"one": one, "two": two}, 1_000)
    (blind,) = event_pairs(coding, Matching(same_code=False))
    assert (blind.n_matched, blind.n_same_code, blind.missed_by_first, blind.missed_by_second) == (3, 2, 0, 1)
    assert (blind.onset.median_ms, blind.offset.median_ms, blind.onset.n) == (10, 0, 3)  # type: ignore[union-attr]
    assert blind.onset.iqr_ms == pytest.approx(20 - 7.5)  # type: ignore[union-attr]
    assert blind.f1 == pytest.approx(6 / 7)
    (strict,) = event_pairs(coding, Matching())
    assert (strict.n_matched, strict.missed_by_first, strict.missed_by_second) == (2, 1, 2)
    assert value(coding, "event_f1") == pytest.approx(4 / 7)
    assert value(coding, "event_f1_any_code") == pytest.approx(6 / 7)
    assert value(coding, "event_category_agreement") == pytest.approx(2 / 3)
    assert value(coding, "event_agreement") == pytest.approx(4 / 7)


def test_the_difference_is_the_second_coder_minus_the_first() -> None:
    (pair,) = event_pairs(moments({"one": [100], "two": [140]}, 1_000), Matching("onset", 50))
    assert pair.onset.median_ms == 40  # type: ignore[union-attr]
    assert pair.offset is None
    (nothing,) = event_pairs(moments({"one": [], "two": []}, 1_000), Matching("onset", 50))
    assert (nothing.onset, nothing.f1) == (None, None)


@given(codings(n_coders=3), st.integers(1, 40))
@settings(max_examples=15, deadline=None)
def test_shifting_everything_leaves_the_statistics_of_events(coding: SpanCoding, by_ms: int) -> None:
    def shifted(recording):  # type: ignore[no-untyped-def]
        moved = {
            coder: tuple(CodedStretch(e.start_ms + by_ms, e.end_ms + by_ms, e.code) for e in drawn)
            for coder, drawn in recording.by_coder.items()
        }
        return replace(recording, duration_ms=recording.duration_ms + 40, by_coder=moved)

    later = replace(coding, recordings=tuple(map(shifted, coding.recordings)))
    for before, after in zip(
        span_estimates(coding, None, NO_DRAWS), span_estimates(later, None, NO_DRAWS), strict=True
    ):
        if before.statistic.startswith("event"):
            assert before.value == after.value
    for one, other in zip(event_pairs(coding, Matching()), event_pairs(later, Matching()), strict=True):
        assert one == other


def fitted_chance(rows: np.ndarray, columns: np.ndarray) -> float:
    """Diagonal share of the table that iterative proportional fitting converges to; last row and column = nil."""
    table = np.ones((len(rows), len(rows)))
    table[-1, -1] = 0
    for _ in range(200_000):
        table *= np.divide(rows, table.sum(axis=1), out=np.zeros(len(rows)), where=rows > 0)[:, None]
        before = table.sum(axis=1)
        table *= np.divide(columns, table.sum(axis=0), out=np.zeros(len(rows)), where=columns > 0)[None, :]
        if np.abs(before - table.sum(axis=1)).max() < 1e-13 * rows.sum():
            break
    return float(np.trace(table) / rows.sum())


@given(
    st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), min_size=3, max_size=3),
    st.lists(st.integers(1, 9), min_size=3, max_size=3),
    st.lists(st.integers(1, 9), min_size=3, max_size=3),
)
@settings(max_examples=20, deadline=None)
def test_event_kappa_equals_iterative_proportional_fitting_run_to_convergence(
    matched: list[list[int]], only_one: list[int], only_two: list[int]
) -> None:
    table = 2 * np.array(matched, dtype=float)
    assume(table.sum() >= 20)  # the iteration needs very long where almost nothing matches
    rows, columns = table.sum(axis=1) + only_one, table.sum(axis=0) + only_two
    with_nil = [np.append(rows, sum(only_two)), np.append(columns, sum(only_one))]
    total = with_nil[0].sum()
    chance, observed = fitted_chance(*with_nil), np.trace(table) / total
    most = np.minimum(*with_nil).sum() / total
    kappa, kappa_max = event_kappa(np.array(np.trace(table)), np.array(table.sum()), rows, columns)
    assert kappa == pytest.approx((observed - chance) / (1 - chance), abs=1e-8)
    assert kappa_max == pytest.approx((most - chance) / (1 - chance), abs=1e-8)


def test_cohen_1960_p45_is_the_event_kappa_when_no_event_is_missed() -> None:
    # Cohen (1960) p. 45: kappa .492, kappa max .831
    table = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    one, two = [], []
    for number, (row, column) in enumerate(
        (r, c) for r in range(3) for c in range(3) for _ in range(table[r, c])
    ):
        start = 10 * number
        one.append((start, start + 8, "abc"[row]))
        two.append((start + 1, start + 9, "abc"[column]))
    coding = a_coding({"one": one, "two": two}, 2_000)
    assert value(coding, "event_kappa") == pytest.approx(0.492, abs=1e-3)
    assert value(coding, "event_kappa_max") == pytest.approx(0.831, abs=1e-3)


def test_event_kappa_by_hand_with_missed_events() -> None:
    # matched: a-a 2, b-b 1, a-b 1 (twice each: 8 of 10 events); a only one's, b only two's
    # rows (one): a 2*3+1 = 7, b 2*1 = 2; columns: a 2*2 = 4, b 2*2+1 = 5; N = 9 + 9 - 8 = 10
    # chance = 8 * (7*4 + 2*5) / (9*9*10); observed = 6/10
    one = [(0, 10, "a"), (20, 30, "a"), (40, 50, "b"), (60, 70, "a"), (80, 90, "a")]
    two = [(0, 10, "a"), (20, 30, "a"), (40, 50, "b"), (60, 70, "b"), (95, 99, "b")]
    chance = 8 * 38 / 810
    assert value(a_coding({"one": one, "two": two}), "event_kappa") == pytest.approx(
        (0.6 - chance) / (1 - chance)
    )


def test_event_kappa_is_null_with_a_reason_for_one_code_or_without_a_match() -> None:
    one_code = a_coding({"one": [(0, 10, "a")], "two": [(0, 10, "a"), (50, 60, "a")]})
    found = {e.statistic: e for e in span_estimates(one_code, None, NO_DRAWS)}
    assert found["event_kappa"].value is None
    assert "Only one code was used" in str(found["event_kappa"].note)
    assert found["event_f1"].value == pytest.approx(2 / 3)
    apart = a_coding({"one": [(0, 10, "a")], "two": [(50, 60, "b")]})
    found = {e.statistic: e for e in span_estimates(apart, None, NO_DRAWS)}
    assert (found["event_kappa"].value, found["event_f1"].value) == (None, 0.0)
    assert "No event of one observer matches" in str(found["event_kappa"].note)


def test_codes_given_at_random_to_matched_events_have_an_event_kappa_near_zero() -> None:
    coding = a_corpus(20, 2, 100)
    rng = np.random.default_rng(5)

    def shuffled(recording):  # type: ignore[no-untyped-def]
        mixed = {
            coder: tuple(replace(e, code=str(rng.choice(["a", "b", "c"], p=[0.6, 0.3, 0.1]))) for e in drawn)
            for coder, drawn in recording.by_coder.items()
        }
        return replace(recording, by_coder=mixed)

    chance = replace(coding, recordings=tuple(map(shuffled, coding.recordings)))
    assert value(chance, "event_kappa") == pytest.approx(0, abs=0.04)


@pytest.mark.parametrize(("tolerance_ms", "overlap"), [(-1, 0.5), (0, 0.0), (0, 1.5)])
def test_an_impossible_matching_is_refused(tolerance_ms: int, overlap: float) -> None:
    with pytest.raises(InputError):
        Matching("onset", tolerance_ms, overlap)
