"""`coding-app backup FILE`, `restore FILE`, `verify FILE`."""

from pathlib import Path
from typing import Annotated

import typer

from coding_app.settings import read_settings

DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder (else CODING_APP_DATA).")]
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The backup file.")]


def backup(file: FileArgument, data: DataOption = None) -> None:
    """Write everything into one checked file, also while the app is in use."""
    from coding_app.workflows.backup import make_backup
    from coding_app.workflows.wiring import open_app

    with open_app(read_settings(data_dir=data)) as opened:
        made = make_backup(opened, file)
    typer.echo(f"{file.name}: {made.sentence}")


def restore(file: FileArgument, data: DataOption = None) -> None:
    """Put a backup into an empty data folder; all of it or nothing."""
    from coding_app.workflows.backup import restore_backup

    settings = read_settings(data_dir=data)
    found = restore_backup(file, settings)
    typer.echo(f"Restored into {settings.data_dir}: {found.sentence}")


def verify(file: FileArgument) -> None:
    """Read a whole backup, compare every checksum and rehearse its restoring."""
    from coding_app.workflows.backup import verify_backup

    typer.echo(f"{file.name} is whole: {verify_backup(file).sentence}")
