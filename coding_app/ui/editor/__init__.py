"""The transcript editor: a Streamlit component that shares the workbench's modules and talks to routes of its own."""

from functools import cache
from typing import Any

import streamlit as st

# The modules lie beside the workbench's, in its folder of assets; see coding_app/ui/workbench/__init__.py.
_ASSETS = "v2"


@cache
def _component() -> Any:
    """Registered at first use: Streamlit knows the manifest of this package only while it runs."""
    return st.components.v2.component(
        "coding-app.editor",
        css=f"{_ASSETS}/workbench.css",
        js=f"{_ASSETS}/editor/index.js",
        isolate_styles=True,
    )


def editor(recording_id: str, token: str, language: str, *, key: str) -> Any:
    """Mounts the editor on a recording's transcript; with the same key it stays mounted while the page reruns.

    token: opens the editor's routes of this recording in one person's name. language: of the sentences, "en" or "de".
    The result has one trigger, `renew`: the token has run out, and running the page again is the answer.
    """
    data = {"recording_id": recording_id, "token": token, "api": "/api", "language": language}
    return _component()(data=data, key=key, on_renew_change=_nothing)


def _nothing() -> None:
    """A trigger makes the page run again, which is all that is wanted."""
