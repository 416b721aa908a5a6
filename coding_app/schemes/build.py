"""A checked scheme file as the domain's Scheme."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from coding_app.domain.scheme import (
    Advice,
    Attribute,
    Change,
    Code,
    Criterion,
    Derived,
    Link,
    Migration,
    NearMiss,
    Rating,
    Role,
    Rule,
    Scale,
    ScaleValue,
    Scheme,
    Step,
    UnitKind,
)
from coding_app.schemes.format import (
    ChangePart,
    CodePart,
    RatingPart,
    ScalePart,
    SchemeFile,
    SourcePart,
    UnitPart,
)
from coding_app.schemes.format_figures import DerivedPart, ReliabilityPart, TrainingPart
from coding_app.schemes.tree import Data


def canonical_sha256(data: Data) -> str:
    """sha256 of the file's content as JSON with sorted keys: comments, key order and layout do not count."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def scheme_from(file: SchemeFile, sha256: str) -> Scheme:
    """The domain object of a file without faults; texts lose the blanks around them."""
    scales = {name: _scale(name, part) for name, part in file.scales.items()}
    return Scheme(
        id=file.id,
        version=file.version,
        status=file.status,
        title=file.title.strip(),
        language=file.language,
        summary=file.summary.strip(),
        license=file.license.strip(),
        disclaimer=file.disclaimer.strip(),
        sources=tuple(_source(source) for source in file.sources),
        units=tuple(_unit(name, unit) for name, unit in file.units.items()),
        steps=tuple(
            Step(step.id, step.label, step.unit, step.codes == "all", tuple(step.ratings))
            for step in file.passes
        ),
        attributes=tuple(
            Attribute(name, part.label, scales[part.scale], part.required)
            for name, part in file.attributes.items()
        ),
        criteria=_criteria(file),
        ratings=tuple(_rating(part, scales[part.scale]) for part in file.ratings),
        links=tuple(
            Link(
                id=name,
                from_codes=tuple(part.from_),
                to_codes=tuple(part.to),
                required=part.required,
                direction=part.direction,
                cardinality=part.cardinality,
                external=tuple(part.allow_external),
            )
            for name, part in file.links.items()
        ),
        rules=tuple(
            Rule(rule.id, rule.text.strip(), tuple(rule.applies_to), rule.prefer, rule.over)
            for rule in file.rules
        ),
        sha256=sha256,
        roles=tuple(Role(role.id, role.label.strip()) for role in file.roles),
        derived=tuple(_derived(part) for part in file.derived),
        changes=tuple(_change(part) for part in file.changes),
        requires=tuple(name for name, needed in file.requires.model_dump().items() if needed),
        advice=(*_advice("reliability", file.reliability), *_advice("training", file.training)),
    )


def _source(source: SourcePart) -> str:
    return f"{source.cite.strip()} https://doi.org/{source.doi}" if source.doi else source.cite.strip()


def _scale(name: str, part: ScalePart) -> Scale:
    values = tuple(
        ScaleValue(step.value, step.label or str(step.value), (step.anchor or "").strip())
        for step in part.values
    )
    return Scale(name, part.type, values, part.start)


def _unit(name: str, part: UnitPart) -> UnitKind:
    return UnitKind(
        id=name,
        kind=part.kind,
        label=part.label,
        guidance=(part.guidance or "").strip(),
        interval_ms=None if part.seconds is None else round(part.seconds * 1000),
        keep_last_ms=round((part.keep_last_if_seconds or 0) * 1000),
        mark=part.mark or "span",
        shortest_ms=None if part.min_seconds is None else round(part.min_seconds * 1000),
        longest_ms=None if part.max_seconds is None else round(part.max_seconds * 1000),
    )


def _criteria(file: SchemeFile) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(
            id=name,
            label=part.label,
            unit=part.unit,
            exclusive=part.exclusive,
            exhaustive=part.exhaustive,
            unmarked=part.unmarked,
            codes=tuple(_code(code) for code in file.codes if code.criterion == name),
        )
        for name, part in file.criteria.items()
    )


def _texts(texts: list[str]) -> tuple[str, ...]:
    return tuple(text.strip() for text in texts)


def _code(part: CodePart) -> Code:
    return Code(
        id=part.id,
        criterion=part.criterion,
        role=part.role,
        valence=part.valence,
        label=part.label,
        key=part.key,
        attributes=tuple(part.attributes),
        channels=tuple(part.channels),
        definition=part.definition.strip(),
        include=_texts(part.include),
        exclude=_texts(part.exclude),
        examples=_texts(part.examples),
        near_misses=tuple(
            NearMiss(near.text.strip(), near.why.strip(), None if near.instead == "none" else near.instead)
            for near in part.near_misses
        ),
    )


def _rating(part: RatingPart, scale: Scale) -> Rating:
    return Rating(
        id=part.id,
        label=part.label,
        unit=part.unit,
        role=part.role,
        scale=scale,
        question=part.question.strip(),
        high=(part.high or "").strip(),
        low=(part.low or "").strip(),
        evidence=tuple(part.evidence),
        not_applicable_if_no=tuple(part.not_applicable_if_no),
        needs_speakers=tuple(part.needs_speakers),
    )


def _derived(part: DerivedPart) -> Derived:
    """The fields of each operation under the names that all have: what is counted, and against what."""
    given = part.model_dump(exclude={"id", "label", "op"})
    of = given.get("codes") or given.get("ratings") or given.get("plus") or given["of"]
    against = given.get("to") or given.get("among") or given.get("minus") or ()
    label = part.label or part.id.replace("_", " ").capitalize()
    return Derived(part.id, label, part.op, tuple(of), tuple(against), given.get("link"), given.get("per"))


def _advice(topic: str, part: ReliabilityPart | TrainingPart | None) -> Iterator[Advice]:
    if part is not None:
        for name, value in _leaves(part.model_dump(exclude_none=True), ""):
            yield Advice(topic, name, value)


def _leaves(data: dict[str, Any], above: str) -> Iterator[tuple[str, str]]:
    """What stands at the ends of nested mappings, named as "minimum.alpha"; empty lists are left out."""
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{above}{key}.")
        elif value != []:
            yield f"{above}{key}", ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _change(part: ChangePart) -> Change:
    steps = (
        Migration(each.from_, None if each.to == "none" else each.to, (each.note or "").strip())
        for each in part.migration
    )
    return Change(part.version, part.date, part.note.strip(), tuple(steps))
