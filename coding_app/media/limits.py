"""Reading of recordings in a child process with limits: a file made to do harm harms only that process.

ffmpeg's libraries parse what strangers recorded. Here a crash, an endless loop or a hunger for memory ends the
child, and the caller gets a sentence. The child lives for one task (it starts in about a tenth of a second).
"""

import contextlib
import json
import logging
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import IO, Any

from coding_app.domain.sound import Sound, sound_from_json
from coding_app.errors import MediaError, StoreError
from coding_app.media.decode import Pcm
from coding_app.media.forms import EXPORT_AGAIN
from coding_app.media.probe import Probe
from coding_app.media.source import Sealed, Source, as_json, file_of, remove_partial
from coding_app.settings import without_secrets

TICK_SECONDS = 0.5
MEBIBYTE = 2**20
_log = logging.getLogger(__name__)
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a task may use: address space, computing time, time on the clock, and bytes of one written file."""

    memory_mib: int = 1024
    cpu_seconds: int = 300
    wall_seconds: float = 600.0
    written_mib: int = 4096

    def for_size(self, size_bytes: int) -> "Limits":
        """The same with more time for a large file: a second more for each 5 MB."""
        more = size_bytes // 5_000_000
        return Limits(
            self.memory_mib, self.cpu_seconds + more, self.wall_seconds + 2 * more, self.written_mib
        )


PROBING = Limits(memory_mib=1024, cpu_seconds=60, wall_seconds=120.0, written_mib=0)
DECODING = Limits(memory_mib=1024, cpu_seconds=1800, wall_seconds=3600.0, written_mib=1200)  # 10 h of samples
MEASURING = Limits(memory_mib=1280, cpu_seconds=3600, wall_seconds=7200.0, written_mib=1200)
COPYING = Limits(memory_mib=2048, cpu_seconds=6 * 3600, wall_seconds=8 * 3600.0)


def probe_limited(path: Source, limits: Limits = PROBING) -> Probe:
    """As `probe`, in a child process; raises MediaError also when the child crashes or reaches a limit."""
    return Probe(**run_limited("probe", {"path": as_json(path)}, limits.for_size(_size(path))))


def decode_limited(
    source: Source,
    out_path: Path,
    on_progress: Callable[[float], None] | None = None,
    channel: int | None = None,
    limits: Limits = DECODING,
) -> Pcm:
    """As `decode_to_pcm`, in a child process; raises MediaError also when it crashes or reaches a limit."""
    task = {"source": as_json(source), "out_path": as_json(out_path), "channel": channel}
    try:
        done = run_limited("decode", task, limits.for_size(_size(source)), on_progress)
    except BaseException:
        out_path.unlink(missing_ok=True)  # what a killed child could not remove
        raise
    return Pcm(out_path, done["n_samples"])


def measure_limited(
    source: Source,
    peaks: Source | None,
    work_path: Path,
    on_progress: Callable[[float], None] | None = None,
    on_tick: Callable[[], None] | None = None,
) -> Sound:
    """As `measure`, in a child process, which also writes the peaks; None: they are there.

    work_path: where decoded samples may lie meanwhile.
    """
    task = {"source": as_json(source), "peaks": peaks and as_json(peaks), "work_path": as_json(work_path)}
    try:
        limits = MEASURING.for_size(_size(source))
        return sound_from_json(run_limited("measure", task, limits, on_progress, on_tick))
    finally:
        work_path.unlink(missing_ok=True)
        if peaks is not None:
            remove_partial(peaks)


def copy_limited(
    source: Source,
    out_path: Path,
    on_progress: Callable[[float], None] | None = None,
    on_tick: Callable[[], None] | None = None,
    target: Sealed | None = None,
) -> str:
    """As `write_copy`, in a child process; target: the copy is sealed there, and out_path removed."""
    task = {"source": as_json(source), "out_path": as_json(out_path), "target": target and as_json(target)}
    done = False
    try:
        holds = str(run_limited("copy", task, COPYING, on_progress, on_tick)["holds"])
        done = target is None
        return holds
    finally:
        out_path.with_name(out_path.name + ".part").unlink(missing_ok=True)
        if not done:
            out_path.unlink(missing_ok=True)
        if target is not None:
            remove_partial(target)


def run_limited(
    task: str,
    arguments: dict[str, Any],
    limits: Limits,
    on_progress: Callable[[float], None] | None = None,
    on_tick: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Runs one of the tasks of `limited_child` and returns its answer.

    on_tick is called about twice a second and may raise to stop the child. Raises MediaError when the file
    cannot be read or the child crashes or reaches a limit, StoreError when the disk is full.
    """
    request = {"task": task, "arguments": arguments, "limits": asdict(limits)}
    with _child(request) as (process, lines):
        for message in _messages(lines, limits, on_tick or (lambda: None)):
            if "progress" in message and on_progress is not None:
                on_progress(message["progress"])
            if "refused" in message:
                raise (StoreError if message["store"] else MediaError)(message["refused"])
            if "fault" in message:
                _log.warning("A recording could not be read: %s", message["fault"])
                raise MediaError(
                    f"This recording cannot be read: something in it is impossible; {EXPORT_AGAIN}."
                )
            if "done" in message:
                done: dict[str, Any] = message["done"]
                return done
        raise MediaError(crash_sentence(process.wait(), limits))


def crash_sentence(returncode: int, limits: Limits) -> str:
    """Why a child ended without an answer.

    >>> crash_sentence(-11, Limits())[:60]
    'This recording makes the decoder crash (SIGSEGV): it is dama'
    """
    if returncode == -getattr(signal, "SIGXCPU", 24):
        return (
            f"Reading this recording takes more than {_minutes(limits.cpu_seconds)} of computing, more than any "
            f"recording of its size should: it is damaged or made to do harm; {EXPORT_AGAIN}."
        )
    if returncode == -getattr(signal, "SIGKILL", 9):
        return (
            "Reading this recording was ended by the system, likely for want of memory; close other programs "
            f"and add it again, or {EXPORT_AGAIN}."
        )
    try:
        name = signal.Signals(-returncode).name
    except ValueError:
        name = f"exit status {returncode}"
    return (
        f"This recording makes the decoder crash ({name}): it is damaged or made to do harm; {EXPORT_AGAIN}."
    )


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} seconds"


@contextlib.contextmanager
def _child(
    request: dict[str, Any],
) -> Iterator[tuple[subprocess.Popen[bytes], "queue.SimpleQueue[bytes | None]"]]:
    """The child at work and the lines it says (None at the end); it is gone when the block is left."""
    lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    process = subprocess.Popen(
        [sys.executable, "-m", "coding_app.media.limited_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=without_secrets() | _ONE_THREAD,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    reader = threading.Thread(target=_read, args=(process.stdout, lines), daemon=True)
    reader.start()
    try:
        with contextlib.suppress(BrokenPipeError):  # dead already: its exit status tells how
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
        yield process, lines
    finally:
        process.kill()
        process.wait()
        reader.join()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _read(stdout: IO[bytes], lines: "queue.SimpleQueue[bytes | None]") -> None:
    for line in stdout:
        lines.put(line)
    lines.put(None)


def _messages(
    lines: "queue.SimpleQueue[bytes | None]", limits: Limits, on_tick: Callable[[], None]
) -> Iterator[dict[str, Any]]:
    """What the child says until it ends; raises MediaError when its time is over."""
    ends_at = monotonic() + limits.wall_seconds
    while True:
        on_tick()
        left = ends_at - monotonic()
        if left <= 0:
            raise MediaError(
                f"Reading this recording did not end within {_minutes(limits.wall_seconds)}: it is damaged or made "
                f"to do harm, or the machine is too busy; add it again later, or {EXPORT_AGAIN}."
            )
        try:
            line = lines.get(timeout=min(TICK_SECONDS, left))
        except queue.Empty:
            continue
        if line is None:
            return
        yield json.loads(line)


def _size(source: Source) -> int:
    try:
        return file_of(source).stat().st_size
    except OSError:
        return 0  # the child says what is wrong with it
