"""The Transcript page: choose a recording, then the editor on its newest transcript, full width."""

import streamlit as st

from coding_app.domain.times import clock
from coding_app.ui import context, tokens
from coding_app.ui.editor import editor
from coding_app.ui.parts.empty import no_observer, no_study
from coding_app.workflows import overview
from coding_app.workflows.overview import RecordingOverview
from coding_app.workflows.workbench_preferences import language_of


def show() -> None:
    """Draws the page."""
    study, coder = context.study(), context.coder()
    if study is None or coder is None:
        st.title("Transcript")
        if study is None:
            no_study()
        elif not overview.coders(context.app(), study.id):
            st.info(
                "A correction says who made it, and this study has no observers yet. Add yourself on the page "
                "**Study**.",
                icon=":material/person:",
            )
            if st.button("Add an observer", type="primary", icon=":material/person_add:"):
                st.switch_page("views/study.py")
        else:
            no_observer("Choose your name under **Observer** on the left: a correction says who made it.")
        return
    found = {
        each.recording.id: each
        for each in overview.study_overview(context.app(), study.id, coder.id)
        if each.transcript is not None
    }
    if not found:
        st.title("Transcript")
        st.info("There is no transcript to correct yet.", icon=":material/hourglass_empty:")
        if st.button("Add recordings", type="primary", icon=":material/upload:"):
            st.switch_page("views/recordings.py")
        return
    chosen = _chosen(found)
    st.html('<span class="workbench-here"></span>')
    token = tokens.issue_editor_token(context.app(), chosen, coder.id)
    editor(chosen, token, language_of(context.app(), coder.id), key=f"editor-{chosen}-{coder.id}")


def _chosen(found: dict[str, RecordingOverview]) -> str:
    asked = st.query_params.get("recording")
    if asked in found and st.session_state.get("transcript-asked") != asked:
        st.session_state["transcript-chosen"] = st.session_state["transcript-asked"] = asked
    if st.session_state.get("transcript-chosen") not in found:
        st.session_state.pop("transcript-chosen", None)
    with st.container(key="editor-head"):
        return str(
            st.selectbox(
                "Recording",
                list(found),
                format_func=lambda each: _named(found[each]),
                key="transcript-chosen",
                label_visibility="collapsed",
                width=560,
            )
        )


def _named(each: RecordingOverview) -> str:
    return f"{each.session_label} · {each.recording.name} · {clock(each.recording.duration_ms)}"


if __name__ == "__main__":
    show()
