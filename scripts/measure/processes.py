"""Memory and number of processes, as `ps` tells them (Linux and macOS)."""

import os
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

SAMPLE_SECONDS = 0.2
SPEECH_LIBRARIES = (
    "libtorch",
    "ctranslate2",
    "onnxruntime",
    "/whisper/",
    "/faster_whisper/",
    "llvmlite",
    "numba",
)


@dataclass(frozen=True)
class Process:
    """A line of `ps`."""

    pid: int
    parent_pid: int
    resident_kib: int
    command: str


def processes() -> list[Process]:
    """All that run now, without what has ended and waits for its parent."""
    listed = subprocess.run(
        ["ps", "-axww", "-o", "pid=,ppid=,rss=,stat=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = (line.split(None, 4) for line in listed.splitlines())
    return [
        Process(int(pid), int(parent), int(resident), command)
        for pid, parent, resident, state, command in rows
        if not state.startswith("Z")
    ]


def descendants(pid: int, among: list[Process] | None = None) -> list[Process]:
    """The children of a process, their children and so on."""
    listed = processes() if among is None else among
    found, parents = list[Process](), {pid}
    while parents:
        children = [each for each in listed if each.parent_pid in parents and each not in found]
        found += children
        parents = {each.pid for each in children}
    return found


def speech_libraries(pid: int) -> set[str]:
    """Which native libraries of speech engines a process has in its memory (Linux: read from /proc)."""
    maps = Path(f"/proc/{pid}/maps").read_text()
    return {each for each in SPEECH_LIBRARIES if each in maps}


class Watch:
    """Looks at a process five times a second while the block runs.

    peak_mib: the most that it and all its descendants had resident at one time (what they share counts in each);
    own_peak_mib: the process alone; n_at_most: how many descendants whose command holds `counted` there were at
    one time; pids: of all of those.
    """

    def __init__(self, pid: int, counted: str = "") -> None:
        self.peak_mib = self.own_peak_mib = 0.0
        self.n_at_most = 0
        self.pids: set[int] = set()
        self._pid, self._counted = pid, counted
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def look(self) -> None:
        """Looks once."""
        listed = processes()
        own = next((each.resident_kib for each in listed if each.pid == self._pid), 0)
        below = [each for each in descendants(self._pid, listed) if not _is_ps(each)]
        self.own_peak_mib = max(self.own_peak_mib, own / 1024)
        self.peak_mib = max(self.peak_mib, (own + sum(each.resident_kib for each in below)) / 1024)
        counted = {each.pid for each in below if self._counted in each.command}
        self.n_at_most = max(self.n_at_most, len(counted))
        self.pids |= counted

    def __enter__(self) -> "Watch":
        self.look()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self.look()

    def _watch(self) -> None:
        while not self._over.wait(SAMPLE_SECONDS):
            self.look()


def _is_ps(process: Process) -> bool:
    return process.parent_pid == os.getpid() and process.command.startswith("ps -axww")
