"""Figures per session that a scheme derives from what one observer gave: a closed list, nothing is evaluated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from coding_app.domain.coding import AppliedCode, Judgement
from coding_app.domain.rules import Judgements, units_of
from coding_app.domain.scheme import Derived, Scheme
from coding_app.domain.transcript import Transcript

MS_PER_HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One derived measure of one pass. value: None where it is undefined; note: then why."""

    measure: Derived
    value: float | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class _Given:
    """All events of a pass: each code where it was given, and the values of ratings."""

    scheme: Scheme
    transcript: Transcript
    events: tuple[tuple[Judgement, AppliedCode], ...]
    values: Mapping[str, tuple[int, ...]]

    def count(self, codes: tuple[str, ...]) -> int:
        """Events with one of these codes."""
        return sum(applied.code in codes for _, applied in self.events)


def derived_figures(scheme: Scheme, transcript: Transcript, judgements: Judgements) -> tuple[Figure, ...]:
    """Every derived measure of the scheme for one pass, in the order of the scheme.

    An event is one code on one unit. judgements: what holds in the pass, by (unit key, criterion or rating id).
    A measure without anything to be made of (nothing to divide by) has no value but a note.
    """
    known = {code.id for code in scheme.codes}
    events = tuple(
        (held, applied) for held in judgements.values() for applied in held.codes if applied.code in known
    )
    values: dict[str, tuple[int, ...]] = {}
    for held in judgements.values():
        if held.value is not None:
            values[held.criterion] = (*values.get(held.criterion, ()), held.value)
    given = _Given(scheme, transcript, events, values)
    return tuple(_OPERATIONS[each.op](each, given) for each in scheme.derived)


def _counted(measure: Derived, given: _Given) -> Figure:
    return Figure(measure, float(given.count(measure.of)))


def _per_hour(measure: Derived, given: _Given) -> Figure:
    duration_ms = given.transcript.duration_ms
    if not duration_ms:
        return Figure(measure, None, "The recording has no length.")
    return Figure(measure, given.count(measure.of) * MS_PER_HOUR / duration_ms)


def _ratio(measure: Derived, given: _Given) -> Figure:
    of, against = given.count(measure.of), given.count(measure.against)
    if not against:
        return Figure(measure, None, f"None of these was coded: {_labels(measure.against, given)}.")
    return Figure(measure, of / against)


def _balance(measure: Derived, given: _Given) -> Figure:
    plus, minus = given.count(measure.of), given.count(measure.against)
    if not plus + minus:
        both = _labels((*measure.of, *measure.against), given)
        return Figure(measure, None, f"None of these was coded: {both}.")
    return Figure(measure, (plus - minus) / (plus + minus))


def _linked_share(measure: Derived, given: _Given) -> Figure:
    (link,) = (each for each in given.scheme.links if each.id == measure.link)
    targets = {key for _, applied in given.events if applied.code in link.from_codes for key in applied.links}
    pointed_at = [held.unit.key in targets for held, applied in given.events if applied.code in measure.of]
    if not pointed_at:
        return Figure(measure, None, f"None of these was coded: {_labels(measure.of, given)}.")
    return Figure(measure, sum(pointed_at) / len(pointed_at))


def _mean_rating(measure: Derived, given: _Given) -> Figure:
    values = [value for name in measure.of for value in given.values.get(name, ())]
    if not values:
        return Figure(measure, None, "None of its ratings was given.")
    return Figure(measure, sum(values) / len(values))


def _per_cent(measure: Derived, given: _Given) -> Figure:
    kind = given.scheme.unit(measure.unit or "")
    units = units_of(kind, given.transcript)
    if not units:
        return Figure(measure, None, f"The recording has no {kind.label.lower()}.")
    starts = [held.unit.span.start_ms for held, applied in given.events if applied.code in measure.of]
    holding = [
        any(unit.span.start_ms <= start < max(unit.span.end_ms, unit.span.start_ms + 1) for start in starts)
        for unit in units
    ]
    return Figure(measure, 100 * sum(holding) / len(holding))


def _labels(ids: tuple[str, ...], given: _Given) -> str:
    labels = {code.id: code.label for code in given.scheme.codes}
    return ", ".join(labels[each] for each in ids)


_OPERATIONS: dict[str, Callable[[Derived, _Given], Figure]] = {
    "count": _counted,
    "rate_per_hour": _per_hour,
    "ratio": _ratio,
    "share": _ratio,
    "balance": _balance,
    "linked_share": _linked_share,
    "mean_rating": _mean_rating,
    "per_cent_of": _per_cent,
}
OPERATIONS = tuple(_OPERATIONS)
