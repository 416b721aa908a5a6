"""The statistics of an agreement report as one CSV table, not rounded."""

import csv
from io import StringIO

from coding_app.workflows.assess_agreement import AgreementReport

COLUMNS = (
    "kind", "name", "statistic", "value", "low", "high", "confidence", "interval_method",
    "n_units", "n_pairable", "n_coders", "n_sessions", "note",
)  # fmt: skip


def statistics_csv(report: AgreementReport) -> str:
    """One row per statistic; an undefined value is empty and `note` says why."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    parts = {
        "criterion": report.criteria,
        "code": report.codes,
        "attribute": report.attributes,
        "rating": report.ratings,
    }
    for kind, assessments in parts.items():
        for each in assessments:
            for e in each.estimates:
                writer.writerow(
                    [kind, each.criterion, e.statistic, e.value, e.low, e.high, e.confidence, e.interval_method,
                     e.n_units, e.n_pairable, each.n_coders, each.n_sessions, e.note]
                )  # fmt: skip
    return out.getvalue()
