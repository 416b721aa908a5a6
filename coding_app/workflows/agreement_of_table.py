"""Agreement of a long table from any tool: read it, assess every criterion, say it as JSON or as text."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args

from rich.console import Console
from rich.table import Table

from coding_app.agreement import LEVELS, Assessment, Bounds, Estimate, Level, Prevalence, bands
from coding_app.agreement.assessment import BootstrapKind
from coding_app.agreement.table import Unmarked
from coding_app.domain.reopening import left_out_words, not_blind_words
from coding_app.errors import InputError
from coding_app.exchange.certificate import Parameters, Run
from coding_app.exchange.long_table import read_long_table
from coding_app.workflows.confidence_groups import Group, groups_of_run, main_estimates
from coding_app.workflows.table_runs import assess_run, table_of_file

TEXT_WIDTH = 110
Groups = Mapping[str, tuple[Group, ...]]


def assess_file(
    path: Path,
    *,
    level: Level = "nominal",
    multiple: bool = False,
    unmarked: Unmarked = "missing",
    categories: tuple[str, ...] = (),
    replicates: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
    interval: BootstrapKind = "percentile",
) -> list[Assessment]:
    """Every criterion of the table at `path`, with `multiple` also every code; arguments as `assess_table`.

    categories: every value that the scheme offers, also those that nobody used.
    Raises TableError, with line and column, for a table that cannot be used, InputError for a wrong option.
    """
    if unmarked not in get_args(Unmarked):
        raise InputError(
            f"'{unmarked}' is not known for unmarked units; use {' or '.join(get_args(Unmarked))}"
        )
    parameters = parameters_of(replicates, seed, confidence, interval)
    if level not in LEVELS:
        raise InputError(f"Level '{level}' is not known; use one of {', '.join(LEVELS)}")
    run = Run(level=level, multiple=multiple, unmarked=unmarked, categories=categories)
    return assess_run_of_file(path, run, parameters)[0]


def assess_run_of_file(
    path: Path, run: Run, parameters: Parameters, *, by_confidence: bool = False, blind_only: bool = False
) -> tuple[list[Assessment], Groups]:
    """The table at `path` assessed in one way, and the groups of each criterion by the column `confidence`.

    by_confidence: without it that column is not looked at, and there are no groups. blind_only: codings that the
    column `blind` marks as opened again are left out. Errors as `assess_file`.
    """
    drawn = run.spans or run.links
    read = read_long_table(
        path, level=run.level, multiple=run.multiple, one_value=not drawn, confidence=by_confidence
    )
    words = left_out_words(*read.not_blind()) if blind_only else not_blind_words(*read.not_blind())
    table = table_of_file(read.blind_only() if blind_only else read)
    assessments = assess_run(table, run, parameters)
    if words:
        assessments = [replace(each, warnings=(*each.warnings, words)) for each in assessments]
    return assessments, groups_of_run(table, run, parameters) if by_confidence else {}


def parameters_of(replicates: int, seed: int, confidence: float, interval: BootstrapKind) -> Parameters:
    """Options of the intervals, checked; raises InputError."""
    if replicates < 0:
        raise InputError(f"The number of replicates must be 0 or more, not {replicates}")
    if not 0 < confidence < 1:
        raise InputError(f"The confidence must lie between 0 and 1, not {confidence}; 0.95 is usual")
    if seed < 0:
        raise InputError(f"The seed must be 0 or more, not {seed}")
    if interval not in get_args(BootstrapKind):
        raise InputError(f"Interval '{interval}' is not known; use {' or '.join(get_args(BootstrapKind))}")
    return Parameters(replicates=replicates, seed=seed, confidence=confidence, interval=interval)


def as_json(assessments: list[Assessment], groups: Groups | None = None) -> dict[str, Any]:
    """One object with the list `criteria`; undefined values are None, their reason stands in `note`.

    groups: where there are some, each criterion has them under `by_confidence`.
    """
    return {"criteria": [_criterion(each, (groups or {}).get(each.criterion)) for each in assessments]}


def as_text(assessments: list[Assessment], groups: Groups | None = None, width: int = TEXT_WIDTH) -> str:
    """A table per criterion, the use of the values by each coder, warnings; numbers with three digits."""
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False, color_system=None)
    for assessment in assessments:
        console.print(_table(assessment))
        for prevalence in assessment.prevalence:
            console.print(_prevalence(prevalence), markup=False)
        for warning in assessment.warnings:
            console.print(f"  Note: {warning}.", markup=False)
        if groups:
            console.print(_groups_table(groups.get(assessment.criterion, ())))
        console.print()
    return out.getvalue()


def _criterion(assessment: Assessment, groups: tuple[Group, ...] | None) -> dict[str, Any]:
    found = {
        "criterion": assessment.criterion,
        "level": assessment.level,
        "n_units": assessment.n_units,
        "n_coders": assessment.n_coders,
        "n_sessions": assessment.n_sessions,
        "estimates": [_estimate(estimate) for estimate in assessment.estimates],
        "n_pairable_sessions": assessment.n_pairable_sessions,
        "prevalence": [
            {"coder": each.coder, "n_units": each.n_units, "shares": dict(each.shares)}
            for each in assessment.prevalence
        ],
        "warnings": list(assessment.warnings),
    }
    return found if groups is None else found | {"by_confidence": [_group(each) for each in groups]}


def _group(group: Group) -> dict[str, Any]:
    return {
        "confidence": group.key,
        "n_units": group.n_units,
        "estimates": [_estimate(each) for each in main_estimates(group)],
        "note": group.note,
        "warnings": list(group.assessment.warnings) if group.assessment else [],
    }


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {
        "statistic": estimate.statistic,
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "confidence": estimate.confidence,
        "interval_method": estimate.interval_method,
        "n_units": estimate.n_units,
        "n_pairable": estimate.n_pairable,
        "note": estimate.note,
        "method": estimate.method,
        "n_coders": estimate.n_coders,
        "n_sessions": estimate.n_sessions,
        "n_pairable_sessions": estimate.n_pairable_sessions,
        "intervals": [_bounds(each) for each in estimate.intervals],
        "standard_error": estimate.standard_error,
        "design_effect": estimate.design_effect,
        "conventions": [
            {"convention": each.convention, "for_value": each.for_value, "for_low": each.for_low}
            for each in bands(estimate.statistic, estimate.value, estimate.low)
        ],
    }


def _bounds(bounds: Bounds) -> dict[str, Any]:
    return {"kind": bounds.kind, "low": bounds.low, "high": bounds.high, "method": bounds.method}


def _table(assessment: Assessment) -> Table:
    from rich.markup import escape  # codes of other tools may hold square brackets

    title = (
        f"{assessment.criterion} ({assessment.level}): {assessment.n_units} units, "
        f"{assessment.n_coders} coders, {assessment.n_sessions} session(s)"
    )
    table = _empty_table(escape(title), "statistic")
    for estimate in assessment.estimates:
        table.add_row(estimate.statistic, *_cells(estimate))
    return table


def _groups_table(groups: Iterable[Group]) -> Table:
    table = _empty_table("by recognition confidence", "confidence", "statistic")
    for group in groups:
        for estimate in main_estimates(group):
            table.add_row(group.key, estimate.statistic, *_cells(estimate))
        if group.note:
            table.add_row(group.key, "-", "undefined", "-", str(group.n_units), group.note)
    return table


def _empty_table(title: str, *names: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    justify: Literal["right"] = "right"
    for name in names:
        table.add_column(name, no_wrap=True)
    table.add_column("value", justify=justify)
    table.add_column("interval", no_wrap=True)
    table.add_column("units", justify=justify)
    table.add_column("how, and what to know")
    return table


def _cells(estimate: Estimate) -> tuple[str, str, str, str]:
    from rich.markup import escape

    told = "; ".join(filter(None, [estimate.interval_method, estimate.note]))
    return _digits(estimate.value), _interval(estimate), str(estimate.n_units), escape(told)


def _prevalence(prevalence: Prevalence) -> str:
    shares = ", ".join(f"{value} {100 * share:.1f} %" for value, share in prevalence.shares.items())
    return f"  {prevalence.coder} ({prevalence.n_units} units): {shares or 'no code'}"


def _interval(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return "-"
    return f"{_digits(estimate.low)} to {_digits(estimate.high)} ({100 * estimate.confidence:g} %)"


def _digits(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"
