"""How many more sessions must be double-coded for an interval of a wished width, from the study's own data."""

from dataclasses import dataclass
from math import ceil

from coding_app.agreement.estimate import Estimate
from coding_app.agreement.resampling import FEW_SESSIONS
from coding_app.errors import InputError

METHOD = (
    "The standard error of the coefficient, from drawing whole sessions of this study again, shrinks with the "
    "square root of the number of double-coded sessions; the interval is taken as symmetric and normal."
)
ASSUMPTIONS = (
    "New sessions resemble those coded so far: same prevalence, same length, same observers, same differences "
    "between sessions.",
    "Agreement itself stays as it is; more training or other observers change it.",
)
SOURCE = (
    "Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 6 and 13; Field & Welsh (2007), JRSS B 69, "
    "369-390, for whole clusters; Kish (1965), Survey Sampling, for the design effect"
)
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Plan:
    """What must be double-coded so that the interval of `statistic` is `wished_width` wide (high - low).

    per: "sessions", or "units" where the study has fewer than two double-coded sessions to learn from.
    n_now, n_needed, n_more: of these. expected_width_now: by the same formula, at the n of now.
    n_units_needed: units that the needed sessions hold, at the units per session of now.
    design_effect: how many times larger the squared error is than if single units were independent, or None.
    n_units_if_independent: what would be needed if they were (n_units_needed / design effect), or None.
    notes: what to know about this plan, in sentences.
    """

    statistic: str
    confidence: float
    wished_width: float
    expected_width_now: float
    per: str
    n_now: int
    n_needed: int
    n_more: int
    n_units_now: int
    n_units_needed: int
    design_effect: float | None
    n_units_if_independent: int | None
    method: str = METHOD
    assumptions: tuple[str, ...] = ASSUMPTIONS
    source: str = SOURCE
    notes: tuple[str, ...] = ()


def plan(estimate: Estimate, wished_width: float) -> Plan | None:
    """The plan for one estimate of an assessment with replicates; None where it has no standard error to go by.

    wished_width: high - low of the interval at the estimate's confidence, for example 0.2.
    n_needed = ceil(n_now * (expected width now / wished width)^2), expected width = 2 z se sqrt(n / (n - 1)): the last
    factor because a bootstrap of n sessions understates their spread.
    Raises InputError for a width that is not between 0 and 2.
    """
    if not 0 < wished_width < 2:
        raise InputError(f"The width of an interval lies between 0 and 2, not {wished_width:g}; 0.2 is usual")
    per, n_now = ("sessions", estimate.n_pairable_sessions)
    if estimate.resampled != "sessions":
        per, n_now = "units", estimate.n_units
    if estimate.value is None or not estimate.standard_error or n_now < 2:
        return None
    width_now = _width(estimate.standard_error, n_now, estimate.confidence)
    n_needed = max(2, ceil(n_now * (width_now / wished_width) ** 2 - _ROUNDING))
    units_needed = ceil(n_needed * estimate.n_units / n_now - _ROUNDING)
    effect = estimate.design_effect
    return Plan(
        statistic=estimate.statistic,
        confidence=estimate.confidence,
        wished_width=wished_width,
        expected_width_now=width_now,
        per=per,
        n_now=n_now,
        n_needed=n_needed,
        n_more=max(0, n_needed - n_now),
        n_units_now=estimate.n_units,
        n_units_needed=units_needed,
        design_effect=effect,
        n_units_if_independent=None if not effect else ceil(units_needed / effect - _ROUNDING),
        notes=_notes(per, n_now, n_needed),
    )


def _width(standard_error: float, n: int, confidence: float) -> float:
    from scipy.special import ndtri

    z = float(ndtri((1 + confidence) / 2))
    return float(2 * z * standard_error * (n / (n - 1)) ** 0.5)


def _notes(per: str, n_now: int, n_needed: int) -> tuple[str, ...]:
    notes = []
    if per == "units":
        notes.append(
            "Only one session was double-coded, so nothing is known about differences between sessions: the number "
            "of units takes them as independent and is probably far too small"
        )
    elif n_now < FEW_SESSIONS:
        notes.append(f"This rests on {n_now} double-coded sessions and is rough; plan again after more")
    if per == "sessions" and n_needed < FEW_SESSIONS:
        notes.append(
            f"An interval from fewer than {FEW_SESSIONS} sessions is rough whatever its width: double-code "
            f"{FEW_SESSIONS}"
        )
    return tuple(notes)
