"""What a computation of agreement says: numbers with everything needed to read them honestly."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from coding_app.agreement.matrix import Level


@dataclass(frozen=True, slots=True)
class Estimate:
    """One coefficient.

    statistic: its key; every key is explained in docs/reference/agreement.md.
    value: None when undefined; `note` then gives the reason.
    low, high: interval at `confidence`, None without one; interval_method says how it was made.
    n_units: units that went into the value; n_pairable: judgements on them.
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


@dataclass(frozen=True, slots=True)
class Prevalence:
    """How often one coder gave each value: shares of the `n_units` units that the coder judged.

    Where several codes are allowed, "none" is the share of units without any; shares then need not add up to 1.
    """

    coder: str
    n_units: int
    shares: Mapping[str, float]


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

    def estimate(self, statistic: str) -> Estimate | None:
        """The estimate of this statistic, None when it is not defined for the level or number of coders."""
        return next((each for each in self.estimates if each.statistic == statistic), None)
