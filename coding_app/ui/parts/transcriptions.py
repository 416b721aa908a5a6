"""Transcriptions under way: how far, how long still, cancel, try again; refreshed while any is running."""

import streamlit as st

from coding_app.domain.transcription import Transcription
from coding_app.ui import context
from coding_app.ui.parts.words import how_long, plain
from coding_app.workflows import overview
from coding_app.workflows.overview import RecordingOverview
from coding_app.workflows.transcribe import cancel, retry

REFRESH_S = 2


def under_way(study_id: str) -> None:
    """Draws running, waiting, failed and cancelled transcriptions of the study, if there are any."""
    active = _active(overview.study_overview(context.app(), study_id, None))
    st.fragment(_lines, run_every=REFRESH_S if active else None)(study_id, active)


def _active(found: tuple[RecordingOverview, ...]) -> frozenset[str]:
    return frozenset(each.recording.id for each in found if each.is_transcribing)


def _lines(study_id: str, active_before: frozenset[str]) -> None:
    with context.errors_shown():
        context.show_refused()
        found = overview.study_overview(context.app(), study_id, None)
        if active_before - _active(found):
            st.rerun()  # one has ended: the whole page shows its transcript
        for each in found:
            run = each.transcription
            if run and _is_told(each, run):
                with st.container(border=True, key=f"run-{run.id}"):
                    _line(each, run)


def _is_told(each: RecordingOverview, run: Transcription) -> bool:
    """Whether the newest run has a line: under way, without a transcript, or failed while it may be made again."""
    if each.transcript is None:
        return run.state != "done"
    return each.is_transcribing or (run.state == "failed" and not each.transcript.is_coded)


def _line(each: RecordingOverview, run: Transcription) -> None:
    name, state, action = st.columns([3, 5, 1.4], vertical_alignment="center")
    name.markdown(f"**{plain(each.session_label)}**  \n:small[{plain(run.engine)} · {plain(run.model)}]")
    if run.state in ("queued", "running"):
        state.progress(run.progress, text=_words(run))
        action.button(
            "Cancel",
            key=f"cancel-{run.id}",
            icon=":material/close:",
            width="stretch",
            on_click=context.doing(_cancel),
            args=(run.id,),
        )
        return
    state.markdown(
        f":red[{plain(run.message or 'The transcription failed.')}]"
        if run.state == "failed"
        else "Cancelled."
    )
    action.button(
        "Try again",
        key=f"retry-{run.id}",
        icon=":material/refresh:",
        width="stretch",
        on_click=context.doing(_retry),
        args=(run.id,),
    )


def _cancel(transcription_id: str) -> None:
    cancel(context.app(), transcription_id)


def _retry(transcription_id: str) -> None:
    retry(context.app(), transcription_id)


def _words(run: Transcription) -> str:
    if run.state == "queued":
        return "Waiting for its turn"
    left = f", {how_long(run.seconds_left)} left" if run.seconds_left is not None else ""
    return f"Transcribing: {run.progress:.0%}{left}"
