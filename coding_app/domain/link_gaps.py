"""Whether the links of a code lead where the scheme says: this repair to that rupture before it."""

from collections.abc import Iterator, Mapping

from coding_app.domain.coding import AppliedCode
from coding_app.domain.rules import Judgements
from coding_app.domain.scheme import EARLIER_SESSION, Link
from coding_app.domain.times import clock
from coding_app.domain.units import Unit

Given = Mapping[str, list[tuple[str, int]]]


def given_codes(judgements: Judgements) -> Given:
    """Per unit key the codes that were given there, each with the moment (ms) where its unit begins."""
    given: dict[str, list[tuple[str, int]]] = {}
    for held in judgements.values():
        there = given.setdefault(held.unit.key, [])
        there += [(applied.code, held.unit.span.start_ms) for applied in held.codes]
    return given


def link_faults(applied: AppliedCode, unit: Unit, links: tuple[Link, ...], given: Given) -> Iterator[str]:
    """What is missing or wrong, as the end of a sentence that begins with the code and its moment.

    unit: where the code was given. links: the relations that begin at it; a target is right when one of them
    allows it. A target in an earlier session counts as a link.
    """
    if not applied.links:
        if any(link.required for link in links):
            yield ": link it to the moment that it answers."
        return
    for key in dict.fromkeys(applied.links):
        if key != EARLIER_SESSION:
            yield from _target_fault(key, unit, links, given)
    for link in links:
        allowed = {EARLIER_SESSION} & set(link.external)
        found = {key for key in applied.links if key in allowed or _at(key, link, given)}
        if link.cardinality == "one" and len(found) > 1:
            yield " is linked to several moments, but answers one; keep one link."


def _at(key: str, link: Link, given: Given) -> list[int]:
    """Where the codes begin that this link may lead to, among those given to the unit of this key."""
    return [start_ms for code, start_ms in given.get(key, ()) if code in link.to_codes]


def _target_fault(key: str, unit: Unit, links: tuple[Link, ...], given: Given) -> Iterator[str]:
    starts = [(link, start_ms) for link in links for start_ms in _at(key, link, given)]
    if not starts:
        yield " is linked to a moment where nothing is coded that it can answer; change the link."
    elif all(link.direction == "earlier" and start_ms > unit.span.start_ms for link, start_ms in starts):
        at = clock(min(start_ms for _, start_ms in starts))
        yield f" is linked to {at}, which comes later; link it to the moment before it that it answers."
