"""Import of a transcript that exists already: choose a file, see what was understood of it, confirm."""

from dataclasses import dataclass
from html import escape

import streamlit as st

from coding_app.domain.recording import Recording
from coding_app.domain.script import Script, ScriptLine, Timing
from coding_app.domain.times import clock
from coding_app.domain.transcript import SPEAKER_ROLES
from coding_app.errors import TranscriptFileError
from coding_app.ui import context
from coding_app.ui.parts.transcription_choices import LANGUAGES
from coding_app.ui.parts.words import ROLE_WORDS, plain, plural
from coding_app.workflows import import_transcript, models
from coding_app.workflows.import_transcript import Found
from coding_app.workflows.preferences import read_preferences

TYPES = ["vtt", "srt", "txt", "csv", "tsv", "json", "eaf", "TextGrid", "docx"]
N_PREVIEW = 8
TIMES: dict[Timing, str] = {
    "exact": "exact times",
    "coarse": "rough times",
    "missing": "no times",
}
TAKE, FIND = "Take the times of the file", "Find its words in the recording"


@dataclass(frozen=True, slots=True)
class _Wishes:
    """How the file is to be imported; keys of the widgets that say the rest."""

    found: Found
    prefix: str
    find: bool


def panel(study_id: str, recording: Recording) -> None:
    """Draws the import for one recording; study_id tells the widgets of two studies apart."""
    prefix = f"import-{study_id}-{recording.id}-{st.session_state.get(_turn(recording), 0)}"
    given = st.file_uploader(
        "Transcript file",
        type=TYPES,
        key=f"{prefix}-file",
        help="WebVTT, SRT, plain text or a Word document with the names of the speakers, CSV, JSON of "
        "Whisper or of this app, ELAN (.eaf) or Praat (.TextGrid).",
    )
    if given is None:
        st.caption(
            "Times may be missing: the app then finds the words in the recording and marks the places that are "
            "uncertain."
        )
        return
    try:
        found = _found(given.getvalue(), given.name, prefix)
    except TranscriptFileError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    _understood(found.script)
    _preview(found.script)
    _speakers(found, prefix)
    _confirm(found, recording, prefix)


def _turn(recording: Recording) -> str:
    return f"import-turn-{recording.id}"


def _found(data: bytes, name: str, prefix: str) -> Found:
    """The file as read, with the tiers that were chosen where there are several."""
    first = import_transcript.read_file(data, name)
    if len(first.script.tracks) < 2:
        return first
    chosen = st.multiselect(
        "Tiers that hold what is said",
        first.script.tracks,
        default=first.script.used,
        key=f"{prefix}-tiers",
        help="Each tier is a speaker. Leave out tiers with notes, gestures or sounds.",
    )
    return import_transcript.read_file(data, name, tuple(chosen))


def _understood(script: Script) -> None:
    speakers = plural(len(script.speakers), "speaker") if script.speakers else "no speakers"
    st.markdown(
        f"**{script.format[:1].upper()}{script.format[1:]}** · {plural(len(script.lines), 'line')} · "
        f"{plural(script.n_words, 'word')} · {speakers} · {TIMES[script.timing]}"
    )
    for note in script.notes:
        st.caption(f":material/info: {plain(note)}")


def _preview(script: Script) -> None:
    with st.container(border=True):
        st.html(STYLE + "".join(map(_line, script.lines[:N_PREVIEW])))
        if len(script.lines) > N_PREVIEW:
            st.caption(f"… and {plural(len(script.lines) - N_PREVIEW, 'more line', 'more lines')}")


def _line(line: ScriptLine) -> str:
    at = "–" if line.start_ms is None else clock(line.start_ms)
    text = line.text if len(line.text) <= 160 else line.text[:159].rsplit(" ", 1)[0] + "…"
    return (
        f'<div class="import-line"><span class="at">{at}</span><span class="who">{escape(line.speaker or "")}</span>'
        f"<span>{escape(text)}</span></div>"
    )


def _speakers(found: Found, prefix: str) -> None:
    """Who each speaker of the file is; a warning where the file has names of people."""
    if not found.script.speakers:
        st.caption("The file does not say who speaks; that can be put in when you correct the transcript.")
        return
    for at, speaker in zip(
        st.columns(min(4, len(found.script.speakers))) * 10, found.script.speakers, strict=False
    ):
        at.selectbox(
            f"“{plain(speaker)}” is",
            SPEAKER_ROLES,
            index=SPEAKER_ROLES.index(role) if (role := found.roles.get(speaker)) else None,
            format_func=lambda each: ROLE_WORDS.get(each, each),
            placeholder="not known yet",
            key=f"{prefix}-role-{speaker}",
        )
    if found.names:
        st.warning(
            "The file seems to call speakers by their names. They are stored as "
            f"{', '.join(found.labels[each] for each in found.names)}, with the roles you give them, so that no "
            "client's name stands in the study. Names that are said in the talk itself stay as they are.",
            icon=":material/privacy_tip:",
        )
        st.checkbox("Keep these labels: they are pseudonyms, not names", key=f"{prefix}-keep", value=False)


def _confirm(found: Found, recording: Recording, prefix: str) -> None:
    script = found.script
    find = True
    if script.has_starts:
        chosen = st.radio(
            "Times",
            (TAKE, FIND),
            index=0 if script.timing == "exact" else 1,
            key=f"{prefix}-times",
            captions=(
                "The transcript is there at once."
                if script.timing == "exact"
                else "At once, but boundaries may be off by a second or more.",
                "Takes as long as a transcription; every word of the file stays.",
            ),
        )
        find = chosen == FIND
    blocked = _how_to_find(prefix) if find else None
    if not find:
        _shift(prefix)
    if blocked:
        st.caption(blocked)
    st.button(
        "Import and find the words" if find else "Import",
        type="primary",
        icon=":material/upload_file:",
        disabled=bool(blocked),
        key=f"{prefix}-go",
        on_click=context.doing(_import),
        args=(_Wishes(found, prefix, find), recording),
    )


def _shift(prefix: str) -> None:
    st.number_input(
        "Shift all times by (seconds)",
        value=0.0,
        step=0.5,
        format="%.1f",
        key=f"{prefix}-shift",
        width=240,
        help="For a recording that was cut, or started earlier or later than the transcript's clock.",
    )


def _how_to_find(prefix: str) -> str | None:
    """Draws the language; says why it cannot begin, or None."""
    kept = read_preferences(context.app())
    st.selectbox(
        "Language",
        list(LANGUAGES),
        index=list(LANGUAGES).index(kept.language or "") if (kept.language or "") in LANGUAGES else 0,
        format_func=LANGUAGES.__getitem__,
        key=f"{prefix}-language",
        width=240,
    )
    own = (kept.model, context.app().settings.model)
    here = {each.name: each.is_here for each in models.models_here(context.app(), kept.engine, own=own)}
    if not here.get(kept.model):
        return f"The model “{plain(kept.model)}” is not on this computer; choose or download one in the settings."
    st.caption(
        f"With {kept.engine}, model {plain(kept.model)}, as in the settings. Places where little was recognised are "
        "marked as uncertain."
    )
    return None


def _import(wishes: _Wishes, recording: Recording) -> None:
    state, prefix = st.session_state, wishes.prefix
    roles = {each: state.get(f"{prefix}-role-{each}") for each in wishes.found.script.speakers}
    keep_names = bool(state.get(f"{prefix}-keep"))
    app = context.app()
    if wishes.find:
        kept = read_preferences(app)
        import_transcript.align_import(
            app, recording.id, wishes.found, engine=kept.engine, model=kept.model,
            language=state.get(f"{prefix}-language") or None, roles=roles, keep_names=keep_names,
        )  # fmt: skip
    else:
        shift_ms = round(1000 * float(state.get(f"{prefix}-shift") or 0))
        import_transcript.import_timed(
            app, recording.id, wishes.found, roles=roles, keep_names=keep_names, shift_ms=shift_ms
        )
    state[_turn(recording)] = (
        state.get(_turn(recording), 0) + 1
    )  # another set of widgets: the file is gone from them


STYLE = """<style>
.import-line { display: grid; grid-template-columns: 3.4rem 8rem 1fr; gap: .25rem .75rem; padding: .2rem 0;
  font-size: .92rem; }
.import-line .at { opacity: .72; font-variant-numeric: tabular-nums; text-align: right; }
.import-line .who { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
</style>"""
