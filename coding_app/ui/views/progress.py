"""The Progress page: for the lead, who is where, how much is coded twice, and whose agreement calls for a look."""

from datetime import date

import streamlit as st

from coding_app.domain.people import Coder
from coding_app.domain.progress import FALL, FEWEST_UNITS, LOW, Concern, Stage
from coding_app.domain.recording import Study
from coding_app.ui import context
from coding_app.ui.parts import agreement_data, agreement_over_time, submitted_codings, whose_view
from coding_app.ui.parts.agreement_data import Asked
from coding_app.ui.parts.empty import no_study
from coding_app.ui.parts.paging import on_page, pages
from coding_app.ui.parts.words import number, plural
from coding_app.workflows import overview
from coding_app.workflows.assess_agreement import check_may_look
from coding_app.workflows.progress import DriftWarning, Line, StudyProgress, study_progress

OBSERVERS, DOUBLE, DRIFT = "Observers", "Double coding", "Drift"
SUBMITTED, REFERENCES = "Submitted codings", "Reference sessions"
WINDOW, AT_ONCE = 5, 50
RULES = (
    f"A warning is given for an observer's last {WINDOW} sessions in a row (fewer where there are fewer) when alpha is "
    f"**below {LOW}**, or when it lies **{FALL} or more below** the mean of the windows before that share no session "
    f"with them. Windows with fewer than {FEWEST_UNITS} units say nothing. A warning is a reason to listen together, "
    "no verdict: the others may be the ones who changed."
)
WHY = {Concern.LOW: "low", Concern.FALLING: "falling"}
AGAINST = {"others": "the others", "reference": "the reference"}


def show() -> None:
    """Draws the page."""
    st.title("Progress")
    study, coder = context.study(), context.coder()
    if study is None:
        no_study()
        return
    found = study_progress(context.app(), study.id, coder.id if coder else None)
    if not found.observers:
        st.info("Nobody codes in this study yet.", icon=":material/group:")
        return
    names = [OBSERVERS, DOUBLE, DRIFT, SUBMITTED, REFERENCES]
    tabs = dict(zip(names, st.tabs(names, key="progress-tab", on_change="rerun"), strict=True))
    draw = {
        OBSERVERS: lambda: _observers(found),
        DOUBLE: lambda: _double(found),
        DRIFT: lambda: _drift(study, coder),
        SUBMITTED: lambda: submitted_codings.codings(found),
        REFERENCES: lambda: submitted_codings.references(study, coder),
    }
    for name, tab in tabs.items():
        if tab.open:  # only what is looked at is computed
            with tab:
                draw[name]()


def _observers(found: StudyProgress) -> None:
    if not found.planned:
        st.caption("Nothing is assigned in this study: everybody codes what they choose, and nothing is due.")
    if found.hides:
        st.caption(
            "Of sessions that you have still to code yourself you see only whether others have submitted."
        )
    heads = ["Assigned", "Begun", "Submitted", *(["Overdue"] if found.planned else [])]
    st.dataframe(
        [
            {"Observer": who.name}
            | dict(zip(heads, (n.assigned, n.begun, n.submitted, n.overdue), strict=False))
            for who, n in found.observers
        ],
        hide_index=True,
        height="content",
    )
    st.subheader("Not submitted")
    if not found.lines:
        st.info(
            "Nothing is open: all that was begun or assigned is submitted.", icon=":material/check_circle:"
        )
        return
    shown = on_page(found.lines, "progress-lines", AT_ONCE)
    st.dataframe([_line(each, found.planned) for each in shown], hide_index=True, height="content")
    pages(found.lines, "progress-lines", AT_ONCE)


def _line(each: Line, planned: bool) -> dict[str, object]:
    task = each.task
    due = {"Due": _day(task.due_on), "Overdue": "overdue" if each.overdue else ""} if planned else {}
    return {
        "Observer": each.coder.name,
        "Session": each.session_label,
        "State": str(task.stage),
        **due,
        "Last activity": "not shown" if task.stage is Stage.NOT_SUBMITTED else _day(task.last_active),
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else "–"


def _double(found: StudyProgress) -> None:
    double = found.double
    wanted, assigned, done = st.columns(3)
    wanted.metric("Planned", "–" if double.wanted is None else f"{double.wanted} of {double.n_sessions}")
    assigned.metric("Coded by two, or meant to be", double.assigned)
    done.metric("Submitted by two", double.submitted)
    if double.wanted is None:
        st.caption(
            "The study has no plan, so nothing says how much is to be coded twice. Usual is a fifth of the sessions, "
            "and ten at least."
        )
        return
    if found.lacking:
        st.subheader("Without enough observers")
        rows = [{"Session": label, "Observers missing": n} for label, n in found.lacking.items()]
        st.dataframe(on_page(rows, "progress-lacking", AT_ONCE), hide_index=True, height="content", width=520)
        pages(rows, "progress-lacking", AT_ONCE)
    else:
        st.caption("Every session has as many observers as the plan asks for.")


def _drift(study: Study, coder: Coder | None) -> None:
    if coder is None and not context.has_accounts() and not whose_view.only_reads(study):
        return
    viewer = None if whose_view.all_codings(study) else coder
    found = overview.study_overview(context.app(), study.id, viewer.id if viewer else None)
    submitted = tuple(
        sorted(
            (s.coding_pass.id, s.submitted_at)
            for each in found
            for s in each.states
            if s.coding_pass and s.submitted_at
        )
    )
    if not submitted:
        st.info("Nobody has submitted a coding yet.", icon=":material/hourglass_empty:")
        return
    if not whose_view.sees_some(found, viewer):
        return
    asked = Asked(study.id, viewer.id if viewer else None, (), (), None, False, submitted)
    check_may_look(context.app(), study.id, asked.viewer_id)
    report = agreement_data.report(asked)
    if report.withheld:
        st.info(report.withheld, icon=":material/visibility_off:")
    if not report.n_recordings:
        st.info("No session was submitted by two observers yet.", icon=":material/hourglass_empty:")
        return
    warnings = agreement_data.warnings(asked, WINDOW)
    if warnings:
        st.dataframe([_warning(each) for each in warnings], hide_index=True, height="content")
    else:
        st.info("No observer's agreement calls for a look.", icon=":material/check_circle:")
    st.caption(RULES)
    st.subheader("Over time")
    agreement_over_time.drift(asked, report)


def _warning(each: DriftWarning) -> dict[str, object]:
    point = each.point
    return {
        "Observer": each.coder,
        "Question": each.question,
        "Compared with": AGAINST[point.against],
        "Why": " and ".join(WHY[one] for one in each.why),
        "Alpha": number(point.alpha),
        "Last sessions": plural(point.n_sessions, "session"),
        "Until": point.last_date,
    }


if __name__ == "__main__":
    show()
