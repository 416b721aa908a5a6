"""What a media file holds, and a clear sentence for everything that is no recording."""

from pathlib import Path

import pytest

from coding_app.errors import MediaError
from coding_app.media.probe import probe
from tests.media.recordings import SECONDS, a_recording, without_its_second_half

FORMS = [
    ("wav", False, "audio/wav"),
    ("mp3", False, "audio/mpeg"),
    ("m4a", False, "audio/mp4"),
    ("mp4", True, "video/mp4"),
    ("ogg", False, "audio/ogg"),
    ("webm", False, "audio/webm"),
    ("webm", True, "video/webm"),
    ("flac", False, "audio/flac"),
]


@pytest.mark.parametrize(("suffix", "video", "media_type"), FORMS)
def test_each_form_that_can_be_uploaded_is_understood(
    tmp_path: Path, suffix: str, video: bool, media_type: str
):
    found = probe(a_recording(tmp_path / f"a.{suffix}", video=video))
    assert (found.media_type, found.has_video, found.n_channels) == (media_type, video, 1)
    assert found.duration_ms == pytest.approx(SECONDS * 1000, abs=60)
    assert found.sample_rate_hz == 48_000


def test_the_content_counts_not_the_name(tmp_path: Path):
    path = a_recording(tmp_path / "a.mp3").rename(tmp_path / "a.wav")
    assert probe(path).media_type == "audio/mpeg"


@pytest.mark.parametrize(
    "name", ['it\'s "quoted".wav', "录音 запись.wav", "concat:a|b.wav", "-i.wav", "a\nb.wav"]
)
def test_any_name_that_a_disk_can_hold_is_read(tmp_path: Path, name: str):
    path = a_recording(tmp_path / "a.wav").rename(tmp_path / name)
    assert probe(path).duration_ms == SECONDS * 1000


def test_two_channels_are_counted(tmp_path: Path):
    assert probe(a_recording(tmp_path / "a.wav", channels=2)).n_channels == 2


def test_a_path_that_cannot_be_opened_is_refused_in_a_sentence(tmp_path: Path):
    with pytest.raises(MediaError, match="cannot be opened"):
        probe(tmp_path / ("x" * 300 + ".wav"))


def test_a_folder_is_refused_as_one(tmp_path: Path):
    with pytest.raises(MediaError, match="is a folder"):
        probe(tmp_path)


def test_an_empty_file_is_refused(tmp_path: Path):
    (tmp_path / "a.wav").touch()
    with pytest.raises(MediaError, match=r"empty \(0 bytes\)"):
        probe(tmp_path / "a.wav")


@pytest.mark.parametrize(
    "content", [b"just some text\n" * 500, b"\x89PNG\r\n\x1a\n" + bytes(900), b"RIFF", bytes(9999)]
)
def test_what_is_no_recording_is_refused_whatever_its_name(tmp_path: Path, content: bytes):
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(MediaError, match=r"^This file (is |has no sound)"):
        probe(tmp_path / "a.mp4")


def test_a_video_without_sound_is_refused(tmp_path: Path):
    path = a_recording(tmp_path / "a.mp4", video=True, sound=False)
    with pytest.raises(MediaError, match="no sound track"):
        probe(path)


@pytest.mark.parametrize("suffix", ["wav", "flac", "webm"])
def test_a_broken_off_copy_is_refused_with_the_length_it_should_have(tmp_path: Path, suffix: str):
    path = without_its_second_half(a_recording(tmp_path / f"a.{suffix}"))
    with pytest.raises(MediaError, match="cut short: it should be 0:12 long"):
        probe(path)


@pytest.mark.parametrize("suffix", ["mp4", "m4a"])
def test_an_mp4_without_its_end_where_its_index_is_is_refused(tmp_path: Path, suffix: str):
    path = without_its_second_half(a_recording(tmp_path / f"a.{suffix}"))
    with pytest.raises(MediaError, match="cut short"):
        probe(path)


def test_a_broken_off_mp3_is_taken_as_long_as_it_is(tmp_path: Path):
    path = without_its_second_half(a_recording(tmp_path / "a.mp3"))
    assert probe(path).duration_ms == pytest.approx(SECONDS * 500, abs=500)


def test_a_wav_whose_recorder_wrote_no_length_is_taken_as_long_as_it_is(tmp_path: Path):
    path = a_recording(tmp_path / "a.wav")
    content = path.read_bytes()
    at = content.index(b"data") + 4
    path.write_bytes(content[:at] + b"\xff\xff\xff\xff" + content[at + 4 :])
    assert probe(path).duration_ms == SECONDS * 1000


def test_a_copy_protected_recording_is_refused(tmp_path: Path):
    path = a_recording(tmp_path / "a.m4a")
    path.write_bytes(path.read_bytes().replace(b"mp4a", b"drms", 1))
    with pytest.raises(MediaError, match="copy-protected"):
        probe(path)


def test_a_codec_nobody_knows_is_refused(tmp_path: Path):
    path = a_recording(tmp_path / "a.webm")
    path.write_bytes(path.read_bytes().replace(b"A_OPUS", b"A_WHAT", 1))
    with pytest.raises(MediaError, match=r"cannot be decoded.*export it"):
        probe(path)


@pytest.mark.parametrize(("suffix", "video", "playable"), [
    ("avi", False, False), ("avi", True, False), ("mp4", True, False), ("webm", True, True), ("m4a", False, True),
])  # fmt: skip
def test_a_form_that_browsers_do_not_play_is_taken_and_said_not_to_be_playable(
    tmp_path: Path, suffix: str, video: bool, playable: bool
):
    assert probe(a_recording(tmp_path / f"a.{suffix}", video=video)).playable is playable


def test_no_message_holds_the_name_of_the_file(tmp_path: Path):
    path = tmp_path / "Mrs Miller.wav"
    for content in (b"", b"text" * 99):
        path.write_bytes(content)
        with pytest.raises(MediaError) as caught:
            probe(path)
        assert "Miller" not in str(caught.value)


@pytest.mark.parametrize("head", [b"#!AMR\n", b"#!AMR-WB\n"])
def test_a_phones_amr_recording_is_no_program_though_it_begins_like_one(tmp_path: Path, head: bytes):
    frame = (
        b"\x3c" + bytes(31) if head == b"#!AMR\n" else b"\x44" + bytes(60)
    )  # 20 ms at 12.2 and 23.85 kbit/s
    (tmp_path / "a.amr").write_bytes(head + frame * 100)
    found = probe(tmp_path / "a.amr")
    assert (found.media_type, found.playable, found.n_channels) == ("audio/amr", False, 1)
    assert found.duration_ms == pytest.approx(2000, abs=100)
