"""Intraclass correlations of ratings, all six forms, with intervals from the F distribution."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from coding_app.agreement.matrix import FloatArray, as_values
from coding_app.errors import AgreementUndefined, InputError

IccForm = Literal["icc_1_1", "icc_2_1", "icc_3_1", "icc_1_k", "icc_2_k", "icc_3_k"]
ICC_FORMS: tuple[IccForm, ...] = get_args(IccForm)
Interval = tuple[float, float]
MODERN_NAMES: dict[IccForm, str] = {
    "icc_1_1": "ICC(1,1), one-way random, single",
    "icc_2_1": "ICC(A,1), two-way, absolute agreement, single",
    "icc_3_1": "ICC(C,1), two-way, consistency, single",
    "icc_1_k": "ICC(1,k), one-way random, mean of k",
    "icc_2_k": "ICC(A,k), two-way, absolute agreement, mean of k",
    "icc_3_k": "ICC(C,k), two-way, consistency, mean of k",
}
CLASSIC_NAMES: dict[IccForm, str] = {form: f"ICC({form[4]},{form[6]})" for form in ICC_FORMS}

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class IccEstimate:
    """One form: value, interval (None when it has none), targets that every coder rated."""

    form: IccForm
    value: float
    interval: Interval | None
    n_targets: int


@dataclass(frozen=True, slots=True)
class _MeanSquares:
    n: int
    k: int
    targets: float
    within: float
    coders: float
    error: float


def icc(values: Any, form: IccForm, confidence: float = 0.95) -> IccEstimate:
    """Share of the variance of ratings that lies between the targets.

    values: (n_targets, n_coders) of ratings at interval level; targets not rated by all coders are left out.
    form: icc_1_* one-way, icc_2_* absolute agreement, icc_3_* consistency; *_1 one coder, *_k mean of all.
    Raises AgreementUndefined with fewer than two complete targets or without variation (for *_k: between
    targets).
    Source: Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428; McGraw & Wong (1996), Psychological
    Methods 1, 30-46, for names and intervals.
    """
    if form not in ICC_FORMS:
        raise InputError(f"'{form}' is not a form of the ICC; use one of {', '.join(ICC_FORMS)}")
    squares = _mean_squares(as_values(values))
    if form.endswith("_k") and squares.targets == 0:
        raise AgreementUndefined("The targets do not differ on average; the ICC of mean ratings is undefined")
    single = form[:-1] + "1"
    value, interval = {"icc_1_1": _one_way, "icc_2_1": _absolute, "icc_3_1": _consistency}[single](
        squares, confidence
    )
    if form.endswith("_k"):
        value, interval = _of_mean(value, interval, squares.k)
    return IccEstimate(form, value, interval, squares.n)


def _mean_squares(values: FloatArray) -> _MeanSquares:
    """Two-way sums of squares over complete targets; sums at the level of rounding are set to zero."""
    complete = values[np.isfinite(values).all(axis=1)]
    n, k = complete.shape
    if k < 2:
        raise AgreementUndefined("There is only one coder; agreement needs at least two")
    if n < 2:
        raise AgreementUndefined(f"{n} target(s) were rated by every coder; the ICC needs at least two")
    if (complete == complete[0, 0]).all():
        raise AgreementUndefined(
            "Every coder gave every target the same rating; without variation the ICC is undefined"
        )
    centred = complete - complete.mean()
    of_targets, of_coders = centred.mean(axis=1), centred.mean(axis=0)
    residual = centred - of_targets[:, np.newaxis] - of_coders
    sums = np.array([k * (of_targets**2).sum(), n * (of_coders**2).sum(), (residual**2).sum()])
    between, coders, error = np.where(sums < 1e-14 * sums.sum(), 0.0, sums).tolist()
    return _MeanSquares(
        n,
        k,
        between / (n - 1),
        (coders + error) / (n * (k - 1)),
        coders / (k - 1),
        error / ((n - 1) * (k - 1)),
    )


def _one_way(ms: _MeanSquares, confidence: float) -> tuple[float, Interval | None]:
    value = (ms.targets - ms.within) / (ms.targets + (ms.k - 1) * ms.within)
    return value, _from_f(ms.targets, ms.within, ms.k, (ms.n - 1, ms.n * (ms.k - 1)), confidence)


def _consistency(ms: _MeanSquares, confidence: float) -> tuple[float, Interval | None]:
    if ms.targets == 0 and ms.error == 0:
        raise AgreementUndefined(
            "The coders differ by constants and the targets not at all; this ICC is undefined"
        )
    value = (ms.targets - ms.error) / (ms.targets + (ms.k - 1) * ms.error)
    return value, _from_f(ms.targets, ms.error, ms.k, (ms.n - 1, (ms.n - 1) * (ms.k - 1)), confidence)


def _absolute(ms: _MeanSquares, confidence: float) -> tuple[float, Interval | None]:
    n, k = ms.n, ms.k
    total = ms.targets + (k - 1) * ms.error + k * (ms.coders - ms.error) / n
    if total <= 0:
        raise AgreementUndefined("Neither targets nor coders differ on average; this ICC is undefined")
    value = (ms.targets - ms.error) / total
    if ms.error == 0 and ms.coders == 0:
        return value, (1.0, 1.0)
    # McGraw & Wong (1996), table 7, with numerator and denominator of v multiplied by the squared error
    a = k * value * ms.coders
    b = (n * (1 + (k - 1) * value) - k * value) * ms.error
    degrees = (n - 1) * a**2 + b**2
    if degrees == 0:
        return value, None
    v = (k - 1) * (n - 1) * (a + b) ** 2 / degrees
    if v <= 0:
        return value, None
    upper_f, lower_f = _quantile(confidence, n - 1, v), _quantile(confidence, v, n - 1)
    noise = k * ms.coders + (k * n - k - n) * ms.error
    low = n * (ms.targets - upper_f * ms.error) / (upper_f * noise + n * ms.targets)
    high = n * (lower_f * ms.targets - ms.error) / (noise + n * lower_f * ms.targets)
    return value, (float(low), float(high))


def _from_f(signal: float, noise: float, k: int, degrees: tuple[int, int], confidence: float) -> Interval:
    if noise == 0:
        return 1.0, 1.0
    low = signal / noise / _quantile(confidence, *degrees)
    high = signal / noise * _quantile(confidence, degrees[1], degrees[0])
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def _of_mean(value: float, interval: Interval | None, k: int) -> tuple[float, Interval | None]:
    """Spearman-Brown: from one coder to the mean of k; no interval where its lower end has no such value."""
    if 1 + (k - 1) * value <= _ROUNDING:
        raise AgreementUndefined(
            "The coders differ more than the targets; the ICC of mean ratings is undefined"
        )
    if interval is None or 1 + (k - 1) * interval[0] <= _ROUNDING:
        return _spearman_brown(value, k), None
    return _spearman_brown(value, k), (_spearman_brown(interval[0], k), _spearman_brown(interval[1], k))


def _spearman_brown(single: float, k: int) -> float:
    return k * single / (1 + (k - 1) * single)


def _quantile(confidence: float, numerator: float, denominator: float) -> float:
    from scipy.stats import f  # slow to import, needed for ratings only

    return float(f.ppf(1 - (1 - confidence) / 2, numerator, denominator))
