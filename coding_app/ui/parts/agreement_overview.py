"""The first tab of the Agreement page: every criterion, code, frequency, rating and measure with its interval."""

from collections.abc import Sequence

import streamlit as st

from coding_app.agreement import bands
from coding_app.ui import charts
from coding_app.ui.parts import agreement_confidence, statistics
from coding_app.ui.parts.agreement_data import Asked
from coding_app.ui.parts.downloads import save_csv
from coding_app.ui.parts.words import plain
from coding_app.workflows.assess_agreement import AgreementReport, Result
from coding_app.workflows.confidence_groups import can_be_grouped
from coding_app.workflows.statistics_table import statistics_csv

CONVENTIONS = (0.667, 0.8)
CODES, SPANS, LINKS, FREQUENCIES, RATINGS = "Codes", "Drawn spans", "Links", "Per session", "Ratings"
MEASURES = "Measures"
CONFIDENCE = "By recognition confidence"
_KINDS = {
    CODES: ("criterion", "code", "attribute"),
    SPANS: ("span", "span code"),
    LINKS: ("link",),
    FREQUENCIES: ("frequency",),
    RATINGS: ("rating",),
    MEASURES: ("measure",),
}
MEANING = """
**Krippendorff's alpha** compares how often observers differ with how often they would differ if the same codes
had fallen on moments picked at random. 1 is full agreement, 0 is what chance gives, below 0 is less than that.

**The interval** shows how far a number could move with other sessions of the same kind. With few sessions it is
rough, and often too narrow.

**0.667 and 0.8** (dashed lines in the chart) and the words by convention are habits of a field, not laws: what is
enough depends on what you will use the codes for. The word for the lower end of the interval is the one
that the data support.

**A rare code** can have a low alpha and kappa although observers nearly always agree that it is absent: read them
together with **AC1** and **positive agreement** (of the times one observer gave the code, how often the other did).

**Agreement** is the plain percentage of units on which observers agree, without correction for chance.
**Kappa** is Cohen's for two observers, Fleiss' for more. **ICC(2,1)** says how well one observer's rating or count can
stand for any other's; it needs several sessions that differ. A dash means that the number is undefined for these data;
the note under the table says why.
"""


def show(asked: Asked, report: AgreementReport) -> None:
    """Draws the tab: one part at a time, as far as the scheme has it."""
    parts = {name: found for name, kinds in _KINDS.items() if (found := report.of_kind(*kinds))}
    if not parts:
        st.info("Nothing here was judged by two observers yet.", icon=":material/hourglass_empty:")
        return
    grouped = any(map(can_be_grouped, (each.name for each in report.results)))
    names = [*parts, *([CONFIDENCE] if grouped else [])]
    left, right = st.columns([4, 1.6], vertical_alignment="center")
    chosen = left.segmented_control(
        "Show", names, default=names[0], key="agreement-part", label_visibility="collapsed", required=True,
    )  # fmt: skip
    if chosen == CONFIDENCE:
        agreement_confidence.show(asked)
        return
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        in_words = st.toggle("Words by convention", key="agreement-words")
    results = parts.get(str(chosen)) or next(iter(parts.values()))
    told = statistics.common_warnings([each.assessment for each in results])
    for sentence in told:
        st.caption(f":material/info: {plain(sentence)}.")
    _table(str(chosen), results, report.coders, told)
    if in_words:
        _words(results)
    with st.expander("How to read these numbers"):
        st.markdown(MEANING)
    _chart(results)
    save_csv(statistics_csv(report), "agreement.csv", "Save all statistics as CSV")


def _table(part: str, results: Sequence[Result], coders: Sequence[str], told: Sequence[str]) -> None:
    notes = statistics.Notes()
    columns = statistics.COLUMNS[part](len(coders))
    shares = coders if part == CODES else ()
    rows = [
        statistics.agreement_row(each.name.label, each.assessment, columns, shares, notes, _kind(each), told)
        for each in results
    ]
    confidence = f"{100 * results[0].assessment.estimates[0].confidence:g} % interval"
    first, *others = [head for head, _ in columns]
    heads = [_HEADS[part], first, confidence, *others, _UNITS[part], *(f"Coded by {name}" for name in shares)]
    st.html(statistics.table(heads, rows, notes, f"Agreement: {part.lower()}"))
    unit = results[0].name.unit
    st.caption(f"Level: {plain(_LEVELS.get(unit, unit))}.")


_HEADS = {
    CODES: "Criterion and codes",
    SPANS: "Criterion and codes",
    LINKS: "Links",
    FREQUENCIES: "Code",
    RATINGS: "Rating",
    MEASURES: "Measure",
}
_UNITS = {
    CODES: "Units",
    SPANS: "Events",
    LINKS: "Pairs",
    FREQUENCIES: "Sessions",
    RATINGS: "Rated",
    MEASURES: "Sessions",
}
_LEVELS = {
    "event": "events, on segments of the transcript",
    "utterance": "utterances",
    "time": "time; spans are compared to the millisecond, events by overlap or by their starts",
    "moment": "moments, compared in bins of a second and by their starts",
    "session measure": "one figure per session and observer, derived as the codebook says",
    "session frequency": "session frequency (how often each observer gave the code in a session)",
}


def _kind(result: Result) -> str:
    return {
        "criterion": "head",
        "span": "head",
        "code": "part",
        "attribute": "part",
        "span code": "part",
    }.get(result.name.kind, "whole")


def _words(results: Sequence[Result]) -> None:
    """What conventions call each first number and the lower end of its interval."""
    rows = []
    for each in results:
        main = statistics.main_of(each.assessment)
        low = (
            None
            if main is None or statistics.too_few_sessions(main, each.assessment.n_sessions)
            else main.low
        )
        for band in bands(main.statistic, main.value, low) if main else ():
            cells = (band.for_value, band.for_low or "–", band.convention)
            rows.append(statistics.Row(each.name.label, cells, "whole"))
    heads = ["", "The estimate", "Lower end of the interval", "Convention"]
    st.html(statistics.table(heads, rows, statistics.Notes(), "Words by convention", words=True))


def _chart(results: Sequence[Result]) -> None:
    bars = []
    for each in results:
        main = statistics.main_of(each.assessment)
        if main is None or main.value is None:
            continue
        few = statistics.too_few_sessions(main, each.assessment.n_sessions)
        low, high = (None, None) if few else (main.low, main.high)
        label = each.name.label
        if each.name.kind == "attribute":
            label = f"{each.name.group}: intensity"
        bars.append(charts.IntervalBar(label, each.name.group, main.value, low, high))
    if bars:
        st.subheader("With intervals")
        st.altair_chart(charts.interval_bars(bars, "Coefficient", CONVENTIONS))
