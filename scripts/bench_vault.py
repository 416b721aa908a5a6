"""Measures sealed recordings: taking in, reading by range, and sending by a real server, with the memory it takes.

Prints, as JSON on the last line, for a recording of size_mb: write and read (MB/s), a range of 1 MiB somewhere in the
middle through the reader and over HTTP (median and 95th percentile, ms), the same for 64 KiB, the same range read
from a plain file, the server's shortest answer (http_nothing), and its memory before and after it has sent the whole
recording (MiB; Linux).

    python scripts/bench_vault.py --json [--smoke] [--segments]
"""

import argparse
import http.client
import io
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from coding_app.media.sealed import SealedReader, SealedWriter, new_key
from coding_app.media.source import open_source
from coding_app.settings import read_settings
from coding_app.ui import tokens
from coding_app.ui.requests import cookie_name
from coding_app.workflows import study
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.prepare_recording import prepare
from coding_app.workflows.wiring import open_app
from tests.e2e.server import Server

MIB = 2**20
N_RANGES = 200


def a_sound(path: Path, size_mb: int) -> Path:
    """Stereo WAV of noise, as long as it takes."""
    rng = np.random.default_rng(1)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(48_000)
        block = rng.integers(-3000, 3000, MIB // 2, dtype=np.int16).tobytes()
        for _ in range(size_mb):
            out.writeframes(block)
    return path


def places(size: int, n: int, count: int) -> Iterator[int]:
    """Beginnings of ranges of n bytes in the middle half."""
    rng = random.Random(1)
    for _ in range(count):
        yield rng.randrange(size // 4, max(size // 4 + 1, size * 3 // 4 - n))


def spread_ms(work: Callable[[int], object], starts: Iterator[int]) -> tuple[float, float]:
    """Median and 95th percentile of the times that work takes."""
    took = []
    for start in starts:
        began = time.perf_counter()
        work(start)
        took.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(took), 2), round(statistics.quantiles(took, n=20)[-1], 2)


def ranges_of(file: io.RawIOBase, n: int, count: int) -> tuple[float, float]:
    """Of the reader alone."""

    def read(start: int) -> None:
        file.seek(start)
        assert len(file.read(n) or b"") == n

    size = file.seek(0, os.SEEK_END)
    return spread_ms(read, places(size, n, count))


def over_http(server: Server, path: str, cookie: str, size: int, count: int) -> dict[str, float]:
    """Ranges on one kept connection, as a browser asks for them, and then all of it."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    figures: dict[str, float] = {}

    def get(start: int, n: int) -> None:
        connection.request("GET", path, headers={"Cookie": cookie, "Range": f"bytes={start}-{start + n - 1}"})
        answer = connection.getresponse()
        assert (answer.status, len(answer.read())) == (206, n)

    def health(_start: int) -> None:
        connection.request("GET", "/api/health")
        connection.getresponse().read()

    figures["http_nothing_ms_median"] = spread_ms(health, places(size, 1, count))[0]
    for name, n in (("1mib", MIB), ("64kib", 64 * 1024)):
        median, p95 = spread_ms(lambda start, n=n: get(start, n), places(size, n, count))
        figures |= {f"http_{name}_ms_median": median, f"http_{name}_ms_p95": p95}
    figures["server_mib_before"] = memory_mib(server)
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie})
    answer, n_got = connection.getresponse(), 0
    while block := answer.read(MIB):
        n_got += len(block)
    assert n_got == size
    figures["http_mb_per_s"] = round(size / 1e6 / (time.perf_counter() - began), 1)
    figures["server_mib_after"] = memory_mib(server)
    return figures


def memory_mib(server: Server) -> float:
    """Resident memory of the server process; 0 where the system does not tell."""
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status")
    found = re.search(r"VmRSS:\s+(\d+)", status.read_text()) if status.exists() else None
    return round(int(found[1]) / 1024, 1) if found else 0.0


def by_segment_size(size_mb: int, folder: Path) -> dict[str, float]:
    """Why segments have 64 KiB: the same with 1 MiB."""
    figures: dict[str, float] = {}
    for name, n_bytes in (("64kib", 64 * 1024), ("1mib", MIB)):
        key, path, block = new_key(), folder / name, os.urandom(MIB)
        began = time.perf_counter()
        with path.open("wb") as out:
            writer = SealedWriter(out, key, "bench", n_bytes)
            for _ in range(size_mb):
                writer.write(block)
            writer.finish()
            os.fsync(out.fileno())
        figures[f"segment_{name}_write_mb_per_s"] = round(
            size_mb * MIB / 1e6 / (time.perf_counter() - began), 1
        )
        reader = SealedReader(path.open("rb", buffering=0), key, "bench", n_bytes)  # type: ignore[arg-type]
        for wanted, n in (("1mib", MIB), ("32kib", 32 * 1024)):
            figures[f"segment_{name}_range_{wanted}_ms"] = ranges_of(reader, n, N_RANGES)[0]
        reader.close()
        path.unlink()
    return figures


def measured(folder: Path, size_mb: int, count: int) -> dict[str, float]:
    """Everything that needs a recording of a study."""
    sound = a_sound(folder / "sound.wav", size_mb)
    size, figures = sound.stat().st_size, {"size_mb": float(size_mb)}
    with open_app(read_settings(data_dir=folder / "data")) as app:
        began = time.perf_counter()
        app.vault.add_file(sound, 2 * size)
        figures["write_mb_per_s"] = round(size / 1e6 / (time.perf_counter() - began), 1)
        recording = add_file(app, study.create_study(app, "Bench", "alliance-core").id, sound)
        prepare(app, recording.id)
        with open_source(app.vault.source(recording.sha256)) as file:
            began = time.perf_counter()
            while file.read(MIB):
                pass
            figures["read_mb_per_s"] = round(size / 1e6 / (time.perf_counter() - began), 1)
            for name, n in (("1mib", MIB), ("64kib", 64 * 1024)):
                median, p95 = ranges_of(file, n, count)  # type: ignore[arg-type]
                figures |= {f"range_{name}_ms_median": median, f"range_{name}_ms_p95": p95}
        with sound.open("rb", buffering=0) as plain:
            figures["plain_range_1mib_ms_median"] = ranges_of(plain, MIB, count)[0]
        cookie = f"{cookie_name(recording.id)}={tokens.issue_recording_cookie(app, recording.id)}"
    server = Server(folder / "data")
    try:
        server.start()
        figures |= over_http(server, f"/api/recordings/{recording.id}/media", cookie, size, count)
    finally:
        server.stop()
    return figures


def main() -> None:
    """Runs the benchmark, with a key of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="only the JSON line")
    parser.add_argument("--smoke", action="store_true", help="a small recording: checks that it works")
    parser.add_argument("--segments", action="store_true", help="also compare sizes of segments")
    options = parser.parse_args()
    size_mb, count = (8, 20) if options.smoke else (500, N_RANGES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["CODING_APP_KEY_FILE"] = str(folder / "master.key")
        figures = measured(folder, size_mb, count)
        if options.segments:
            figures |= by_segment_size(size_mb, folder)
    if not options.json:
        for key, value in figures.items():
            print(f"{key:32} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
