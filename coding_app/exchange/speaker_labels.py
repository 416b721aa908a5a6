"""Finds who speaks at the head of lines: "Therapist: ...", "T1: ...", "[SPEAKER_00]: ..."."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from coding_app.domain.script import ScriptLine, names_somebody, role_of_label
from coding_app.exchange.script_parts import MAX_LABEL, clean_label

_HEAD = re.compile(r"\s*[\[<(]?\s*([^\W_][^:\[\]<>\n]{0,59}?)\s*[\])>]?\s*[:：](?!//)(?!\d)\s*")
_COUNTED = re.compile(r"([^\W\d_]+)[ _-]?(\d+)")
_MAX_WORDS = 4
_NEVER_WORDS = (
    "date session time duration length transcript transcriber transcribed topic title subject location place note "
    "recording file notes participants legend key page case version http https datum sitzung dauer ort thema titel"
)
_NEVER = frozenset(_NEVER_WORDS.split())


def head_of(text: str) -> tuple[str, str] | None:
    """The candidate for a label at the head of a line and the rest; None when there is none.

    >>> head_of("Therapist: How are you?"), head_of("10:30 is fine")
    (('Therapist', 'How are you?'), None)
    """
    found = _HEAD.match(text)
    if not found or len(found[1].split()) > _MAX_WORDS or len(found[1]) > MAX_LABEL:
        return None
    label = clean_label(found[1].strip("()[]*"))
    return (label, text[found.end() :].strip()) if label and not label.isdigit() else None


def labels_among(candidates: Sequence[str], n_lines: int) -> dict[str, str]:
    """Candidate -> label for those that are speakers: a role or code, or said again and again.

    Counters ("T1", "T2", "T3" ...) are taken off when each number comes once.
    """
    counts = Counter(candidates)
    accepted = {each: each for each in counts if _is_speaker(each, counts, n_lines)}
    return accepted | _without_counters(candidates, n_lines)


def _is_speaker(label: str, counts: Counter[str], n_lines: int) -> bool:
    if label.casefold() in _NEVER:
        return False
    if role_of_label(label) or not names_somebody(label):
        return True
    if counts[label] >= 2:
        return not label[0].islower()
    if any(word[0].islower() for word in label.split()):
        return False
    if role_of_label(label.split(maxsplit=1)[0]):  # "Therapist S1"
        return True
    return sum(counts.values()) >= n_lines * 0.8 and n_lines >= 2


def _without_counters(candidates: Sequence[str], n_lines: int) -> dict[str, str]:
    """ "T1", "C1", "T2", "C2" ... -> "T", "C", "T", "C": turns that are counted, not people."""
    found = [(each, match) for each in candidates if (match := _COUNTED.fullmatch(each))]
    stems = Counter(match[1] for _, match in found)
    numbers: dict[str, list[int]] = {}
    for _, match in found:
        numbers.setdefault(match[1], []).append(int(match[2]))
    counted = {
        stem
        for stem, n in stems.items()
        if n >= 3 and all(a < b for a, b in zip(numbers[stem], numbers[stem][1:], strict=False))
    }
    return {each: match[1] for each, match in found if match[1] in counted}


def split_labels(lines: Sequence[ScriptLine]) -> list[ScriptLine]:
    """Lines of subtitles with the label at their head, if it is one, as their speaker; others stay as they are."""
    heads = [None if each.speaker else head_of(each.text) for each in lines]
    labels = labels_among([head[0] for head in heads if head], sum(1 for each in lines if each.text))
    return [
        _spoken_by(line, labels[head[0]], head[1]) if head and head[0] in labels else line
        for line, head in zip(lines, heads, strict=True)
    ]


def _spoken_by(line: ScriptLine, speaker: str, text: str) -> ScriptLine:
    said = text.split()
    words = line.words[len(line.words) - len(said) :] if len(line.words) >= len(said) else ()
    return replace(line, speaker=speaker, text=text, words=words if said else ())
