"""What is still missing or contradictory in the spans that a coder drew for one criterion."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from coding_app.domain.coding import Judgement
from coding_app.domain.scheme import Criterion, UnitKind
from coding_app.domain.spans import Stretch, rows_by_role
from coding_app.domain.times import clock
from coding_app.domain.units import Unit

Fault = tuple[Unit, str]


def span_faults(
    held: Sequence[Judgement], criterion: Criterion, kind: UnitKind, session: Unit
) -> Iterator[Fault]:
    """The units with something missing, each with a sentence.

    held: the criterion's judgements. session: the whole recording, which stands for what is missing altogether.
    """
    roles = {code.id: code.role for code in criterion.codes}
    drawn = [Stretch(each.unit, each.codes) for each in held if each.codes]
    if criterion.exhaustive and not drawn:
        yield session, f"{criterion.label}: mark where it begins, at least once."
    if kind.mark == "span":
        yield from _open(drawn, criterion)
        if criterion.exclusive:
            for row in rows_by_role(drawn, roles).values():
                yield from _overlapping(row, criterion)
    elif kind.mark == "start":
        for row in rows_by_role(drawn, roles).values():
            yield from _without_length(row, criterion, session)


def _named(each: Stretch, criterion: Criterion) -> str:
    labels = {code.id: code.label for code in criterion.codes}
    return f"{labels[each.codes[0].code]} at {clock(each.unit.span.start_ms)}"


def _open(drawn: list[Stretch], criterion: Criterion) -> Iterator[Fault]:
    for each in drawn:
        if each.unit.span.duration_ms == 0:
            yield each.unit, f"{_named(each, criterion)} has no end; mark it."


def _overlapping(row: list[Stretch], criterion: Criterion) -> Iterator[Fault]:
    """row: of one role, by start. Each is held against that one before it which lasts longest."""
    longest: Stretch | None = None
    for each in row:
        span = each.unit.span
        if span.duration_ms == 0:
            continue
        if longest is not None and longest.unit.span.overlap_ms(span):
            before = _named(longest, criterion)
            yield (
                each.unit,
                f"{_named(each, criterion)} overlaps with {before}; move an edge, or remove one.",
            )
        if longest is None or span.end_ms > longest.unit.span.end_ms:
            longest = each


def _without_length(row: list[Stretch], criterion: Criterion, session: Unit) -> Iterator[Fault]:
    for each, following in pairwise(row):
        if each.unit.span.start_ms == following.unit.span.start_ms:
            other = _named(following, criterion).partition(" at ")[0]
            yield each.unit, f"{_named(each, criterion)} begins together with {other}; keep one of them."
    if row and row[-1].unit.span.start_ms >= session.span.end_ms:
        yield row[-1].unit, f"{_named(row[-1], criterion)} begins where the recording ends; remove it."
