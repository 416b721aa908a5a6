"""`coding-app agreement CODES.csv` and `coding-app agreement verify REPORT.html CODES.csv`."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from coding_app.errors import InputError

TABLE, VERIFY = "CODES.csv", "verify"
Level = Literal["nominal", "ordinal", "interval", "ratio"]
Unmarked = Literal["missing", "absent"]
Interval = Literal["percentile", "bca"]


class _FileOrVerify(TyperGroup):
    """A file is assessed; the word `verify`, followed by anything but an option, is the other command.

    A file that is called "verify" is given as ./verify.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Name the command that is meant before click looks for one."""
        following = args[1] if len(args) > 1 else "--help"
        if not (args and args[0] == VERIFY and (following == "--help" or not following.startswith("-"))):
            args = [TABLE, *args]
        return list(super().parse_args(ctx, args))


app = typer.Typer(
    cls=_FileOrVerify, help="Agreement between coders for any long table, and checking a report."
)


Codes = Annotated[
    Path,
    typer.Argument(help="Long table: unit,coder,value and optionally session, criterion, start_ms, end_ms."),
]
LevelOption = Annotated[Level, typer.Option(help="Level of measurement of the values.")]
Multiple = Annotated[bool, typer.Option("--multiple", help="A value holds several codes joined by |.")]
UnmarkedOption = Annotated[Unmarked, typer.Option(help="What a missing row means.")]
Categories = Annotated[
    str | None, typer.Option(help="All values that the scheme offers, separated by commas.")
]
Spans = Annotated[
    bool, typer.Option("--spans", help="Each row is a span that its coder drew, with start_ms and end_ms.")
]
Overlapping = Annotated[
    bool, typer.Option("--overlapping", help="With --spans: several codes may hold at the same time.")
]
Bin = Annotated[float, typer.Option("--bin", help="With --spans: seconds per bin.", min=0.01)]
Tolerance = Annotated[float, typer.Option("--tolerance", help="With --spans: tolerance in seconds.", min=0)]
Replicates = Annotated[int, typer.Option(help="Bootstrap replicates, 0 for no interval.", min=0)]
IntervalOption = Annotated[Interval, typer.Option(help="Kind of bootstrap interval.")]
Seed = Annotated[int, typer.Option(help="Seed of the bootstrap.", min=0)]
Confidence = Annotated[float, typer.Option(help="Confidence of the intervals.", min=0.5, max=0.999)]
Mask = Annotated[bool, typer.Option("--mask", help="Letters for the coders' names in the report.")]
ByConfidence = Annotated[
    bool, typer.Option("--by-confidence", help="Also by the column confidence: units with low, middle, high.")
]
BlindOnly = Annotated[
    bool, typer.Option("--blind-only", help="Leave out codings that the column blind marks as not blind.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Report = Annotated[Path | None, typer.Option(help="Write a report as one HTML file.")]


@app.command(TABLE)
def table(
    codes: Codes,
    level: LevelOption = "nominal",
    multiple: Multiple = False,
    unmarked: UnmarkedOption = "missing",
    categories: Categories = None,
    spans: Spans = False,
    overlapping: Overlapping = False,
    bin_s: Bin = 1.0,
    tolerance_s: Tolerance = 2.0,
    replicates: Replicates = 1000,
    interval: IntervalOption = "percentile",
    seed: Seed = 1,
    confidence: Confidence = 0.95,
    mask: Mask = False,
    by_confidence: ByConfidence = False,
    blind_only: BlindOnly = False,
    as_json: Json = False,
    report: Report = None,
) -> None:
    """Agreement between coders for any long table. To check a report: coding-app agreement verify REPORT CODES."""
    from coding_app.exchange.certificate import Run
    from coding_app.workflows import agreement_of_table as of_table
    from coding_app.workflows.agreement_report import file_report

    if spans and (multiple or level != "nominal" or unmarked != "missing"):
        raise InputError(
            "Spans are nominal and drawn one code per row; leave --level, --multiple and --unmarked out"
        )
    if as_json and report is not None:
        raise InputError("Choose --json or --report; the report holds all numbers as JSON too")
    if by_confidence and (spans or report is not None):
        raise InputError("--by-confidence groups units in what is printed; leave --spans or --report out")
    run = Run(level=level, multiple=multiple, unmarked=unmarked, categories=_listed(categories))
    if spans:
        times = {"bin_ms": round(1000 * bin_s), "tolerance_ms": round(1000 * tolerance_s)}
        run = run.model_copy(update={"spans": True, "exclusive": not overlapping, **times})
    parameters = of_table.parameters_of(replicates, seed, confidence, interval)
    if report is not None:
        _write(report, file_report(codes, run, parameters, masked=mask, blind_only=blind_only))
        typer.echo(f"{report}: check it with: coding-app agreement verify {report.name} {codes.name}")
        return
    found = of_table.assess_run_of_file(
        codes, run, parameters, by_confidence=by_confidence, blind_only=blind_only
    )
    if as_json:
        typer.echo(json.dumps(of_table.as_json(*found), ensure_ascii=False, indent=2))
    else:
        typer.echo(of_table.as_text(*found))


@app.command(VERIFY)
def verify(
    report: Annotated[Path, typer.Argument(help="Report that --report or the Agreement page wrote.")],
    codes: Annotated[Path, typer.Argument(help="Long table that it was made from.")],
) -> None:
    """Compute every number of a report again: exit status 0 when all are equal, 1 at the first difference."""
    from coding_app.workflows import verify_report

    typer.echo(verify_report.verify(report, codes))


def _listed(categories: str | None) -> tuple[str, ...]:
    found = tuple(each.strip() for each in (categories or "").split(",") if each.strip())
    if len(set(found)) < len(found):
        raise InputError("--categories names a value twice; name each once")
    return found


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"The report {path.name} could not be written: {error.strerror}") from error
