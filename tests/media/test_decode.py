"""Any form to 16 kHz samples, in step with what a player plays."""

import errno
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from coding_app.errors import MediaError, StoreError
from coding_app.media.decode import SAMPLE_RATE_HZ, decode_to_pcm, open_pcm
from tests.media.recordings import CODECS, SECONDS, TONE_FROM_S, a_recording


def tone_starts(samples: np.ndarray) -> float:
    return int(np.argmax(np.abs(samples.astype(int)) > 2000)) / SAMPLE_RATE_HZ


@pytest.mark.parametrize("suffix", CODECS)
def test_every_form_keeps_its_length_and_its_timing(tmp_path: Path, suffix: str):
    pcm = decode_to_pcm(a_recording(tmp_path / f"a.{suffix}"), tmp_path / "a.pcm")
    samples = open_pcm(pcm.path)
    assert len(samples) == pcm.n_samples == pytest.approx(SECONDS * SAMPLE_RATE_HZ, abs=0.06 * SAMPLE_RATE_HZ)
    assert tone_starts(samples) == pytest.approx(TONE_FROM_S, abs=0.03)


def test_sound_that_begins_late_in_a_webm_stays_late(tmp_path: Path):
    path = a_recording(tmp_path / "a.webm", first_ms=3000)
    samples = open_pcm(decode_to_pcm(path, tmp_path / "a.pcm").path)
    assert tone_starts(samples) == pytest.approx(TONE_FROM_S + 3, abs=0.03)


def test_channels_can_be_taken_apart(tmp_path: Path):
    path = a_recording(tmp_path / "a.wav", channels=2)
    left = open_pcm(decode_to_pcm(path, tmp_path / "left.pcm", channel=0).path)
    right = open_pcm(decode_to_pcm(path, tmp_path / "right.pcm", channel=1).path)
    both = open_pcm(decode_to_pcm(path, tmp_path / "both.pcm").path)
    assert np.abs(left).max() > 7000
    assert np.abs(right).max() == 0
    assert np.abs(both).max() == pytest.approx(np.abs(left).max() / 2, rel=0.02)


def test_a_channel_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(MediaError, match=r"1 channel\(s\), so there is no channel 2"):
        decode_to_pcm(a_recording(tmp_path / "a.wav"), tmp_path / "a.pcm", channel=1)
    assert not (tmp_path / "a.pcm").exists()


def test_damage_in_the_middle_costs_only_the_damaged_part(tmp_path: Path):
    path = a_recording(tmp_path / "a.mp3")
    content = bytearray(path.read_bytes())
    third = len(content) // 3
    content[third : third + 3000] = bytes(3000)
    path.write_bytes(content)
    pcm = decode_to_pcm(path, tmp_path / "a.pcm")
    assert pcm.n_samples > 0.9 * SECONDS * SAMPLE_RATE_HZ


def test_progress_rises_to_the_end(tmp_path: Path):
    seen: list[float] = []
    decode_to_pcm(a_recording(tmp_path / "a.ogg"), tmp_path / "a.pcm", seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(1.0, abs=0.02)


def test_a_full_disk_is_said_and_leaves_no_file(tmp_path: Path):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full (Linux)")
    out = tmp_path / "a.pcm"
    out.symlink_to("/dev/full")
    with pytest.raises(StoreError, match="disk is full"):
        decode_to_pcm(a_recording(tmp_path / "a.wav"), out)
    assert not out.is_symlink()


def test_a_used_up_share_of_the_disk_is_said_as_a_full_disk(tmp_path: Path):
    def no_room_left(_: float) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    with pytest.raises(StoreError, match="disk is full"):
        decode_to_pcm(a_recording(tmp_path / "a.wav"), tmp_path / "a.pcm", no_room_left)
    assert not (tmp_path / "a.pcm").exists()


def test_a_long_recording_is_never_whole_in_memory(tmp_path: Path):
    path = a_recording(tmp_path / "a.wav")
    content = path.read_bytes()
    at = content.index(b"data")
    header, sound = content[: at + 8], content[at + 8 :]
    size = len(sound) * 15
    path.write_bytes(header[:at] + b"data" + size.to_bytes(4, "little") + sound * 15)  # 3 minutes, 17 MB
    tracemalloc.start()
    decode_to_pcm(path, tmp_path / "a.pcm")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000
