"""What an observer may say about a unit; what is still missing before a pass can be submitted is in gaps."""

from collections import Counter
from collections.abc import Mapping

from coding_app.domain.coding import AppliedCode, CodingEvent, Judgement
from coding_app.domain.scheme import (
    EARLIER_SESSION,
    EVIDENCE,
    NOT_APPLICABLE,
    REMARK,
    REMARK_CODES,
    Code,
    Criterion,
    Rating,
    Scale,
    Scheme,
    UnitKind,
)
from coding_app.domain.times import clock
from coding_app.domain.transcript import Transcript, side_of
from coding_app.domain.units import Unit, blocks, is_drawn, session_unit
from coding_app.errors import CodingError

MAX_ID = 64
MAX_NOTE = 2_000
MAX_LINKS = 50
SPEECH_KINDS = ("event", "utterance")  # kinds of unit that are segments of the transcript
RELOAD = "reload the page and code it again"
_IN_EVERY_RECORDING = (UnitKind("segment", "event", "Segment"), UnitKind("session", "session", "Session"))

Judgements = Mapping[tuple[str, str], Judgement]


def code_fits(code: Code, role: str | None) -> bool:
    """Whether a code can be given to what a speaker of this role says.

    role: one of SPEAKER_ROLES, or None = not known or no single speaker. A code of the dyad fits everybody, one of
    the client every client ("client_2" ...), one of "client_2" this one alone; every code fits a speaker who is
    neither therapist nor client or is not known.
    """
    if code.role == "dyad" or role is None or side_of(role) == "other":
        return True
    return code.role in (role, side_of(role))


def units_of(kind: UnitKind, transcript: Transcript) -> tuple[Unit, ...]:
    """All units of one kind in a transcript, in the order of time; none for spans, which the coder draws."""
    if kind.kind == "span":
        return ()
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
    if event.criterion == REMARK:
        _check_remark(event, scheme, transcript)
        return
    rating = next((each for each in scheme.ratings if each.id == event.criterion), None)
    criterion = next((each for each in scheme.criteria if each.id == event.criterion), None)
    if rating is not None:
        _check_unit(event.unit, scheme.unit(rating.unit), transcript)
        _check_rating(event, rating, transcript)
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
    if kind.kind == "span":
        _check_drawn(unit, kind, transcript)
        return
    found = _find_unit(unit.key, kind, transcript)
    if found is None:
        raise CodingError(f"The recording has no {kind.label.lower()} of this key; {RELOAD}.")
    _check_times(unit, found, kind.label)


def _check_times(unit: Unit, found: Unit, what: str) -> None:
    if found.span != unit.span:
        at = clock(found.span.start_ms)
        raise CodingError(f"The {what.lower()} at {at} has other times here than the event says; {RELOAD}.")


def _check_drawn(unit: Unit, kind: UnitKind, transcript: Transcript) -> None:
    """A key made by the browser, inside the recording, and without length where only one moment is logged."""
    what, at = kind.label.lower(), clock(unit.span.start_ms)
    if not is_drawn(unit.key):
        raise CodingError(f"The recording has no {what} of this key; {RELOAD}.")
    _check_bounds(unit, what, transcript)
    if kind.mark != "span" and unit.span.duration_ms > 0:
        raise CodingError(f"The {what} at {at} is one moment and cannot have an end of its own; {RELOAD}.")


def _check_bounds(unit: Unit, what: str, transcript: Transcript) -> None:
    if unit.span.end_ms > transcript.duration_ms:
        raise CodingError(
            f"The {what} at {clock(unit.span.start_ms)} goes beyond the end of the recording "
            f"at {clock(transcript.duration_ms)}; {RELOAD}."
        )


def _check_remark(event: CodingEvent, scheme: Scheme, transcript: Transcript) -> None:
    """A flag, a doubt or a note, on any segment, interval, the session or a drawn span."""
    at = clock(event.unit.span.start_ms)
    if is_drawn(event.unit.key):
        _check_bounds(event.unit, "remark", transcript)
    else:
        kinds = (*_IN_EVERY_RECORDING, *scheme.units)
        found = next((one for kind in kinds if (one := _find_unit(event.unit.key, kind, transcript))), None)
        if found is None:
            raise CodingError(f"The recording has no moment of this key to remark on; {RELOAD}.")
        _check_times(event.unit, found, "moment")
    given = [each.code for each in event.codes]
    if event.value is not None:
        raise CodingError(f"The remark at {at} has a value; a remark is a flag, a doubt or a note.")
    if any(each.attributes or each.links for each in event.codes) or not set(given) <= set(REMARK_CODES):
        raise CodingError(f"The remark at {at} can only be {' or '.join(REMARK_CODES)}; {RELOAD}.")
    if len(set(given)) < len(given):
        raise CodingError(f"The remark at {at} says one thing twice; {RELOAD}.")


def _find_unit(key: str, kind: UnitKind, transcript: Transcript) -> Unit | None:
    if kind.kind in SPEECH_KINDS:
        segment = transcript.segment(key)
        return Unit(segment.key, segment.span) if segment else None
    return next((each for each in units_of(kind, transcript) if each.key == key), None)


def _check_codes(event: CodingEvent, criterion: Criterion, scheme: Scheme, transcript: Transcript) -> None:
    at = clock(event.unit.span.start_ms)
    if event.value is not None:
        raise CodingError(f"{criterion.label} at {at} is coded, not rated; choose a code.")
    segment = transcript.segment(event.unit.key)
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
                f"'{code.label}' at {at} is a code for the {code.role.replace('_', ' ')}, but the "
                f"{(role or '').replace('_', ' ')} is speaking."
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
    links = scheme.links_from(code.id)
    if not links:
        raise CodingError(f"'{code.label}' at {at} cannot be linked to other moments; remove the link.")
    external = {each for link in links for each in link.external}
    if EARLIER_SESSION in applied.links and EARLIER_SESSION not in external:
        raise CodingError(
            f"'{code.label}' at {at} cannot answer an earlier session; link it to a moment of this one."
        )
    _check_moments(applied, external, f"'{code.label}' at {at}", transcript)


def _check_moments(applied: AppliedCode, external: set[str], what: str, transcript: Transcript) -> None:
    """Links point to segments or drawn units; whether such a unit still holds is for gaps to say."""
    if len(applied.links) > MAX_LINKS:
        raise CodingError(f"{what} has more than {MAX_LINKS} links; remove some.")
    if not all(transcript.segment(key) or key in external or is_drawn(key) for key in applied.links):
        raise CodingError(f"{what} is linked to a moment that this transcript lacks; {RELOAD}.")


def _on_scale(value: object, scale: Scale) -> bool:
    """Types count: neither true nor 1.0 is the value 1."""
    return any(type(value) is type(step.value) and value == step.value for step in scale.values)


def _check_rating(event: CodingEvent, rating: Rating, transcript: Transcript) -> None:
    if event.codes:
        _check_rating_code(event, rating, transcript)
    if event.value is not None and not _on_scale(event.value, rating.scale):
        low, high = rating.scale.values[0].value, rating.scale.values[-1].value
        raise CodingError(
            f"The value of '{rating.label}' is not on its scale; choose one from {low} to {high}."
        )


def _check_rating_code(event: CodingEvent, rating: Rating, transcript: Transcript) -> None:
    """Beside or instead of its value a rating takes one code: the evidence for it, or that it does not apply."""
    applied = event.codes[0]
    fitting = applied.code == EVIDENCE or (applied.code == NOT_APPLICABLE and not applied.links)
    if len(event.codes) > 1 or applied.attributes or not fitting:
        raise CodingError(f"'{rating.label}' is rated, not coded; choose a value.")
    if applied.code == EVIDENCE:
        _check_moments(applied, set(), f"The evidence for '{rating.label}'", transcript)
        return
    if event.value is not None:
        raise CodingError(
            f"'{rating.label}' has a value and is marked as not applicable; choose one of the two."
        )
    if not rating.not_applicable_if_no:
        raise CodingError(f"'{rating.label}' always applies; choose a value.")
