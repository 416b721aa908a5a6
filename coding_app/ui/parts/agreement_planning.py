"""Planning: how many more sessions must be double-coded for an interval of the wished width."""

import streamlit as st

from coding_app.agreement import Plan, plan
from coding_app.ui.parts import statistics
from coding_app.ui.parts.downloads import csv_text, save_csv
from coding_app.ui.parts.words import number, plain
from coding_app.workflows.assess_agreement import AgreementReport, Result

KINDS = ("criterion", "code", "span", "rating", "frequency")


def show(report: AgreementReport) -> None:
    """Draws the tab: a wished width, and a row per criterion, code and rating."""
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    width = left.slider("Wished width of the interval", 0.05, 0.60, 0.20, 0.05, key="agreement-width")
    right.caption("0.20 means: from 0.70 to 0.90, say.")
    found = [(each, _plan(each, width)) for each in report.of_kind(*KINDS)]
    planned = [(each, one) for each, one in found if one is not None]
    if not planned:
        st.info(
            "Nothing can be planned yet: no coefficient has a spread to learn from. Code some sessions twice first.",
            icon=":material/hourglass_empty:",
        )
        return
    notes = statistics.Notes()
    rows = [statistics.Row(each.name.label, _cells(one, notes), _kind(each)) for each, one in planned]
    heads = ["", "Width now", "Coded twice now", "Needed", "More", "Design effect"]
    st.html(statistics.table(heads, rows, notes, "Sessions to code twice"))
    if without := [each.name.label for each, one in found if one is None]:
        st.caption(f"Without a spread to plan from yet: {plain(', '.join(without))}.")
    first = planned[0][1]
    st.caption(f"{plain(first.method)} {' '.join(map(plain, first.assumptions))}")
    save_csv(_csv(planned), "agreement-planning.csv")


def _plan(result: Result, width: float) -> Plan | None:
    main = statistics.main_of(result.assessment)
    return plan(main, width) if main is not None else None


def _kind(result: Result) -> str:
    return {"criterion": "head", "span": "head", "code": "part"}.get(result.name.kind, "whole")


def _cells(found: Plan | None, notes: statistics.Notes) -> tuple[str, ...]:
    if found is None:
        return (
            "–" + notes.mark("No value, or the same in every resample: nothing to plan from"),
            "",
            "",
            "",
            "",
        )
    marks = "".join(map(notes.mark, found.notes))
    return (
        number(found.expected_width_now),
        f"{found.n_now} {found.per}",
        f"{found.n_needed}{marks}",
        str(found.n_more),
        number(found.design_effect, 1) if found.design_effect else "–",
    )


def _csv(planned: list[tuple[Result, Plan]]) -> str:
    fields = ["statistic", "confidence", "wished_width", "expected_width_now", "per", "n_now", "n_needed", "n_more",
              "n_units_now", "n_units_needed", "design_effect"]  # fmt: skip
    rows = [[each.name.key, *(getattr(one, name) for name in fields)] for each, one in planned]
    return csv_text(["name", *fields], rows)
