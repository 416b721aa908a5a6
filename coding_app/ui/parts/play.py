"""Hearing moments of a recording: one player per list, and a small button in each of its rows."""

import streamlit as st

from coding_app.domain.times import Span
from coding_app.ui import context
from coding_app.ui.parts.words import moment, plain
from coding_app.workflows import listen

KEPT_CLIPS = 24


@st.cache_data(max_entries=KEPT_CLIPS, show_spinner=False)
def _clip(recording_id: str, start_ms: int, end_ms: int) -> bytes:
    return listen.moment(context.app(), recording_id, Span(start_ms, end_ms))


def player(place: str, hint: str) -> None:
    """The player of a list: plays what was asked for last, or says how to begin. place: the list's name."""
    chosen = st.session_state.get(f"playing-{place}")
    if chosen is None:
        st.caption(f":material/headphones: {hint}")
        return
    recording_id, span, label = chosen
    st.caption(f":material/headphones: {plain(label)}, {moment(span.start_ms, span.end_ms)}")
    st.audio(_clip(recording_id, span.start_ms, span.end_ms), format="audio/wav", autoplay=True)


def play_button(
    place: str, recording_id: str, span: Span, label: str, key: str, shortcut: str | None = None
) -> None:
    """A button that plays this moment in the list's player. label: what the player says is playing."""
    st.button(
        "Play",
        key=f"play-{place}-{key}",
        icon=":material/play_arrow:",
        type="tertiary",
        on_click=_choose,
        args=(place, recording_id, span, label),
        shortcut=shortcut,
    )


def _choose(place: str, recording_id: str, span: Span, label: str) -> None:
    st.session_state[f"playing-{place}"] = (recording_id, span, label)
