"""Hearing one moment of a recording."""

from coding_app.domain.audit import Act
from coding_app.domain.consent import Use
from coding_app.domain.people import Action
from coding_app.domain.times import Span
from coding_app.media.clips import clip_wav
from coding_app.store import erasing, recordings
from coding_app.workflows import audit, study_access
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App

AROUND_MS = 400
LONGEST_MS = 60_000


@allowed(Action.LISTEN, of="recording_id")
def open_to_listen(app: App, recording_id: str) -> None:
    """Writes down that the recording is opened to somebody's player.

    Raises NotFoundError when there is none, AccessError when consent forbids it.
    """
    check_may_hear(app, recording_id)
    audit.note_of_recording(app, Act.OPENED_RECORDING, recording_id)


@allowed(Action.LISTEN, of="recording_id")
def check_may_hear(app: App, recording_id: str) -> None:
    """Raises AccessError when the client does not allow it (any more), NotFoundError when there is no recording."""
    with app.store.read() as tx:
        study_access.check_consent(tx, recording_id, Use.CODING, study_access.today())


@allowed(Action.LISTEN, of="recording_id")
def moment(app: App, recording_id: str, span: Span, around_ms: int = AROUND_MS) -> bytes:
    """WAV of the span with a little before and after it, at most a minute.

    Raises NotFoundError for an unknown recording, AccessError when consent forbids it, StoreError when its file is
    gone, MediaError when it cannot be decoded.
    """
    with app.store.read() as tx:
        recording = recordings.get_recording(tx, recording_id)
        erasing.check_not_erased(tx, recording_id)
        study_access.check_consent(tx, recording_id, Use.CODING, study_access.today())
    start_ms = max(0, span.start_ms - around_ms)
    end_ms = min(recording.duration_ms, span.end_ms + around_ms, start_ms + LONGEST_MS)
    span = Span(start_ms, max(start_ms + 1, end_ms))
    audit.note_of_recording(app, Act.PLAYED_MOMENT, recording_id, start_ms=span.start_ms, end_ms=span.end_ms)
    return clip_wav(app.vault.source(recording.sha256), span)
