"""Choosing one recording of the study, from a list or from the page's address (?recording=ID)."""

from collections.abc import Mapping

import streamlit as st

from coding_app.domain.times import clock
from coding_app.workflows.overview import RecordingOverview


def choose(found: Mapping[str, RecordingOverview], page: str, width: int = 560) -> str:
    """The id that is chosen; page: whose choice it is ("transcript"). What the address asks for counts once."""
    asked, key = st.query_params.get("recording"), f"{page}-chosen"
    if asked in found and st.session_state.get(f"{page}-asked") != asked:
        st.session_state[key] = st.session_state[f"{page}-asked"] = asked
    if st.session_state.get(key) not in found:
        st.session_state.pop(key, None)
    return str(
        st.selectbox(
            "Recording",
            list(found),
            format_func=lambda each: named(found[each]),
            key=key,
            label_visibility="collapsed",
            width=width,
            filter_mode="contains",
        )
    )


def named(each: RecordingOverview) -> str:
    """A recording in a list: its session, its file, its length."""
    return f"{each.session_label} · {each.recording.name} · {clock(each.recording.duration_ms)}"
