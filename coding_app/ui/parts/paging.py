"""Long lists a page at a time: a page of buttons for hundreds of rows takes seconds to draw."""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

Item = TypeVar("Item")
AT_ONCE = 20


def on_page(items: Sequence[Item], key: str, at_once: int = AT_ONCE) -> Sequence[Item]:
    """The items of the page that is open; the last page when the list has become shorter."""
    page = min(st.session_state.get(key) or 1, _n_pages(items, at_once))
    return items[(page - 1) * at_once : page * at_once]


def pages(items: Sequence[object], key: str, at_once: int = AT_ONCE) -> None:
    """The chooser of pages under the list, if there is more than one."""
    n_pages = _n_pages(items, at_once)
    if n_pages > 1:
        if (st.session_state.get(key) or 1) > n_pages:
            st.session_state[key] = n_pages
        st.pagination(n_pages, key=key)


def _n_pages(items: Sequence[object], at_once: int) -> int:
    return max(1, -(-len(items) // at_once))
