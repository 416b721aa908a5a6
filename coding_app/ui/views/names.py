"""The Names page: names in a transcript are found, looked at place by place, replaced, and silent in clips."""

import streamlit as st

from coding_app.domain.name_offers import Name
from coding_app.domain.names import Place
from coding_app.domain.people import Action
from coding_app.domain.recording import Study
from coding_app.ui import context
from coding_app.ui.parts import earlier_words, name_review, silences
from coding_app.ui.parts.choose_recording import choose
from coding_app.ui.parts.empty import no_study, nobody_corrects
from coding_app.ui.parts.name_review import in_context
from coding_app.ui.parts.paging import on_page, pages
from coding_app.ui.parts.words import plain, plural
from coding_app.workflows import overview
from coding_app.workflows.edit_transcript import EditStep, apply_steps
from coding_app.workflows.overview import RecordingOverview
from coding_app.workflows.pseudonymise import Names, look_for_names, places_of_name, replace_known

LIKELY, OTHERS = "Likely names", "Other words with a capital"
WIDTHS = [1.5, 1.0, 4.2, 1.1]
_LOOK, _DONE, _NOT_NAMES = "names-look", "names-done", "names-not"


def show() -> None:
    """Draws the page."""
    st.title("Names")
    study, coder = context.study(), context.coder()
    if study is None:
        no_study()
    elif not context.allows(Action.TRANSCRIBE):
        st.info(
            "Who leads or trains prepares the transcripts of the study that is open here.",
            icon=":material/group:",
        )
    elif coder is None:
        nobody_corrects(study)
    else:
        _page(study, coder.id)


def _page(study: Study, coder_id: str) -> None:
    found = {
        each.recording.id: each
        for each in overview.study_overview(context.app(), study.id, coder_id)
        if each.transcript is not None
    }
    if not found:
        st.info(
            "There is no transcript in which names could be replaced yet.", icon=":material/hourglass_empty:"
        )
        if st.button("Add recordings", type="primary", icon=":material/upload:"):
            st.switch_page("views/recordings.py")
        return
    st.write(
        "Replace the names of people and places before anyone codes. What stands for a name is used again in every "
        "later session of the case; of the name itself only a keyed hash is kept. Where it is said, clips are silent."
    )
    each = found[choose(found, "names")]
    view = look_for_names(
        context.app(), each.recording.id, listed=not name_review.is_on_one_name(each.recording.id)
    )
    _said(each, coder_id)
    if view.coded:
        st.warning(
            "Somebody has begun to code this recording: that coding keeps the words that it stands on. What you "
            "replace goes into a new revision.",
            icon=":material/warning:",
        )
    left, right = st.container(key="names-page").columns([9, 5], gap="large")
    with left:
        if not name_review.panel(each, view, coder_id, _DONE, _NOT_NAMES):
            _known(each, view, coder_id)
            _found(each, view)
    with right:
        silences.panel(each, view.silences)
        earlier_words.panel(each, view)


def _said(each: RecordingOverview, coder_id: str) -> None:
    """What was done last, and taking it back."""
    recording_id, done = st.session_state.get(_DONE, ("", None))
    if recording_id != each.recording.id or done is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(name_review.done_words(done), icon=":material/check:")
        st.button(
            "Undo", icon=":material/undo:", type="tertiary", on_click=context.doing(_undo),
            args=(each.recording.id, coder_id, done.edit_id),
            help="Puts the words back. The stretches stay silent until you let them be heard.",
        )  # fmt: skip


def _undo(recording_id: str, coder_id: str, edit_id: str) -> None:
    view = look_for_names(context.app(), recording_id, listed=False)
    apply_steps(
        context.app(),
        recording_id,
        coder_id,
        view.transcript.id,
        [EditStep(f"undo-{edit_id}", "undo", of=edit_id)],
    )
    st.session_state.pop(_DONE, None)


def _known(each: RecordingOverview, view: Names, coder_id: str) -> None:
    if not view.known:
        return
    st.header("Known in this case", anchor=False)
    for replacement, places in view.known.items():
        _row(each, view, replacement, places, f"known-{replacement}", known=True)
    exact = {one: [place for place in places if place.exact] for one, places in view.known.items()}
    if sum(map(bool, exact.values())) > 1:
        st.button(
            f"Replace all of these in {plural(sum(map(len, exact.values())), 'place')}",
            icon=":material/find_replace:",
            on_click=context.doing(_replace_all),
            args=(each.recording.id, coder_id, view.transcript.id, exact),
            help="Where they are spelled as names. Review the others one by one.",
        )


def _replace_all(recording_id: str, coder_id: str, transcript_id: str, known: dict[str, list[Place]]) -> None:
    made = replace_known(context.app(), recording_id, coder_id, transcript_id, known)
    st.session_state[_DONE] = (recording_id, made)
    st.toast(name_review.done_words(made), icon=":material/check:")


def _found(each: RecordingOverview, view: Names) -> None:
    left_out = st.session_state.get(_NOT_NAMES, set())
    names = [name for name in view.found if (each.recording.id, name.text) not in left_out]
    groups = {
        LIKELY: [name for name in names if name.likely],
        OTHERS: [name for name in names if not name.likely],
    }
    chosen = st.segmented_control(
        "Words", list(groups), default=LIKELY, format_func=lambda one: f"{one} ({len(groups[one])})",
        label_visibility="collapsed", key="names-group", required=True,
    )  # fmt: skip
    _list(each, view, groups[chosen or LIKELY], chosen or LIKELY)
    with st.form("names-other", border=False, clear_on_submit=True):
        field, button = st.columns([4, 1], vertical_alignment="bottom")
        field.text_input("A name or place that is not in the list", key=_LOOK)
        button.form_submit_button(
            "Look for it", icon=":material/search:", width="stretch", on_click=context.doing(_look),
            args=(each.recording.id,),
        )  # fmt: skip


def _list(each: RecordingOverview, view: Names, names: list[Name], group: str) -> None:
    if not names:
        st.caption(
            "No word stands there as names do. Look through the other words, and listen for what was misheard."
            if group == LIKELY
            else "There are no other words with a capital."
        )
        return
    key = f"names-page-{group}"
    for name in on_page(names, key):
        _row(each, view, name.text, name.places, f"found-{name.text}")
    pages(names, key)


def _row(
    each: RecordingOverview,
    view: Names,
    text: str,
    places: tuple[Place, ...],
    key: str,
    *,
    known: bool = False,
) -> None:
    with st.container(key=f"row-{key}"):
        name, n, where, action = st.columns(WIDTHS, vertical_alignment="center")
        name.markdown(f"**{plain(text)}**")
        n.markdown(f":gray[{plural(len(places), 'place')}]")
        where.markdown(in_context(view.transcript, places[0]))
        action.button(
            "Review", key=f"review-{key}", width="stretch", on_click=name_review.open_on,
            args=(each.recording.id, text, known),
        )  # fmt: skip


def _look(recording_id: str) -> None:
    name = str(st.session_state[_LOOK]).strip()
    places_of_name(context.app(), recording_id, name)  # refuses what is none
    name_review.open_on(recording_id, name, known=False)


if __name__ == "__main__":
    show()
