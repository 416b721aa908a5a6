"""Consensus: what independent passes on one recording say alike, where they differ, and what a ruling overturned.

A consensus is a coding pass of its own; nothing here changes what it is made from. In it a judgement with a note is a
ruling, the note its reason; one without a note was merged, because all passes said the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from coding_app.domain.coding import AppliedCode, Judgement
from coding_app.domain.rules import MAX_LINKS, Judgements
from coding_app.domain.scheme import EVIDENCE, Scheme
from coding_app.domain.times import Span
from coding_app.domain.units import Unit, is_drawn

TOLERANCE_MS = 2000  # two people never stop the tape at the same moment: edges this near are one

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A pass that a consensus is made from, and what holds in it.

    keys: (unit key, criterion) of what was drawn -> the key that the same thing has in the consensus.
    """

    id: str
    judgements: Judgements
    keys: Mapping[Key, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """One criterion or rating on one unit, where at least one source says something.

    said: source -> what it says, without its note, its links as the consensus calls what they lead to; None: nothing.
    agreed: what all say; None where they differ.
    """

    unit: Unit
    criterion: str
    said: Mapping[str, Judgement | None]
    agreed: Judgement | None

    @property
    def key(self) -> Key:
        """Where it stands in the consensus."""
        return self.unit.key, self.criterion


@dataclass(frozen=True, slots=True)
class Overturned:
    """A ruling that differs from what one source says. said: None for nothing. ruling: with the reason as its note."""

    said: Judgement | None
    ruling: Judgement


def places(scheme: Scheme, sources: Sequence[Source]) -> tuple[Place, ...]:
    """All that the sources judged of the scheme's criteria and ratings, in the order of time, ratings at the end.

    Remarks, notes and what was cleared are nobody's judgement. Codes agree when they have the same attributes and
    lead to the same moments; drawn units when both their edges lie within TOLERANCE_MS, and then the middle of the
    edges counts. The evidence for a rating is put together: it is no part of the judgement.
    """
    ratings = [each.id for each in scheme.ratings]
    order = {each: at for at, each in enumerate([each.id for each in scheme.criteria] + ratings)}
    said: dict[Key, dict[str, Judgement]] = {}
    for source in sources:
        names = {unit: key for (unit, _), key in source.keys.items()}
        for held in source.judgements.values():
            if held.criterion in order and says_something(held):
                mine = _in_the_consensus(held, source, names)
                said.setdefault((mine.unit.key, mine.criterion), {})[source.id] = mine
    found = [_place(criterion, there, sources) for (_, criterion), there in said.items()]
    return tuple(
        sorted(
            found,
            key=lambda each: (
                each.criterion in ratings,
                each.unit.span,
                order[each.criterion],
                each.unit.key,
            ),
        )
    )


def changes(found: Sequence[Place], present: Judgements) -> tuple[Judgement, ...]:
    """What must be set in the consensus so that it holds all that is agreed; without codes and value: to be cleared.

    present: what the consensus holds. Rulings are kept, also where the sources agree by now.
    """
    agreed = {each.key: each.agreed for each in found if each.agreed is not None}
    gone = [
        Judgement(held.unit, held.criterion, ())
        for key, held in present.items()
        if key not in agreed and not is_ruling(held)
    ]
    new = [
        held
        for key, held in agreed.items()
        if key not in present or not (is_ruling(present[key]) or present[key] == held)
    ]
    return (*gone, *new)


def is_ruling(held: Judgement | None) -> bool:
    """Whether somebody decided it, and did not only find it agreed."""
    return held is not None and bool(held.note)


def differing(found: Sequence[Place], present: Judgements) -> tuple[Place, ...]:
    """Where the sources differ, ruled on or not, and what was ruled on though they agree by now."""
    return tuple(each for each in found if each.agreed is None or is_ruling(present.get(each.key)))


def unruled(found: Sequence[Place], present: Judgements) -> tuple[Place, ...]:
    """The differences that are left."""
    return tuple(each for each in found if each.agreed is None and not is_ruling(present.get(each.key)))


def overturned(found: Sequence[Place], present: Judgements, source_id: str) -> tuple[Overturned, ...]:
    """The rulings that say something else than this source, in the order of the places found."""
    said = {each.key: each.said.get(source_id) for each in found}
    order = {key: number for number, key in enumerate(said)}
    rulings = sorted(
        (each for each in present.values() if is_ruling(each)),
        key=lambda each: (order.get((each.unit.key, each.criterion), len(order)), each.unit.span),
    )
    return tuple(
        Overturned(said.get((each.unit.key, each.criterion)), each)
        for each in rulings
        if not alike(said.get((each.unit.key, each.criterion)), each)
    )


def says_something(held: Judgement | None) -> bool:
    """Whether it is more than nothing, a note, or the evidence for a rating that was not given."""
    return held is not None and (held.value is not None or any(each.code != EVIDENCE for each in held.codes))


def alike(*held: Judgement | None) -> bool:
    """Whether they all say the same of one unit."""
    if len({_content(each) for each in held}) > 1:
        return False
    spans = [each.unit.span for each in held if each is not None and is_drawn(each.unit.key)]
    return not says_something(held[0]) or len(spans) < 2 or _near(spans)


def _near(spans: Sequence[Span]) -> bool:
    starts, ends = [each.start_ms for each in spans], [each.end_ms for each in spans]
    return max(starts) - min(starts) <= TOLERANCE_MS and max(ends) - min(ends) <= TOLERANCE_MS


def _content(held: Judgement | None) -> object:
    """What is compared: a value, or the codes with their attributes and links, in whatever order."""
    if held is None or not says_something(held):
        return None
    codes = frozenset(
        (each.code, frozenset(each.attributes.items()), frozenset(each.links))
        for each in held.codes
        if each.code != EVIDENCE
    )
    return held.value, codes


def _in_the_consensus(held: Judgement, source: Source, names: Mapping[str, str]) -> Judgement:
    """As the consensus calls the unit and the moments that are linked to."""
    codes = tuple(
        replace(each, links=tuple(names.get(link, link) for link in each.links)) for each in held.codes
    )
    key = source.keys.get((held.unit.key, held.criterion), held.unit.key)
    return replace(held, unit=Unit(key, held.unit.span), codes=codes, note=None)


def _place(criterion: str, there: Mapping[str, Judgement], sources: Sequence[Source]) -> Place:
    said = {each.id: there.get(each.id) for each in sources}
    first = next(iter(there.values()))
    agreed = _merged(list(there.values())) if alike(*said.values()) else None
    return Place(agreed.unit if agreed else first.unit, criterion, said, agreed)


def _merged(held: Sequence[Judgement]) -> Judgement:
    """Of judgements that say the same: the middle of drawn edges, and the evidence of all."""
    first = held[0]
    unit = first.unit
    if is_drawn(unit.key):
        starts, ends = [each.unit.span.start_ms for each in held], [each.unit.span.end_ms for each in held]
        unit = Unit(unit.key, Span(sum(starts) // len(held), sum(ends) // len(held)))
    codes = [each for each in first.codes if each.code != EVIDENCE]
    evidence = tuple(dict.fromkeys(_evidence(held)))[:MAX_LINKS]
    if evidence:
        codes.append(AppliedCode(EVIDENCE, {}, evidence))
    return replace(first, unit=unit, codes=tuple(codes))


def _evidence(held: Sequence[Judgement]) -> Iterator[str]:
    for each in held:
        for code in each.codes:
            if code.code == EVIDENCE:
                yield from code.links
