"""The parts of what the workbench shows of a pass, each as JSON."""

from collections.abc import Mapping
from typing import Any

from coding_app.domain.coding import CodingPass
from coding_app.domain.recording import Recording
from coding_app.domain.rules import SPEECH_KINDS, units_of
from coding_app.domain.scheme import (
    Attribute,
    Code,
    Criterion,
    Link,
    Rating,
    Scale,
    Scheme,
    Step,
    UnitKind,
)
from coding_app.domain.transcript import Segment, Transcript
from coding_app.domain.units import Unit
from coding_app.workflows.pass_ground import Ground, segment_as_json


def pass_as_json(coding_pass: CodingPass, coder: str, n_events: int) -> dict[str, Any]:
    """coder: the observer's name. n_events: how many the ledger of the pass holds."""
    submitted = coding_pass.submitted_at
    return {
        "id": coding_pass.id,
        "coder": coder,
        "purpose": coding_pass.purpose.value,
        "opened_at": coding_pass.opened_at.isoformat(),
        "submitted_at": submitted.isoformat() if submitted else None,
        "n_events": n_events,
    }


def recording_as_json(recording: Recording, label: str) -> dict[str, Any]:
    """label: the session's case code."""
    return {
        "id": recording.id,
        "name": recording.name,
        "label": label,
        "duration_ms": recording.duration_ms,
        "media_type": recording.media_type,
        "has_video": recording.has_video,
        "media_url": f"/api/recordings/{recording.id}/media",
        "peaks_url": f"/api/recordings/{recording.id}/peaks",
    }


def transcript_as_json(on: Ground, newest: Transcript, revised: Mapping[str, Segment]) -> dict[str, Any]:
    """The transcript as it reads now: the segments of the ground, and in their place those that were corrected.

    newest: the revision that says so, which may come without its segments. revised: key -> segment.
    """
    roles = on.transcript.speakers
    now = {
        key: segment_as_json(segment, roles.get(segment.speaker) if segment.speaker else None)
        | {"corrected": True}
        for key, segment in revised.items()
    }
    return {
        "id": newest.id,
        "revision": newest.revision,
        "speakers": dict(roles),
        "segments": [now.get(each["key"], each) for each in on.segments],
    }


def units_as_json(scheme: Scheme, transcript: Transcript) -> list[dict[str, Any]]:
    """Intervals and the session; segments stand apart, and spans are drawn by the coder."""
    return [
        _unit(unit, kind, number)
        for kind in scheme.units
        if kind.kind not in SPEECH_KINDS
        for number, unit in enumerate(units_of(kind, transcript), start=1)
    ]


def _unit(unit: Unit, kind: UnitKind, number: int) -> dict[str, Any]:
    return {
        "key": unit.key,
        "kind": kind.kind,
        "label": kind.label if kind.kind == "session" else f"Block {number}",
        "start_ms": unit.span.start_ms,
        "end_ms": unit.span.end_ms,
    }


def scheme_as_json(scheme: Scheme) -> dict[str, Any]:
    """Everything of a scheme that the workbench shows or goes by."""
    return {
        "id": scheme.id,
        "version": scheme.version,
        "title": scheme.title,
        "criteria": [_criterion(each, scheme) for each in scheme.criteria],
        "attributes": {each.id: _attribute(each) for each in scheme.attributes},
        "ratings": [_rating(each, scheme) for each in scheme.ratings],
        "rules": [
            {"id": each.id, "text": each.text, "applies_to": list(each.about)} for each in scheme.rules
        ],
        "links": [_link(each) for each in scheme.links],
        "steps": [_step(each, scheme) for each in scheme.steps],
    }


def _link(link: Link) -> dict[str, Any]:
    return {
        "id": link.id,
        "from": list(link.from_codes),
        "to": list(link.to_codes),
        "required": link.required,
        "direction": link.direction,
        "cardinality": link.cardinality,
        "external": list(link.external),
    }


def _step(step: Step, scheme: Scheme) -> dict[str, Any]:
    return {
        "id": step.id,
        "label": step.label,
        "unit": step.unit,
        "unit_kind": _simple_kind(scheme.unit(step.unit)),
        "tags": step.tags,
        "ratings": list(step.ratings),
    }


def _simple_kind(kind: UnitKind) -> str:
    """Whether the unit is a segment, or what else: the workbench makes no difference between kinds of speech."""
    return "segment" if kind.kind in SPEECH_KINDS else kind.kind


def _criterion(criterion: Criterion, scheme: Scheme) -> dict[str, Any]:
    kind = scheme.unit(criterion.unit)
    return {
        "id": criterion.id,
        "label": criterion.label,
        "exclusive": criterion.exclusive,
        "exhaustive": criterion.exhaustive,
        "unmarked": criterion.unmarked,
        "unit": criterion.unit,
        "unit_kind": _simple_kind(kind),
        "mark": kind.mark if kind.kind == "span" else None,
        "codes": [_code(each) for each in criterion.codes],
    }


def _code(code: Code) -> dict[str, Any]:
    return {
        "id": code.id,
        "label": code.label,
        "key": code.key,
        "role": code.role,
        "valence": code.valence,
        "attributes": list(code.attributes),
        "definition": code.definition,
        "include": list(code.include),
        "exclude": list(code.exclude),
        "examples": list(code.examples),
        "near_misses": [{"text": m.text, "why": m.why, "instead": m.instead} for m in code.near_misses],
    }


def _values(scale: Scale) -> list[dict[str, Any]]:
    return [{"value": each.value, "label": each.label, "anchor": each.anchor} for each in scale.values]


def _attribute(attribute: Attribute) -> dict[str, Any]:
    return {"label": attribute.label, "required": attribute.required, "values": _values(attribute.scale)}


def _rating(rating: Rating, scheme: Scheme) -> dict[str, Any]:
    return {
        "id": rating.id,
        "label": rating.label,
        "question": rating.question,
        "high": rating.high,
        "low": rating.low,
        "role": rating.role,
        "unit": rating.unit,
        "unit_kind": scheme.unit(rating.unit).kind,
        "start": rating.scale.start,
        "values": _values(rating.scale),
        "evidence": list(rating.evidence),
        "not_applicable_if_no": list(rating.not_applicable_if_no),
    }
