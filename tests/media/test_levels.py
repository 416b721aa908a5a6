"""Measures of sound against signals whose values are known."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.sound import Sound, sound_as_json, sound_from_json
from coding_app.errors import MediaError
from coding_app.media.decode import decode_to_pcm, open_pcm
from coding_app.media.levels import measure, sound_of
from coding_app.media.meter import CLIP_LEVEL, CLIP_RUN, Meter
from tests.media.hostile import wav

DEMO = Path(__file__).parents[2] / "data" / "demo2" / "session.ogg"
RATE_HZ = 16_000
RNG = np.random.default_rng(7)


def of(*channels: np.ndarray, rate: int = RATE_HZ) -> Sound:
    """The measures of these channels (full scale = 1), handed over in uneven pieces as a decoder does."""
    meter = Meter(rate, len(channels))
    block = np.stack(channels).astype(np.float32)
    for start in range(0, block.shape[1], 1153):
        meter.add(block[:, start : start + 1153])
    meter.finish()
    return sound_of(meter)


def voice(seconds: int = 40, rms_db: float = -20.0, seed: int = 1, share: float = 0.6) -> np.ndarray:
    """Bursts of band-limited noise of 0.2 to 1.2 s with pauses between, of this level while they last."""
    rng = np.random.default_rng(seed)
    sound, at = np.zeros(seconds * RATE_HZ), 0
    while at < sound.size:
        talk = int(rng.uniform(0.2, 1.2) * RATE_HZ)
        burst = _band(rng.standard_normal(talk), 150, 3800)
        piece = sound[at : at + talk]
        piece[:] = (burst / np.sqrt(np.mean(burst**2)))[: piece.size] * 10 ** (rms_db / 20)
        at += talk + int(talk * (1 - share) / share)
    return sound


def _band(noise: np.ndarray, low_hz: float, high_hz: float) -> np.ndarray:
    spectrum = np.fft.rfft(noise)
    hertz = np.fft.rfftfreq(noise.size, 1 / RATE_HZ)
    spectrum[(hertz < low_hz) | (hertz > high_hz)] = 0
    return np.fft.irfft(spectrum, noise.size)


def hiss(like: np.ndarray, rms_db: float, seed: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(like.size) * 10 ** (rms_db / 20)


@pytest.mark.parametrize("speech_db", [-12.0, -20.0, -35.0, -50.0])
@pytest.mark.parametrize("snr_db", [10, 15, 20, 30, 40])
def test_speech_noise_and_their_distance_are_found_within_2_db(speech_db: float, snr_db: int):
    talk = voice(rms_db=speech_db)
    found = of(talk + hiss(talk, speech_db - snr_db)).channels[0]
    assert found.speech == pytest.approx(speech_db, abs=2)
    assert found.noise == pytest.approx(speech_db - snr_db, abs=2)
    assert found.snr_db == pytest.approx(snr_db, abs=2)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.8])
def test_how_much_somebody_speaks_is_found(share: float):
    talk = voice(share=share)
    found = of(talk + hiss(talk, -55))
    assert found.channels[0].speech_share == pytest.approx(share, abs=0.07)
    assert found.channels[0].speech == pytest.approx(-20, abs=1)


def test_the_level_of_a_full_scale_sine_is_minus_3_and_its_peak_0():
    sine = np.sin(2 * np.pi * 1000 * np.arange(RATE_HZ * 4) / RATE_HZ)
    found = of(sine).channels[0]
    assert found.level == pytest.approx(-3.01, abs=0.01)
    assert found.peak == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("make", [
    lambda n: np.zeros(n), lambda n: RNG.standard_normal(n) * 0.01,
    lambda n: 0.1 * np.sin(2 * np.pi * 50 * np.arange(n) / RATE_HZ),
], ids=["silence", "noise", "hum"])  # fmt: skip
def test_where_nothing_stands_out_nobody_speaks_and_no_distance_is_made_up(
    make: Callable[[int], np.ndarray],
):
    found = of(make(RATE_HZ * 20))
    assert (found.channels[0].speech, found.channels[0].snr_db) == (None, None)
    assert found.silence_share == 1.0


@pytest.fixture(scope="module")
def real_voices(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """A minute of the demo session, full scale = 1 at its loudest sample."""
    raw = tmp_path_factory.mktemp("voices") / "a.pcm"
    samples = open_pcm(decode_to_pcm(DEMO, raw).path)[: 60 * RATE_HZ].astype(float)
    return samples / np.abs(samples).max()


@pytest.mark.parametrize("over_db", [6, 12, 20])
def test_the_share_of_clipped_samples_of_real_voices_is_what_was_cut_off(
    real_voices: np.ndarray, over_db: int
):
    louder = real_voices * 10 ** (over_db / 20)
    found = of(np.clip(louder, -1, 1)).channels[0].clipped
    assert found == pytest.approx((np.abs(louder) >= 1).mean(), rel=0.1)
    assert of(real_voices).channels[0].clipped < 1e-5


@pytest.mark.parametrize("snr_db", [10, 20, 30])
def test_noise_put_under_real_voices_is_found_within_2_db(real_voices: np.ndarray, snr_db: int):
    frames = np.square(real_voices[: real_voices.size // 320 * 320]).reshape(-1, 320).mean(axis=1)
    talk = frames[frames > np.percentile(frames, 95) / 10**2.5].mean()  # within 25 dB of the loud moments
    noise = hiss(real_voices, 10 * np.log10(talk) - snr_db)
    assert of(0.3 * (real_voices + noise)).channels[0].snr_db == pytest.approx(snr_db, abs=2)


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_only_runs_of_samples_at_the_top_count_as_clipped(tops: list[bool]):
    samples = np.where(tops, CLIP_LEVEL + 0.005, 0.2)
    runs = "".join("x" if each else "." for each in tops).split(".")
    expected = sum(len(each) for each in runs if len(each) >= CLIP_RUN)
    meter = Meter(RATE_HZ, 1)
    meter.add(samples[None].astype(np.float32))
    meter.finish()
    assert meter.sums[0].clipped == expected


def test_an_offset_is_found_and_does_not_count_as_noise():
    talk = voice() + 0.05
    found = of(talk + hiss(talk, -60)).channels[0]
    assert found.dc == pytest.approx(0.05, abs=0.002)
    assert found.noise == pytest.approx(-60, abs=2)


def test_a_pair_of_channels_is_told_what_it_is():
    one, two = voice(seed=1), voice(seed=5)
    both = one + two
    assert of(one).channel_kind == "mono"
    assert of(one, one).channel_kind == "same"
    assert of(one, -one * 0.9).channel_kind == "opposite"
    assert of(one, np.zeros_like(one)).channel_kind == "one_silent"
    assert of(one, hiss(one, -75)).channel_kind == "one_silent"
    room = of(both + hiss(one, -50, 3), 0.8 * one + 1.1 * two + hiss(one, -50, 4))
    assert room.channel_kind == "stereo"
    assert of(one, two, both).channel_kind == "many"


@pytest.mark.parametrize("bleed_db", [-8, -12, -20])
@pytest.mark.parametrize("lower_db", [0, -10])
def test_two_peoples_microphones_are_recognised_although_each_hears_both(bleed_db: int, lower_db: int):
    talk = voice(seconds=60, seed=3)
    turns = (np.arange(talk.size) // (RATE_HZ * 5)) % 2 == 0
    one, two = talk * turns, talk * ~turns
    bleed, lower = 10 ** (bleed_db / 20), 10 ** (lower_db / 20)
    found = of(one + bleed * two + hiss(one, -60, 8), lower * (two + bleed * one) + hiss(one, -60, 9))
    assert found.channel_kind == "separate"
    assert min(found.dominance) > 0.3


@pytest.mark.parametrize(("high_hz", "telephone"), [(3400, True), (7500, False)])
def test_sound_as_narrow_as_a_call_is_recognised_at_any_rate(high_hz: int, telephone: bool):
    speech = RNG.standard_normal(RATE_HZ * 20)
    spectrum = np.fft.rfft(speech)
    hertz = np.fft.rfftfreq(speech.size, 1 / RATE_HZ)
    spectrum *= np.minimum(1, 500 / np.maximum(hertz, 1)) * (hertz < high_hz)  # falls by 6 dB an octave
    narrow = np.fft.irfft(spectrum)
    narrow /= np.abs(narrow).max()
    found = of(narrow)
    assert found.telephone is telephone
    assert found.bandwidth_hz == pytest.approx(high_hz, abs=300)


def test_what_is_no_number_counts_as_silence_and_is_counted():
    talk = voice(seconds=5)
    talk[100:150] = np.nan
    found = of(talk)
    assert found.n_damaged == 50
    assert np.isfinite([found.channels[0].level, found.channels[0].dc]).all()


@pytest.mark.parametrize("bits", [8, 16, 24])
def test_a_file_is_measured_at_its_own_rate_and_depth(tmp_path: Path, bits: int):
    sine = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(44_100 * 2) / 44_100)
    whole = np.round(sine * (2 ** (bits - 1) - 1)).astype(np.int64)
    if bits == 8:
        sound = (whole + 128).astype(np.uint8).tobytes()
    else:
        sound = b"".join(int(each).to_bytes(bits // 8, "little", signed=True) for each in whole)
    found = measure(wav(tmp_path / "a.wav", sound, rate=44_100, bits=bits))
    assert found.channels[0].level == pytest.approx(-9.03, abs=0.1)
    assert found.channels[0].peak == pytest.approx(-6.02, abs=0.15)


def test_measures_outlive_being_kept_as_json():
    found = of(voice(seconds=4), voice(seconds=4, seed=9))
    assert sound_from_json(sound_as_json(found)) == found


def test_a_file_without_a_sample_is_refused(tmp_path: Path):
    with pytest.raises(MediaError):
        measure(wav(tmp_path / "a.wav", b""))


@pytest.mark.parametrize("n_samples", [1, 100, 319, 321, 15_999])
def test_a_very_short_recording_is_measured(n_samples: int):
    found = of(np.full(n_samples, 0.25))
    assert found.channels[0].peak == pytest.approx(-12.04, abs=0.01)
    assert 0 <= found.silence_share <= 1
