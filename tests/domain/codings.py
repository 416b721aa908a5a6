"""What the tests of rules and gaps say about a short transcript, with the two schemes that come along."""

from dataclasses import replace
from typing import Any

from coding_app.domain.coding import AppliedCode, CodingEvent
from coding_app.domain.times import Span
from coding_app.domain.units import Unit
from coding_app.schemes import BUILT_IN, load_scheme
from tests.builders import a_transcript, a_unit, an_event

SCHEME = load_scheme(BUILT_IN / "alliance-core.yaml")
FLOW = load_scheme(BUILT_IN / "session-flow.yaml")
CODES = {code.id: code for scheme in (SCHEME, FLOW) for code in scheme.codes}
ATTRIBUTES: dict[str, int | str] = {
    "intensity": 2,
    "certainty": 1,
    "facet": "task",
    "outcome": 0,
    "who": "client",
}
TRANSCRIPT = a_transcript("recording", n_segments=4)  # 16 seconds; therapist and client take turns
LONG = replace(TRANSCRIPT, duration_ms=660_000)  # 11 minutes: two blocks, the last one of 6 minutes
SESSION = Unit("session", Span(0, 16_000))
BLOCK = Unit("b-0001", Span(0, 16_000))
CLIENTS, THERAPISTS = a_unit(2), a_unit(1)
NOT_APPLICABLE = (AppliedCode("not_applicable"),)


def complete(code: str) -> AppliedCode:
    """The code with a value for each of its attributes."""
    return AppliedCode(code, {name: ATTRIBUTES[name] for name in CODES[code].attributes})


def coded(
    *codes: AppliedCode | str, unit: Unit = CLIENTS, criterion: str = "rupture", **given: Any
) -> CodingEvent:
    """One criterion of Alliance Core set on a segment; of codes by name each attribute is filled in."""
    applied = tuple(complete(code) if isinstance(code, str) else code for code in codes)
    return an_event("pass", unit=unit, criterion=criterion, codes=applied, **given)


def rated(rating: str, value: int | None = None, unit: Unit = SESSION, **given: Any) -> CodingEvent:
    """A rating of the session, unless another unit is named."""
    return an_event("pass", **({"unit": unit, "criterion": rating, "codes": (), "value": value} | given))


def drawn(number: int, start_ms: int, end_ms: int | None = None) -> Unit:
    """A unit drawn by the coder; without an end it is a moment, a start, or a span that is still open."""
    return Unit(f"x-{number:032x}", Span(start_ms, start_ms if end_ms is None else end_ms))


def flow(code: str, unit: Unit, *links: str, **given: Any) -> CodingEvent:
    """A code of Session Flow on a drawn unit, with its attributes."""
    applied = replace(complete(code), links=links)
    return coded(applied, unit=unit, criterion=CODES[code].criterion, **given)


def remark(*codes: str, unit: Unit = CLIENTS, **given: Any) -> CodingEvent:
    """Flags and doubts on a unit."""
    return an_event("pass", unit=unit, criterion="remark", codes=tuple(map(AppliedCode, codes)), **given)


def evidence(rating: str, *links: str, value: int | None = None, **given: Any) -> CodingEvent:
    """A rating with the moments that it rests on."""
    return rated(rating, value, codes=(AppliedCode("evidence", {}, links),), **given)
