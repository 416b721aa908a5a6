"""Erasing a recording: offered where nobody codes it yet, and asked about before it happens."""

import streamlit as st

from coding_app.ui import context
from coding_app.ui.parts.words import plain
from coding_app.workflows.erase_recording import erase_recording
from coding_app.workflows.overview import RecordingOverview


def offer(each: RecordingOverview) -> None:
    """Draws the button under a recording that may be erased; nothing once somebody has begun to code it."""
    if each.is_coded:
        return
    if st.button(
        "Erase this recording", icon=":material/delete:", type="tertiary", key=f"erase-{each.recording.id}"
    ):
        _ask(each)


@st.dialog("Erase this recording?")
def _ask(each: RecordingOverview) -> None:
    with context.errors_shown():
        st.write(
            f"**{plain(each.session_label)}** ({plain(each.recording.name)}): its sound, its transcripts and what was "
            "measured of it are removed from this computer for good. Copies elsewhere, backups for instance, stay."
        )
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button("Keep it", key="erase-not"):
                st.rerun()
            if st.button("Erase for good", type="primary", key="erase-now"):
                erase_recording(context.app(), each.recording.id)
                st.session_state.pop("recordings-chosen", None)
                st.rerun()
