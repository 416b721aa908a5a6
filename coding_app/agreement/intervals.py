"""From coefficients to estimates: value, intervals and counts, or the reason why there is no value."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coding_app.agreement.bca import Jackknife, bca_interval, jackknife
from coding_app.agreement.bootstrap import Interval, percentile_interval, replicate_values
from coding_app.agreement.catalogue import Coefficient
from coding_app.agreement.estimate import Bounds, Estimate
from coding_app.agreement.matrix import FloatArray, Level
from coding_app.agreement.patterns import Patterns
from coding_app.agreement.resampling import Resampling
from coding_app.agreement.sources import statistic_name
from coding_app.errors import AgreementUndefined

# enough for a ratio of variances (a standard deviation of 1,000 values is known to 2 %)
_UNIT_REPLICATES = 1_000


@dataclass(frozen=True, slots=True)
class _Replicates:
    """What the intervals of one coefficient are made of; by_unit is empty without sessions to compare with."""

    values: FloatArray
    by_unit: FloatArray
    left_out: Jackknife


def estimates_of(
    values: FloatArray,
    patterns: Patterns,
    wanted: Sequence[Coefficient],
    resampling: Resampling,
    level: Level = "nominal",
) -> list[Estimate]:
    """All `wanted` coefficients, their intervals taken on the same resamples."""
    judged = np.isfinite(values).sum(axis=1)
    pairable = judged >= 2
    points = {each.key: _value_or_reason(each) for each in wanted}
    defined = [each for each in wanted if isinstance(points[each.key], float)]
    replicates = _replicates(defined, patterns, resampling)
    counts = {
        "n_units": int(pairable.sum()),
        "n_pairable": int(judged[pairable].sum()),
        "n_coders": values.shape[1],
        "n_sessions": resampling.n_sessions,
        "n_pairable_sessions": resampling.n_pairable_sessions,
    }
    found = []
    for each in wanted:
        value, name = points[each.key], statistic_name(each.key)
        plain = Estimate(
            statistic=each.key,
            value=value if isinstance(value, float) else None,
            low=None,
            high=None,
            confidence=resampling.confidence,
            interval_method=None,
            note=value if isinstance(value, str) else each.note,
            method=f"{name}, {level}" if each.key == "krippendorff_alpha" else name,
            **counts,
        )
        drawn = replicates.get(each.key)
        found.append(plain if drawn is None else _with_intervals(plain, drawn, resampling))
    return found


def with_note(estimate: Estimate, note: str | None) -> Estimate:
    """The estimate with one more remark."""
    return replace(estimate, note="; ".join(filter(None, [estimate.note, note])) or None)


def _value_or_reason(coefficient: Coefficient) -> float | str:
    try:
        return float(coefficient.point())
    except AgreementUndefined as undefined:
        return str(undefined)


def _replicates(
    wanted: Sequence[Coefficient], patterns: Patterns, resampling: Resampling
) -> dict[str, _Replicates]:
    kernels = {each.key: each.kernel for each in wanted}
    if not kernels or not resampling.replicates:
        return {}
    groups, n, seed = resampling.groups, resampling.replicates, resampling.seed
    values = replicate_values(kernels, patterns, groups, n, np.random.default_rng(seed))
    left_out = jackknife(kernels, patterns, groups, seed)
    by_unit: dict[str, FloatArray] = {}
    if groups is not None:
        rng = np.random.default_rng([seed, 1])
        by_unit = replicate_values(kernels, patterns, None, min(n, _UNIT_REPLICATES), rng)
    return {key: _Replicates(values[key], by_unit.get(key, np.empty(0)), left_out[key]) for key in kernels}


def _with_intervals(estimate: Estimate, drawn: _Replicates, resampling: Resampling) -> Estimate:
    value = estimate.value
    if value is None:
        return estimate
    percentile = percentile_interval(drawn.values, resampling.confidence)
    bca = bca_interval(drawn.values, value, drawn.left_out, resampling.confidence)
    made: dict[str, Interval] = {"percentile": percentile, "bca": bca}
    intervals = tuple(
        Bounds("bca" if kind == "bca" else "percentile", each.low, each.high, resampling.method_of(kind))
        for kind, each in made.items()
        if each.low is not None and each.high is not None
    )
    chosen = next((each for each in intervals if each.kind == resampling.kind), None)
    error, by_unit = _spread(drawn.values), _spread(drawn.by_unit)
    found = replace(
        estimate,
        low=chosen.low if chosen else None,
        high=chosen.high if chosen else None,
        interval_method=chosen.method if chosen else None,
        intervals=intervals,
        standard_error=error,
        design_effect=(error / by_unit) ** 2 if error is not None and by_unit else None,
        resampled=resampling.what,
    )
    return with_note(found, _told(found, percentile.n_undefined, resampling.replicates))


def _spread(values: FloatArray) -> float | None:
    """Standard deviation of the defined replicates; None with fewer than half of them, or fewer than two."""
    defined = values[np.isfinite(values)]
    if len(defined) < 2 or 2 * len(defined) < len(values):
        return None
    spread = float(defined.std(ddof=1))
    return spread if spread > 1e-12 else 0.0


def _told(estimate: Estimate, n_undefined: int, replicates: int) -> str | None:
    """What a reader of the interval must know."""
    told = []
    if n_undefined:
        told.append(f"{n_undefined} of {replicates} replicates had no value and were left out")
    value, low, high = estimate.value, estimate.low, estimate.high
    if value is None or low is None or high is None:
        told.append("no interval: too few replicates have a value on both sides of the estimate")
    elif not low - 1e-9 <= value <= high + 1e-9:
        told.append(
            "the estimate lies outside its interval, because most resamples differ from it in one direction"
        )
    elif high - low < 1e-12:
        told.append("every replicate gave the same value: an interval without width does not mean certainty")
    return "; ".join(told) or None
