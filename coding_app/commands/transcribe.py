"""`coding-app transcribe FILE --out FILE.json|.vtt|.srt|.csv|.txt`."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from coding_app.settings import read_settings

INTERRUPTED = 130


def transcribe(
    file: Annotated[Path, typer.Argument(help="Recording: WAV, MP3, M4A, MP4, OGG, WebM ...")],
    out: Annotated[Path, typer.Option(help="Result: .json, .vtt, .srt, .csv or .txt.")],
    engine: Annotated[str | None, typer.Option(help="faster-whisper or openai-whisper.")] = None,
    model: Annotated[str | None, typer.Option(help="Name (base, small ...) or folder of a model.")] = None,
    language: Annotated[str | None, typer.Option(help="For example en, de; default: recognised.")] = None,
    speakers: Annotated[
        int | None, typer.Option(help="How many people speak; default 2.", min=1, max=8)
    ] = None,
    channels: Annotated[
        str | None, typer.Option(help="One person per channel, for example therapist,client.")
    ] = None,
    align: Annotated[
        Path | None, typer.Option(help="A transcript file: its words are given the recording's times.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="Data folder with the models (else CODING_APP_DATA).")
    ] = None,
) -> None:
    """Transcribe one recording to a file."""
    from coding_app.workflows import transcribe_file

    settings = read_settings(data_dir=data)
    try:
        with _every_end_like_ctrl_c():
            transcribe_file.run_command(
                file,
                out,
                settings,
                engine=engine,
                model=model,
                language=language,
                n_speakers=speakers,
                channels=tuple(each.strip() for each in channels.split(",")) if channels else (),
                script=align,
            )
    except KeyboardInterrupt:
        typer.echo(
            "coding-app: The transcription was stopped; nothing of it was kept. Start it again to have it.",
            err=True,
        )
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _every_end_like_ctrl_c() -> Iterator[None]:
    """Also when it is terminated or its terminal is closed, decoded sound does not stay behind."""
    names = [each for each in ("SIGTERM", "SIGHUP") if hasattr(signal, each)]
    numbers = [getattr(signal, each) for each in names]
    changed = [each for each in numbers if signal.getsignal(each) is signal.SIG_DFL]  # nohup has its way
    for each in changed:
        signal.signal(each, signal.default_int_handler)
    try:
        yield
    finally:
        for each in changed:
            signal.signal(each, signal.SIG_DFL)
