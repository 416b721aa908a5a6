"""The child process in which recordings are read: python -m coding_app.media.limited_child.

One line of JSON in (task, arguments, limits); lines out: "progress", and at the end "done", "refused" (a sentence)
or "fault" (where a reader failed, without the file's name). It ends with its parent.
"""

import errno
import json
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import IO, Any, TypeAlias

from coding_app.errors import CodingAppError, StoreError
from coding_app.media.source import copied, from_json

OnProgress: TypeAlias = Callable[[float], None]
REPORT_SECONDS = 0.5
CPU_GRACE_SECONDS = 10
TOO_MUCH_MEMORY = (
    "Reading this recording takes more than {memory_mib:,} MB of memory, more than any recording should: it is "
    "damaged or made to do harm; export it as WAV, MP3 or M4A and add it again."
)
TOO_MUCH_SOUND = (
    "This recording gives far more sound than its length says: it is damaged or made to do harm; export it as "
    "WAV, MP3 or M4A and add it again."
)


def main() -> None:
    """Does the one task that the request names, within its limits."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints goes nowhere
    request = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    limit_process(**request["limits"])
    _say(answers, _answer(request, answers))


def _answer(request: dict[str, Any], answers: IO[str]) -> dict[str, Any]:
    try:
        done = TASKS[request["task"]](on_progress=_reporter(answers), **request["arguments"])
    except CodingAppError as error:
        return {"refused": str(error), "store": isinstance(error, StoreError)}
    except MemoryError:
        return {"refused": TOO_MUCH_MEMORY.format(**request["limits"]), "store": False}
    except Exception as error:  # whatever a strange file brings a reader to
        if getattr(error, "errno", None) == errno.EFBIG:  # the limit on what may be written
            return {"refused": TOO_MUCH_SOUND, "store": False}
        return {"fault": _where(error)}
    return {"done": done}


def _where(error: BaseException) -> str:
    """Kind of the error and the line of ours that met it; never its message, which may hold a name."""
    trace, place = error.__traceback__, "?"
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.startswith("coding_app"):
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}"


def _say(answers: IO[str], message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def _reporter(answers: IO[str]) -> OnProgress:
    last = monotonic()

    def report(fraction: float) -> None:
        nonlocal last
        if monotonic() - last >= REPORT_SECONDS:
            last = monotonic()
            _say(answers, {"progress": round(fraction, 4)})

    return report


def limit_process(memory_mib: int, cpu_seconds: int, wall_seconds: float, written_mib: int) -> None:
    """Sets the limits that the system keeps; the clock is watched by the parent."""
    try:
        import resource
    except ImportError:  # Windows: the clock alone
        return
    _set(resource.RLIMIT_AS, memory_mib * 2**20)
    _set(resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + CPU_GRACE_SECONDS)
    _set(resource.RLIMIT_FSIZE, written_mib * 2**20)
    _set(resource.RLIMIT_CORE, 0)  # a crash leaves no file with what was said in it


def _set(which: int, soft: int, hard: int | None = None) -> None:
    import resource

    most = resource.getrlimit(which)[1]
    hard = soft if hard is None else hard
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    try:
        resource.setrlimit(which, (soft, hard))
    except (ValueError, OSError):  # macOS knows no limit of address space
        return


def _end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(1)


def _probe(path: Any, on_progress: OnProgress) -> dict[str, Any]:
    from coding_app.media.probe import probe

    return asdict(probe(from_json(path)))


def _decode(source: Any, out_path: str, channel: int | None, on_progress: OnProgress) -> dict[str, Any]:
    from coding_app.media.decode import decode_to_pcm

    return {"n_samples": decode_to_pcm(from_json(source), Path(out_path), on_progress, channel).n_samples}


def _measure(source: Any, peaks: Any, work_path: str, on_progress: OnProgress) -> dict[str, Any]:
    """Levels and, when they are not there yet, the waveform's peaks."""
    from coding_app.domain.sound import sound_as_json
    from coding_app.media.decode import decode_to_pcm, open_pcm
    from coding_app.media.levels import measure
    from coding_app.media.peaks import write_peaks

    raw = Path(work_path)
    try:
        if peaks is not None:
            decode_to_pcm(from_json(source), raw, lambda done: on_progress(done / 2))
            write_peaks(open_pcm(raw), from_json(peaks))
    finally:
        raw.unlink(missing_ok=True)
    return sound_as_json(measure(from_json(source), lambda done: on_progress(0.5 + done / 2)))


def _copy(source: Any, out_path: str, target: Any, on_progress: OnProgress) -> dict[str, Any]:
    """WebM is finished by going back to its beginning, so it is sealed when it is whole."""
    from coding_app.media.playback import write_copy

    holds = write_copy(from_json(source), Path(out_path), on_progress)
    if target is not None:
        copied(Path(out_path), from_json(target))
    return {"holds": holds}


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    "probe": _probe,
    "decode": _decode,
    "measure": _measure,
    "copy": _copy,
}

if __name__ == "__main__":
    main()
