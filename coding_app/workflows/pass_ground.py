"""What a pass stands on and can never change: its scheme and its transcript, read once and kept in memory."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from coding_app.domain.coding import Purpose
from coding_app.domain.doubts import flagged_doubts
from coding_app.domain.scheme import Scheme
from coding_app.domain.transcript import Segment, Transcript
from coding_app.domain.words import doubtful
from coding_app.schemes import kept_scheme
from coding_app.store import Store, passes, schemes, transcripts


@dataclass(frozen=True, slots=True)
class Ground:
    """Purpose, scheme and transcript of a pass, and the transcript's segments as JSON (never to be changed).

    The scheme comes without the ratings that need a speaker whom the recording does not have, the transcript without
    its words: what the workbench shows of them is in the JSON.
    """

    scheme: Scheme
    transcript: Transcript
    segments: tuple[dict[str, Any], ...]
    purpose: Purpose


def ground(store: Store, pass_id: str) -> Ground:
    """The ground of a pass. Raises NotFoundError."""
    purpose, transcript_id, coder_id, *scheme = _identity(store, pass_id)
    transcript, shown = _transcript(store, transcript_id, coder_id)
    return Ground(
        _scheme(store, *scheme).asked_of(transcript.speakers.values()), transcript, shown, Purpose(purpose)
    )


def segment_as_json(segment: Segment, role: str | None) -> dict[str, Any]:
    """A segment of the transcript, with the doubtful stretches of its text and its doubts where there are any."""
    shown: dict[str, Any] = {
        "key": segment.key,
        "start_ms": segment.span.start_ms,
        "end_ms": segment.span.end_ms,
        "speaker": segment.speaker,
        "role": role,
        "text": segment.text,
    }
    marked = doubtful(segment.text, segment.words)
    reasons = flagged_doubts(segment)
    return shown | ({"doubtful": marked} if marked else {}) | ({"doubts": reasons} if reasons else {})


@lru_cache(maxsize=1024)
def _identity(store: Store, pass_id: str) -> tuple[str, str, str, str, str, str]:
    """Purpose, transcript's and observer's id, then the scheme's id, version and sha256."""
    with store.read() as tx:
        found = passes.get_pass(tx, pass_id)
    scheme = (found.scheme_id, found.scheme_version, found.scheme_sha256)
    return found.purpose, found.transcript_id, found.coder_id, *scheme


@lru_cache(maxsize=16)
def _scheme(store: Store, scheme_id: str, version: str, sha256: str) -> Scheme:
    with store.read() as tx:
        text = schemes.scheme_text(tx, scheme_id, version, sha256)
    return kept_scheme(text, scheme_id)


@lru_cache(maxsize=64)
def _transcript(
    store: Store, transcript_id: str, coder_id: str
) -> tuple[Transcript, tuple[dict[str, Any], ...]]:
    """A frozen revision without its words, and its segments as JSON.

    Kept for each observer apart: if it were there already, the first answer would come sooner and tell that somebody
    else codes the recording too.
    """
    with store.read() as tx:
        whole = transcripts.get_transcript(tx, transcript_id)
    shown = tuple(segment_as_json(each, whole.role_of(each)) for each in whole.segments)
    return replace(whole, segments=tuple(replace(each, words=()) for each in whole.segments)), shown
