"""Spans that observers draw: which of them hold, and where those end of which only the start was logged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from coding_app.domain.coding import AppliedCode, Judgement
from coding_app.domain.scheme import Criterion, UnitKind
from coding_app.domain.times import Span
from coding_app.domain.units import Unit


@dataclass(frozen=True, slots=True)
class Stretch:
    """A unit from its start to its end (derived where only starts are logged) with the codes that hold on it."""

    unit: Unit
    codes: tuple[AppliedCode, ...]


def stretches(
    judgements: Mapping[tuple[str, str], Judgement], criterion: Criterion, kind: UnitKind, duration_ms: int
) -> tuple[Stretch, ...]:
    """The spans of one criterion that hold, sorted by start, then end, then unit key.

    judgements: of a pass, by (unit key, criterion); those of other criteria and those without a code of this
    criterion (a note alone) are left out. kind: of the criterion's unit. duration_ms: length of the recording.
    The rules, which spans.js follows too (tests/fixtures/span_cases.json runs on both):

    - mark "point": one stretch per judgement, with all its codes, as stored.
    - mark "span": the same, but a span whose end is its start is still open and left out.
    - mark "start": each role has a row of starts of its own. A judgement with codes of two roles is a start in
      both rows, so it gives one stretch per role. In a row, sorted by start and then by unit key, every start
      lasts to the next one and the last one to duration_ms. A stretch without length is left out: of two
      starts at one time the one with the smaller key, and a start at the very end. Removing a start in the
      middle therefore lengthens the one before it.
    - stretches of one unit with the same end (two roles) stand in the order of its codes.
    """
    roles = {code.id: code.role for code in criterion.codes}
    held = [
        Stretch(each.unit, codes)
        for each in judgements.values()
        if each.criterion == criterion.id
        and (codes := tuple(code for code in each.codes if code.code in roles))
    ]
    if kind.mark == "start":
        held = list(_until_the_next(held, roles, duration_ms))
    elif kind.mark == "span":
        held = [each for each in held if each.unit.span.duration_ms > 0]
    return tuple(sorted(held, key=lambda each: (each.unit.span, each.unit.key)))


def rows_by_role(spans: list[Stretch], roles: Mapping[str, str]) -> dict[str, list[Stretch]]:
    """Per role the units that carry a code of it, with that role's codes, by start and then unit key.

    roles: code -> role; every code must be in it.
    """
    rows: dict[str, list[Stretch]] = {}
    for each in sorted(spans, key=lambda one: (one.unit.span.start_ms, one.unit.key)):
        for role in dict.fromkeys(roles[code.code] for code in each.codes):
            mine = tuple(code for code in each.codes if roles[code.code] == role)
            rows.setdefault(role, []).append(Stretch(each.unit, mine))
    return rows


def _until_the_next(starts: list[Stretch], roles: Mapping[str, str], duration_ms: int) -> Iterator[Stretch]:
    for row in rows_by_role(starts, roles).values():
        ends = [*(each.unit.span.start_ms for each in row[1:]), duration_ms]
        for each, end_ms in zip(row, ends, strict=True):
            start_ms = each.unit.span.start_ms
            if end_ms > start_ms:
                yield Stretch(Unit(each.unit.key, Span(start_ms, end_ms)), each.codes)
