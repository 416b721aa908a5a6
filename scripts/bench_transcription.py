"""Speed, memory and word error rate of both engines on the same weights and audio, in one run.

    .venv/bin/python scripts/bench_transcription.py --json
    .venv/bin/python scripts/bench_transcription.py --json --audio x.flac --reference x.txt --runs 3
    .venv/bin/python scripts/bench_transcription.py --json --smoke        under a minute: the first half minute

Each engine runs in a child process of its own, which gives its processor seconds and its peak memory. Speed
is compared in processor seconds: they depend less on what else the machine does than seconds on the clock.
Without --audio: the shared test recording when it is there, else the demo session.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data" / "speech"
DEMO = ROOT / "data" / "demo"
ENGINES = ("faster-whisper", "openai-whisper")
SMOKE_SECONDS = 30


def main() -> None:
    """Reads the options, runs everything, prints one flat JSON object on the last line."""
    options = _options()
    if options.child:
        print(json.dumps(_child(json.loads(options.child))))
        return
    audio, reference = _inputs(options)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        models_dir = options.models_dir or work / "models"
        if options.smoke:
            audio, reference = _excerpt(audio, work / "excerpt.wav"), None
        request = {"audio": str(audio), "work": folder, "model": options.model, "models_dir": str(models_dir)}
        _run({**request, "step": "model"})
        runs = [
            {step: _run({**request, "step": step}) for step in (*ENGINES, "pipeline")}
            for _ in range(options.runs)
        ]
    print(json.dumps(_result(runs, audio, reference, options)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="always so; kept for uniform calls")
    parser.add_argument("--smoke", action="store_true", help="the first half minute only; no error rate")
    parser.add_argument("--audio", type=Path, help="a recording")
    parser.add_argument(
        "--reference", type=Path, help="what is said in it, as plain text or a transcript's JSON"
    )
    parser.add_argument("--model", default="base")
    parser.add_argument(
        "--models-dir", type=Path, help="where models are; default: a folder made for this run"
    )
    parser.add_argument("--runs", type=int, default=1, help="medians over this many runs")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    return parser.parse_args()


def _inputs(options: argparse.Namespace) -> tuple[Path, Path | None]:
    if options.audio:
        return options.audio, options.reference
    if (SHARED / "session240.flac").exists():
        return SHARED / "session240.flac", SHARED / "session240.txt"
    return DEMO / "session.ogg", DEMO / "transcript.json"


def _excerpt(audio: Path, out: Path) -> Path:
    from coding_app.media.decode import SAMPLE_RATE_HZ, decode_to_pcm, open_pcm

    samples = open_pcm(decode_to_pcm(audio, out.with_suffix(".pcm")).path)[: SMOKE_SECONDS * SAMPLE_RATE_HZ]
    with wave.open(str(out), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(samples.tobytes())
    return out


def _run(request: dict[str, Any]) -> dict[str, Any]:
    """One step in a process of its own."""
    command = [sys.executable, "-W", "ignore", str(Path(__file__).resolve()), "--child", json.dumps(request)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
    if done.returncode:
        sys.exit(f"The step '{request['step']}' failed:\n{done.stderr}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _child(request: dict[str, Any]) -> dict[str, Any]:
    from coding_app.speech.models import find_model

    work, models_dir = Path(request["work"]), Path(request["models_dir"])
    if request["step"] == "model":
        return {"path": str(find_model(ENGINES[0], request["model"], models_dir).path)}
    if request["step"] == "pipeline":
        return _pipeline(request, work, models_dir)
    return _engine(request, work, models_dir)


def _engine(request: dict[str, Any], work: Path, models_dir: Path) -> dict[str, Any]:
    """Recognition alone, on chunks prepared before; the first chunk is done once more, unmeasured, to warm up."""
    from coding_app.speech.models import find_model, load
    from coding_app.workflows.recognition import prepare, recognise

    prepared = prepare(Path(request["audio"]), work / request["step"])
    transcriber = load(request["step"], find_model(request["step"], request["model"], models_dir))
    if prepared.chunks:
        recognise(prepared, 0, transcriber, "en")
    wall, processor = time.perf_counter(), time.process_time()
    found = [recognise(prepared, place, transcriber, "en") for place in range(len(prepared.chunks))]
    return {
        "wall": time.perf_counter() - wall,
        "processor": time.process_time() - processor,
        "peak_mib": _peak_mib(),
        "seconds": prepared.duration_ms / 1000,
        "text": " ".join(word.text for each in found for word in each.words),
    }


def _pipeline(request: dict[str, Any], work: Path, models_dir: Path) -> dict[str, Any]:
    """Everything, as the app does it with the default engine: decoding, voice activity, words, speakers."""
    from coding_app.settings import read_settings
    from coding_app.workflows.transcribe_file import transcribe_file

    settings = read_settings({"CODING_APP_MODELS": str(models_dir)}, data_dir=work)
    wall, processor = time.perf_counter(), _processor_seconds()
    transcript = transcribe_file(
        Path(request["audio"]), settings, engine=ENGINES[0], model=request["model"], language="en"
    ).transcript
    return {
        "wall": time.perf_counter() - wall,
        "processor": _processor_seconds() - processor,
        "peak_mib": _peak_mib(resource.RUSAGE_CHILDREN),
        "seconds": transcript.duration_ms / 1000,
        "n_segments": len(transcript.segments),
    }


def _processor_seconds() -> float:
    """Of this process and the children that have ended."""
    return sum(os.times()[:4])


def _peak_mib(whose: int = resource.RUSAGE_SELF) -> float:
    peak = resource.getrusage(whose).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def _result(
    runs: list[dict[str, dict[str, Any]]], audio: Path, reference: Path | None, options: argparse.Namespace
) -> dict[str, Any]:
    """Flat; real-time factors are seconds of work per second of sound."""

    def middle(step: str, name: str) -> float:
        return median(float(each[step][name]) for each in runs)

    faster, openai = ENGINES
    seconds = middle("pipeline", "seconds")
    text = _reference_text(reference)
    return {
        "audio": audio.name,
        "audio_seconds": round(seconds, 1),
        "model": options.model,
        "runs": len(runs),
        "cores": os.cpu_count(),
        "faster_whisper_times_faster": round(middle(openai, "processor") / middle(faster, "processor"), 2),
        "faster_whisper_times_faster_wall": round(middle(openai, "wall") / middle(faster, "wall"), 2),
        "rtf_faster": round(middle(faster, "wall") / seconds, 3),
        "rtf_openai": round(middle(openai, "wall") / seconds, 3),
        "cpu_rtf_faster": round(middle(faster, "processor") / seconds, 3),
        "cpu_rtf_openai": round(middle(openai, "processor") / seconds, 3),
        "pipeline_rtf": round(middle("pipeline", "wall") / seconds, 3),
        "pipeline_cpu_rtf": round(middle("pipeline", "processor") / seconds, 3),
        "wer_faster": _error_rate(text, runs[-1][faster]["text"]),
        "wer_openai": _error_rate(text, runs[-1][openai]["text"]),
        "n_reference_words": len(text.split()) if text else None,
        "peak_mib": round(max(each["pipeline"]["peak_mib"] for each in runs)),
        "peak_mib_faster": round(max(each[faster]["peak_mib"] for each in runs)),
        "peak_mib_openai": round(max(each[openai]["peak_mib"] for each in runs)),
    }


def _reference_text(path: Path | None) -> str | None:
    if path is None:
        return None
    text = path.read_text("utf-8")
    if path.suffix == ".json":
        text = " ".join(each["text"] for each in json.loads(text)["segments"])
    return _plain(text)


def _plain(text: str) -> str:
    """Lower case, no punctuation."""
    return " ".join("".join(each if each.isalnum() or each in "' " else " " for each in text.lower()).split())


def _error_rate(reference: str | None, said: str) -> float | None:
    if not reference:
        return None
    import jiwer

    return round(float(jiwer.wer(reference, _plain(said))), 4)


if __name__ == "__main__":
    main()
