"""Checking an agreement report: every number computed again from the judgements, and the first difference named."""

import math
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from coding_app.agreement.second_opinion import SecondOpinion, second_opinions
from coding_app.errors import InputError, ReportError
from coding_app.exchange.certificate import Certificate, ResultRecord, judgements_sha256
from coding_app.exchange.long_table import read_long_table
from coding_app.exchange.report import LARGEST_REPORT, read_certificate, render_report
from coding_app.workflows.agreement_report import TOOL, Numbers, masked_table, numbers_of
from coding_app.workflows.span_runs import JudgedTable
from coding_app.workflows.table_runs import columns_of_run, matrices_of_run, numbers_of_matrix, table_of_file

RELATIVE, ABSOLUTE = 1e-9, 1e-12  # another processor may round the last digits in another way
Record = TypeVar("Record")


def verify(report: Path, table: Path) -> str:
    """One sentence that all is equal.

    Raises ReportError, naming the first difference, when a number, the judgements or the visible text of the
    report are not what the table gives; InputError when one of the files cannot be used.
    """
    html = _read(report)
    certificate = read_certificate(html)
    read = read_long_table(table, one_value=False)
    read = read.blind_only() if certificate.blind_only else read
    same = judgements_sha256(row.judgement for row in read.rows) == certificate.judgements.sha256
    judged = masked_table(table_of_file(read), certificate.masked)
    try:
        numbers = numbers_of(judged, certificate.runs, certificate.parameters)
    except InputError as error:
        raise ReportError(f"{table.name} does not give the numbers of {report.name}: {error}") from error
    difference = next(_differences(certificate, numbers, table.name), None)
    if difference is not None:
        other = "" if same else " The judgements are not those that the report was made from."
        raise ReportError(f"{difference}.{other}{_of_version(certificate)}")
    if not same:
        raise ReportError(
            f"All numbers are equal, but the judgements in {table.name} are not those that {report.name} was made "
            f"from (SHA-256 {certificate.judgements.sha256[:12]}... is expected)."
        )
    return f"{_equal(certificate, html, report)} {_elsewhere(judged, certificate, report)}".rstrip()


def _elsewhere(table: JudgedTable, certificate: Certificate, report: Path) -> str:
    """What krippendorff and scikit-learn say of the numbers that they can compute too; "" when there are none.

    Raises ReportError for a number that they do not confirm.
    """
    told = {
        each.criterion: {one.statistic: one.value for one in each.estimates} for each in certificate.results
    }
    found: list[SecondOpinion] = []
    for run in certificate.runs:
        if run.spans or run.links or run.multiple:
            continue
        for matrix in matrices_of_run(columns_of_run(table.columns, run), run):
            values, categories, _ = numbers_of_matrix(matrix, run)
            for each in second_opinions(values, told.get(matrix.criterion, {}), run.level, categories):
                if not each.agrees:
                    raise ReportError(
                        f"{report.name}: {each.statistic} of {_named(certificate, matrix.criterion)} is "
                        f"{_shown(each.value)} by {each.package} {each.version}; please report this as a fault."
                    )
                found.append(each)
    numbers = [each for each in found if each.difference is not None]
    if not numbers:
        return ""
    packages = sorted({f"{each.package} {each.version}" for each in numbers})
    largest = max(each.difference or 0.0 for each in numbers)
    return (
        f"{len(numbers)} of them were computed a second time by {' and '.join(packages)}: "
        f"the largest difference is {largest:.0e}."
    )


def _equal(certificate: Certificate, html: str, report: Path) -> str:
    n_numbers = sum(len(each.estimates) for each in certificate.results)
    told = (
        f"{report.name}: all {n_numbers} coefficients are what the judgements "
        f"give (SHA-256 {certificate.judgements.sha256[:12]}..., seed {certificate.parameters.seed})."
    )
    if certificate.tool_version != version(TOOL):
        return f"{told} The report was made by version {certificate.tool_version}; its visible text was not compared."
    first = _first_line(html, render_report(certificate))
    if first is not None:
        raise ReportError(
            f"{report.name}, line {first}: the visible text is not what the report's own certificate says; "
            "the file was changed after it was made."
        )
    return told


def _read(report: Path) -> str:
    try:
        if report.stat().st_size > LARGEST_REPORT:
            raise InputError(f"{report.name} is larger than 64 MB, so it is no agreement report")
        return report.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except FileNotFoundError as error:
        raise InputError(f"{report.name} does not exist; check the path") from error
    except OSError as error:
        raise InputError(f"{report.name} could not be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{report.name} is not UTF-8 text, so it is no agreement report") from error


def _first_line(one: str, other: str) -> int | None:
    """The first line (from 1) on which two texts differ."""
    ours, theirs = one.splitlines(), other.splitlines()
    for number, (a, b) in enumerate(zip(ours, theirs, strict=False), start=1):
        if a != b:
            return number
    return min(len(ours), len(theirs)) + 1 if len(ours) != len(theirs) else None


def _of_version(certificate: Certificate) -> str:
    if certificate.tool_version == version(TOOL):
        return ""
    return f" The report was made by version {certificate.tool_version}, this is {version(TOOL)}."


def _differences(certificate: Certificate, numbers: Numbers, table: str) -> Iterator[str]:
    found = {each.criterion: each for each in numbers.results}
    for told in certificate.results:
        ours = found.get(told.criterion)
        if ours is None:
            yield f"{_named(certificate, told.criterion)}: {table} gives no result"
        else:
            yield from _in_result(certificate, told, ours, table)
    missing = sorted(set(found) - {each.criterion for each in certificate.results})
    if missing:
        yield f"{_named(certificate, missing[0])}: the report leaves it out, {table} has it"
    yield from _in_lists(certificate, numbers, table)


def _in_result(certificate: Certificate, told: ResultRecord, ours: ResultRecord, table: str) -> Iterator[str]:
    name = _named(certificate, told.criterion)
    by_key = {each.statistic: each for each in ours.estimates}
    for estimate in told.estimates:
        where = f"{name}, {estimate.statistic}"
        if estimate.statistic not in by_key:
            yield f"{where}: {table} does not give it"
        else:
            yield from _fields(where, estimate.model_dump(), by_key[estimate.statistic].model_dump(), table)
    rest = {"estimates"}
    yield from _fields(name, told.model_dump(exclude=rest), ours.model_dump(exclude=rest), table)
    if len(told.estimates) != len(ours.estimates):
        yield f"{name}: the report has {len(told.estimates)} coefficients, {table} gives {len(ours.estimates)}"


def _in_lists(certificate: Certificate, numbers: Numbers, table: str) -> Iterator[str]:
    def named(each: Any) -> str:
        return f"{_named(certificate, each.criterion)}, {each.first} and {each.second}"

    yield from _one_by_one(certificate.pairs, numbers.pairs, named, table, "comparisons of two observers")
    yield from _one_by_one(
        certificate.confusions, numbers.confusions, named, table, "tables of who gave what"
    )

    def of_curve(each: Any) -> str:
        return f"{_named(certificate, each.criterion)}, {each.statistic} by tolerance"

    yield from _one_by_one(certificate.curves, numbers.curves, of_curve, table, "curves")


def _one_by_one(
    told: Sequence[Any], ours: Sequence[Any], named: Callable[[Any], str], table: str, what: str
) -> Iterator[str]:
    if len(told) != len(ours):
        yield f"The report has {len(told)} {what}, {table} gives {len(ours)}"
    for a, b in zip(told, ours, strict=False):
        yield from _fields(named(a), a.model_dump(), b.model_dump(), table)


def _fields(where: str, told: Any, ours: Any, table: str) -> Iterator[str]:
    """Where two plain values differ, in words."""
    if isinstance(told, dict) and isinstance(ours, dict):
        for key in told.keys() | ours.keys() if told.keys() != ours.keys() else told:
            yield from _fields(f"{where}, {key}", told.get(key), ours.get(key), table)
    elif isinstance(told, list | tuple) and isinstance(ours, list | tuple) and len(told) == len(ours):
        for a, b in zip(told, ours, strict=True):
            yield from _fields(where, a, b, table)
    elif not _same(told, ours):
        yield f"{where}: the report says {_shown(told)}, {table} gives {_shown(ours)}"


def _same(told: Any, ours: Any) -> bool:
    if isinstance(told, float) and isinstance(ours, float):
        return math.isclose(told, ours, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return bool(told == ours)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    return f"{value:.6g}" if isinstance(value, float) else f"'{str(value)[:80]}'"


def _named(certificate: Certificate, criterion: str) -> str:
    return certificate.name(criterion).label[:60]
