"""The statistics of an agreement report as one CSV table, not rounded."""

import csv
from io import StringIO

from coding_app.workflows.assess_agreement import AgreementReport

COLUMNS = (
    "kind", "name", "unit", "level", "statistic", "value", "low", "high", "confidence", "interval_method",
    "n_units", "n_pairable", "n_coders", "n_sessions", "note",
)  # fmt: skip


def statistics_csv(report: AgreementReport) -> str:
    """One row per statistic; an undefined value is empty and `note` says why."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for result in report.results:
        name, found = result.name, result.assessment
        for e in found.estimates:
            writer.writerow(
                [name.kind, name.key, name.unit, found.level, e.statistic, e.value, e.low, e.high, e.confidence,
                 e.interval_method, e.n_units, e.n_pairable, found.n_coders, found.n_sessions, e.note]
            )  # fmt: skip
    return out.getvalue()
