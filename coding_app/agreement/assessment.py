"""Agreement on one criterion: every coefficient defined for the data, with intervals, counts and warnings."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np

from coding_app.agreement.alpha import check_level
from coding_app.agreement.catalogue import MAX_CATEGORIES, coefficients, set_coefficients
from coding_app.agreement.estimate import Assessment, Prevalence
from coding_app.agreement.intervals import Resampling, estimates_of, icc_estimate
from coding_app.agreement.intraclass import ICC_FORMS
from coding_app.agreement.matrix import FloatArray, Level, as_values, encoded
from coding_app.agreement.patterns import check_pairable, collapse
from coding_app.agreement.sets import as_set_array
from coding_app.errors import AgreementUndefined, InputError

FEW_SESSIONS = 10
TOO_FEW_SESSIONS = 5  # 2 sessions give 3 different resamples, 4 give 35
LOW_PREVALENCE = 0.05


def assess(
    values: Any,
    *,
    criterion: str = "",
    level: Level = "nominal",
    sessions: Sequence[Hashable] | None = None,
    coders: Sequence[str] | None = None,
    categories: Sequence[float] | None = None,
    labels: Sequence[str] | None = None,
    ratings: bool | None = None,
    replicates: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
) -> Assessment:
    """Every coefficient that is defined for the level and the number of coders.

    values: (n_units, n_coders), numbers or (nominal only) words; None or NaN = missing.
    sessions: the therapy session of each unit; whole sessions are resampled. Without it, or with one session,
    units are, and the interval says so.
    categories: the values that the scheme offers (binary: 0, 1); labels: what values 0, 1, 2 ... stand for.
    ratings: add the six ICC; by default at interval and ratio level.
    replicates: bootstrap resamples, 0 for no interval; the same seed gives the same interval.
    Raises InputError for values that do not fit the level, fewer than two coders or no common unit.

    >>> assess([[1, 1], [0, 0], [1, 0], [1, 1]], categories=(0, 1)).estimate("percent_agreement").value
    0.75
    """
    numbers, labels = _coded(values, labels, level)
    check_level(numbers, level)
    names, resampling = _check(numbers, coders, sessions, replicates, seed, confidence)
    patterns = collapse(numbers, exchangeable=numbers.shape[1] != 2)
    estimates = estimates_of(
        numbers, patterns, coefficients(numbers, patterns, level, categories), resampling
    )
    if level in ("interval", "ratio") if ratings is None else ratings:
        estimates += [icc_estimate(numbers, form, confidence) for form in ICC_FORMS]
    shares = _prevalence(numbers, names, labels) if len(patterns.domain) <= MAX_CATEGORIES else ()
    warnings = _warnings(resampling) + _prevalence_warning(numbers, level)
    return Assessment(
        criterion, level, len(numbers), len(names), resampling.n_sessions, shares, tuple(estimates), warnings
    )


def assess_sets(
    sets: Sequence[Sequence[Any]],
    *,
    criterion: str = "",
    sessions: Sequence[Hashable] | None = None,
    coders: Sequence[str] | None = None,
    replicates: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
) -> Assessment:
    """Agreement on a criterion that allows several codes per unit, the code system as a whole.

    sets: (n_units, n_coders) sets of codes; empty = coded, none applies; None = not coded.
    Per code, call `assess` on the 0/1 values of `code_presence`. Other arguments and errors as `assess`.
    """
    array = as_set_array(sets)
    numbers, labels = encoded(array)
    names, resampling = _check(numbers, coders, sessions, replicates, seed, confidence)
    patterns = collapse(numbers, exchangeable=True)
    distinct_sets = [frozenset(label) for label in labels if isinstance(label, frozenset)]
    estimates = estimates_of(numbers, patterns, set_coefficients(patterns, distinct_sets), resampling)
    shares = tuple(_code_shares(name, array[:, column]) for column, name in enumerate(names))
    n_units, n_coders = numbers.shape
    return Assessment(
        criterion,
        "nominal",
        n_units,
        n_coders,
        resampling.n_sessions,
        shares,
        tuple(estimates),
        _warnings(resampling),
    )


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


def _check(
    values: FloatArray,
    coders: Sequence[str] | None,
    sessions: Sequence[Hashable] | None,
    replicates: int,
    seed: int,
    confidence: float,
) -> tuple[tuple[str, ...], Resampling]:
    if replicates < 0:
        raise InputError(f"The number of replicates must be 0 or more, not {replicates}")
    if not 0 < confidence < 1:
        raise InputError(f"The confidence must lie between 0 and 1, not {confidence}; 0.95 is usual")
    names = tuple(coders) if coders is not None else tuple(f"coder {i + 1}" for i in range(values.shape[1]))
    if len(names) != values.shape[1]:
        raise InputError(f"{len(names)} names were given for {values.shape[1]} coders")
    if sessions is not None and len(sessions) != len(values):
        raise InputError(f"{len(sessions)} sessions were given for {len(values)} units")
    try:
        check_pairable(values)
    except AgreementUndefined as undefined:
        raise InputError(f"{undefined}; agreement needs units that at least two coders judged") from undefined
    return names, Resampling.of(values, sessions, replicates, seed, confidence)


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


def _code_shares(name: str, sets: Iterable[Any]) -> Prevalence:
    judged = [codes for codes in sets if codes is not None]
    codes = sorted({code for each in judged for code in each})
    shares = {code: sum(code in each for each in judged) / len(judged) for code in codes}
    if judged:
        shares.setdefault("none", sum(not each for each in judged) / len(judged))
    return Prevalence(name, len(judged), shares)


def _warnings(resampling: Resampling) -> tuple[str, ...]:
    if resampling.replicates == 0:
        return ()
    if resampling.sessions is None:
        return (
            "Only one session has units that two coders judged: the intervals resample single units as if "
            "they were independent and are probably too narrow",
        )
    n_sessions = resampling.n_pairable_sessions
    if n_sessions < TOO_FEW_SESSIONS:
        return (
            f"Only {n_sessions} sessions: the intervals say almost nothing and are usually far too narrow; "
            f"code at least {FEW_SESSIONS} sessions twice",
        )
    if n_sessions < FEW_SESSIONS:
        return (f"Only {n_sessions} sessions: intervals from fewer than {FEW_SESSIONS} are rough",)
    return ()


def _prevalence_warning(values: FloatArray, level: Level) -> tuple[str, ...]:
    given = values[np.isfinite(values)]
    if level != "nominal" or not np.isin(given, (0.0, 1.0)).all():
        return ()
    share = float(given.mean())
    if LOW_PREVALENCE <= share <= 1 - LOW_PREVALENCE:
        return ()
    which = "present" if share < LOW_PREVALENCE else "absent"
    return (
        f"Coded {which} in only {100 * min(share, 1 - share):.1f} % of judgements: alpha and kappa are "
        "unstable here; read them together with AC1 and positive agreement",
    )
