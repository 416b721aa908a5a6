"""Reads ELAN files (.eaf): tiers as speakers, annotations with their times, tiers that depend on others.

Source: EAF 3.0, https://www.mpi.nl/tools/elan/EAFv3.0.xsd. The XML is read as a stream of elements; a document type,
and with it every entity of its own, is refused.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from coding_app.domain.script import Script, ScriptLine
from coding_app.domain.transcript import Word
from coding_app.exchange.safe_xml import read_xml
from coding_app.exchange.script_parts import (
    MAX_BYTES,
    MAX_MS,
    Source,
    checked,
    clean,
    clean_label,
    counted,
    timing_of,
)


@dataclass(slots=True)
class _Annotation:
    id: str
    line: int
    text: str = ""
    slots: tuple[str, str] | None = None
    parent: str | None = None
    start_ms: int = 0
    end_ms: int = 0


@dataclass(slots=True)
class _Tier:
    id: str
    speaker: str
    parent: str | None
    line: int
    annotations: list[_Annotation] = field(default_factory=list)


@dataclass(slots=True)
class _Document:
    """What the elements of a file said."""

    source: Source
    units: str = "milliseconds"
    slots: dict[str, int | None] = field(default_factory=dict)
    tiers: list[_Tier] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    n_between: int = 0


def read_eaf(data: bytes, name: str, tiers: Sequence[str] | None = None) -> Script:
    """An ELAN file; tiers: the names of those that hold talk, None for those that depend on no other.

    Raises TranscriptFileError, with the line.
    """
    document = _parsed(data, Source(name, ""))
    _place_all(document)
    by_id = {tier.id: tier for tier in document.tiers}
    tracks = tuple(tier.id for tier in document.tiers if any(clean(a.text) for a in tier.annotations))
    used = tuple(each for each in (_own_choice(document) if tiers is None else tiers) if each in tracks)
    if not used:
        raise document.source.fault("no tier holds talk; look whether this is the file you meant.")
    lines = [line for each in used for line in _lines(by_id[each], document)]
    lines.sort(key=lambda each: each.start_ms or 0)
    kept = checked(document.source, lines)
    notes = []
    if document.n_between:
        notes.append(
            f"{counted(document.n_between, 'time slot')} without a time lie between their neighbours."
        )
    return Script(kept, timing_of(kept), "ELAN", tracks=tracks, used=used, notes=tuple(notes))


def _parsed(data: bytes, source: Source) -> _Document:
    if len(data) > MAX_BYTES:
        raise source.fault(
            f"The file has {len(data) // 2**20} MB; a transcript has {MAX_BYTES // 2**20} at most."
        )
    document = _Document(source)
    read_xml(
        data,
        source,
        lambda tag, given, line: _begin(document, tag, given, line),
        lambda tag: _end(document, tag),
        document.text.append,
    )
    return document


def _begin(document: _Document, tag: str, given: Mapping[str, str], line: int) -> None:
    if not document.stack and tag != "ANNOTATION_DOCUMENT":
        raise document.source.fault("this is no ELAN file: it does not begin with ANNOTATION_DOCUMENT.", line)
    document.stack.append(tag)
    document.text.clear()
    match tag:
        case "HEADER":
            _check_units(document, given.get("TIME_UNITS", "milliseconds"), line)
        case "TIME_SLOT":
            _slot(document, given, line)
        case "TIER":
            name = given.get("TIER_ID", "")
            if not name or any(tier.id == name for tier in document.tiers):
                raise document.source.fault("a tier has no name of its own.", line)
            speaker = clean_label(given.get("PARTICIPANT", "")) or clean_label(name) or "?"
            document.tiers.append(_Tier(name, speaker, given.get("PARENT_REF"), line))
        case "ALIGNABLE_ANNOTATION" | "REF_ANNOTATION":
            _annotation(document, tag, given, line)


def _check_units(document: _Document, units: str, line: int) -> None:
    if units != "milliseconds":
        raise document.source.fault(
            "the times are counted in video frames; save the file with milliseconds.", line
        )


def _slot(document: _Document, given: Mapping[str, str], line: int) -> None:
    value = given.get("TIME_VALUE")
    if value is not None and not (
        value.isascii() and value.isdigit() and len(value) < 12 and int(value) <= MAX_MS
    ):
        raise document.source.fault("a TIME_VALUE is no time in milliseconds.", line)
    document.slots[given.get("TIME_SLOT_ID", "")] = None if value is None else int(value)


def _annotation(document: _Document, tag: str, given: Mapping[str, str], line: int) -> None:
    if not document.tiers or "TIER" not in document.stack:
        raise document.source.fault("an annotation lies in no tier.", line)
    made = _Annotation(given.get("ANNOTATION_ID", ""), line)
    if tag == "REF_ANNOTATION":
        made.parent = given.get("ANNOTATION_REF", "")
    else:
        made.slots = (given.get("TIME_SLOT_REF1", ""), given.get("TIME_SLOT_REF2", ""))
    document.tiers[-1].annotations.append(made)


def _end(document: _Document, tag: str) -> None:
    document.stack.pop()
    if tag == "ANNOTATION_VALUE" and document.tiers and document.tiers[-1].annotations:
        document.tiers[-1].annotations[-1].text = "".join(document.text)
    document.text.clear()


def _place_all(document: _Document) -> None:
    """Gives every annotation its times: from its slots, or within the annotation it depends on."""
    known = _slot_times(document)
    placed: dict[str, _Annotation] = {}
    waiting: dict[str, list[_Annotation]] = {}
    for tier in document.tiers:
        for each in tier.annotations:
            if each.slots is None:
                waiting.setdefault(each.parent or "", []).append(each)
                continue
            if each.slots[0] not in known or each.slots[1] not in known:
                raise document.source.fault("an annotation names a time slot that does not exist.", each.line)
            each.start_ms, each.end_ms = known[each.slots[0]], known[each.slots[1]]
            if each.end_ms < each.start_ms:
                raise document.source.fault("an annotation ends before it begins.", each.line)
            placed[each.id] = each
    _place_dependent(document, placed, waiting)


def _place_dependent(
    document: _Document, placed: dict[str, _Annotation], waiting: dict[str, list[_Annotation]]
) -> None:
    """Annotations of one tier that depend on the same one share its time evenly, in their order in the file."""
    tier_of = {id(each): tier.id for tier in document.tiers for each in tier.annotations}
    ready = list(placed)
    while ready:
        above = placed[ready.pop()]
        by_tier: dict[str, list[_Annotation]] = {}
        for each in waiting.pop(above.id, []):
            by_tier.setdefault(tier_of[id(each)], []).append(each)
        for mine in by_tier.values():
            length = above.end_ms - above.start_ms
            for place, each in enumerate(mine):
                each.start_ms = above.start_ms + length * place // len(mine)
                each.end_ms = above.start_ms + length * (place + 1) // len(mine)
                placed[each.id] = each
                ready.append(each.id)
    for left in waiting.values():
        raise document.source.fault("an annotation depends on one that does not exist.", left[0].line)


def _slot_times(document: _Document) -> dict[str, int]:
    """All slots' times; those without a value lie evenly between their neighbours in the order of time."""
    values = list(document.slots.values())
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    document.n_between = len(values) - len(known)
    if values and not known:
        raise document.source.fault("no time slot has a time; align the annotations in ELAN first.")
    times: dict[str, int] = {}
    for place, (name, value) in enumerate(document.slots.items()):
        after = bisect_left(known, (place, 0))
        low, first = known[max(0, after - 1)]
        high, last = known[min(after, len(known) - 1)]
        between = first + (last - first) * (place - low) // (high - low) if high > low else first
        times[name] = between if value is None else value
    return times


def _own_choice(document: _Document) -> list[str]:
    """The tiers that depend on no other; where such a tier holds no text, those that depend on it."""
    chosen = []
    for tier in document.tiers:
        above = next((each for each in document.tiers if each.id == tier.parent), None)
        if above is None or not any(clean(each.text) for each in above.annotations):
            chosen.append(tier.id)
    return chosen


def _lines(tier: _Tier, document: _Document) -> list[ScriptLine]:
    below = [
        each
        for other in document.tiers
        if other.parent == tier.id and any(one.slots for one in other.annotations)
        for each in other.annotations
    ]
    below.sort(key=_start)
    return [
        ScriptLine(tier.speaker, text, each.start_ms, each.end_ms, _words(text, each, below))
        for each in tier.annotations
        if (text := clean(each.text))
    ]


def _start(annotation: _Annotation) -> int:
    return annotation.start_ms


def _words(text: str, above: _Annotation, below: Sequence[_Annotation]) -> tuple[Word, ...]:
    """The annotations of a word tier, in order of time, that lie in this one, when they are its words."""
    first = bisect_left(below, above.start_ms, key=_start)
    found = below[first : bisect_left(below, above.end_ms, key=_start)]
    words = tuple(Word(each.start_ms, each.end_ms, clean(each.text)) for each in found if clean(each.text))
    fit = [word.text for word in words] == text.split() and all(word.end_ms <= above.end_ms for word in words)
    return words if fit else ()
