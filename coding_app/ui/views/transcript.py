"""The Transcript page: choose a recording, then the editor on its newest transcript, full width."""

import streamlit as st

from coding_app.ui import context, tokens
from coding_app.ui.editor import editor
from coding_app.ui.parts.choose_recording import choose
from coding_app.ui.parts.empty import no_study, nobody_corrects
from coding_app.workflows import overview
from coding_app.workflows.workbench_preferences import language_of


def show() -> None:
    """Draws the page."""
    study, coder = context.study(), context.coder()
    if study is None or coder is None:
        st.title("Transcript")
        if study is None:
            no_study()
        else:
            nobody_corrects(study)
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
    with st.container(key="editor-head"):
        chosen = choose(found, "transcript")
    st.html('<span class="workbench-here"></span>')
    token = tokens.issue_editor_token(context.app(), chosen, coder.id)
    editor(chosen, token, language_of(context.app(), coder.id), key=f"editor-{chosen}-{coder.id}")


if __name__ == "__main__":
    show()
