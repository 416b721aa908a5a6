"""`coding-app transcribe`: one recording to a transcript file, without a study."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from coding_app.domain.transcript import SPEAKER_ROLES, Transcript
from coding_app.errors import InputError, MediaError, SpeechError, StoreError
from coding_app.exchange.transcripts import WRITERS, read_transcript_json, write_transcript
from coding_app.jobs.child import Child
from coding_app.jobs.pace import Pace
from coding_app.media.limits import probe_limited
from coding_app.media.probe import Probe
from coding_app.media.source import as_json
from coding_app.settings import Settings
from coding_app.speech.model_files import inspect_model
from coding_app.speech.models import find_model
from coding_app.workflows.import_transcript import Found, read_path, wanted_script
from coding_app.workflows.provenance import provenance, stage_weights
from coding_app.workflows.transcribe import check_wishes
from coding_app.workflows.transcription_job import CHILD

DEFAULT_SPEAKERS = 2


@dataclass(frozen=True, slots=True)
class FromFile:
    """A transcript of a recording that belongs to no study, and what the person should know of it, if anything."""

    transcript: Transcript
    note: str | None


def transcribe_file(
    source: Path,
    settings: Settings,
    *,
    engine: str | None = None,
    model: str | None = None,
    language: str | None = None,
    n_speakers: int | None = DEFAULT_SPEAKERS,
    channels: tuple[str, ...] = (),
    script: Found | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> FromFile:
    """Transcribes a recording; engine and model default to the settings'. on_progress gets 0..1.

    script: a transcript whose words are given the times of the recording, instead of writing down what is heard.
    The work is done in a child process, which a model or recording that crashes its reader takes down alone.

    Raises MediaError for a recording that cannot be used, SpeechError without a usable model, JobError when the
    child crashes, InputError for wishes that cannot be met.
    """
    engine, model = engine or settings.engine, model or settings.model
    check_wishes(engine, model, n_speakers, language)
    _check_roles(channels)
    probe = probe_limited(source)
    _check_recording(probe, channels, settings.max_duration_hours)
    models_dir = settings.models_dir or settings.data_dir / "models"
    inspect_model(find_model(engine, model, models_dir).path)
    request: dict[str, Any] = {
        "source": as_json(source.absolute()), "peaks": None, "engine": engine, "model": model,
        "models_dir": str(models_dir), "device": settings.device, "language": language, "n_speakers": n_speakers,
        "channels": list(channels), "chunks": {},
        "script": wanted_script(script, keep_names=True).to_json() if script else None,
    }  # fmt: skip
    finished = _work(request, on_progress or (lambda _: None))
    made = Transcript(
        uuid4().hex, "", 1, engine, finished["model"], finished["language"], probe.duration_ms, datetime.now(UTC),
        read_transcript_json(finished["transcript"]), finished["speakers"],
        provenance=provenance(request, finished, finished["model"]),
    )  # fmt: skip
    return FromFile(made, finished["note"])


def _work(request: dict[str, Any], report: Callable[[float], None]) -> dict[str, Any]:
    """What the child says at the end; the folder it works in is gone after that, whatever happens."""
    alone = bool(request["channels"]) or request["n_speakers"] == 1
    pace = Pace(stage_weights(request["engine"], request["model"], alone=alone))
    with tempfile.TemporaryDirectory(prefix="coding-app-") as folder:
        request = {**request, "work_dir": folder}
        with Child(CHILD, request, Path(folder) / "child.log") as child:
            for message in child.messages(lambda: None):
                match message["event"]:
                    case "failed":
                        raise SpeechError(message["sentence"])
                    case "finished":
                        report(1.0)
                        return message
                    case "progress":
                        report(pace.at(message["stage"], message["fraction"]))
    raise SpeechError("The transcription ended without a result; try it again.")


def _check_roles(channels: tuple[str, ...]) -> None:
    """Raises InputError for a role that does not exist, or that two channels cannot have at once."""
    for role in channels:
        if role not in SPEAKER_ROLES:
            raise InputError(f"A channel cannot hold '{role}'; choose one of {', '.join(SPEAKER_ROLES)}.")
        if role != "other" and channels.count(role) > 1:
            raise InputError(
                f"--channels names '{role}' twice; each channel is one person's: "
                f"for another one choose one of {', '.join(SPEAKER_ROLES)}."
            )


def _check_recording(probe: Probe, channels: tuple[str, ...], max_hours: float) -> None:
    if probe.duration_ms > max_hours * 3_600_000:
        raise MediaError(
            f"The recording is {probe.duration_ms / 3_600_000:.1f} hours long; at most {max_hours:g} are allowed. "
            "Cut it into parts, or raise CODING_APP_MAX_HOURS."
        )
    if channels and len(channels) != probe.n_channels:
        raise InputError(
            f"The recording has {probe.n_channels} audio channel(s), but {len(channels)} were named; "
            "name one speaker per channel, or none."
        )


def run_command(
    source: Path,
    out: Path,
    settings: Settings,
    *,
    engine: str | None = None,
    model: str | None = None,
    language: str | None = None,
    n_speakers: int | None = None,
    channels: tuple[str, ...] = (),
    script: Path | None = None,
) -> None:
    """Transcribes and writes the file `out`, in the form its suffix names; progress goes to standard error.

    n_speakers: default 2; not with channels. script: a transcript file whose words are given the times of the
    recording. The file appears whole or not at all. Raises as transcribe_file, and before any work InputError for
    a suffix or folder that cannot be used and TranscriptFileError for a script.
    """
    _check_out(out)
    if channels and n_speakers is not None:
        raise InputError("--channels says who speaks already; leave --speakers out, or --channels.")
    wanted = read_path(script) if script else None
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Transcribing", total=1.0)
        done = transcribe_file(
            source, settings, engine=engine, model=model, language=language,
            n_speakers=n_speakers or DEFAULT_SPEAKERS, channels=channels, script=wanted,
            on_progress=lambda share: bar.update(task, completed=share),
        )  # fmt: skip
    _write(out, write_transcript(done.transcript, out.suffix.lower()))
    if done.note:
        console.print(done.note, soft_wrap=True, markup=False, highlight=False)


def _check_out(out: Path) -> None:
    if out.suffix.lower() not in WRITERS:
        raise InputError(
            f"The result cannot be written as '{out.suffix}'; end its name with one of {', '.join(WRITERS)}."
        )
    if not out.parent.is_dir():
        raise InputError("The folder for the result does not exist; make it or choose another.")
    if out.is_dir():
        raise InputError("The result's name is that of a folder; choose another.")


def _write(out: Path, text: str) -> None:
    partial = out.with_name(f".{out.name}-{uuid4().hex}")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(out)
    except OSError as error:
        raise StoreError(
            "The transcript could not be written; free some space or choose another folder."
        ) from error
    finally:
        partial.unlink(missing_ok=True)
