"""Taking a transcript that somebody else made for a recording: at once, or by finding its words in the sound."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

from coding_app.domain.people import Action
from coding_app.domain.recording import Recording
from coding_app.domain.script import (
    Script,
    ScriptLine,
    names_somebody,
    neutral_labels,
    relabelled,
    role_of_label,
    segments_as_timed,
)
from coding_app.domain.times import clock
from coding_app.domain.transcript import SPEAKER_ROLES, Transcript
from coding_app.domain.transcription import Transcription
from coding_app.errors import InputError, TranscriptFileError
from coding_app.exchange.transcript_files import read_script, sha256_of
from coding_app.store import Tx, recordings, transcriptions, transcripts
from coding_app.workflows.add_recording import harmless_name
from coding_app.workflows.permission import allowed
from coding_app.workflows.transcribe import start
from coding_app.workflows.transcription_job import GOES_ON
from coding_app.workflows.wanted_script import WantedScript
from coding_app.workflows.wiring import App

BEYOND_MS = 3_000  # a transcript may run on a little: the last subtitle often stays a while


@dataclass(frozen=True, slots=True)
class Found:
    """What was understood of a file. file: its harmless name; sha256: of its bytes.

    labels: speaker as the file calls them -> the label that names nobody. roles: speaker as the file calls them
    -> the role that this says, None where it says none.
    """

    script: Script
    file: str
    sha256: str
    labels: Mapping[str, str]
    roles: Mapping[str, str | None]

    @property
    def names(self) -> tuple[str, ...]:
        """Speakers whose label may be a person's name."""
        return tuple(each for each in self.script.speakers if names_somebody(each))


def read_file(data: bytes, name: str, tracks: Sequence[str] | None = None) -> Found:
    """Reads a transcript file without storing anything. tracks: the tiers to take, for ELAN and TextGrid.

    Raises TranscriptFileError with the file's name and, where there is one, the line.
    """
    script = read_script(data, harmless_name(name), tracks)
    roles, taken = dict[str, str | None](), set[str]()
    for each in script.speakers:
        role = role_of_label(each)
        roles[each] = role if role == "other" or role not in taken else None
        taken.add(role or "")
    return Found(script, harmless_name(name), sha256_of(data), neutral_labels(script.speakers), roles)


@allowed(Action.TRANSCRIBE, of="recording_id")
def import_timed(
    app: App,
    recording_id: str,
    found: Found,
    *,
    roles: Mapping[str, str | None] | None = None,
    keep_names: bool = False,
    shift_ms: int = 0,
) -> Transcript:
    """Makes the file the recording's newest transcript, with the times it has.

    roles: speaker as the file calls them -> role, instead of what the labels say. keep_names: labels as in the
    file, also where they are names of people; else these become S1, S2 ... shift_ms is added to every time.
    Raises InputError when a line has no time, the times do not fit the recording, it is being transcribed, or
    somebody has begun to code it; NotFoundError.
    """
    script = found.script
    if not script.has_starts:
        raise InputError(
            "Some lines of this file have no time; let its words be found in the recording instead."
        )
    lines, speakers = _labelled(found, roles, keep_names)
    with app.store.write() as tx:
        recording = recordings.get_recording(tx, recording_id)
        segments = segments_as_timed(_shifted(lines, shift_ms, recording), recording.duration_ms)
        _check_free(tx, recording_id)
        transcript = Transcript(
            id=uuid4().hex,
            recording_id=recording_id,
            revision=0,
            engine="import",
            model=script.format,
            language=script.language,
            duration_ms=recording.duration_ms,
            created_at=datetime.now(UTC),
            segments=segments,
            speakers=speakers,
            source="import",
            provenance={
                "format": script.format, "file": found.file, "sha256": found.sha256, "shift_ms": shift_ms,
                "versions": {"coding-app": version("coding-app")},
            },
        )  # fmt: skip
        return transcripts.add_transcript(tx, transcript)


@allowed(Action.TRANSCRIBE, of="recording_id")
def align_import(
    app: App,
    recording_id: str,
    found: Found,
    *,
    engine: str,
    model: str,
    language: str | None = None,
    roles: Mapping[str, str | None] | None = None,
    keep_names: bool = False,
) -> Transcription:
    """Queues the work of finding the file's words in the recording; the transcript appears when it is done.

    As import_timed for roles and keep_names. Raises InputError as transcribe.start does.
    """
    wanted = wanted_script(found, roles, keep_names=keep_names)
    return start(
        app,
        recording_id,
        engine=engine,
        model=model,
        language=language or found.script.language or None,
        n_speakers=1,
        script=wanted.to_json(),
    )


def wanted_script(
    found: Found, roles: Mapping[str, str | None] | None = None, *, keep_names: bool
) -> WantedScript:
    """The file's lines as work for a transcription; roles and keep_names as for import_timed."""
    lines, speakers = _labelled(found, roles, keep_names)
    return WantedScript(lines, speakers, found.script.format, found.file, found.sha256)


def read_path(path: Path) -> Found:
    """As read_file, from a file of this machine. Raises TranscriptFileError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TranscriptFileError(
            f"{path.name} could not be read ({error.strerror}); check the path."
        ) from error
    return read_file(data, path.name)


def _labelled(
    found: Found, roles: Mapping[str, str | None] | None, keep_names: bool
) -> tuple[tuple[ScriptLine, ...], dict[str, str | None]]:
    """The lines with the labels that are kept, and label -> role."""
    wanted = {**found.roles, **(roles or {})}
    for role in wanted.values():
        if role is not None and role not in SPEAKER_ROLES:
            raise InputError(f"A speaker cannot be '{role}'; choose one of {', '.join(SPEAKER_ROLES)}.")
    labels = {each: each for each in found.labels} if keep_names else dict(found.labels)
    return relabelled(found.script.lines, labels), {labels[each]: wanted[each] for each in labels}


def _shifted(lines: Sequence[ScriptLine], shift_ms: int, recording: Recording) -> tuple[ScriptLine, ...]:
    """The lines with their times moved. Raises InputError when they leave the recording."""
    starts = [(each.start_ms or 0) + shift_ms for each in lines]
    if min(starts) < -BEYOND_MS:
        raise InputError("With this shift the transcript begins before the recording; make it smaller.")
    if max(starts) > recording.duration_ms + BEYOND_MS:
        raise InputError(
            f"A line of the transcript begins at {clock(max(starts))}, but the recording is only "
            f"{clock(recording.duration_ms)} long; choose the recording it belongs to, or shift its times."
        )
    return tuple(_moved(each, shift_ms) for each in lines)


def _moved(line: ScriptLine, by_ms: int) -> ScriptLine:
    def moved(at: int) -> int:
        return max(0, at + by_ms)

    words = tuple(
        replace(each, start_ms=moved(each.start_ms), end_ms=moved(each.end_ms)) for each in line.words
    )
    end_ms = None if line.end_ms is None else moved(line.end_ms)
    return replace(line, start_ms=moved(line.start_ms or 0), end_ms=end_ms, words=words)


def _check_free(tx: Tx, recording_id: str) -> None:
    if transcriptions.list_transcriptions(tx, recording_id, GOES_ON):
        raise InputError("This recording is being transcribed; wait for it or cancel it first.")
    if any(each.frozen for each in transcripts.list_transcripts(tx, recording_id)):
        raise InputError("Somebody has begun to code this recording; its transcript is fixed with that.")
