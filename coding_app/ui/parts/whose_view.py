"""Through whose eyes a page shows agreement: one's own, or, ending blind coding for who looks, everything submitted."""

import streamlit as st

from coding_app.domain.people import Action
from coding_app.domain.recording import Study
from coding_app.ui import context


def only_reads(study: Study) -> bool:
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


def all_codings(study: Study) -> bool:
    """Whether a lead or trainer who does not code here wants to see all that was submitted."""
    if not context.has_accounts() or not context.allows(Action.SEE_ALL_CODINGS):
        return False
    return st.toggle(
        "Show all submitted codings",
        key=f"agreement-all-{study.id}",
        help="For those who do not code in this study: it ends blind coding for whoever looks.",
    )


def _reads_only(study_id: str) -> None:
    st.session_state[context.READS_ONLY] = study_id
