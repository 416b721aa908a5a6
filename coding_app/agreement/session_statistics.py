"""Statistics of drawn spans are sums over sessions: value, intervals and counts from these sums.

Every statistic here is a function of what each session contributes (milliseconds, matched events ...). Drawing
whole sessions again is then a new weight per session: a thousand replicates cost one product of two matrices.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coding_app.agreement.catalogue import Coefficient
from coding_app.agreement.estimate import Estimate, IntervalKind, Prevalence
from coding_app.agreement.intervals import estimates_of, with_note
from coding_app.agreement.matrix import FloatArray
from coding_app.agreement.patterns import Kernel, Patterns, at_data, divide
from coding_app.agreement.resampling import Resampling
from coding_app.agreement.time_sources import time_statistic_name
from coding_app.errors import InputError

ONE_SESSION = (
    "no interval: only one session was coded by two coders, and moments of one session are not independent"
)


@dataclass(frozen=True, slots=True)
class SessionStatistic:
    """A statistic ready to be computed.

    kernel: weights of the sessions (n_replicates, n_sessions) -> value of each replicate, NaN = undefined.
    reason: why there is no value when the data themselves give none.
    n_units, n_pairable: what was compared and the judgements on it (docs/reference/agreement-time.md).
    """

    key: str
    kernel: Kernel
    reason: str
    n_units: int
    n_pairable: int
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Draws:
    """How intervals are made: whole sessions drawn again. kind: which interval stands in `low` and `high`.

    Raises InputError for a negative number of replicates or a confidence outside 0 to 1.
    """

    replicates: int = 1000
    seed: int = 0
    confidence: float = 0.95
    kind: IntervalKind = "percentile"

    def __post_init__(self) -> None:
        if self.replicates < 0:
            raise InputError(f"The number of replicates must be 0 or more, not {self.replicates}")
        if not 0 < self.confidence < 1:
            raise InputError(f"The confidence must lie between 0 and 1, not {self.confidence}; 0.95 is usual")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Who and what was compared: all sessions, those that two coders coded, coders, prevalence per coder."""

    n_sessions: int
    n_compared: int
    n_coders: int
    prevalence: tuple[Prevalence, ...] = ()

    def resampling(self, draws: Draws) -> Resampling:
        """Sessions are the units that are drawn, so none of them has to be kept together with another."""
        replicates = draws.replicates if self.n_compared >= 2 else 0
        return Resampling(
            groups=None,
            what="sessions",
            n_sessions=self.n_sessions,
            n_pairable_sessions=self.n_compared,
            replicates=replicates,
            seed=draws.seed,
            confidence=draws.confidence,
            kind=draws.kind,
        )


def session_estimates(
    statistics: Sequence[SessionStatistic], comparison: Comparison, draws: Draws
) -> tuple[Estimate, ...]:
    """The estimates of all statistics on the same resamples of sessions (bootstrap.py, seed included)."""
    n_sessions = comparison.n_compared
    order = np.arange(n_sessions, dtype=np.int64)
    patterns = Patterns(order[:, np.newaxis], order.astype(np.float64), order)
    wanted = [_coefficient(each, patterns) for each in statistics]
    found = estimates_of(np.zeros((n_sessions, 2)), patterns, wanted, comparison.resampling(draws))
    missing = ONE_SESSION if draws.replicates and n_sessions < 2 else None
    return tuple(
        replace(
            with_note(estimate, missing if estimate.value is not None else None),
            method=time_statistic_name(each.key),
            n_units=each.n_units,
            n_pairable=each.n_pairable,
            n_coders=comparison.n_coders,
            prevalence=comparison.prevalence,
        )
        for estimate, each in zip(found, statistics, strict=True)
    )


def summed(features: FloatArray, weights: FloatArray) -> FloatArray:
    """Weighted sums over sessions: features (n_sessions, ...) -> (n_replicates, ...)."""
    flat = weights @ features.reshape(len(features), -1)
    return np.asarray(flat.reshape(len(weights), *features.shape[1:]))


def ratio_kernel(numerator: FloatArray, denominator: FloatArray) -> Kernel:
    """Sum of one contribution of the sessions (n_sessions,) divided by the sum of another."""

    def of(weights: FloatArray) -> FloatArray:
        return divide(weights @ numerator, weights @ denominator)

    return of


def mean_over_pairs(values: FloatArray) -> FloatArray:
    """Mean over pairs of coders (last axis), those without a value left out; NaN when none has one.

    Source: Light (1971), Psychological Bulletin 76, 365-377, for the mean of kappas.
    """
    defined = np.isfinite(values)
    return divide(np.where(defined, values, 0.0).sum(axis=-1), defined.sum(axis=-1).astype(np.float64))


def _coefficient(statistic: SessionStatistic, patterns: Patterns) -> Coefficient:
    return Coefficient(
        statistic.key,
        lambda: at_data(statistic.kernel, patterns, statistic.reason),
        statistic.kernel,
        statistic.note,
    )
