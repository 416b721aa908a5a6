"""Looking at every place of one name: which of them it is, what stands for it, and replacing it there."""

import streamlit as st

from coding_app.domain.names import Place, spoken
from coding_app.domain.times import Span, clock
from coding_app.domain.transcript import Transcript
from coding_app.ui import context
from coding_app.ui.parts.paging import on_page, pages
from coding_app.ui.parts.play import play_button, player
from coding_app.ui.parts.words import plain, plural
from coding_app.workflows import pseudonymise
from coding_app.workflows.overview import RecordingOverview
from coding_app.workflows.pseudonymise import Names, Replaced

AROUND = 60  # letters before and after a name
LISTEN_AROUND_MS = 1_000
WIDTHS = [0.35, 0.7, 5.2, 1.0]
_AT, _TICKED, _STANDS = "names-at", "names-ticked", "names-stands-for"


def open_on(recording_id: str, name: str, known: bool) -> None:
    """Opens the review of a name; known: of what stands for it in the case, the name itself being forgotten."""
    st.session_state[_AT] = (recording_id, name, known)
    st.session_state[_TICKED] = {}
    for key in (_STANDS, "names-places"):
        st.session_state.pop(key, None)


def is_on_one_name(recording_id: str) -> bool:
    """Whether the review of a name is open that is looked for itself, rather than known in the case."""
    at, _, known = st.session_state.get(_AT, ("", "", False))
    return bool(at == recording_id and not known)


def panel(each: RecordingOverview, view: Names, coder_id: str, done: str, left_out: str) -> bool:
    """Draws the review that is open; False when none is.

    done, left_out: where the page keeps what was done last, and what somebody said is no name.
    """
    recording_id, name, known = st.session_state.get(_AT, ("", "", False))
    if recording_id != each.recording.id:
        return False
    app = context.app()
    places = view.known.get(name, ()) if known else pseudonymise.places_of_name(app, recording_id, name)
    _head(recording_id, name, places if known else None, left_out)
    if not places:
        st.info(
            "It stands nowhere in this transcript, at least not spelled so.", icon=":material/search_off:"
        )
        return True
    replacement = name if known else _stands_for(view)
    _places(each, view.transcript, places)
    chosen = [place for place in places if _is_ticked(place, view.transcript.id)]
    st.button(
        f"Replace in {plural(len(chosen), 'place')}",
        type="primary",
        icon=":material/find_replace:",
        disabled=not chosen or not replacement,
        on_click=context.doing(_replace),
        args=(recording_id, coder_id, view.transcript.id, name, known, places, done),
    )
    return True


def in_context(transcript: Transcript, place: Place) -> str:
    """The place with the words around it, as Markdown."""
    text = transcript.the(place.key).text
    before, after = text[max(0, place.start - AROUND) : place.start], text[place.end : place.end + AROUND]
    left, right = "…" if place.start > AROUND else "", "…" if place.end + AROUND < len(text) else ""
    return f"{_gray(left + before)}**{plain(text[place.start : place.end])}**{_gray(after + right)}"


def _gray(text: str) -> str:
    """With the spaces at its ends outside, where Markdown keeps them."""
    inner = text.strip()
    if not inner:
        return text
    start = text.index(inner)
    return f"{text[:start]}:gray[{plain(inner)}]{text[start + len(inner) :]}"


def done_words(made: Replaced) -> str:
    """What was done, as a sentence."""
    silent = plural(made.n_silences, "stretch", "stretches")
    return f"Replaced in {plural(made.n, 'place')}; {silent} silent in clips."


def _head(recording_id: str, name: str, known: tuple[Place, ...] | None, left_out: str) -> None:
    """known: where what it stands for is, None: it is looked for itself."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("All names", icon=":material/arrow_back:", type="tertiary", on_click=_close)
        st.header(plain(name), anchor=False, width="content")
        if known:
            st.button(
                "Forget", icon=":material/close:", type="tertiary", on_click=context.doing(_forget),
                args=(recording_id, name, known),
                help="What stands in these places is not known in the case any more. Transcripts stay as they are.",
            )  # fmt: skip
        if known is None:
            st.button(
                "Not a name", icon=":material/close:", type="tertiary", on_click=_leave_out,
                args=(recording_id, name, left_out), help="It leaves the list until the page is loaded anew.",
            )  # fmt: skip


def _stands_for(view: Names) -> str:
    return str(
        st.selectbox(
            "What stands for it",
            [view.suggested, *view.replacements],
            key=_STANDS,
            accept_new_options=True,
            width=420,
            help="Choose one of the case again where several words name the same person, or type another.",
        )
        or ""
    )


def _places(each: RecordingOverview, transcript: Transcript, places: tuple[Place, ...]) -> None:
    if not all(place.exact for place in places):
        st.caption("Places that are spelled otherwise may be another word; tick those that are meant.")
    for place in on_page(places, "names-places"):
        key, segment = f"{place.key}-{place.start}", transcript.the(place.key)
        box = _box(place, transcript.id)
        with st.container(key=f"row-place-{key}"):
            tick, at, text, action = st.columns(WIDTHS, vertical_alignment="center")
            tick.checkbox(
                "Replace here", _is_ticked(place, transcript.id), key=box, label_visibility="collapsed",
                on_change=_tick, args=(place, box),
            )  # fmt: skip
            at.markdown(f":gray[{clock(segment.span.start_ms)}]")
            text.markdown(in_context(transcript, place))
            span = spoken(segment, place, each.recording.duration_ms)
            around = Span(max(0, span.start_ms - LISTEN_AROUND_MS), span.end_ms + LISTEN_AROUND_MS)
            with action:
                play_button("names", each.recording.id, around, each.session_label, key)
    pages(places, "names-places")
    player("names", "Press Play to hear whether the name is said there.")


def _box(place: Place, transcript_id: str) -> str:
    return f"tick-{transcript_id}-{place.key}-{place.start}"


def _is_ticked(place: Place, transcript_id: str) -> bool:
    """As its box shows it, or as it was when its box was there."""
    kept = st.session_state.get(_TICKED, {}).get((place.key, place.start), place.exact)
    return bool(st.session_state.get(_box(place, transcript_id), kept))


def _tick(place: Place, key: str) -> None:
    st.session_state.setdefault(_TICKED, {})[place.key, place.start] = bool(st.session_state[key])


def _close() -> None:
    st.session_state.pop(_AT, None)


def _leave_out(recording_id: str, name: str, left_out: str) -> None:
    st.session_state.setdefault(left_out, set()).add((recording_id, name))
    _close()


def _forget(recording_id: str, replacement: str, places: tuple[Place, ...]) -> None:
    pseudonymise.forget_known(context.app(), recording_id, replacement, places)
    _close()


def _replace(
    recording_id: str,
    coder_id: str,
    transcript_id: str,
    name: str,
    known: bool,
    places: tuple[Place, ...],
    done: str,
) -> None:
    """Takes what is chosen at the click: the page may not have been drawn since it was."""
    app, chosen = context.app(), [place for place in places if _is_ticked(place, transcript_id)]
    if known:
        made = pseudonymise.replace_known(app, recording_id, coder_id, transcript_id, {name: chosen})
    else:
        replacement = str(st.session_state.get(_STANDS) or "")
        made = pseudonymise.replace_name(
            app, recording_id, coder_id, transcript_id, name, chosen, replacement
        )
    st.session_state[done] = (recording_id, made)
    st.toast(done_words(made), icon=":material/check:")
    _close()
