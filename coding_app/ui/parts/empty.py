"""What a page shows before there is a study."""

import streamlit as st


def no_study() -> None:
    """Says what is missing and leads to the page that has it."""
    st.info("There is no study yet.", icon=":material/folder_open:")
    if st.button("Make a study", type="primary"):
        st.switch_page("views/study.py")
