"""Reads a dialogue file: who says what, with which voice, and how long the silence after it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

DEFAULT_PAUSE_MS = 400


@dataclass(frozen=True, slots=True)
class Speaker:
    """One speaker's label, role and voice; `pace` multiplies the voice's own rate, `level_db` is RMS dBFS."""

    label: str
    role: str
    voice: str
    accent: str
    pace: float
    level_db: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of talk; `key` is the key of the segment it becomes, `pause_ms` the silence after it."""

    key: str
    speaker: Speaker
    text: str
    pace: float
    pause_ms: int


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A whole invented conversation, in the order in which it is spoken."""

    language: str
    speakers: tuple[Speaker, ...]
    utterances: tuple[Utterance, ...]


def read_dialogue(path: Path) -> Dialogue:
    """The dialogue in `path`; raises KeyError when a speaker or a field is missing."""
    data = YAML(typ="safe").load(path)
    speakers = {
        label: Speaker(label, s["role"], s["voice"], s["accent"], float(s["pace"]), float(s["level_db"]))
        for label, s in data["speakers"].items()
    }
    utterances = tuple(
        Utterance(
            f"s-{number:04d}",
            speakers[item["who"]],
            item["say"],
            float(item.get("pace", 1.0)),
            int(item.get("pause", DEFAULT_PAUSE_MS)),
        )
        for number, item in enumerate(data["utterances"], start=1)
    )
    return Dialogue(data["language"], tuple(speakers.values()), utterances)
