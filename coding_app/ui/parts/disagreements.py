"""The list of moments that observers judged differently: filter, hear, open in the workbench."""

import streamlit as st

from coding_app.domain.people import Coder
from coding_app.domain.times import Span
from coding_app.ui import context
from coding_app.ui.parts.downloads import csv_text, save_csv
from coding_app.ui.parts.paging import on_page, pages
from coding_app.ui.parts.play import play_button, player
from coding_app.ui.parts.words import ROLE_WORDS, moment, plain, plural
from coding_app.workflows.disagreements import Disagreement

PAGE = "differ-page"
HEADS = ["recording", "start_ms", "end_ms", "criterion", "speaker", "text"]
LONGEST_CLIP_MS = 60_000
WIDTHS = [1.5, 4.6, 1.5, 3.4, 1.1, 1.2]


@st.fragment
def listed(found: tuple[Disagreement, ...], coder: Coder | None, masked: bool = False) -> None:
    """Draws the list; only it runs again when a filter or a player is used. masked: the names are letters."""
    with context.errors_shown():
        if not found:
            st.info("No disagreement on these recordings.", icon=":material/check_circle:")
            return
        st.caption(f"{plural(len(found), 'moment')} that observers judged differently.")
        chosen = _filtered(found)
        player("differ", "Press Play in a row to hear that moment.")
        for number, each in enumerate(on_page(chosen, PAGE)):
            with st.container(key=f"row-differ-{number}"):
                _row(each, coder, masked)
        pages(chosen, PAGE)
        names = sorted({name for each in found for name in each.choices})
        save_csv(csv_text(HEADS + names, (_fields(each, names) for each in chosen)), "disagreements.csv")


def _fields(each: Disagreement, names: list[str]) -> list[object]:
    where = [each.label, each.start_ms, each.end_ms, each.criterion, each.speaker_role or "", each.text]
    return where + [each.choices.get(name) for name in names]


def _filtered(found: tuple[Disagreement, ...]) -> list[Disagreement]:
    found = tuple(sorted(found, key=_is_rating))  # moments first, then ratings of whole stretches
    criteria = list(dict.fromkeys(each.criterion for each in found))
    labels = list(dict.fromkeys(each.label for each in found))
    left, right = st.columns([4, 1.4])
    about = left.pills(
        "About", criteria, selection_mode="multi", format_func=plain, key="differ-about", wrap=True
    )
    where = right.multiselect("Session", labels, placeholder="All sessions", key="differ-where")
    return [
        each
        for each in found
        if (not about or each.criterion in about) and (not where or each.label in where)
    ]


def _is_rating(each: Disagreement) -> bool:
    return each.is_rating


def _row(each: Disagreement, coder: Coder | None, masked: bool) -> None:
    when, text, criterion, choices, play, open_there = st.columns(WIDTHS, vertical_alignment="center")
    when.markdown(f"**{plain(each.label)}**  \n:small[{moment(each.start_ms, each.end_ms)}]")
    who = ROLE_WORDS.get(each.speaker_role or "", "")
    text.markdown(
        f":small[:gray[{who}]]  \n{plain(each.text)}"
        if not each.is_rating
        else ":gray[Rating of the whole session or block]"
    )
    criterion.markdown(plain(each.criterion))
    choices.markdown(
        "  \n".join(f":gray[{plain(name)}:] {plain(choice)}" for name, choice in each.choices.items())
    )
    # Of drawn moments every pair of observers has a row of its own.
    key = f"{each.recording_id}-{each.unit_key}-{each.criterion}-{'-'.join(each.choices)}"
    span = Span(each.start_ms, each.end_ms)
    if span.duration_ms <= LONGEST_CLIP_MS:
        with play:
            play_button("differ", each.recording_id, span, each.label, key)
    if coder and open_there.button(
        "Open",
        key=f"open-{key}",
        icon=":material/open_in_full:",
        type="tertiary",
        help="In the workbench, beside what each observer chose",
    ):
        there = {"recording": each.recording_id, "at": str(each.start_ms), "compare": "1"}
        st.switch_page("views/code.py", query_params=there | ({"masked": "1"} if masked else {}))
