"""What is still missing before a pass can be submitted."""

from collections.abc import Iterator
from dataclasses import dataclass

from coding_app.domain.coding import AppliedCode, Judgement
from coding_app.domain.link_gaps import Given, given_codes, link_faults
from coding_app.domain.rules import Judgements, units_of
from coding_app.domain.scheme import NOT_APPLICABLE, Attribute, Code, Criterion, Rating, Scheme
from coding_app.domain.span_gaps import span_faults
from coding_app.domain.times import clock
from coding_app.domain.transcript import Transcript
from coding_app.domain.units import SESSION_KEY, Unit, session_unit
from coding_app.errors import CodingError


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing before submit: the unit's key, the criterion's or rating's id, a sentence."""

    unit: str
    criterion: str
    sentence: str


class GapsError(CodingError):
    """A pass cannot be submitted yet; gaps says what is missing, in the order of time, never empty."""

    def __init__(self, gaps: tuple[Gap, ...]) -> None:
        more = f" And {len(gaps) - 1} more." if len(gaps) > 1 else ""
        super().__init__(f"This pass cannot be submitted yet: {gaps[0].sentence}{more}")
        self.gaps = gaps


def gaps(scheme: Scheme, transcript: Transcript, judgements: Judgements) -> tuple[Gap, ...]:
    """What is missing before a pass with these judgements can be submitted; empty = nothing.

    Missing are: required attributes and links of codes that were given, links that do not lead where the scheme
    says, ends of drawn spans, codes of an exhaustive criterion, and ratings. Spans of an exclusive criterion and
    role must not overlap. A rating with `not_applicable_if_no` is missing only where one of those codes was given.
    judgements: by (unit key, criterion or rating id). Codes and spans come first, in the order of time.
    """
    found: list[tuple[Unit, str, str]] = []
    given = given_codes(judgements)
    for criterion in scheme.criteria:
        kind = scheme.unit(criterion.unit)
        if kind.kind == "span":
            held = [each for each in judgements.values() if each.criterion == criterion.id]
            faults = span_faults(held, criterion, kind, session_unit(transcript.duration_ms))
            found += [(unit, criterion.id, sentence) for unit, sentence in faults]
        else:
            units = units_of(kind, transcript)
            held = [one for unit in units if (one := judgements.get((unit.key, criterion.id)))]
            found += _uncoded(criterion, units, held)
        for each in held:
            found += [
                (each.unit, criterion.id, sentence)
                for sentence in _code_faults(each, criterion, scheme, given)
            ]
    found.sort(key=lambda each: (each[0].span, each[0].key))
    missing = [Gap(unit.key, criterion_id, sentence) for unit, criterion_id, sentence in found]
    for rating in scheme.ratings:
        for unit in units_of(scheme.unit(rating.unit), transcript):
            missing += _rating_gaps(unit, rating, scheme, judgements)
    return tuple(missing)


def _uncoded(
    criterion: Criterion, units: tuple[Unit, ...], held: list[Judgement]
) -> Iterator[tuple[Unit, str, str]]:
    coded = {each.unit.key for each in held if each.codes}
    for unit in units:
        if criterion.exhaustive and unit.key not in coded:
            at = clock(unit.span.start_ms)
            yield unit, criterion.id, f"{criterion.label} at {at}: choose a code."


def _code_faults(held: Judgement, criterion: Criterion, scheme: Scheme, given: Given) -> Iterator[str]:
    known = {code.id: code for code in criterion.codes}
    for applied in held.codes:
        code = known[applied.code]
        what = f"{code.label} at {clock(held.unit.span.start_ms)}"
        missing = missing_attributes(applied, code, scheme)
        if missing:
            yield f"{what}: choose {_listed(missing)}."
        for fault in link_faults(applied, held.unit, scheme.links_from(code.id), given):
            yield f"{what}{fault}"


def missing_attributes(applied: AppliedCode, code: Code, scheme: Scheme) -> list[str]:
    """The labels of what the scheme asks after this code and nobody has answered."""
    asked: list[Attribute] = [scheme.attribute(name) for name in code.attributes]
    return [each.label.lower() for each in asked if each.required and each.id not in applied.attributes]


def _listed(words: list[str]) -> str:
    quoted = [f"'{word}'" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _rating_gaps(unit: Unit, rating: Rating, scheme: Scheme, judgements: Judgements) -> Iterator[Gap]:
    held = judgements.get((unit.key, rating.id))
    if held is not None and held.value is not None:
        return
    where = (
        "" if unit.key == SESSION_KEY else f" from {clock(unit.span.start_ms)} to {clock(unit.span.end_ms)}"
    )
    first = _first_of(rating.not_applicable_if_no, scheme, judgements, unit)
    if rating.not_applicable_if_no and first is None:
        return
    declined = held is not None and any(each.code == NOT_APPLICABLE for each in held.codes)
    if declined and first is not None:
        code, at_ms = first
        reason = (
            f"is marked as not applicable, but '{code.label}' was coded at {clock(at_ms)}; choose a value."
        )
        yield Gap(unit.key, rating.id, f"{rating.label}{where} {reason}")
    else:
        yield Gap(unit.key, rating.id, f"{rating.label}{where} is not rated; choose a value.")


def _first_of(
    codes: tuple[str, ...], scheme: Scheme, judgements: Judgements, within: Unit
) -> tuple[Code, int] | None:
    """The earliest of these codes that was given inside a unit, and when (ms)."""
    known = {code.id: code for code in scheme.codes}
    given = [
        (held.unit.span.start_ms, number, known[applied.code])
        for number, held in enumerate(judgements.values())
        for applied in held.codes
        if applied.code in codes
        and within.span.start_ms <= held.unit.span.start_ms < max(within.span.end_ms, 1)
    ]
    if not given:
        return None
    at_ms, _, code = min(given, key=lambda each: each[:2])
    return code, at_ms
