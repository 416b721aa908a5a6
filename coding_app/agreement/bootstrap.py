"""Bootstrap intervals: whole therapy sessions are drawn again, or units where only one session is known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from coding_app.agreement.matrix import FloatArray
from coding_app.agreement.patterns import Kernel, Patterns

Sessions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Interval:
    """Percentile interval of the replicates with a value; low and high are None when too few have one."""

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
    n_patterns = len(patterns.codes)
    block = max(1, block_cells // max(n_patterns, 1))
    n_units = len(patterns.of_unit)
    if sessions is not None:
        n_sessions = int(sessions.max()) + 1
        shape = (n_sessions, n_patterns)
        in_session = csr_array((np.ones(n_units), (sessions, patterns.of_unit)), shape=shape)
    for done in range(0, replicates, block):
        size = min(block, replicates - done)
        if sessions is None:
            yield rng.multinomial(n_units, patterns.multiplicity[0] / n_units, size=size).astype(np.float64)
        else:
            drawn = rng.multinomial(n_sessions, np.full(n_sessions, 1 / n_sessions), size=size)
            yield np.asarray(drawn.astype(np.float64) @ in_session)


def replicate_values(
    kernels: Mapping[str, Kernel],
    patterns: Patterns,
    sessions: Sessions | None,
    replicates: int,
    rng: np.random.Generator,
) -> dict[str, FloatArray]:
    """Every coefficient on the same resamples: name -> (replicates,), NaN where a resample has no value."""
    values: dict[str, list[FloatArray]] = {name: [] for name in kernels}
    for weights in resampled_weights(patterns, sessions, replicates, rng):
        for name, kernel in kernels.items():
            values[name].append(kernel(weights))
    return {name: np.concatenate(blocks) if blocks else np.empty(0) for name, blocks in values.items()}


def percentile_interval(values: FloatArray, confidence: float) -> Interval:
    """The middle `confidence` of the replicates; none when more than half of them are undefined.

    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13.
    """
    defined = values[np.isfinite(values)]
    n_undefined = len(values) - len(defined)
    if len(defined) == 0 or n_undefined > len(defined):
        return Interval(None, None, n_undefined)
    tail = (1 - confidence) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return Interval(float(low), float(high), n_undefined)
