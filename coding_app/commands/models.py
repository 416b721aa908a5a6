"""`coding-app models list | add NAME_OR_PATH | check [NAME_OR_PATH...]`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from coding_app.errors import InputError
from coding_app.settings import Settings, read_settings

if TYPE_CHECKING:
    from coding_app.speech.catalogue import CatalogueEntry
    from coding_app.workflows.list_models import Listed

app = typer.Typer(help="Speech models: list, add and check them.", no_args_is_help=True)
DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder (else CODING_APP_DATA).")]
DAMAGED = 1


@app.command("list")
def list_them(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    data: DataOption = None,
) -> None:
    """The models on this machine, and those that could be downloaded."""
    from coding_app.workflows import list_models

    settings = read_settings(data_dir=data)
    listed = list_models.list_models(settings)
    if as_json:
        default = {"engine": settings.engine, "model": settings.model, "device": settings.device}
        found = {"default": default, "models": [each.as_json() for each in listed]}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    elif sys.stdout.isatty():
        _draw(settings, listed)
    else:
        for cells in (list_models.COLUMNS, *(each.cells(settings.engine) for each in listed)):
            typer.echo("\t".join(cells))
    if sentence := list_models.what_is_missing(settings, listed):
        typer.echo(sentence, err=True)


@app.command()
def add(
    name_or_path: Annotated[
        str, typer.Argument(help="A name of the list, a model's or package's folder, or a .pt file.")
    ],
    name: Annotated[str | None, typer.Option(help="What to call it; default: as its folder or file.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Download it without a question.")] = False,
    data: DataOption = None,
) -> None:
    """Take a model into the models folder: a copy of one's own, or a download after a yes."""
    from rich.console import Console
    from rich.progress import Progress

    from coding_app.workflows.add_model import add_model

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Adding", total=1.0, visible=False)

        def may_download(entry: "CatalogueEntry") -> bool:
            bar.stop()  # a question and a moving bar do not go together
            allowed = yes or _asked(entry)
            bar.start()
            bar.update(task, visible=True)
            return allowed

        added = add_model(
            read_settings(data_dir=data),
            name_or_path,
            name=name,
            may_download=may_download,
            on_progress=lambda share: bar.update(task, completed=share),
        )
    typer.echo(f"{added.name}: {'was here already' if added.was_here else 'added'} ({added.path})")


@app.command()
def check(
    names_or_paths: Annotated[
        list[str] | None, typer.Argument(help="Which; default: every model on this machine.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Read models fully, compare their checksums and try them; exit status 1 when one is damaged."""
    from coding_app.workflows.check_models import check_models

    is_damaged = False
    for verdict in check_models(read_settings(data_dir=data), names_or_paths or ()):
        typer.echo(verdict.line)
        is_damaged = is_damaged or verdict.fault is not None
    if is_damaged:
        raise typer.Exit(DAMAGED)


def _asked(entry: "CatalogueEntry") -> bool:
    """The person's answer. Raises InputError when nobody can be asked, SpeechError when it could not be fetched."""
    from coding_app.speech.download import check_allowed, source_of

    check_allowed()
    if not sys.stdin.isatty():
        raise InputError(
            f"'{entry.name}' would have to be downloaded ({entry.size_mb:,} MB); say yes to that with --yes."
        )
    return typer.confirm(f"Download '{entry.name}' ({entry.size_mb:,} MB) from {source_of(entry.name)}?")


def _draw(settings: Settings, listed: "tuple[Listed, ...]") -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from coding_app.workflows.list_models import COLUMNS

    caption = (
        f"* is taken when no model is named. time: expected seconds per second of sound, {settings.engine}"
    )
    table = Table(caption=caption, caption_justify="left", box=SIMPLE_HEAD)
    for name in COLUMNS:
        heading = "" if name == "default" else name
        justify: Literal["right", "left"] = "right" if name in ("MB", "time") else "left"
        table.add_column(heading, justify=justify, no_wrap=name in ("name", "engines", "MB"))
    for each in listed:
        table.add_row(
            *(Text(cell.replace(", ", "\n", 1)) for cell in each.cells(settings.engine)[:-1]), Text(each.note)
        )
    Console().print(table)
