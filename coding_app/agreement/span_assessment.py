"""Agreement on drawn spans or moments: every statistic of the whole criterion and of each code."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coding_app.agreement.duration import exact_samples, grid_samples, time_statistics
from coding_app.agreement.estimate import Assessment, Estimate, Prevalence
from coding_app.agreement.event_matching import Matching
from coding_app.agreement.events import event_statistics, f1_statistic
from coding_app.agreement.matrix import FloatArray
from coding_app.agreement.session_statistics import (
    ONE_SESSION,
    Comparison,
    Draws,
    SessionStatistic,
    session_estimates,
)
from coding_app.agreement.stretches import SpanCoding, numbered_sessions
from coding_app.agreement.timeline import Rows, code_lengths, overlapping_ms, timeline, timelines
from coding_app.agreement.tolerance import tolerance_statistics
from coding_app.agreement.unitized import unitized_alpha_of_code, unitized_statistics
from coding_app.errors import InputError

LOW_SHARE = 0.05
TOLERANCES_MS = (0, 250, 500, 1000, 1500, 2000, 3000, 5000, 10000)
_SEVERAL_CODES = "Several codes may hold at a time: choose one code"


@dataclass(frozen=True, slots=True)
class SpanSettings:
    """The choices that a number depends on; each is in the note of its estimate.

    matching: None = starts within tolerance_ms for moments, overlap of half the longer one for spans.
    """

    bin_ms: int = 1000
    tolerance_ms: int = 2000
    grain_ms: int = 100
    matching: Matching | None = None

    def matching_of(self, coding: SpanCoding) -> Matching:
        """How events of this criterion are matched."""
        by_default = Matching("onset" if coding.moments else "overlap", self.tolerance_ms)
        return self.matching or by_default


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Agreement at one tolerance: tolerance_agreement, tolerance_kappa and event_f1 (starts within it)."""

    tolerance_ms: int
    estimates: tuple[Estimate, ...]

    def estimate(self, statistic: str) -> Estimate | None:
        """The estimate of this statistic."""
        return next((each for each in self.estimates if each.statistic == statistic), None)


def assess_spans(
    coding: SpanCoding, *, settings: SpanSettings | None = None, draws: Draws | None = None
) -> tuple[Assessment, ...]:
    """The whole criterion first, then (with more than one code) each code against everything else.

    Which statistics: docs/reference/agreement-time.md. An undefined one has value None and the reason as note.
    The intervals draw whole sessions again; with one session there is none.
    Raises InputError when no recording was coded by two coders.
    """
    chosen, drawn = settings or SpanSettings(), draws or Draws()
    _check_compared(coding)
    rows = timelines(coding)
    whole = _assessment(coding, coding.criterion, _statistics(coding, rows, chosen), drawn)
    if len(coding.codes) == 1:
        return (whole,)
    return whole, *(_of_code(coding, rows, code, chosen, drawn) for code in coding.codes)


def span_estimates(
    coding: SpanCoding, settings: SpanSettings | None = None, draws: Draws | None = None
) -> tuple[Estimate, ...]:
    """Every statistic that is defined for this criterion as a whole (or for one code: `coding.of_code`)."""
    _check_compared(coding)
    rows = timelines(coding)
    statistics = _statistics(coding, rows, settings or SpanSettings())
    return session_estimates(statistics, _comparison(coding), draws or Draws())


def tolerance_curve(
    coding: SpanCoding, tolerances_ms: Sequence[int] = TOLERANCES_MS, draws: Draws | None = None
) -> tuple[CurvePoint, ...]:
    """Agreement at each tolerance, so that nobody has to defend a single one.

    Events are matched by their starts, with the same code; the agreement in time and F1 never fall when the
    tolerance grows. Kappa is undefined where several codes may hold at a time (use `coding.of_code`).
    Intervals and errors as `assess_spans`.
    """
    _check_compared(coding)
    comparison, rows, points = _comparison(coding), timelines(coding), []
    for tolerance_ms in sorted(set(tolerances_ms)):
        in_time = tolerance_statistics(coding, rows, tolerance_ms) if coding.exclusive else [_no_kappa()]
        f1 = f1_statistic(coding, Matching("onset", tolerance_ms))
        points.append(
            CurvePoint(tolerance_ms, session_estimates([*in_time, f1], comparison, draws or Draws()))
        )
    return tuple(points)


def _of_code(coding: SpanCoding, rows: Rows, code: str, settings: SpanSettings, draws: Draws) -> Assessment:
    alone = coding.of_code(code)
    rows_alone = timelines(alone)
    statistics = _statistics(alone, rows_alone, settings)
    if coding.exclusive and not coding.moments:
        statistics.append(unitized_alpha_of_code(coding, rows, code, settings.grain_ms))
    return _assessment(alone, f"{coding.criterion}: {code}", statistics, draws)


def _statistics(coding: SpanCoding, rows: Rows, settings: SpanSettings) -> list[SessionStatistic]:
    found: list[SessionStatistic] = []
    if not coding.moments:
        found += time_statistics(coding, exact_samples(coding, rows), "time_unit")
    bins = f"bins of {settings.bin_ms} ms"
    found += time_statistics(coding, grid_samples(coding, rows, settings.bin_ms), "grid", bins)
    if coding.exclusive:
        found += tolerance_statistics(coding, rows, settings.tolerance_ms)
    found += event_statistics(coding, settings.matching_of(coding))
    if coding.exclusive and not coding.moments:
        found += unitized_statistics(coding, rows, settings.grain_ms)
    return found


def _assessment(
    coding: SpanCoding, criterion: str, statistics: list[SessionStatistic], draws: Draws
) -> Assessment:
    comparison = _comparison(coding)
    n_events = sum(len(drawn) for each in coding.compared for drawn in each.by_coder.values())
    return Assessment(
        criterion=criterion,
        level="nominal",
        n_units=n_events,
        n_coders=comparison.n_coders,
        n_sessions=comparison.n_sessions,
        prevalence=comparison.prevalence,
        estimates=session_estimates(statistics, comparison, draws),
        warnings=_warnings(coding, comparison, draws),
        n_pairable_sessions=comparison.n_compared,
    )


def _comparison(coding: SpanCoding) -> Comparison:
    n_sessions, n_compared = numbered_sessions(coding.recordings)[1], numbered_sessions(coding.compared)[1]
    return Comparison(n_sessions, n_compared, len(coding.coders), _prevalence(coding))


def _prevalence(coding: SpanCoding) -> tuple[Prevalence, ...]:
    """Spans: how much of the time each coder gave each code (n_units: ms); moments: which share of the events."""
    found = []
    for coder in coding.coders:
        mine = [each for each in coding.recordings if coder in each.by_coder]
        events = [event for each in mine for event in each.by_coder[coder]]
        if coding.moments:
            n = len(events)
            shares = {code: sum(e.code == code for e in events) / n if n else 0.0 for code in coding.codes}
        else:
            n = sum(each.duration_ms for each in mine)
            shares = _shares_of_time(coding, coder)
        found.append(Prevalence(coder, n, shares))
    return tuple(found)


def _shares_of_time(coding: SpanCoding, coder: str) -> dict[str, float]:
    mine = [each for each in coding.recordings if coder in each.by_coder]
    rows = [timeline(coding, each.by_coder[coder], each.duration_ms) for each in mine]
    lengths = np.sum([code_lengths(coding, row) for row in rows], axis=0)
    shares = lengths / sum(each.duration_ms for each in mine)
    return dict(zip((*coding.codes, "none"), shares.tolist(), strict=True))


def _warnings(coding: SpanCoding, comparison: Comparison, draws: Draws) -> tuple[str, ...]:
    found = list(comparison.resampling(draws).warnings)
    if draws.replicates and comparison.n_compared < 2:
        found.append(ONE_SESSION[0].upper() + ONE_SESSION[1:])
    if coding.exclusive and (overlap := overlapping_ms(coding)):
        found.append(
            f"Spans of one observer with different codes overlap for {overlap / 1000:g} s in all, though the "
            "criterion allows one code at a time: there the span that started later counts"
        )
    if len(coding.codes) == 1 and not coding.moments:
        shares = [each.shares[coding.codes[0]] for each in comparison.prevalence]
        if 0 < max(shares) < LOW_SHARE:
            found.append(
                f"This code covers at most {100 * max(shares):.1f} % of any observer's time: kappa and alpha are "
                "unstable here; read them together with AC1, positive agreement and F1"
            )
    return tuple(found)


def _no_kappa() -> SessionStatistic:
    def of(weights: FloatArray) -> FloatArray:
        return np.full(len(weights), np.nan)

    return SessionStatistic("tolerance_kappa", of, _SEVERAL_CODES, 0, 0)


def _check_compared(coding: SpanCoding) -> None:
    if not coding.compared:
        raise InputError("No recording was coded by two observers; agreement needs at least one that was")
