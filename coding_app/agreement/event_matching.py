"""Which event of one coder is which event of the other: one to one, as many as possible, as near as possible."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from coding_app.agreement.matrix import IntArray
from coding_app.agreement.stretches import CodedStretch
from coding_app.errors import InputError


@dataclass(frozen=True, slots=True)
class Matching:
    """When two events may be the same one.

    by "onset": their starts lie at most tolerance_ms apart. by "overlap": they overlap by at least the share
    `overlap` of the longer one (Holle & Rein's rule; they use 0.6). same_code: only events with the same code.
    """

    by: Literal["onset", "overlap"] = "overlap"
    tolerance_ms: int = 2000
    overlap: float = 0.5
    same_code: bool = True

    def __post_init__(self) -> None:
        if self.tolerance_ms < 0:
            raise InputError(f"A tolerance of {self.tolerance_ms} ms is not possible; give 0 or more")
        if not 0 < self.overlap <= 1:
            raise InputError(f"The overlap must lie between 0 and 1, not {self.overlap}; 0.5 is usual")

    @property
    def words(self) -> str:
        """The rule as it must stand beside every number that depends on it."""
        if self.by == "onset":
            return f"starts at most {self.tolerance_ms} ms apart"
        return f"overlap of at least {self.overlap:g} of the longer one"


def matched_events(
    first: Sequence[CodedStretch], second: Sequence[CodedStretch], matching: Matching
) -> list[tuple[int, int]]:
    """Positions (in first, in second) of the events that are the same one, ascending.

    Of all ways to pair events one to one, the one with the most pairs; of these the one with the smallest sum
    of distances in ms (starts; for overlap starts and ends); of these the one with the most equal codes.
    A minimum-weight full matching of a sparse bipartite graph in which every event of `first` may also stay
    alone at a price above all real distances together (Jonker & Volgenant 1987, by scipy).
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    rows, columns, distances = _candidates(first, second, matching)
    if not len(rows):
        return []
    n_first, n_second = len(first), len(second)
    codes = {each.code: index for index, each in enumerate([*first, *second])}
    code_of = [np.array([codes[each.code] for each in side]) for side in (first, second)]
    differs = code_of[0][rows] != code_of[1][columns]
    # whole numbers below 2**53: exact; + 1 because a stored zero would mean "no edge"
    price = distances * (n_first + 1) + differs + 1
    alone = np.full(n_first, int(price.max()) * n_first + 1)
    everyone = np.arange(n_first)
    graph = csr_array(
        (
            np.concatenate([price, alone]).astype(np.float64),
            (np.concatenate([rows, everyone]), np.concatenate([columns, n_second + everyone])),
        ),
        shape=(n_first, n_second + n_first),
    )
    left, right = min_weight_full_bipartite_matching(graph)
    return sorted((int(i), int(j)) for i, j in zip(left, right, strict=True) if j < n_second)


def _candidates(
    first: Sequence[CodedStretch], second: Sequence[CodedStretch], matching: Matching
) -> tuple[IntArray, IntArray, IntArray]:
    """All pairs that may match (positions in first and second) and their distances in ms."""
    if not first or not second:
        return (np.empty(0, dtype=np.int64),) * 3
    one, other = _times(first), _times(second)
    order = np.argsort(other[:, 0], kind="stable")
    starts = other[order, 0]
    if matching.by == "onset":
        low = np.searchsorted(starts, one[:, 0] - matching.tolerance_ms)
        high = np.searchsorted(starts, one[:, 0] + matching.tolerance_ms, side="right")
    else:
        longest = int((other[:, 1] - other[:, 0]).max())
        low = np.searchsorted(starts, one[:, 0] - longest)
        high = np.searchsorted(starts, one[:, 1], side="right")
    counts = high - low
    rows = np.repeat(np.arange(len(first)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    columns = order[np.repeat(low, counts) + within]
    apart = np.abs(one[rows] - other[columns])
    distances = apart[:, 0] if matching.by == "onset" else apart.sum(axis=1)
    allowed = np.ones(len(rows), dtype=bool)
    if matching.by == "overlap":
        common = np.minimum(one[rows, 1], other[columns, 1]) - np.maximum(one[rows, 0], other[columns, 0])
        longer = np.maximum(one[rows, 1] - one[rows, 0], other[columns, 1] - other[columns, 0])
        enough = (common > 0) & (common >= matching.overlap * longer)
        allowed = enough | (distances == 0)  # two moments at the same time have no length to overlap
    if matching.same_code:
        codes = [np.array([each.code for each in side], dtype=object) for side in (first, second)]
        allowed &= (codes[0][rows] == codes[1][columns]).astype(bool)
    return rows[allowed], columns[allowed], distances[allowed]


def _times(events: Sequence[CodedStretch]) -> IntArray:
    return np.array([(each.start_ms, each.end_ms) for each in events], dtype=np.int64)
