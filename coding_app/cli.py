"""The command line: `coding-app` and its commands; the larger groups are in `commands/`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from coding_app.commands import backup
from coding_app.commands.agreement import app as agreement_app
from coding_app.commands.audit import app as audit_app
from coding_app.commands.schemes import app as schemes_app
from coding_app.commands.users import app as users_app
from coding_app.errors import CodingAppError, InputError
from coding_app.settings import read_settings

app = typer.Typer(
    name="coding-app",
    help="Observational coding of therapy sessions, on this machine only.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(agreement_app, name="agreement")
app.add_typer(audit_app, name="audit")
app.add_typer(schemes_app, name="schemes")
app.add_typer(users_app, name="users")
for command in (backup.backup, backup.restore, backup.verify):
    app.command()(command)

DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder (else CODING_APP_DATA).")]


@app.command()
def serve(
    data: DataOption = None,
    port: Annotated[int, typer.Option(help="Port.", min=1, max=65535)] = 8501,
    host: Annotated[
        str, typer.Option(help="Address; others than 127.0.0.1 need accounts and CODING_APP_SECRET_KEY.")
    ] = "127.0.0.1",
    demo: Annotated[bool, typer.Option("--demo", help="Add the demo study if it is not there.")] = False,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
) -> None:
    """Start the app and keep it running until Ctrl-C."""
    from coding_app.ui.server import check_host, check_port, is_loopback
    from coding_app.ui.server import serve as serve_app
    from coding_app.workflows.wiring import open_server_app

    settings = read_settings(data_dir=data)
    check_port(port, host)
    with open_server_app(settings) as opened:
        check_host(opened, host)
        if demo:
            from coding_app.workflows.demo import add_demo

            add_demo(opened)
        name = "localhost" if is_loopback(host) else host
        typer.echo(
            f"The coding app runs at http://{name}:{port} (data: {settings.data_dir}). Stop it with Ctrl-C."
        )
        serve_app(opened, port, open_browser=browser and sys.stdout.isatty(), host=host)


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="Recordings to add.")],
    study: Annotated[str, typer.Option(help="The study's title.")],
    data: DataOption = None,
    label: Annotated[str | None, typer.Option(help="Session label; default: the file's name.")] = None,
    transcribe_it: Annotated[bool, typer.Option("--transcribe", help="Queue the transcription.")] = False,
) -> None:
    """Add recordings to a study, also while the server runs."""
    from coding_app.workflows import add_recording, transcribe
    from coding_app.workflows import study as studies
    from coding_app.workflows.wiring import open_app

    settings = read_settings(data_dir=data)
    with open_app(settings) as opened:
        study_id = studies.find_study(opened, study).id
        for file in files:
            recording = add_recording.add_file(opened, study_id, file, label=label)
            if transcribe_it:
                transcribe.start(opened, recording.id, engine=settings.engine, model=settings.model)
            typer.echo(f"{recording.id}  {recording.name}")


@app.command()
def transcribe(
    file: Annotated[Path, typer.Argument(help="Recording: WAV, MP3, M4A, MP4, OGG, WebM ...")],
    out: Annotated[Path, typer.Option(help="Result: .json, .vtt, .srt, .csv or .txt.")],
    engine: Annotated[str | None, typer.Option(help="faster-whisper or openai-whisper.")] = None,
    model: Annotated[str | None, typer.Option(help="Name (base, small ...) or folder of a model.")] = None,
    language: Annotated[str | None, typer.Option(help="For example en, de; default: recognised.")] = None,
    speakers: Annotated[int, typer.Option(help="How many people speak.", min=1, max=8)] = 2,
    channels: Annotated[
        str | None, typer.Option(help="One person per channel, for example therapist,client.")
    ] = None,
    align: Annotated[
        Path | None, typer.Option(help="A transcript file: its words are given the recording's times.")
    ] = None,
) -> None:
    """Transcribe one recording to a file."""
    from coding_app.workflows import transcribe_file

    transcribe_file.run_command(
        file,
        out,
        read_settings(),
        engine=engine,
        model=model,
        language=language,
        n_speakers=speakers,
        channels=tuple(channels.split(",")) if channels else (),
        script=align,
    )


def main() -> None:
    """Runs the command line; an error of ours is one sentence on standard error (2 wrong input, 1 failure)."""
    os.umask(0o077)  # what we write is for its owner only, wherever the data folder lies
    try:
        app(standalone_mode=True)
    except CodingAppError as error:
        typer.echo(f"coding-app: {error}", err=True)
        sys.exit(2 if isinstance(error, InputError) else 1)


if __name__ == "__main__":
    main()
