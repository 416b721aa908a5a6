"""What is silent in every clip of a recording: to hear, to add to, to take from."""

import streamlit as st

from coding_app.domain.people import Action
from coding_app.domain.times import Span, fine_clock
from coding_app.ui import context
from coding_app.ui.parts import stretch
from coding_app.ui.parts.paging import on_page, pages
from coding_app.ui.parts.play import play_button, player
from coding_app.workflows import pseudonymise
from coding_app.workflows.overview import RecordingOverview

AT_ONCE = 8
_KEY = "silence"


def panel(each: RecordingOverview, silences: tuple[Span, ...]) -> None:
    """Draws the list, and the fields for one more."""
    st.header("Silent in clips", anchor=False)
    if not silences:
        st.caption("Nothing yet. Where you replace a name, clips become silent.")
    for span in on_page(silences, "silences", AT_ONCE):
        key = f"{span.start_ms}-{span.end_ms}"
        with st.container(key=f"row-silence-{key}", horizontal=True, vertical_alignment="center"):
            st.markdown(f"{fine_clock(span.start_ms)}–{fine_clock(span.end_ms)}", width="content")
            play_button("silences", each.recording.id, span, each.session_label, key)
            if context.allows(Action.EXPORT):
                st.button(
                    "Let be heard", key=f"heard-{key}", type="tertiary", icon=":material/volume_up:",
                    on_click=context.doing(_let_hear), args=(each.recording.id, span),
                )  # fmt: skip
    pages(silences, "silences", AT_ONCE)
    if silences:
        player("silences", "Press Play to hear what is silent in clips.")
    with st.form("silence-more", border=False):
        stretch.fields(_KEY)
        st.form_submit_button(
            "Silence this stretch, too", icon=":material/volume_off:", on_click=context.doing(_add),
            args=(each.recording.id,),
        )  # fmt: skip


def _let_hear(recording_id: str, span: Span) -> None:
    pseudonymise.let_hear_again(context.app(), recording_id, span)


def _add(recording_id: str) -> None:
    pseudonymise.silence_stretch(context.app(), recording_id, stretch.written(_KEY))
    for end in ("from", "to"):
        st.session_state[f"{_KEY}-{end}"] = ""
