"""A long recording with its transcript, tags and observers, made for measuring."""

import wave
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Transcript, Word
from coding_app.media.source import written
from coding_app.settings import read_settings
from coding_app.store import recordings, transcripts
from coding_app.ui import tokens
from coding_app.workflows import code_session, study
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.wiring import App, open_app

SEGMENT_MS = 3_000
SAMPLE_RATE_HZ = 8_000
WORDS = tuple("and then I thought about what you said last week and it stayed with me for a while".split())  # noqa: SIM905

# Of two criteria, a code for what the therapist says (even segments) and one for the client.
CODES = (
    (("empathy", "emp_t_convey"), ("empathy", "emp_c_received")),
    (("collaboration", "col_t_invite"), ("collaboration", "col_c_contribute")),
)


@dataclass(frozen=True)
class Observer:
    """One observer's open pass, and a token that opens its routes for an hour."""

    study_id: str
    coder_id: str
    pass_id: str
    token: str


def make_study(data_dir: Path, work_dir: Path, n_segments: int, n_observers: int) -> list[Observer]:
    """A study with one recording of n_segments times three seconds, and an open pass for each observer."""
    with open_app(read_settings({}, data_dir)) as app:
        made = study.create_study(app, "Bench")
        recording = add_file(app, made.id, _sound(work_dir, n_segments), label="B-1")
        with app.store.write() as tx:
            transcripts.add_transcript(tx, _transcript(recording.id, n_segments, recording.duration_ms))
            sha256 = recordings.get_recording(tx, recording.id).sha256
        peaks = np.random.default_rng(2).integers(0, 127, recording.duration_ms // 20, dtype=np.int8)
        with written(app.vault.derived(sha256, "peaks.i8")) as out:
            out.write(peaks.tobytes())
        return [_observer(app, made.id, recording.id, number) for number in range(n_observers)]


def tag(data_dir: Path, observer: Observer, n_segments: int, n_tags: int) -> None:
    """Gives the segments of the observer's pass n_tags codes, two criteria at most on one segment."""
    with open_app(read_settings({}, data_dir)) as app:
        batch = [
            event(observer.pass_id, number % n_segments, *CODES[number // n_segments][number % 2])
            for number in range(n_tags)
        ]
        for at in range(0, n_tags, 200):
            code_session.record(app, observer.pass_id, batch[at : at + 200])


def event(pass_id: str, number: int, criterion: str, code: str) -> dict[str, Any]:
    """An event that gives the segment of this number (from 0) one code, as the workbench makes it."""
    start_ms = number * SEGMENT_MS
    unit = {"key": f"s-{number + 1:04}", "start_ms": start_ms, "end_ms": start_ms + SEGMENT_MS}
    applied = {"code": code, "attributes": {"intensity": 2}, "links": []}
    at = datetime.now(UTC).isoformat()
    return {
        "id": str(uuid4()), "pass_id": pass_id, "unit": unit, "criterion": criterion, "codes": [applied],
        "value": None, "note": None, "at": at, "act": str(uuid4()), "step": "do",
    }  # fmt: skip


def _observer(app: App, study_id: str, recording_id: str, number: int) -> Observer:
    coder_id = study.add_coder(app, study_id, f"Observer {number + 1}").id
    coding_pass = code_session.open_pass(app, recording_id, coder_id)
    return Observer(study_id, coder_id, coding_pass.id, tokens.issue_pass_token(app, coding_pass))


def _sound(folder: Path, n_segments: int) -> Path:
    """A mono WAV as long as the segments: quiet noise."""
    path = folder / f"session-{n_segments}.wav"
    noise = np.random.default_rng(1).integers(-3_000, 3_000, SAMPLE_RATE_HZ, dtype=np.int16).tobytes()
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE_HZ)
        for _ in range(n_segments * SEGMENT_MS // 1_000):
            out.writeframes(noise)
    return path


def _transcript(recording_id: str, n_segments: int, duration_ms: int) -> Transcript:
    """Segments of three seconds; therapist and client take turns; every seventh word is doubtful."""
    segments = tuple(_segment(number) for number in range(n_segments))
    roles: dict[str, str | None] = {"S1": "therapist", "S2": "client"}
    made = datetime.now(UTC)
    return Transcript(uuid4().hex, recording_id, 1, "bench", "none", "en", duration_ms, made, segments, roles)


def _segment(number: int) -> Segment:
    start = number * SEGMENT_MS
    words = tuple(
        Word(start + 150 * i, start + 150 * i + 140, word, 0.4 if (number + i) % 7 == 0 else 0.9)
        for i, word in enumerate(WORDS)
    )
    span = Span(start, start + SEGMENT_MS)
    return Segment(f"s-{number + 1:04}", span, f"S{number % 2 + 1}", " ".join(WORDS) + ".", words)
