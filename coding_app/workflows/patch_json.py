"""Patches of a transcript as JSON, for the list of edits; a change of speaker alone is kept short."""

from dataclasses import replace
from typing import Any

from coding_app.domain.edit_patch import EditError, Patch
from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Transcript, Word


def patch_as_json(patch: Patch) -> dict[str, Any]:
    """What patch_from_json reads."""
    return {
        "changes": [_pair(before, after) for before, after in patch.changes],
        "speakers": [[list(pair) for pair in side] for side in patch.speakers] if patch.speakers else None,
    }


def patch_from_json(data: dict[str, Any], transcript: Transcript) -> Patch:
    """The patch, of which the short form is filled up from the transcript as it is now. Raises EditError."""
    sides = data["speakers"]
    speakers = None
    if sides is not None:
        before, after = (tuple((label, role) for label, role in side) for side in sides)
        speakers = (before, after)
    return Patch(tuple(_read_pair(each, transcript) for each in data["changes"]), speakers)


def _pair(before: Segment | None, after: Segment | None) -> dict[str, Any]:
    if before and after and replace(before, speaker=after.speaker) == after:
        return {"key": before.key, "speaker": [before.speaker, after.speaker]}
    return {"before": before and _segment(before), "after": after and _segment(after)}


def _read_pair(data: dict[str, Any], transcript: Transcript) -> tuple[Segment | None, Segment | None]:
    if "key" not in data:
        return _read(data["before"]), _read(data["after"])
    now = transcript.segment(data["key"])
    if now is None:
        raise EditError("This place has been changed since, so the step cannot be made any more.")
    before, after = data["speaker"]
    return replace(now, speaker=before), replace(now, speaker=after)


def _segment(segment: Segment) -> dict[str, Any]:
    return {
        "key": segment.key,
        "start_ms": segment.span.start_ms,
        "end_ms": segment.span.end_ms,
        "speaker": segment.speaker,
        "text": segment.text,
        "words": [[word.start_ms, word.end_ms, word.text, word.probability] for word in segment.words],
        "flags": list(segment.flags),
    }


def _read(data: dict[str, Any] | None) -> Segment | None:
    if data is None:
        return None
    return Segment(
        data["key"],
        Span(data["start_ms"], data["end_ms"]),
        data["speaker"],
        data["text"],
        tuple(Word(*word) for word in data["words"]),
        tuple(data["flags"]),
    )
