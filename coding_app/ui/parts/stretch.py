"""Two fields for a stretch of a recording, written as times."""

import streamlit as st

from coding_app.domain.times import Span
from coding_app.errors import InputError
from coding_app.exchange.script_parts import clock_ms, seconds_ms


def fields(key: str) -> None:
    """Draws From and To side by side."""
    left, right = st.columns(2)
    left.text_input("From", key=f"{key}-from", placeholder="1:02.5")
    right.text_input("To", key=f"{key}-to", placeholder="1:04")


def is_empty(key: str) -> bool:
    """Whether nothing is written in one of them."""
    return not all(str(st.session_state.get(f"{key}-{end}") or "").strip() for end in ("from", "to"))


def written(key: str) -> Span:
    """The stretch. Raises InputError when it is none."""
    start_ms, end_ms = (_ms(str(st.session_state.get(f"{key}-{end}") or "")) for end in ("from", "to"))
    if start_ms is None or end_ms is None:
        raise InputError("Write both times as minutes and seconds, such as 1:02.5.")
    if end_ms <= start_ms:
        raise InputError("The stretch ends before it begins; write a later time under To.")
    return Span(start_ms, end_ms)


def _ms(text: str) -> int | None:
    found = clock_ms(text)
    return seconds_ms(text) if found is None else found
