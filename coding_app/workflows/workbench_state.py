"""Everything the workbench shows of a pass, as one JSON object."""

from importlib.metadata import version
from typing import Any

from coding_app.domain.coding import CodingPass, Judgement
from coding_app.domain.recording import Recording
from coding_app.domain.rules import SPEECH_KINDS, units_of
from coding_app.domain.scheme import Attribute, Code, Criterion, Rating, Scale, Scheme, UnitKind
from coding_app.domain.transcript import Segment, Transcript
from coding_app.domain.units import Unit
from coding_app.workflows.event_json import judgement_as_json


def pass_as_json(coding_pass: CodingPass, coder: str) -> dict[str, Any]:
    """coder: the observer's name."""
    submitted = coding_pass.submitted_at
    return {
        "id": coding_pass.id,
        "coder": coder,
        "purpose": coding_pass.purpose.value,
        "opened_at": coding_pass.opened_at.isoformat(),
        "submitted_at": submitted.isoformat() if submitted else None,
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


def state_as_json(
    pass_json: dict[str, Any],
    recording_json: dict[str, Any],
    scheme: Scheme,
    transcript: Transcript,
    judgements: dict[tuple[str, str], Judgement],
) -> dict[str, Any]:
    """The answer of GET /api/passes/{pass_id}; units are intervals and the session, segments stand apart."""
    return {
        "version": version("coding-app"),
        "pass": pass_json,
        "recording": recording_json,
        "transcript": {
            "id": transcript.id,
            "revision": transcript.revision,
            "speakers": dict(transcript.speakers),
            "segments": [_segment(each, transcript) for each in transcript.segments],
        },
        "units": [
            _unit(unit, kind, number)
            for kind in scheme.units
            if kind.kind not in SPEECH_KINDS
            for number, unit in enumerate(units_of(kind, transcript), start=1)
        ],
        "scheme": _scheme(scheme),
        "judgements": [judgement_as_json(each) for each in judgements.values()],
    }


def _segment(segment: Segment, transcript: Transcript) -> dict[str, Any]:
    return {
        "key": segment.key,
        "start_ms": segment.span.start_ms,
        "end_ms": segment.span.end_ms,
        "speaker": segment.speaker,
        "role": transcript.role_of(segment),
        "text": segment.text,
    }


def _unit(unit: Unit, kind: UnitKind, number: int) -> dict[str, Any]:
    return {
        "key": unit.key,
        "kind": kind.kind,
        "label": kind.label if kind.kind == "session" else f"Block {number}",
        "start_ms": unit.span.start_ms,
        "end_ms": unit.span.end_ms,
    }


def _scheme(scheme: Scheme) -> dict[str, Any]:
    return {
        "id": scheme.id,
        "version": scheme.version,
        "title": scheme.title,
        "criteria": [_criterion(each) for each in scheme.criteria],
        "attributes": {each.id: _attribute(each) for each in scheme.attributes},
        "ratings": [_rating(each, scheme) for each in scheme.ratings],
        "rules": [
            {"id": each.id, "text": each.text, "applies_to": list(each.applies_to)} for each in scheme.rules
        ],
        "steps": [{"id": each.id, "label": each.label} for each in scheme.steps],
    }


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {
        "id": criterion.id,
        "label": criterion.label,
        "exclusive": criterion.exclusive,
        "unmarked": criterion.unmarked,
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
        "unit_kind": scheme.unit(rating.unit).kind,
        "start": rating.scale.start,
        "values": _values(rating.scale),
        "not_applicable_if_no": list(rating.not_applicable_if_no),
    }
