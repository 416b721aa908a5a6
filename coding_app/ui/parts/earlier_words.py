"""Earlier revisions of a transcript, in which the names still stand: which there are, and removing them."""

import streamlit as st

from coding_app.domain.people import Action
from coding_app.ui import context
from coding_app.ui.parts.words import plural
from coding_app.workflows.overview import RecordingOverview
from coding_app.workflows.pseudonymise import Names, remove_earlier_words


def panel(each: RecordingOverview, view: Names) -> None:
    """Draws what there is, and the button that removes it."""
    earlier = view.earlier
    st.header("Earlier words", anchor=False)
    counts = [
        plural(n, one, many)
        for n, one, many in (
            (len(earlier.removable), "earlier revision", "earlier revisions"),
            (earlier.n_edits, "step of editing", "steps of editing"),
            (earlier.n_corrections, "correction made while coding", "corrections made while coding"),
            (earlier.n_chunks, "piece of recognition", "pieces of recognition"),
        )
        if n
    ]
    if not counts and not earlier.kept:
        st.caption("No earlier revision or step of editing holds words that were replaced.")
    if counts:
        st.write(f"Words that were replaced may still stand in {' and '.join(counts)}.")
    if earlier.kept:
        numbers = ", ".join(map(str, earlier.kept))
        st.caption(f"Somebody codes on revision {numbers}: its words stay.")
    if (
        counts
        and context.allows(Action.ERASE)
        and st.button("Remove earlier words", icon=":material/delete:")
    ):
        _ask(each, len(earlier.removable))


@st.dialog("Remove earlier words?")
def _ask(each: RecordingOverview, n: int) -> None:
    with context.errors_shown():
        st.write(
            f"{plural(n, 'earlier revision')} and every step of editing are removed from this computer for good: "
            "nothing can be undone, compared or restored any more. The newest revision stays as it is. Backups that "
            "were made before keep the words."
        )
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button("Keep them", key="earlier-not"):
                st.rerun()
            if st.button("Remove for good", type="primary", key="earlier-now"):
                remove_earlier_words(context.app(), each.recording.id)
                st.session_state.pop("names-done", None)
                st.rerun()
