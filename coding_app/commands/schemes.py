"""`coding-app schemes list | show ID | check FILE... | diff A B | schema`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from coding_app.settings import read_settings

app = typer.Typer(help="Coding schemes: list, show, check and compare them.", no_args_is_help=True)
Format = Literal["md", "html", "yaml"]
DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder (else CODING_APP_DATA).")]


@app.command("list")
def list_schemes(data: DataOption = None) -> None:
    """The schemes on this machine."""
    from coding_app.workflows import schemes

    typer.echo(schemes.list_text(read_settings(data_dir=data)))


@app.command()
def show(
    scheme_id: Annotated[str, typer.Argument(metavar="ID")],
    form: Annotated[
        Format, typer.Option("--format", help="md: to read here; html: the manual to print; yaml: the file.")
    ] = "md",
    version: Annotated[str | None, typer.Option(help="Another version than the newest.")] = None,
    data: DataOption = None,
) -> None:
    """One scheme as a readable codebook, as a manual to print, or as its file."""
    from coding_app.workflows import schemes

    typer.echo(schemes.show_text(read_settings(data_dir=data), scheme_id, form, version), nl=False)


@app.command()
def check(files: Annotated[list[Path], typer.Argument(help="Scheme files (YAML).")]) -> None:
    """Check scheme files; exit status 2 with file and line on a fault."""
    from coding_app.workflows import schemes

    typer.echo(schemes.check_text(files))


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="A file, an id, or id@version.")],
    new: Annotated[str, typer.Argument(metavar="B", help="The other one, likewise.")],
    data: DataOption = None,
) -> None:
    """What differs between two versions, and which number has to rise for it."""
    from coding_app.workflows import schemes

    typer.echo(schemes.diff_text(read_settings(data_dir=data), old, new))


@app.command()
def schema() -> None:
    """The JSON Schema of the format, with which an editor completes and checks while you write."""
    from coding_app.workflows import schemes

    typer.echo(schemes.json_schema_text(), nl=False)
