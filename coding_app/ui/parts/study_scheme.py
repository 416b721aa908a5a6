"""The coding scheme of a study: chosen when it is made, and changed until coding begins."""

import streamlit as st

from coding_app.domain.people import Action
from coding_app.domain.recording import Study
from coding_app.ui import context
from coding_app.ui.parts.words import plain
from coding_app.workflows.codebook import library
from coding_app.workflows.study import DEFAULT_SCHEME, change_scheme, may_change_scheme

_NEW, _CHANGED = "new-study-scheme", "changed-scheme"


def _titles() -> dict[str, str]:
    return {
        each.scheme.id: f"{each.scheme.title} ({each.scheme.version})"
        for each in library(context.app()).current()
    }


def choose() -> None:
    """The field of a new study's scheme; it begins with the one that the address asks for."""
    titles, key = _titles(), _key()
    if st.session_state.get(key) not in titles:
        wanted = st.query_params.get("scheme")
        st.session_state[key] = wanted if wanted in titles else DEFAULT_SCHEME
    st.selectbox("Coding scheme", list(titles), format_func=lambda each: titles[each], key=key)


def chosen() -> str:
    """What was chosen in it."""
    return str(st.session_state.get(_key()) or DEFAULT_SCHEME)


def _key() -> str:
    return f"{_NEW}-{st.query_params.get('scheme', '')}"


def change(study: Study) -> None:
    """Names the study's scheme, leads to its codebook, and lets it be changed while nobody codes."""
    titles = _titles()
    with st.popover(
        plain(titles.get(study.scheme_id, study.scheme_id)),
        icon=":material/menu_book:",
        help="The study's coding scheme",
    ):
        if st.button("Open the codebook", width="stretch"):
            st.switch_page("views/codebook.py", query_params={"scheme": study.scheme_id})
        if not context.allows(Action.MANAGE_STUDY):
            return
        if not may_change_scheme(context.app(), study.id):
            st.caption(
                "Coding has begun, so the scheme stays. A new version counts for passes opened after it."
            )
            return
        names = list(titles)
        index = names.index(study.scheme_id) if study.scheme_id in names else None
        st.selectbox(
            "Another scheme", names, index=index, format_func=lambda each: titles[each], key=_CHANGED
        )
        st.button("Use this scheme", type="primary", on_click=context.doing(_change), args=(study,))


def _change(study: Study) -> None:
    if wanted := st.session_state.get(_CHANGED):
        change_scheme(context.app(), study.id, wanted)
