"""The transcript around a moment."""

import streamlit as st

from coding_app.domain.times import Span, clock
from coding_app.domain.transcript import Transcript
from coding_app.ui.parts.words import ROLE_WORDS, plain

BEFORE = AFTER = 2
MOST = 12


def said_around(transcript: Transcript, span: Span) -> None:
    """Draws the segments that the moment touches in full strength, a few before and after it faintly."""
    end_ms = max(span.end_ms, span.start_ms + 1)
    here = [
        at
        for at, each in enumerate(transcript.segments)
        if each.span.start_ms < end_ms and each.span.end_ms > span.start_ms
    ]
    if not here:
        st.caption("Nothing is said here.")
        return
    first, last = here[0], min(here[-1], here[0] + MOST - 1)
    shown = enumerate(transcript.segments[max(0, first - BEFORE) : last + AFTER + 1], max(0, first - BEFORE))
    lines = []
    for at, each in shown:
        who = ROLE_WORDS.get(transcript.role_of(each) or "", "")
        words = f"{clock(each.span.start_ms)} {who}".strip()
        text = plain(each.text.strip()) or "…"
        lines.append(
            f":small[:gray[{words}]] **{text}**"
            if first <= at <= last
            else f":small[:gray[{words}]] :gray[{text}]"
        )
    st.markdown("  \n".join(lines))
    if here[-1] > last:
        st.caption("The stretch goes on; hear it, or open it in the workbench.")
