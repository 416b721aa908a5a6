"""What somebody judged, in the words of the scheme: codes with what was asked after them, ratings, links."""

from collections.abc import Callable

from coding_app.domain.coding import AppliedCode, Judgement
from coding_app.domain.scheme import EARLIER_SESSION, EVIDENCE, NOT_APPLICABLE, Scheme
from coding_app.domain.times import clock
from coding_app.domain.transcript import Transcript
from coding_app.domain.units import is_drawn
from coding_app.ui.parts.words import moment

NONE, NOT_RATED = "None of the codes", "Not rated"
Where = Callable[[str], str]


def judgement_words(scheme: Scheme, criterion: str, held: Judgement | None, where: Where) -> str:
    """In one line. criterion: whose it is, also when nothing is held. where: a linked unit's key -> its moment."""
    ratings = {each.id: each for each in scheme.ratings}
    if criterion in ratings:
        if held is None or (held.value is None and not declined(held)):
            return NOT_RATED
        steps = {each.value: each.label for each in ratings[criterion].scale.values}
        return (
            "Does not apply"
            if held.value is None
            else f"{held.value} – {steps.get(held.value, '')}".strip(" –")
        )
    codes = [each for each in held.codes if each.code != EVIDENCE] if held else []
    words = ", ".join(code_words(scheme, each, where) for each in codes) or NONE
    if held is not None and codes and is_drawn(held.unit.key):
        span = held.unit.span
        return f"{words}, {moment(span.start_ms, span.end_ms) if span.duration_ms else clock(span.start_ms)}"
    return words


def code_words(scheme: Scheme, applied: AppliedCode, where: Where) -> str:
    """A code with the answers to what is asked after it, and where it leads."""
    labels = {each.id: each.label for each in scheme.codes}
    asked = {each.id: each for each in scheme.attributes}
    parts = []
    for name, value in applied.attributes.items():
        steps = {each.value: each.label for each in asked[name].scale.values} if name in asked else {}
        label = asked[name].label.lower() if name in asked else name
        parts.append(f"{label}: {steps.get(value, value)}")
    parts += [f"to {where(each)}" for each in applied.links]
    return labels.get(applied.code, applied.code) + (f" ({'; '.join(parts)})" if parts else "")


def where_in(transcript: Transcript, *units: Judgement | None) -> Where:
    """Names a linked unit by its moment: a segment, or one of the drawn units of these judgements."""
    drawn = {each.unit.key: each.unit.span.start_ms for each in units if each is not None}

    def where(key: str) -> str:
        if key == EARLIER_SESSION:
            return "an earlier session"
        segment = transcript.segment(key)
        start_ms = segment.span.start_ms if segment else drawn.get(key)
        return "a drawn moment" if start_ms is None else clock(start_ms)

    return where


def declined(held: Judgement | None) -> bool:
    """Whether somebody said that a rating does not apply."""
    return held is not None and any(each.code == NOT_APPLICABLE for each in held.codes)
