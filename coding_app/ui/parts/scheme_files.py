"""Taking a scheme away from the page and bringing one in: manual, YAML, upload."""

import streamlit as st

from coding_app.ui import context
from coding_app.ui.parts.scheme_cards import say
from coding_app.workflows import manual
from coding_app.workflows.codebook import Entry
from coding_app.workflows.edit_scheme import Checked, check, keep

_UPLOADED = "scheme-upload"
MAX_UPLOAD_MB = 1


def save_as(entry: Entry) -> None:
    """Buttons that save the scheme as a manual (HTML, PDF) or as its file."""
    scheme = entry.scheme
    with st.popover("Manual", icon=":material/menu_book:"):
        st.caption("The whole codebook with contents and a crib sheet of the keys, to print or to give away.")
        st.download_button(
            "As HTML",
            lambda: manual.as_html(scheme),
            file_name=manual.manual_name(scheme, "html"),
            mime="text/html",
            icon=":material/html:",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            "As PDF",
            lambda: manual.as_pdf(scheme),
            file_name=manual.manual_name(scheme, "pdf"),
            mime="application/pdf",
            icon=":material/picture_as_pdf:",
            on_click="ignore",
            width="stretch",
        )
    st.download_button(
        "YAML",
        entry.text,
        file_name=f"{scheme.id}-{scheme.version}.yaml",
        mime="application/yaml",
        icon=":material/download:",
        on_click="ignore",
        help="The scheme's file, as it can be uploaded elsewhere, checked on the command line or cited.",
    )


def upload() -> None:
    """Takes a scheme file in, when it has no fault; else says what is wrong, line by line."""
    with st.popover("Upload", icon=":material/upload:"):
        given = st.file_uploader(
            "A scheme's YAML file", type=["yaml", "yml"], key=_UPLOADED, max_upload_size=MAX_UPLOAD_MB
        )
        if given is None:
            return
        checked = check(given.getvalue())
        if checked.scheme is None:
            faults(checked)
            return
        say(f"{checked.scheme.title} ({checked.scheme.id} {checked.scheme.version}): no fault found.")
        st.button("Keep it here", type="primary", on_click=context.doing(_keep), args=(checked,))


def _keep(checked: Checked) -> None:
    kept = keep(context.app(), checked.text)
    st.query_params.from_dict({"scheme": kept.id, "version": kept.version})


def faults(checked: Checked) -> None:
    """What is wrong with a scheme, each fault with its line."""
    n = len(checked.faults)
    st.error(
        f"{n} {'place has' if n == 1 else 'places have'} to be corrected first:", icon=":material/error:"
    )
    for line, sentence in checked.faults[:30]:
        say(f"Line {line}: {sentence}")
    if n > 30:
        st.caption(f"… and {n - 30} more.")
