"""Saving what was written as a new version of the scheme."""

from collections.abc import Callable

import streamlit as st

from coding_app.domain.scheme import Scheme
from coding_app.ui import context
from coding_app.ui.parts.scheme_cards import say
from coding_app.ui.parts.words import plain
from coding_app.workflows.codebook import differences
from coding_app.workflows.edit_scheme import BUMPS, Proposal, propose, save_version

Saved = Callable[[Scheme], None]
_NOTE, _VERSION, _MOVED, _NOWHERE = "scheme-note", "scheme-version", "scheme-moved", "none"


def saving(text: str, scheme: Scheme, saved: Saved) -> None:
    """The box that says what saving will do and does it."""
    proposal = propose(context.app(), scheme)
    before = proposal.before
    with st.container(border=True):
        st.markdown("**Save as a version**")
        if before is not None:
            if before.sha256 == scheme.sha256:
                st.caption(f"This is version {before.version} as it stands; there is nothing to save yet.")
                return
            _what_changed(before, scheme, proposal)
            _what_becomes(proposal)
        version = _version(proposal, scheme)
        st.text_input(
            "What is new in it",
            placeholder="First version" if before is None else "For example: a code for silence",
            max_chars=300,
            key=_NOTE,
        )
        st.button(
            f"Save as {version}",
            type="primary",
            icon=":material/save:",
            on_click=context.doing(_save),
            args=(text, version, before is None, tuple(each.id for each in proposal.gone), saved),
        )


def _version(proposal: Proposal, scheme: Scheme) -> str:
    if proposal.before is None:
        st.caption(f"{scheme.id} is new; this will be version {scheme.version}.")
        return scheme.version
    words = dict(zip(proposal.versions, reversed(list(BUMPS)[: len(proposal.versions)]), strict=True))
    key = f"{_VERSION}-{'-'.join(proposal.versions)}"
    chosen = st.radio(
        "Version",
        list(proposal.versions),
        captions=[BUMPS[words[each]] for each in proposal.versions],
        key=key,
    )
    return str(chosen or proposal.versions[0])


def _what_changed(before: Scheme, scheme: Scheme, proposal: Proposal) -> None:
    found = differences(before, scheme)
    if not found:
        st.caption(f"Nothing differs from version {before.version} yet.")
        return
    n = len(found)
    with st.expander(f"{n} {'difference' if n == 1 else 'differences'} from {before.version}"):
        for line in found[:60]:
            say(f"{line.kind} “{line.label}”: {line.change}", quiet=True)
    if proposal.studies:
        st.info(
            "New passes of these studies will use it from now on: "
            + plain(", ".join(proposal.studies))
            + ". "
            "Passes that are open or submitted keep their version.",
            icon=":material/info:",
        )


def _what_becomes(proposal: Proposal) -> None:
    """Asks, of all that is gone, where judgements made with it belong: a note for people, no judgement is rewritten."""
    for each in proposal.gone:
        names: dict[str, str] = {_NOWHERE: "no longer coded", **each.others}
        st.selectbox(
            f"What was coded as “{plain(each.label)}” is now",
            list(names),
            format_func=names.__getitem__,
            key=f"{_MOVED}-{each.id}",
            filter_mode=None,
            help="Kept as the version's migration note, for those who analyse the data; no judgement is changed.",
        )


def _save(text: str, version: str, is_first: bool, gone: tuple[str, ...], saved: Saved) -> None:
    state = st.session_state
    note = state.get(_NOTE, "") or ("First version." if is_first else "")
    chosen = {each: state.get(f"{_MOVED}-{each}", _NOWHERE) for each in gone}
    moved = {each: None if to == _NOWHERE else to for each, to in chosen.items()}
    saved(save_version(context.app(), text, version, note, moved))
    st.session_state[_NOTE] = ""
