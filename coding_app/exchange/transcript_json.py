"""Reads transcripts from JSON: ours, and those of openai-whisper, faster-whisper, WhisperX and whisper.cpp."""

import json
from collections.abc import Sequence
from typing import Any

from coding_app.domain.script import Script, ScriptLine
from coding_app.domain.transcript import Word
from coding_app.exchange.script_parts import (
    MAX_MS,
    Source,
    checked,
    clean,
    clean_label,
    clock_ms,
    number_ms,
    timing_of,
)

_FORMS = "the app's own, or that of Whisper, faster-whisper, WhisperX or whisper.cpp"


def read_json(source: Source) -> Script:
    """A transcript in JSON. Raises TranscriptFileError, with the line or the number of the segment."""
    data = _parsed(source)
    language = data.get("language") if isinstance(data, dict) else None
    language = clean(language) if isinstance(language, str) and len(language) <= 12 else ""
    if isinstance(data, dict) and isinstance(data.get("transcription"), list):
        segments, name = data["transcription"], "whisper.cpp JSON"
        result = data.get("result")
        language = clean(str(result.get("language", "")))[:12] if isinstance(result, dict) else language
    else:
        segments = data.get("segments") if isinstance(data, dict) else data
        is_ours = isinstance(segments, list) and any(
            isinstance(each, dict) and "start_ms" in each for each in segments[:1]
        )
        name = "JSON of this app" if is_ours else "Whisper JSON"
    if not isinstance(segments, list) or not segments:
        raise source.fault(f"no segments were found; the forms that can be read are {_FORMS}.")
    reader = {"JSON of this app": _ours, "whisper.cpp JSON": _cpp}.get(name, _whisper)
    lines = []
    for place, each in enumerate(segments, start=1):
        if not isinstance(each, dict):
            raise source.fault(f"segment {place} is no object; the forms that can be read are {_FORMS}.")
        line = reader(each)
        if line is None:
            raise source.fault(f"segment {place} lacks its text or times, or they cannot be used.")
        lines.append(line)
    kept = checked(source, lines)
    return Script(kept, timing_of(kept), name, language, notes=source.notes)


def _parsed(source: Source) -> Any:
    try:
        return json.loads(source.text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise source.fault("this is no JSON; look whether the file is whole.", error.lineno) from error
    except (RecursionError, ValueError) as error:  # ValueError: a number with thousands of digits
        raise source.fault(
            "the JSON cannot be read: it is nested too deeply or holds absurd numbers."
        ) from error


def _line(
    speaker: object, text: object, start: int | None, end: int | None, words: list[Word]
) -> ScriptLine | None:
    if not isinstance(text, str) or start is None or end is None or end < start:
        return None
    label = clean_label(speaker) if isinstance(speaker, str) else None
    return ScriptLine(label, clean(text), start, end, tuple(words))


def _whole_ms(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_MS:
        return None
    return value


def _probability(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        return None
    return float(value)


def _objects(value: object) -> Sequence[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _ours(segment: dict[str, Any]) -> ScriptLine | None:
    words = []
    for each in _objects(segment.get("words")):
        start, end = _whole_ms(each.get("start_ms")), _whole_ms(each.get("end_ms"))
        if isinstance(each.get("text"), str) and start is not None and end is not None and end >= start:
            words.append(Word(start, end, clean(each["text"]), _probability(each.get("probability"))))
    start, end = _whole_ms(segment.get("start_ms")), _whole_ms(segment.get("end_ms"))
    return _line(
        segment.get("speaker"), segment.get("text"), start, end, [each for each in words if each.text]
    )


def _whisper(segment: dict[str, Any]) -> ScriptLine | None:
    start, end = number_ms(segment.get("start")), number_ms(segment.get("end"))
    if start is None or end is None:
        return None
    words = _whisper_words(_objects(segment.get("words")), start, max(start, end))
    if _letters("".join(word.text for word in words)) != _letters(str(segment.get("text"))):
        words = []
    return _line(segment.get("speaker"), segment.get("text"), start, max(start, end), words)


def _letters(text: str) -> str:
    return "".join(text.split())


def _whisper_words(given: Sequence[dict[str, Any]], start: int, end: int) -> list[Word]:
    """Words with times; one that WhisperX could not place lies between its neighbours."""
    made: list[Word] = []
    for place, each in enumerate(given):
        text = each.get("word", each.get("text"))
        if not isinstance(text, str):
            return []
        begins, ends = number_ms(each.get("start")), number_ms(each.get("end"))
        if begins is None:
            begins = made[-1].end_ms if made else start
        if ends is None or ends < begins:
            later = (number_ms(after.get("start")) for after in given[place + 1 :])
            ends = max(begins, next((at for at in later if at is not None), end)) if ends is None else begins
        score = each.get("probability", each.get("score"))
        made.append(Word(begins, ends, clean(text), _probability(score)))
    return [word for word in made if word.text]


def _cpp(segment: dict[str, Any]) -> ScriptLine | None:
    offsets, stamps = segment.get("offsets"), segment.get("timestamps")
    if isinstance(offsets, dict):
        start, end = _whole_ms(offsets.get("from")), _whole_ms(offsets.get("to"))
    elif isinstance(stamps, dict):
        start, end = (clock_ms(str(stamps.get(side, ""))) for side in ("from", "to"))
    else:
        return None
    return _line(segment.get("speaker"), segment.get("text"), start, end, [])
