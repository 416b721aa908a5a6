"""What an observer may say about a unit, and what is still missing before a pass can be submitted."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from coding_app.domain.coding import AppliedCode, CodingEvent, Judgement
from coding_app.domain.scheme import (
    NOT_APPLICABLE,
    Attribute,
    Code,
    Criterion,
    Rating,
    Scale,
    Scheme,
    UnitKind,
)
from coding_app.domain.times import clock
from coding_app.domain.transcript import Segment, Transcript
from coding_app.domain.units import SESSION_KEY, Unit, blocks, session_unit
from coding_app.errors import CodingError

MAX_ID = 64
MAX_NOTE = 2_000
MAX_LINKS = 50
SPEECH_KINDS = ("event", "utterance")  # kinds of unit that are segments of the transcript
RELOAD = "reload the page and code it again"

Judgements = Mapping[tuple[str, str], Judgement]


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


def code_fits(code: Code, role: str | None) -> bool:
    """Whether a code can be given to what a speaker of this role says.

    role: "therapist", "client", "other" or None = not known or no single speaker. A code of the dyad fits
    everybody, and every code fits a speaker who is neither therapist nor client or is not known.
    """
    return code.role == "dyad" or role not in ("therapist", "client") or code.role == role


def units_of(kind: UnitKind, transcript: Transcript) -> tuple[Unit, ...]:
    """All units of one kind in a transcript, in the order of time."""
    if kind.kind == "session":
        return (session_unit(transcript.duration_ms),)
    if kind.kind == "interval":
        assert kind.interval_ms is not None
        return blocks(transcript.duration_ms, kind.interval_ms, kind.keep_last_ms)
    return tuple(Unit(segment.key, segment.span) for segment in transcript.segments)


def check_event(event: CodingEvent, scheme: Scheme, transcript: Transcript) -> None:
    """Raises CodingError when an event says something that the scheme or the transcript does not allow.

    Leaves out what can be added later (required attributes) and whether the pass is still open.
    """
    _check_texts(event)
    rating = next((each for each in scheme.ratings if each.id == event.criterion), None)
    criterion = next((each for each in scheme.criteria if each.id == event.criterion), None)
    if rating is not None:
        _check_unit(event.unit, scheme.unit(rating.unit), transcript)
        _check_rating(event, rating)
    elif criterion is not None:
        _check_unit(event.unit, scheme.unit(criterion.unit), transcript)
        _check_codes(event, criterion, scheme, transcript)
    else:
        raise CodingError(f"The scheme '{scheme.id}' has no such criterion or rating; {RELOAD}.")


def _check_texts(event: CodingEvent) -> None:
    if not 0 < len(event.id) <= MAX_ID:
        raise CodingError(f"An event's id must have 1 to {MAX_ID} characters; {RELOAD}.")
    if not _storable(event.id):
        raise CodingError(f"An event's id holds a character that cannot be stored; {RELOAD}.")
    if event.note is not None and len(event.note) > MAX_NOTE:
        raise CodingError(f"The note has {len(event.note)} characters; shorten it to {MAX_NOTE} at most.")
    if event.note is not None and not _storable(event.note):
        raise CodingError("The note holds a character that cannot be stored; type it again.")


def _storable(text: str) -> bool:
    """Neither NUL, which PostgreSQL refuses, nor half of a surrogate pair, which is no character."""
    return not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in text)


def _check_unit(unit: Unit, kind: UnitKind, transcript: Transcript) -> None:
    found = _find_unit(unit.key, kind, transcript)
    if found is None:
        raise CodingError(f"The recording has no {kind.label.lower()} of this key; {RELOAD}.")
    if found.span != unit.span:
        at = clock(found.span.start_ms)
        raise CodingError(
            f"The {kind.label.lower()} at {at} has other times here than the event says; {RELOAD}."
        )


def _find_unit(key: str, kind: UnitKind, transcript: Transcript) -> Unit | None:
    if kind.kind in SPEECH_KINDS:
        segment = _segment(key, transcript)
        return Unit(segment.key, segment.span) if segment else None
    return next((each for each in units_of(kind, transcript) if each.key == key), None)


def _segment(key: str, transcript: Transcript) -> Segment | None:
    return next((each for each in transcript.segments if each.key == key), None)


def _check_codes(event: CodingEvent, criterion: Criterion, scheme: Scheme, transcript: Transcript) -> None:
    at = clock(event.unit.span.start_ms)
    if event.value is not None:
        raise CodingError(f"{criterion.label} at {at} is coded, not rated; choose a code.")
    segment = _segment(event.unit.key, transcript)
    role = transcript.role_of(segment) if segment else None
    known = {code.id: code for code in criterion.codes}
    given: list[Code] = []
    for applied in event.codes:
        code = known.get(applied.code)
        if code is None:
            raise CodingError(
                f"{criterion.label} at {at} got a code that the scheme does not have; {RELOAD}."
            )
        if not code_fits(code, role):
            raise CodingError(
                f"'{code.label}' at {at} is a code for the {code.role}, but the {role} is speaking."
            )
        _check_attributes(applied, code, scheme, at)
        _check_links(applied, code, scheme, transcript, at)
        given.append(code)
    _check_together(given, criterion, at)


def _check_together(given: list[Code], criterion: Criterion, at: str) -> None:
    if len({code.id for code in given}) < len(given):
        raise CodingError(f"{criterion.label} at {at} has one code twice; give it once.")
    per_role = Counter(code.role for code in given)
    if criterion.exclusive and per_role and max(per_role.values()) > 1:
        raise CodingError(
            f"{criterion.label} at {at} has two codes for the {per_role.most_common(1)[0][0]}; "
            "this criterion takes one: choose the one that fits best."
        )


def _check_attributes(applied: AppliedCode, code: Code, scheme: Scheme, at: str) -> None:
    for name, value in applied.attributes.items():
        if name not in code.attributes:
            raise CodingError(f"'{code.label}' at {at} got an attribute that it does not have; {RELOAD}.")
        attribute = scheme.attribute(name)
        if not _on_scale(value, attribute.scale):
            raise CodingError(
                f"'{attribute.label}' of '{code.label}' at {at} is not on its scale; choose again."
            )


def _check_links(applied: AppliedCode, code: Code, scheme: Scheme, transcript: Transcript, at: str) -> None:
    if not applied.links:
        return
    if not any(code.id in link.from_codes for link in scheme.links):
        raise CodingError(f"'{code.label}' at {at} cannot be linked to other moments; remove the link.")
    if len(applied.links) > MAX_LINKS:
        raise CodingError(f"'{code.label}' at {at} has more than {MAX_LINKS} links; remove some.")
    if any(_segment(key, transcript) is None for key in applied.links):
        raise CodingError(
            f"'{code.label}' at {at} is linked to a moment that this transcript lacks; {RELOAD}."
        )


def _on_scale(value: object, scale: Scale) -> bool:
    """Types count: neither true nor 1.0 is the value 1."""
    return any(type(value) is type(step.value) and value == step.value for step in scale.values)


def _check_rating(event: CodingEvent, rating: Rating) -> None:
    if event.codes:
        applied = event.codes[0]
        if len(event.codes) > 1 or applied.code != NOT_APPLICABLE or applied.attributes or applied.links:
            raise CodingError(f"'{rating.label}' is rated, not coded; choose a value.")
        if event.value is not None:
            raise CodingError(
                f"'{rating.label}' has a value and is marked as not applicable; choose one of the two."
            )
        if not rating.not_applicable_if_no:
            raise CodingError(f"'{rating.label}' always applies; choose a value.")
    elif event.value is not None and not _on_scale(event.value, rating.scale):
        low, high = rating.scale.values[0].value, rating.scale.values[-1].value
        raise CodingError(
            f"The value of '{rating.label}' is not on its scale; choose one from {low} to {high}."
        )


def gaps(scheme: Scheme, transcript: Transcript, judgements: Judgements) -> tuple[Gap, ...]:
    """What is missing before a pass with these judgements can be submitted; empty = nothing.

    Missing are: required attributes and links of codes that were given, codes of an exhaustive criterion, and
    ratings. A rating with `not_applicable_if_no` is missing only where one of those codes was given.
    judgements: by (unit key, criterion or rating id).
    """
    found: list[Gap] = []
    for criterion in scheme.criteria:
        for unit in units_of(scheme.unit(criterion.unit), transcript):
            held = judgements.get((unit.key, criterion.id))
            found += _code_gaps(unit, criterion, held, scheme)
    order = {key: number for number, key in enumerate(_keys_by_time(scheme, transcript))}
    found.sort(key=lambda gap: order[gap.unit])
    for rating in scheme.ratings:
        for unit in units_of(scheme.unit(rating.unit), transcript):
            found += _rating_gaps(unit, rating, scheme, judgements)
    return tuple(found)


def _keys_by_time(scheme: Scheme, transcript: Transcript) -> list[str]:
    units = {unit for kind in scheme.units for unit in units_of(kind, transcript)}
    return [unit.key for unit in sorted(units, key=lambda unit: (unit.span, unit.key))]


def _code_gaps(unit: Unit, criterion: Criterion, held: Judgement | None, scheme: Scheme) -> Iterator[Gap]:
    known = {code.id: code for code in criterion.codes}
    at = clock(unit.span.start_ms)
    if criterion.exhaustive and not (held and held.codes):
        yield Gap(unit.key, criterion.id, f"{criterion.label} at {at}: choose a code.")
    for applied in held.codes if held else ():
        code = known[applied.code]
        missing = [
            each.label.lower() for each in _required(code, scheme) if each.id not in applied.attributes
        ]
        if missing:
            yield Gap(unit.key, criterion.id, f"{code.label} at {at}: choose {_listed(missing)}.")
        if not applied.links and any(link.required and code.id in link.from_codes for link in scheme.links):
            yield Gap(unit.key, criterion.id, f"{code.label} at {at}: link it to the moment that it answers.")


def _required(code: Code, scheme: Scheme) -> list[Attribute]:
    return [each for each in map(scheme.attribute, code.attributes) if each.required]


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
    if held is not None and held.codes and first is not None:
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
