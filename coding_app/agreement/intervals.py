"""From coefficients to estimates: value, interval and counts, or the reason why there is no value."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from coding_app.agreement.bootstrap import Sessions, percentile_interval, replicate_values
from coding_app.agreement.catalogue import Coefficient
from coding_app.agreement.estimate import Estimate
from coding_app.agreement.intraclass import MODERN_NAMES, IccForm, icc
from coding_app.agreement.matrix import FloatArray
from coding_app.agreement.patterns import Patterns
from coding_app.errors import AgreementUndefined

_ICC_METHOD = "F distribution (Shrout & Fleiss 1979; McGraw & Wong 1996)"


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made.

    sessions: session number of each unit, None when units are resampled because fewer than two sessions
    hold a unit that two coders judged; n_sessions: all sessions; n_pairable_sessions: those with such a unit.
    """

    sessions: Sessions | None
    n_sessions: int
    n_pairable_sessions: int
    replicates: int
    seed: int
    confidence: float

    @classmethod
    def of(
        cls,
        values: FloatArray,
        sessions: Sequence[Hashable] | None,
        replicates: int,
        seed: int,
        confidence: float,
    ) -> "Resampling":
        """Number the sessions and decide what to resample; no sessions known counts as one session."""
        number: dict[Hashable, int] = {}
        of_session = [""] * len(values) if sessions is None else sessions
        numbered = [number.setdefault(each, len(number)) for each in of_session]
        of_unit = np.array(numbered, dtype=np.int64)
        n_pairable = len(np.unique(of_unit[np.isfinite(values).sum(axis=1) >= 2]))
        resampled = of_unit if n_pairable >= 2 else None
        return cls(resampled, max(len(number), 1), n_pairable, replicates, seed, confidence)

    @property
    def method(self) -> str | None:
        """How the interval was made, in words; None without one."""
        what = "units" if self.sessions is None else "sessions"
        return f"bootstrap over {what}, {self.replicates} replicates" if self.replicates else None


def estimates_of(
    values: FloatArray, patterns: Patterns, wanted: Sequence[Coefficient], resampling: Resampling
) -> list[Estimate]:
    """All `wanted` coefficients, their intervals taken on the same resamples."""
    judged = np.isfinite(values).sum(axis=1)
    pairable = judged >= 2
    counts = int(pairable.sum()), int(judged[pairable].sum())
    points: dict[str, float | str] = {each.key: _value_or_reason(each) for each in wanted}
    kernels = {each.key: each.kernel for each in wanted if isinstance(points[each.key], float)}
    rng = np.random.default_rng(resampling.seed)
    replicates = replicate_values(kernels, patterns, resampling.sessions, resampling.replicates, rng)
    return [
        _estimate(each, points[each.key], replicates.get(each.key), counts, resampling) for each in wanted
    ]


def icc_estimate(values: FloatArray, form: IccForm, confidence: float) -> Estimate:
    """One ICC with its interval; undefined becomes a note."""
    n_complete = int(np.isfinite(values).all(axis=1).sum())
    counts = n_complete, n_complete * values.shape[1]
    try:
        found = icc(values, form, confidence)
    except AgreementUndefined as undefined:
        return Estimate(form, None, None, None, confidence, None, *counts, str(undefined))
    low, high = found.interval or (None, None)
    method = _ICC_METHOD if found.interval else None
    return Estimate(form, found.value, low, high, confidence, method, *counts, MODERN_NAMES[form])


def _value_or_reason(coefficient: Coefficient) -> float | str:
    try:
        return coefficient.point()
    except AgreementUndefined as undefined:
        return str(undefined)


def _estimate(
    coefficient: Coefficient,
    value: float | str,
    replicates: FloatArray | None,
    counts: tuple[int, int],
    resampling: Resampling,
) -> Estimate:
    if isinstance(value, str) or replicates is None:
        return Estimate(coefficient.key, None, None, None, resampling.confidence, None, *counts, str(value))
    interval = percentile_interval(replicates, resampling.confidence)
    notes = [coefficient.note]
    if interval.n_undefined:
        notes.append(
            f"{interval.n_undefined} of {resampling.replicates} replicates had no value and were left out"
        )
    method = resampling.method if interval.low is not None else None
    note = "; ".join(filter(None, notes)) or None
    return Estimate(
        coefficient.key, value, interval.low, interval.high, resampling.confidence, method, *counts, note
    )
