"""The Measures tab: what the scheme derives from each observer's codes and ratings, session by session."""

import streamlit as st

from coding_app.domain.scheme import Derived
from coding_app.domain.scheme_words import measured
from coding_app.ui.parts import agreement_data, statistics
from coding_app.ui.parts.agreement_data import Asked
from coding_app.ui.parts.downloads import csv_text, save_csv
from coding_app.ui.parts.words import number, plain
from coding_app.workflows.assess_agreement import AgreementReport
from coding_app.workflows.derived_measures import MeasureRow


def show(asked: Asked, report: AgreementReport) -> None:
    """Draws the tab: one measure at a time, sessions against observers."""
    rows = agreement_data.measures(asked)
    by_id = {each.id: each for each in report.scheme.derived}
    left, _ = st.columns([2, 3])
    chosen = left.selectbox(
        "Measure", list(by_id), format_func=lambda each: by_id[each].label, key="agreement-measure"
    )
    measure = by_id.get(chosen or "", report.scheme.derived[0])
    st.caption(plain(measured(measure, report.scheme)))
    _table([row for row in rows if row.measure.id == measure.id], measure, report.coders)
    st.caption("How far observers agree on it stands under **Overview**, *Measures*.")
    save_csv(_all_as_csv(rows), "measures.csv", "Save all measures as CSV")


def _table(rows: list[MeasureRow], measure: Derived, coders: tuple[str, ...]) -> None:
    notes = statistics.Notes()
    found = {(row.recording, row.coder): row for row in rows}
    lines = []
    for recording in dict.fromkeys(row.recording for row in rows):
        cells = tuple(_cell(found.get((recording, coder)), notes) for coder in coders)
        lines.append(statistics.Row(recording, cells, "whole"))
    st.html(statistics.table(["Session", *coders], lines, notes, measure.label))


def _cell(row: MeasureRow | None, notes: statistics.Notes) -> str:
    if row is None:
        return ""
    return number(row.value, 2) if row.value is not None else f"–{notes.mark(row.note)}"


def _all_as_csv(rows: tuple[MeasureRow, ...]) -> str:
    heads = ["session", "recording", "observer", "measure", "label", "operation", "value", "note"]
    return csv_text(
        heads,
        [
            [each.session, each.recording, each.coder, each.measure.id, each.measure.label, each.measure.op,
             each.value, each.note]
            for each in rows
        ],
    )  # fmt: skip
