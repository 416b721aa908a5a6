"""Saving a table that is on the page as CSV."""

import csv
from collections.abc import Callable, Iterable, Sequence
from io import StringIO

import streamlit as st


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV; an empty place for None.

    >>> csv_text(["a", "b"], [[1, None]])
    'a,b\\n1,\\n'
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue()


def save_csv(
    data: str | Callable[[], str], file_name: str, label: str = "Save as CSV", kind: str = "tertiary"
) -> None:
    """A button that saves the table; a function is called when it is pressed."""
    st.download_button(
        label,
        data,
        file_name=file_name,
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        type=kind,  # type: ignore[arg-type]
        key=f"save-{file_name}",
    )
