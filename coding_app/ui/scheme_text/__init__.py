"""The text of a scheme to write in: with line numbers and marks where faults are, checked while one types."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import streamlit as st

# Assets are served without a hash and may be cached: raise the number when a released file changes.
_ASSETS = "v1"


@cache
def _component() -> Any:
    """Registered at first use: Streamlit knows the manifest of this package only while it runs."""
    return st.components.v2.component(
        "coding-app.scheme_text",
        html='<div class="scheme-text"></div>',
        css=f"{_ASSETS}/scheme_text.css",
        js=f"{_ASSETS}/scheme_text.js",
        isolate_styles=True,
    )


def scheme_text(
    text: str, revision: int, faults: Sequence[tuple[int, str]], *, key: str, on_typed: Callable[[], None]
) -> None:
    """Draws the field. What is typed comes as st.session_state[key]["typed"] = {"text", "revision"}, before on_typed.

    revision: raise it whenever the text was changed by something else than this field; what is typed on an older one
    is no longer wanted. faults: (line, sentence).
    """
    data = {"text": text, "revision": revision, "faults": [list(each) for each in faults]}
    _component()(data=data, key=key, on_typed_change=on_typed)


def typed(key: str, revision: int) -> str | None:
    """What was typed on this revision, or None."""
    state = st.session_state.get(key)
    found = state.get("typed") if state is not None else None
    if (
        not isinstance(found, dict)
        or found.get("revision") != revision
        or not isinstance(found.get("text"), str)
    ):
        return None
    return str(found["text"])
