"""From stretches to a row of states: which code holds at each moment of a recording, exactly or in bins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coding_app.agreement.matrix import FloatArray, IntArray
from coding_app.agreement.stretches import CodedStretch, SpanCoding


@dataclass(frozen=True, slots=True)
class Timeline:
    """The states of one coder on one recording: `states[i]` holds from `edges[i]` up to `edges[i + 1]` ms.

    Neighbouring states differ. For an exclusive criterion a state is the position of the code, and
    len(codes) = none; where several codes may hold, it is the set of codes as bits (0 = none).
    """

    edges: IntArray
    states: IntArray

    @property
    def lengths(self) -> IntArray:
        """Milliseconds of each run of one state."""
        return np.diff(self.edges)


def timeline(
    coding: SpanCoding, stretches: Sequence[CodedStretch], duration_ms: int, moment_ms: int = 1000
) -> Timeline:
    """The states of a coder who drew `stretches`; time that no stretch covers is "none".

    Of overlapping stretches of an exclusive criterion the one that started later holds.
    moment_ms: a moment counts as a stretch of this length from its onset.
    """
    position = {code: index for index, code in enumerate(coding.codes)}
    spans = sorted((_with_length(each, duration_ms, moment_ms) for each in stretches), key=lambda s: s[:2])
    bounds = np.array([(start, end) for start, end, _ in spans], dtype=np.int64).reshape(-1, 2)
    edges = np.unique(np.append(bounds, [0, duration_ms]))
    states = np.full(len(edges) - 1, len(position) if coding.exclusive else 0, dtype=np.int64)
    for (first, last), (_, _, code) in zip(np.searchsorted(edges, bounds).tolist(), spans, strict=True):
        if coding.exclusive:
            states[first:last] = position[code]
        else:
            states[first:last] |= 1 << position[code]
    return _merged_runs(edges, states)


Rows = Sequence[Mapping[str, Timeline]]
"""For each recording that two coders coded, the states of each coder."""


def timelines(coding: SpanCoding, moment_ms: int = 1000) -> Rows:
    """The states of every coder on every recording that two coders coded."""
    return [
        {
            coder: timeline(coding, drawn, recording.duration_ms, moment_ms)
            for coder, drawn in recording.by_coder.items()
        }
        for recording in coding.compared
    ]


def side_by_side(timelines: Sequence[Timeline]) -> tuple[IntArray, IntArray]:
    """Stretches in which no coder changes state: lengths in ms (n,) and states (n, n_coders)."""
    edges = np.unique(np.concatenate([each.edges for each in timelines]))
    return np.diff(edges), np.column_stack([states_at(each, edges[:-1]) for each in timelines])


def states_at(one: Timeline, times_ms: IntArray) -> IntArray:
    """The state that holds at each of the times (0 <= time < duration)."""
    return one.states[np.searchsorted(one.edges, times_ms, side="right") - 1]


def binned_moments(
    coding: SpanCoding, drawn: Sequence[CodedStretch], duration_ms: int, bin_ms: int
) -> IntArray:
    """The state of each bin: a code is on in the bin that holds its moment, exclusive the most frequent one.

    Bins and ties as in `binned`; a moment at the very end belongs to the last bin.
    """
    n_bins, n_codes = -(-duration_ms // bin_ms), len(coding.codes)
    counts = np.zeros((n_bins, n_codes + 1))
    for each in drawn:
        counts[min(each.start_ms // bin_ms, n_bins - 1), coding.codes.index(each.code)] += 1
    counts[:, n_codes] = 0.5  # none, where there is no moment
    return np.asarray(counts.argmax(axis=1)) if coding.exclusive else _as_bits(counts[:, :n_codes] > 0)


def binned(coding: SpanCoding, whole: Timeline, bin_ms: int) -> IntArray:
    """The state of each bin [k * bin_ms, (k + 1) * bin_ms) of the whole recording; the last may be shorter.

    Exclusive: the state that covers most of the bin; of states that cover it equally a code before "none", and
    of two codes the one that stands first in the scheme. Several codes: every code that covers at least half.
    """
    duration_ms = int(whole.edges[-1])
    n_bins, n_codes = -(-duration_ms // bin_ms), len(coding.codes)
    edges = np.unique(np.concatenate([whole.edges, np.arange(0, duration_ms, bin_ms, dtype=np.int64)]))
    of_bin, lengths, states = edges[:-1] // bin_ms, np.diff(edges), states_at(whole, edges[:-1])
    if coding.exclusive:
        cells = np.bincount(of_bin * (n_codes + 1) + states, lengths, n_bins * (n_codes + 1))
        return np.asarray(cells.reshape(n_bins, n_codes + 1).argmax(axis=1))
    covered = [np.bincount(of_bin, lengths * (states >> code & 1), n_bins) for code in range(n_codes)]
    of_length = np.bincount(of_bin, lengths, n_bins)[:, np.newaxis]
    return _as_bits(2 * np.column_stack(covered) >= of_length)


def code_lengths(coding: SpanCoding, one: Timeline) -> FloatArray:
    """Milliseconds that each code covers and, last, that no code covers, shape (n_codes + 1,)."""
    n_codes = len(coding.codes)
    if coding.exclusive:
        return np.bincount(one.states, one.lengths, n_codes + 1).astype(np.float64)
    on = one.states[:, np.newaxis] >> np.arange(n_codes) & 1
    nothing = float(one.lengths[one.states == 0].sum())
    return np.append((on * one.lengths[:, np.newaxis]).sum(axis=0), nothing)


def overlapping_ms(coding: SpanCoding) -> int:
    """For how long stretches of one coder with different codes overlap, over all recordings and coders."""
    total = 0.0
    for recording in coding.recordings:
        for stretches in recording.by_coder.values():
            bounds = np.array([(each.start_ms, each.end_ms) for each in stretches], dtype=np.int64)
            edges = np.unique(bounds)
            on = np.zeros((len(coding.codes), len(edges)), dtype=bool)
            for (first, last), each in zip(np.searchsorted(edges, bounds), stretches, strict=True):
                on[coding.codes.index(each.code), first:last] = True
            total += float(((on.sum(axis=0) > 1)[:-1] * np.diff(edges)).sum())
    return int(total)


def _with_length(each: CodedStretch, duration_ms: int, moment_ms: int) -> tuple[int, int, str]:
    if each.end_ms > each.start_ms:
        return each.start_ms, each.end_ms, each.code
    start = max(min(each.start_ms, duration_ms - moment_ms), 0)
    return start, min(start + moment_ms, duration_ms), each.code


def _merged_runs(edges: IntArray, states: IntArray) -> Timeline:
    begins = np.flatnonzero(np.concatenate([[True], states[1:] != states[:-1]]))
    return Timeline(np.append(edges[begins], edges[-1]), states[begins])


def _as_bits(on: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> IntArray:
    return np.asarray(on.astype(np.int64) @ (1 << np.arange(on.shape[1], dtype=np.int64)), dtype=np.int64)
