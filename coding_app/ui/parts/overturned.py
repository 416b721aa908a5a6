"""What became of an observer's own judgements once their differences were settled."""

import streamlit as st

from coding_app.domain.consensus import Overturned
from coding_app.ui import context
from coding_app.ui.parts.judgement_words import judgement_words, where_in
from coding_app.ui.parts.paging import on_page, pages
from coding_app.ui.parts.play import play_button, player
from coding_app.ui.parts.words import moment, plain, plural
from coding_app.workflows.overturned import SettledRecording, overturned

LONGEST_CLIP_MS = 60_000
PAGE = "overturned-page"


def listed(study_id: str, coder_id: str) -> None:
    """Draws every ruling that says something else than this observer did, and why."""
    found = overturned(context.app(), study_id, coder_id)
    if not found:
        st.info(
            "Nothing that you coded has been settled yet. When it is, you see here which of your judgements were "
            "overturned, and why.",
            icon=":material/hourglass_empty:",
        )
        return
    for each in found:
        n = len(each.overturned)
        st.caption(
            f"**{plain(each.label)}**, settled on {each.finished_at:%-d %B %Y}: "
            f"{n} of {plural(each.n_rulings, 'ruling')} "
            f"{'says' if n == 1 else 'say'} something else than you did."
        )
    rows = [(recording, one) for recording in found for one in recording.overturned]
    if not rows:
        st.info("None of your judgements was overturned.", icon=":material/check_circle:")
        return
    player("overturned", "Press Play in a row to hear that moment.")
    for number, (recording, one) in enumerate(on_page(rows, PAGE)):
        with st.container(key=f"row-overturned-{number}"):
            _row(recording, one)
    pages(rows, PAGE)


def _row(recording: SettledRecording, one: Overturned) -> None:
    scheme, ruling = recording.scheme, one.ruling
    names = {each.id: each.label for each in scheme.criteria}
    names |= {each.id: each.label for each in scheme.ratings}
    where = where_in(recording.transcript, one.said, ruling)
    when, what, why, play = st.columns([2, 4, 4, 1.3], vertical_alignment="center")
    span = ruling.unit.span
    when.markdown(
        f"**{plain(recording.label)}**  \n:small[{moment(span.start_ms, span.end_ms)}]  \n"
        f":small[:gray[{plain(names[ruling.criterion])}]]"
    )
    you = judgement_words(scheme, ruling.criterion, one.said, where)
    holds = judgement_words(scheme, ruling.criterion, ruling, where)
    what.markdown(f":gray[You:] {plain(you)}  \n:gray[Ruled:] **{plain(holds)}**")
    why.markdown(plain(ruling.note or ""))
    if span.duration_ms <= LONGEST_CLIP_MS:
        with play:
            key = f"{recording.recording_id}-{ruling.unit.key}-{ruling.criterion}"
            play_button("overturned", recording.recording_id, span, recording.label, key)
