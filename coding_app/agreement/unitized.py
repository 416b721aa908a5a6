"""Unitized alpha: do coders agree on where units begin and end, and on what they are? Any number of coders."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coding_app.agreement.matrix import FloatArray
from coding_app.agreement.patterns import Kernel, divide
from coding_app.agreement.session_statistics import SessionStatistic, summed
from coding_app.agreement.stretches import SpanCoding, numbered_sessions
from coding_app.agreement.timeline import Rows, Timeline, side_by_side
from coding_app.errors import InputError

NO_VARIATION = "No observer drew a unit, or all drew one over everything; without variation this is undefined"
ONE_VALUE = "Where units of two observers overlap, only one code occurs; without variation this is undefined"


@dataclass(frozen=True, slots=True)
class Coincidences:
    """What the coefficients need of some sessions; the last state is the gap between units.

    observed: (..., n, n) length of overlap of state c of one coder with state k of another, weighted 1/(m - 1).
    own: (..., n) squared lengths of the units of each state, plain lengths of the gaps.
    own_inside: (..., n - 1) squared lengths of the part of each unit that overlaps units of another coder.
    """

    observed: FloatArray
    own: FloatArray
    own_inside: FloatArray


def unitized_statistics(coding: SpanCoding, rows: Rows, grain_ms: int = 100) -> list[SessionStatistic]:
    """unitized_alpha and, with several codes, _binary, _coding and one _of_code per code, over all sessions.

    rows: `timelines(coding)`. The sessions are laid end to end. Touching or overlapping stretches of one code and
    coder are one unit. grain_ms: the unit of length; unlike kappa these coefficients depend on it, because chance
    draws a unit as a whole but a gap grain by grain.
    Raises InputError for moments, which have no length, and for several codes at a time (use `coding.of_code`).
    Source: Krippendorff, Mathet, Bouvry & Widlöcher (2016), Quality & Quantity 50, 2347-2364.
    """
    if coding.moments or not coding.exclusive:
        raise InputError(
            "Unitized alpha needs spans of one code at a time; choose one code of this criterion"
        )
    if grain_ms <= 0:
        raise InputError(f"A grain of {grain_ms} ms is not possible; 100 is usual")
    sums, n_units, n_pairable = _coincidences(coding, rows, grain_ms)
    note = f"unit of length {grain_ms} ms"
    kernels: dict[str, tuple[Kernel, str]] = {"unitized_alpha": (_over(sums, "all"), NO_VARIATION)}
    if len(coding.codes) > 1:
        kernels["unitized_alpha_binary"] = (_over(sums, "binary"), NO_VARIATION)
        kernels["unitized_alpha_coding"] = (_over(sums, "coding"), ONE_VALUE)
    return [
        SessionStatistic(key, kernel, reason, n_units, n_pairable, note)
        for key, (kernel, reason) in kernels.items()
    ]


def unitized_alpha_of_code(
    coding: SpanCoding, rows: Rows, code: str, grain_ms: int = 100
) -> SessionStatistic:
    """(k)u alpha of one code of an exclusive criterion: where units overlap, is it told from the other codes?

    coding, rows: those of the whole criterion, with all its codes.
    """
    sums, n_units, n_pairable = _coincidences(coding, rows, grain_ms)
    position = coding.codes.index(code)

    def of(weights: FloatArray) -> FloatArray:
        return alpha_of_value(_weighted(sums, weights), position)

    note = f"unit of length {grain_ms} ms; only where units of two observers overlap"
    return SessionStatistic("unitized_alpha_of_code", of, ONE_VALUE, n_units, n_pairable, note)


def alpha_of_all(sums: Coincidences) -> FloatArray:
    """u alpha: units with their codes, and the gaps between them.

    1 - (l.. - sum l_cc) / (l.. - sum e_cc), e_cc = l.. (l_c^2 - g_c) / (l..^2 - sum g), where g_c holds the
    squared lengths of units (a unit is not compared with itself) and the lengths of gaps.
    """
    lengths, total = _margins(sums.observed)
    agreed = np.trace(sums.observed, axis1=-2, axis2=-1)
    space = total**2 - sums.own.sum(axis=-1)
    expected = divide(total * (total**2 - (lengths**2).sum(axis=-1)), space)
    return _one_minus(total - agreed, expected, total)


def alpha_binary(sums: Coincidences) -> FloatArray:
    """|u alpha: units against gaps, whatever their code: 1 - (l_0 - l_00) / (e_0 - e_00)."""
    lengths, total = _margins(sums.observed)
    gaps = lengths[..., -1]
    space = total**2 - sums.own.sum(axis=-1)
    expected = divide(total * gaps * (total - gaps), space)
    return _one_minus(gaps - sums.observed[..., -1, -1], expected, total)


def alpha_of_coding(sums: Coincidences) -> FloatArray:
    """cu alpha: only where units of two coders overlap, do they have the same code?"""
    valued = sums.observed[..., :-1, :-1]
    lengths, total = _margins(valued)
    agreed = np.trace(valued, axis1=-2, axis2=-1)
    space = total**2 - sums.own_inside.sum(axis=-1)
    expected = divide(total * (total**2 - (lengths**2).sum(axis=-1)), space)
    return _one_minus(total - agreed, expected, total)


def alpha_of_value(sums: Coincidences, position: int) -> FloatArray:
    """(k)u alpha of one code: 1 - (e_k / l_k) (l_k - l_kk) / (e_k - e_kk), within overlapping units."""
    valued = sums.observed[..., :-1, :-1]
    lengths, total = _margins(valued)
    mine = lengths[..., position]
    wrong = mine - valued[..., position, position]
    share = divide(mine * total - sums.own_inside[..., position], mine)
    return _one_minus(share * wrong, mine * (total - mine), total**2)


def _coincidences(coding: SpanCoding, rows: Rows, grain_ms: int) -> tuple[Coincidences, int, int]:
    """Sums per session, the number of units drawn, and of grains times coders."""
    n_sessions, n_states = numbered_sessions(coding.compared)[1], len(coding.codes) + 1
    observed = np.zeros((n_sessions, n_states, n_states))
    own, inside = np.zeros((n_sessions, n_states)), np.zeros((n_sessions, n_states - 1))
    n_units = n_pairable = 0
    sessions, _ = numbered_sessions(coding.compared)
    for session, by_coder in zip(sessions, rows, strict=True):
        states = [*by_coder.values()]
        found = recording_coincidences(states, n_states, grain_ms)
        observed[session] += found.observed
        own[session] += found.own
        inside[session] += found.own_inside
        n_units += sum(int((row.states < n_states - 1).sum()) for row in states)
        n_pairable += sum(int(row.edges[-1]) // grain_ms for row in states)
    return Coincidences(observed, own, inside), n_units, n_pairable


def recording_coincidences(rows: Sequence[Timeline], n_states: int, grain_ms: int) -> Coincidences:
    """Of one recording: the states of two or more coders, lengths in grains; the last state is the gap."""
    lengths_ms, states = side_by_side(rows)
    lengths, gap = lengths_ms / grain_ms, n_states - 1
    counts = (states[:, :, np.newaxis] == np.arange(n_states)).sum(axis=1).astype(np.float64)
    weighted = counts * lengths[:, np.newaxis]
    observed = (weighted.T @ counts - np.diag(weighted.sum(axis=0))) / (len(rows) - 1)
    own, inside = np.zeros(n_states), np.zeros(n_states - 1)
    for number, row in enumerate(rows):
        of_run = row.lengths / grain_ms
        own += np.bincount(row.states, np.where(row.states == gap, of_run, of_run**2), n_states)
        starts = np.cumsum(lengths_ms) - lengths_ms
        run = np.searchsorted(row.edges, starts, side="right") - 1
        for other in range(len(rows)):
            if other != number:
                common = np.bincount(run, lengths * (states[:, other] != gap), len(of_run))
                squares = np.bincount(row.states, common**2, n_states)[:gap]
                inside += squares / (len(rows) - 1)
    return Coincidences(observed, own, inside)


def _over(sums: Coincidences, which: str) -> Kernel:
    alphas = {"all": alpha_of_all, "binary": alpha_binary, "coding": alpha_of_coding}

    def of(weights: FloatArray) -> FloatArray:
        return alphas[which](_weighted(sums, weights))

    return of


def _weighted(sums: Coincidences, weights: FloatArray) -> Coincidences:
    return Coincidences(
        summed(sums.observed, weights), summed(sums.own, weights), summed(sums.own_inside, weights)
    )


def _margins(observed: FloatArray) -> tuple[FloatArray, FloatArray]:
    lengths = observed.sum(axis=-1)
    return lengths, lengths.sum(axis=-1)


def _one_minus(observed: FloatArray, expected: FloatArray, scale: FloatArray) -> FloatArray:
    """1 - observed / expected; what rounding leaves of an expectation of zero is not variation."""
    return 1.0 - divide(observed, np.where(expected > 1e-12 * np.abs(scale), expected, 0.0))
