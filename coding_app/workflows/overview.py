"""What the pages show of a study: its sessions, how far each recording is, who has coded what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coding_app.domain.audit import Act
from coding_app.domain.coding import CodingPass, Purpose
from coding_app.domain.consent import Use
from coding_app.domain.people import Action, Coder
from coding_app.domain.recording import Recording, Study
from coding_app.domain.transcript import Transcript
from coding_app.domain.transcription import Transcription
from coding_app.errors import AccessError
from coding_app.exchange.transcripts import write_transcript
from coding_app.store import events, passes, recordings, reopenings, transcriptions, transcripts
from coding_app.store import studies as study_table
from coding_app.workflows import audit, study_access
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App


class NextStep(StrEnum):
    """What a recording waits for, seen by one observer."""

    TRANSCRIBE = "transcribe"
    WAIT = "wait"
    SPEAKERS = "speakers"
    CODE = "code"
    OTHERS = "others"
    AGREEMENT = "agreement"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class PassState:
    """One observer's independent pass of one recording.

    coding_pass: None while it was not opened. n_judgements: only for the viewer's own pass, None for others',
    whose progress stays hidden so that nobody codes to keep up. reopened: whether it was submitted and then opened
    again, so that it is not blind any more.
    """

    coder: Coder
    coding_pass: CodingPass | None
    n_judgements: int | None
    reopened: bool = False

    @property
    def submitted_at(self) -> datetime | None:
        """When it was submitted, None before."""
        return self.coding_pass.submitted_at if self.coding_pass else None


@dataclass(frozen=True, slots=True)
class RecordingOverview:
    """How far one recording is.

    transcript: the current revision without its segments, None before there is one.
    transcription: the newest run of speech recognition, None before there was one.
    note: what the run that made the transcript had to tell, None for nothing.
    states: every observer of the study, in the order they were added; blind: only the one who looks, who is not told
    whether others code the session too.
    """

    recording: Recording
    session_label: str
    transcript: Transcript | None
    transcription: Transcription | None
    note: str | None
    states: tuple[PassState, ...]
    blind: bool = False

    @property
    def is_transcribing(self) -> bool:
        """Whether a run of speech recognition waits or works."""
        return self.transcription is not None and self.transcription.state in ("queued", "running")

    @property
    def is_unfinished(self) -> bool:
        """Whether a run of speech recognition waits, works or is paused."""
        return self.is_transcribing or (
            self.transcription is not None and self.transcription.state == "paused"
        )

    @property
    def is_coded(self) -> bool:
        """Whether somebody has begun to code it, on this revision or on an earlier one."""
        coded = self.transcript is not None and self.transcript.is_coded
        return coded or any(state.coding_pass for state in self.states)

    @property
    def speakers_known(self) -> bool:
        """Whether every speaker of the transcript has a role."""
        return self.transcript is not None and all(self.transcript.speakers.values())

    @property
    def n_submitted(self) -> int:
        """How many observers have submitted."""
        return sum(state.submitted_at is not None for state in self.states)

    def state_of(self, coder_id: str | None) -> PassState | None:
        """The pass of this observer; None for an observer of another study."""
        return next((state for state in self.states if state.coder.id == coder_id), None)

    def next_step(self, viewer_id: str | None) -> NextStep:
        """What to do next with this recording."""
        if self.is_transcribing:
            return NextStep.WAIT
        if self.transcript is None:
            return NextStep.TRANSCRIBE
        if not self.speakers_known and not self.transcript.is_coded:
            return NextStep.SPEAKERS
        own = self.state_of(viewer_id)
        if own and own.submitted_at is None:
            return NextStep.CODE
        if self.blind:
            return NextStep.NOTHING
        return NextStep.AGREEMENT if self.n_submitted >= 2 else NextStep.OTHERS


@allowed(Action.USE)
def studies(app: App) -> tuple[Study, ...]:
    """All studies on this machine that the actor is in."""
    with app.store.read() as tx:
        return tuple(each for each in study_table.list_studies(tx) if app.actor.knows(each.id))


@allowed(Action.SEE_RECORDINGS, of="study_id")
def coders(app: App, study_id: str) -> tuple[Coder, ...]:
    """The observers of a study."""
    with app.store.read() as tx:
        return tuple(study_table.list_coders(tx, study_id))


@allowed(Action.SEE_RECORDINGS, of="study_id")
def study_overview(
    app: App, study_id: str, viewer_id: str | None, *, with_submitted: bool = False
) -> tuple[RecordingOverview, ...]:
    """Every recording of a study in the order they were added, as this observer may see it.

    In a study with a plan who codes sees the recordings of their own sessions, and no other observer; with_submitted:
    yet those who have submitted where they have submitted, too.
    """
    with app.store.read() as tx:
        people = study_table.list_coders(tx, study_id)
        bound = study_access.bound_coder(tx, app.actor, study_id, viewer_id)
        labels = {each.id: each.label for each in study_table.list_sessions(tx, study_id)}
        found = recordings.list_recordings(tx, study_id)
        if bound is not None:
            theirs = study_access.sessions_of(tx, study_id, bound)
            found = tuple(each for each in found if each.session_id in theirs)
        own_passes = {
            (each.recording_id, each.coder_id): each
            for each in passes.list_passes(tx, study_id=study_id)
            if each.purpose is Purpose.INDEPENDENT
        }
        reopened = reopenings.not_blind(tx, study_id)
        counts = events.counts(tx, [each.id for each in own_passes.values() if each.coder_id == viewer_id])
        overviews = []
        for recording in found:
            revisions = transcripts.list_transcripts(tx, recording.id)
            runs = transcriptions.list_transcriptions(tx, recording_id=recording.id)
            passes_here = {each.id: own_passes.get((recording.id, each.id)) for each in people}
            shown = _shown_to(bound, passes_here, with_submitted)
            states = []
            for person in people:
                if person.id in shown:
                    coding_pass = passes_here[person.id]
                    n = counts.get(coding_pass.id) if coding_pass else None
                    again = coding_pass is not None and coding_pass.id in reopened
                    states.append(PassState(person, coding_pass, n, again))
            overviews.append(
                RecordingOverview(
                    recording,
                    labels[recording.session_id],
                    max(revisions, key=lambda each: each.revision, default=None),
                    max(runs, key=lambda each: each.created_at, default=None),
                    _note(runs, revisions),
                    tuple(states),
                    blind=bound is not None,
                )
            )
        return tuple(overviews)


def _shown_to(
    bound: str | None, here: Mapping[str, CodingPass | None], with_submitted: bool
) -> frozenset[str]:
    """Whose state of a recording is shown to whoever looks. here: observer -> pass on it."""
    if bound is None:
        return frozenset(here)
    submitted = {each for each, one in here.items() if one is not None and one.submitted_at is not None}
    return frozenset({bound} | (submitted if with_submitted and bound in submitted else set()))


def _note(runs: Sequence[Transcription], revisions: Sequence[Transcript]) -> str | None:
    """What the newest run had to tell, while nobody has imported another transcript since."""
    done = max(
        (each for each in runs if each.state == "done"), key=lambda each: each.created_at, default=None
    )
    imported = [each.created_at for each in revisions if each.engine == "import"]
    return done.message if done and all(at < done.updated_at for at in imported) else None


@allowed(Action.SEE_RECORDINGS, of="recording_id")
def current_transcript(app: App, recording_id: str) -> Transcript | None:
    """The newest transcript with its segments, None before there is one."""
    with app.store.read() as tx:
        return transcripts.current_transcript(tx, recording_id)


@allowed(Action.EXPORT, of="recording_id")
def transcript_as(app: App, recording_id: str, suffix: str) -> str:
    """The newest transcript as a file's text (".json", ".vtt", ".srt", ".csv", ".txt"); "" before there is one."""
    transcript = current_transcript(app, recording_id)
    if transcript is None:
        return ""
    audit.note_of_recording(app, Act.EXPORTED, recording_id, what=f"transcript: {suffix[1:]}")
    return write_transcript(transcript, suffix)


@allowed(Action.CODE, of="pass_id")
def own_pass(app: App, pass_id: str, coder_id: str) -> CodingPass:
    """This observer's pass; raises AccessError for another's, NotFoundError for one that does not exist."""
    with app.store.read() as tx:
        coding_pass = passes.get_pass(tx, pass_id)
        study_access.check_consent(tx, coding_pass.recording_id, Use.CODING, study_access.today())
        study_access.check_theirs(tx, app.actor, coding_pass.recording_id, coder_id)
    if coding_pass.coder_id != coder_id:
        raise AccessError("This pass belongs to another observer; choose your own recording below.")
    return coding_pass
