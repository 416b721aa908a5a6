"""Offering to tell speakers apart by microphone, once a stereo recording was found to have one for each person."""

from dataclasses import dataclass

from coding_app.domain.people import Action
from coding_app.domain.recording import Recording
from coding_app.domain.transcription import Transcription
from coding_app.store import Tx, recordings, studies, transcriptions, transcripts
from coding_app.workflows import recording_quality
from coding_app.workflows.permission import allowed
from coding_app.workflows.transcribe import cancel, start
from coding_app.workflows.transcription_job import GOES_ON
from coding_app.workflows.wiring import App


@dataclass(frozen=True, slots=True)
class Offer:
    """A recording whose speakers were, or are being, told apart by voice, though each has a microphone."""

    recording_id: str
    session_label: str
    under_way: bool


@allowed(Action.SEE_RECORDINGS, of="study_id")
def offers(app: App, study_id: str) -> tuple[Offer, ...]:
    """The recordings of a study that would gain by it, in the order in which they were added.

    Not those that somebody codes, nor those whose newest transcript was imported or corrected by a person.
    """
    with app.store.read() as tx:
        labels = {each.id: each.label for each in studies.list_sessions(tx, study_id)}
        stereo = [each for each in recordings.list_recordings(tx, study_id) if each.n_channels == 2]
        wanted = [(each, run) for each in stereo if (run := _by_voice(tx, each)) is not None]
    found = []
    for recording, run in wanted:
        _, sound = recording_quality.sound_of(app, recording.id)
        if sound is not None and sound.channel_kind == "separate":
            found.append(Offer(recording.id, labels[recording.session_id], run.state in GOES_ON))
    return tuple(found)


@allowed(Action.TRANSCRIBE, of="recording_id")
def accept(app: App, recording_id: str, left: str, right: str) -> Transcription:
    """Transcribes anew by microphone, with engine, model and language as wished before; a run under way is cancelled.

    left, right: who has the microphone on the first and on the second channel. Raises InputError as
    transcribe.start does.
    """
    with app.store.read() as tx:
        last = transcriptions.list_transcriptions(tx, recording_id)[-1]
    if last.state in GOES_ON:
        cancel(app, last.id)
    return start(
        app,
        recording_id,
        engine=last.engine,
        model=last.model,
        language=last.language,
        channels=(left, right),
    )


def _by_voice(tx: Tx, recording: Recording) -> Transcription | None:
    """The newest run if it tells speakers apart by voice and its transcript may be made anew."""
    runs = transcriptions.list_transcriptions(tx, recording.id)
    if not runs or runs[-1].channels or runs[-1].script or runs[-1].state == "cancelled":
        return None
    revisions = transcripts.list_transcripts(tx, recording.id)
    if any(each.frozen for each in revisions) or (revisions and revisions[-1].source != "transcription"):
        return None
    return runs[-1]
