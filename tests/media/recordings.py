"""Makes small recordings in any form with PyAV: half silence, then a tone."""

from pathlib import Path

import av
import numpy as np

RATE_HZ, SECONDS = 48_000, 12
TONE_FROM_S = SECONDS / 2
CODECS = {
    "wav": "pcm_s16le", "mp3": "libmp3lame", "m4a": "aac", "mp4": "aac", "ogg": "libopus", "webm": "libopus",
    "flac": "flac", "avi": "libmp3lame",
}  # fmt: skip


def a_recording(
    path: Path, *, channels: int = 1, video: bool = False, sound: bool = True, first_ms: int = 0
) -> Path:
    """Writes a recording whose form the suffix tells; first_ms: time stamp of its first sample."""
    layout = "stereo" if channels == 2 else "mono"
    with av.open(str(path), "w") as container:
        if video:
            picture = container.add_stream("libvpx" if path.suffix == ".webm" else "mpeg4", rate=5)
            picture.width = picture.height = 64
            picture.pix_fmt = "yuv420p"
        if sound:
            stream = container.add_stream(CODECS[path.suffix[1:]], rate=RATE_HZ)
            stream.layout = layout
        if video:
            for _ in range(SECONDS * 5):
                frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
                container.mux(picture.encode(frame))
            container.mux(picture.encode(None))
        if sound:
            for frame in _frames(channels, layout, first_ms):
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return path


def _frames(channels: int, layout: str, first_ms: int):
    """The first channel carries a 440 Hz tone in the second half, the second one silence."""
    time = np.arange(SECONDS * RATE_HZ) / RATE_HZ
    tone = (np.sin(2 * np.pi * 440 * time) * 8000 * (time >= TONE_FROM_S)).astype(np.int16)
    packed = tone if channels == 1 else np.stack([tone, np.zeros_like(tone)], axis=1).reshape(-1)
    for start in range(0, len(tone), 1024):
        block = packed[start * channels : (start + 1024) * channels]
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block[None]), format="s16", layout=layout)
        frame.rate = RATE_HZ
        frame.pts = start + first_ms * RATE_HZ // 1000
        yield frame


def without_its_second_half(path: Path) -> Path:
    """The file as a broken-off copy leaves it."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path
