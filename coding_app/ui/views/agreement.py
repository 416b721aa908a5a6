"""The Agreement page: how far observers agree, how sure that is, and where they differ."""

from functools import partial

import streamlit as st

from coding_app.agreement import Assessment
from coding_app.domain.people import Coder
from coding_app.domain.recording import Study
from coding_app.domain.scheme import Scheme
from coding_app.ui import charts, context
from coding_app.ui.parts import disagreements, statistics
from coding_app.ui.parts.empty import no_study
from coding_app.ui.parts.words import plain, plural
from coding_app.workflows import overview
from coding_app.workflows.assess_agreement import AgreementReport, assess_study, long_table_csv
from coding_app.workflows.statistics_table import statistics_csv

CONVENTIONS = (0.667, 0.8)
MEANING = """
**Krippendorff's alpha** compares how often observers differ with how often they would differ if the same codes
had fallen on moments picked at random. 1 is full agreement, 0 is what chance gives, below 0 is less than that.

**The interval** shows how far alpha could move with other sessions of the same kind. With few sessions it is
rough, and often too narrow.

**0.667 and 0.8** (dashed lines in the chart) are conventions from content analysis, not laws: what is enough
depends on what you will use the codes for. A rare code can have a low alpha although observers nearly always
agree that it is absent; look at how often each observer gave it before you judge.

**Agreement** is the plain percentage of units on which observers agree, without correction for chance.
**Kappa** is Cohen's for two observers, Fleiss' for more. A dash means that the number is undefined for these data;
the note under the table says why.
"""


def show() -> None:
    """Draws the page."""
    study, coder = context.study(), context.coder()
    st.title("Agreement")
    if study is None:
        no_study()
        return
    if coder is None and not _only_reads(study):
        return
    found = overview.study_overview(context.app(), study.id, coder.id if coder else None)
    if not any(each.n_submitted for each in found):
        _nothing_yet()
        return
    report = _filtered(study, coder, found)
    if report is None:
        st.info("Choose at least two observers, or none to compare all.", icon=":material/group:")
        return
    if report.withheld:
        st.info(report.withheld, icon=":material/visibility_off:")
    for sentence in report.skipped:
        st.caption(plain(sentence))
    if not report.n_recordings:
        st.info(
            "No recording chosen here was submitted by two of these observers yet.",
            icon=":material/hourglass_empty:",
        )
        return
    _results(study, coder, report)


def _only_reads(study: Study) -> bool:
    """Whether somebody who does not code is looking, a supervisor say; asked, since it ends blind coding."""
    if st.session_state.get(context.READS_ONLY) == study.id:
        return True
    st.info(
        "Choose your name under **Observer** on the left: you see what you have submitted yourself.",
        icon=":material/person:",
    )
    st.button("I do not code in this study; show all results", on_click=_reads_only, args=(study.id,))
    st.caption(
        "This ends blind coding for whoever looks: all submitted codes are shown, until an observer is chosen."
    )
    return False


def _reads_only(study_id: str) -> None:
    st.session_state[context.READS_ONLY] = study_id


def _nothing_yet() -> None:
    st.info(
        "Nobody has submitted a recording yet. Agreement appears when two observers have submitted the same.",
        icon=":material/hourglass_empty:",
    )
    if st.button("Go to coding", type="primary"):
        st.switch_page("views/code.py")


def _filtered(
    study: Study, coder: Coder | None, found: tuple[overview.RecordingOverview, ...]
) -> AgreementReport | None:
    """The report on what is chosen; None while a single observer is chosen, who agrees with nobody."""
    labels = {each.recording.id: each.session_label for each in found if each.n_submitted >= 2}
    names = sorted({s.coder.name for each in found for s in each.states if s.submitted_at is not None})
    left, right = st.columns(2)
    start = st.query_params.get("recording")
    recordings = left.multiselect(
        "Recordings",
        list(labels),
        default=[start] if start in labels else [],
        format_func=lambda each: labels[each],
        placeholder="All that two observers have submitted",
        key=f"agreement-recordings-{study.id}",
    )
    coders = right.multiselect(
        "Observers", names, placeholder="All observers", key=f"agreement-coders-{study.id}"
    )
    if len(coders) == 1:
        return None
    submitted = tuple(
        sorted(s.coding_pass.id for each in found for s in each.states if s.coding_pass and s.submitted_at)
    )
    return _report(study.id, coder.id if coder else None, tuple(recordings), tuple(coders), submitted)


@st.cache_data(max_entries=32, show_spinner="Resampling sessions for the intervals")
def _report(
    study_id: str,
    viewer_id: str | None,
    recordings: tuple[str, ...],
    coders: tuple[str, ...],
    submitted: tuple[str, ...],
) -> AgreementReport:
    """Computed once per choice; `submitted` is there so that a new submitted pass counts at once."""
    return assess_study(
        context.app(), study_id, viewer_id, recording_ids=set(recordings) or None, coders=set(coders) or None
    )


def _results(study: Study, coder: Coder | None, report: AgreementReport) -> None:
    st.caption(f"{plural(report.n_recordings, 'recording')} · {', '.join(map(plain, report.coders))}")
    n = len(report.disagreements)
    codes, ratings, differ, save = st.tabs(["Codes", "Ratings", f"Disagreements ({n})", "Download"])
    with codes:
        _codes(report.scheme, report)
    with ratings:
        _ratings(report.scheme, report)
    with differ:
        disagreements.listed(report.disagreements, coder)
    with save:
        _downloads(study, coder, report)


def _codes(scheme: Scheme, report: AgreementReport) -> None:
    notes, rows, bars = statistics.Notes(), [], []
    by_id = {each.criterion: each for each in (*report.criteria, *report.codes, *report.attributes)}
    code_ids = {code.id for code in scheme.codes}
    told = statistics.common_warnings(list(by_id.values()))
    for sentence in told:
        st.caption(f":material/info: {plain(sentence)}.")
    for criterion in scheme.criteria:
        lines = [
            (criterion.id, criterion.label, "head"),
            *((code.id, code.label, "part") for code in criterion.codes),
            (f"{criterion.id}: intensity", "Intensity of the same code", "part"),
        ]
        for key, label, kind in lines:
            if key in by_id:
                rows.append(statistics.agreement_row(label, by_id[key], report.coders, notes, kind, told))
                bars += _bar(
                    label if kind == "head" or key in code_ids else f"{criterion.label}: intensity",
                    criterion.label,
                    by_id[key],
                )
    kappa = "Cohen's kappa" if len(report.coders) == 2 else "Fleiss' kappa"
    heads = ["Criterion and codes", "Alpha", "95 % interval", kappa, "Agreement", "Units"]
    shares = [f"Coded by {name}" for name in report.coders]
    st.html(statistics.table([*heads, *shares], rows, notes, "Agreement per criterion and code"))
    with st.expander("How to read these numbers"):
        st.markdown(MEANING)
    if bars:
        st.subheader("Alpha with its interval")
        st.altair_chart(charts.interval_bars(bars, "Krippendorff's alpha", CONVENTIONS))


def _bar(label: str, group: str, assessment: Assessment) -> list[charts.IntervalBar]:
    alpha = statistics.alpha_of(assessment)
    if alpha is None or alpha.value is None:
        return []
    too_few = statistics.too_few_sessions(alpha, assessment.n_sessions)
    low, high = (None, None) if too_few else (alpha.low, alpha.high)
    return [charts.IntervalBar(label, group, alpha.value, low, high)]


def _ratings(scheme: Scheme, report: AgreementReport) -> None:
    notes = statistics.Notes()
    labels = {each.id: each.label for each in scheme.ratings}
    rows = [
        statistics.rating_row(labels.get(each.criterion, each.criterion), each, notes)
        for each in report.ratings
    ]
    if not rows:
        st.info("No rating was given by two observers yet.", icon=":material/hourglass_empty:")
        return
    for sentence in statistics.common_warnings(report.ratings):
        st.caption(f":material/info: {plain(sentence)}.")
    heads = [
        "Rating",
        "ICC, one observer",
        "95 % interval",
        "ICC, mean of observers",
        "Alpha (ordinal)",
        "Same value",
        "Rated",
    ]
    st.html(statistics.table(heads, rows, notes, "Agreement per rating"))
    st.caption(
        "ICC: two-way random effects, absolute agreement, ICC(2,1) and ICC(2,k) after Shrout and Fleiss (1979). "
        "It weighs how much sessions differ against how much observers do, so it needs several sessions that differ."
    )


def _downloads(study: Study, coder: Coder | None, report: AgreementReport) -> None:
    app, viewer_id = context.app(), coder.id if coder else None
    st.write("Tables for your own analysis, as CSV (UTF-8).")
    kinds = {
        "criteria": "Judgements per criterion",
        "codes": "Judgements per code (0 or 1)",
        "ratings": "Ratings",
    }
    with st.container(horizontal=True):
        for kind, words in kinds.items():
            st.download_button(
                words,
                partial(long_table_csv, app, study.id, viewer_id, kind),  # made when it is asked for
                file_name=f"judgements-{kind}.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key=f"download-{kind}",
            )
    st.caption(
        "One row per unit and observer, of everything you may see. "
        "`coding-app agreement judgements-criteria.csv` computes the same alpha, kappa and percent agreement."
    )
    st.download_button(
        "Table of statistics",
        statistics_csv(report),
        file_name="agreement.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    st.caption(
        "Every coefficient with its interval and how it was made, not rounded; of the recordings and observers "
        "chosen above."
    )


if __name__ == "__main__":
    show()
