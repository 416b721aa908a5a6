"""What a media file holds, and whether it can be used at all."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import SEEK_END
from typing import Any, BinaryIO

import av
from av.container import InputContainer

from coding_app.domain.times import clock
from coding_app.errors import MediaError
from coding_app.media.forms import EXPORT_AGAIN, READ_FORMS, check_is_no_other_kind, is_playable, media_type
from coding_app.media.opening import open_named
from coding_app.media.source import Sealed, Source, open_source
from coding_app.media.wav_header import promised_wav_ms

PROTECTED = re.compile(rb"stsd.{12}(?:enc[av]|drm[si])", re.DOTALL)
TELLS_ITS_LENGTH = {"flac", "mp4", "webm", "matroska"}
BACK_MS = 2000
READ_BYTES = 2 * 1024 * 1024
MAX_STREAMS, MAX_CHANNELS = 40, 8
RATES_HZ = range(4_000, 768_001)
READ_ONLY_THIS = {"format_whitelist": ",".join(READ_FORMS), "protocol_whitelist": "none"}


@dataclass(frozen=True, slots=True)
class Probe:
    """What is in a media file; media_type is what a browser's player needs to know.

    playable: whether today's browsers play the file as it is; else a copy is made for playing.
    """

    duration_ms: int
    sample_rate_hz: int
    n_channels: int
    has_video: bool
    media_type: str
    playable: bool = True


@contextmanager
def opened(path: Source) -> Iterator[InputContainer]:
    """The file opened by ffmpeg's libraries; raises MediaError when it is empty, unreadable or no recording."""
    try:
        # the file is opened by Python: ffmpeg would take "concat:..." or "http:..." in a name as a protocol
        with (
            _open(path) as file,
            av.open(file, metadata_errors="replace", options=READ_ONLY_THIS, io_open=_refuse) as container,
        ):
            assert isinstance(container, InputContainer)  # mode "r"
            yield container
    except MemoryError:
        raise
    except (av.error.FFmpegError, UnicodeError) as error:
        raise MediaError(
            "This file is not a recording that can be read: it is damaged, cut short or of another kind; "
            f"{EXPORT_AGAIN}."
        ) from error


def _refuse(_url: str, _flags: int, _options: dict[str, str]) -> BinaryIO:
    """A recording is one file: whatever else ffmpeg is made to open (a file, an address) is not opened."""
    raise MediaError("This file refers to other files and cannot be read alone; " + EXPORT_AGAIN + ".")


def _open(path: Source) -> BinaryIO:
    """The file, open at its beginning, once its bytes are found to be there and not protected."""
    if isinstance(path, Sealed):
        with open_source(path) as file:
            _check_bytes(file)
        return open_source(path)
    with open_named(path) as file:
        try:
            _check_bytes(file)
        except OSError as error:
            raise MediaError(
                "This file cannot be read to its end; copy it from the recorder again."
            ) from error
    return open_named(path)


def _check_bytes(file: BinaryIO) -> None:
    size = file.seek(0, SEEK_END)
    if size == 0:
        raise MediaError("This file is empty (0 bytes); copy it from the recorder again.")
    file.seek(0)
    head = file.read(READ_BYTES)
    check_is_no_other_kind(head[:64])
    protected = PROTECTED.search(head)
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
    if not stream.codec_context.channels:
        raise MediaError(f"The sound of this file has no channels; {EXPORT_AGAIN}.")
    return stream


def probe(path: Source) -> Probe:
    """Reads the whole file without decoding it (its true length is not always in its header).

    Raises MediaError when it is empty, not a recording, without sound, protected, cut short, or when its
    beginning cannot be decoded.
    """
    with opened(path) as container:
        stream = audio_stream(container)
        _check_numbers(container, stream)
        pictures = [each for each in container.streams.video if not is_cover(each)]
        form = media_type(container, bool(pictures))
        promised_ms = promised_wav_ms(path) or _promised_ms(container, stream, form)
        context = stream.codec_context
        sample_rate_hz, n_channels = int(context.sample_rate), int(context.channels)
        playable = is_playable(form, stream, pictures)
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
    return Probe(duration_ms, sample_rate_hz, n_channels, bool(pictures), form, playable)


def is_cover(stream: Any) -> bool:
    """Whether a video stream is only a cover picture."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _check_numbers(container: InputContainer, stream: Any) -> None:
    """Raises MediaError for numbers that no recorder writes."""
    if len(container.streams) > MAX_STREAMS:
        raise MediaError(
            f"This file holds {len(container.streams)} tracks, more than any recording of a session; {EXPORT_AGAIN}."
        )
    if stream.codec_context.channels > MAX_CHANNELS:
        raise MediaError(
            f"This recording has {stream.codec_context.channels} channels, more than the {MAX_CHANNELS} that can be "
            "used; mix it down to one or two and add it again."
        )
    if stream.codec_context.sample_rate not in RATES_HZ:
        raise MediaError(
            f"This recording states {stream.codec_context.sample_rate:,} samples a second, which no recorder writes; "
            f"{EXPORT_AGAIN}."
        )


def _promised_ms(container: InputContainer, stream: Any, form: str) -> int | None:
    """The length the header states, where headers are exact (an MP3's or Ogg's is a guess)."""
    if not TELLS_ITS_LENGTH & set(container.format.name.split(",")):
        return None
    if stream.duration:
        return int(stream.duration * stream.time_base * 1000)
    if form.startswith("audio/") and container.duration:
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
            if packet.pts is None:
                continue
            at_ms = float(packet.pts * stream.time_base * 1000) - start_ms
            if at_ms < end_ms - BACK_MS:
                raise MediaError(
                    "This file holds several recordings one after the other (its clock begins anew after "
                    f"{clock(round(end_ms))}); export it as one WAV, MP3 or M4A file and add that."
                )
            end_ms = max(end_ms, at_ms + float((packet.duration or 0) * stream.time_base * 1000))
    except av.error.FFmpegError:
        pass  # what was read so far counts; a header that promised more is reported by the caller
    return round(end_ms)
