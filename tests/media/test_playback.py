"""The copy for playing: in step with the original, as small as needed, with the picture where there is one."""

import zlib
from pathlib import Path

import av
import numpy as np
import pytest

from coding_app.errors import MediaError
from coding_app.media.decode import SAMPLE_RATE_HZ, decode_to_pcm, open_pcm
from coding_app.media.limits import copy_limited
from coding_app.media.playback import PICTURE_LINES, write_copy
from coding_app.media.probe import probe
from tests.media.recordings import SECONDS, TONE_FROM_S, a_moving_picture, a_recording


def tone_starts(path: Path) -> float:
    samples = open_pcm(decode_to_pcm(path, path.with_suffix(".pcm")).path)
    return int(np.argmax(np.abs(samples.astype(int)) > 2000)) / SAMPLE_RATE_HZ


@pytest.mark.parametrize("suffix", ["avi", "wav", "mp3"])
def test_the_copy_plays_in_browsers_and_lies_in_step(tmp_path: Path, suffix: str):
    source = a_recording(tmp_path / f"a.{suffix}", channels=2)
    before = source.read_bytes()
    assert copy_limited(source, tmp_path / "copy.webm") == "sound"
    found = probe(tmp_path / "copy.webm")
    assert (found.playable, found.media_type, found.n_channels) == (True, "audio/webm", 2)
    assert found.duration_ms == pytest.approx(SECONDS * 1000, abs=60)
    assert tone_starts(tmp_path / "copy.webm") == pytest.approx(TONE_FROM_S, abs=0.03)
    assert source.read_bytes() == before


def test_sound_that_begins_late_stays_late_in_the_copy(tmp_path: Path):
    source = a_recording(tmp_path / "a.webm", first_ms=3000)
    write_copy(source, tmp_path / "copy.webm")
    assert tone_starts(tmp_path / "copy.webm") == pytest.approx(TONE_FROM_S + 3, abs=0.03)


def test_a_videos_picture_is_kept_small_and_in_step(tmp_path: Path):
    source = a_moving_picture(tmp_path / "a.mp4", seconds=6)
    assert copy_limited(source, tmp_path / "copy.webm") == "video"
    assert probe(tmp_path / "copy.webm").playable
    with av.open(str(tmp_path / "copy.webm")) as copy:
        stream = copy.streams.video[0]
        assert stream.height <= PICTURE_LINES
        where = [
            (float(frame.time), int(frame.to_ndarray(format="gray").mean(axis=0).argmax()) / frame.width)
            for frame in copy.decode(stream)
        ]
    assert len(where) >= 50
    for at_s, place in where:
        assert place == pytest.approx(at_s / 6, abs=0.08)


def test_sound_and_picture_lie_side_by_side_in_the_copy(tmp_path: Path):
    write_copy(a_recording(tmp_path / "a.avi", video=True), tmp_path / "copy.webm")
    with av.open(str(tmp_path / "copy.webm")) as copy:
        ends = {"audio": 0.0, "video": 0.0}
        for packet in copy.demux():
            if packet.pts is None:
                continue
            ends[packet.stream.type] = float(packet.pts * packet.time_base)
            assert abs(ends["audio"] - ends["video"]) < 2.5


def test_a_picture_that_would_take_all_memory_costs_only_the_picture(tmp_path: Path):
    path = tmp_path / "bomb.mov"
    with av.open(str(path), "w", format="mov") as out:
        picture = out.add_stream("png", rate=5)
        picture.width = picture.height = 64
        picture.pix_fmt = "rgb24"
        sound = out.add_stream("pcm_s16le", rate=48_000, layout="mono")
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            frame.pts = number
            out.mux(picture.encode(frame))
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 48_000), np.int16), format="s16", layout="mono")
        frame.rate, frame.pts = 48_000, 0
        out.mux([*sound.encode(frame), *sound.encode(None), *picture.encode(None)])
    content = path.read_bytes()
    at = content.index(b"IHDR")
    old, wide = content[at : at + 21], (30_000).to_bytes(4, "big")
    new = b"IHDR" + wide + wide + old[12:17]
    path.write_bytes(content.replace(old, new + zlib.crc32(new).to_bytes(4, "big")))
    assert copy_limited(path, tmp_path / "copy.webm") == "sound"
    assert [each.name for each in tmp_path.glob("*.part")] == []


def test_a_copy_that_cannot_be_made_leaves_nothing(tmp_path: Path):
    (tmp_path / "a.wav").write_bytes(b"text" * 900)
    with pytest.raises(MediaError):
        copy_limited(tmp_path / "a.wav", tmp_path / "copy.webm")
    assert [each.name for each in tmp_path.iterdir()] == ["a.wav"]
