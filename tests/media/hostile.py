"""Builds files that are no recordings, damaged ones, strange ones, and ones made to do harm."""

import gzip
import os
import struct
import zipfile
from pathlib import Path

import av
import numpy as np

from tests.media.recordings import a_recording, without_its_second_half

RATE_HZ = 16_000


def wav(
    path: Path, sound: bytes, *, channels: int = 1, rate: int = RATE_HZ, bits: int = 16, form: int = 1,
    promised: int | None = None, before: bytes = b"",
) -> Path:  # fmt: skip
    """A WAV file whose header says whatever is wanted."""
    width = max(1, channels * bits // 8)
    head = struct.pack("<HHIIHH", form, channels, rate, rate * width & 0xFFFFFFFF, width & 0xFFFF, bits)
    size = len(sound) if promised is None else promised
    body = (
        b"WAVE" + b"fmt " + struct.pack("<I", 16) + head + before + b"data" + struct.pack("<I", size) + sound
    )
    path.write_bytes(b"RIFF" + struct.pack("<I", min(len(body), 0xFFFFFFFF)) + body)
    return path


def tone(seconds: float = 1.0, rate: int = RATE_HZ) -> np.ndarray:
    return np.sin(2 * np.pi * 220 * np.arange(int(seconds * rate)) / rate) * 0.3


def pcm(seconds: float = 1.0, rate: int = RATE_HZ) -> bytes:
    return (tone(seconds, rate) * 32767).astype("<i2").tobytes()


def text(content: bytes):
    return lambda path: path.write_bytes(content)


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("session.wav", pcm())


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("session.wav", bytes(20_000_000))


def gzipped(path: Path) -> None:
    path.write_bytes(gzip.compress(pcm()))


def noise(path: Path) -> None:
    path.write_bytes(np.random.default_rng(4).bytes(200_000))


def patched(suffix: str, old: bytes, new: bytes, *, video: bool = False, at: int = 0, last: bool = False):
    """A good recording with bytes replaced: `new` is written `at` bytes after the first (or last) `old`."""

    def build(path: Path) -> None:
        content = bytearray(a_recording(path.with_suffix(f".{suffix}"), video=video).read_bytes())
        place = (content.rindex(old) if last else content.index(old)) + at
        content[place : place + len(new)] = new
        path.with_suffix(f".{suffix}").unlink()
        path.write_bytes(content)

    return build


def truncated(suffix: str):
    def build(path: Path) -> None:
        without_its_second_half(a_recording(path.with_suffix(f".{suffix}"))).rename(path)

    return build


def renamed(suffix: str):
    return lambda path: a_recording(path.with_suffix(f".{suffix}")).rename(path)


def without_moov(path: Path) -> None:
    content = a_recording(path.with_suffix(".m4a")).read_bytes()
    path.write_bytes(content[: content.index(b"moov") - 4])


def silent_video(path: Path) -> None:
    a_recording(path.with_suffix(".mp4"), video=True, sound=False).rename(path)


def hours_of_silence(path: Path, hours: int = 10) -> None:
    """Ogg Opus in which every 60 ms are one byte ("nothing new"): about 125 kB an hour."""
    head = b"OpusHead" + struct.pack("<BBHIHB", 1, 1, 0, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 0) + struct.pack("<I", 0)
    pages = [_ogg_page(0, 0, [head], 2), _ogg_page(1, 0, [tags])]
    pages += [
        _ogg_page(number + 2, (number + 1) * 255 * 2880, [b"\x18"] * 255, 4 * (number + 1 == hours * 235))
        for number in range(hours * 235)
    ]
    path.write_bytes(b"".join(pages))


def _ogg_page(number: int, moment: int, packets: list[bytes], kind: int = 0) -> bytes:
    sizes = bytes(map(len, packets))
    page = (
        b"OggS\x00"
        + struct.pack("<BqIII", kind, moment, 7, number, 0)
        + bytes([len(sizes)])
        + sizes
        + b"".join(packets)
    )
    return page[:22] + struct.pack("<I", _ogg_crc(page)) + page[26:]


def flac_that_claims(path: Path) -> None:
    """STREAMINFO's 36 bits of length all set: 49 days at 16 kHz."""
    content = bytearray(a_recording(path.with_suffix(".flac")).read_bytes())
    content[21] |= 0x0F
    content[22:26] = b"\xff\xff\xff\xff"
    path.write_bytes(content)


def webm_that_claims(path: Path) -> None:
    content = bytearray(a_recording(path.with_suffix(".webm")).read_bytes())
    place = content.index(b"\x44\x89\x88") + 3  # Duration, 8 bytes
    content[place : place + 8] = struct.pack(">d", 1e15)
    path.write_bytes(content)


def ogg_with_a_huge_last_moment(path: Path) -> None:
    content = bytearray(a_recording(path.with_suffix(".ogg")).read_bytes())
    page = content.rindex(b"OggS")
    content[page + 6 : page + 14] = struct.pack("<q", 2**60)
    content[page + 22 : page + 26] = bytes(4)
    content[page + 22 : page + 26] = struct.pack("<I", _ogg_crc(content[page:]))
    path.write_bytes(content)


def _crc_of(byte: int) -> int:
    crc = byte << 24
    for _ in range(8):
        crc = ((crc << 1) ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1) & 0xFFFFFFFF
    return crc


CRCS = [_crc_of(byte) for byte in range(256)]


def _ogg_crc(page: bytes) -> int:
    crc = 0
    for byte in page:
        crc = (crc << 8 & 0xFFFFFFFF) ^ CRCS[crc >> 24 ^ byte]
    return crc


def chained_ogg(path: Path) -> None:
    one = a_recording(path.with_suffix(".ogg")).read_bytes()
    path.write_bytes(one + one)


def id3_bomb(path: Path) -> None:
    """An MP3 whose tag is a text of 250 MB (a hole in the file)."""
    size, sound = 250_000_000, a_recording(path.with_name("plain.mp3")).read_bytes()
    with path.open("wb") as out:
        out.write(b"ID3\x04\x00\x00" + _syncsafe(size + 10) + b"TXXX" + _syncsafe(size) + b"\x00\x00")
        out.seek(size, os.SEEK_CUR)
        out.write(sound)


def _syncsafe(n: int) -> bytes:
    return bytes((n >> shift) & 0x7F for shift in (21, 14, 7, 0))


def metadata_of_many_lines(path: Path) -> None:
    with av.open(str(path), "w", format="matroska") as out:
        out.metadata.update({f"TAG{number}": "x" * 1000 for number in range(5000)})
        _one_second(out, "pcm_s16le")


def many_streams(path: Path) -> None:
    with av.open(str(path), "w", format="matroska") as out:
        _one_second(out, *["pcm_s16le"] * 60)


def six_channels(path: Path) -> None:
    wav(path, np.repeat(np.frombuffer(pcm(), "<i2"), 6).tobytes(), channels=6)


def _one_second(out, *codecs: str) -> None:
    streams = [out.add_stream(codec, rate=RATE_HZ, layout="mono") for codec in codecs]
    samples = np.frombuffer(pcm(), np.int16)[None]
    for stream in streams:
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.rate, frame.pts = RATE_HZ, 0
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def picture_only(path: Path) -> None:
    with av.open(str(path), "w", format="matroska") as out:
        stream = out.add_stream("mjpeg", rate=1)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuvj420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        out.mux(stream.encode(frame.reformat(format="yuvj420p")))
        out.mux(stream.encode(None))


def song_with_a_cover(path: Path) -> None:
    """An MP3 with a picture in its tag: sound, no video."""
    picture = b"\x00image/png\x00\x03\x00" + _png()
    frame = b"APIC" + _syncsafe(len(picture)) + b"\x00\x00" + picture
    path.write_bytes(
        b"ID3\x04\x00\x00"
        + _syncsafe(len(frame))
        + frame
        + a_recording(path.with_suffix(".mp3")).read_bytes()
    )


def _png() -> bytes:
    codec = av.CodecContext.create("png", "w")
    codec.width = codec.height = 8
    codec.pix_fmt, codec.time_base = "rgb24", 1
    frame = av.VideoFrame.from_ndarray(np.zeros((8, 8, 3), np.uint8), format="rgb24")
    return b"".join(bytes(each) for each in [*codec.encode(frame), *codec.encode(None)])


def nested_boxes(path: Path) -> None:
    """MP4 boxes in each other, 20,000 deep."""
    body = b""
    for _ in range(20_000):
        body = struct.pack(">I4s", len(body) + 8, b"udta") + body
    path.write_bytes(
        struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + struct.pack(">I4s", len(body) + 8, b"moov") + body
    )


def nested_matroska(path: Path) -> None:
    """EBML groups in each other, 400 deep, each said to be of unknown length."""
    head = bytes.fromhex(
        "1a45dfa3a34286810142f7810142f2810442f381084282886d6174726f736b6142878104428581 02".replace(" ", "")
    )
    path.write_bytes(head + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" * 400)


def samples_without_end(path: Path) -> None:
    """An MP4 whose index says that it has four thousand million samples."""
    content = bytearray(a_recording(path.with_suffix(".m4a")).read_bytes())
    place = content.index(b"stsz") + 12
    content[place : place + 4] = b"\xff\xff\xff\xf0"
    path.write_bytes(content)


def broken_moov(path: Path) -> None:
    content = bytearray(a_recording(path.with_suffix(".m4a")).read_bytes())
    place = content.index(b"stbl")
    content[place : place + 200] = np.random.default_rng(1).bytes(200)
    path.write_bytes(content)


def not_numbers(path: Path) -> None:
    sound = tone(2).astype("<f4")
    sound[100:400] = np.nan
    sound[500:600] = np.inf
    wav(path, sound.tobytes(), bits=32, form=3)


def far_too_loud(path: Path) -> None:
    wav(path, (tone(2) * 1e30).astype("<f4").tobytes(), bits=32, form=3)


def mov_that_points_elsewhere(path: Path, target: Path) -> None:
    """A QuickTime file whose sound is said to lie in another file."""
    content = a_recording(path.with_suffix(".mp4")).read_bytes()
    old = content[content.index(b"dref") + 12 : content.index(b"dref") + 24]
    assert old[4:8] == b"url "
    path.write_bytes(content.replace(old, struct.pack(">I4sI", 12, b"alis", 0), 1))
    assert target
