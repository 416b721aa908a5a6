"""Who is who: typical lines of each speaker to hear, their role by one click, and the transcript itself."""

from collections.abc import Iterable

import streamlit as st

from coding_app.domain.times import clock
from coding_app.domain.transcript import SPEAKER_ROLES, Segment, Transcript
from coding_app.ui import context
from coding_app.ui.parts.play import play_button, player
from coding_app.ui.parts.transcription_choices import LANGUAGES
from coding_app.ui.parts.words import ROLE_WORDS, plain, plural
from coding_app.workflows import speakers
from coding_app.workflows.speakers import SpeakerSample

ROLES = ("therapist", "client", "other")
MORE_ROLES = SPEAKER_ROLES  # a couple, a family, a second therapist
TRANSCRIPT_HEIGHT_PX = 620


def panel(transcript: Transcript) -> None:
    """The speakers of a transcript; fixed once somebody has begun to code it."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("**Who speaks**")
        roles = set(transcript.speakers.values())
        if not transcript.is_coded and {"therapist", "client"} <= roles:
            st.button(
                "Swap therapist and client",
                icon=":material/swap_vert:",
                type="tertiary",
                on_click=context.doing(_swap),
                args=(transcript,),
            )
    if transcript.is_coded:
        st.caption("Fixed: somebody has begun to code this transcript.")
    elif not all(transcript.speakers.values()):
        st.caption("Listen to a line of each voice, then say who it is.")
    player("speakers", "Press Play to hear a line.")
    for sample in speakers.samples(transcript):
        with st.container(border=True, key=f"speaker-{sample.label}"):
            _speaker(transcript, sample)


def _speaker(transcript: Transcript, sample: SpeakerSample) -> None:
    st.markdown(
        f"**{ROLE_WORDS.get(sample.role or '', 'Not known yet')}** "
        f":small[:gray[voice {plain(sample.label)} · {sample.talk_share:.0%} of the talk · "
        f"{plural(sample.n_segments, 'segment')}]]"
    )
    if not transcript.is_coded:
        key = f"role-{transcript.id}-{sample.label}-{sample.role}"
        given = st.segmented_control(
            f"Role of voice {sample.label}",
            ROLES if len(transcript.speakers) <= 2 and sample.role in (None, *ROLES) else MORE_ROLES,
            default=sample.role,
            format_func=ROLE_WORDS.__getitem__,
            key=key,
            label_visibility="collapsed",
            on_change=context.doing(_give_role),
            args=(transcript.id, sample.label, key),
        )
        if given != sample.role:  # a click made while the page was being drawn has not met its callback
            speakers.assign(context.app(), transcript.id, sample.label, given)
            st.rerun()
    for line in sample.lines:
        words, play = st.columns([5, 1.3], vertical_alignment="center")
        words.markdown(f":small[:gray[{clock(line.span.start_ms)}]] {plain(_short(line.text))}")
        with play:
            role = ROLE_WORDS.get(sample.role or "", f"Voice {sample.label}")
            play_button("speakers", transcript.recording_id, line.span, role, line.key)


def _swap(transcript: Transcript) -> None:
    speakers.assign_all(context.app(), transcript.id, speakers.swapped(transcript.speakers))


def _give_role(transcript_id: str, label: str, key: str) -> None:
    speakers.assign(context.app(), transcript_id, label, st.session_state[key])


def _short(text: str, longest: int = 140) -> str:
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0] + "…"


def lines(transcript: Transcript) -> None:
    """The whole transcript to read, in a box of its own."""
    source = (
        "written by hand"
        if transcript.by_hand
        else f"imported from {(transcript.provenance or {}).get('format', transcript.model)}"
        if transcript.source == "import"
        else f"{transcript.engine}, model {transcript.model}"
    )
    edited = ", corrected by hand" if transcript.source == "edit" else ""
    language = f" · {LANGUAGES.get(transcript.language, transcript.language)}" if transcript.language else ""
    st.caption(
        f"Revision {transcript.revision} · {plural(len(transcript.segments), 'segment')} · {plain(source)}{edited}"
        f"{language}"
    )
    with st.container(height=TRANSCRIPT_HEIGHT_PX, border=True):
        st.html(
            read_with_keys(STYLE, "Transcript", (_line(transcript, each) for each in transcript.segments))
        )


def read_with_keys(style: str, name: str, lines: Iterable[str]) -> str:
    """Lines in a box that scrolls: one stop of the Tab key, so that it scrolls by keys, too."""
    return f'{style}<div tabindex="0" role="group" aria-label="{name}">{"".join(lines)}</div>'


def _line(transcript: Transcript, segment: Segment) -> str:
    from html import escape

    role = transcript.role_of(segment)
    who = ROLE_WORDS.get(role or "", f"Voice {segment.speaker}" if segment.speaker else "")
    return (
        f'<div class="line {(role or "").split("_")[0]}"><span class="at">{clock(segment.span.start_ms)}</span>'
        f'<span class="who">{escape(who)}</span><span>{escape(segment.text)}</span></div>'
    )


STYLE = """<style>
.line {
  display: grid; grid-template-columns: 3.2rem 5.2rem 1fr; gap: .25rem .75rem; padding: .22rem 0; font-size: .95rem;
}
.line .at { opacity: .72; font-variant-numeric: tabular-nums; font-size: .87rem; text-align: right; }
.line .who { font-size: .87rem; opacity: .78; }
.line.therapist .who { font-weight: 600; opacity: 1; }
</style>"""
