"""Replacing names in a transcript before anyone codes: found, looked at place by place, and silent in clips.

What stands for a name stands for it in every session of the case. Of the name itself only a keyed hash is kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from coding_app.domain import names
from coding_app.domain.audit import Act
from coding_app.domain.edit_texts import readable
from coding_app.domain.name_offers import Name, names_in
from coding_app.domain.names import Place
from coding_app.domain.people import Action
from coding_app.domain.times import Span, clock
from coding_app.domain.transcript import Transcript
from coding_app.domain.transcript_edit import Edit
from coding_app.errors import ChangedSinceError, InputError
from coding_app.store import Tx, earlier_words, pseudonyms, recordings, silences, transcripts
from coding_app.store.earlier_words import Earlier
from coding_app.workflows import audit
from coding_app.workflows.edit_transcript import EditStep, make_steps, newest_of
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App

MAX_REPLACEMENT = 80
CHANGED = "The transcript was changed since you looked; look at the places again."


@dataclass(frozen=True, slots=True)
class Names:
    """What may be a name in the newest revision. found: likely ones first; none of what is known already.

    known: what stands for a name in the case -> places of that name here, to be replaced, too. replacements: all that
    stands for a name in the case; suggested: one that is free. coded: somebody codes on this cut of the transcript.
    """

    transcript: Transcript
    found: tuple[Name, ...]
    known: Mapping[str, tuple[Place, ...]]
    replacements: tuple[str, ...]
    suggested: str
    coded: bool
    silences: tuple[Span, ...]
    earlier: Earlier


@dataclass(frozen=True, slots=True)
class Replaced:
    """What was done. edit_id: the step, to be undone in the transcript; n: places; n_silences: stretches."""

    edit_id: str
    n: int
    n_silences: int


@allowed(Action.EDIT_TRANSCRIPT, of="recording_id")
def look_for_names(app: App, recording_id: str, *, listed: bool = True) -> Names:
    """What there is to look at. Raises NotFoundError while there is no transcript.

    listed False: without found and known, which take a second in a long transcript: for who looks at one name.
    """
    with app.store.read() as tx:
        study_id, case = pseudonyms.case_of(tx, recording_id)
        transcript = newest_of(tx, recording_id)
        taken = pseudonyms.replacements(tx, study_id, case)
        there = {*taken, *names.standing_in(transcript.segments)}
        replaced_by = pseudonyms.replacement_of(tx, study_id, case)
        known = names.known_places(transcript.segments, replaced_by) if taken and listed else {}
        return Names(
            transcript,
            _not_known(names_in(transcript.segments, transcript.language, there), known) if listed else (),
            known,
            taken,
            names.free_replacement(there),
            any(each.frozen for each in transcripts.list_transcripts(tx, recording_id)),
            silences.list_silences(tx, recording_id),
            earlier_words.look(tx, recording_id),
        )


@allowed(Action.EDIT_TRANSCRIPT, of="recording_id")
def places_of_name(app: App, recording_id: str, name: str) -> tuple[Place, ...]:
    """Everywhere it stands in the newest revision. Raises InputError for nothing to look for, NotFoundError."""
    if not names.spelled(name):
        raise InputError("Write the name or place that is to be looked for.")
    with app.store.read() as tx:
        return names.places_of(newest_of(tx, recording_id).segments, name)


@allowed(Action.EDIT_TRANSCRIPT, of="recording_id")
def replace_name(
    app: App,
    recording_id: str,
    coder_id: str,
    transcript_id: str,
    name: str,
    places: Sequence[Place],
    replacement: str,
) -> Replaced:
    """Replaces the name in these places, remembers it for the case, and keeps when it was said from every clip.

    coder_id: who does it; transcript_id: the revision that they looked at. Raises InputError for a replacement that is
    none or for no place, ChangedSinceError when somebody has changed the transcript since, NotFoundError.
    """
    wanted = _checked(replacement, name)
    with app.store.write() as tx:
        study_id, case = pseudonyms.case_of(tx, recording_id)
        _check_free(tx, recording_id, wanted, pseudonyms.replacements(tx, study_id, case))
        pseudonyms.put_pseudonym(tx, study_id, case, name, wanted)
        return _replace(app, tx, recording_id, coder_id, transcript_id, {wanted: places})


@allowed(Action.EDIT_TRANSCRIPT, of="recording_id")
def replace_known(
    app: App, recording_id: str, coder_id: str, transcript_id: str, known: Mapping[str, Sequence[Place]]
) -> Replaced:
    """Replaces names that were replaced in the case before, as they were then: replacement -> places.

    Raises InputError for no place or something that stands for no name, ChangedSinceError, NotFoundError.
    """
    with app.store.write() as tx:
        taken = pseudonyms.replacements(tx, *pseudonyms.case_of(tx, recording_id))
        if not set(known) <= set(taken):
            raise InputError("This stands for no name in the case; reload the page.")
        return _replace(app, tx, recording_id, coder_id, transcript_id, known)


@allowed(Action.EDIT_TRANSCRIPT, of="recording_id")
def forget_known(app: App, recording_id: str, replacement: str, places: Sequence[Place]) -> None:
    """What stands in these places is no name after all, or is to be called otherwise: the case knows it no more.

    Transcripts stay as they are. Raises ChangedSinceError when the transcript was changed since, NotFoundError.
    """
    with app.store.write() as tx:
        transcript = newest_of(tx, recording_id)
        _check_there(tx, transcript, [(place, replacement) for place in places])
        case = pseudonyms.case_of(tx, recording_id)
        for name in {transcript.the(each.key).text[each.start : each.end] for each in places}:
            pseudonyms.forget_name(tx, *case, name)


@allowed(Action.EDIT_TRANSCRIPT, of="recording_id")
def silence_stretch(app: App, recording_id: str, span: Span) -> None:
    """Keeps a stretch from every clip. Raises InputError for one outside of the recording, NotFoundError."""
    with app.store.write() as tx:
        recording = recordings.get_recording(tx, recording_id)
        if not span.duration_ms or span.end_ms > recording.duration_ms:
            raise InputError(
                f"The stretch must be longer than nothing and end by {clock(recording.duration_ms)}, with the "
                "recording; choose another."
            )
        silences.add_silences(tx, recording_id, [span])
        _note_silences(app, tx, recording_id, what="added", start_ms=span.start_ms, end_ms=span.end_ms)


@allowed(Action.EXPORT, of="recording_id")
def let_hear_again(app: App, recording_id: str, span: Span) -> None:
    """Takes a stretch from those that are silent in clips. Raises InputError when it is none of them."""
    with app.store.write() as tx:
        if not silences.remove_silence(tx, recording_id, span):
            raise InputError("This stretch is not silent any more; reload the page.")
        _note_silences(app, tx, recording_id, what="removed", start_ms=span.start_ms, end_ms=span.end_ms)


@allowed(Action.ERASE, of="recording_id")
def remove_earlier_words(app: App, recording_id: str) -> int:
    """Removes for good what holds the names still: earlier revisions that nobody codes on, and every step of editing.

    Returns how many revisions. Copies elsewhere, as in backups, stay. Raises InputError while a transcription is
    under way, NotFoundError.
    """
    with app.store.write() as tx:
        recording = recordings.get_recording(tx, recording_id)
        n = earlier_words.remove(tx, recording.id)
        study_id = recordings.study_of(tx, recording_id)
        audit.note(app, tx, Act.REMOVED_WORDS, study_id=study_id, subject=recording_id, revisions=n)
    app.store.overwrite_deleted()
    return n


def _not_known(found: Iterable[Name], known: Mapping[str, tuple[Place, ...]]) -> tuple[Name, ...]:
    """Without those of which every place is one of a known name's: they are offered as known."""
    there = {(each.key, each.start) for places in known.values() for each in places}
    return tuple(name for name in found if any((each.key, each.start) not in there for each in name.places))


def _checked(replacement: str, name: str) -> str:
    wanted = readable(replacement)
    if len(wanted) > MAX_REPLACEMENT:
        raise InputError(f"What stands for a name has at most {MAX_REPLACEMENT} characters; shorten it.")
    if not names.spelled(name):
        raise InputError("Write the name or place that is to be replaced.")
    if names.holds(wanted, name):
        raise InputError("What stands for the name must not hold it; choose something else.")
    return wanted


def _check_free(tx: Tx, recording_id: str, wanted: str, taken: Sequence[str]) -> None:
    """Raises InputError when what is to stand for the name is said itself: two people would become one."""
    if wanted not in taken and names.places_of(newest_of(tx, recording_id).segments, wanted):
        raise InputError(
            "What stands for the name is said in this transcript itself, so that two would become one; choose another."
        )


def _replace(
    app: App,
    tx: Tx,
    recording_id: str,
    coder_id: str,
    transcript_id: str,
    known: Mapping[str, Sequence[Place]],
) -> Replaced:
    """One step of editing, one line of the audit, and the silences; all in the given transaction."""
    places = [(place, put) for put, each in known.items() for place in each]
    if not places:
        raise InputError("No place is chosen; choose at least one.")
    before = newest_of(tx, recording_id)
    _check_there(tx, before, places)
    duration_ms = recordings.get_recording(tx, recording_id).duration_ms
    spans = {names.spoken(before.the(place.key), place, duration_ms) for place, _ in places}
    asked = [[place.key, place.start, place.end, put] for place, put in places]
    step = EditStep(uuid4().hex, "do", Edit("replace_places", {"places": asked}))
    make_steps(tx, recording_id, coder_id, transcript_id, [step])
    silences.add_silences(tx, recording_id, spans)
    study_id = recordings.study_of(tx, recording_id)
    audit.note(app, tx, Act.REPLACED_NAMES, study_id=study_id, subject=recording_id, places=len(places))
    return Replaced(step.id, len(places), len(spans))


def _check_there(tx: Tx, transcript: Transcript, places: Sequence[tuple[Place, str]]) -> None:
    """Raises ChangedSinceError unless a name that this stands for is in each place."""
    stands_for = pseudonyms.replacement_of(tx, *pseudonyms.case_of(tx, transcript.recording_id))
    for place, put in places:
        segment = transcript.segment(place.key)
        if segment is None or stands_for(names.spelled(segment.text[place.start : place.end])) != put:
            raise ChangedSinceError(CHANGED)


def _note_silences(app: App, tx: Tx, recording_id: str, **details: str | int) -> None:
    study_id = recordings.study_of(tx, recording_id)
    audit.note(app, tx, Act.CHANGED_SILENCES, study_id=study_id, subject=recording_id, **details)
