"""What a page shows before there is a study, or an observer."""

import streamlit as st

from coding_app.domain.people import Action
from coding_app.ui import context


def no_study() -> None:
    """Says what is missing and leads to the page that has it."""
    st.info("There is no study yet.", icon=":material/folder_open:")
    if context.allows(Action.CREATE_STUDY) and st.button("Make a study", type="primary"):
        st.switch_page("views/study.py")


def no_observer(words: str) -> None:
    """Says why nobody codes here now: none was chosen, or the role of who is signed in does not code."""
    st.info(
        "Your role in this study does not code." if context.has_accounts() else words,
        icon=":material/person:",
    )
