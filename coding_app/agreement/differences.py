"""Where coders differ in time, and the cross-tables behind the kappas: for lists and tables that people read."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coding_app.agreement.event_matching import Matching, matched_events
from coding_app.agreement.matrix import FloatArray, IntArray
from coding_app.agreement.stretches import CodedRecording, CodedStretch, SpanCoding, pairings
from coding_app.agreement.timeline import side_by_side, timeline
from coding_app.errors import InputError

NONE = "none"


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch of a recording on which the coders differ, and the codes of each (empty = none).

    recording: its position in `coding.recordings`. A moment that only one coder marked has end_ms == start_ms.
    """

    recording: int
    start_ms: int
    end_ms: int
    codes: Mapping[str, tuple[str, ...]]


def time_differences(coding: SpanCoding, longer_than_ms: int = 0) -> tuple[Difference, ...]:
    """All stretches longer than longer_than_ms in which two coders hold different codes, in order of time.

    Between two differences that touch, somebody changed a code. Raises InputError for moments.
    """
    if coding.moments:
        raise InputError("Moments have no length to differ in; ask for the events that one observer missed")
    found = []
    for number, recording in enumerate(coding.recordings):
        if len(recording.by_coder) < 2:
            continue
        rows = [timeline(coding, drawn, recording.duration_ms) for drawn in recording.by_coder.values()]
        lengths, states = side_by_side(rows)
        ends = np.cumsum(lengths)
        differ = (states != states[:, :1]).any(axis=1) & (lengths > longer_than_ms)
        for at in np.flatnonzero(differ):
            codes = {
                coder: _codes_of(coding, int(state))
                for coder, state in zip(recording.by_coder, states[at], strict=True)
            }
            found.append(Difference(number, int(ends[at] - lengths[at]), int(ends[at]), codes))
    return tuple(found)


def event_differences(coding: SpanCoding, matching: Matching) -> tuple[Difference, ...]:
    """Events that one coder of a pair missed or gave another code, for every pair, in order of time."""
    found = []
    numbers = [number for number, each in enumerate(coding.recordings) if len(each.by_coder) >= 2]
    for each in pairings(coding.recordings):
        first, second = each.coders
        for one, other in _partners(each.recording, first, second, matching):
            if one is None or other is None or one.code != other.code:
                times = [event for event in (one, other) if event is not None]
                start, end = min(e.start_ms for e in times), max(e.end_ms for e in times)
                codes = {first: (one.code,) if one else (), second: (other.code,) if other else ()}
                found.append(Difference(numbers[each.at], start, end, codes))
    return tuple(sorted(found, key=lambda each: (each.recording, each.start_ms, each.end_ms)))


def duration_table(coding: SpanCoding, first: str, second: str) -> tuple[tuple[str, ...], IntArray]:
    """Milliseconds by the code of the first (rows) and the second coder (columns); the last state is "none".

    Raises InputError for moments, or where several codes may hold at a time (use `coding.of_code`).
    """
    if coding.moments or not coding.exclusive:
        raise InputError("A table of durations needs spans of one code at a time; choose one code")
    n_states = len(coding.codes) + 1
    table = np.zeros((n_states, n_states), dtype=np.int64)
    for recording in coding.recordings:
        if first in recording.by_coder and second in recording.by_coder:
            drawn = [recording.by_coder[coder] for coder in (first, second)]
            lengths, states = side_by_side([timeline(coding, each, recording.duration_ms) for each in drawn])
            np.add.at(table, (states[:, 0], states[:, 1]), lengths)
    return (*coding.codes, NONE), table


def event_table(
    coding: SpanCoding, first: str, second: str, matching: Matching
) -> tuple[tuple[str, ...], FloatArray]:
    """Events by the code of the first (rows) and the second coder (columns), matched whatever the code.

    The last row and column hold the events that the other coder alone marked; their common cell cannot occur
    and is NaN. Matched pairs count once here (twice in event_kappa).
    """
    position = {code: index for index, code in enumerate(coding.codes)} | {None: len(coding.codes)}
    table = np.zeros((len(position), len(position)))
    for recording in coding.recordings:
        if first in recording.by_coder and second in recording.by_coder:
            for one, other in _partners(recording, first, second, matching):
                table[position[one.code if one else None], position[other.code if other else None]] += 1
    table[-1, -1] = np.nan
    return (*coding.codes, NONE), table


def _partners(
    recording: CodedRecording, first: str, second: str, matching: Matching
) -> list[tuple[CodedStretch | None, CodedStretch | None]]:
    """Every event of both coders once, with its partner whatever the code, or None."""
    one, other = sorted(recording.by_coder[first]), sorted(recording.by_coder[second])
    blind = Matching(matching.by, matching.tolerance_ms, matching.overlap, same_code=False)
    matched = matched_events(one, other, blind)
    with_partner = [{i for i, _ in matched}, {j for _, j in matched}]
    return [
        *((one[i], other[j]) for i, j in matched),
        *((each, None) for i, each in enumerate(one) if i not in with_partner[0]),
        *((None, each) for j, each in enumerate(other) if j not in with_partner[1]),
    ]


def _codes_of(coding: SpanCoding, state: int) -> tuple[str, ...]:
    if coding.exclusive:
        return coding.codes[state : state + 1]
    return tuple(code for index, code in enumerate(coding.codes) if state >> index & 1)
