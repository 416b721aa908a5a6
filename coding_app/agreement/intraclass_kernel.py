"""Intraclass correlations of resampled targets: six forms from weighted sums, without the ratings themselves."""

import numpy as np

from coding_app.agreement.intraclass import IccForm
from coding_app.agreement.matrix import FloatArray
from coding_app.agreement.patterns import Kernel, Patterns, divide

_ROUNDING = 1e-12


def icc_kernel(patterns: Patterns, form: IccForm) -> Kernel:
    """`icc` of weighted patterns (coders told apart); targets that a coder did not rate weigh nothing.

    The sums of squares follow from six kinds of weighted sums: number of targets, sum of each coder's ratings,
    squared sum over coders, sum of squares; ratings are centred first, so that little is lost in rounding.
    """
    complete = np.asarray((patterns.codes >= 0).all(axis=1))
    n_coders = patterns.codes.shape[1]
    ratings = np.zeros(patterns.codes.shape)
    if complete.any():
        ratings[complete] = patterns.domain[patterns.codes[complete]]
        ratings[complete] -= ratings[complete].mean()
    sums = ratings.sum(axis=1)
    features = np.column_stack([complete, ratings, sums**2 / n_coders, (ratings**2).sum(axis=1)])

    def of(weights: FloatArray) -> FloatArray:
        totals = np.asarray(weights @ features)
        return _value(form, n_coders, *_mean_squares(totals, n_coders))

    return of


def _mean_squares(totals: FloatArray, k: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Number of targets, mean squares of targets, coders and error, each of shape (n_replicates,)."""
    n, of_coders, of_targets, squares = totals[:, 0], totals[:, 1 : k + 1], totals[:, -2], totals[:, -1]
    n = np.where(n >= 2, n, np.nan)
    correction = of_coders.sum(axis=1) ** 2 / (n * k)
    whole = squares - correction
    targets = _cleared(of_targets - correction, squares)
    coders = _cleared((of_coders**2).sum(axis=1) / n - correction, squares)
    error = _cleared(whole - targets - coders, squares)
    return n, targets / (n - 1), coders / (k - 1), error / ((n - 1) * (k - 1))


def _cleared(sums: FloatArray, scale: FloatArray) -> FloatArray:
    """Zero where only rounding is left."""
    return np.where(sums <= _ROUNDING * scale, 0.0, sums)


def _value(
    form: IccForm, k: int, n: FloatArray, targets: FloatArray, coders: FloatArray, error: FloatArray
) -> FloatArray:
    known = np.nan_to_num(n, nan=2.0)
    within = (coders * (k - 1) + error * (known - 1) * (k - 1)) / (known * (k - 1))
    noise = within if form.startswith("icc_1") else error
    signal = targets - noise
    between_coders = (coders - error) / known
    if form == "icc_2_1":
        whole = targets + (k - 1) * error + k * between_coders
    elif form == "icc_2_k":
        whole = targets + between_coders
    else:
        whole = targets if form.endswith("_k") else targets + (k - 1) * noise
    if form.endswith("_k"):
        whole = np.where(targets > 0, whole, 0.0)
    whole = np.where(whole > _ROUNDING * (targets + coders + error), whole, 0.0)
    return divide(np.nan_to_num(signal), np.nan_to_num(whole))
