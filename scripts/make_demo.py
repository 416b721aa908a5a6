"""Makes a demo session again: recording, reference transcript, speaker turns, observers' passes.

Reads dialogue.yaml and observers.yaml in a data folder. How to set it up: docs/reference/demo-data.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from demo.dialogue import Dialogue
    from demo.mix import Spoken
    from demo.words import Heard, TimedWord

ROOT = Path(__file__).resolve().parent.parent
SCHEME = ROOT / "coding_schemes" / "alliance-core.yaml"


def main() -> None:
    """Reads the command line and makes what it asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="for example data/demo")
    parser.add_argument("--voices", type=Path, help="folder with the voices' .bin files")
    parser.add_argument(
        "--whisper", type=Path, help="folder of a CTranslate2 Whisper model, for the words' times"
    )
    parser.add_argument("--scheme", type=Path, default=SCHEME, help="scheme file the passes follow")
    parser.add_argument(
        "--passes-only", action="store_true", help="write the observers' passes, leave the sound"
    )
    arguments = parser.parse_args()
    if not arguments.passes_only:
        if arguments.voices is None or arguments.whisper is None:
            parser.error("--voices and --whisper are needed to make the recording")
        make_recording(arguments.folder, arguments.voices, arguments.whisper)
    make_passes(arguments.folder, arguments.scheme)


def make_recording(folder: Path, voices: Path, whisper: Path) -> None:
    """Speaks the dialogue; writes session.ogg, transcript.json, speakers.json and turns.rttm to `folder`."""
    from demo.dialogue import read_dialogue
    from demo.mix import decode, mix, write_opus
    from demo.voices import load_voices
    from demo.words import WHISPER_RATE_HZ, align, listen, load_whisper

    dialogue = read_dialogue(folder / "dialogue.yaml")
    samples, spoken = mix(dialogue.utterances, load_voices(voices))
    recording = folder / "session.ogg"
    write_opus(samples, recording)
    heard_samples = decode(recording, WHISPER_RATE_HZ)
    model = load_whisper(whisper)
    heard = [listen(model, heard_samples, one, dialogue.language) for one in spoken]
    words = [align(one, what) for one, what in zip(spoken, heard, strict=True)]
    duration_ms = len(heard_samples) * 1000 // WHISPER_RATE_HZ
    write_json(folder / "transcript.json", transcript(dialogue, spoken, words, duration_ms))
    write_json(folder / "speakers.json", {speaker.label: speaker.role for speaker in dialogue.speakers})
    (folder / "turns.rttm").write_text(rttm(spoken, folder.name), encoding="utf-8")
    report(spoken, heard, samples, duration_ms)


def make_passes(folder: Path, scheme: Path) -> None:
    """Writes one JSON file per observer in observers.yaml."""
    from demo.passes import read_passes

    for stem, coding_pass in read_passes(folder / "observers.yaml", scheme).items():
        write_json(folder / f"{stem}.json", coding_pass)


def transcript(
    dialogue: Dialogue, spoken: Sequence[Spoken], words: Sequence[Sequence[TimedWord]], duration_ms: int
) -> dict[str, Any]:
    """The reference transcript in the form that `coding-app transcribe --out x.json` writes."""
    # a word's probability is 1.0: the text is the script that was spoken
    segments = [
        {
            "key": one.utterance.key,
            "start_ms": one.start_ms,
            "end_ms": one.end_ms,
            "speaker": one.utterance.speaker.label,
            "text": one.utterance.text,
            "words": [
                {"start_ms": w.start_ms, "end_ms": w.end_ms, "text": w.text, "probability": 1.0}
                for w in timed
            ],
        }
        for one, timed in zip(spoken, words, strict=True)
    ]
    return {
        "engine": "reference",
        "model": "written dialogue",
        "language": dialogue.language,
        "duration_ms": duration_ms,
        "segments": segments,
    }


def rttm(spoken: Sequence[Spoken], name: str) -> str:
    """Speaker turns as RTTM lines, one per utterance, in seconds as the format asks."""
    return "".join(
        f"SPEAKER {name} 1 {one.start_ms / 1000:.3f} {(one.end_ms - one.start_ms) / 1000:.3f} "
        f"<NA> <NA> {one.utterance.speaker.label} <NA> <NA>\n"
        for one in spoken
    )


def write_json(path: Path, value: object) -> None:
    """Writes UTF-8 JSON with a final newline."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def report(spoken: Sequence[Spoken], heard: Sequence[Heard], samples: Any, duration_ms: int) -> None:
    """Prints what Whisper heard in each utterance; length, level and error rate as JSON on the last line."""
    import jiwer
    import numpy as np

    plain = jiwer.Compose(
        [jiwer.ToLowerCase(), jiwer.RemovePunctuation(), jiwer.Strip(), jiwer.ReduceToListOfListOfWords()]
    )
    wer = jiwer.wer(
        [one.utterance.text for one in spoken],
        [" ".join(w.text for w in what.words) or "-" for what in heard],
        reference_transform=plain,
        hypothesis_transform=plain,
    )
    for one, what in zip(spoken, heard, strict=True):
        print(one.utterance.key, one.start_ms, one.end_ms, "|", " ".join(w.text for w in what.words))
    print(
        json.dumps(
            {
                "duration_ms": duration_ms,
                "utterances": len(spoken),
                "peak_dbfs": round(20 * float(np.log10(np.abs(samples).max())), 1),
                "wer_by_utterance": round(float(wer), 4),
            }
        )
    )


if __name__ == "__main__":
    main()
