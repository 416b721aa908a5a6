"""The command line: `coding-app` and its commands; the larger groups are in `commands/`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from coding_app.commands import backup
from coding_app.commands.agreement import app as agreement_app
from coding_app.commands.audit import app as audit_app
from coding_app.commands.keys import app as keys_app
from coding_app.commands.models import app as models_app
from coding_app.commands.schemes import app as schemes_app
from coding_app.commands.transcribe import transcribe
from coding_app.commands.users import app as users_app
from coding_app.domain.name_hint import name_hint
from coding_app.domain.session_details import read_details
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
app.add_typer(models_app, name="models")
app.command()(transcribe)
app.add_typer(keys_app, name="keys")
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
    case: Annotated[str | None, typer.Option(help="Case code of the session, never a name.")] = None,
    session_number: Annotated[
        str | None, typer.Option("--number", metavar="N", help="Number of the session in the case.")
    ] = None,
    held_on: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Day of the session.")
    ] = None,
    transcribe_it: Annotated[bool, typer.Option("--transcribe", help="Queue the transcription.")] = False,
) -> None:
    """Add recordings to a study, also while the server runs; one that cannot be added does not stop the others."""
    from coding_app.workflows import add_recording, transcribe
    from coding_app.workflows import study as studies
    from coding_app.workflows.wiring import open_app

    settings = read_settings(data_dir=data)
    details = read_details(case, session_number, held_on)
    with open_app(settings) as opened:
        study_id = studies.find_study(opened, study).id
        if hint := name_hint(label, details.case_code):
            typer.echo(f"coding-app: {hint}", err=True)
        refused = 0
        for number, file in enumerate(files, start=1):
            which = f"File {number} of {len(files)}: " if len(files) > 1 else ""
            try:
                recording = add_recording.add_file(opened, study_id, file, label=label, details=details)
                typer.echo(f"{recording.id}  {recording.name}")
                if hint := name_hint(file_name=recording.name):
                    typer.echo(f"coding-app: {which}{hint}", err=True)
                if transcribe_it:
                    transcribe.start(opened, recording.id, engine=settings.engine, model=settings.model)
            except InputError as error:
                if len(files) == 1:
                    raise
                refused += 1
                typer.echo(f"coding-app: {which}{error}", err=True)
        if refused:
            raise InputError(
                f"{refused} of {len(files)} files were not added, or not queued; the others were."
            )


@app.command()
def withdraw(
    recording_id: Annotated[str, typer.Argument(help="Id of the recording, as `add` printed it.")],
    keep_judgements: Annotated[
        bool | None,
        typer.Option(
            "--keep-judgements/--erase-judgements",
            help="Keep what was judged, without sound and words, or not; else as the study's plan says.",
        ),
    ] = None,
    data: DataOption = None,
) -> None:
    """Erase a recording whose consent was withdrawn, also when it has been coded."""
    from coding_app.workflows.erase_recording import withdraw_consent
    from coding_app.workflows.wiring import open_app

    with open_app(read_settings(data_dir=data)) as opened:
        withdraw_consent(opened, recording_id, keep_judgements=keep_judgements)
    typer.echo("The recording, its transcripts and its key are erased; copies in backups stay.")


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
