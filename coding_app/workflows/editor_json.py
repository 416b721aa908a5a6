"""What the transcript editor gets from the server, as JSON."""

from typing import Any

from coding_app.domain.doubts import Doubt, doubts
from coding_app.domain.transcript import Segment, Transcript
from coding_app.domain.words import doubtful
from coding_app.workflows.edit_transcript import Edited, Opened, Revision


def opened_as_json(opened: Opened, coder_id: str) -> dict[str, Any]:
    """Everything of one revision. coder_id: whose editor it is."""
    recording, transcript = opened.recording, opened.transcript
    return {
        **_header(transcript),
        "recording": {
            "id": recording.id,
            "name": recording.name,
            "duration_ms": recording.duration_ms,
            "media_type": recording.media_type,
            "has_video": recording.has_video,
            "media_url": f"/api/recordings/{recording.id}/media",
            "peaks_url": f"/api/recordings/{recording.id}/peaks",
        },
        "segments": [segment_as_json(each) for each in transcript.segments],
        "coded": opened.coded,
        "made_by": opened.names.get(transcript.made_by or ""),
        "coder_id": coder_id,
    }


def edited_as_json(edited: Edited) -> dict[str, Any]:
    """What is not as it was, and where the editor stands now."""
    return {
        **_header(edited.transcript),
        "stored": list(edited.stored),
        "changed": [segment_as_json(each) for each in edited.changed],
        "removed": list(edited.removed),
    }


def revision_as_json(revision: Revision) -> dict[str, Any]:
    """One line of the list of revisions."""
    return {
        "transcript_id": revision.id,
        "revision": revision.number,
        "source": revision.source,
        "made_by": revision.made_by,
        "at": revision.at.isoformat(),
        "n_edits": revision.n_edits,
        "coded": revision.coded,
        "current": revision.current,
    }


def segment_as_json(segment: Segment) -> dict[str, Any]:
    """With its words, and the doubtful stretches of its text [from, to, per cent], counted as a browser counts."""
    return {
        "key": segment.key,
        "start_ms": segment.span.start_ms,
        "end_ms": segment.span.end_ms,
        "speaker": segment.speaker,
        "text": segment.text,
        "words": [[word.start_ms, word.end_ms, word.text, word.probability] for word in segment.words],
        "flags": list(segment.flags),
        "doubtful": doubtful(segment.text, segment.words),
    }


def _header(transcript: Transcript) -> dict[str, Any]:
    return {
        "transcript_id": transcript.id,
        "revision": transcript.revision,
        "source": "hand"
        if transcript.by_hand and transcript.source == "transcription"
        else transcript.source,
        "frozen": transcript.frozen,
        "speakers": [{"label": label, "role": role} for label, role in transcript.speakers.items()],
        "doubts": [_doubt(each) for each in doubts(transcript.segments)],
    }


def _doubt(doubt: Doubt) -> dict[str, Any]:
    return {"key": doubt.key, "kinds": list(doubt.kinds), "share": round(doubt.share, 3)}
