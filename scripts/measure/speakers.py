"""Who speaks when, and who speaks at once: how far the app's answer is from a person's, by pyannote.metrics.

    .venv/bin/python scripts/measure/speakers.py

Recordings of two speakers with reference turns (RTTM) in ../shared/data/speech, those of them that are there, the demo
session, and a dialogue that this script builds from a read one: every speaker begins a second before the other has
ended. The number of speakers is given. Prints one flat JSON object on its last line; per recording, in per cent of
the reference speech: `_missed`, `_false_alarm`, `_confusion`, their sum `_der` (collar 0.5 s in all, overlap
scored); `_confusion_rough` is without the talk network. Of talk of two at once, frame by frame of 10 ms without a
collar: `_overlap_precision`, `_overlap_recall` (null where there is nothing to divide by) and its length in the
reference, `_overlap_s`. `left_out` names recordings that are not on this machine.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from coding_app.domain.times import Span
from coding_app.media.decode import decode_to_pcm, open_pcm
from coding_app.speech import talk
from coding_app.speech.diarizer import speaker_turns
from coding_app.speech.segmenting import Turn
from coding_app.speech.voice_activity import speech_spans

SHARED = ROOT.parent / "shared" / "data" / "speech"
DEMO = ROOT / "data" / "demo"
NAMES = ("pyannote_sample", "ami_dev00", "ami_dev01", "dlg_1688_2033")
COLLAR_S = 0.5
FRAME_MS = 10
AT_ONCE_MS = 1000
PER_MS = 16

Samples = NDArray[np.int16]


def read_rttm(path: Path) -> list[Turn]:
    """The turns of a file, in order of time; they may overlap."""
    rows = [line.split() for line in path.read_text("utf-8").splitlines() if line.startswith("SPEAKER")]
    spans = [(round(float(row[3]) * 1000), round(float(row[4]) * 1000), row[7]) for row in rows]
    return sorted(
        (Turn(Span(start, start + length), who) for start, length, who in spans), key=lambda t: t.span
    )


def overlapping_dialogue(samples: Samples, turns: Sequence[Turn]) -> tuple[Samples, list[Turn]]:
    """The same utterances, each change of speaker a second before the other has ended."""
    out = np.zeros(len(samples), dtype=np.int32)
    made, at = list[Turn](), 500
    for number, turn in enumerate(turns):
        if number:
            changes = turn.speaker != turns[number - 1].speaker
            at += -AT_ONCE_MS if changes else 300
        end = at + turn.span.duration_ms
        said = samples[turn.span.start_ms * PER_MS : turn.span.end_ms * PER_MS]
        out[at * PER_MS : at * PER_MS + len(said)] += said
        made.append(Turn(Span(at, end), turn.speaker))
        at = end
    return np.clip(out[: (at + 500) * PER_MS], -32768, 32767).astype(np.int16), made


def shares(reference: Sequence[Turn], heard: Sequence[Turn], duration_ms: int) -> dict[str, float]:
    """Missed, false alarm, confusion and their sum, in per cent of the reference speech."""
    from pyannote.core import Annotation, Segment, Timeline
    from pyannote.metrics.diarization import DiarizationErrorRate

    def annotation(turns: Sequence[Turn]) -> Any:
        made = Annotation()
        for place, turn in enumerate(turns):
            made[Segment(turn.span.start_ms / 1000, turn.span.end_ms / 1000), place] = turn.speaker
        return made

    whole = Timeline([Segment(0, duration_ms / 1000)])
    rate = DiarizationErrorRate(collar=COLLAR_S, skip_overlap=False)
    parts = rate(annotation(reference), annotation(heard), uem=whole, detailed=True)
    named = {
        "missed": parts["missed detection"],
        "false_alarm": parts["false alarm"],
        "confusion": parts["confusion"],
    }
    found = {name: round(float(100 * value / parts["total"]), 2) for name, value in named.items()}
    return found | {"der": round(sum(found.values()), 2)}


def overlap_measures(
    reference: Sequence[Turn], found: Sequence[Span], duration_ms: int
) -> dict[str, float | None]:
    """Precision and recall (0-1) of the time in which two talk at once, and how long that is."""
    n_frames = duration_ms // FRAME_MS
    voices, told = np.zeros(n_frames, dtype=int), np.zeros(n_frames, dtype=bool)
    for turn in reference:
        voices[turn.span.start_ms // FRAME_MS : turn.span.end_ms // FRAME_MS] += 1
    for span in found:
        told[span.start_ms // FRAME_MS : span.end_ms // FRAME_MS] = True
    true, hits = voices > 1, (voices > 1) & told
    return {
        "overlap_precision": round(float(hits.sum() / told.sum()), 3) if told.any() else None,
        "overlap_recall": round(float(hits.sum() / true.sum()), 3) if true.any() else None,
        "overlap_s": round(float(true.sum()) * FRAME_MS / 1000, 2),
    }


def measured(samples: Samples, reference: Sequence[Turn]) -> dict[str, float | None]:
    """Everything about one recording of two speakers."""
    duration_ms = len(samples) // PER_MS
    heard = talk.listen(samples, speech_spans(samples))
    rough, turns = speaker_turns(samples, 2), speaker_turns(samples, 2, talk=heard)
    return {
        **shares(reference, turns, duration_ms),
        "confusion_rough": shares(reference, rough, duration_ms)["confusion"],
        **overlap_measures(reference, heard.overlaps(), duration_ms),
    }


def recordings(work: Path) -> Iterator[tuple[str, Samples, list[Turn]]]:
    """Name, samples at 16 kHz and reference turns of everything that is on this machine."""
    for name in NAMES:
        source = next((p for end in ("wav", "flac") if (p := SHARED / f"{name}.{end}").exists()), None)
        if source is not None and (SHARED / f"{name}.rttm").exists():
            samples = open_pcm(decode_to_pcm(source, work / f"{name}.pcm").path)
            reference = read_rttm(SHARED / f"{name}.rttm")
            yield name, samples, reference
            if name.startswith("dlg"):
                yield "built_overlap", *overlapping_dialogue(samples, reference)
    if (DEMO / "turns.rttm").exists():
        pcm = decode_to_pcm(DEMO / "session.ogg", work / "demo.pcm")
        yield "demo", open_pcm(pcm.path), read_rttm(DEMO / "turns.rttm")


def main() -> None:
    """Measures everything that is there and prints it."""
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, samples, reference in recordings(Path(folder)):
            found = measured(samples, reference)
            print(name, found, file=sys.stderr)
            result |= {f"{name}_{key}": value for key, value in found.items()}
    result["left_out"] = ", ".join(name for name in NAMES if f"{name}_der" not in result)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
