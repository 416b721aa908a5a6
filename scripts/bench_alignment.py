"""How far a script without times lies from where it was really said, and how long two hours take.

    .venv/bin/python scripts/bench_alignment.py --json

Boundary errors are counted at the beginning and the end of every line whose true times are known: the demo session
(written dialogue; its true times are those of the voices it was made from), and, when it is there, a shared dialogue
of read speech whose turns are known (its words are the recognised ones, so that only the times are tested).
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from coding_app.domain.script import ScriptLine
from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Word
from coding_app.exchange.transcripts import read_transcript_json
from coding_app.speech.alignment import UNCERTAIN, align
from coding_app.speech.models import find_model, load
from coding_app.workflows.recognition import prepare, recognise

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data" / "speech"
DEMO = ROOT / "data" / "demo"
TWO_HOURS_WORDS = 20_000


def main() -> None:
    """Prints one flat JSON object on the last line."""
    argparse.ArgumentParser(description=__doc__).add_argument("--json", action="store_true")
    made: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        duration_ms, words = recognised(DEMO / "session.ogg", Path(folder) / "demo")
        reference = read_transcript_json((DEMO / "transcript.json").read_text("utf-8"))
        made |= boundary_errors("demo", reference, words, duration_ms, "missing")
        made |= boundary_errors("demo_coarse", reference, words, duration_ms, "coarse")
        made |= boundary_errors("demo_wer_30", reference, thinned(words, 0.3), duration_ms, "missing")
        dialogue = SHARED / "dlg_1688_2033.flac"
        if dialogue.exists():
            duration_ms, words = recognised(dialogue, Path(folder) / "dialogue")
            turns = _turns(dialogue.with_suffix(".rttm"), words)
            made |= boundary_errors("dialogue", turns, words, duration_ms, "missing")
    made |= two_hours()
    print(json.dumps({name: round(value, 3) for name, value in made.items()}))


def recognised(source: Path, folder: Path) -> tuple[int, list[Word]]:
    """Duration and the words that the starter model hears."""
    prepared = prepare(source, folder)
    transcriber = load("faster-whisper", find_model("faster-whisper", "base", folder / "models"))
    chunks = [recognise(prepared, place, transcriber, "en") for place in range(len(prepared.chunks))]
    return prepared.duration_ms, [word for chunk in chunks for word in chunk.words]


def boundary_errors(
    name: str, reference: Sequence[Segment], words: Sequence[Word], duration_ms: int, times: str
) -> dict[str, float]:
    """Errors in ms and the share of lines flagged; times: "missing", or "coarse" = whole seconds."""
    script = [
        ScriptLine(each.speaker, each.text, each.span.start_ms // 1000 * 1000 if times == "coarse" else None)
        for each in reference
    ]
    aligned = [
        (word, UNCERTAIN in each.flags) for each in align(script, words, duration_ms) for word in each.words
    ]
    errors, sure, at, flagged = list[int](), list[int](), 0, 0
    for each in reference:
        end = at + len(each.text.split())
        pair = [
            abs(aligned[at][0].start_ms - each.span.start_ms),
            abs(aligned[end - 1][0].end_ms - each.span.end_ms),
        ]
        errors += pair
        flagged += aligned[at][1]
        sure += [] if aligned[at][1] else pair
        at = end
    return {
        f"{name}_lines": len(reference),
        f"{name}_boundary_ms_median": float(np.median(errors)),
        f"{name}_boundary_ms_p95": float(np.percentile(errors, 95)),
        f"{name}_unflagged_ms_p95": float(np.percentile(sure, 95)),
        f"{name}_unflagged_ms_max": float(max(sure)),
        f"{name}_flagged": flagged / len(reference),
    }


def thinned(words: Sequence[Word], share: float) -> list[Word]:
    """Without this share of the words, chosen once for all."""
    draw = random.Random(1)
    return [word for word in words if draw.random() >= share]


def two_hours() -> dict[str, float]:
    """Seconds for a script of 20,000 words of which a fifth was heard as another word or not at all."""
    draw = random.Random(3)
    vocabulary = [f"w{number}" for number in range(3000)]
    weights = [1 / (place + 1) for place in range(len(vocabulary))]
    said = draw.choices(vocabulary, weights, k=TWO_HOURS_WORDS)
    heard = [
        Word(place * 360, place * 360 + 200, word if draw.random() > 0.12 else draw.choice(vocabulary))
        for place, word in enumerate(said)
        if draw.random() > 0.08
    ]
    lines = [ScriptLine("A", " ".join(said[at : at + 12])) for at in range(0, len(said), 12)]
    begun = time.process_time()
    found = align(lines, heard, len(said) * 360)
    seconds = time.process_time() - begun
    wrong = [abs(each.span.start_ms - place * 12 * 360) > 1000 for place, each in enumerate(found)]
    begun = time.process_time()
    align(lines, [Word(each.start_ms, each.end_ms, f"{each.text}x") for each in heard], len(said) * 360)
    return {
        "two_hours_cpu_s": seconds,
        "two_hours_lines_over_1_s_off": sum(wrong) / len(wrong),
        "two_hours_of_other_words_cpu_s": time.process_time() - begun,
    }


def _turns(rttm: Path, words: Sequence[Word]) -> list[Segment]:
    """The known turns, with the recognised words whose middle lies in them."""
    made = []
    for row in map(str.split, rttm.read_text().splitlines()):
        start, length = round(float(row[3]) * 1000), round(float(row[4]) * 1000)
        said = [word.text for word in words if start <= (word.start_ms + word.end_ms) // 2 < start + length]
        if said:
            made.append(Segment("", Span(start, start + length), row[7], " ".join(said)))
    return made


if __name__ == "__main__":
    main()
