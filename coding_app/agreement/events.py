"""Agreement on events: which were found by both coders, where they start and end, and which code they got."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coding_app.agreement.event_matching import Matching, matched_events
from coding_app.agreement.matrix import FloatArray, IntArray
from coding_app.agreement.patterns import Kernel, divide
from coding_app.agreement.session_statistics import (
    SessionStatistic,
    mean_over_pairs,
    ratio_kernel,
    summed,
)
from coding_app.agreement.stretches import CodedStretch, SpanCoding, numbered_sessions, pairings

NO_EVENTS = "No observer marked an event in a session that two observers coded"
NO_MATCH = "No event of one observer matches one of another"
ONE_CODE = (
    "Only one code was used: with the impossible cell nobody-nobody left out, expected equals observed agreement "
    "and event kappa says nothing; see event_f1"
)


@dataclass(frozen=True, slots=True)
class Spread:
    """Signed differences in ms, second coder minus first: median and quartiles of n."""

    n: int
    median_ms: float
    low_quartile_ms: float
    high_quartile_ms: float

    @property
    def iqr_ms(self) -> float:
        """Width of the middle half."""
        return self.high_quartile_ms - self.low_quartile_ms


@dataclass(frozen=True, slots=True)
class EventPair:
    """The events of two coders over all recordings that both coded.

    n_matched: pairs of events under the matching; n_same_code: those with equal codes.
    missed_by_first: events of the second coder without a partner, and the other way round.
    onset, offset: differences of the matched events; None without a match (offset also for moments).
    """

    first: str
    second: str
    n_first: int
    n_second: int
    n_matched: int
    n_same_code: int
    onset: Spread | None
    offset: Spread | None

    @property
    def missed_by_first(self) -> int:
        """Events that only the second coder marked."""
        return self.n_second - self.n_matched

    @property
    def missed_by_second(self) -> int:
        """Events that only the first coder marked."""
        return self.n_first - self.n_matched

    @property
    def f1(self) -> float | None:
        """2 * matched / (events of both); None without any event."""
        n_events = self.n_first + self.n_second
        return 2 * self.n_matched / n_events if n_events else None


@dataclass(frozen=True, slots=True)
class _Match:
    """The events of one pair of coders on one recording and which of them belong together."""

    session: int
    pair: int
    first: Sequence[CodedStretch]
    second: Sequence[CodedStretch]
    matched: list[tuple[int, int]]

    @property
    def same_code(self) -> int:
        return sum(self.first[i].code == self.second[j].code for i, j in self.matched)


def event_pairs(coding: SpanCoding, matching: Matching) -> tuple[EventPair, ...]:
    """Counts, misses and differences of starts and ends for every pair of coders."""
    found: list[list[_Match]] = [[] for _ in coding.pairs]
    for each in _matches(coding, matching):
        found[each.pair].append(each)
    return tuple(
        _event_pair(pair, matches, coding.moments) for pair, matches in zip(coding.pairs, found, strict=True)
    )


def event_statistics(coding: SpanCoding, matching: Matching) -> list[SessionStatistic]:
    """F1, segmentation, categorisation and event kappa, pooled over sessions.

    event_f1: 2 * matched / all events, matched with the same code, pairs of coders pooled. With more than one
    code also event_f1_any_code (matched whatever the code: is something marked here at all?),
    event_category_agreement (of those, the share with the same code), event_agreement (events that found a
    partner with the same code / all events) and event_kappa with event_kappa_max (`event_kappa_kernel`).
    No correction for chance except in event_kappa. Source: Bakeman, Quera & Gnisci (2009); Holle & Rein (2015).
    """
    note, found = matching.words, [f1_statistic(coding, matching)]
    if len(coding.codes) == 1:
        return found
    blind = list(_matches(coding, replace(matching, same_code=False)))
    n_matched = sum(len(each.matched) for each in blind)
    same, matched, events = _sums(coding, blind)
    pairs_note = note + (", mean of the pairs of observers" if len(coding.pairs) > 1 else "")
    counts = _n_events(blind), 2 * n_matched
    kappa, kappa_max = event_kappa_kernels(coding, blind)
    reason = ONE_CODE if n_matched else NO_MATCH
    return [
        *found,
        _f1("event_f1_any_code", coding, blind, note),
        SessionStatistic(
            "event_category_agreement", ratio_kernel(same, matched), NO_MATCH, n_matched, 2 * n_matched, note
        ),
        SessionStatistic("event_agreement", ratio_kernel(2 * same, events), NO_EVENTS, *counts, note),
        SessionStatistic("event_kappa", kappa, reason if counts[0] else NO_EVENTS, *counts, pairs_note),
        SessionStatistic(
            "event_kappa_max", kappa_max, reason if counts[0] else NO_EVENTS, *counts, pairs_note
        ),
    ]


def f1_statistic(coding: SpanCoding, matching: Matching) -> SessionStatistic:
    """event_f1: 2 * matched / all events, events matched with the same code, pairs of coders pooled."""
    strict = list(_matches(coding, replace(matching, same_code=True)))
    return _f1("event_f1", coding, strict, matching.words + ", same code")


def event_kappa_kernels(coding: SpanCoding, matches: Iterable[_Match]) -> tuple[Kernel, Kernel]:
    """Kappa of events with the cell "neither coder marked it" structurally empty, and its maximum.

    Cross-table of codes and "nil" (marked by the other coder only); a matched pair counts twice, an event alone
    once, so the table holds all events. Expected agreement = diagonal of the table that iterative proportional
    fitting reaches from ones with a zero at nil-nil; with one empty cell its limit has a closed form,
    e(i, j) = r(i) c(j) M / ((N - r(nil)) (N - c(nil))) with M = twice the matched pairs, which is used here (the
    test iterates to convergence and compares; EasyDIAg and ELAN stop earlier and print 0 for negative values).
    kappa_max: (sum of the smaller margin of each row and column / N - p_e) / (1 - p_e).
    Undefined when nothing matches or one code only is used. Mean over pairs of coders.
    Source: Holle & Rein (2015), Behavior Research Methods 47, 837-847; Bakeman, Quera & Gnisci (2009).
    """
    n_sessions, n_pairs = numbered_sessions(coding.compared)[1], len(coding.pairs)
    n_codes = len(coding.codes)
    margins = np.zeros((n_sessions, n_pairs, 2, n_codes))
    agreed, matched = np.zeros((n_sessions, n_pairs)), np.zeros((n_sessions, n_pairs))
    position = {code: index for index, code in enumerate(coding.codes)}
    for each in matches:
        at = each.session, each.pair
        agreed[at] += 2 * each.same_code
        matched[at] += 2 * len(each.matched)
        partnered = [{i for i, _ in each.matched}, {j for _, j in each.matched}]
        for side, events in enumerate((each.first, each.second)):
            for index, event in enumerate(events):
                weight = 2.0 if index in partnered[side] else 1.0
                margins[(*at, side, position[event.code])] += weight

    def terms(weights: FloatArray) -> tuple[FloatArray, ...]:
        both = summed(margins, weights)
        return summed(agreed, weights), summed(matched, weights), both[:, :, 0], both[:, :, 1]

    def kappa(weights: FloatArray) -> FloatArray:
        return mean_over_pairs(event_kappa(*terms(weights))[0])

    def kappa_max(weights: FloatArray) -> FloatArray:
        return mean_over_pairs(event_kappa(*terms(weights))[1])

    return kappa, kappa_max


def event_kappa(
    agreed: FloatArray, matched: FloatArray, rows: FloatArray, columns: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Event kappa and its maximum from a table without its nil-nil cell; NaN where undefined.

    agreed, matched: (...) events with a partner of the same code, with a partner at all.
    rows, columns: (..., n_codes) events of each coder by code, those with a partner counted twice.
    """
    n_rows, n_columns = rows.sum(axis=-1), columns.sum(axis=-1)
    n_events = n_rows + n_columns - matched
    chance = divide(matched * (rows * columns).sum(axis=-1), n_rows * n_columns * n_events)
    several_codes = ((rows + columns) > 0).sum(axis=-1) > 1
    room = np.where(several_codes & (matched > 0) & (1 - chance > 1e-12), 1 - chance, 0.0)
    alone = np.minimum(n_columns - matched, n_rows - matched)  # the margins of nil
    most = np.minimum(rows, columns).sum(axis=-1) + alone
    return (
        divide(divide(agreed, n_events) - chance, room),
        divide(divide(most, n_events) - chance, room),
    )


def _matches(coding: SpanCoding, matching: Matching) -> Iterable[_Match]:
    in_order = [
        {coder: sorted(drawn) for coder, drawn in recording.by_coder.items()} for recording in coding.compared
    ]
    for each in pairings(coding.recordings):
        first, second = (in_order[each.at][coder] for coder in each.coders)
        yield _Match(each.session, each.pair, first, second, matched_events(first, second, matching))


def _n_events(matches: Iterable[_Match]) -> int:
    return sum(len(each.first) + len(each.second) for each in matches)


def _sums(coding: SpanCoding, matches: Iterable[_Match]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Per session, pairs of coders pooled: matched with the same code, matched, events of both."""
    sums = np.zeros((3, numbered_sessions(coding.compared)[1]))
    for each in matches:
        counts = each.same_code, len(each.matched), len(each.first) + len(each.second)
        sums[:, each.session] += counts
    return sums[0], sums[1], sums[2]


def _f1(key: str, coding: SpanCoding, matches: Sequence[_Match], note: str) -> SessionStatistic:
    _, matched, events = _sums(coding, matches)
    kernel = ratio_kernel(2 * matched, events)
    return SessionStatistic(key, kernel, NO_EVENTS, _n_events(matches), 2 * int(matched.sum()), note)


def _event_pair(pair: tuple[str, str], matches: Sequence[_Match], moments: bool) -> EventPair:
    together = [(each.first[i], each.second[j]) for each in matches for i, j in each.matched]
    onset = np.array([b.start_ms - a.start_ms for a, b in together], dtype=np.int64)
    offset = np.array([b.end_ms - a.end_ms for a, b in together], dtype=np.int64)
    return EventPair(
        *pair,
        n_first=sum(len(each.first) for each in matches),
        n_second=sum(len(each.second) for each in matches),
        n_matched=len(together),
        n_same_code=sum(a.code == b.code for a, b in together),
        onset=_spread(onset),
        offset=None if moments else _spread(offset),
    )


def _spread(differences: IntArray) -> Spread | None:
    if not len(differences):
        return None
    low, middle, high = np.quantile(differences, [0.25, 0.5, 0.75])
    return Spread(len(differences), float(middle), float(low), float(high))
