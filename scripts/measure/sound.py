"""A long recording for measurements: people of several recordings, one after the other, again and again."""

import tempfile
import wave
from itertools import cycle
from pathlib import Path

from coding_app.media.decode import SAMPLE_RATE_HZ, decode_to_pcm

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "speech"
DEMO = ROOT / "data" / "demo"
PARTS = ("session240.flac", "dlg_1688_2033.flac", "gcp_commercial_mono.wav", "pyannote_sample.wav")
BYTES_PER_SECOND = 2 * SAMPLE_RATE_HZ


def long_recording(out: Path, seconds: float, parts: tuple[str, ...] = PARTS) -> Path:
    """Writes a WAV file (16 kHz, one channel) of this length and returns its path.

    parts: names of shared recordings; where they are not on this machine, the demo session stands in.
    """
    sources = [SHARED / name for name in parts if (SHARED / name).is_file()] or [min(DEMO.glob("session.*"))]
    left = round(seconds * SAMPLE_RATE_HZ) * 2
    with tempfile.TemporaryDirectory() as folder, wave.open(str(out), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        decoded = [decode_to_pcm(source, Path(folder) / f"{n}.pcm").path for n, source in enumerate(sources)]
        for path in cycle(decoded):
            if left <= 0:
                return out
            samples = path.read_bytes()[:left]
            file.writeframes(samples)
            left -= len(samples)
    raise AssertionError("There is always another part.")
