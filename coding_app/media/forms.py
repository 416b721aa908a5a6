"""The forms a recording may come in: which are read at all, what each is called, what a browser plays."""

from collections.abc import Iterable
from typing import Any

from coding_app.errors import MediaError

EXPORT_AGAIN = "export it as WAV, MP3 or M4A and add it again"
# Only these are tried: a playlist or a list of parts (HLS, DASH, concat ...) would have other files opened.
READ_FORMS = (
    "wav", "w64", "aiff", "caf", "au", "mp3", "flac", "aac", "ogg", "mov", "matroska", "avi", "asf", "amr", "ac3",
    "eac3", "mpegts", "mpeg", "flv", "wv", "ape", "tta", "dss",
)  # fmt: skip
MEDIA_TYPES = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "mp4": "audio/mp4",
    "matroska": "audio/x-matroska",
    "avi": "video/x-msvideo",
    "asf": "audio/x-ms-asf",
    "aiff": "audio/aiff",
    "au": "audio/basic",
    "amr": "audio/amr",
    "mpegts": "video/mp2t",
    "mpeg": "video/mpeg",
    "flv": "video/x-flv",
}
WEBM_CODECS = {"vp8", "vp9", "av1", "opus", "vorbis"}
# What Chromium, Firefox and Safari all play (mp4: Opus and FLAC too, in all three since 2023).
PLAYED = {
    "audio/wav": {"pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le"},
    "audio/mpeg": {"mp3"},
    "audio/flac": {"flac"},
    "audio/aac": {"aac"},
    "audio/ogg": {"opus", "vorbis", "flac"},
    "audio/mp4": {"aac", "mp3", "opus", "flac"},
    "audio/webm": {"opus", "vorbis"},
}
PLAYED_PICTURES = {"video/mp4": {"h264", "av1", "vp9"}, "video/webm": {"vp8", "vp9", "av1"}}
PLAYED_PIXELS = {"yuv420p", "yuvj420p", "nv12", None}
PLAYED_RATES_HZ = range(8_000, 96_001)
PLAYED_CHANNELS = 2
LIBRARIES = {"libdav1d": "av1", "libvpx": "vp8", "libvpx-vp9": "vp9", "libopus": "opus", "mp3float": "mp3"}
_SIGNATURES: tuple[tuple[tuple[bytes, ...], str], ...] = (
    (
        (b"#EXTM3U", b"ffconcat", b"[playlist]", b"<?xml", b"<smil", b"<asx", b"<ASX", b"<MPD", b"[Reference]"),
        "This file is a playlist or a list of parts, not a recording: it only names other files; add those.",
    ),
    ((b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf"),
     "This file is an archive (ZIP or the like); unpack it and add the recording that is in it."),
    ((b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"#!"),
     "This file is a program, not a recording; choose the file that holds the sound."),
    ((b"%PDF", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8"),
     "This file is a document or a picture, not a recording; choose the file that holds the sound."),
)  # fmt: skip


def check_is_no_other_kind(head: bytes) -> None:
    """Raises MediaError when a file's first bytes say that it is something else than a recording."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \r\n\t")
    if head.startswith(b"#!AMR"):  # a phone's recording, though it begins as a script does
        return
    for beginnings, sentence in _SIGNATURES:
        if head.startswith(beginnings):
            raise MediaError(sentence)


def media_type(container: Any, has_video: bool) -> str:
    """What a browser is told the file is, for example "video/mp4"; by its content, not its name."""
    names = container.format.name.split(",")
    if "webm" in names and {_codec(each) for each in container.streams} <= WEBM_CODECS:
        found = "audio/webm"
    else:
        name = next(
            (each for each in ("mp4", "matroska", *names) if each in names and each in MEDIA_TYPES), ""
        )
        found = MEDIA_TYPES.get(name, f"audio/x-{names[0]}")
    return found.replace("audio/", "video/") if has_video else found


def is_playable(found_type: str, sound: Any, pictures: Iterable[Any]) -> bool:
    """Whether today's browsers play the file as it is. sound, pictures: its streams."""
    context = sound.codec_context
    heard = (
        _codec(sound) in PLAYED.get(found_type.replace("video/", "audio/"), set())
        and context.sample_rate in PLAYED_RATES_HZ
        and context.channels <= PLAYED_CHANNELS
    )
    seen = all(
        _codec(each) in PLAYED_PICTURES.get(found_type, set()) and each.codec_context.pix_fmt in PLAYED_PIXELS
        for each in pictures
    )
    return heard and seen


def _codec(stream: Any) -> str | None:
    if stream.codec_context is None:
        return None
    name = str(stream.codec_context.name)
    return LIBRARIES.get(name, name)
