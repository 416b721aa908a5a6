"""All speech is transcribed once, whatever the cuts."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.times import Span
from coding_app.domain.transcript import Word
from coding_app.media.decode import open_pcm
from coding_app.speech.chunks import back_in_place, chunk_length_ms, plan_chunks, speech_only
from coding_app.speech.voice_activity import let_go

LENGTHS = st.lists(st.tuples(st.integers(1, 5000), st.integers(100, 400_000)), max_size=6)


def spans_of(lengths: list[tuple[int, int]]) -> list[Span]:
    at, spans = 0, []
    for gap, length in lengths:
        spans.append(Span(at + gap, at + gap + length))
        at += gap + length
    return spans


@given(LENGTHS, st.sampled_from([30_000, 60_000, 120_000]))
def test_chunks_hold_all_speech_in_order_and_none_is_too_long(lengths, chunk_ms):
    spans = spans_of(lengths)
    samples = np.zeros(16 * (spans[-1].end_ms if spans else 0), np.int16)
    chunks = plan_chunks(samples, spans, chunk_ms)
    assert sum(piece.duration_ms for chunk in chunks for piece in chunk) == sum(
        each.duration_ms for each in spans
    )
    edges = [edge for chunk in chunks for piece in chunk for edge in (piece.start_ms, piece.end_ms)]
    assert edges == sorted(edges)
    assert all(chunk[-1].end_ms - chunk[0].start_ms <= chunk_ms for chunk in chunks)


def test_talk_without_a_pause_is_cut_where_it_is_quietest():
    samples = np.random.default_rng(1).integers(-9000, 9000, 100 * 16_000, dtype=np.int16)
    samples[50 * 16_000 : 51 * 16_000] //= 100
    (first,), (second,) = plan_chunks(samples, [Span(0, 100_000)], 60_000)
    assert 50_000 <= first.end_ms <= 51_000
    assert second == Span(first.end_ms, 100_000)


def test_words_go_back_to_where_they_were_said():
    spans = [Span(1000, 3000), Span(10_000, 11_000)]
    words = [Word(0, 500, "one"), Word(1500, 2100, "two"), Word(2200, 2500, "three")]
    placed = back_in_place(words, spans)
    assert [(each.start_ms, each.end_ms) for each in placed] == [(1000, 1500), (2500, 3000), (10_200, 10_500)]


@given(LENGTHS.filter(bool), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))))
def test_no_word_lands_in_silence(lengths, times):
    spans = spans_of(lengths)
    words = [Word(min(each), max(each), "x") for each in times]
    for word in back_in_place(words, spans):
        assert any(each.start_ms <= word.start_ms <= word.end_ms <= each.end_ms for each in spans)


def test_only_speech_is_handed_on():
    samples = np.arange(16_000, dtype=np.int16)
    audio = speech_only(samples, [Span(0, 10), Span(500, 510)])
    assert audio.dtype == np.float32
    assert audio.tolist() == pytest.approx([*(np.arange(160) / 32768), *(np.arange(8000, 8160) / 32768)])


def test_short_recordings_have_short_chunks():
    assert [chunk_length_ms(each * 60_000) for each in (1, 5, 50)] == [30_000, 60_000, 120_000]


@pytest.mark.skipif(
    sys.platform != "linux", reason="how much of a file is in memory is read from Linux's /proc"
)
def test_what_was_read_of_a_long_recording_does_not_stay_in_memory(tmp_path):
    path = tmp_path / "long.pcm"
    with path.open("wb") as out:
        out.truncate(64 * 2**20)
    samples = open_pcm(path)

    def mapped_mib() -> int:
        status = Path("/proc/self/status").read_text()
        return int(status.partition("RssFile:")[2].split()[0]) // 1024

    before = mapped_mib()
    assert samples.sum() == 0
    assert mapped_mib() > before + 50
    let_go(samples)
    assert mapped_mib() < before + 10
    assert samples[-1] == 0
