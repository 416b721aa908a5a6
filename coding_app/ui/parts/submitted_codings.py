"""What a lead does with submitted codings: open one again, make one the reference, mix a reference into queues."""

import streamlit as st

from coding_app.domain.people import Coder
from coding_app.domain.recording import Study
from coding_app.domain.reopening import MAX_REASON
from coding_app.ui import context
from coding_app.ui.parts.paging import on_page, pages
from coding_app.ui.parts.words import plain
from coding_app.workflows import reference, reopen_pass
from coding_app.workflows.progress import StudyProgress, Submitted
from coding_app.workflows.reference import Reference

WIDTHS = [3, 2.4, 3, 3.6]


def codings(found: StudyProgress) -> None:
    """Draws the list of submitted codings."""
    if not found.submitted:
        st.info("Nobody has submitted a coding yet.", icon=":material/hourglass_empty:")
        return
    st.caption(
        "A coding that is opened again keeps all that was coded, and counts as no longer blind from then on: its "
        "observer may have seen others' codes in the meantime. Agreement says so, and can leave it out."
    )
    for each in on_page(found.submitted, "progress-submitted"):
        with st.container(key=f"row-{each.coding_pass.id}"):
            _coding(each)
    pages(found.submitted, "progress-submitted")


def _coding(each: Submitted) -> None:
    session, who, when, actions = st.columns(WIDTHS, vertical_alignment="center")
    session.markdown(f"**{plain(each.session_label)}**  \n:small[:gray[{plain(each.recording)}]]")
    who.markdown("Consensus" if each.consensus else plain(each.coder.name))
    day = f"{each.on:%-d %B %Y}" if each.on else "submitted"
    when.markdown(f"{day}{'' if each.blind else ' · not blind'}")
    pass_id = each.coding_pass.id
    with actions.container(horizontal=True, horizontal_alignment="right"):
        st.button(
            "Use as reference",
            key=f"reference-{pass_id}",
            type="tertiary",
            help="Makes a copy without notes. Observers' codings of this session are then compared with it.",
            on_click=context.doing(_make_reference),
            args=(pass_id,),
        )
        if not each.consensus:
            with st.popover("Open again", icon=":material/lock_open:", key=f"open-{pass_id}"):
                _reason_form(pass_id)


def _reason_form(pass_id: str) -> None:
    with st.form(f"reopen-{pass_id}", border=False):
        st.text_area(
            "Reason",
            key=f"reason-{pass_id}",
            max_chars=MAX_REASON,
            placeholder="For example: coded with an older codebook",
            help="The observer reads it above the transcript. Write no names and no words of the session.",
        )
        st.form_submit_button("Open again", type="primary", on_click=context.doing(_reopen), args=(pass_id,))


def _reopen(pass_id: str) -> None:
    reopen_pass.reopen(context.app(), pass_id, st.session_state[f"reason-{pass_id}"])


def _make_reference(pass_id: str) -> None:
    reference.make_reference(context.app(), pass_id)


def references(study: Study, coder: Coder | None) -> None:
    """Draws the reference codings and where they were mixed in."""
    found = reference.list_references(context.app(), study.id, coder.id if coder else None)
    if not found:
        st.info(
            "No session has a reference coding yet. Under **Submitted codings**, choose *Use as reference*.",
            icon=":material/hourglass_empty:",
        )
        return
    st.caption(
        "Mixed in, the session stands at a random place in an observer's queue and looks like any other; nobody is "
        "told that there is a reference. It never counts as an observer; drift compares observers with it."
    )
    for each in on_page(found, "progress-references"):
        with st.container(key=f"row-{each.coding_pass.id}"):
            _reference(each)
    pages(found, "progress-references")


def _reference(each: Reference) -> None:
    session, who, given, actions = st.columns(WIDTHS, vertical_alignment="center")
    at = each.coding_pass.opened_at
    session.markdown(f"**{plain(each.session_label)}**  \n:small[:gray[made on {at:%-d %B %Y}]]")
    who.markdown(f"Coded by {plain(each.made_by.name)}")
    names = ", ".join(plain(one.name) for one in each.given)
    given.markdown(f"In the queue of {names}" if names else "In no queue yet")
    pass_id = each.coding_pass.id
    with actions.container(horizontal=True, horizontal_alignment="right"):
        if not each.free:
            st.caption("Every observer has this session")
            return
        free = {one.id: one.name for one in each.free}
        with (
            st.popover("Mix into queues", icon=":material/shuffle:", key=f"mix-{pass_id}-{len(free)}"),
            st.form(f"mix-in-{pass_id}", border=False),
        ):
            st.multiselect(
                "Observers", list(free), key=f"mix-to-{pass_id}", format_func=lambda one: free[one]
            )
            st.form_submit_button("Mix in", type="primary", on_click=context.doing(_mix_in), args=(pass_id,))


def _mix_in(pass_id: str) -> None:
    reference.mix_in(context.app(), pass_id, st.session_state[f"mix-to-{pass_id}"])
