"""The Scheme editor: write a coding scheme by forms or as text, see it checked and previewed, save it as a version."""

import streamlit as st

from coding_app.domain.scheme import Scheme
from coding_app.errors import NotFoundError
from coding_app.ui import context
from coding_app.ui.parts import open_schemes
from coding_app.ui.parts.open_schemes import Open
from coding_app.ui.parts.scheme_cards import STYLE, say
from coding_app.ui.parts.scheme_fields import LANGUAGES
from coding_app.ui.parts.scheme_forms import forms
from coding_app.ui.parts.scheme_preview import preview
from coding_app.ui.parts.scheme_saving import saving
from coding_app.ui.parts.words import plain
from coding_app.ui.scheme_text import scheme_text, typed
from coding_app.workflows.codebook import library
from coding_app.workflows.edit_scheme import Checked, begin, check, readable
from coding_app.workflows.scheme_drafts import (
    Draft,
    drop_draft,
    list_drafts,
    start_draft,
)

_TEXT, _DRAFT, _SAVED = "scheme-text", "draft", "saved"
_TITLE, _LANGUAGE, _FROM = "scheme-title", "scheme-language", "scheme-from"


def show() -> None:
    """Draws the page."""
    st.html(STYLE)
    if saved := st.query_params.get(_SAVED):
        _after_saving(saved)
        return
    opened = _opened()
    if opened is None:
        _choose()
        return
    checked = check(opened.draft.text)
    _head(opened, checked)
    left, right = st.columns([3, 2], gap="large")
    with left:
        faults_shown = _edit(opened, checked)
    with right:
        _result(opened, checked, faults_shown=faults_shown)


def _opened() -> Open | None:
    wanted = st.query_params.get(_DRAFT)
    if not wanted:
        return None
    try:
        return open_schemes.opened(wanted)
    except NotFoundError as error:
        st.info(str(error), icon=":material/info:")
        st.query_params.clear()
        return None


def _choose() -> None:
    st.title("Scheme editor")
    st.write(
        "Write a coding scheme of your own, or go on with one that you began. Every change is kept at once."
    )
    new, drafts = st.columns([2, 3], gap="large")
    with new:
        st.subheader("New scheme")
        _new()
    with drafts:
        st.subheader("Drafts")
        found = list_drafts(context.app())
        if not found:
            st.caption("None yet.")
        for draft in found:
            _draft_row(draft)


def _new() -> None:
    entries = {each.name: each for each in library(context.app()).current()}
    if st.query_params.get("from") in entries and _FROM not in st.session_state:
        st.session_state[_FROM] = st.query_params["from"]
    with st.form("new-scheme", border=False):
        st.text_input(
            "Title", placeholder="For example: Warmth in the first session", max_chars=80, key=_TITLE
        )
        st.selectbox("Language of its texts", LANGUAGES, key=_LANGUAGE, accept_new_options=True)
        st.selectbox(
            "Begin with",
            ["", *entries],
            format_func=lambda name: (
                entries[name].scheme.title + f" ({name}), as a copy"
                if name
                else "An empty scheme with notes on what goes where"
            ),
            key=_FROM,
            filter_mode=None,
        )
        st.form_submit_button("Begin", type="primary", on_click=context.doing(_begin))


def _begin() -> None:
    state = st.session_state
    copied = next((each for each in library(context.app()).current() if each.name == state[_FROM]), None)
    text = begin(context.app(), state[_TITLE], str(state[_LANGUAGE] or "en"), copied)
    draft = start_draft(context.app(), " ".join(state[_TITLE].split()), text, copied.name if copied else "")
    state[_TITLE] = ""
    st.query_params.from_dict({_DRAFT: draft.id})


def _draft_row(draft: Draft) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"row-{draft.id}"):
        st.markdown(
            f"**{plain(draft.title)}**  \n:small[:gray[changed {draft.changed_at[:16].replace('T', ' ')} UTC]]",
            width="stretch",
        )
        st.button("Open", key=f"open-{draft.id}", on_click=_open, args=(draft.id,))
        with st.popover("", icon=":material/delete:", help="Throw this draft away"):
            st.write("The draft is gone then; versions that you saved stay.")
            st.button(
                "Throw it away", key=f"drop-{draft.id}", on_click=context.doing(_drop), args=(draft.id,)
            )


def _open(draft_id: str) -> None:
    st.query_params[_DRAFT] = draft_id


def _drop(draft_id: str) -> None:
    drop_draft(context.app(), draft_id)


def _leave() -> None:
    open_schemes.close()
    st.query_params.clear()


def _head(opened: Open, checked: Checked) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("All drafts", icon=":material/arrow_back:", type="tertiary", on_click=_leave)
        st.button(
            "Undo",
            icon=":material/undo:",
            type="tertiary",
            disabled=not opened.before,
            on_click=context.doing(_undo),
            help="Takes the last change back, made by a form or in the text",
        )
        st.download_button(
            "YAML", opened.draft.text, file_name="draft.yaml", mime="application/yaml",
            icon=":material/download:", type="tertiary", on_click="ignore",
        )  # fmt: skip
    st.title(plain(checked.scheme.title if checked.scheme else opened.draft.title))


def _edit(opened: Open, checked: Checked) -> bool:
    """The side where one writes; whether it shows what is still wrong."""
    data = readable(opened.draft.text)
    by_form, as_text = st.tabs(["Form", "Text"], key="scheme-side", on_change="rerun")
    if as_text.open:
        with as_text:
            scheme_text(
                opened.draft.text, opened.revision, checked.faults, key=_TEXT, on_typed=context.doing(_typed)
            )
        return True
    with by_form:
        if data is None:
            st.warning(
                "The text cannot be read now; correct it under **Text** first.", icon=":material/edit_off:"
            )
            _faults(checked)
            return True
        forms(opened.draft.text, data, opened.revision, _changed)
    return False


def _typed() -> None:
    opened = open_schemes.current()
    if opened and (text := typed(_TEXT, opened.revision)) is not None:
        open_schemes.keep(opened, text)


def _changed(text: str) -> None:
    """A form has changed the text: the field with the text shows the new one."""
    if opened := open_schemes.current():
        open_schemes.keep(opened, text)
        opened.revision += 1


def _undo() -> None:
    if opened := open_schemes.current():
        open_schemes.undo(opened)


def _result(opened: Open, checked: Checked, *, faults_shown: bool) -> None:
    if checked.scheme is None and not faults_shown:
        _faults(checked)
    elif checked.scheme is not None:
        st.success("No fault found.", icon=":material/check_circle:")
        saving(opened.draft.text, checked.scheme, _saved)
    st.markdown("**What observers will see**")
    with st.container(border=True):
        preview(readable(opened.draft.text) or {})


def _faults(checked: Checked) -> None:
    n = len(checked.faults)
    st.warning(
        f"{'One thing is' if n == 1 else f'{n} things are'} still to be done:", icon=":material/checklist:"
    )
    for line, sentence in checked.faults[:12]:
        say(f"Line {line}: {sentence}")
    if n > 12:
        st.caption(f"… and {n - 12} more.")


def _saved(scheme: Scheme) -> None:
    if opened := open_schemes.current():
        drop_draft(context.app(), opened.draft.id)
    open_schemes.close()
    st.query_params.from_dict({_SAVED: f"{scheme.id} {scheme.version}"})


def _after_saving(name: str) -> None:
    """What comes next once a version is kept."""
    entry = next((each for each in library(context.app()).entries if each.name == name), None)
    st.title(plain(entry.scheme.title) if entry else "Scheme editor")
    if entry is None:
        st.info("This version is no longer there.", icon=":material/info:")
    else:
        st.success(f"Saved as version {entry.scheme.version}.", icon=":material/check_circle:")
        where = {"scheme": entry.scheme.id, "version": entry.scheme.version}
        with st.container(horizontal=True):
            if st.button("Read and print it", type="primary", icon=":material/menu_book:"):
                st.switch_page("views/codebook.py", query_params=where)
            if st.button("Make a study with it", icon=":material/create_new_folder:"):
                st.switch_page("views/study.py", query_params={"scheme": entry.scheme.id})
    st.button("Scheme editor", type="tertiary", icon=":material/arrow_back:", on_click=_leave)


if __name__ == "__main__":
    show()
