"""`coding-app keys show` and `coding-app keys change`: the master key that locks the recordings."""

from pathlib import Path
from typing import Annotated

import typer

from coding_app.settings import read_settings

app = typer.Typer(help="The master key that locks the recordings.", no_args_is_help=True)
DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder (else CODING_APP_DATA).")]


@app.command()
def show(
    data: DataOption = None,
    secret: Annotated[bool, typer.Option("--secret", help="Print the key itself, to keep it safe.")] = False,
) -> None:
    """The id of the master key, or with --secret the key."""
    from coding_app.workflows.recording_keys import open_keys
    from coding_app.workflows.wiring import open_app

    with open_app(read_settings(data_dir=data)) as opened:
        master = open_keys(opened.settings, opened.store).master
        typer.echo(
            master.as_text() if secret else f"The recordings are locked with the master key {master.id}."
        )


@app.command()
def change(
    to: Annotated[Path, typer.Option(help="Key file to lock with; made when it is not there.")],
    data: DataOption = None,
) -> None:
    """Lock all recordings with another master key; stop the server before."""
    from coding_app.workflows.change_master_key import change_master_key
    from coding_app.workflows.wiring import open_app

    with open_app(read_settings(data_dir=data)) as opened:
        new, n_locked = change_master_key(opened, to)
    typer.echo(
        f"All {n_locked} keys are locked with the master key {new.id} now. Set CODING_APP_KEY_FILE to "
        f"{to} (and take CODING_APP_MASTER_KEY away), and keep the old key as long as you keep backups made with it."
    )
