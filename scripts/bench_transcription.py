"""Both speech engines on the same weights and audio, and the worker that runs them: speed, errors, memory, cancelling.

    .venv/bin/python scripts/bench_transcription.py --json               everything, about 20 minutes on two idle cores
    .venv/bin/python scripts/bench_transcription.py --json --only engines,pipeline --runs 3
    .venv/bin/python scripts/bench_transcription.py --json --only memory --whole
    .venv/bin/python scripts/bench_transcription.py --json --smoke       under a minute: checks that it works

engines    processor seconds per second of sound (cpu_rtf) and word error rate of both, searching with beam 1 (the
           app's) and 5. Processor seconds depend less on what else the machine does than seconds on the clock (rtf).
pipeline   everything that the app does with a recording: decoding, voice activity, words, speakers, segments.
memory     the worker's process tree on 10 minutes and on 3 hours, and what a job leaves in the web process. The words
           between the first and the last chunk of the 3 hours are given as if an earlier run had recognised them (each
           chunk is recognised on its own); --whole recognises all, which takes about 20 minutes more.
cancel     how soon a cancelled job has gone, through the job engine, at random moments.

Each step runs in a process of its own. Without --audio: the shared test recording when it is there, else the demo
session. The last line is one flat JSON object.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT)]
from measure.processes import Watch
from measure.sound import DEMO, SHARED, long_recording

FASTER, OPENAI = "faster-whisper", "openai-whisper"
ENGINES = ((FASTER, 1), (OPENAI, 1), (FASTER, 5), (OPENAI, 5))
PARTS = ("engines", "pipeline", "memory", "cancel")
MINUTE_S, HOUR_S = 60, 3600
SMOKE_SECONDS = 10
N_CANCELS = 8

Figures = dict[str, Any]


def main() -> None:
    """Reads the options, runs what is asked for, prints one flat JSON object on the last line."""
    options = _options()
    if options.child:
        print(json.dumps(_child(json.loads(options.child))))
        return
    audio, reference = _inputs(options)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if options.smoke:
            audio, reference = long_recording(work / "excerpt.wav", SMOKE_SECONDS), None
        models_dir = str(options.models_dir or work / "models")
        request = {"audio": str(audio), "work": folder, "model": options.model, "models_dir": models_dir,
                   "warm_up": not options.smoke}  # fmt: skip
        _run({**request, "step": "model"})
        runs = [_one_run(request, options.only) for _ in range(options.runs)]
        figures = {
            "audio": audio.name,
            "model": options.model,
            "runs": len(runs),
            "cores": os.cpu_count(),
            **(_engine_figures(runs, reference) if "engines" in options.only else {}),
            **(_pipeline_figures(runs) if "pipeline" in options.only else {}),
            **(_memory_figures(request, options) if "memory" in options.only else {}),
            **(_cancel_figures(request, options) if "cancel" in options.only else {}),
        }
    print(json.dumps(figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="always so; kept for uniform calls")
    parser.add_argument("--smoke", action="store_true", help="10 seconds of sound only; no error rate")
    parser.add_argument("--only", type=_parts, default=PARTS, help=f"some of {','.join(PARTS)}")
    parser.add_argument("--audio", type=Path, help="a recording for engines, pipeline and cancel")
    parser.add_argument(
        "--reference", type=Path, help="what is said in it, as plain text or a transcript's JSON"
    )
    parser.add_argument("--model", default="base")
    parser.add_argument(
        "--models-dir", type=Path, help="where models are; default: a folder made for this run"
    )
    parser.add_argument("--runs", type=int, default=1, help="medians over this many (engines, pipeline)")
    parser.add_argument("--whole", action="store_true", help="recognise every chunk of the 3 hours")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    return parser.parse_args()


def _parts(text: str) -> tuple[str, ...]:
    chosen = tuple(text.split(","))
    if unknown := set(chosen) - set(PARTS):
        raise argparse.ArgumentTypeError(f"there is no part '{min(unknown)}'; choose of {', '.join(PARTS)}")
    return chosen


def _inputs(options: argparse.Namespace) -> tuple[Path, Path | None]:
    if options.audio:
        return options.audio, options.reference
    if (SHARED / "session240.flac").exists():
        return SHARED / "session240.flac", SHARED / "session240.txt"
    return DEMO / "session.ogg", DEMO / "transcript.json"


def _one_run(request: Figures, parts: tuple[str, ...]) -> Figures:
    steps: dict[str, Figures] = {}
    if "engines" in parts:
        steps |= {
            f"{engine} {beam}": {"step": "engine", "engine": engine, "beam": beam} for engine, beam in ENGINES
        }
    if "pipeline" in parts:
        steps["pipeline"] = {"step": "pipeline"}
    return {name: _run({**request, **step}) for name, step in steps.items()}


def _run(request: Figures) -> Figures:
    """One step in a process of its own. peak_mib: of it and its children together."""
    print(*(str(request[name]) for name in ("step", "engine", "beam") if name in request), file=sys.stderr)
    command = [sys.executable, "-W", "ignore", str(Path(__file__).resolve()), "--child", json.dumps(request)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT, env=environment
        ) as child,
    ):
        assert child.stdout is not None
        with Watch(child.pid) as watch:
            said = child.stdout.read()
        if child.wait():
            errors.seek(0)
            sys.exit(f"The step '{request['step']}' failed:\n{errors.read()}")
    done: Figures = json.loads(said.splitlines()[-1])
    return {**done, "peak_mib": max(watch.peak_mib, done.get("peak_mib", 0.0))}


def _child(request: Figures) -> Figures:
    from measure import worker

    work, models_dir = Path(request["work"]), Path(request["models_dir"])
    audio, model = Path(request["audio"]), request["model"]
    match request["step"]:
        case "model":
            from coding_app.speech.models import find_model

            return {"path": str(find_model(FASTER, model, models_dir).path)}
        case "engine":
            return _engine(request, work, models_dir)
        case "pipeline":
            return _pipeline(request, work, models_dir)
        case "worker":
            return worker.memory(work, models_dir, model, request["seconds"], whole=request["whole"])
        case "web":
            return worker.web_growth(work, models_dir, model, audio)
        case _:
            return {"seconds": worker.cancel_seconds(work, models_dir, model, audio, request["n"])}


def _engine(request: Figures, work: Path, models_dir: Path) -> Figures:
    """Recognition alone, on chunks prepared before; the first chunk is done once more, unmeasured, to warm up."""
    from coding_app.speech.models import find_model, load
    from coding_app.workflows.recognition import prepare, recognise

    engine = request["engine"]
    prepared = prepare(Path(request["audio"]), work / engine)
    found_model = find_model(engine, request["model"], models_dir)
    transcriber = load(engine, found_model, beam_size=request["beam"])
    if prepared.chunks and request["warm_up"]:
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


def _pipeline(request: Figures, work: Path, models_dir: Path) -> Figures:
    """Everything, as the app does it with the default engine: decoding, voice activity, words, speakers."""
    from coding_app.settings import read_settings
    from coding_app.workflows.transcribe_file import transcribe_file

    settings = read_settings({"CODING_APP_MODELS": str(models_dir)}, data_dir=work)
    wall, processor = time.perf_counter(), _processor_seconds()
    transcript = transcribe_file(
        Path(request["audio"]), settings, engine=FASTER, model=request["model"], language="en"
    ).transcript
    return {
        "wall": time.perf_counter() - wall,
        "processor": _processor_seconds() - processor,
        "peak_mib": _peak_mib(resource.RUSAGE_CHILDREN),
        "seconds": transcript.duration_ms / 1000,
    }


def _processor_seconds() -> float:
    """Of this process and the children that have ended."""
    return sum(os.times()[:4])


def _peak_mib(whose: int = resource.RUSAGE_SELF) -> float:
    peak = resource.getrusage(whose).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def _middle(runs: list[Figures], step: str, name: str) -> float:
    return median(float(each[step][name]) for each in runs)


def _engine_figures(runs: list[Figures], reference: Path | None) -> Figures:
    """Real-time factors are seconds of work per second of sound."""
    text = _reference_text(reference)
    seconds = _middle(runs, f"{FASTER} 1", "seconds")
    figures: Figures = {
        "audio_seconds": round(seconds, 1),
        "n_reference_words": len(text.split()) if text else None,
    }
    for beam, end in ((1, ""), (5, "_beam5")):
        faster, openai = f"{FASTER} {beam}", f"{OPENAI} {beam}"
        for measure, factor, ratio in (("processor", "cpu_rtf", ""), ("wall", "rtf", "_wall")):
            took = {name: _middle(runs, name, measure) for name in (faster, openai)}
            figures[f"faster_whisper_times_faster{ratio}{end}"] = round(took[openai] / took[faster], 2)
            figures[f"{factor}_faster{end}"] = round(took[faster] / seconds, 3)
            figures[f"{factor}_openai{end}"] = round(took[openai] / seconds, 3)
        figures[f"wer_faster{end}"] = _error_rate(text, runs[-1][faster]["text"])
        figures[f"wer_openai{end}"] = _error_rate(text, runs[-1][openai]["text"])
        figures[f"peak_mib_faster{end}"] = round(max(each[faster]["peak_mib"] for each in runs))
        figures[f"peak_mib_openai{end}"] = round(max(each[openai]["peak_mib"] for each in runs))
    return figures


def _pipeline_figures(runs: list[Figures]) -> Figures:
    seconds = _middle(runs, "pipeline", "seconds")
    return {
        "pipeline_rtf": round(_middle(runs, "pipeline", "wall") / seconds, 3),
        "pipeline_cpu_rtf": round(_middle(runs, "pipeline", "processor") / seconds, 3),
        "peak_mib": round(max(each["pipeline"]["peak_mib"] for each in runs)),
    }


def _memory_figures(request: Figures, options: argparse.Namespace) -> Figures:
    lengths = {"10min": 10 * MINUTE_S, "3h": 3 * HOUR_S}
    if options.smoke:
        lengths = {name: SMOKE_SECONDS for name in lengths if name == "10min"}
    figures: Figures = {}
    for name, seconds in lengths.items():
        whole = options.whole or name != "3h"
        found = _run({**request, "step": "worker", "seconds": seconds, "whole": whole})
        figures[f"peak_mib_{name}"] = round(found["worker_mib"])
        figures[f"chunks_recognised_{name}"] = f"{found['n_recognised']} of {found['n_chunks']}"
        figures[f"seconds_{name}"] = round(found["wall"])
    web = _run({**request, "step": "web"})
    return figures | {name: round(web[name], 1) for name in ("web_peak_mib_growth", "web_mib_before")}


def _cancel_figures(request: Figures, options: argparse.Namespace) -> Figures:
    n = 1 if options.smoke else N_CANCELS
    took = _run({**request, "step": "cancel", "n": n})["seconds"]
    return {"cancel_s": round(median(took), 2), "cancel_s_max": round(max(took), 2), "cancels": n}


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
