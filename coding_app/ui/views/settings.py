"""The Settings page: what a new transcription starts with, models on this computer, where data lie."""

from importlib.metadata import version

import streamlit as st

from coding_app.settings import ENGINES
from coding_app.ui import context
from coding_app.ui.parts import transcription_choices
from coding_app.ui.parts.words import size
from coding_app.workflows import models
from coding_app.workflows.preferences import Preferences, save_preferences


def show() -> None:
    """Draws the page."""
    st.title("Settings")
    st.subheader("New transcriptions start with")
    wishes = transcription_choices.choose("settings")
    if st.button("Save", type="primary"):
        save_preferences(
            context.app(), Preferences(wishes.engine, wishes.model, wishes.language, wishes.n_speakers)
        )
        st.toast("Saved.", icon=":material/check:")
    st.subheader("Models on this computer")
    _models()
    st.subheader("Where your data are")
    _places()
    st.caption(
        f"Coding app {version('coding-app')} · GPL-3.0-or-later · "
        "runs on this computer only and sends nothing anywhere"
    )


def _models() -> None:
    for column, engine in zip(st.columns(len(ENGINES), gap="large"), ENGINES, strict=True):
        here = [each for each in models.models_here(context.app(), engine) if each.is_here]
        lines = [f"- **{each.name}** · {size(each.size_mb * 1e6)}" for each in here] or [
            "None yet; choose one above to download it."
        ]
        column.markdown("\n".join([engine, "", *lines]))


def _places() -> None:
    settings = context.app().settings
    where = {
        "Everything is in": settings.data_dir,
        "Recordings": settings.vault_dir,
        "Models": settings.models_dir or "the installed packages only",
        "Own coding schemes": settings.own_schemes_dir,
        "Largest upload": f"{settings.max_upload_mb:,} MB (CODING_APP_MAX_UPLOAD_MB), "
        f"{settings.max_duration_hours:g} hours (CODING_APP_MAX_HOURS)",
    }
    with st.container(border=True):
        for what, value in where.items():
            name, place = st.columns([1, 4], vertical_alignment="center")
            name.markdown(f":gray[{what}]")
            place.markdown(f"`{value}`" if "/" in str(value) else str(value))
        st.caption(
            "`coding-app backup FILE` writes all of it into one checked file, also while the app runs. Recordings in "
            "it are encrypted: keep their key as well, in another place (`coding-app keys show --secret` prints it)."
        )


if __name__ == "__main__":
    show()
