"""Through whose eyes a page shows agreement: one's own, or, ending blind coding for who looks, everything submitted."""

from collections.abc import Sequence

import streamlit as st

from coding_app.domain.people import Action, Coder
from coding_app.domain.recording import Study
from coding_app.ui import context
from coding_app.workflows.overview import RecordingOverview
from coding_app.workflows.reliability_data import NOTHING_OF_YOURS


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


def sees_some(found: Sequence[RecordingOverview], viewer: Coder | None) -> bool:
    """Whether the viewer has submitted anything, so that there may be others' coding to see; says so when not."""
    states = (each.state_of(viewer.id) for each in found if viewer)
    if viewer is None or any(state and state.submitted_at for state in states):
        return True
    st.info(NOTHING_OF_YOURS, icon=":material/visibility_off:")
    return False


def _reads_only(study_id: str) -> None:
    st.session_state[context.READS_ONLY] = study_id
