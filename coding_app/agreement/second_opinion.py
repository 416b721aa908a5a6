"""The same coefficients from the packages that others use: krippendorff and scikit-learn, beside our own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np

from coding_app.agreement.matrix import FloatArray, Level

CLOSE = 1e-9
MAX_VALUES = 200


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What another package gives for an estimate's data. value, difference: None where it gives no number."""

    statistic: str
    package: str
    version: str
    value: float | None
    difference: float | None

    @property
    def agrees(self) -> bool:
        """Whether the two are the same but for rounding; a package that gives no number does not disagree."""
        return self.difference is None or self.difference < CLOSE


def second_opinions(
    values: FloatArray,
    estimates: Mapping[str, float | None],
    level: Level,
    categories: Sequence[float] | None = None,
) -> tuple[SecondOpinion, ...]:
    """One for every statistic that krippendorff (alpha) or scikit-learn (kappas and F1 of two coders) can compute.

    values: shape (n_units, n_coders), NaN = missing, as the estimates were computed from; none with more than
    MAX_VALUES different values, which would take the packages minutes. estimates: statistic -> value.
    categories: the declared scale.
    """
    found = []
    if len(np.unique(values[~np.isnan(values)])) > MAX_VALUES:
        return ()
    pair = values[~np.isnan(values).any(axis=1)]
    labels = np.unique(pair) if categories is None else np.asarray(categories, dtype=float)
    by_step = (
        level == "ordinal" and categories is not None
    )  # as scikit-learn weights; else by distance of values
    even = len(labels) < 2 or bool(np.allclose(np.diff(labels), labels[1] - labels[0]))
    for statistic, value in estimates.items():
        if statistic == "krippendorff_alpha":
            found.append(_compared(statistic, value, "krippendorff", partial(_alpha, values, level)))
        elif statistic in _PAIRWISE and values.shape[1] == 2:
            if statistic.startswith("weighted") and not (by_step or even):
                continue
            compute = partial(_PAIRWISE[statistic], pair, labels)
            found.append(_compared(statistic, value, "scikit-learn", compute))
    return tuple(found)


def _compared(
    statistic: str, ours: float | None, package: str, compute: Callable[[], float]
) -> SecondOpinion:
    try:
        value: float | None = float(compute())
    except (ValueError, ZeroDivisionError):  # their way of saying that it is undefined
        value = None
    if value is not None and not np.isfinite(value):
        value = None
    difference = None if value is None or ours is None else abs(value - ours)
    return SecondOpinion(statistic, package, version(package), value, difference)


def _alpha(values: FloatArray, level: Level) -> float:
    import krippendorff

    with np.errstate(invalid="ignore", divide="ignore"):
        return float(krippendorff.alpha(reliability_data=values.T, level_of_measurement=level))


def _kappa(pair: FloatArray, labels: FloatArray, weights: str | None) -> float:
    from sklearn.metrics import cohen_kappa_score

    if len(np.unique(pair)) < 2:
        raise ZeroDivisionError
    first, second = (np.searchsorted(labels, column) for column in pair.T)
    places = np.arange(len(labels))
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(cohen_kappa_score(first, second, labels=places, weights=weights))


def _specific(pair: FloatArray, positive: float) -> float:
    """Positive agreement is the F1 score of one coder against the other, whichever is taken as right."""
    from sklearn.metrics import f1_score

    first, second = pair[:, 0] == positive, pair[:, 1] == positive
    if not (first.any() or second.any()):
        raise ZeroDivisionError
    return float(f1_score(first, second))


_PAIRWISE: dict[str, Callable[[FloatArray, FloatArray], Any]] = {
    "cohen_kappa": lambda pair, labels: _kappa(pair, labels, None),
    "weighted_kappa_linear": lambda pair, labels: _kappa(pair, labels, "linear"),
    "weighted_kappa_quadratic": lambda pair, labels: _kappa(pair, labels, "quadratic"),
    "positive_agreement": lambda pair, _labels: _specific(pair, 1.0),
    "negative_agreement": lambda pair, _labels: _specific(pair, 0.0),
}
