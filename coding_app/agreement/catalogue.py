"""Which coefficient exists for which data: level of measurement, number of coders, kind of values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from coding_app.agreement import alpha, kappa, observed, sets, several
from coding_app.agreement.matrix import FloatArray, Level
from coding_app.agreement.patterns import Kernel, Patterns, at_data
from coding_app.errors import AgreementUndefined, InputError

MAX_CATEGORIES = 50
_UNDEFINED = {
    "positive_agreement": "Nobody coded it present on a unit that two coders judged",
    "negative_agreement": "Nobody coded it absent on a unit that two coders judged",
}
_NO_VARIATION = "All values of these units are the same; without variation this coefficient is undefined"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient ready to be computed: `point` of the data, `kernel` of resampled data."""

    key: str
    point: Callable[[], float]
    kernel: Kernel
    note: str | None = None


def coefficients(
    values: FloatArray, patterns: Patterns, level: Level, categories: Sequence[float] | None = None
) -> list[Coefficient]:
    """Every coefficient that is defined for these data, bootstrap kernel included (ICC apart, see `icc`).

    patterns: those of `values`, with coders told apart when there are two.
    categories: the values that the scheme offers; without them those that occur in the data.
    """
    if categories is not None and not np.isin(patterns.domain, np.asarray(categories)).all():
        raise InputError("A value lies outside the stated categories; correct the value or the categories")
    found = [_simple("percent_agreement", patterns, observed.percent_kernel(patterns))]
    offered = patterns.domain if categories is None else np.asarray(categories)
    is_binary = level == "nominal" and bool(np.isin(offered, (0.0, 1.0)).all())
    if is_binary:
        found.append(_simple("positive_agreement", patterns, observed.specific_kernel(patterns, 1.0)))
        found.append(_simple("negative_agreement", patterns, observed.specific_kernel(patterns, 0.0)))
    if len(patterns.domain) <= MAX_CATEGORIES:
        found += _categorical(values, patterns, level, categories)
    found.append(_alpha(patterns, level))
    return found


def set_coefficients(patterns: Patterns, labels: Sequence[frozenset[str]]) -> list[Coefficient]:
    """Coefficients of sets of codes: exact agreement, and alpha with two distances between sets."""
    found = [
        _simple(
            "percent_agreement", patterns, observed.percent_kernel(patterns), "the whole set must be equal"
        )
    ]
    for kind in ("masi", "jaccard"):
        table = sets.distance_table(labels, "masi" if kind == "masi" else "jaccard")
        found.append(
            Coefficient(
                f"krippendorff_alpha_{kind}",
                lambda table=table: alpha.alpha_by_distance(patterns, table),  # type: ignore[misc]
                alpha.distance_kernel(patterns, table),
            )
        )
    return found


def _categorical(
    values: FloatArray, patterns: Patterns, level: Level, categories: Sequence[float] | None
) -> list[Coefficient]:
    found: list[Coefficient] = []
    two_coders = patterns.codes.shape[1] == 2
    if level in ("nominal", "ordinal"):
        if two_coders:
            cohen = Coefficient(
                "cohen_kappa", lambda: kappa.cohen_kappa(values), kappa.cohen_kernel(patterns)
            )
            found.append(cohen)
        found.append(_simple("fleiss_kappa", patterns, several.fleiss_kernel(patterns), _unequal(patterns)))
    if two_coders and level != "nominal":
        # Of an ordinal scale the steps count, also those that nobody chose; of an interval scale the values.
        scale = categories if level == "ordinal" else None
        for weighting in ("linear", "quadratic"):
            kernel = kappa.cohen_kernel(patterns, weighting, scale)
            found.append(_simple(f"weighted_kappa_{weighting}", patterns, kernel))
    n_categories = len(patterns.domain) if categories is None else len(categories)
    note = None if categories is not None else f"{n_categories} categories, as found in the data"
    if n_categories < 2:
        return found + [_without_scale(key) for key in ("gwet_ac1", "brennan_prediger")]
    if level in ("nominal", "ordinal"):
        found.append(_simple("gwet_ac1", patterns, several.ac1_kernel(patterns, n_categories), note))
        found.append(
            _simple(
                "brennan_prediger", patterns, several.brennan_prediger_kernel(patterns, n_categories), note
            )
        )
    if level != "nominal":
        note = ", ".join(filter(None, ["quadratic weights", note]))
        found.append(_simple("gwet_ac2", patterns, several.ac2_kernel(patterns, categories), note))
    return found


def _simple(key: str, patterns: Patterns, kernel: Kernel, note: str | None = None) -> Coefficient:
    reason = _UNDEFINED.get(key, _NO_VARIATION)
    return Coefficient(key, lambda: at_data(kernel, patterns, reason), kernel, note)


def _alpha(patterns: Patterns, level: Level) -> Coefficient:
    kernel = alpha.alpha_kernel(patterns, level)
    return Coefficient("krippendorff_alpha", lambda: alpha.alpha_of_patterns(patterns, level), kernel)


def _without_scale(key: str) -> Coefficient:
    def point() -> float:
        raise AgreementUndefined(
            "Only one category occurs in the data, and the scheme's categories were not stated"
        )

    return Coefficient(key, point, lambda weights: np.full(len(weights), np.nan))


def _unequal(patterns: Patterns) -> str | None:
    judged = patterns.n_judged
    return (
        "units with different numbers of coders: generalised after Gwet (2014)"
        if np.ptp(judged) > 0
        else None
    )
