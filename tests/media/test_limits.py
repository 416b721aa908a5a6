"""The child process in which recordings are read: what it answers, and how it ends when it must."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest

from coding_app.errors import MediaError, StoreError
from coding_app.media import limits
from coding_app.media.decode import decode_to_pcm
from coding_app.media.limits import Limits, decode_limited, measure_limited, probe_limited, run_limited
from coding_app.media.probe import probe
from tests.media import hostile
from tests.media.recordings import a_recording

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="the system's limits differ elsewhere")


@pytest.fixture(scope="module")
def ten_hours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "silence.opus"
    hostile.hours_of_silence(path)
    return path


def the_child() -> int:
    """The process id of the only child process of this one that reads recordings."""
    found = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit() and _is_ours(each)]
    assert len(found) == 1
    return found[0]


def _is_ours(process: Path) -> bool:
    try:
        parent = process.joinpath("stat").read_text().rpartition(")")[2].split()[1]
        return parent == str(os.getpid()) and b"limited_child" in process.joinpath("cmdline").read_bytes()
    except OSError:
        return False


def test_the_child_finds_and_decodes_the_same_as_this_process(tmp_path: Path):
    path = a_recording(tmp_path / "a.m4a", channels=2)
    assert probe_limited(path) == probe(path)
    seen: list[float] = []
    limited = decode_limited(path, tmp_path / "limited.pcm", seen.append, channel=1)
    here = decode_to_pcm(path, tmp_path / "here.pcm", channel=1)
    assert limited.n_samples == here.n_samples
    assert limited.path.read_bytes() == here.path.read_bytes()


def test_looking_at_an_upload_in_a_child_takes_less_than_a_second(tmp_path: Path):
    path = a_recording(tmp_path / "a.wav")
    times = []
    for _ in range(3):
        begin = perf_counter()
        probe_limited(path)
        times.append(perf_counter() - begin)
    assert min(times) < 1.0


@only_linux
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_child_that_crashes_is_told_in_a_sentence(ten_hours: Path, tmp_path: Path, number: signal.Signals):
    sentence = "ended by the system" if number is signal.SIGKILL else f"decoder crash .{number.name}."
    task = {"source": str(ten_hours), "out_path": str(tmp_path / "a.pcm"), "channel": None}

    def kill(_: float) -> None:
        os.kill(the_child(), number)

    with pytest.raises(MediaError, match=sentence):
        run_limited("decode", task, limits.DECODING, on_progress=kill)


def test_reading_that_does_not_end_is_ended(ten_hours: Path, tmp_path: Path):
    begin = perf_counter()
    with pytest.raises(MediaError, match="did not end within 1 seconds"):
        decode_limited(ten_hours, tmp_path / "a.pcm", limits=Limits(wall_seconds=1.0))
    assert perf_counter() - begin < 10
    assert list(tmp_path.iterdir()) == []


@only_linux
def test_computing_without_end_is_ended(ten_hours: Path, tmp_path: Path):
    with pytest.raises(MediaError, match="takes more than 1 seconds of computing"):
        decode_limited(ten_hours, tmp_path / "a.pcm", limits=Limits(cpu_seconds=1))
    assert list(tmp_path.iterdir()) == []


@only_linux
def test_more_sound_than_may_be_written_is_refused(ten_hours: Path, tmp_path: Path):
    with pytest.raises(MediaError, match="far more sound than its length says"):
        decode_limited(ten_hours, tmp_path / "a.pcm", limits=Limits(written_mib=1))
    assert list(tmp_path.iterdir()) == []


@only_linux
def test_a_hunger_for_memory_is_refused(tmp_path: Path):
    path = hostile.wav(tmp_path / "a.wav", bytes(768_000 * 8 * 4), channels=8, rate=768_000)
    task = {"source": str(path), "peaks": str(tmp_path / "peaks"), "work_path": str(tmp_path / "work")}
    with pytest.raises(MediaError, match="takes more than 300 MB of memory"):
        run_limited("measure", task, replace(limits.MEASURING, memory_mib=300))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.wav", "peaks"]


@only_linux
def test_the_child_ends_with_its_parent(ten_hours: Path, tmp_path: Path):
    script = (
        "import sys, pathlib; from coding_app.media.limits import decode_limited;"
        "decode_limited(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), lambda _: print('on', flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(ten_hours), str(tmp_path / "a.pcm")], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        parent.kill()
    assert len(children) == 1
    ends_at = perf_counter() + 20
    while _alive(int(children[0])):
        assert perf_counter() < ends_at, "the child outlived its parent"
        os.sched_yield()


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_whoever_waits_can_stop_the_child(ten_hours: Path, tmp_path: Path):
    class Enough(Exception):
        pass

    def stop() -> None:
        raise Enough

    with pytest.raises(Enough):
        run_limited(
            "measure", {"source": str(ten_hours), "peaks": "", "work_path": ""}, Limits(), on_tick=stop
        )


def test_a_full_disk_in_the_child_is_the_disks_fault_not_the_recordings(tmp_path: Path):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full (Linux)")
    (tmp_path / "a.pcm").symlink_to("/dev/full")
    with pytest.raises(StoreError, match="disk is full"):
        decode_limited(a_recording(tmp_path / "a.wav"), tmp_path / "a.pcm")


def test_what_a_reader_stumbles_over_is_a_sentence_and_a_line_of_the_log_without_a_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    path = a_recording(tmp_path / "Mrs Miller.wav")
    with pytest.raises(MediaError, match="something in it is impossible"):
        run_limited(
            "decode", {"source": str(path), "out_path": str(tmp_path / "no" / "a"), "channel": None}, Limits()
        )
    assert "FileNotFoundError at coding_app.media.decode" in caplog.text
    assert "Miller" not in caplog.text


def test_measures_and_peaks_are_made_in_one_go_and_leave_nothing_else(tmp_path: Path):
    path = a_recording(tmp_path / "a.wav", channels=2)
    sound = measure_limited(path, tmp_path / "peaks.i8", tmp_path / "work.pcm")
    assert sound.channel_kind == "one_silent"
    assert (tmp_path / "peaks.i8").stat().st_size == 600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.wav", "peaks.i8"]
