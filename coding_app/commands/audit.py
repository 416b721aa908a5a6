"""`coding-app audit verify`."""

from pathlib import Path
from typing import Annotated

import typer

from coding_app.settings import read_settings

app = typer.Typer(help="The audit: who did what; prove that nothing in it was changed.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps `verify` a command of its own."""


@app.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="A hash noted earlier, which must still be in the audit.")
    ] = None,
    data: Annotated[Path | None, typer.Option("--data", help="Data folder (else CODING_APP_DATA).")] = None,
) -> None:
    """Look along the whole chain; name the first entry that is not as it was written."""
    from coding_app.workflows.audit import verify_audit
    from coding_app.workflows.wiring import open_app

    with open_app(read_settings(data_dir=data)) as opened:
        found = verify_audit(opened, head)
    typer.echo(f"The audit is whole: {found.n_entries} entries. Note this hash elsewhere: {found.head}")
