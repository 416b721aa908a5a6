"""The Audit page: who did what in the study, for its lead."""

import streamlit as st

from coding_app.domain.times import clock
from coding_app.ui import context
from coding_app.ui.parts.downloads import save_csv
from coding_app.ui.parts.empty import no_study
from coding_app.workflows.audit import Line, trail, trail_csv

AT_ONCE = 100
_BEFORE = "audit-before"


def show() -> None:
    """Draws the page."""
    st.title("Audit")
    study = context.study()
    if study is None:
        no_study()
        return
    st.write(
        "Who did what in this study. Entries are only ever added, each chained to the one before; on the server "
        "`coding-app audit verify` proves that none was changed. No word of a session and no code is in here."
    )
    before = st.session_state.get(_BEFORE)
    lines = trail(context.app(), study.id, before=before, n=AT_ONCE)
    if not lines:
        st.info("Nothing has been written down about this study yet.", icon=":material/history:")
    else:
        st.dataframe([_row(each) for each in lines], hide_index=True, height="content")
    with st.container(horizontal=True):
        if before is not None:
            st.button("Newest", icon=":material/first_page:", on_click=context.doing(_go), args=(None,))
        if len(lines) == AT_ONCE:
            earlier = lines[-1].entry.seq
            st.button("Earlier", icon=":material/history:", on_click=context.doing(_go), args=(earlier,))
        app, study_id = context.app(), study.id
        save_csv(lambda: trail_csv(app, study_id), "audit.csv", "Save all as CSV")


def _go(before: int | None) -> None:
    st.session_state[_BEFORE] = before


def _row(line: Line) -> dict[str, object]:
    entry = line.entry
    return {
        "No.": entry.seq,
        "When (UTC)": entry.at.strftime("%Y-%m-%d %H:%M:%S"),
        "Who": entry.who,
        "Did": str(entry.act),
        "Recording": line.about,
        "How": _details(line),
    }


def _details(line: Line) -> str:
    told = dict(line.entry.details)
    start, end = told.pop("start_ms", None), told.pop("end_ms", None)
    parts = [f"{clock(int(start))}-{clock(int(end))}"] if start is not None and end is not None else []
    return ", ".join(
        parts + [f"{value}" if name == "what" else f"{name} {value}" for name, value in told.items()]
    )


if __name__ == "__main__":
    show()
