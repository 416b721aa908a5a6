"""The Recordings page: upload, transcription under way, who speaks, the transcript."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from coding_app.domain.people import Action
from coding_app.domain.recording import Study
from coding_app.ui import context, tokens
from coding_app.ui.parts import (
    clip,
    erase,
    import_transcript,
    quality,
    session_fields,
    speakers,
    transcription_choices,
    transcriptions,
)
from coding_app.ui.parts.choose_recording import named
from coding_app.ui.parts.empty import no_study
from coding_app.ui.parts.transcription_choices import Wishes
from coding_app.ui.parts.words import plain
from coding_app.ui.upload import upload
from coding_app.workflows import overview
from coding_app.workflows.overview import RecordingOverview
from coding_app.workflows.transcribe import start

SUFFIXES = {
    ".vtt": "text/vtt",
    ".srt": "text/plain",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".json": "application/json",
}


def show() -> None:
    """Draws the page."""
    st.title("Recordings")
    study, coder = context.study(), context.coder()
    if study is None:
        no_study()
        return
    found = overview.study_overview(context.app(), study.id, coder.id if coder else None)
    if context.allows(Action.ADD_RECORDINGS):
        _add_recordings(study, found)
    if not found:
        return
    quality.notices(study.id)
    if context.allows(Action.TRANSCRIBE):
        transcriptions.under_way(study.id)
    chosen = _chosen(found)
    with st.expander("Sound quality", icon=":material/graphic_eq:"):
        quality.panel(chosen.recording)
    if chosen.transcript is not None:
        _transcript(chosen)
    elif context.allows(Action.TRANSCRIBE):
        _transcribe(chosen)
    else:
        st.write("This recording has no transcript yet.")
    if context.allows(Action.TRANSCRIBE):
        _import_instead(study, chosen)
    if context.allows(Action.EXPORT):
        with st.expander("Save a clip", icon=":material/content_cut:"):
            clip.panel(chosen)
    if context.allows(Action.ERASE):
        erase.offer(chosen)


def _add_recordings(study: Study, found: tuple[RecordingOverview, ...]) -> None:
    with st.expander(
        "Add recordings", icon=":material/upload:", expanded=not found or "adding" in st.session_state
    ):
        _add(study)


def _add(study: Study) -> None:
    wishes = transcription_choices.choose("upload")
    session = session_fields.fields()
    result = upload(
        study.id,
        tokens.issue_upload_token(context.app(), study.id),
        {**wishes.as_parameters(), **session},
        max_mb=context.app().settings.max_upload_mb,
        blocked=wishes.blocked,
        key=f"upload-{study.id}",
    )
    if result.finished:
        st.session_state["adding"] = True
        st.session_state["recordings-chosen"] = result.finished  # one that was refused is none of the options


def _chosen(found: tuple[RecordingOverview, ...]) -> RecordingOverview:
    by_id = {each.recording.id: each for each in found}
    asked = st.query_params.get("recording")
    if asked in by_id and st.session_state.get("recordings-asked") != asked:
        st.session_state["recordings-chosen"] = st.session_state["recordings-asked"] = asked
    if st.session_state.get("recordings-chosen") not in by_id:
        st.session_state.pop("recordings-chosen", None)
    choice, edit, save = st.columns([5, 1.2, 1.2], vertical_alignment="bottom")
    chosen = choice.selectbox(
        "Recording",
        list(by_id),
        format_func=lambda each: named(by_id[each]),
        key="recordings-chosen",
        filter_mode="contains",
    )
    if by_id[chosen].transcript is not None:
        _correct_or_save(by_id[chosen], edit, save)
    return by_id[chosen]


def _correct_or_save(each: RecordingOverview, edit: DeltaGenerator, save: DeltaGenerator) -> None:
    """What can be done with a transcript, in the columns beside the chooser."""
    help_ = "Correct the transcript"
    if context.allows(Action.EDIT_TRANSCRIPT) and edit.button(
        "Correct", icon=":material/edit:", width="stretch", help=help_
    ):
        st.session_state["transcript-chosen"] = each.recording.id
        st.switch_page("views/transcript.py")
    if context.allows(Action.EXPORT):
        with save:
            _download(each)


def _transcribe(each: RecordingOverview) -> None:
    if each.is_unfinished and each.transcription is not None:
        transcriptions.growing(each.transcription)
        return
    if each.transcript is None:
        st.write("This recording has no transcript yet.")
    else:
        st.write(
            "The new transcript takes the place of this one as soon as it is ready; this one stays as a revision, and "
            "the roles must be given again. Until then nobody can begin to code this recording."
        )
    wishes = transcription_choices.choose(
        f"again-{each.recording.id}",
        n_channels=each.recording.n_channels,
        separate=quality.offers_channels(each.recording.id),
    )
    if wishes.blocked:
        st.caption(wishes.blocked)
    st.button(
        "Transcribe",
        type="primary",
        icon=":material/notes:",
        disabled=bool(wishes.blocked),
        on_click=context.doing(_start),
        args=(each.recording.id, wishes),
    )


def _start(recording_id: str, wishes: Wishes) -> None:
    start(
        context.app(),
        recording_id,
        engine=wishes.engine,
        model=wishes.model,
        language=wishes.language,
        n_speakers=wishes.n_speakers,
        channels=wishes.channels,
    )


def _transcript(each: RecordingOverview) -> None:
    transcript = overview.current_transcript(context.app(), each.recording.id)
    if transcript is None:
        return
    who, text = st.columns([2, 3], gap="large")
    with who:
        speakers.panel(transcript)
    with text:
        st.markdown("**Transcript**")
        if each.note:
            st.info(plain(each.note), icon=":material/info:")
        speakers.lines(transcript)
    _transcribe_again(each)


def _transcribe_again(each: RecordingOverview) -> None:
    if each.transcript is None or not context.allows(Action.TRANSCRIBE):
        return
    if each.is_unfinished and each.transcription is not None:
        transcriptions.growing(each.transcription)
        return
    if each.is_coded:
        st.caption("This recording cannot be transcribed again: somebody has begun to code it.")
        return
    with st.expander("Transcribe again", icon=":material/refresh:"):
        _transcribe(each)


def _import_instead(study: Study, each: RecordingOverview) -> None:
    if each.is_unfinished or each.is_coded:
        return
    with st.expander("Import a transcript", icon=":material/upload_file:"):
        if each.transcript is not None:
            st.write("The imported transcript takes the place of this one; this one stays as a revision.")
        import_transcript.panel(study.id, each.recording)


def _download(each: RecordingOverview) -> None:
    with st.popover("Download", icon=":material/download:", width="stretch", help="The transcript as a file"):
        stem = each.recording.name.rpartition(".")[0] or each.recording.name
        for suffix, mime in SUFFIXES.items():
            st.download_button(
                suffix[1:].upper(),
                partial(overview.transcript_as, context.app(), each.recording.id, suffix),
                file_name=f"{stem}{suffix}",
                mime=mime,
                on_click="ignore",
                key=f"save{suffix}",
                width="stretch",
            )


if __name__ == "__main__":
    show()
