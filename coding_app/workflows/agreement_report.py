"""Making agreement reports: of a study, or of any long table."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from coding_app.agreement.long_format import ONE_CRITERION
from coding_app.domain.audit import Act
from coding_app.domain.people import Action
from coding_app.domain.reopening import left_out_words, not_blind_words
from coding_app.errors import NotFoundError
from coding_app.exchange.certificate import (
    Certificate,
    ConfusionRecord,
    CurveRecord,
    Judgements,
    Name,
    PairRecord,
    Parameters,
    ResultRecord,
    Run,
    SchemeRecord,
    judgements_sha256,
    record_of,
)
from coding_app.exchange.long_table import LongRow, read_long_table
from coding_app.exchange.report import render_report
from coding_app.workflows import audit
from coding_app.workflows.assess_agreement import (
    EVERYTHING,
    PARAMETERS,
    Choice,
    assess_questions,
    chosen_data,
    left_out,
    mask,
)
from coding_app.workflows.observer_tables import confusions, pairs
from coding_app.workflows.permission import allowed
from coding_app.workflows.span_runs import JudgedTable, curves_of_run
from coding_app.workflows.study_questions import study_questions
from coding_app.workflows.table_runs import (
    assess_run,
    columns_of_run,
    matrices_of_run,
    table_of_file,
    table_of_rows,
)
from coding_app.workflows.wiring import App

TOOL = "coding-app"
LIBRARIES = ("numpy", "scipy", "krippendorff", "scikit-learn")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everything in a report that is computed from the judgements."""

    results: tuple[ResultRecord, ...]
    pairs: tuple[PairRecord, ...]
    confusions: tuple[ConfusionRecord, ...]
    curves: tuple[CurveRecord, ...]


def numbers_of(table: JudgedTable, runs: Sequence[Run], parameters: Parameters) -> Numbers:
    """All numbers of a report; raises InputError when a run does not fit the table."""
    results: list[ResultRecord] = []
    of_pairs: list[PairRecord] = []
    tables: list[ConfusionRecord] = []
    curves: list[CurveRecord] = []
    for run in runs:
        results += map(record_of, assess_run(table, run, parameters))
        if run.observers:
            for matrix in matrices_of_run(columns_of_run(table.columns, run), run):
                of_pairs += pairs(matrix, run)
                tables += confusions(matrix, run)
        if run.spans:
            curves += curves_of_run(table, run, parameters)
    return Numbers(tuple(results), tuple(of_pairs), tuple(tables), tuple(curves))


def masked_table(table: JudgedTable, masked: bool) -> JudgedTable:
    """The table with letters for the observers' names, in the order of the names, if `masked`."""
    if not masked:
        return table
    coder = table.columns.coder
    letters = mask(coder.labels)
    renamed = coder.relabelled([letters[each] for each in coder.labels])
    return replace(table, columns=replace(table.columns, coder=renamed))


def file_report(
    path: Path,
    run: Run,
    parameters: Parameters,
    *,
    masked: bool = False,
    blind_only: bool = False,
    now: datetime | None = None,
) -> str:
    """The report of a long table from any tool as HTML; raises TableError or InputError as the command does."""
    spans = run.spans or run.links
    read = read_long_table(path, level=run.level, multiple=run.multiple, one_value=not spans)
    left = (f"{left_out_words(*read.not_blind()).capitalize()}.",) if blind_only else ()
    read = read.blind_only() if blind_only else read
    run = run.model_copy(update={"observers": not spans})
    numbers = numbers_of(masked_table(table_of_file(read), masked), (run,), parameters)
    rows = read.rows
    names = _names_of_file(numbers, run, path.stem)
    cautions = _told(*read.not_blind())
    certificate = _certificate(
        path.name, rows, None, (run,), parameters, names, numbers, masked, left, cautions, now
    )
    return render_report(certificate.model_copy(update={"blind_only": blind_only}))


def _names_of_file(numbers: Numbers, run: Run, title: str) -> tuple[Name, ...]:
    """What the results of a table from another tool are called: a criterion, and its codes as parts of it."""
    whole, part, unit = ("span", "span code", "time") if run.spans else ("criterion", "code", "unit")
    found: list[Name] = []
    for each in numbers.results:
        group = next((name for name in found if each.criterion.startswith(f"{name.key}: ")), None)
        if group is None:
            label = title if each.criterion == ONE_CRITERION else each.criterion
            found.append(Name(key=each.criterion, label=label, group=label, kind=whole, unit=unit))
        else:
            label = each.criterion.removeprefix(f"{group.key}: ")
            found.append(Name(key=each.criterion, label=label, group=group.label, kind=part, unit=unit))
    return tuple(found)


@allowed(Action.EXPORT, of="study_id")
def study_report(
    app: App,
    study_id: str,
    viewer_id: str | None,
    choice: Choice = EVERYTHING,
    *,
    title: str,
    now: datetime | None = None,
) -> str:
    """The report of a study as HTML; `long_table_csv(..., "all")` of the same choice is the table it rests on.

    Raises NotFoundError when nothing can be compared yet.
    """
    data = chosen_data(app, study_id, viewer_id, choice)
    questions = study_questions(data)
    audit.note_alone(app, Act.EXPORTED, study_id=study_id, what="agreement report")
    done, skipped = assess_questions(questions, PARAMETERS.model_copy(update={"replicates": 0}))
    keys = {each.name.key for each in done}  # a question of which a whole result exists
    kept = [each for each in questions if each.name.key in keys]
    if not kept:
        raise NotFoundError("Nothing here was judged by two observers yet, so there is nothing to report.")
    rows = [row for each in questions for row in each.rows]
    runs = tuple(each.run for each in kept)
    numbers = numbers_of(table_of_rows(rows), runs, PARAMETERS)
    scheme = SchemeRecord(
        id=data.scheme.id, version=data.scheme.version, sha256=data.scheme.sha256, title=data.scheme.title
    )
    names = tuple(name for each in kept for name in (each.name, *each.parts))
    exclusions = (*left_out(data), *skipped)
    told = _told(data.not_blind, data.n_passes)
    return render_report(
        _certificate(title, rows, scheme, runs, PARAMETERS, names, numbers, False, exclusions, told, now)
    )


def _told(not_blind: int, n_codings: int) -> tuple[str, ...]:
    words = not_blind_words(not_blind, n_codings)
    return (words,) if words else ()


def _certificate(
    title: str,
    rows: Sequence[LongRow],
    scheme: SchemeRecord | None,
    runs: tuple[Run, ...],
    parameters: Parameters,
    names: tuple[Name, ...],
    numbers: Numbers,
    masked: bool,
    exclusions: tuple[str, ...],
    cautions: tuple[str, ...],
    now: datetime | None,
) -> Certificate:
    coders = sorted({row.coder for row in rows})
    return Certificate(
        title=title,
        made_at=(now or datetime.now(UTC)).isoformat(timespec="seconds"),
        tool=TOOL,
        tool_version=version(TOOL),
        libraries={"Python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        scheme=scheme,
        judgements=Judgements(sha256=judgements_sha256(row.judgement for row in rows), n_rows=len(rows)),
        exclusions=exclusions,
        parameters=parameters,
        masked=masked,
        coders=tuple(mask(coders).values()) if masked else tuple(coders),
        n_sessions=len({row.session for row in rows}),
        runs=runs,
        names=names,
        results=numbers.results,
        pairs=numbers.pairs,
        confusions=numbers.confusions,
        curves=numbers.curves,
        cautions=cautions,
    )
