"""The heavy part of a transcription, in a process of its own: python -m coding_app.workflows.transcription_child.

Says "planned" (n_chunks), "progress" (stage, fraction), "chunk" (number, payload), and at the end "finished" or
"failed" (sentence). It writes into its work folder and the peaks only: what is kept is decided by the parent,
which knows whether it is still wanted. It serves one request after another; the model stays in memory.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any

from coding_app.errors import CodingAppError
from coding_app.exchange.transcripts import segments_as_dicts
from coding_app.jobs.child_side import Say, serve_parent
from coding_app.media.decode import DISK_FULL, is_full_disk, open_pcm
from coding_app.media.peaks import write_peaks
from coding_app.media.source import from_json
from coding_app.speech.alignment import uncertainty_note
from coding_app.speech.languages import check_language
from coding_app.speech.model_files import inspect_model
from coding_app.speech.models import find_model
from coding_app.speech.transcriber import Transcriber
from coding_app.workflows.chunk_words import ChunkWords
from coding_app.workflows.kept_model import check_weights, loaded, sha256_of
from coding_app.workflows.prepared import Prepared
from coding_app.workflows.recognition import (
    Finished,
    finish,
    finish_script,
    prepare,
    recognise,
    speaker_note,
    spoken_language,
)
from coding_app.workflows.wanted_script import WantedScript

REPORT_SECONDS = 1.0
NO_SPEECH = "No speech was found in this recording; the transcript is empty."


def main() -> None:
    """Serves its parent, a transcription at a time."""
    serve_parent(_answer)


def _answer(request: dict[str, Any], say: Say) -> None:
    """Does what the request says; a sentence that a person can act on is an answer, anything else a crash."""
    try:
        _work(request, say)
    except CodingAppError as error:
        say({"event": "failed", "sentence": str(error)})
    except MemoryError:
        say({"event": "failed", "sentence": "The memory was not enough; try again with a smaller model."})
    except OSError as error:
        if not is_full_disk(error):
            raise
        say({"event": "failed", "sentence": DISK_FULL})


def _work(request: dict[str, Any], say: Say) -> None:
    check_language(request["language"])
    model = find_model(request["engine"], request["model"], Path(request["models_dir"]))
    inspect_model(model.path)  # missing or damaged: told at once
    check_weights(model)
    prepared = _prepared(request, say)
    if request["peaks"] is not None:
        write_peaks(open_pcm(prepared.mix), from_json(request["peaks"]))
    say({"event": "planned", "n_chunks": len(prepared.chunks)})
    used: dict[str, str] = {}

    def load_model() -> Transcriber:
        transcriber = loaded(request["engine"], model, request["device"])
        used.update(asdict(transcriber.computing))
        return transcriber

    found = _all_words(request, prepared, load_model, say)
    finished, note = _written_down(request, prepared, found, say)
    say(
        {
            "event": "finished",
            "language": spoken_language(found, request["language"]),
            "transcript": json.dumps({"segments": segments_as_dicts(finished.segments, with_flags=True)}),
            "speakers": finished.speakers,
            "overlap_ms": finished.overlap_ms,
            "note": note,
            "model": model.name,
            "model_sha256": sha256_of(model),
            "device": used.get("device"),
            "compute_type": used.get("compute_type"),
        }
    )


def _written_down(
    request: dict[str, Any], prepared: Prepared, found: list[ChunkWords], say: Say
) -> tuple[Finished, str | None]:
    """The transcript and a sentence to tell: of what was heard, or of a script."""
    report = _progress(say, "finish")
    if (kept := request.get("script")) is not None:
        script = WantedScript.from_json(kept)
        finished = finish_script(prepared, script.lines, script.roles, found, request["language"], report)
        return finished, uncertainty_note(finished.segments)
    finished = finish(prepared, found, request["n_speakers"], report)
    if not finished.segments:
        return finished, NO_SPEECH
    return finished, speaker_note(request["n_speakers"], tuple(request["channels"]))


def _prepared(request: dict[str, Any], say: Say) -> Prepared:
    """Decoded sound and plan, taken from the work folder when an earlier run got that far."""
    work_dir = Path(request["work_dir"])
    checkpoint = work_dir / "prepared.json"
    if checkpoint.exists():
        prepared = Prepared.from_json(checkpoint.read_text("utf-8"))
        if all(path.exists() for path in (prepared.mix, *prepared.tracks)):  # the data folder may have moved
            return prepared
    channels = tuple(request["channels"])
    prepared = prepare(from_json(request["source"]), work_dir, channels, _progress(say, "prepare"))
    partial = checkpoint.with_suffix(".part")
    partial.write_text(prepared.to_json(), "utf-8")
    partial.replace(checkpoint)
    return prepared


def _all_words(
    request: dict[str, Any], prepared: Prepared, load_model: Callable[[], Transcriber], say: Say
) -> list[ChunkWords]:
    """The words of every chunk; the model is loaded only when a chunk is still to be done."""
    plan = _plan_mark(prepared)
    found = _kept_chunks(request["chunks"], plan)
    sizes = [sum(span.duration_ms for span in chunk.spans) for chunk in prepared.chunks]
    transcriber = None
    for chunk in prepared.chunks:
        done = sum(sizes[number] for number in found)
        say({"event": "progress", "stage": "recognise", "fraction": done / sum(sizes)})
        if chunk.number in found:
            continue
        transcriber = transcriber or load_model()
        language = request["language"] or spoken_language(found.values()) or None
        words = recognise(prepared, chunk.number, transcriber, language)
        found[chunk.number] = words
        payload = json.dumps({"plan": plan, "words": words.to_json()})
        say({"event": "chunk", "number": chunk.number, "payload": payload})
    say({"event": "progress", "stage": "recognise", "fraction": 1.0})
    return list(found.values())


def _kept_chunks(chunks: dict[str, str], plan: str) -> dict[int, ChunkWords]:
    """Chunks of an earlier run; those of another plan (a newer version may cut differently) are done again."""
    read = {int(number): json.loads(payload) for number, payload in chunks.items()}
    return {n: ChunkWords.from_json(each["words"]) for n, each in read.items() if each["plan"] == plan}


def _plan_mark(prepared: Prepared) -> str:
    """The same for the same chunks."""
    spans = [[chunk.track, [(s.start_ms, s.end_ms) for s in chunk.spans]] for chunk in prepared.chunks]
    return hashlib.sha256(json.dumps(spans).encode()).hexdigest()


def _progress(say: Say, stage: str) -> Callable[[float], None]:
    """Says a stage's progress once a second at most."""
    last = -REPORT_SECONDS

    def report(fraction: float) -> None:
        nonlocal last
        if monotonic() - last >= REPORT_SECONDS:
            last = monotonic()
            say({"event": "progress", "stage": stage, "fraction": fraction})

    return report


if __name__ == "__main__":
    main()
