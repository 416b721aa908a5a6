"""What measures of sound and words say about a recording, and what to record better next time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from coding_app.domain.sound import ChannelSound, Sound
from coding_app.domain.transcript import Transcript
from coding_app.domain.words import DOUBTFUL_BELOW

Weight = Literal["bad", "weak", "hint"]
SILENT_DB = -65.0
SPEECH_BAD_DB, SPEECH_WEAK_DB = -45.0, -36.0
SNR_BAD_DB, SNR_WEAK_DB = 10.0, 20.0
CLIPPED_BAD, CLIPPED_WEAK = 0.01, 0.001
DC_WEAK = 0.02
ZERO_WEAK = 0.25
SILENCE_HINT = 0.8
DOUBTFUL_BAD, DOUBTFUL_WEAK = 0.2, 0.1
OVERLAP_WEAK = 0.1
INVENTED = frozenset({"repetition", "over_silence", "compressed"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know: what it is, how much it matters, and what to do (now or at the next session)."""

    kind: str
    weight: Weight
    sentence: str
    advice: str


@dataclass(frozen=True, slots=True)
class WordsQuality:
    """What the newest transcript says of its own certainty; shares are 0-1, None where nothing can be said.

    n_words counts words with a probability; overlap_share is of the time in which somebody speaks, None where
    nobody listened for two voices at once.
    """

    n_words: int
    doubtful_share: float | None
    overlap_share: float | None
    n_invented: int
    n_segments: int


def words_quality(transcript: Transcript) -> WordsQuality:
    """Counted over the transcript's segments, which must have their words."""
    known = [
        word.probability
        for each in transcript.segments
        for word in each.words
        if word.probability is not None
    ]
    doubtful = sum(each < DOUBTFUL_BELOW for each in known)
    spoken_ms = _covered_ms(transcript)
    over_ms = (transcript.provenance or {}).get("overlap_ms")
    return WordsQuality(
        len(known),
        doubtful / len(known) if known else None,
        min(1.0, over_ms / spoken_ms) if spoken_ms and over_ms is not None else None,
        sum(bool(INVENTED.intersection(each.flags)) for each in transcript.segments),
        len(transcript.segments),
    )


def _covered_ms(transcript: Transcript) -> int:
    """How long somebody speaks; a moment in which two do counts once."""
    total, until = 0, 0
    for span in sorted(each.span for each in transcript.segments):
        total += max(0, span.end_ms - max(span.start_ms, until))
        until = max(until, span.end_ms)
    return total


def findings(sound: Sound, words: WordsQuality | None = None) -> tuple[Finding, ...]:
    """Everything worth saying, what matters most first."""
    found = [*_about_channels(sound), *_about_level(sound), *_about_form(sound)]
    if words is not None:
        found += _about_words(words)
    order = ("bad", "weak", "hint")
    return tuple(sorted(found, key=lambda each: order.index(each.weight)))


def _about_channels(sound: Sound) -> Iterator[Finding]:
    loudest = max(each.level for each in sound.channels)
    if loudest < SILENT_DB:
        yield Finding(
            "silent", "bad", "The recording is silent.",
            "Check that it is the right file and that the microphone was on; before a session, record ten seconds "
            "and listen to them.",
        )  # fmt: skip
        return
    if sound.channel_kind == "one_silent":
        number = min(range(len(sound.channels)), key=lambda each: sound.channels[each].level) + 1
        yield Finding(
            "silent_channel", "bad", f"Channel {number} is silent.",
            "If it belonged to a person's microphone, that person is heard only through the other one. Check the "
            "cable and the level of each microphone before the session.",
        )  # fmt: skip
    elif sound.channel_kind == "opposite":
        yield Finding(
            "opposite", "bad", "The two channels cancel each other out: one of them is turned over.",
            "Export one channel alone as a mono file and add that; next time use a mono setting or another cable.",
        )  # fmt: skip
    elif sound.channel_kind == "separate":
        first, second = (f"{each:.0%}" for each in sound.dominance)
        yield Finding(
            "separate", "hint",
            f"Each channel seems to hold one person's microphone (channel 1 is clearly louder in {first} of the "
            f"talk, channel 2 in {second}).",
            "Say under \u201cStereo\u201d who is left and who is right when you transcribe: speakers are then told "
            "apart by channel.",
        )  # fmt: skip
    elif sound.channel_kind == "same":
        yield Finding(
            "same", "hint", "Both channels hold the same sound.",
            "Nothing is lost; a mono setting makes the file half as large.",
        )  # fmt: skip


def _about_level(sound: Sound) -> Iterator[Finding]:
    best, clipped = sound.best, max(each.clipped for each in sound.channels)
    if best.level < SILENT_DB:
        return
    if best.speech is None:
        yield Finding(
            "no_speech", "bad", "Nobody is heard to speak: nothing stands out from the background.",
            "Listen to a minute of it; if there is talk in it, the microphone was too far away or covered.",
        )  # fmt: skip
    elif best.speech < SPEECH_WEAK_DB:
        yield Finding(
            "quiet", "bad" if best.speech < SPEECH_BAD_DB else "weak",
            f"The voices are quiet ({_db(best.speech)}).",
            "Move the microphone closer, or raise the level until loud moments reach \u221212 dB on the "
            "recorder's meter.",
        )  # fmt: skip
    yield from _about_noise(best)
    if clipped >= CLIPPED_WEAK:
        yield Finding(
            "clipping", "bad" if clipped >= CLIPPED_BAD else "weak",
            f"Loud moments are cut off (clipping, {_share(clipped)} of the samples).",
            "Lower the recorder's level, or switch its automatic level on; what was cut off cannot be brought back.",
        )  # fmt: skip


def _about_noise(best: ChannelSound) -> Iterator[Finding]:
    if best.snr_db is not None and best.snr_db < SNR_WEAK_DB:
        yield Finding(
            "noise", "bad" if best.snr_db < SNR_BAD_DB else "weak",
            f"The voices stand only {best.snr_db:.0f} dB above the background noise.",
            "Bring the microphone within an arm's length of both people, away from fans, computers and windows; "
            "soft furniture helps against echo.",
        )  # fmt: skip
    if abs(best.dc) >= DC_WEAK:
        yield Finding(
            "dc", "weak", f"The signal is shifted off its middle (DC offset {abs(best.dc):.0%}).",
            "It does no harm here, but points to a faulty sound card or cable.",
        )  # fmt: skip


def _about_form(sound: Sound) -> Iterator[Finding]:
    if sound.telephone:
        yield Finding(
            "telephone", "weak", "The sound is as narrow as on the telephone; s, f and soft voices are hard to tell.",
            "Set the recorder to 16,000 samples a second or more (44,100 or 48,000 are usual) and switch off "
            "\u201cdictation\u201d or \u201cvoice\u201d modes; for calls, record in the meeting program itself.",
        )  # fmt: skip
    if sound.silence_share >= SILENCE_HINT and sound.best.speech is not None:
        yield Finding(
            "long_silence", "hint", f"Nobody speaks in {sound.silence_share:.0%} of the recording.",
            "If the recorder ran on after the session, cut the end off before you add it.",
        )  # fmt: skip
    if sound.best.zero_share >= ZERO_WEAK and sound.best.speech is not None:
        yield Finding(
            "gate", "weak", f"{sound.best.zero_share:.0%} of the recording is dead silence, as a noise gate or lost "
            "pieces of a call make it.",
            "Switch off noise suppression and voice activation: they cut off soft words and the ends of words.",
        )  # fmt: skip
    if sound.n_damaged:
        yield Finding(
            "damaged", "weak", "Some samples are damaged and count as silence.",
            "Copy the file from the recorder again.",
        )  # fmt: skip


def _about_words(words: WordsQuality) -> Iterator[Finding]:
    if words.doubtful_share is not None and words.doubtful_share >= DOUBTFUL_WEAK:
        yield Finding(
            "doubtful", "bad" if words.doubtful_share >= DOUBTFUL_BAD else "weak",
            f"{words.doubtful_share:.0%} of the words were recognised with doubt.",
            "Correct the transcript before coding, doubtful places first, or transcribe again with a larger model.",
        )  # fmt: skip
    if words.overlap_share is not None and words.overlap_share >= OVERLAP_WEAK:
        yield Finding(
            "overlap", "weak", f"In {words.overlap_share:.0%} of the talk two people speak at once.",
            "Listen while you code such places; a microphone for each person separates them next time.",
        )  # fmt: skip
    if words.n_invented:
        yield Finding(
            "invented", "weak",
            f"{words.n_invented} of {words.n_segments} segments may hold words that nobody said.",
            "Listen to each before you code it; they are marked in the transcript.",
        )  # fmt: skip


def _db(value: float) -> str:
    return f"{value:.0f} dBFS".replace("-", "\u2212")


def _share(value: float) -> str:
    return f"{value:.1%}" if value < 0.1 else f"{value:.0%}"
