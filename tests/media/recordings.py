"""Makes small recordings in any form with PyAV: half silence, then a tone."""

from pathlib import Path

import av
import numpy as np

RATE_HZ, SECONDS = 48_000, 12
TONE_FROM_S = SECONDS / 2
SWEEP_FROM_HZ, SWEEP_HZ = 300, 100
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


def a_sweep(path: Path, seconds: int, pause: tuple[int, int] = (0, 0)) -> Path:
    """A tone that climbs by SWEEP_HZ each second, so that what is heard tells where in the recording it lies.

    pause: (from which second, how many): that nothing was recorded there, the clock going on.
    """
    time = np.arange(seconds * RATE_HZ) / RATE_HZ
    phase = 2 * np.pi * (SWEEP_FROM_HZ * time + SWEEP_HZ * time**2 / 2)
    tone = (np.sin(phase) * 12_000).astype(np.int16)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(CODECS[path.suffix[1:]], rate=RATE_HZ)
        stream.layout = "mono"
        _write_sound(container, stream, tone, pause)
    return path


def where_in_sweep(sound: np.ndarray) -> float:
    """The second of the sweep at which this piece of it begins; sound: shape (n,), RATE_HZ per second."""
    spectrum = np.fft.fft(sound)
    spectrum[len(sound) // 2 :] = 0  # what is left has an angle that grows with the tone's phase
    angle = np.unwrap(np.angle(np.fft.ifft(spectrum)))
    inner = np.arange(len(sound) // 8, len(sound) - len(sound) // 8)  # the ends of the piece disturb it
    hertz = np.polyfit(inner, angle[inner], 1)[0] * RATE_HZ / (2 * np.pi)
    return float((hertz - SWEEP_FROM_HZ) / SWEEP_HZ - len(sound) / 2 / RATE_HZ)


def a_moving_picture(path: Path, seconds: int) -> Path:
    """A video of a bright bar that crosses the picture once, from the first moment to the last, with a tone."""
    n_frames, wide, tall = seconds * 10, 160, 96
    with av.open(str(path), "w") as container:
        picture = container.add_stream("libvpx" if path.suffix == ".webm" else "libx264", rate=10)
        picture.width, picture.height, picture.pix_fmt = wide, tall, "yuv420p"
        sound = container.add_stream(CODECS[path.suffix[1:]], rate=RATE_HZ)
        sound.layout = "mono"
        for number in range(n_frames):
            image = np.zeros((tall, wide, 3), np.uint8)
            left = number * wide // n_frames
            image[:, left : left + 8] = 255
            container.mux(picture.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(picture.encode(None))
        time = np.arange(seconds * RATE_HZ) / RATE_HZ
        _write_sound(container, sound, (np.sin(2 * np.pi * 440 * time) * 8000).astype(np.int16))
    return path


def _write_sound(container, stream, samples: np.ndarray, pause: tuple[int, int] = (0, 0)) -> None:
    first, last = pause[0] * RATE_HZ, sum(pause) * RATE_HZ
    for start in range(0, len(samples), 1024):
        if first <= start < last:
            continue
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples[None, start : start + 1024]), format="s16", layout="mono"
        )
        frame.rate, frame.pts = RATE_HZ, start
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def without_its_second_half(path: Path) -> Path:
    """The file as a broken-off copy leaves it."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path
