"""Which of the units that observers drew are the same one, so that what they say of it can be compared."""

from collections.abc import Mapping, Sequence

from coding_app.agreement.event_matching import Matching, matched_events
from coding_app.agreement.stretches import CodedStretch
from coding_app.domain.coding import Judgement
from coding_app.domain.consensus import TOLERANCE_MS, Key, is_ruling, says_something
from coding_app.domain.rules import Judgements
from coding_app.domain.scheme import Criterion, Scheme
from coding_app.domain.times import Span

MOMENTS = Matching("onset", TOLERANCE_MS, same_code=False)
SPANS = Matching("overlap", same_code=False)


def drawn_keys(
    scheme: Scheme, passes: Sequence[Judgements], present: Judgements
) -> tuple[Mapping[Key, str], ...]:
    """Per pass: (unit key, criterion) of what was drawn -> the key of the same thing in the consensus.

    passes: what holds in each, always in the same order. It is the key of the first that drew it, or of a ruling of
    the consensus on it (present). Spans are the same when half of the longer one is common, moments and starts when
    they lie within two seconds; one to one, as many as possible, as near as possible.
    """
    found: tuple[dict[Key, str], ...] = tuple({} for _ in passes)
    for criterion in scheme.criteria:
        kind = scheme.unit(criterion.unit)
        if kind.kind == "span":
            _match(criterion, SPANS if kind.mark == "span" else MOMENTS, passes, present, found)
    return found


def _match(
    criterion: Criterion,
    matching: Matching,
    passes: Sequence[Judgements],
    present: Judgements,
    found: Sequence[dict[Key, str]],
) -> None:
    things = {each.unit.key: each.unit.span for each in _of(present, criterion) if is_ruling(each)}
    for judgements, keys in zip(passes, found, strict=True):
        mine = [each for each in _of(judgements, criterion) if says_something(each)]
        keys |= {(each.unit.key, criterion.id): each.unit.key for each in mine if each.unit.key in things}
        new = [each for each in mine if (each.unit.key, criterion.id) not in keys]
        free = {key: span for key, span in things.items() if key not in set(keys.values())}
        pairs = matched_events(
            [_stretch(each.unit.span) for each in new], [_stretch(span) for span in free.values()], matching
        )
        names = list(free)
        keys |= {(new[at].unit.key, criterion.id): names[thing] for at, thing in pairs}
        for each in mine:
            key = keys.setdefault((each.unit.key, criterion.id), each.unit.key)
            if key == each.unit.key:  # what it is called after is also what the others are held against
                things[key] = each.unit.span


def _of(judgements: Judgements, criterion: Criterion) -> list[Judgement]:
    mine = [each for each in judgements.values() if each.criterion == criterion.id]
    return sorted(mine, key=lambda each: (each.unit.span, each.unit.key))


def _stretch(span: Span) -> CodedStretch:
    return CodedStretch(span.start_ms, span.end_ms, "")
