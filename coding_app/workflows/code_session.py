"""Coding a recording: open a pass, record what the observer does, submit it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from uuid import uuid4

from coding_app.domain.audit import Act
from coding_app.domain.coding import CodingPass, Judgement, Purpose
from coding_app.domain.consent import Use
from coding_app.domain.gaps import Gap, GapsError, gaps
from coding_app.domain.people import Action
from coding_app.domain.rules import check_event
from coding_app.domain.scheme import NOT_APPLICABLE, Scheme
from coding_app.domain.transcript import Transcript
from coding_app.domain.units import is_drawn
from coding_app.errors import CodingError, SchemeError
from coding_app.schemes import find_scheme, scheme_folders
from coding_app.store import (
    Tx,
    consensus,
    corrections,
    events,
    passes,
    recordings,
    schemes,
    studies,
    transcriptions,
    transcripts,
)
from coding_app.workflows import audit, study_access
from coding_app.workflows.event_json import event_as_json, event_from_json, judgement_as_json
from coding_app.workflows.pass_ground import Ground, ground
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App
from coding_app.workflows.workbench_preferences import preferences_as_json, read_preferences_of
from coding_app.workflows.workbench_state import (
    pass_as_json,
    recording_as_json,
    scheme_as_json,
    transcript_as_json,
    units_as_json,
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a pass has come. n_coded: segments with at least one code; n_rated: ratings given.

    gaps: what is missing before it can be submitted. n_drawn: spans and moments drawn by the observer that
    have a code. Flags and notes count for none of them.
    """

    n_segments: int
    n_coded: int
    n_rated: int
    gaps: tuple[Gap, ...]
    n_drawn: int = 0


@allowed(Action.CODE, of="recording_id")
def open_pass(app: App, recording_id: str, coder_id: str) -> CodingPass:
    """The observer's independent pass on a recording: the one begun or submitted before, else a new one.

    A new pass takes the study's scheme as it is now and the newest transcript, which is frozen with it.
    Raises CodingError while there is no transcript, it is being replaced, its speakers have no role, or recording
    and observer belong to different studies; SchemeError when the study's scheme cannot be read, or was changed
    under a version that others code with; AccessError for a session that is not the observer's, or not to be coded;
    NotFoundError.
    """
    with app.store.read() as tx:
        study_access.check_consent(tx, recording_id, Use.CODING, study_access.today())
        study_access.check_theirs(tx, app.actor, recording_id, coder_id)
        scheme_id = _scheme_id(tx, recording_id, coder_id)
        known = _pass_of(tx, recording_id, coder_id, scheme_id)
    if known is not None:
        return known
    scheme, text = find_scheme(scheme_folders(app.settings.own_schemes_dir), scheme_id)
    try:
        with app.store.write() as tx:
            return _pass_of(tx, recording_id, coder_id, scheme_id) or _new_pass(
                app, tx, recording_id, coder_id, scheme, text
            )
    except CodingError:
        # On PostgreSQL a second tab may have opened it between our look and our insert.
        with app.store.read() as tx:
            known = _pass_of(tx, recording_id, coder_id, scheme_id)
        if known is None:
            raise
        return known


def _scheme_id(tx: Tx, recording_id: str, coder_id: str) -> str:
    """The scheme of the study that recording and coder belong to."""
    recording = recordings.get_recording(tx, recording_id)
    study_id = studies.get_session(tx, recording.session_id).study_id
    if studies.get_coder(tx, coder_id).study_id != study_id:
        raise CodingError("This observer belongs to another study; choose an observer of this study.")
    return studies.get_study(tx, study_id).scheme_id


def _pass_of(tx: Tx, recording_id: str, coder_id: str, scheme_id: str) -> CodingPass | None:
    found = [
        each
        for each in passes.list_passes(tx, recording_id=recording_id, coder_id=coder_id)
        if each.purpose is Purpose.INDEPENDENT and each.scheme_id == scheme_id
    ]
    return found[-1] if found else None


def _new_pass(app: App, tx: Tx, recording_id: str, coder_id: str, scheme: Scheme, text: str) -> CodingPass:
    transcript = transcripts.current_transcript(tx, recording_id)
    if transcript is None:
        raise CodingError("This recording has no transcript yet; transcribe it first.")
    if not transcript.frozen and transcriptions.list_transcriptions(tx, recording_id, ("queued", "running")):
        raise CodingError(
            "This recording is being transcribed again; wait for it, or cancel it under Recordings."
        )
    _check_roles(transcript)
    coding_pass = CodingPass(
        id=uuid4().hex,
        recording_id=recording_id,
        transcript_id=transcript.id,
        coder_id=coder_id,
        scheme_id=scheme.id,
        scheme_version=scheme.version,
        scheme_sha256=scheme.sha256,
        purpose=Purpose.INDEPENDENT,
        opened_at=datetime.now(UTC),
    )
    _check_blind(tx, recording_id, coder_id)
    _check_unchanged(tx, scheme)
    schemes.keep_scheme(tx, scheme.id, scheme.version, scheme.sha256, text)
    passes.add_pass(tx, coding_pass)
    transcripts.freeze(tx, transcript.id)
    audit.note(
        app, tx, Act.BEGAN_CODING, study_id=recordings.study_of(tx, recording_id), subject=coding_pass.id
    )
    return coding_pass


def _check_blind(tx: Tx, recording_id: str, coder_id: str) -> None:
    """Raises CodingError for who has looked at the others' differences here, to settle them or to see them settled."""
    studies.lock_study(tx, recordings.study_of(tx, recording_id))  # nobody looks there meanwhile
    if consensus.has_seen(tx, recording_id, coder_id):
        raise CodingError(
            "You have seen where the others differ in this recording and know what they coded; let somebody else "
            "code it."
        )


def _check_unchanged(tx: Tx, scheme: Scheme) -> None:
    """Raises SchemeError where others coded with another content under the same version: they could not be compared."""
    if passes.coded_otherwise(tx, scheme.id, scheme.version, scheme.sha256):
        raise SchemeError(
            f"The coding scheme '{scheme.id}' was changed after coding with its version {scheme.version} had begun; "
            "give the changed file a new version, or put the earlier file back."
        )


def _check_roles(transcript: Transcript) -> None:
    """Raises CodingError while a speaker has no role; a transcript without any speaker label can be coded."""
    heard = {segment.speaker for segment in transcript.segments if segment.speaker}
    unknown = [
        label for label in sorted(heard | set(transcript.speakers)) if not transcript.speakers.get(label)
    ]
    if unknown:
        raise CodingError(
            "Say first who is the therapist and who the client: "
            f"nobody has said yet who {' and '.join(unknown)} {'is' if len(unknown) == 1 else 'are'}."
        )


@allowed(Action.CODE, of="pass_id")
def record(app: App, pass_id: str, batch: Sequence[Mapping[str, Any]]) -> list[str]:
    """Checks and stores events as the browser sends them, all or none; returns their ids.

    A repeated event does no harm, also after the pass was submitted. Raises CodingError for an event that
    cannot be read, is of another pass, or says what scheme and transcript do not allow; SubmittedError for
    a new event in a submitted pass; StoreError when the database fails (try again).
    """
    on = ground(app.store, pass_id)
    _check_coded(on)
    found = [event_from_json(data, number) for number, data in enumerate(batch, start=1)]
    for event in found:
        if event.pass_id != pass_id:
            raise CodingError("An event of this batch belongs to another pass; reload the page.")
        check_event(event, on.scheme, on.transcript)
    with app.store.write() as tx:
        return events.append_events(tx, found)


def _check_coded(on: Ground) -> None:
    """Raises CodingError for a consensus: it takes rulings with a reason, and is finished where they are made."""
    if on.purpose is Purpose.CONSENSUS:
        raise CodingError("A consensus is not coded; rule on its differences on the Consensus page.")


@allowed(Action.CODE, of="pass_id")
def bootstrap(app: App, pass_id: str) -> dict[str, Any]:
    """What the workbench shows, as one JSON object (docs/reference/routes.md). Raises NotFoundError.

    Of the transcript it is the newest text of each segment, whichever revision the pass stands on. Raises AccessError
    when the client does not allow the session to be coded (any more).
    """
    on = ground(app.store, pass_id)
    with app.store.read() as tx:
        coding_pass = passes.get_pass(tx, pass_id)
        study_access.check_consent(tx, coding_pass.recording_id, Use.CODING, study_access.today())
        recording = recordings.get_recording(tx, coding_pass.recording_id)
        label = studies.get_session(tx, recording.session_id).label
        coder = studies.get_coder(tx, coding_pass.coder_id).name
        newest = transcripts.newest_revision(tx, on.transcript.segmentation)
        revised = corrections.corrected_segments(tx, newest) if newest.corrected else {}
        judgements = events.judgements(tx, pass_id)
        n_events = events.count_events(tx, pass_id)
        preferences = read_preferences_of(tx, coding_pass.coder_id)
    return {
        "version": version("coding-app"),
        "pass": pass_as_json(coding_pass, coder, n_events),
        "recording": recording_as_json(recording, label),
        "transcript": transcript_as_json(on, newest, revised),
        "units": units_as_json(on.scheme, on.transcript),
        "scheme": scheme_as_json(on.scheme),
        "judgements": [judgement_as_json(each) for each in judgements.values()],
        "preferences": preferences_as_json(preferences),
    }


@allowed(Action.CODE, of="pass_id")
def ledger(app: App, pass_id: str) -> list[dict[str, Any]]:
    """Every event of the pass as it was sent, in the order in which it was stored. Raises NotFoundError."""
    with app.store.read() as tx:
        passes.get_pass(tx, pass_id)
        return [event_as_json(each) for each in events.list_events(tx, pass_id)]


@allowed(Action.CODE, of="pass_id")
def submit(app: App, pass_id: str) -> CodingPass:
    """Locks the pass and returns it; only a lead can open it again (reopen_pass).

    Raises GapsError (a CodingError with .gaps) when something is missing, SubmittedError when it was
    submitted before; then nothing changes.
    """
    on = ground(app.store, pass_id)
    _check_coded(on)
    with app.store.write() as tx:
        # Marked first: that locks the pass, so that no event comes in after the look for gaps.
        passes.mark_submitted(tx, pass_id, datetime.now(UTC))
        missing = gaps(on.scheme, on.transcript, events.judgements(tx, pass_id))
        if missing:
            raise GapsError(missing)
        submitted = passes.get_pass(tx, pass_id)
        study_id = recordings.study_of(tx, submitted.recording_id)
        audit.note(app, tx, Act.SUBMITTED, study_id=study_id, subject=pass_id)
        return submitted


@allowed(Action.CODE, of="pass_id")
def progress(app: App, pass_id: str) -> Progress:
    """How much of a pass is done and what is missing. Raises NotFoundError."""
    on = ground(app.store, pass_id)
    with app.store.read() as tx:
        judgements = events.judgements(tx, pass_id)
    criteria = {each.id for each in on.scheme.criteria}
    ratings = {each.id for each in on.scheme.ratings}
    coded = {key for (key, criterion), held in judgements.items() if criterion in criteria and held.codes}
    n_drawn = sum(is_drawn(key) for key in coded)
    n_rated = sum(criterion in ratings and _is_rated(held) for (_, criterion), held in judgements.items())
    missing = gaps(on.scheme, on.transcript, judgements)
    n_segments = len(on.transcript.segments)
    n_coded = sum(on.transcript.segment(key) is not None for key in coded)
    return Progress(n_segments, n_coded, n_rated, missing, n_drawn)


def _is_rated(held: Judgement) -> bool:
    """Whether a value was chosen, or that none applies: evidence alone is no rating."""
    return held.value is not None or any(each.code == NOT_APPLICABLE for each in held.codes)
