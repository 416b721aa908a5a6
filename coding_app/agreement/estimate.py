"""What a computation of agreement says: numbers with everything needed to read them honestly."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from coding_app.agreement.matrix import Level

IntervalKind = Literal["percentile", "bca", "f"]


@dataclass(frozen=True, slots=True)
class Prevalence:
    """How often one coder gave each value: shares of the `n_units` units that the coder judged.

    Where several codes are allowed, "none" is the share of units without any; shares then need not add up to 1.
    """

    coder: str
    n_units: int
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Bounds:
    """One interval of an estimate.

    kind: "percentile" or "bca" (both from the bootstrap), "f" (F distribution, ICC only); method: how it was
    made, in words, with what was drawn again.
    """

    kind: IntervalKind
    low: float
    high: float
    method: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """One coefficient.

    statistic: its key; every key is explained in docs/reference/agreement.md. method: its name in words.
    value: None when undefined; `note` then gives the reason.
    low, high: interval at `confidence`, None without one; interval_method says how it was made.
    intervals: all that were made, the one in low and high among them.
    n_units: units that went into the value; n_pairable: judgements on them; n_coders: who gave them.
    n_sessions: all sessions of the data; n_pairable_sessions: those with a unit that two coders judged.
    standard_error: of the value when sessions (or what `resampled` says) are drawn again.
    design_effect: how many times larger the squared standard error is than if single units were independent;
    None without sessions to compare.
    prevalence: how often each coder gave each value.
    """

    statistic: str
    value: float | None
    low: float | None
    high: float | None
    confidence: float
    interval_method: str | None
    n_units: int
    n_pairable: int
    note: str | None = None
    method: str = ""
    n_coders: int = 0
    n_sessions: int = 0
    n_pairable_sessions: int = 0
    intervals: tuple[Bounds, ...] = ()
    standard_error: float | None = None
    design_effect: float | None = None
    resampled: str | None = None
    prevalence: tuple[Prevalence, ...] = ()

    def bounds(self, kind: IntervalKind) -> Bounds | None:
        """The interval of this kind, None when it was not made."""
        return next((each for each in self.intervals if each.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Assessment:
    """Agreement on one criterion or one code of it: coefficients, prevalence per coder, warnings in words."""

    criterion: str
    level: Level
    n_units: int
    n_coders: int
    n_sessions: int
    prevalence: tuple[Prevalence, ...]
    estimates: tuple[Estimate, ...]
    warnings: tuple[str, ...] = field(default=())
    n_pairable_sessions: int = 0

    def estimate(self, statistic: str) -> Estimate | None:
        """The estimate of this statistic, None when it is not defined for the level or number of coders."""
        return next((each for each in self.estimates if each.statistic == statistic), None)
