"""`coding-app transcribe`: one recording to a transcript file, without a study."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

from coding_app.domain.transcript import Transcript
from coding_app.errors import InputError, MediaError, StoreError
from coding_app.exchange.transcripts import WRITERS, write_transcript
from coding_app.media.limits import probe_limited
from coding_app.settings import ENGINES, Settings
from coding_app.speech.alignment import uncertainty_note
from coding_app.speech.models import find_model, load
from coding_app.workflows.chunk_words import ChunkWords
from coding_app.workflows.import_transcript import Found, named_lines, read_path
from coding_app.workflows.recognition import (
    finish,
    finish_script,
    prepare,
    recognise,
    speaker_note,
    spoken_language,
)

PREPARED, RECOGNISED = 0.08, 0.7  # shares of the time, measured with the base model


def transcribe_file(
    source: Path,
    settings: Settings,
    *,
    engine: str | None = None,
    model: str | None = None,
    language: str | None = None,
    n_speakers: int | None = 2,
    channels: tuple[str, ...] = (),
    script: Found | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> Transcript:
    """Transcribes a recording; engine and model default to the settings'. on_progress gets 0..1.

    script: a transcript whose words are given the times of the recording, instead of writing down what is heard.

    Raises MediaError for a recording that cannot be used, SpeechError without a model, InputError for an
    engine that does not exist.
    """
    report = on_progress or (lambda _: None)
    engine, model = engine or settings.engine, model or settings.model
    if engine not in ENGINES:
        raise InputError(f"There is no engine '{engine}'; choose one of {', '.join(ENGINES)}.")
    _check_length(probe_limited(source).duration_ms, settings.max_duration_hours)
    found = find_model(engine, model, settings.models_dir or settings.data_dir / "models")
    with tempfile.TemporaryDirectory(prefix="coding-app-") as folder:
        prepared = prepare(source, Path(folder), channels, lambda done: report(done * PREPARED))
        transcriber = load(engine, found)
        words = list[ChunkWords]()
        for place in range(len(prepared.chunks)):
            known = language or spoken_language(words) or None
            words.append(recognise(prepared, place, transcriber, known))
            report(PREPARED + (RECOGNISED - PREPARED) * (place + 1) / len(prepared.chunks))
        finishing = partial(_between, report, RECOGNISED)
        if script is not None:
            lines, roles = named_lines(script)
            finished = finish_script(prepared, lines, roles, words, language, finishing)
        else:
            finished = finish(prepared, words, n_speakers, finishing)
        report(1.0)
        return Transcript(
            uuid4().hex, "", 1, engine, found.name, spoken_language(words, language), prepared.duration_ms,
            datetime.now(UTC), finished.segments, finished.speakers,
        )  # fmt: skip


def _between(report: Callable[[float], None], start: float, done: float) -> None:
    report(start + done * (1 - start))


def _check_length(duration_ms: int, max_hours: float) -> None:
    if duration_ms > max_hours * 3_600_000:
        raise MediaError(
            f"The recording is {duration_ms / 3_600_000:.1f} hours long; at most {max_hours:g} are allowed. "
            "Cut it into parts, or raise CODING_APP_MAX_HOURS."
        )


def run_command(
    source: Path,
    out: Path,
    settings: Settings,
    *,
    engine: str | None = None,
    model: str | None = None,
    language: str | None = None,
    n_speakers: int | None = 2,
    channels: tuple[str, ...] = (),
    script: Path | None = None,
) -> None:
    """Transcribes and writes the file `out`, in the form its suffix names; progress goes to standard error.

    script: a transcript file whose words are given the times of the recording. The file appears whole or not at
    all. Raises as transcribe_file, and before any work InputError for a suffix or folder that cannot be used and
    TranscriptFileError for a script.
    """
    _check_out(out)
    wanted = read_path(script) if script else None
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Transcribing", total=1.0)
        transcript = transcribe_file(
            source, settings, engine=engine, model=model, language=language, n_speakers=n_speakers,
            channels=channels, script=wanted, on_progress=lambda done: bar.update(task, completed=done),
        )  # fmt: skip
    _write(out, write_transcript(transcript, out.suffix.lower()))
    if not transcript.segments:
        console.print("No speech was found in this recording; the transcript is empty.")
    elif note := uncertainty_note(transcript.segments) if wanted else speaker_note(n_speakers, channels):
        console.print(note)


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
