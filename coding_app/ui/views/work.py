"""The My work page: an observer's own queue, where to go on, and what is done."""

import streamlit as st

from coding_app.domain.times import clock
from coding_app.ui import context
from coding_app.ui.parts.empty import no_observer, no_study
from coding_app.ui.parts.paging import on_page, pages
from coding_app.ui.parts.words import plain, plural
from coding_app.workflows.my_work import Work, WorkItem, WorkState, has_work, my_work

WIDTHS = [4, 1, 3, 2.4, 1.8]
HEADS = ("Session", "Length", "State", "Due", "")
STATES = {
    WorkState.WAITS: ":gray[waits for its transcript and speakers]",
    WorkState.NEW: "not begun",
    WorkState.BEGUN: ":primary[begun]",
    WorkState.DONE: ":green[submitted]",
    WorkState.FORBIDDEN: ":orange[may not be coded: no consent]",
}


def show() -> None:
    """Draws the page."""
    study, coder = context.study(), context.coder()
    st.title("My work")
    if study is None:
        no_study()
        return
    if coder is None:
        no_observer("Choose your name under **Observer** on the left to see what is yours.")
        return
    if not has_work(context.app(), study.id, coder.id):
        st.info(
            "In this study nobody is given sessions: you code what you choose, on the page **Code**.",
            icon=":material/checklist:",
        )
        if st.button("Go to coding", type="primary"):
            st.switch_page("views/code.py")
        return
    work = my_work(context.app(), study.id, coder.id)
    if not work.items:
        st.info("Nothing is assigned to you yet. The study's lead does that.", icon=":material/inbox:")
        return
    _summary(work)
    _go_on(work)
    _to_do(work)
    _done(work)


def _summary(work: Work) -> None:
    n_done, n_late = len(work.done), sum(each.is_overdue for each in work.items)
    late = f" · :orange[{n_late} overdue]" if n_late else ""
    st.progress(
        n_done / len(work.items), f"{n_done} of {plural(len(work.items), 'recording')} submitted{late}"
    )


def _go_on(work: Work) -> None:
    wanted = work.next
    if wanted is None:
        told = (
            "All that you were given is submitted. Thank you."
            if not work.to_do
            else "Nothing can be coded just now: what is left waits for its transcript, or for consent."
        )
        st.info(told, icon=":material/task_alt:")
        return
    words = "Go on where I stopped" if wanted.state is WorkState.BEGUN else "Begin the next session"
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(words, type="primary", icon=":material/play_arrow:"):
            _code(wanted)
        st.markdown(f"**{plain(wanted.session_label)}** · {clock(wanted.recording.duration_ms)}")


def _code(item: WorkItem) -> None:
    st.switch_page("views/code.py", query_params={"recording": item.recording.id})


def _to_do(work: Work) -> None:
    if not work.to_do:
        return
    st.subheader("To do")
    with st.container(key="row-head"):
        for column, head in zip(st.columns(WIDTHS), HEADS, strict=True):
            column.markdown(head)
    for each in on_page(work.to_do, "work-page"):
        _row(each)
    pages(work.to_do, "work-page")


def _row(each: WorkItem) -> None:
    with st.container(key=f"row-{each.recording.id}"):
        name, length, state, due, action = st.columns(WIDTHS, vertical_alignment="center")
        name.markdown(f"**{plain(each.session_label)}**  \n:small[:gray[{plain(each.recording.name)}]]")
        length.markdown(clock(each.recording.duration_ms))
        state.markdown(STATES[each.state])
        due.markdown(_due(each))
        if each.state in (WorkState.NEW, WorkState.BEGUN):
            words = "Code" if each.state is WorkState.NEW else "Go on"
            if action.button(words, key=f"code-{each.recording.id}", width="stretch"):
                _code(each)


def _due(each: WorkItem) -> str:
    if each.due_on is None:
        return "–"
    words = f"{each.due_on:%-d %B %Y}"
    return f":orange[{words}, overdue]" if each.is_overdue else words


def _done(work: Work) -> None:
    if not work.done:
        return
    with st.expander(f"Done ({len(work.done)})", icon=":material/task_alt:", expanded=not work.to_do):
        for each in on_page(work.done, "work-done-page"):
            at = each.coding_pass.submitted_at if each.coding_pass else None
            with st.container(key=f"row-done-{each.recording.id}"):
                name, when, action = st.columns([5, 4, 2], vertical_alignment="center")
                name.markdown(f"**{plain(each.session_label)}**")
                when.markdown(f"submitted on {at:%-d %B %Y}" if at else "")
                if action.button("Look again", key=f"look-{each.recording.id}", width="stretch"):
                    _code(each)
        pages(work.done, "work-done-page")


if __name__ == "__main__":
    show()
