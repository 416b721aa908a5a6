"""The BCa interval: a percentile interval corrected for bias and for a spread that changes with the value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from coding_app.agreement.bootstrap import (
    Interval,
    Sessions,
    patterns_of_groups,
    percentile_interval,
    quantile_interval,
)
from coding_app.agreement.matrix import FloatArray
from coding_app.agreement.patterns import Kernel, Patterns

_MAX_LEFT_OUT = 2_000
_GROUPS = 1_000
_SAME = 1e-12


@dataclass(frozen=True, slots=True)
class Jackknife:
    """Coefficients with one session (unit, group) left out each time, and how often each value counts."""

    values: FloatArray
    counts: FloatArray

    @property
    def acceleration(self) -> float:
        """How fast the spread changes with the value: Efron (1987), eq. 7.3, by the jackknife; 0 without spread."""
        defined = np.isfinite(self.values)
        values, counts = self.values[defined], self.counts[defined]
        if counts.sum() < 2:
            return 0.0
        apart = np.average(values, weights=counts) - values
        spread = float((counts * apart**2).sum())
        if spread <= _SAME**2:
            return 0.0
        return float((counts * apart**3).sum() / (6 * spread**1.5))


def jackknife(
    kernels: Mapping[str, Kernel], patterns: Patterns, sessions: Sessions | None, seed: int
) -> dict[str, Jackknife]:
    """Every coefficient with each session (None: each unit) left out in turn.

    Above 2,000 of them, 1,000 random groups are left out instead; sums of independent influences keep the same
    acceleration. seed: of the grouping.
    """
    found: dict[str, list[FloatArray]] = {name: [] for name in kernels}
    all_counts: list[FloatArray] = []
    for weights, counts in _left_out(patterns, sessions, seed):
        all_counts.append(counts)
        for name, kernel in kernels.items():
            found[name].append(kernel(weights))
    counts = np.concatenate(all_counts)
    return {name: Jackknife(np.concatenate(blocks), counts) for name, blocks in found.items()}


def bca_interval(values: FloatArray, estimate: float, left_out: Jackknife, confidence: float) -> Interval:
    """Bias-corrected and accelerated interval; none where the estimate lies outside all replicates.

    values: replicates, NaN = undefined. Replicates equal to the estimate count half (ties are common here).
    Source: Efron (1987), JASA 82, 171-185; Efron & Tibshirani (1993), ch. 14.
    """
    from scipy.special import ndtr, ndtri

    plain = percentile_interval(values, confidence)
    if plain.low is None:
        return plain
    defined = values[np.isfinite(values)]
    same = np.abs(defined - estimate) <= _SAME
    if same.all():
        return Interval(estimate, estimate, plain.n_undefined)
    below = ((defined < estimate) & ~same).mean() + same.mean() / 2
    if not 0 < below < 1:
        return Interval(None, None, plain.n_undefined)
    bias, acceleration = float(ndtri(below)), left_out.acceleration
    tails = bias + ndtri(np.array([(1 - confidence) / 2, (1 + confidence) / 2]))
    shrunk = 1 - acceleration * tails
    if (shrunk <= 0).any():
        return Interval(None, None, plain.n_undefined)
    lower, upper = ndtr(bias + tails / shrunk)
    return quantile_interval(values, float(lower), float(upper))


def _left_out(
    patterns: Patterns, sessions: Sessions | None, seed: int
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Weights with one left out, in blocks (n_in_block, n_patterns), and how often each row counts."""
    whole = patterns.multiplicity
    n_patterns = len(patterns.codes)
    block = max(1, 4_000_000 // max(n_patterns, 1))
    if sessions is None and n_patterns <= _MAX_LEFT_OUT:
        for start in range(0, n_patterns, block):
            rows = np.arange(start, min(start + block, n_patterns))
            yield whole - np.eye(n_patterns)[rows], whole[0, rows]
        return
    groups = _groups(patterns, sessions, seed)
    n_groups = int(groups.max()) + 1
    of_group = patterns_of_groups(patterns, groups, n_groups)
    for start in range(0, n_groups, block):
        part = of_group[start : start + block].toarray()
        yield whole - part, np.ones(len(part))


def _groups(patterns: Patterns, sessions: Sessions | None, seed: int) -> Sessions:
    """What is left out together: each session, or a random group of many sessions or units."""
    each = np.arange(len(patterns.of_unit), dtype=np.int64) if sessions is None else sessions
    n_each = int(each.max()) + 1
    if n_each <= _MAX_LEFT_OUT:
        return each
    order = np.random.default_rng(seed).permutation(n_each)
    return np.asarray(order[each] % _GROUPS, dtype=np.int64)
