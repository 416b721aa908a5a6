"""Agreement on one criterion: every coefficient defined for the data, with intervals, counts and warnings."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np

from coding_app.agreement.alpha import check_level
from coding_app.agreement.catalogue import MAX_CATEGORIES, coefficients, set_coefficients
from coding_app.agreement.estimate import Assessment, Estimate, Prevalence
from coding_app.agreement.intervals import estimates_of, with_note
from coding_app.agreement.matrix import FloatArray, Level, as_values, encoded
from coding_app.agreement.patterns import check_pairable, collapse
from coding_app.agreement.ratings import icc_estimates
from coding_app.agreement.resampling import Labels, Resampling
from coding_app.agreement.sets import as_set_array
from coding_app.agreement.sources import statistic_name
from coding_app.errors import AgreementUndefined, InputError

LOW_PREVALENCE = 0.05
BootstrapKind = Literal["percentile", "bca"]


def assess(
    values: Any,
    *,
    criterion: str = "",
    level: Level = "nominal",
    sessions: Labels | None = None,
    blocks: Labels | None = None,
    coders: Sequence[str] | None = None,
    categories: Sequence[float] | None = None,
    labels: Sequence[str] | None = None,
    ratings: bool | None = None,
    replicates: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
    interval: BootstrapKind = "percentile",
) -> Assessment:
    """Every coefficient that is defined for the level and the number of coders.

    values: (n_units, n_coders), numbers or (nominal only) words; None or NaN = missing.
    sessions: the therapy session of each unit; whole sessions are resampled. Without it, or with one session,
    units are, and the interval says so; blocks: then whole blocks of neighbouring units, such as minutes.
    categories: the values that the scheme offers (binary: 0, 1); labels: what values 0, 1, 2 ... stand for.
    ratings: add the six ICC; by default at interval and ratio level.
    replicates: bootstrap resamples, 0 for no interval; the same seed gives the same interval.
    interval: which of the two stands in `low` and `high`; both are in `intervals` of every estimate.
    Raises InputError for values that do not fit the level, fewer than two coders or no common unit.

    >>> assess([[1, 1], [0, 0], [1, 0], [1, 1]], categories=(0, 1)).estimate("percent_agreement").value
    0.75
    """
    numbers, labels = _coded(values, labels, level)
    check_level(numbers, level)
    _check_options(replicates, confidence, interval)
    names = _names(numbers, coders)
    _check_shape(numbers, sessions, blocks)
    resampling = Resampling.of(numbers, sessions, replicates, seed, confidence, blocks=blocks, kind=interval)
    patterns = collapse(numbers, exchangeable=numbers.shape[1] != 2)
    estimates = estimates_of(
        numbers, patterns, coefficients(numbers, patterns, level, categories), resampling, level
    )
    if level in ("interval", "ratio") if ratings is None else ratings:
        estimates += icc_estimates(numbers, resampling)
    shares = _prevalence(numbers, names, labels) if len(patterns.domain) <= MAX_CATEGORIES else ()
    estimates = [_with_meaning(each, labels) for each in estimates]
    warnings = _prevalence_warning(numbers, level, estimates)
    return _assessment(criterion, level, numbers, resampling, shares, estimates, warnings)


def assess_sets(
    sets: Sequence[Sequence[Any]],
    *,
    criterion: str = "",
    sessions: Labels | None = None,
    blocks: Labels | None = None,
    coders: Sequence[str] | None = None,
    replicates: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
    interval: BootstrapKind = "percentile",
) -> Assessment:
    """Agreement on a criterion that allows several codes per unit, the code system as a whole.

    sets: (n_units, n_coders) sets of codes; empty = coded, none applies; None = not coded.
    Per code, call `assess` on the 0/1 values of `code_presence`. Other arguments and errors as `assess`.
    """
    numbers, labels = encoded(as_set_array(sets))
    distinct = [label for label in labels if isinstance(label, frozenset)]
    return assess_encoded_sets(
        numbers,
        distinct,
        criterion=criterion,
        sessions=sessions,
        blocks=blocks,
        coders=coders,
        replicates=replicates,
        seed=seed,
        confidence=confidence,
        interval=interval,
    )


def assess_encoded_sets(
    values: FloatArray,
    sets: Sequence[frozenset[str]],
    *,
    criterion: str = "",
    sessions: Labels | None = None,
    blocks: Labels | None = None,
    coders: Sequence[str] | None = None,
    replicates: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
    interval: BootstrapKind = "percentile",
) -> Assessment:
    """As `assess_sets`, for sets given as numbers: values (n_units, n_coders) are indices into `sets`."""
    _check_options(replicates, confidence, interval)
    names = _names(values, coders)
    _check_shape(values, sessions, blocks)
    resampling = Resampling.of(values, sessions, replicates, seed, confidence, blocks=blocks, kind=interval)
    patterns = collapse(values, exchangeable=True)
    estimates = estimates_of(values, patterns, set_coefficients(patterns, sets), resampling)
    shares = tuple(_code_shares(name, values[:, column], sets) for column, name in enumerate(names))
    return _assessment(criterion, "nominal", values, resampling, shares, estimates, ())


def code_presence(sets: Sequence[Sequence[Any]], code: str) -> FloatArray:
    """1 where a set holds `code`, 0 where it does not, NaN where not coded; shape (n_units, n_coders)."""
    array = as_set_array(sets)
    flat = [np.nan if value is None else float(code in value) for value in array.ravel()]
    return np.array(flat, dtype=np.float64).reshape(array.shape)


def _coded(
    values: Any, labels: Sequence[str] | None, level: Level
) -> tuple[FloatArray, Sequence[str] | None]:
    if isinstance(values, np.ndarray) and values.dtype.kind in "biuf":
        return as_values(values), labels
    array = np.asarray(values, dtype=object)
    if array.ndim == 2 and any(isinstance(value, str) for value in array.ravel()):
        if level != "nominal":
            raise InputError(f"Words carry no distances: the {level} level needs numbers")
        numbers, words = encoded(array)
        return numbers, [str(word) for word in words]
    return as_values(array), labels


def _check_options(replicates: int, confidence: float, interval: str) -> None:
    if replicates < 0:
        raise InputError(f"The number of replicates must be 0 or more, not {replicates}")
    if not 0 < confidence < 1:
        raise InputError(f"The confidence must lie between 0 and 1, not {confidence}; 0.95 is usual")
    if interval not in get_args(BootstrapKind):
        raise InputError(f"Interval '{interval}' is not known; use {' or '.join(get_args(BootstrapKind))}")


def _names(values: FloatArray, coders: Sequence[str] | None) -> tuple[str, ...]:
    names = tuple(coders) if coders is not None else tuple(f"coder {i + 1}" for i in range(values.shape[1]))
    if len(names) != values.shape[1]:
        raise InputError(f"{len(names)} names were given for {values.shape[1]} coders")
    return names


def _check_shape(values: FloatArray, sessions: Labels | None, blocks: Labels | None) -> None:
    for what, given in (("sessions", sessions), ("blocks", blocks)):
        if given is not None and len(given) != len(values):
            raise InputError(f"{len(given)} {what} were given for {len(values)} units")
    try:
        check_pairable(values)
    except AgreementUndefined as undefined:
        raise InputError(f"{undefined}; agreement needs units that at least two coders judged") from undefined


def _assessment(
    criterion: str,
    level: Level,
    values: FloatArray,
    resampling: Resampling,
    shares: tuple[Prevalence, ...],
    estimates: Sequence[Estimate],
    warnings: tuple[str, ...],
) -> Assessment:
    n_units, n_coders = values.shape
    return Assessment(
        criterion,
        level,
        n_units,
        n_coders,
        resampling.n_sessions,
        shares,
        tuple(replace(each, prevalence=shares) for each in estimates),
        resampling.warnings + warnings,
        resampling.n_pairable_sessions,
    )


def _prevalence(
    values: FloatArray, names: Sequence[str], labels: Sequence[str] | None
) -> tuple[Prevalence, ...]:
    domain = np.unique(values[np.isfinite(values)])
    words = {value: labels[int(value)] if labels else f"{value:g}" for value in domain}
    found = []
    for column, name in enumerate(names):
        judged = values[np.isfinite(values[:, column]), column]
        shares = {words[value]: float((judged == value).mean()) for value in domain} if judged.size else {}
        found.append(Prevalence(name, int(judged.size), shares))
    return tuple(found)


def _code_shares(name: str, values: FloatArray, sets: Sequence[frozenset[str]]) -> Prevalence:
    """Shares of one coder's units with each code that this coder used; values: (n_units,) indices into sets."""
    times = np.bincount(values[np.isfinite(values)].astype(np.int64), minlength=len(sets)).tolist()
    n_judged = sum(times)
    used = [(codes, n) for codes, n in zip(sets, times, strict=True) if n]
    shares = {
        code: sum(n for codes, n in used if code in codes) / n_judged
        for code in sorted({code for codes, _ in used for code in codes})
    }
    if n_judged:
        shares.setdefault("none", sum(n for codes, n in used if not codes) / n_judged)
    return Prevalence(name, n_judged, shares)


def _with_meaning(estimate: Estimate, labels: Sequence[str] | None) -> Estimate:
    """Say which of two words counts as present, where the words do not say it themselves."""
    position = {"negative_agreement": 0, "positive_agreement": 1}.get(estimate.statistic)
    if position is None or labels is None or len(labels) <= position:
        return estimate
    return with_note(estimate, f"agreement on '{labels[position]}'")


def _prevalence_warning(values: FloatArray, level: Level, estimates: Sequence[Estimate]) -> tuple[str, ...]:
    """Below 5 % kappa misleads on its own; the warning shows it beside AC1 and the agreement on the rare value."""
    given = values[np.isfinite(values)]
    if level != "nominal" or not np.isin(given, (0.0, 1.0)).all():
        return ()
    share = float(given.mean())
    if LOW_PREVALENCE <= share <= 1 - LOW_PREVALENCE:
        return ()
    rare_present = share < LOW_PREVALENCE
    which = "present" if rare_present else "absent"
    specific = "positive_agreement" if rare_present else "negative_agreement"
    kappa = "cohen_kappa" if values.shape[1] == 2 else "fleiss_kappa"
    by_key = {each.statistic: each.value for each in estimates}
    told = [
        f"{statistic_name(key)} {'undefined' if (value := by_key.get(key)) is None else f'{value:.2f}'}"
        for key in (kappa, "gwet_ac1", specific)
    ]
    return (
        f"Coded {which} in only {100 * min(share, 1 - share):.1f} % of judgements: alpha and kappa are "
        f"unstable here; read together {', '.join(told)}",
    )
