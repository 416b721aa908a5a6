"""Time-unit kappa with tolerance: a coder is right when the other has the same code near enough in time."""

import numpy as np

from coding_app.agreement.matrix import IntArray
from coding_app.agreement.pair_tables import PairTables
from coding_app.agreement.session_statistics import SessionStatistic
from coding_app.agreement.stretches import SpanCoding, numbered_sessions, pairings
from coding_app.agreement.timeline import Rows, Timeline, states_at
from coding_app.errors import InputError

NO_VARIATION = "Within the tolerance all of the time has the same state; without variation this is undefined"


def tolerance_statistics(coding: SpanCoding, rows: Rows, tolerance_ms: int) -> list[SessionStatistic]:
    """Agreement and kappa of units of time with tolerance, in both directions, for an exclusive criterion.

    Direction 1 to 2: a moment of coder 1 agrees when coder 2 has the same state somewhere within +-tolerance_ms;
    the cross-table then holds (state of 1, the same state), otherwise (state of 1, state of 2 at that moment).
    This is not symmetric, so every pair of coders gives two tables; kappa is the mean of the kappas of both
    directions (and of all pairs), agreement the pooled share. A unit of time is one millisecond: there is no
    grid whose phase could matter. Agreement never falls when the tolerance grows. With tolerance 0 this is
    time_unit_kappa. rows: `timelines(coding, moment_ms)`; a moment counts as a stretch of moment_ms.
    Raises InputError for a negative tolerance, or when several codes may hold at a time (use `coding.of_code`).
    Source: Bakeman, Quera & Gnisci (2009), Behavior Research Methods 41, 137-147, as GSEQ does in whole seconds.
    """
    if tolerance_ms < 0:
        raise InputError(f"A tolerance of {tolerance_ms} ms is not possible; give 0 or more")
    if not coding.exclusive:
        raise InputError("Tolerance kappa compares one state at a time; choose one code of this criterion")
    n_states = len(coding.codes) + 1
    tables = PairTables(numbered_sessions(coding.compared)[1], 2 * len(coding.pairs), n_states)
    n_ms = 0
    for each in pairings(coding.recordings):
        first, second = (rows[each.at][coder] for coder in each.coders)
        n_ms += each.recording.duration_ms
        for direction, (own, other) in enumerate([(first, second), (second, first)]):
            states = found_states(own, other, n_states, tolerance_ms)
            tables.add(each.session, 2 * each.pair + direction, *states)
    note = f"within {tolerance_ms} ms; mean of both directions"
    if len(coding.pairs) > 1:
        note += " and of the pairs of observers"
    kappa, agreement = tables.kappa_kernel(), tables.agreement_kernel()
    return [
        SessionStatistic(
            "tolerance_agreement", agreement, "No time was coded by two observers", n_ms, 2 * n_ms, note
        ),
        SessionStatistic("tolerance_kappa", kappa, NO_VARIATION, n_ms, 2 * n_ms, note),
    ]


def found_states(
    own: Timeline, other: Timeline, n_states: int, tolerance_ms: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Own states, what was found of the other coder for them, and the milliseconds of each piece, all (n,).

    Found: the own state where the other has it within the tolerance, otherwise the other's state at that moment.
    """
    end = int(own.edges[-1])
    begins = np.maximum(other.edges[:-1] - tolerance_ms, 0)
    ends = np.minimum(other.edges[1:] + tolerance_ms, end)
    edges = np.unique(np.concatenate([own.edges, other.edges, begins, ends]))
    change = np.zeros((n_states, len(edges)), dtype=np.int64)
    np.add.at(change, (other.states, np.searchsorted(edges, begins)), 1)
    np.add.at(change, (other.states, np.searchsorted(edges, ends)), -1)
    near = np.cumsum(change, axis=1)[:, :-1] > 0
    mine, theirs = states_at(own, edges[:-1]), states_at(other, edges[:-1])
    found = np.where(near[mine, np.arange(len(mine))], mine, theirs)
    return mine, found, np.diff(edges)
