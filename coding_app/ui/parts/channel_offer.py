"""The offer to transcribe a recording by microphone, where each person was found to have one."""

import streamlit as st

from coding_app.ui import context
from coding_app.ui.parts.words import plain
from coding_app.workflows import channel_offer
from coding_app.workflows.channel_offer import Offer


def open_offers(study_id: str) -> tuple[Offer, ...]:
    """The offers that were not put aside."""
    hidden = st.session_state.setdefault("offers-hidden", set())
    return tuple(
        each for each in channel_offer.offers(context.app(), study_id) if each.recording_id not in hidden
    )


def show(study_id: str) -> frozenset[str]:
    """Draws the offers; returns the recordings that have one."""
    found = open_offers(study_id)
    for each in found:
        with st.container(border=True, key=f"offer-{each.recording_id}"):
            _offer(each)
    return frozenset(each.recording_id for each in found)


def _offer(each: Offer) -> None:
    st.markdown(
        f":blue[:material/mic:] **{plain(each.session_label)}** · Each channel seems to hold one person's microphone. "
        ":gray[By microphone, speakers are told apart more surely than by voice. "
        + ("The transcription under way begins anew.]" if each.under_way else "It is transcribed again.]")
    )
    with st.container(horizontal=True):
        for name, roles in (
            ("Left is the therapist", ("therapist", "client")),
            ("Left is the client", ("client", "therapist")),
        ):
            st.button(
                name,
                key=f"offer-{roles[0]}-{each.recording_id}",
                on_click=context.doing(_accept),
                args=(each.recording_id, *roles),
            )
        st.button(
            "Not now",
            type="tertiary",
            key=f"offer-not-{each.recording_id}",
            on_click=_hide,
            args=(each.recording_id,),
        )


def _accept(recording_id: str, left: str, right: str) -> None:
    channel_offer.accept(context.app(), recording_id, left, right)


def _hide(recording_id: str) -> None:
    st.session_state["offers-hidden"].add(recording_id)
