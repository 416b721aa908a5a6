"""Saving a stretch of a recording as a file, for a seminar say."""

from functools import partial

import streamlit as st

from coding_app.domain.times import Span
from coding_app.errors import AccessError, InputError
from coding_app.ui import context
from coding_app.ui.parts import stretch
from coding_app.ui.parts.words import plain, plural
from coding_app.workflows import export_clip
from coding_app.workflows.overview import RecordingOverview


def panel(each: RecordingOverview) -> None:
    """Draws the fields and the button; or why this recording may not be shown."""
    app, recording_id = context.app(), each.recording.id
    try:
        export_clip.check_may_show(app, recording_id)
    except AccessError as error:
        st.info(plain(str(error)), icon=":material/lock:")
        return
    key = f"clip-{recording_id}"
    with st.container(width=480):
        stretch.fields(key)
        span = None if stretch.is_empty(key) else _span(recording_id, key)
        st.download_button(
            "Save the clip (WAV)",
            b"" if span is None else partial(export_clip.export_clip, app, recording_id, span),
            file_name="clip.wav" if span is None else f"clip-{span.start_ms}-{span.end_ms}.wav",
            mime="audio/wav",
            icon=":material/download:",
            disabled=span is None,
            on_click="ignore",
            key=f"save-{key}",
        )
    st.caption(
        "At most ten minutes. The page Names says what is silent. Saving is written down in the audit."
    )


def _span(recording_id: str, key: str) -> Span | None:
    """What is written, with what will be silent in it; or why no clip can be made of it."""
    try:
        span = stretch.written(key)
        n = len(export_clip.silences_in(context.app(), recording_id, span))
    except InputError as error:
        st.warning(plain(str(error)), icon=":material/schedule:")
        return None
    what = f"{plural(n, 'stretch', 'stretches')} with a name in it will be silent."
    st.caption(what if n else "Nothing in it is silenced.")
    return span
