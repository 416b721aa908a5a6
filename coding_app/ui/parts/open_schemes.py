"""The draft of a scheme that is open in this browser: its text as it is now, and what it was before."""

from dataclasses import dataclass, field, replace

import streamlit as st

from coding_app.ui import context
from coding_app.workflows.edit_scheme import readable
from coding_app.workflows.scheme_drafts import Draft, open_draft, save_draft

_OPEN = "scheme-open"
MAX_UNDO = 100


@dataclass
class Open:
    """revision: how often the text was changed by something else than typing. before: its earlier texts, for undo."""

    draft: Draft
    revision: int = 0
    before: list[str] = field(default_factory=list)


def current() -> Open | None:
    """The one that is open, or None."""
    return st.session_state.get(_OPEN)


def opened(draft_id: str) -> Open:
    """The draft with this id, opened now unless it is open already. Raises NotFoundError."""
    known = current()
    if known is None or known.draft.id != draft_id:
        known = st.session_state[_OPEN] = Open(open_draft(context.app(), draft_id))
    return known


def close() -> None:
    """Nothing is open any more; what was kept stays."""
    st.session_state.pop(_OPEN, None)


def keep(wanted: Open, text: str) -> None:
    """Puts the text in place of the one before and keeps it on the server. Raises StoreError."""
    if text == wanted.draft.text:
        return
    data = readable(text) or {}
    title = str(data.get("title") or wanted.draft.title)[:80]
    draft = save_draft(context.app(), replace(wanted.draft, text=text, title=title))
    wanted.before = [*wanted.before[-MAX_UNDO:], wanted.draft.text]
    wanted.draft = draft


def undo(wanted: Open) -> None:
    """Puts the text back as it was before its last change. Raises StoreError."""
    if wanted.before:
        wanted.draft = save_draft(context.app(), replace(wanted.draft, text=wanted.before[-1]))
        wanted.before = wanted.before[:-1]
        wanted.revision += 1
