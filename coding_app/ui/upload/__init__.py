"""Uploading recordings: drag and drop, several at once, streamed by the browser straight to our own route.

Streamlit's own uploader keeps whole files in memory; this component sends each file with a token in the header,
shows its progress, and goes on sending when the page is left for another one.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

# Assets are served without a hash and may be cached: raise the number when a released file changes.
_ASSETS = "v1"

_component = st.components.v2.component(
    "coding-app.upload",
    html='<div class="upload"></div>',
    css=f"{_ASSETS}/upload.css",
    js=f"{_ASSETS}/upload.js",
    isolate_styles=True,
)


def upload(
    study_id: str, token: str, parameters: Mapping[str, str], *, max_mb: int, blocked: str | None, key: str
) -> Any:
    """Draws the uploader of a study and runs the page again whenever a file has arrived or failed.

    token: for the upload route; a new one is asked for when it has run out, and the file is sent again.
    parameters: go with each file as they are when it is dropped: how to transcribe it, and its session; empty
    ones are left out, and without an engine nothing is transcribed. blocked: why no file can be taken now, None = it
    can. Returns the component's result; `finished` holds the id of a recording that has just arrived.
    """
    data = {
        "study_id": study_id,
        "url": f"/api/studies/{study_id}/recordings",
        "token": token,
        "parameters": {name: value for name, value in parameters.items() if value},
        "max_mb": max_mb,
        "blocked": blocked,
    }
    return _component(data=data, key=key, on_finished_change=_nothing, on_renew_change=_nothing)


def _nothing() -> None:
    """The page runs again by itself; there is nothing to do before."""
