"""Transcriptions under way: how far, how long still, pause, cancel, try again; refreshed while any is running."""

from collections.abc import Callable
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from coding_app.domain.times import clock
from coding_app.domain.transcript import Segment
from coding_app.domain.transcription import Transcription
from coding_app.ui import context
from coding_app.ui.parts import channel_offer
from coding_app.ui.parts.speakers import read_with_keys
from coding_app.ui.parts.words import how_long, plain
from coding_app.workflows import overview
from coding_app.workflows.growing_transcript import growing_transcript
from coding_app.workflows.overview import RecordingOverview
from coding_app.workflows.transcribe import cancel, pause, resume, retry

REFRESH_S = 2


def under_way(study_id: str) -> None:
    """Draws running, waiting, failed and cancelled transcriptions of the study, if there are any."""
    offered = channel_offer.show(study_id)
    active = _active(overview.study_overview(context.app(), study_id, None))
    st.fragment(_lines, run_every=REFRESH_S if active else None)(study_id, active, offered)


def _active(found: tuple[RecordingOverview, ...]) -> frozenset[str]:
    return frozenset(each.recording.id for each in found if each.is_transcribing)


def _lines(study_id: str, active_before: frozenset[str], offered_before: frozenset[str]) -> None:
    with context.errors_shown():
        context.show_refused()
        found = overview.study_overview(context.app(), study_id, None)
        if active_before - _active(found):
            st.rerun()  # one has ended: the whole page shows its transcript
        if offered_before != {each.recording_id for each in channel_offer.open_offers(study_id)}:
            st.rerun()  # one was measured meanwhile
        for each in found:
            run = each.transcription
            if run and _is_told(each, run):
                with st.container(border=True, key=f"run-{run.id}"):
                    _line(each, run)


def _is_told(each: RecordingOverview, run: Transcription) -> bool:
    """Whether the newest run has a line: under way, without a transcript, or failed while it may be made again."""
    if each.transcript is None:
        return run.state != "done"
    return each.is_transcribing or (run.state in ("failed", "paused") and not each.transcript.is_coded)


def _line(each: RecordingOverview, run: Transcription) -> None:
    name, state, other, action = st.columns([3, 4.4, 1.4, 1.4], vertical_alignment="center")
    name.markdown(f"**{plain(each.session_label)}**  \n:small[{plain(run.engine)} · {plain(run.model)}]")
    if run.state in ("queued", "running", "paused"):
        state.progress(run.progress, text=_words(run))
        if run.state == "paused":
            _button(other, "Go on", "play_arrow", _resume, run)
        else:
            _button(other, "Pause", "pause", _pause, run)
        _button(action, "Cancel", "close", _cancel, run)
        return
    state.markdown(
        f":red[{plain(run.message or 'The transcription failed.')}]"
        if run.state == "failed"
        else "Cancelled."
    )
    _button(action, "Try again", "refresh", _retry, run)


def _button(
    at: DeltaGenerator, words: str, icon: str, act: Callable[[str], None], run: Transcription
) -> None:
    at.button(
        words,
        key=f"{words.lower().replace(' ', '-')}-{run.id}",
        icon=f":material/{icon}:",
        width="stretch",
        on_click=context.doing(act),
        args=(run.id,),
    )


def growing(run: Transcription) -> None:
    """Draws the transcript as far as it has come, and goes on drawing while it grows."""
    st.fragment(_growing, run_every=REFRESH_S if run.state in ("queued", "running") else None)(run.id)


def _growing(transcription_id: str) -> None:
    with context.errors_shown():
        so_far = growing_transcript(context.app(), transcription_id)
        if so_far is None or not so_far.n_done:
            st.caption("The transcript appears here piece by piece, as soon as the first piece is ready.")
            return
        of_all = f" of {so_far.n_chunks}" if so_far.n_chunks else ""
        st.markdown("**Transcript so far**")
        st.caption(f"{so_far.n_done}{of_all} pieces. Who speaks is told apart at the end.")
        with st.container(height=420, key=f"growing-{transcription_id}", autoscroll=True):
            st.html(read_with_keys(STYLE, "Transcript so far", map(_heard, so_far.segments)))


def _heard(segment: Segment) -> str:
    return f'<div class="heard"><span>{clock(segment.span.start_ms)}</span><span>{escape(segment.text)}</span></div>'


STYLE = """<style>
.heard { display: grid; grid-template-columns: 3.2rem 1fr; gap: .25rem .75rem; padding: .22rem 0; font-size: .95rem; }
.heard span:first-child { opacity: .72; font-variant-numeric: tabular-nums; font-size: .87rem; text-align: right; }
</style>"""


def _pause(transcription_id: str) -> None:
    pause(context.app(), transcription_id)


def _resume(transcription_id: str) -> None:
    resume(context.app(), transcription_id)


def _cancel(transcription_id: str) -> None:
    cancel(context.app(), transcription_id)


def _retry(transcription_id: str) -> None:
    retry(context.app(), transcription_id)


def _words(run: Transcription) -> str:
    if run.state == "queued":
        return "Waiting for its turn"
    if run.state == "paused":
        return f"Paused at {run.progress:.0%}; what is done is kept"
    left = f", {how_long(run.seconds_left)} left" if run.seconds_left is not None else ""
    return f"Transcribing: {run.progress:.0%}{left}"
