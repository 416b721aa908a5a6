"""The coding workbench: one Streamlit component that keeps transcript, player and codes in step in the browser."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

# Assets are served without a hash and may be cached: raise the folder's number when a released file changes.
_ASSETS = "v2"


@cache
def _component() -> Any:
    """Registered at first use: Streamlit knows the manifest of this package only while it runs."""
    return st.components.v2.component(
        "coding-app.workbench", css=f"{_ASSETS}/workbench.css", js=f"{_ASSETS}/index.js", isolate_styles=True
    )


@cache
def _modules() -> list[str]:
    """The names of the modules: the browser asks for them at once, not one after the other as each names the next.

    Left out are those named "codebook_...", which are loaded when the codebook is opened, and the transcript editor.
    """
    folder = Path(__file__).with_name("frontend") / _ASSETS
    found = (
        path
        for path in folder.rglob("*.js")
        if not path.name.startswith("codebook_") and path.parent.name != "editor"
    )
    return sorted(path.relative_to(folder).as_posix() for path in found)


def workbench(pass_id: str, token: str, *, key: str) -> Any:
    """Mounts the workbench on one coding pass; with the same key it stays mounted while the page reruns.

    token: opens the routes of this pass; hand in a fresh one at each run of the page. The result has two triggers:
    `renew` (the token has run out; running the page again is the answer) and `submitted` (the pass is locked now).
    Coding itself causes no run of the page: the component talks to the routes under /api.
    """
    data = {"pass_id": pass_id, "token": token, "api": "/api", "modules": _modules()}
    return _component()(data=data, key=key, on_renew_change=_nothing, on_submitted_change=_nothing)


def _nothing() -> None:
    """A trigger makes the page run again, which is all that is wanted."""
