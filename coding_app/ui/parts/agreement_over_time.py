"""Over time: every observer against the others and the reference; and agreement against the tolerance."""

import altair as alt
import pandas as pd
import streamlit as st

from coding_app.ui import charts
from coding_app.ui.parts import agreement_data
from coding_app.ui.parts.agreement_data import Asked
from coding_app.ui.parts.choose_question import choose_question
from coding_app.ui.parts.downloads import csv_text, save_csv
from coding_app.ui.parts.words import plain
from coding_app.workflows.assess_agreement import AgreementReport

DRIFT_KINDS = ("criterion", "code", "rating")
DAY_MS = 24 * 60 * 60 * 1000
STATISTICS = {
    "tolerance_kappa": "Kappa in time",
    "tolerance_agreement": "Agreement in time",
    "event_f1": "F1 of events",
}


def _spans_alone() -> None:
    st.info(
        "A course over time is drawn for codes on segments and for ratings; here only drawn spans were judged "
        "by two observers.",
        icon=":material/info:",
    )


def drift(asked: Asked, report: AgreementReport) -> None:
    """Draws the tab: alpha of each observer in windows of consecutive sessions, by date."""
    if report.of_kind("span") and not report.of_kind(*DRIFT_KINDS):
        _spans_alone()
        return
    chosen = choose_question(report, DRIFT_KINDS, "agreement-drift")
    if chosen is None:
        return
    if chosen.assessment.estimate("krippendorff_alpha_masi") is not None:
        st.info("Where several codes may be given at once, look at one of the codes.", icon=":material/info:")
        return
    left, _ = st.columns([2, 3])
    usual = min(5, max(1, chosen.assessment.n_sessions - 1))
    window = int(left.slider("Sessions per point", 1, 20, usual, key="agreement-window"))
    points = agreement_data.drift(asked, chosen.name.key, window)
    if len({each.last_date for each in points}) < 2:
        st.info(
            "All points fall on one day, so there is no course to draw yet. A session counts on the day on which the "
            "last of its observers submitted it.",
            icon=":material/hourglass_empty:",
        )
    names = {"others": "with the others", "reference": "with the reference"}
    frame = pd.DataFrame(
        [(each.last_date.isoformat(), f"{each.coder} {names[each.against]}", each.alpha) for each in points],
        columns=["x", "name", "value"],
    )
    days = alt.Axis(format="%d %b %Y", tickMinStep=DAY_MS, tickCount=8, labelOverlap=True)
    st.altair_chart(charts.lines(frame, alt.X("x:T", title="Last session of the window", axis=days), "Alpha"))
    st.caption(
        f"Each point: one observer's agreement with all others in {window} sessions in a row, one session later each "
        "time. A line that falls says that this observer has begun to code in another way, or the others have."
    )
    fields = [
        "coder",
        "against",
        "first_date",
        "last_date",
        "n_sessions",
        "n_units",
        "n_pairs",
        "alpha",
        "percent",
        "note",
    ]
    save_csv(
        csv_text(fields, [[getattr(each, name) for name in fields] for each in points]),
        "agreement-over-time.csv",
    )


def tolerance(asked: Asked, report: AgreementReport) -> None:
    """Draws the tab: agreement on drawn spans or moments at every tolerance, so that none has to be defended."""
    chosen = choose_question(report, ("span",), "agreement-tolerance")
    if chosen is None:
        return
    curves = agreement_data.tolerance(asked, chosen.name.key)
    rows = [
        (STATISTICS[each.statistic], at / 1000, value, low, high)
        for each in curves
        for at, value, low, high in zip(each.tolerance_ms, each.values, each.lows, each.highs, strict=True)
        if value is not None
    ]
    if not rows:
        st.info("These statistics are undefined for this criterion.", icon=":material/info:")
        return
    frame = pd.DataFrame(rows, columns=["name", "x", "value", "low", "high"])
    st.altair_chart(
        charts.lines(
            frame, alt.X("x:Q", title="Tolerance in seconds", axis=alt.Axis(tickCount=10)), "Agreement"
        )
    )
    st.caption(
        f"{plain(chosen.name.label)}: how the numbers move with the tolerance for when something began or "
        "ended. Report the curve, or a tolerance you chose before you looked. Bands: intervals from drawing whole "
        "sessions again."
    )
    heads = ["statistic", "tolerance_s", "value", "low", "high"]
    save_csv(csv_text(heads, rows), "agreement-tolerance.csv")
