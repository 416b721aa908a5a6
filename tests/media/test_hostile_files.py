"""Files that are no recordings, damaged ones and ones made to do harm: refused or handled, each with its sentence."""

import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from coding_app.errors import MediaError
from coding_app.media.levels import measure
from coding_app.media.limits import decode_limited, probe_limited
from tests.media import hostile
from tests.media.hostile import patched, pcm, renamed, text, truncated, wav

UNREADABLE = "is not a recording that can be read"
Build = Callable[[Path], Any]
REFUSED: list[tuple[str, Build, str]] = [
    ("nothing.wav", text(b""), r"empty \(0 bytes\)"),
    ("one byte.mp3", text(b"R"), UNREADABLE),
    ("notes.mp3", text(b"Session 3: client was late.\n" * 400), UNREADABLE),
    ("subtitles.wav", text(b"1\n00:00:01,000 --> 00:00:02,000\nHello\n\n" * 99), UNREADABLE),
    ("noise.m4a", hostile.noise, UNREADABLE),
    ("zeros.mp4", text(bytes(1_000_000)), UNREADABLE),
    ("archive.wav", hostile.zipped, "is an archive"),
    ("zip bomb.mp3", hostile.zip_bomb, "is an archive"),
    ("packed.wav", hostile.gzipped, "is an archive"),
    ("program.wav", text(b"\x7fELF" + bytes(4000)), "is a program"),
    ("setup.mp3", text(b"MZ" + bytes(4000)), "is a program"),
    ("script.wav", text(b"#!/bin/sh\nrm -rf ~\n"), "is a program"),
    ("report.m4a", text(b"%PDF-1.7\n" * 500), "is a document or a picture"),
    ("photo.mp4", text(b"\xff\xd8\xff\xe0" + bytes(4000)), "is a document or a picture"),
    ("header only.wav", text(b"RIFF\x24\x00\x00\x00WAVEfmt "), UNREADABLE),
    ("no data.wav", lambda path: wav(path, b""), "holds no sound|cannot be decoded"),
    ("no channels.wav", lambda path: wav(path, pcm(), channels=0), f"no channels|{UNREADABLE}"),
    ("no rate.wav", lambda path: wav(path, pcm(), rate=0), f"cannot be decoded|{UNREADABLE}"),
    ("too fast.wav", lambda path: wav(path, pcm(), rate=4_000_000_000), UNREADABLE),
    ("4 MHz.wav", lambda path: wav(path, pcm(), rate=4_000_000), "4,000,000 samples a second"),
    ("60000 channels.wav", lambda path: wav(path, pcm(), channels=60_000), f"channels|{UNREADABLE}"),
    ("64 channels.wav", lambda path: wav(path, pcm(4) * 4, channels=64), "has 64 channels"),
    ("nine channels.wav", lambda path: wav(path, pcm(9), channels=9), "has 9 channels"),
    ("claims 2 GB.wav", lambda path: wav(path, pcm(), promised=2_000_000_000), "cut short: it should be 17:21:40"),
    ("half.wav", truncated("wav"), "cut short"),
    ("half.m4a", truncated("m4a"), "cut short"),
    ("half.webm", truncated("webm"), "cut short"),
    ("claims 49 days.flac", hostile.flac_that_claims, "cut short"),
    ("claims an age.webm", hostile.webm_that_claims, "cut short"),
    ("no index.m4a", hostile.without_moov, UNREADABLE),
    ("broken index.m4a", hostile.broken_moov, f"{UNREADABLE}|no sound track|cannot be decoded"),
    ("index without end.m4a", hostile.samples_without_end, f"{UNREADABLE}|memory|cut short"),
    ("boxes in boxes.m4a", hostile.nested_boxes, f"{UNREADABLE}|no sound track|SIGSEGV"),
    ("groups in groups.mkv", hostile.nested_matroska, f"{UNREADABLE}|no sound track|SIGSEGV"),
    ("protected.m4a", patched("m4a", b"mp4a", b"drms"), "copy-protected"),
    ("unknown codec.webm", patched("webm", b"A_OPUS", b"A_WHAT"), "cannot be decoded"),
    ("no sound.mp4", hostile.silent_video, "no sound track"),
    ("a picture.mkv", hostile.picture_only, "no sound track"),
    ("two in one.ogg", hostile.chained_ogg, "several recordings one after the other"),
    ("sixty tracks.mkv", hostile.many_streams, "holds 60 tracks"),
    ("list.wav", text(b"#EXTM3U\n#EXTINF:9,\nsecret.wav\n"), "is a playlist"),
    ("parts.wav", text(b"ffconcat version 1.0\nfile secret.wav\n"), "is a playlist"),
    ("stream.mp4", text(b'<?xml version="1.0"?>\n<MPD><BaseURL>secret.wav</BaseURL></MPD>'), "is a playlist"),
    ("call.wav", text(b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n"), UNREADABLE),
    ("late list.mp3", text(b"\n\n\n  #EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.wav\n"), "is a playlist"),
]  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """How a strange file that is a recording nevertheless is understood."""

    duration_ms: int
    playable: bool = True
    n_channels: int = 1
    has_video: bool = False


HANDLED: list[tuple[str, Build, Taken]] = [
    ("8 bit.wav", lambda path: wav(path, bytes([100, 150]) * 8000, bits=8), Taken(1000)),
    ("24 bit.wav", lambda path: wav(path, bytes(48_000), bits=24), Taken(1000)),
    ("384 kHz.wav", lambda path: wav(path, pcm(1, 384_000), rate=384_000), Taken(1000, playable=False)),
    ("six channels.wav", hostile.six_channels, Taken(1000, playable=False, n_channels=6)),
    ("eight channels.wav", lambda path: wav(path, pcm(8), channels=8), Taken(1000, False, 8)),
    ("not numbers.wav", hostile.not_numbers, Taken(2000)),
    ("far too loud.wav", hostile.far_too_loud, Taken(2000)),
    ("no length.wav", lambda path: wav(path, pcm(), promised=0xFFFFFFFF), Taken(1000)),
    ("strange chunk.wav", lambda path: wav(path, pcm(), before=b"LIST\x04\x00\x00\x00INFO"), Taken(1000)),
    ("wrong ending.txt", renamed("mp3"), Taken(12_000)),
    ("half.mp3", truncated("mp3"), Taken(6_000)),
    ("cover.mp3", hostile.song_with_a_cover, Taken(12_000)),
    ("five thousand tags.mkv", hostile.metadata_of_many_lines, Taken(1000, playable=False)),
    ("a tag of 250 MB.mp3", hostile.id3_bomb, Taken(12_000)),
    ("claims years.m4a", patched("m4a", b"mdhd", b"\xff\xff\xff\xf0", at=20), Taken(12_000)),
    ("claims ages.m4a", patched("m4a", b"mvhd", b"\xff\xff\xff\xf0", at=20), Taken(12_000)),
    ("camera.avi", renamed("avi"), Taken(12_000, playable=False)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "build", "sentence"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_is_no_recording_or_damaged_is_refused_in_a_sentence(
    tmp_path: Path, name: str, build: Build, sentence: str
):
    build(tmp_path / name)
    with pytest.raises(MediaError, match=sentence) as caught:
        probe_limited(tmp_path / name)
    assert str(caught.value).endswith(".")
    assert name not in str(caught.value)


@pytest.mark.parametrize(("name", "build", "taken"), HANDLED, ids=[each[0] for each in HANDLED])
def test_a_strange_recording_is_understood_decoded_and_measured(
    tmp_path: Path, name: str, build: Build, taken: Taken
):
    build(tmp_path / name)
    found = probe_limited(tmp_path / name)
    assert found.duration_ms == pytest.approx(taken.duration_ms, abs=120)
    assert (found.playable, found.n_channels, found.has_video) == (
        taken.playable, taken.n_channels, taken.has_video,
    )  # fmt: skip
    pcm_file = decode_limited(tmp_path / name, tmp_path / "out.pcm")
    assert pcm_file.n_samples == pytest.approx(taken.duration_ms * 16, abs=4000)
    sound = measure(tmp_path / name)
    assert all(-100 <= each.level <= 20 for each in sound.channels)


def test_ten_hours_of_silence_in_a_small_file_are_seen_as_ten_hours(tmp_path: Path):
    path = tmp_path / "silence.flac"
    hostile.hours_of_silence(path)
    assert path.stat().st_size < 2_000_000
    assert probe_limited(path).duration_ms == pytest.approx(36_000_000, abs=60_000)


def test_an_ogg_with_a_huge_last_moment_does_not_become_a_long_recording(tmp_path: Path):
    path = tmp_path / "a.opus"
    hostile.ogg_with_a_huge_last_moment(path)
    try:
        found_ms = probe_limited(path).duration_ms
    except MediaError:
        return
    assert found_ms > 3_600_000 * 24 or found_ms < 13_000  # far over any limit of length, or taken as it is


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and what was asked of it."""
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/secret.wav", paths
    server.shutdown()
    thread.join()
    server.server_close()


LISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{url}\n#EXT-X-ENDLIST\n",
    "hls after a tag": "ID3\x03\x00\x00\x00\x00\x00\x00#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{url}\n",
    "concat": "ffconcat version 1.0\nfile '{url}'\n",
    "dash": '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet><Representation>'
    "<BaseURL>{url}</BaseURL></Representation></AdaptationSet></Period></MPD>",
    "imf": '<AssetMap xmlns="http://www.smpte-ra.org/schemas/429-9/2007/AM"><Path>{url}</Path></AssetMap>',
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_of_parts_opens_no_address_and_no_other_file(
    tmp_path: Path, kind: str, asked: tuple[str, list[str]]
):
    url, paths = asked
    wav(tmp_path / "secret.wav", pcm(3))
    for target in (url, str(tmp_path / "secret.wav"), "secret.wav"):
        (tmp_path / "list.m3u8").write_text(LISTS[kind].format(url=target))
        with pytest.raises(MediaError):
            probe_limited(tmp_path / "list.m3u8")
    assert paths == []


def test_a_quicktime_file_whose_sound_lies_elsewhere_gives_no_sound_of_that_file(tmp_path: Path):
    hostile.mov_that_points_elsewhere(tmp_path / "a.mov", wav(tmp_path / "secret.wav", pcm(3)))
    try:
        found = probe_limited(tmp_path / "a.mov")
    except MediaError:
        return
    assert found.duration_ms == pytest.approx(12_000, abs=100)  # its own sound, as if nothing had been said
