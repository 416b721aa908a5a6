"""How good a recording is for coding: its sound as measured, its words as recognised, and what follows from both."""

from dataclasses import dataclass
from typing import Any, Literal

from coding_app.domain.people import Action
from coding_app.domain.sound import Sound, sound_from_json
from coding_app.domain.sound_quality import Finding, WordsQuality, findings, words_quality
from coding_app.store import recording_checks, recordings, studies, transcripts
from coding_app.workflows import study_access
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App

State = Literal["waiting", "failed", "measured"]
PLAYED_AS_SOUND = Finding(
    "sound_only", "weak", "The picture of this video cannot be decoded; only its sound is played.",
    "Export the video as MP4 (H.264 and AAC) and add that, if the picture is needed.",
)  # fmt: skip
PLAYED_AS_COPY = Finding(
    "copy", "hint", "Browsers do not play this kind of file; a copy of it is played.",
    "Nothing is lost: the recording itself is kept as it is, and transcribed. In a video the copy's picture is "
    "smaller (360 lines, 15 pictures a second).",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordingQuality:
    """state "waiting": not measured yet; "failed": message says why. words: None before there is a transcript."""

    state: State
    message: str | None
    sound: Sound | None
    words: WordsQuality | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something badly wrong with a recording that was added."""

    recording_id: str
    session_label: str
    findings: tuple[Finding, ...]


@allowed(Action.SEE_RECORDINGS, of="recording_id")
def quality(app: App, recording_id: str) -> RecordingQuality:
    """Everything measured of one recording and its newest transcript. Raises NotFoundError for an unknown one."""
    with app.store.read() as tx:
        recordings.get_recording(tx, recording_id)
        check = recording_checks.get_check(tx, recording_id)
        transcript = transcripts.current_transcript(tx, recording_id)
    words = words_quality(transcript) if transcript is not None else None
    sound = _sound(check)
    found = findings(sound, words) if sound is not None else ()
    return RecordingQuality(
        _state(check), (check or {}).get("failed"), sound, words, found + _about_playing(check)
    )


@allowed(Action.SEE_RECORDINGS, of="recording_id")
def sound_of(app: App, recording_id: str) -> tuple[State, Sound | None]:
    """Whether the sound was measured, and what was measured, without a look at the transcript."""
    with app.store.read() as tx:
        check = recording_checks.get_check(tx, recording_id)
    return _state(check), _sound(check)


@allowed(Action.SEE_RECORDINGS, of="study_id")
def notices(app: App, study_id: str) -> tuple[Notice, ...]:
    """The recordings of a study whose sound is badly wrong, in the order in which they were added."""
    with app.store.read() as tx:
        labels = {each.id: each.label for each in studies.list_sessions(tx, study_id)}
        found = recordings.list_recordings(tx, study_id)
        checks = recording_checks.checks_of_study(tx, study_id)
        if (bound := study_access.bound_coder(tx, app.actor, study_id, None)) is not None:
            theirs = study_access.sessions_of(tx, study_id, bound)
            found = tuple(each for each in found if each.session_id in theirs)
    told = []
    for each in found:
        bad = _bad(checks.get(each.id))
        if bad:
            told.append(Notice(each.id, labels[each.session_id], bad))
    return tuple(told)


def _bad(check: dict[str, Any] | None) -> tuple[Finding, ...]:
    sound = _sound(check)
    if sound is not None:
        return tuple(each for each in findings(sound) if each.weight == "bad")
    if check is not None and check.get("failed"):
        return (Finding("failed", "bad", check["failed"], ""),)
    return ()


def _state(check: dict[str, Any] | None) -> State:
    if check is None:
        return "waiting"
    return "measured" if check.get("sound") else "failed" if check.get("failed") else "waiting"


def _sound(check: dict[str, Any] | None) -> Sound | None:
    """None also for a row of another version that cannot be read any more."""
    try:
        return sound_from_json(check["sound"]) if check and check.get("sound") else None
    except (TypeError, KeyError):
        return None


def _about_playing(check: dict[str, Any] | None) -> tuple[Finding, ...]:
    if check is None or check.get("playable", True) or check.get("holds") is None:
        return ()
    return (
        (PLAYED_AS_COPY,) if check["holds"] == "video" or not check.get("has_video") else (PLAYED_AS_SOUND,)
    )
