"""What a page shows before there is a study, or an observer."""

import streamlit as st

from coding_app.domain.people import Action
from coding_app.domain.recording import Study
from coding_app.ui import context
from coding_app.workflows import overview


def no_study() -> None:
    """Says what is missing and leads to the page that has it."""
    st.info("There is no study yet.", icon=":material/folder_open:")
    if context.allows(Action.CREATE_STUDY) and st.button("Make a study", type="primary"):
        st.switch_page("views/study.py")


def nobody_corrects(study: Study) -> None:
    """Says that a correction needs the name of an observer, and leads to where there is one."""
    if overview.coders(context.app(), study.id):
        no_observer("Choose your name under **Observer** on the left: a correction says who made it.")
        return
    st.info(
        "A correction says who made it, and this study has no observers yet. Add yourself on the page **Study**.",
        icon=":material/person:",
    )
    if st.button("Add an observer", type="primary", icon=":material/person_add:"):
        st.switch_page("views/study.py")


def no_observer(words: str) -> None:
    """Says why nobody codes here now: none was chosen, or the role of who is signed in does not code."""
    st.info(
        "Your role in this study does not code." if context.has_accounts() else words,
        icon=":material/person:",
    )
