"""Agreement on links: do coders say that a repair addresses the same ruptures?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coding_app.agreement.estimate import Estimate
from coding_app.agreement.event_matching import Matching, matched_events
from coding_app.agreement.matrix import FloatArray
from coding_app.agreement.patterns import divide
from coding_app.agreement.session_statistics import (
    Comparison,
    Draws,
    SessionStatistic,
    mean_over_pairs,
    ratio_kernel,
    session_estimates,
    summed,
)
from coding_app.agreement.sets import distance_table, set_distance
from coding_app.agreement.stretches import (
    CodedStretch,
    coders_of,
    compared,
    numbered_sessions,
    pairings,
    pairs_of,
)

NO_COMMON = "No repair was found by two observers, so their links cannot be compared"
NO_VARIATION = "All links point to the same ruptures; without variation alpha is undefined"
_EXACT = Matching("overlap", overlap=1.0, same_code=False)


@dataclass(frozen=True, slots=True)
class Link:
    """One repair (source) and the times of the ruptures that it addresses; no target = none stated."""

    source: CodedStretch
    targets: tuple[CodedStretch, ...]


@dataclass(frozen=True, slots=True)
class LinkedRecording:
    """The links of each coder on one recording; an empty tuple = coded, no repair found."""

    session: str
    duration_ms: int
    by_coder: Mapping[str, tuple[Link, ...]]


@dataclass(frozen=True, slots=True)
class _Sums:
    """Per session and pair of coders (n_sessions, n_pairs): what the three statistics are made of."""

    n: FloatArray
    equal: FloatArray
    jaccard: FloatArray
    distance: FloatArray
    alike: FloatArray  # sum of 1 - distance over all ordered pairs of sets with a target, within the session
    empty: FloatArray  # sets without a target


def assess_links(
    recordings: Sequence[LinkedRecording],
    *,
    sources: Matching = _EXACT,
    targets: Matching = _EXACT,
    draws: Draws | None = None,
) -> tuple[Estimate, ...]:
    """link_agreement, link_jaccard and link_alpha_masi over the repairs that both coders of a pair gave.

    sources, targets: when two repairs, two ruptures are the same one. Transcript segments have equal times, which
    the default asks for; for drawn units give the matching of their criterion. Codes do not matter here.
    link_agreement: share of these repairs with exactly the same ruptures; link_jaccard: mean of shared / all
    ruptures named; both pool the pairs of coders. link_alpha_masi: alpha with the MASI distance between sets of
    ruptures, mean of the pairs; ruptures of different sessions are never the same, so chance agreement is small.
    Source: Krippendorff (2004), ch. 11; Passonneau (2006), LREC.
    """
    statistics = link_statistics(recordings, sources, targets)
    n_sessions, n_compared = numbered_sessions(recordings)[1], numbered_sessions(compared(recordings))[1]
    comparison = Comparison(n_sessions, n_compared, len(coders_of(recordings)))
    return session_estimates(statistics, comparison, draws or Draws())


def link_statistics(
    recordings: Sequence[LinkedRecording], sources: Matching, targets: Matching
) -> list[SessionStatistic]:
    """The three statistics of `assess_links` as functions of weights of sessions."""
    sums = _compared_links(recordings, sources, targets)
    n = int(sums.n.sum())
    total = sums.n.sum(axis=1)
    note = f"repairs: {sources.words}; ruptures: {targets.words}"
    return [
        SessionStatistic(
            "link_agreement", ratio_kernel(sums.equal.sum(axis=1), total), NO_COMMON, n, 2 * n, note
        ),
        SessionStatistic(
            "link_jaccard", ratio_kernel(sums.jaccard.sum(axis=1), total), NO_COMMON, n, 2 * n, note
        ),
        SessionStatistic(
            "link_alpha_masi",
            lambda weights: mean_over_pairs(_alpha(sums, weights)),
            NO_VARIATION if n else NO_COMMON,
            n,
            2 * n,
            note,
        ),
    ]


def _alpha(sums: _Sums, weights: FloatArray) -> FloatArray:
    """1 - (n - 1) D_o / (n^2 - alike), n = sets of both coders; sets of a session drawn twice are the same."""
    n_sets = 2 * summed(sums.n, weights)
    alike = summed(sums.alike, weights**2) + summed(sums.empty, weights) ** 2
    expected = n_sets**2 - alike
    room = np.where(expected > 1e-9 * n_sets**2, expected, 0.0)
    return 1.0 - divide(2 * summed(sums.distance, weights) * (n_sets - 1), room)


def _compared_links(recordings: Sequence[LinkedRecording], sources: Matching, targets: Matching) -> _Sums:
    shape = numbered_sessions(compared(recordings))[1], len(pairs_of(recordings))
    n, equal, jaccard, distance, alike, empty = (np.zeros(shape) for _ in range(6))
    for each in pairings(recordings):
        first, second = (each.recording.by_coder[coder] for coder in each.coders)
        sets = _matched_sets(first, second, sources, targets)
        at = each.session, each.pair
        n[at] += len(sets)
        equal[at] += sum(one == other for one, other in sets)
        jaccard[at] += sum(1 - set_distance(one, other, "jaccard") for one, other in sets)
        distance[at] += sum(set_distance(one, other, "masi") for one, other in sets)
        named = [targets for both in sets for targets in both if targets]
        empty[at] += 2 * len(sets) - len(named)
        alike[at] += float((1 - distance_table(named, "masi")).sum()) if named else 0.0
    return _Sums(n, equal, jaccard, distance, alike, empty)


def _matched_sets(
    first: Sequence[Link], second: Sequence[Link], sources: Matching, targets: Matching
) -> list[tuple[frozenset[str], frozenset[str]]]:
    """For each repair that both gave, the ruptures of both; a rupture that both named has one name."""
    one, other = (sorted({t for link in side for t in link.targets}) for side in (first, second))
    names = {stretch: f"second {index}" for index, stretch in enumerate(other)}
    shared = dict(_matched(one, other, targets))
    name_of = {
        stretch: names[other[shared[index]]] if index in shared else f"first {index}"
        for index, stretch in enumerate(one)
    }
    pairs = _matched([link.source for link in first], [link.source for link in second], sources)
    return [
        (
            frozenset(name_of[each] for each in first[i].targets),
            frozenset(names[each] for each in second[j].targets),
        )
        for i, j in pairs
    ]


def _matched(
    first: Sequence[CodedStretch], second: Sequence[CodedStretch], matching: Matching
) -> list[tuple[int, int]]:
    by_time = Matching(matching.by, matching.tolerance_ms, matching.overlap, same_code=False)
    return matched_events(first, second, by_time)
