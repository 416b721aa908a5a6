"""Estimates of the six intraclass correlations: F intervals, and the bootstrap of whole sessions."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from coding_app.agreement.catalogue import Coefficient
from coding_app.agreement.estimate import Bounds, Estimate
from coding_app.agreement.intervals import estimates_of
from coding_app.agreement.intraclass import CLASSIC_NAMES, ICC_FORMS, MODERN_NAMES, IccEstimate, IccForm, icc
from coding_app.agreement.intraclass_kernel import icc_kernel
from coding_app.agreement.matrix import FloatArray
from coding_app.agreement.patterns import collapse
from coding_app.agreement.resampling import Resampling
from coding_app.errors import AgreementUndefined

F_METHOD = "F distribution (Shrout & Fleiss 1979; McGraw & Wong 1996)"


@dataclass(frozen=True, slots=True)
class _Found:
    form: IccForm
    estimate: IccEstimate | None


def icc_estimates(values: FloatArray, resampling: Resampling) -> list[Estimate]:
    """All six forms with every interval that can be made; undefined becomes a note.

    values: (n_targets, n_coders). The interval in `low` and `high` comes from the F distribution, which takes
    targets as independent; where a session holds several complete targets they are not, and the bootstrap of
    whole sessions stands there instead. All of them are in `intervals`.
    """
    complete = np.isfinite(values).all(axis=1)
    patterns = collapse(values, exchangeable=False)
    found = [_Found(form, _defined(values, form, resampling.confidence)) for form in ICC_FORMS]
    wanted = [
        Coefficient(
            form, _point(values, form, resampling.confidence), icc_kernel(patterns, form), MODERN_NAMES[form]
        )
        for form in ICC_FORMS
    ]
    counts = {"n_units": int(complete.sum()), "n_pairable": int(complete.sum()) * values.shape[1]}
    f_first = resampling.groups is None or np.bincount(resampling.groups[complete], minlength=1).max() <= 1
    estimates = estimates_of(values, patterns, wanted, resampling)
    return [
        replace(
            _with_f(estimate, each, f_first),
            method=f"{MODERN_NAMES[each.form]}; classic {CLASSIC_NAMES[each.form]}",
            **counts,
        )
        for estimate, each in zip(estimates, found, strict=True)
    ]


def _defined(values: FloatArray, form: IccForm, confidence: float) -> IccEstimate | None:
    try:
        return icc(values, form, confidence)
    except AgreementUndefined:
        return None


def _point(values: FloatArray, form: IccForm, confidence: float) -> Callable[[], float]:
    return lambda: icc(values, form, confidence).value


def _with_f(estimate: Estimate, found: _Found, f_first: bool) -> Estimate:
    if found.estimate is None or found.estimate.interval is None:
        return estimate
    low, high = found.estimate.interval
    bounds = Bounds("f", low, high, F_METHOD)
    with_f = replace(estimate, intervals=(bounds, *estimate.intervals))
    if not f_first and estimate.low is not None:
        return with_f
    # what the note says of the bootstrap interval does not hold for this one
    return replace(with_f, low=low, high=high, interval_method=F_METHOD, note=MODERN_NAMES[found.form])
