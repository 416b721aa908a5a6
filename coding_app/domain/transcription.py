"""One run of speech recognition over a recording: what was asked for and how far it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

TranscriptionState = Literal["queued", "running", "paused", "done", "failed", "cancelled"]
TRANSCRIPTION_STATES: tuple[TranscriptionState, ...] = get_args(TranscriptionState)


@dataclass(frozen=True, slots=True)
class Transcription:
    """A transcription of one recording, asked for once.

    language and n_speakers: None = to be found out. channels: the role on each audio channel, () = mixed.
    progress: 0-1. message: the sentence shown when it failed. n_chunks: pieces of work, None before they are
    planned. script: segments (JSON) whose words are to be found in the sound, None: free recognition.
    Raises ValueError for an unknown state or a progress outside 0-1.
    """

    id: str
    recording_id: str
    engine: str
    model: str
    language: str | None
    n_speakers: int | None
    channels: tuple[str, ...]
    state: TranscriptionState
    progress: float
    seconds_left: float | None
    message: str | None
    created_at: datetime
    updated_at: datetime
    n_chunks: int | None = None
    script: str | None = None

    def __post_init__(self) -> None:
        if self.state not in TRANSCRIPTION_STATES:
            raise ValueError(f"A transcription cannot be in the state {self.state!r}")
        if not 0 <= self.progress <= 1:
            raise ValueError(f"Progress runs from 0 to 1, not {self.progress}")
