"""Small builders of domain objects: name only what the test is about, the rest is filled in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from coding_app.domain.coding import AppliedCode, CodingEvent, CodingPass, Purpose
from coding_app.domain.people import Coder
from coding_app.domain.recording import Recording, Study, TherapySession
from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Transcript, Word
from coding_app.domain.transcription import Transcription
from coding_app.domain.units import Unit
from coding_app.media.master_key import MasterKey
from coding_app.store import Store, events, open_store, passes, recordings, schemes, studies, transcripts

THE_MASTER_KEY = MasterKey(bytes(range(32)))  # of stores that a test opens without an app
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SEGMENT_MS = 4_000


def an_unlocked_store(database_url: str) -> Store:
    """Opened with a master key that is the same in all tests and processes of tests."""
    store = open_store(database_url)
    store.unlock(THE_MASTER_KEY)
    return store


def an_id() -> str:
    return uuid4().hex


def a_study(**given: Any) -> Study:
    return Study(**{"id": an_id(), "title": "Alliance study", "scheme_id": "alliance-core"} | given)


def a_coder(study_id: str, **given: Any) -> Coder:
    return Coder(**{"id": an_id(), "study_id": study_id, "name": f"Observer {an_id()[:6]}"} | given)


def a_session(study_id: str, **given: Any) -> TherapySession:
    return TherapySession(**{"id": an_id(), "study_id": study_id, "label": f"C-{an_id()[:6]}"} | given)


def a_recording(session_id: str, **given: Any) -> Recording:
    usual: dict[str, Any] = {
        "id": an_id(),
        "session_id": session_id,
        "name": "first meeting.wav",
        "sha256": an_id() + an_id(),
        "size_bytes": 1_920_044,
        "media_type": "audio/wav",
        "duration_ms": 60_000,
        "sample_rate_hz": 16_000,
        "n_channels": 1,
        "has_video": False,
        "added_at": NOON,
    }
    return Recording(**usual | given)


def a_segment(number: int = 1, **given: Any) -> Segment:
    """Segment number n takes the n-th four seconds; S1 and S2 take turns."""
    start_ms = (number - 1) * SEGMENT_MS
    usual: dict[str, Any] = {
        "key": f"s-{number:04}",
        "span": Span(start_ms, start_ms + SEGMENT_MS),
        "speaker": "S1" if number % 2 else "S2",
        "text": f"Words of segment {number}.",
        "words": (Word(start_ms, start_ms + 500, "Words", 0.9),),
    }
    return Segment(**usual | given)


def a_transcript(recording_id: str, n_segments: int = 4, **given: Any) -> Transcript:
    usual: dict[str, Any] = {
        "id": an_id(),
        "recording_id": recording_id,
        "revision": 1,
        "engine": "faster-whisper",
        "model": "base",
        "language": "en",
        "duration_ms": max(1, n_segments) * SEGMENT_MS,
        "created_at": NOON,
        "segments": tuple(a_segment(number) for number in range(1, n_segments + 1)),
        "speakers": {"S1": "therapist", "S2": "client"},
    }
    return Transcript(**usual | given)


def a_transcription(recording_id: str, **given: Any) -> Transcription:
    usual: dict[str, Any] = {
        "id": an_id(),
        "recording_id": recording_id,
        "engine": "faster-whisper",
        "model": "base",
        "language": None,
        "n_speakers": 2,
        "channels": (),
        "state": "queued",
        "progress": 0.0,
        "seconds_left": None,
        "message": None,
        "created_at": NOON,
        "updated_at": NOON,
    }
    return Transcription(**usual | given)


def a_pass(recording_id: str, transcript_id: str, coder_id: str, **given: Any) -> CodingPass:
    usual: dict[str, Any] = {
        "id": an_id(),
        "recording_id": recording_id,
        "transcript_id": transcript_id,
        "coder_id": coder_id,
        "scheme_id": "alliance-core",
        "scheme_version": "0.1.0",
        "scheme_sha256": "0" * 64,
        "purpose": Purpose.INDEPENDENT,
        "opened_at": NOON,
    }
    return CodingPass(**usual | given)


def a_unit(number: int = 1) -> Unit:
    """The unit of segment number n."""
    segment = a_segment(number)
    return Unit(segment.key, segment.span)


def an_event(pass_id: str, code: str | None = "rup_c_withdraw", **given: Any) -> CodingEvent:
    """One code on the first segment; code=None clears it."""
    codes = (AppliedCode(code, {"intensity": 2}),) if code else ()
    usual: dict[str, Any] = {
        "id": an_id(),
        "pass_id": pass_id,
        "unit": a_unit(),
        "criterion": "rupture",
        "codes": codes,
        "at": NOON + timedelta(milliseconds=123),
    }
    return CodingEvent(**usual | given)


def given_a_recording(
    store: Store, n_segments: int = 4, study: Study | None = None, **given: Any
) -> Recording:
    """A stored recording with a transcript, in a new study unless one (stored already) is given."""
    with store.write() as tx:
        if study is None:
            study = a_study()
            studies.add_study(tx, study)
        session = a_session(study.id)
        studies.add_session(tx, session)
        recording = a_recording(session.id, **given)
        recordings.add_recording(tx, recording)
        transcripts.add_transcript(tx, a_transcript(recording.id, n_segments))
    return recording


def given_a_pass(
    store: Store, recording: Recording | None = None, codings: Sequence[CodingEvent] = (), **given: Any
) -> CodingPass:
    """A stored open pass of a new coder; codings are stored in it, whatever pass they name."""
    recording = recording or given_a_recording(store)
    with store.write() as tx:
        session = studies.get_session(tx, recording.session_id)
        coder = a_coder(session.study_id)
        studies.add_coder(tx, coder)
        transcript = transcripts.current_transcript(tx, recording.id)
        assert transcript is not None
        coding_pass = a_pass(recording.id, transcript.id, coder.id, **given)
        identity = (coding_pass.scheme_id, coding_pass.scheme_version, coding_pass.scheme_sha256)
        schemes.keep_scheme(tx, *identity, text="id: alliance-core\n")
        passes.add_pass(tx, coding_pass)
        events.append_events(tx, [replace(each, pass_id=coding_pass.id) for each in codings])
    return coding_pass
