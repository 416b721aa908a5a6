"""The transcript of a recording as far as it has come, while the recognition still works on it."""

from dataclasses import dataclass

from coding_app.domain.people import Action
from coding_app.domain.transcript import Segment
from coding_app.speech.segmenting import segments
from coding_app.store import transcriptions
from coding_app.workflows.permission import allowed
from coding_app.workflows.transcription_job import words_of_chunks
from coding_app.workflows.wiring import App


@dataclass(frozen=True, slots=True)
class Growing:
    """segments: of the chunks that are done, without speakers, which are told apart at the end.

    n_done, n_chunks: pieces of work; n_chunks None before they are planned.
    """

    segments: tuple[Segment, ...]
    n_done: int
    n_chunks: int | None


@allowed(Action.SEE_RECORDINGS, of="transcription_id")
def growing_transcript(app: App, transcription_id: str) -> Growing | None:
    """What there is so far; None when there is no such transcription (its recording was erased)."""
    with app.store.read() as tx:
        run = transcriptions.find_transcription(tx, transcription_id)
        done = transcriptions.chunks(tx, transcription_id) if run else {}
    if run is None:
        return None
    words = words_of_chunks(done)
    return Growing(segments(words, (), run.language or "en"), len(done), run.n_chunks)
