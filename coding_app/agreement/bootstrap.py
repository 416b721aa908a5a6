"""Bootstrap replicates: whole therapy sessions are drawn again, or units where only one session is known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from coding_app.agreement.matrix import FloatArray
from coding_app.agreement.patterns import Kernel, Patterns

Sessions = npt.NDArray[np.int64]
_MANY = 1_000


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval from replicates with a value; low and high are None when too few have one."""

    low: float | None
    high: float | None
    n_undefined: int


def resampled_weights(
    patterns: Patterns,
    sessions: Sessions | None,
    replicates: int,
    rng: np.random.Generator,
    block_cells: int = 4_000_000,
) -> Iterator[FloatArray]:
    """Random weights of the patterns in blocks of shape (n_replicates_in_block, n_patterns).

    sessions: session number of each unit (0 .. n_sessions - 1): as many sessions as there are are drawn with
    replacement, each with all its units. None: units are drawn, as if they were independent.
    block_cells: numbers per block, a bound on memory; it does not change what is drawn.
    Drawing N units with replacement is a multinomial draw over their patterns.
    Source: Davison & Hinkley (1997), Bootstrap Methods, ch. 2-3; Field & Welsh (2007) for whole clusters.
    """
    n_units, n_patterns = len(patterns.of_unit), len(patterns.codes)
    n_sessions = n_units if sessions is None else int(sessions.max()) + 1
    if n_sessions == n_units:  # a unit per session: the same draw, and cheaper
        sessions = None
    width = max(n_patterns, 1) if sessions is None else max(n_patterns, n_sessions)
    block = max(1, block_cells // width)
    in_session = None if sessions is None else patterns_of_groups(patterns, sessions, n_sessions)
    for done in range(0, replicates, block):
        size = min(block, replicates - done)
        if in_session is not None:
            yield np.asarray(_drawn(n_sessions, np.arange(n_sessions), n_sessions, size, rng) @ in_session)
        elif n_patterns > _MANY:
            yield _drawn(n_units, patterns.of_unit, n_patterns, size, rng)
        else:
            yield rng.multinomial(n_units, patterns.multiplicity[0] / n_units, size=size).astype(np.float64)


def patterns_of_groups(
    patterns: Patterns, groups: Sessions, n_groups: int
) -> "csr_array[np.float64, tuple[int, int]]":
    """How often each group (session, block) of units shows each pattern, shape (n_groups, n_patterns)."""
    shape = (n_groups, len(patterns.codes))
    return csr_array((np.ones(len(groups)), (groups, patterns.of_unit)), shape=shape)


def replicate_values(
    kernels: Mapping[str, Kernel],
    patterns: Patterns,
    sessions: Sessions | None,
    replicates: int,
    rng: np.random.Generator,
) -> dict[str, FloatArray]:
    """Every coefficient on the same resamples: name -> (replicates,), NaN where a resample has no value."""
    values: dict[str, list[FloatArray]] = {name: [] for name in kernels}
    for weights in resampled_weights(patterns, sessions, replicates if kernels else 0, rng):
        for name, kernel in kernels.items():
            values[name].append(kernel(weights))
    return {name: np.concatenate(blocks) if blocks else np.empty(0) for name, blocks in values.items()}


def percentile_interval(values: FloatArray, confidence: float) -> Interval:
    """The middle `confidence` of the replicates; none when more than half of them are undefined.

    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13.
    """
    tail = (1 - confidence) / 2
    return quantile_interval(values, tail, 1 - tail)


def quantile_interval(values: FloatArray, lower: float, upper: float) -> Interval:
    """Two quantiles (0 to 1) of the replicates with a value; none when more than half are undefined."""
    defined = values[np.isfinite(values)]
    n_undefined = len(values) - len(defined)
    if len(defined) == 0 or n_undefined > len(defined):
        return Interval(None, None, n_undefined)
    low, high = np.quantile(defined, [lower, upper])
    return Interval(float(low), float(high), n_undefined)


def _drawn(n: int, kind: Sessions, n_kinds: int, size: int, rng: np.random.Generator) -> FloatArray:
    """How often each kind is drawn when n things are drawn from n, `size` times; kind: (n,), of each thing."""
    if n_kinds <= _MANY and n == n_kinds:
        return rng.multinomial(n, np.full(n, 1 / n), size=size).astype(np.float64)
    drawn = kind[rng.integers(0, n, size=(size, n))]  # one by one: quicker than a multinomial of many kinds
    drawn += n_kinds * np.arange(size)[:, np.newaxis]
    return np.bincount(drawn.ravel(), minlength=size * n_kinds).reshape(size, n_kinds).astype(np.float64)
