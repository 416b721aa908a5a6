"""How a recording is to be transcribed: engine, model, language, speakers; what each costs in time and disk."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from coding_app.settings import ENGINES
from coding_app.ui import context
from coding_app.ui.parts.words import ROLE_WORDS, how_long, plain, size
from coding_app.workflows import models
from coding_app.workflows.models import STARTER, ModelHere
from coding_app.workflows.preferences import Preferences, read_preferences
from coding_app.workflows.transcribe import MAX_SPEAKERS

LANGUAGES = {
    "": "Recognise it", "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "pt": "Portuguese", "nl": "Dutch", "da": "Danish", "sv": "Swedish", "no": "Norwegian", "fi": "Finnish",
    "pl": "Polish", "cs": "Czech", "hu": "Hungarian", "ro": "Romanian", "el": "Greek", "tr": "Turkish",
    "ru": "Russian", "uk": "Ukrainian", "he": "Hebrew", "ar": "Arabic", "fa": "Persian", "hi": "Hindi",
    "zh": "Chinese", "ja": "Japanese", "ko": "Korean",
}  # fmt: skip
SPEAKERS = (2, 1, *range(3, MAX_SPEAKERS + 1))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was chosen. blocked: why a transcription cannot start like this, None = it can."""

    engine: str
    model: str
    language: str | None
    n_speakers: int
    channels: tuple[str, ...] = ()
    blocked: str | None = None

    def as_parameters(self) -> dict[str, str]:
        """As the upload route takes them; empty ones are left out by the uploader."""
        return {
            "engine": self.engine,
            "model": self.model,
            "language": self.language or "",
            "speakers": str(self.n_speakers),
        }


def choose(place: str, n_channels: int = 1, *, separate: bool = False) -> Wishes:
    """Draws the choices, starting with the kept preferences. place tells two sets of widgets apart.

    separate: each of the two channels was measured to hold one person's microphone.
    """
    kept = read_preferences(context.app())
    engine_at, model_at, language_at, speakers_at = st.columns([2, 3, 2, 2])
    engine = engine_at.selectbox(
        "Engine",
        ENGINES,
        index=ENGINES.index(kept.engine),
        key=f"{place}-engine",
        help="Both write nearly the same words; faster-whisper needs about half the time.",
    )
    found = models.models_here(context.app(), engine, own=(kept.model, context.app().settings.model))
    model = _model(model_at, place, engine, found, kept)
    language = language_at.selectbox(
        "Language",
        list(LANGUAGES),
        index=list(LANGUAGES).index(kept.language or "") if (kept.language or "") in LANGUAGES else 0,
        format_func=LANGUAGES.__getitem__,
        key=f"{place}-language",
        help="Say it if you know it: short or quiet openings are sometimes taken for another language.",
    )
    n_speakers = speakers_at.selectbox(
        "Speakers", SPEAKERS, index=SPEAKERS.index(kept.n_speakers), key=f"{place}-speakers"
    )
    blocked = (
        None
        if model.is_here
        else f"The model “{model.name}” is not on this computer yet: download it, or choose one that is."
    )
    _advice(place, model, next(each for each in found if each.recommended))
    return Wishes(
        engine, model.name, language or None, n_speakers, _channels(place, n_channels, separate), blocked
    )


def _model(
    at: DeltaGenerator, place: str, engine: str, found: tuple[ModelHere, ...], kept: Preferences
) -> ModelHere:
    by_name = {each.name: each for each in found}
    names = list(by_name)
    name = at.selectbox(
        "Model",
        names,
        index=names.index(kept.model if kept.model in by_name else STARTER),
        format_func=lambda each: _model_words(by_name[each]),
        key=f"{place}-model-{engine}",
    )
    return by_name[name]


def _model_words(model: ModelHere) -> str:
    where = "on this computer" if model.is_here else f"{size(model.size_mb * 1e6)} to download"
    return f"{Path(model.name).name} · {where}" + (" · recommended" if model.recommended else "")


def _advice(place: str, model: ModelHere, best: ModelHere) -> None:
    if model.seconds_per_hour is None:
        st.caption(f"{plain(Path(model.name).name)}: {model.note}. How long it takes here is not known.")
        return
    words = f"{model.name}: {model.note}. An hour of talk takes {how_long(model.seconds_per_hour)} here."
    if best.size_mb > model.size_mb and best.seconds_per_hour is not None:
        words += (
            f" Better on this computer: **{best.name}** ({best.note}), {how_long(best.seconds_per_hour)}"
            + ("." if best.is_here else f", {size(best.size_mb * 1e6)} to download.")
        )
    st.caption(words)
    if not model.is_here and st.button(
        f"Download {model.name} ({size(model.size_mb * 1e6)})",
        icon=":material/download:",
        key=f"{place}-download",
    ):
        _download(model)


@st.dialog("Download a model")
def _download(model: ModelHere) -> None:
    """Asks first: this is the only time that the app uses the internet."""
    with context.errors_shown():
        st.write(
            f"“{model.name}” has {size(model.size_mb * 1e6)}. It is fetched once from its publisher over "
            "the internet and kept on this computer. Nothing of yours is sent."
        )
        if st.button("Yes, download it", type="primary"):
            bar = st.progress(0.0, text="Downloading; keep this window open")

            def show_progress(done: float) -> None:
                bar.progress(min(1.0, done), text=f"Downloading: {done:.0%}; keep this window open")

            models.download(context.app(), model.name, show_progress)
            st.rerun()


def _channels(place: str, n_channels: int, separate: bool) -> tuple[str, ...]:
    if n_channels != 2:
        return ()
    if separate:
        st.markdown(
            ":blue[:material/mic:] Each channel seems to hold one person's microphone: say under **Stereo** who is "
            "left and who is right, and speakers are told apart without error."
        )
    options: dict[str, tuple[str, ...]] = {
        "Both voices on both channels": (),
        f"Left {ROLE_WORDS['therapist']}, right {ROLE_WORDS['client']}": ("therapist", "client"),
        f"Left {ROLE_WORDS['client']}, right {ROLE_WORDS['therapist']}": ("client", "therapist"),
    }
    chosen = st.selectbox(
        "Stereo",
        list(options),
        key=f"{place}-channels",
        width=480,
        help="A microphone each gives the surest speakers.",
    )
    return options[chosen]
