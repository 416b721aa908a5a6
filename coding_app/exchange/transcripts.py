"""Transcripts as files: JSON in and out, subtitles, a table and plain text out."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from io import StringIO
from typing import Any

from coding_app.domain.times import Span, clock
from coding_app.domain.transcript import Segment, Transcript, Word
from coding_app.errors import InputError, TableError

COLUMNS = ("key", "start_ms", "end_ms", "speaker", "role", "text")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_transcript(transcript: Transcript, suffix: str) -> str:
    """The transcript as ".json", ".vtt", ".srt", ".csv" or ".txt". Raises InputError for another suffix."""
    if suffix not in WRITERS:
        raise InputError(f"A transcript cannot be written as '{suffix}'; choose one of {', '.join(WRITERS)}.")
    return WRITERS[suffix](transcript)


def read_transcript_json(text: str) -> tuple[Segment, ...]:
    """The segments of a transcript's JSON form; raises TableError when it is not one."""
    try:
        return tuple(_read_segment(each) for each in json.loads(text)["segments"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TableError(
            "This is not a transcript in the app's JSON form; write one with 'coding-app transcribe --out x.json'."
        ) from error


def segments_as_dicts(segments: Iterable[Segment]) -> list[dict[str, Any]]:
    """Segments as the JSON form has them."""
    return [
        {
            "key": each.key,
            "start_ms": each.span.start_ms,
            "end_ms": each.span.end_ms,
            "speaker": each.speaker,
            "text": each.text,
            "words": [
                {
                    "start_ms": word.start_ms,
                    "end_ms": word.end_ms,
                    "text": word.text,
                    "probability": word.probability,
                }
                for word in each.words
            ],
        }
        for each in segments
    ]


def _read_segment(each: Mapping[str, Any]) -> Segment:
    words = tuple(
        Word(int(word["start_ms"]), int(word["end_ms"]), str(word["text"]), word.get("probability"))
        for word in each.get("words", ())
    )
    speaker = each.get("speaker")
    span = Span(int(each["start_ms"]), int(each["end_ms"]))
    return Segment(
        str(each["key"]), span, None if speaker is None else str(speaker), str(each["text"]), words
    )


def _json(transcript: Transcript) -> str:
    return json.dumps(
        {
            "engine": transcript.engine,
            "model": transcript.model,
            "language": transcript.language,
            "duration_ms": transcript.duration_ms,
            "segments": segments_as_dicts(transcript.segments),
        },
        ensure_ascii=False,
        indent=1,
    )


def _vtt(transcript: Transcript) -> str:
    """WebVTT with the speaker as voice. Source: W3C WebVTT, 2019; "-->" and "&<>" may not stand in a cue."""
    cues = ["WEBVTT"]
    for each in transcript.segments:
        text = each.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        who = _who(transcript, each)
        cues.append(f"{each.key}\n{_times(each.span, '.')}\n{f'<v {who}>' if who else ''}{text}")
    return "\n\n".join(cues) + "\n"


def _srt(transcript: Transcript) -> str:
    cues = []
    for place, each in enumerate(transcript.segments, start=1):
        who = _who(transcript, each)
        cues.append(f"{place}\n{_times(each.span, ',')}\n{f'{who}: ' if who else ''}{each.text}\n")
    return "\n".join(cues)


def _csv(transcript: Transcript) -> str:
    """One row per segment; text that a spreadsheet would take for a formula gets an apostrophe in front."""
    out = StringIO(newline="")
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for each in transcript.segments:
        text = f"'{each.text}" if each.text.startswith(FORMULA_STARTS) else each.text
        role = transcript.role_of(each) or ""
        table.writerow([each.key, each.span.start_ms, each.span.end_ms, each.speaker or "", role, text])
    return out.getvalue()


def _txt(transcript: Transcript) -> str:
    lines = []
    for each in transcript.segments:
        who = _who(transcript, each)
        lines.append(f"[{clock(each.span.start_ms)}] {f'{who}: ' if who else ''}{each.text}\n")
    return "".join(lines)


def _who(transcript: Transcript, segment: Segment) -> str:
    """The role's name, else the speaker's label, else nothing."""
    role = transcript.role_of(segment)
    return role.capitalize() if role else segment.speaker or ""


def _times(span: Span, point: str) -> str:
    return f"{_stamp(span.start_ms, point)} --> {_stamp(span.end_ms, point)}"


def _stamp(moment_ms: int, point: str) -> str:
    seconds, ms = divmod(moment_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"


WRITERS: dict[str, Callable[[Transcript], str]] = {
    ".json": _json, ".vtt": _vtt, ".srt": _srt, ".csv": _csv, ".txt": _txt,
}  # fmt: skip
