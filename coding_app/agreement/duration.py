"""Agreement in time: exact to the millisecond, or on a grid of bins; for two coders or more."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import csr_array

from coding_app.agreement.alpha import alpha_kernel, distance_kernel
from coding_app.agreement.matrix import FloatArray, IntArray
from coding_app.agreement.observed import percent_kernel, specific_kernel
from coding_app.agreement.pair_tables import PairTables
from coding_app.agreement.patterns import Kernel, Patterns, collapse
from coding_app.agreement.session_statistics import SessionStatistic
from coding_app.agreement.sets import distance_table
from coding_app.agreement.several import ac1_kernel
from coding_app.agreement.stretches import SpanCoding, numbered_sessions
from coding_app.agreement.timeline import Rows, binned, binned_moments, side_by_side
from coding_app.errors import InputError

Sampling = Literal["time_unit", "grid"]
NO_VARIATION = "Every observer gave all of the time the same state; without variation this is undefined"
PAIRS_NOTE = "mean of the pairs of observers"


@dataclass(frozen=True, slots=True)
class Sample:
    """One recording as units of time: their weights (n,) and the state that each coder gave (n, n_coders).

    weights: milliseconds of stretches in which nobody changes state, or 1 for each bin.
    """

    session: int
    coders: tuple[str, ...]
    weights: IntArray
    states: IntArray


def exact_samples(coding: SpanCoding, rows: Rows) -> list[Sample]:
    """The recordings that two coders coded, cut wherever a coder changes state: no bin, nothing is rounded.

    rows: `timelines(coding)`.
    """
    found = []
    sessions, _ = numbered_sessions(coding.compared)
    for session, states in zip(sessions, rows, strict=True):
        found.append(Sample(session, tuple(states), *side_by_side([*states.values()])))
    return found


def grid_samples(coding: SpanCoding, rows: Rows, bin_ms: int) -> list[Sample]:
    """The recordings that two coders coded in bins from 0 to their end; raises InputError for a bin of 0 ms.

    rows: `timelines(coding)`.
    """
    if bin_ms <= 0:
        raise InputError(f"A bin of {bin_ms} ms is not possible; 1000 is usual")
    found = []
    sessions, _ = numbered_sessions(coding.compared)
    for session, recording, row in zip(sessions, coding.compared, rows, strict=True):
        if coding.moments:
            drawn, end = recording.by_coder.values(), recording.duration_ms
            columns = [binned_moments(coding, each, end, bin_ms) for each in drawn]
        else:
            columns = [binned(coding, each, bin_ms) for each in row.values()]
        weights = np.ones(len(columns[0]), dtype=np.int64)
        found.append(Sample(session, tuple(row), weights, np.column_stack(columns)))
    return found


def time_statistics(
    coding: SpanCoding, samples: list[Sample], sampling: Sampling, note: str | None = None
) -> list[SessionStatistic]:
    """Agreement, kappa, alpha and AC1 of units of time (of one code also positive agreement).

    Exclusive criterion: states are its codes and "none". Several codes at a time: the sets of codes are
    compared as a whole (equal or not; alpha with MASI), per code use `coding.of_code`.
    Formulas: those of fixed units, every unit of time counting with its weight. Exact time is what a grid of
    1-ms bins gives. Source: Bakeman, Quera & Gnisci (2009), Behavior Research Methods 41, 137-147 (time-unit
    kappa); Krippendorff (2004), ch. 11 (alpha).
    """
    patterns, labels, in_session = _patterns(coding, samples)
    kernels: dict[str, Kernel] = {"agreement": percent_kernel(patterns)}
    if coding.exclusive:
        kernels["alpha"] = alpha_kernel(patterns, "nominal")
        kernels["ac1"] = ac1_kernel(patterns, len(coding.codes) + 1)
    else:
        table = distance_table([_set_of(coding, each) for each in labels], "masi")
        kernels["alpha_masi"] = distance_kernel(patterns, table)
    if len(coding.codes) == 1:
        kernels["positive_agreement"] = specific_kernel(patterns, 0.0)
    n_units = sum(int(each.weights.sum()) for each in samples)
    n_pairable = sum(int(each.weights.sum()) * len(each.coders) for each in samples)
    found = [
        SessionStatistic(
            f"{sampling}_{name}", _over(in_session, kernel), _reason(name), n_units, n_pairable, note
        )
        for name, kernel in kernels.items()
    ]
    if coding.exclusive:
        kappa = pair_tables(coding, samples).kappa_kernel()
        told = "; ".join(filter(None, [note, PAIRS_NOTE if len(coding.pairs) > 1 else None])) or None
        found.insert(1, SessionStatistic(f"{sampling}_kappa", kappa, NO_VARIATION, n_units, n_pairable, told))
    return found


def pair_tables(coding: SpanCoding, samples: list[Sample]) -> PairTables:
    """The cross-table of each session and pair of coders, in the weights of the samples."""
    n_sessions = numbered_sessions(coding.compared)[1]
    pairs = coding.pairs
    tables = PairTables(n_sessions, len(pairs), len(coding.codes) + 1)
    for sample in samples:
        column = {coder: index for index, coder in enumerate(sample.coders)}
        for number, (first, second) in enumerate(pairs):
            if first in column and second in column:
                states = sample.states[:, column[first]], sample.states[:, column[second]]
                tables.add(sample.session, number, *states, sample.weights)
    return tables


def _patterns(
    coding: SpanCoding, samples: list[Sample]
) -> tuple[Patterns, IntArray, "csr_array[np.float64, tuple[int, int]]"]:
    """Distinct rows of states, the states that they stand for, and the weight of each row in each session."""
    coders = {coder: index for index, coder in enumerate(coding.coders)}
    values = np.full((sum(len(each.weights) for each in samples), len(coders)), np.nan)
    given = [each.states.ravel() for each in samples]
    labels = np.unique(np.concatenate(given)) if given else np.empty(0, dtype=np.int64)
    row = 0
    for sample in samples:
        columns = [coders[coder] for coder in sample.coders]
        states = sample.states if coding.exclusive else np.searchsorted(labels, sample.states)
        values[row : row + len(sample.weights), columns] = states
        row += len(sample.weights)
    patterns = collapse(values, exchangeable=True)
    sessions = np.repeat([each.session for each in samples], [len(each.weights) for each in samples])
    weights = np.concatenate([each.weights for each in samples]).astype(np.float64)
    shape = (numbered_sessions(coding.compared)[1], len(patterns.codes))
    return patterns, labels, csr_array((weights, (sessions, patterns.of_unit)), shape=shape)


def _over(in_session: "csr_array[np.float64, tuple[int, int]]", kernel: Kernel) -> Kernel:
    """A kernel of patterns as one of sessions."""

    def of(weights: FloatArray) -> FloatArray:
        return kernel(np.asarray(weights @ in_session))

    return of


def _set_of(coding: SpanCoding, bits: int) -> frozenset[str]:
    return frozenset(code for index, code in enumerate(coding.codes) if int(bits) >> index & 1)


def _reason(name: str) -> str:
    if name == "positive_agreement":
        return "No observer gave this code any time; without it positive agreement is undefined"
    return "No time was coded by two observers" if name == "agreement" else NO_VARIATION
