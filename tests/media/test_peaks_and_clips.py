"""The waveform's outline, and short pieces cut out."""

import wave
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coding_app.domain.times import Span
from coding_app.errors import MediaError
from coding_app.media.clips import clip_wav
from coding_app.media.peaks import read_peaks, write_peaks
from tests.media.recordings import a_recording, a_sweep, where_in_sweep


@given(samples=arrays(np.int16, st.integers(0, 3000)))
def test_a_peak_is_the_loudest_sample_of_its_20_ms(
    tmp_path_factory: pytest.TempPathFactory, samples: np.ndarray
):
    path = tmp_path_factory.mktemp("peaks") / "peaks"
    n_peaks = write_peaks(samples, path)
    peaks = read_peaks(path)
    assert len(peaks) == n_peaks == -(-len(samples) // 320)
    loudest = [np.abs(samples[at : at + 320].astype(int)).max() for at in range(0, len(samples), 320)]
    assert peaks.tolist() == [each * 127 // 32768 for each in loudest]


def test_peaks_are_the_same_however_long_the_recording(tmp_path: Path):
    samples = np.random.default_rng(1).integers(-9000, 9000, 130 * 16_000, dtype=np.int16)  # over two blocks
    write_peaks(samples, tmp_path / "peaks")
    expected = np.abs(samples.astype(int)).reshape(-1, 320).max(axis=1) * 127 // 32768
    assert np.array_equal(read_peaks(tmp_path / "peaks"), expected)
    assert [each.name for each in tmp_path.iterdir()] == ["peaks"]


@pytest.mark.parametrize("suffix", ["wav", "mp3", "m4a", "ogg", "webm"])
def test_a_clip_holds_exactly_its_span(tmp_path: Path, suffix: str):
    clip = clip_wav(a_recording(tmp_path / f"a.{suffix}"), Span(5500, 7500))
    with wave.open(BytesIO(clip)) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
        assert sound.getnframes() / sound.getframerate() == pytest.approx(2.0, abs=0.002)
        assert np.argmax(np.abs(samples) > 5000) / sound.getframerate() == pytest.approx(0.5, abs=0.03)
    assert abs(int(samples[0])) < 100
    assert abs(int(samples[-1])) < 400
    assert np.abs(samples.astype(int)).max() > 25_000


def samples_of(clip: bytes) -> tuple[np.ndarray, int]:
    with wave.open(BytesIO(clip)) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
        return samples.reshape(-1, sound.getnchannels()), sound.getframerate()


@pytest.mark.parametrize("n_channels", [1, 2])
@given(
    silence=st.tuples(st.integers(0, 9000), st.integers(1, 4000)).map(lambda it: Span(it[0], it[0] + it[1]))
)
def test_of_a_silenced_stretch_not_one_sample_is_left_in_a_clip(
    tmp_path_factory: pytest.TempPathFactory, n_channels: int, silence: Span
):
    path = tmp_path_factory.mktemp("clip") / "noise.wav"
    noise = np.random.default_rng(7).integers(-9000, 9000, (10 * 8000, n_channels), dtype=np.int16)
    noise[noise == 0] = 1
    _write(path, noise)
    span = Span(2000, 8000)
    samples, rate_hz = samples_of(clip_wav(path, span, silences=[silence]))
    assert len(samples) / rate_hz == pytest.approx(6.0, abs=0.002)
    within = slice(
        *(round(max(0, at - span.start_ms) * rate_hz / 1000) for at in (silence.start_ms, silence.end_ms))
    )
    assert not samples[within].any()
    around = [samples[: max(0, within.start - rate_hz // 50)], samples[within.stop + rate_hz // 50 :]]
    heard = [np.count_nonzero(each) / each.size for each in around if each.size]
    assert not silence.overlap_ms(span) or all(share > 0.9 for share in heard)


@pytest.mark.parametrize("suffix", ["wav", "mp3", "m4a", "mp4", "ogg", "webm", "flac"])
def test_what_is_silent_in_a_clip_is_what_was_asked_for_also_after_a_seek(tmp_path: Path, suffix: str):
    sweep = a_sweep(tmp_path / f"sweep.{suffix}", 30)
    for start_ms in (400, 20_333):
        span, silence = (Span(start_ms + at, start_ms + to) for at, to in ((0, 3000), (1000, 2000)))
        _check_what_is_heard(clip_wav(sweep, span, silences=[silence]), start_ms)


@pytest.mark.parametrize("suffix", ["mp4", "webm"])
def test_what_is_silent_in_a_clip_is_what_was_asked_for_also_after_a_pause_in_the_recording(
    tmp_path: Path, suffix: str
):
    sweep = a_sweep(tmp_path / f"sweep.{suffix}", 30, pause=(10, 4))
    clip = clip_wav(sweep, Span(9_000, 18_000), silences=[Span(16_000, 17_000)])
    samples, rate_hz = samples_of(clip)
    assert len(samples) / rate_hz == pytest.approx(9.0, abs=0.002)
    tail = BytesIO()
    with wave.open(tail, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(samples[6 * rate_hz :].tobytes())
    _check_what_is_heard(tail.getvalue(), 15_000)


def _check_what_is_heard(clip: bytes, start_ms: int) -> None:
    """Its second second is silent, and what is before and after it is from where it belongs."""
    samples, rate_hz = samples_of(clip)
    second = samples[:, 0].reshape(-1)
    assert not second[rate_hz : 2 * rate_hz].any()
    for at_s in (0.3, 2.2):
        heard = second[round(at_s * rate_hz) : round((at_s + 0.5) * rate_hz)]
        assert where_in_sweep(heard) == pytest.approx(start_ms / 1000 + at_s, abs=0.002)


def _write(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(samples.shape[1])
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(samples.tobytes())


@pytest.mark.parametrize("span", [Span(5, 5), Span(0, 700_000), Span(60_000, 61_000)])
def test_a_clip_of_nothing_too_much_or_beyond_the_end_is_refused(tmp_path: Path, span: Span):
    with pytest.raises(MediaError, match="choose another"):
        clip_wav(a_recording(tmp_path / "a.wav"), span)
