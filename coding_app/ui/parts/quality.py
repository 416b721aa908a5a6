"""How good a recording is: notices where something is badly wrong, and a panel with every measure and its advice."""

import streamlit as st

from coding_app.domain.people import Action
from coding_app.domain.recording import Recording
from coding_app.domain.sound import ChannelSound, Sound
from coding_app.domain.sound_quality import Finding, WordsQuality
from coding_app.ui import context
from coding_app.ui.parts.words import plain, plural
from coding_app.workflows import prepare_recording, recording_quality
from coding_app.workflows.recording_quality import RecordingQuality

REFRESH_S = 2
MOST_NOTICES = 5
MARKS = {
    "bad": ":red[:material/error:]",
    "weak": ":orange[:material/warning:]",
    "hint": ":gray[:material/info:]",
}
CHANNEL_WORDS = {
    "mono": "One channel",
    "stereo": "Two channels, both hear everyone",
    "same": "Two channels with the same sound",
    "opposite": "Two channels that cancel each other out",
    "one_silent": "One channel is silent",
    "separate": "A microphone for each person",
    "many": "Several channels",
}
MEANING = """
**Voice** is the level while somebody speaks, **background** the level of the pauses; both in dBFS, where 0 is the
loudest that a file can hold. **Voice above background** is their difference: from 20 dB on, words are easy to make
out; below 10 dB transcripts get unreliable. **Cut off** are moments that were too loud for the recorder. **Doubtful
words** were recognised with a probability below one half. How each is measured stands in the documentation under
“Sound quality”.
"""


def notices(study_id: str) -> None:
    """Says which recordings of the study have something badly wrong with their sound; nothing when none has."""
    hidden = st.session_state.setdefault("quality-hidden", set())
    told = [
        each for each in recording_quality.notices(context.app(), study_id) if each.recording_id not in hidden
    ]
    for each in told[:MOST_NOTICES]:
        with st.container(border=True, key=f"notice-{each.recording_id}"):
            words, action = st.columns([8, 1.4], vertical_alignment="center")
            for finding in each.findings:
                words.markdown(f"{MARKS['bad']} **{plain(each.session_label)}** · {_sentences(finding)}")
            action.button(
                "Hide",
                key=f"hide-notice-{each.recording_id}",
                width="stretch",
                on_click=hidden.add,
                args=(each.recording_id,),
            )
    if len(told) > MOST_NOTICES:
        st.caption(
            f"{plural(len(told) - MOST_NOTICES, 'more recording')} with such a problem; see each one's sound."
        )


def panel(recording: Recording) -> None:
    """Draws the recording's quality; refreshed while it is being measured."""
    waiting = recording_quality.sound_of(context.app(), recording.id)[0] == "waiting"
    st.fragment(_panel, run_every=REFRESH_S if waiting else None)(recording.id, waiting)


def offers_channels(recording_id: str) -> bool:
    """Whether each channel seems to be one person's microphone."""
    _, sound = recording_quality.sound_of(context.app(), recording_id)
    return sound is not None and sound.channel_kind == "separate"


def _panel(recording_id: str, was_waiting: bool) -> None:
    with context.errors_shown():
        found = recording_quality.quality(context.app(), recording_id)
        if was_waiting and found.state != "waiting":
            st.rerun()
        if found.sound is not None:
            _measures(found, found.sound)
        elif found.state == "failed":
            _failed(recording_id, found)
        else:
            st.caption("The sound is being measured; that takes less than a minute for an hour of recording.")


def _failed(recording_id: str, found: RecordingQuality) -> None:
    st.markdown(f"{MARKS['bad']} {plain(found.message or 'The sound could not be measured.')}")
    if not context.allows(Action.TRANSCRIBE):
        return
    st.button(
        "Measure again",
        icon=":material/refresh:",
        key=f"measure-{recording_id}",
        on_click=context.doing(_again),
        args=(recording_id,),
    )


def _again(recording_id: str) -> None:
    prepare_recording.again(context.app(), recording_id)


def _measures(found: RecordingQuality, sound: Sound) -> None:
    _numbers(sound, found.words)
    st.caption(_form(sound))
    if len(sound.channels) > 1:
        st.table(_channel_table(sound), border="horizontal")
    if not found.findings:
        st.markdown(":green[:material/check_circle:] Nothing to record better next time.")
    for each in found.findings:
        st.markdown(f"{MARKS[each.weight]} {_sentences(each)}")
    with st.popover("What the numbers mean", icon=":material/help:", type="tertiary"):
        st.markdown(MEANING)


def _numbers(sound: Sound, words: WordsQuality | None) -> None:
    best = sound.best
    shown = [
        ("Voice", level(best.speech)),
        ("Background", level(best.noise)),
        ("Voice above background", "–" if best.snr_db is None else f"{best.snr_db:.0f} dB"),
        ("Cut off", share(max(each.clipped for each in sound.channels))),
        ("Nobody speaks", share(sound.silence_share)),
    ]
    if words is not None:
        shown += [
            ("Doubtful words", share(words.doubtful_share)),
            ("Two at once", share(words.overlap_share)),
        ]
    with st.container(horizontal=True, gap="medium"):
        for name, value in shown:
            st.markdown(f":gray[{name}]  \n**{value}**", width="content")


def _form(sound: Sound) -> str:
    if sound.telephone:
        reach = "sound as narrow as on the telephone"
    else:
        reach = f"sound up to {sound.bandwidth_hz / 1000:.0f} kHz" if sound.bandwidth_hz else "no sound"
    return f"{CHANNEL_WORDS[sound.channel_kind]} · {reach}"


def _channel_table(sound: Sound) -> list[dict[str, str]]:
    return [_channel(number, each) for number, each in enumerate(sound.channels, 1)]


def _channel(number: int, each: ChannelSound) -> dict[str, str]:
    return {
        "Channel": str(number),
        "Voice": level(each.speech),
        "Background": level(each.noise),
        "Above background": "–" if each.snr_db is None else f"{each.snr_db:.0f} dB",
        "Loudest moment": level(each.peak),
        "Cut off": share(each.clipped),
        "Somebody speaks": share(each.speech_share),
    }


def _sentences(finding: Finding) -> str:
    return (
        f"{plain(finding.sentence)} :gray[{plain(finding.advice)}]"
        if finding.advice
        else plain(finding.sentence)
    )


def level(value: float | None) -> str:
    """A level for reading.

    >>> level(-23.41), level(-0.2), level(None)
    ('−23 dBFS', '0 dBFS', '–')
    """
    return "–" if value is None else f"{round(value)} dBFS".replace("-", "−")


def share(value: float | None) -> str:
    """A share for reading: small ones with a decimal, the tiniest as such.

    >>> share(0.314), share(0.012), share(0.00002), share(0.0), share(None)
    ('31%', '1.2%', 'under 0.1%', '0%', '–')
    """
    if value is None:
        return "–"
    if 0 < value < 0.001:
        return "under 0.1%"
    return f"{value:.1%}" if 0 < value < 0.1 else f"{value:.0%}"
