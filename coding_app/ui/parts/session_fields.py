"""The fields that say which session a recording is of, and the hint that a label looks like a person's name."""

import streamlit as st

from coding_app.domain.name_hint import name_hint
from coding_app.domain.session_details import EARLIEST, LATEST, MAX_CASE_CODE, MAX_LABEL, MAX_NUMBER


def fields() -> dict[str, str]:
    """Draws the fields beside an upload; what was typed, as the upload route takes it, "" where nothing was."""
    label_at, case_at, number_at, day_at = st.columns([4, 2.4, 1.3, 1.8])
    label = label_at.text_input(
        "Session label (optional)",
        placeholder="Such as A07-S03; otherwise the file's name",
        max_chars=MAX_LABEL,
        help="Never a client's name. Several files with one label belong to one session.",
    )
    case_code = case_at.text_input(
        "Case code (optional)",
        placeholder="Such as A07",
        max_chars=MAX_CASE_CODE,
        help="Whose session it is, by a code. Case, number and day hold for every file that you add, and can be "
        "changed on the page Plan.",
    )
    number = number_at.number_input("Number in the case", 1, MAX_NUMBER, None)
    day = day_at.date_input("Day", None, EARLIEST, LATEST, format="YYYY-MM-DD")
    hint(label, case_code)
    return {
        "label": label.strip(),
        "case": case_code.strip(),
        "number": str(number or ""),
        "date": day.isoformat() if day else "",
    }


def hint(label: str, case_code: str | None) -> None:
    """Says so, in small letters, when one of them looks like a person's name."""
    if told := name_hint(label, case_code):
        st.markdown(told_small(told))


def told_small(told: str) -> str:
    """A hint at a name as Markdown, with the sign that marks it."""
    return f":small[:orange[:material/badge: {told}]]"
