"""Who has which session, with the means to give one to another observer or to take it back."""

import streamlit as st

from coding_app.domain.recording import Study
from coding_app.ui import context
from coding_app.ui.parts.paging import on_page, pages
from coding_app.ui.parts.words import plain, plural
from coding_app.workflows.plan_study import (
    AssignmentState,
    PlanView,
    end_assignment,
    hand_on_overdue,
    reassign,
)
from coding_app.workflows.study_access import today

WIDTHS = [3, 2.4, 2, 2.2, 2, 1.8]
HEADS = ("Session", "Observer", "State", "Due", "Kind", "")


def show(study: Study, view: PlanView) -> None:
    """Draws the list, what is overdue on top."""
    if not view.assignments:
        st.info("Nobody has a session to code yet. Save a plan and assign.", icon=":material/inbox:")
        return
    day = today()
    late = [each for each in view.assignments if each.is_overdue(day)]
    done = sum(each.done for each in view.assignments)
    st.caption(
        f"{plural(len(view.assignments), 'assignment')} · {done} submitted · {len(late)} overdue · "
        "observers are not told which sessions are coded twice"
    )
    if late and view.plan is not None:
        st.button(
            f"Give {plural(len(late), 'overdue session')} to others",
            icon=":material/move_up:",
            on_click=context.doing(_hand_on),
            args=(study.id, view.usual),
        )
    with st.container(key="row-head-assignments"):
        for column, head in zip(st.columns(WIDTHS), HEADS, strict=True):
            column.markdown(head)
    ordered = sorted(
        view.assignments, key=lambda each: (not each.is_overdue(day), each.coder.name.casefold())
    )
    for each in on_page(ordered, "assignments-page"):
        with st.container(key=f"row-{each.assignment.id}"):
            _row(study, view, each)
    pages(ordered, "assignments-page")


def _row(study: Study, view: PlanView, each: AssignmentState) -> None:
    session, who, state, due, kind, action = st.columns(WIDTHS, vertical_alignment="center")
    session.markdown(f"**{plain(each.session.label)}**")
    who.markdown(plain(each.coder.name))
    state.markdown(":green[submitted]" if each.done else ":primary[begun]" if each.begun else "not begun")
    day = f"{each.assignment.due_on:%-d %B %Y}" if each.assignment.due_on else "–"
    due.markdown(f":orange[{day}, overdue]" if each.is_overdue(today()) else day)
    kind.markdown(each.assignment.kind.value)
    if not each.done:
        with action.popover("Change", width="stretch"):
            _change(study, view, each)


def _change(study: Study, view: PlanView, each: AssignmentState) -> None:
    key = each.assignment.id
    others = {one.id: one.name for one in view.coders if one.id != each.coder.id}
    st.selectbox(
        "Give it to",
        ["", *others],
        format_func=lambda one: others.get(one, "nobody: take it back"),
        key=f"to-{key}",
        filter_mode=None,
    )
    st.text_input("Reason", key=f"why-{key}", placeholder="For example: on leave")
    st.button("Do it", type="primary", key=f"do-{key}", on_click=context.doing(_do), args=(study.id, key))


def _do(study_id: str, assignment_id: str) -> None:
    to, why = st.session_state[f"to-{assignment_id}"], st.session_state[f"why-{assignment_id}"]
    if to:
        reassign(context.app(), study_id, assignment_id, to, why)
    else:
        end_assignment(context.app(), study_id, assignment_id, why)


def _hand_on(study_id: str, observers: tuple[str, ...]) -> None:
    hand_on_overdue(context.app(), study_id, observers)
