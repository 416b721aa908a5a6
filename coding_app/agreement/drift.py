"""Drift: how each coder agrees with the others, or with a reference, over windows of sessions in order of date."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from coding_app.agreement.alpha import alpha_kernel, check_level
from coding_app.agreement.matrix import FloatArray, IntArray, Level, as_values
from coding_app.agreement.observed import percent_kernel
from coding_app.agreement.patterns import Kernel, collapse
from coding_app.agreement.resampling import numbered
from coding_app.errors import InputError

OTHERS, REFERENCE = "others", "reference"


@dataclass(frozen=True, slots=True)
class DriftPoint:
    """One coder in one window of consecutive sessions.

    against: "others" (every other coder, pairs pooled) or "reference". first_date, last_date: of the window.
    n_units: units of it that the coder and one of those judged; n_pairs: how many such pairs.
    alpha: Krippendorff's alpha of these pairs, None when undefined, `note` says why; percent: raw agreement.
    """

    coder: str
    against: str
    first_date: date
    last_date: date
    n_sessions: int
    n_units: int
    n_pairs: int
    alpha: float | None
    percent: float
    note: str | None = None


def drift_over_time(
    values: Any,
    dates: Sequence[date],
    sessions: Sequence[Hashable],
    *,
    coders: Sequence[str] | None = None,
    level: Level = "nominal",
    reference: Sequence[float | None] | None = None,
    window: int = 5,
) -> list[DriftPoint]:
    """Each coder's agreement in windows of `window` consecutive sessions, each window one session later.

    values: (n_units, n_coders), None or NaN = missing. dates, sessions: of each unit; sessions are ordered by their
    first date. reference: the reference coding of each unit, when there is one; it is compared beside the others.
    A coder's windows hold the sessions in which this coder shares a unit with another (or the reference); with fewer
    than `window` of them there is one, shorter window. In a window the pairs (coder, other) of all others are pooled
    and alpha is computed on the pairs, so that the coder counts in every pair.
    Raises InputError when the shapes differ, for values that do not fit the level or a window below 1.
    """
    numbers = as_values(values)
    check_level(numbers, level)
    names = list(coders) if coders is not None else [f"coder {i + 1}" for i in range(numbers.shape[1])]
    _check(numbers, dates, sessions, names, window)
    timeline = _Timeline.of(dates, sessions)
    gold = None if reference is None else as_values([[each] for each in reference])
    if gold is not None and len(gold) != len(numbers):
        raise InputError(f"{len(gold)} reference values were given for {len(numbers)} units")
    found: list[DriftPoint] = []
    for column, name in enumerate(names):
        others = np.delete(numbers, column, axis=1)
        for against, compared in ((OTHERS, others), (REFERENCE, gold)):
            if compared is not None:
                pairs = _Pairs.of(numbers[:, column], compared)
                found += [
                    _point(name, against, pairs, timeline, chosen, level)
                    for chosen in timeline.windows(pairs.unit, window)
                ]
    return found


@dataclass(frozen=True, slots=True)
class _Timeline:
    """Sessions in order of date. rank: place in that order of the session of each unit."""

    rank: IntArray
    dates: tuple[date, ...]

    @classmethod
    def of(cls, dates: Sequence[date], sessions: Sequence[Hashable]) -> "_Timeline":
        number = numbered(sessions)
        days = [each.date() if isinstance(each, datetime) else each for each in dates]
        first: dict[int, date] = {}
        for session, day in zip(number.tolist(), days, strict=True):
            first[session] = min(day, first.get(session, day))
        order = sorted(first, key=lambda session: (first[session], session))
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        return cls(place[number], tuple(first[session] for session in order))

    def windows(self, units: IntArray, size: int) -> list[IntArray]:
        """Ranks of the sessions of each window, of those that hold one of these units."""
        shared = np.unique(self.rank[units])
        last = max(1, len(shared) - size + 1)
        return [shared[start : start + size] for start in range(last)] if len(shared) else []


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Values of the coder and of one other on the same unit: values (n_pairs, 2), unit (n_pairs,)."""

    values: FloatArray
    unit: IntArray

    @classmethod
    def of(cls, own: FloatArray, others: FloatArray) -> "_Pairs":
        both = np.isfinite(own)[:, np.newaxis] & np.isfinite(others)
        unit, other = np.nonzero(both)
        return cls(np.column_stack([own[unit], others[unit, other]]), unit.astype(np.int64))


def _point(
    name: str, against: str, pairs: _Pairs, timeline: _Timeline, window: IntArray, level: Level
) -> DriftPoint:
    chosen = np.isin(timeline.rank[pairs.unit], window)
    patterns = collapse(pairs.values[chosen], exchangeable=True)

    def value(kernel: Kernel) -> float | None:
        result = float(kernel(patterns.multiplicity)[0])
        return None if np.isnan(result) else result

    alpha = value(alpha_kernel(patterns, level))
    return DriftPoint(
        coder=name,
        against=against,
        first_date=timeline.dates[window[0]],
        last_date=timeline.dates[window[-1]],
        n_sessions=len(window),
        n_units=len(np.unique(pairs.unit[chosen])),
        n_pairs=int(chosen.sum()),
        alpha=alpha,
        percent=value(percent_kernel(patterns)) or 0.0,
        note=None if alpha is not None else "All values in this window are the same; alpha is undefined",
    )


def _check(
    values: FloatArray, dates: Sequence[date], sessions: Sequence[Hashable], names: Sequence[str], window: int
) -> None:
    if window < 1:
        raise InputError(f"A window holds one session or more, not {window}")
    for what, given, wanted in (
        ("dates", len(dates), len(values)),
        ("sessions", len(sessions), len(values)),
        ("names", len(names), values.shape[1]),
    ):
        if given != wanted:
            raise InputError(
                f"{given} {what} were given for {wanted} {'coders' if what == 'names' else 'units'}"
            )
