"""The Agreement page: how far observers agree, how sure that is, and where they differ."""

import streamlit as st

from coding_app.domain.people import Action, Coder
from coding_app.domain.recording import Study
from coding_app.domain.reopening import not_blind_words
from coding_app.ui import context
from coding_app.ui.parts import (
    agreement_data,
    agreement_measures,
    agreement_observers,
    agreement_over_time,
    agreement_overview,
    agreement_planning,
    agreement_report,
    disagreements,
    whose_view,
)
from coding_app.ui.parts.agreement_data import Asked
from coding_app.ui.parts.empty import no_study
from coding_app.ui.parts.words import plain, plural
from coding_app.workflows import overview
from coding_app.workflows.assess_agreement import AgreementReport, check_may_look
from coding_app.workflows.reliability_data import scheme_lines

OVERVIEW, OBSERVERS, DIFFER, OVER_TIME = "Overview", "Observers", "Disagreements", "Over time"
TOLERANCE, MEASURES, PLANNING, REPORT = "Tolerance", "Measures", "Planning", "Report"


def show() -> None:
    """Draws the page."""
    study, coder = context.study(), context.coder()
    st.title("Agreement")
    if study is None:
        no_study()
        return
    if coder is None and not whose_view.only_reads(study):
        return
    viewer_id = coder.id if coder else None
    found = overview.study_overview(context.app(), study.id, viewer_id, with_submitted=True)
    if not any(each.n_submitted for each in found):
        _nothing_yet()
        return
    viewer = None if whose_view.all_codings(study) else coder
    if not whose_view.sees_some(found, viewer):
        return
    asked = _asked(study, viewer, found)
    if asked is None:
        st.info("Choose at least two observers, or none to compare all.", icon=":material/group:")
        return
    check_may_look(context.app(), study.id, asked.viewer_id)
    report = agreement_data.report(asked)
    if report.withheld:
        st.info(report.withheld, icon=":material/visibility_off:")
    if not report.n_recordings:
        for sentence in report.skipped:
            st.caption(plain(sentence))
        st.info(
            "No recording chosen here was submitted by two of these observers yet.",
            icon=":material/hourglass_empty:",
        )
        return
    _results(study, coder, asked, report)


def _nothing_yet() -> None:
    st.info(
        "Nobody has submitted a recording yet. Agreement appears when two observers have submitted the same.",
        icon=":material/hourglass_empty:",
    )
    if st.button("Go to coding", type="primary"):
        st.switch_page("views/code.py")


def _asked(study: Study, coder: Coder | None, found: tuple[overview.RecordingOverview, ...]) -> Asked | None:
    """What is chosen; None while a single observer is chosen, who agrees with nobody."""
    labels = {each.recording.id: each.session_label for each in found if each.n_submitted >= 2}
    names = sorted({s.coder.name for each in found for s in each.states if s.submitted_at is not None})
    lines = {
        (each.scheme_id, each.major): each
        for each in scheme_lines(context.app(), study.id, coder.id if coder else None)
    }
    left, right, mask = st.columns([3, 3, 1.3], vertical_alignment="bottom")
    line = None
    if len(lines) > 1:
        line = left.selectbox(
            "Scheme version",
            list(lines),
            format_func=lambda each: (
                f"{each[0]} {each[1]}.x ({plural(lines[each].n_passes, 'pass', 'passes')})"
            ),
            key=f"agreement-line-{study.id}",
            help="Major versions mean different things, so they are never put together.",
        )
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
    masked = mask.toggle(
        "Mask names", key="agreement-masked", help="Observer A, Observer B ... in place of names"
    )
    blind_only = _blind_only(study, found)
    if len(coders) == 1:
        return None
    submitted = tuple(
        sorted((s.coding_pass.id, s.submitted_at) for each in found for s in each.states
               if s.coding_pass and s.submitted_at)
    )  # fmt: skip
    viewer_id = coder.id if coder else None
    chosen = tuple(sorted(recordings)), tuple(sorted(coders))
    return Asked(study.id, viewer_id, *chosen, line, masked, submitted, blind_only)


def _blind_only(study: Study, found: tuple[overview.RecordingOverview, ...]) -> bool:
    """Whether to leave out what was opened again; asked only where there is such a coding."""
    if not any(s.reopened and s.submitted_at for each in found for s in each.states):
        return False
    return st.toggle(
        "Leave out codings that are not blind",
        key=f"agreement-blind-{study.id}",
        help="A coding that was opened again after it had been submitted: its observer may have seen others' codes.",
    )


def _results(study: Study, coder: Coder | None, asked: Asked, report: AgreementReport) -> None:
    observers = ", ".join(map(plain, report.coders))
    st.caption(
        f"{plural(report.n_recordings, 'recording')} · {observers} · "
        f"{plain(report.scheme.title)} {plain(report.scheme.version)}"
    )
    if words := not_blind_words(report.not_blind, report.n_passes):
        st.caption(f":material/visibility: {words}.")
    if report.skipped:
        with st.expander(f"Left out ({len(report.skipped)})"):
            st.markdown("  \n".join(map(plain, report.skipped)))
    drawn = bool(report.of_kind("span"))
    measured = bool(report.scheme.derived)
    names = [OVERVIEW, OBSERVERS, DIFFER, OVER_TIME, *([TOLERANCE] if drawn else [])]
    names += [
        *([MEASURES] if measured else []),
        PLANNING,
        *([REPORT] if context.allows(Action.EXPORT) else []),
    ]
    tabs = dict(zip(names, st.tabs(names, key="agreement-tab", on_change="rerun"), strict=True))
    draw = {
        OVERVIEW: lambda: agreement_overview.show(asked, report),
        OBSERVERS: lambda: agreement_observers.show(asked, report),
        DIFFER: lambda: disagreements.listed(report.disagreements, coder, asked.masked),
        OVER_TIME: lambda: agreement_over_time.drift(asked, report),
        TOLERANCE: lambda: agreement_over_time.tolerance(asked, report),
        MEASURES: lambda: agreement_measures.show(asked, report),
        PLANNING: lambda: agreement_planning.show(report),
        REPORT: lambda: agreement_report.show(study, asked, report),
    }
    for name, tab in tabs.items():
        if tab.open:  # only what is looked at is computed
            with tab:
                draw[name]()


if __name__ == "__main__":
    show()
