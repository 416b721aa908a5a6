"""What a media file holds, and whether it can be used at all."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path
from typing import Any, BinaryIO

import av
from av.container import InputContainer

from coding_app.domain.times import clock
from coding_app.errors import MediaError
from coding_app.media.wav_header import promised_wav_ms

PROTECTED = re.compile(rb"stsd.{12}(?:enc[av]|drm[si])", re.DOTALL)
AUDIO_TYPES = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
}
WEBM_CODECS = {"vp8", "vp9", "av1", "opus", "vorbis"}
TELLS_ITS_LENGTH = {"flac", "mp4", "webm", "matroska"}
READ_BYTES = 2 * 1024 * 1024
EXPORT_AGAIN = "export it as WAV, MP3 or M4A and add it again"


@dataclass(frozen=True, slots=True)
class Probe:
    """What is in a media file; media_type is what a browser's player needs to know."""

    duration_ms: int
    sample_rate_hz: int
    n_channels: int
    has_video: bool
    media_type: str


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The file opened by ffmpeg's libraries; raises MediaError when it is empty, unreadable or no recording."""
    try:
        # the file is opened by Python: ffmpeg would take "concat:..." or "http:..." in a name as a protocol
        with _open(path) as file, av.open(file, metadata_errors="replace") as container:
            assert isinstance(container, InputContainer)  # mode "r"
            yield container
    except (av.error.FFmpegError, UnicodeError) as error:
        raise MediaError(
            "This file is not a recording that can be read: it is damaged, cut short or of another kind; "
            f"{EXPORT_AGAIN}."
        ) from error


def _open(path: Path) -> BinaryIO:
    """The file, open at its beginning, once its bytes are found to be there and not protected."""
    try:
        if path.is_dir():
            raise MediaError("This is a folder; name the recording in it.")
        if not path.is_file():
            raise MediaError("There is no such file; check its name and place.")
        with path.open("rb") as file:
            _check_bytes(file)
        return path.open("rb")
    except OSError as error:
        raise MediaError(
            "This file cannot be opened; check its name, its place and its permissions."
        ) from error


def _check_bytes(file: BinaryIO) -> None:
    size = file.seek(0, SEEK_END)
    if size == 0:
        raise MediaError("This file is empty (0 bytes); copy it from the recorder again.")
    file.seek(0)
    protected = PROTECTED.search(file.read(READ_BYTES))
    file.seek(max(0, size - READ_BYTES))
    protected = protected or PROTECTED.search(file.read(READ_BYTES))
    if protected:
        raise MediaError(f"This recording is copy-protected (DRM) and cannot be read; {EXPORT_AGAIN}.")


def audio_stream(container: InputContainer) -> Any:
    """The first audio stream; raises MediaError when there is none or no decoder knows it."""
    if not container.streams.audio:
        raise MediaError("This file has no sound track; add the recording that holds the sound.")
    stream = container.streams.audio[0]
    if stream.codec_context is None or not stream.codec_context.sample_rate:
        raise MediaError(f"The sound of this file is in a form that cannot be decoded; {EXPORT_AGAIN}.")
    return stream


def probe(path: Path) -> Probe:
    """Reads the whole file without decoding it (its true length is not always in its header).

    Raises MediaError when it is empty, not a recording, without sound, protected, cut short, or when its
    beginning cannot be decoded.
    """
    with opened(path) as container:
        stream = audio_stream(container)
        has_video = any(not _is_cover(each) for each in container.streams.video)
        media_type = _media_type(container, has_video)
        promised_ms = promised_wav_ms(path) or _promised_ms(container, stream, media_type)
        context = stream.codec_context
        sample_rate_hz, n_channels = int(context.sample_rate), int(context.channels)
        _check_decodable(container, stream)
        container.seek(0)
        duration_ms = _length_ms(container, stream)
    if promised_ms and promised_ms - duration_ms > max(1000, promised_ms // 50):
        raise MediaError(
            f"This recording is cut short: it should be {clock(promised_ms)} long but ends at "
            f"{clock(duration_ms)}; copy it again, or export the part that is there as a new file."
        )
    if duration_ms == 0:
        raise MediaError(f"This recording holds no sound; {EXPORT_AGAIN}.")
    return Probe(duration_ms, sample_rate_hz, n_channels, has_video, media_type)


def _is_cover(stream: Any) -> bool:
    """Whether a video stream is only a cover picture."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _media_type(container: InputContainer, has_video: bool) -> str:
    names = container.format.name.split(",")
    kind = "video" if has_video else "audio"
    if "mp4" in names:
        return f"{kind}/mp4"
    if "webm" in names:
        codecs = {each.codec_context.name for each in container.streams if each.codec_context}
        return (
            f"{kind}/webm"
            if codecs <= WEBM_CODECS | {"libdav1d", "libvpx", "libvpx-vp9", "libopus"}
            else f"{kind}/x-matroska"
        )
    for name in names:
        if name in AUDIO_TYPES:
            return "video/ogg" if name == "ogg" and has_video else AUDIO_TYPES[name]
    raise MediaError(
        f"A web browser cannot play this kind of file ({container.format.long_name}); {EXPORT_AGAIN}."
    )


def _promised_ms(container: InputContainer, stream: Any, media_type: str) -> int | None:
    """The length the header states, where headers are exact (an MP3's or Ogg's is a guess)."""
    if not TELLS_ITS_LENGTH & set(container.format.name.split(",")):
        return None
    if stream.duration:
        return int(stream.duration * stream.time_base * 1000)
    if media_type.startswith("audio/") and container.duration:
        return int(container.duration * 1000 // av.time_base)
    return None


def _check_decodable(container: InputContainer, stream: Any, n_packets: int = 50) -> None:
    """Raises MediaError when none of the first packets gives any sound."""
    last: Exception | None = None
    for number, packet in enumerate(container.demux(stream)):
        try:
            if packet.decode():
                return
        except av.error.FFmpegError as error:
            last = error
        if number >= n_packets:
            break
    raise MediaError(
        "The sound of this file cannot be decoded: it is damaged, protected or in an unknown form; "
        f"{EXPORT_AGAIN}."
    ) from last


def origin_ms(container: InputContainer, stream: Any) -> float:
    """Where the player's time zero lies in the stream's own time stamps.

    MP4 and WebM players count from stamp zero; other formats from the first sample.
    """
    if {"mp4", "webm"} & set(container.format.name.split(",")) or stream.start_time is None:
        return 0.0
    return float(stream.start_time * stream.time_base * 1000)


def _length_ms(container: InputContainer, stream: Any) -> int:
    """End of the last audio packet on the player's clock; packets after damage are not counted."""
    start_ms, end_ms = origin_ms(container, stream), 0.0
    try:
        for packet in container.demux(stream):
            if packet.pts is not None:
                stamp = packet.pts + (packet.duration or 0)
                end_ms = max(end_ms, float(stamp * stream.time_base * 1000) - start_ms)
    except av.error.FFmpegError:
        pass  # what was read so far counts; a header that promised more is reported by the caller
    return round(end_ms)
