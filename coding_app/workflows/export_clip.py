"""Saving a stretch of a recording as a file to be shown: only with consent, and with nothing of what is silenced."""

from coding_app.domain.audit import Act
from coding_app.domain.consent import Use
from coding_app.domain.people import Action
from coding_app.domain.times import Span, clock
from coding_app.errors import InputError
from coding_app.media.clips import MAX_CLIP_MS, clip_wav
from coding_app.store import erasing, recordings, silences
from coding_app.workflows import audit, study_access
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App


@allowed(Action.EXPORT, of="recording_id")
def silences_in(app: App, recording_id: str, span: Span) -> tuple[Span, ...]:
    """The stretches that are silent in a clip of this span. Raises InputError for a span that gives none."""
    with app.store.read() as tx:
        duration_ms = recordings.get_recording(tx, recording_id).duration_ms
        if span.end_ms > duration_ms:
            raise InputError(
                f"The clip would end after the recording, which is {clock(duration_ms)} long; choose an earlier end."
            )
        if not 0 < span.duration_ms <= MAX_CLIP_MS:
            raise InputError(
                "A clip must be longer than nothing and no longer than 10 minutes; choose another stretch."
            )
        return tuple(each for each in silences.list_silences(tx, recording_id) if each.overlap_ms(span))


@allowed(Action.EXPORT, of="recording_id")
def check_may_show(app: App, recording_id: str) -> None:
    """Raises AccessError unless the client has agreed, in writing and until now, that clips are shown."""
    with app.store.read() as tx:
        erasing.check_not_erased(tx, recording_id)
        study_access.check_theirs(tx, app.actor, recording_id)
        study_access.check_agreed(tx, recording_id, Use.CLIPS, study_access.today())


@allowed(Action.EXPORT, of="recording_id")
def export_clip(app: App, recording_id: str, span: Span) -> bytes:
    """WAV of the span, at most ten minutes, with the names that are silenced in it silent.

    Raises AccessError without consent, InputError for a span that is empty, too long or past the end of the
    recording, NotFoundError, StoreError when its file is gone.
    """
    check_may_show(app, recording_id)
    with app.store.read() as tx:
        recording = recordings.get_recording(tx, recording_id)
    silent = silences_in(app, recording_id, span)
    clip = clip_wav(app.vault.source(recording.sha256), span, silences=silent)
    times = {"start_ms": span.start_ms, "end_ms": span.end_ms, "silenced": len(silent)}
    audit.note_of_recording(app, Act.EXPORTED, recording_id, what="clip", **times)
    return clip
