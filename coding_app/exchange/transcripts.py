"""Transcripts as files: JSON in and out, subtitles, a table and plain text out."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from io import StringIO
from typing import Any

from coding_app.domain.times import Span, clock
from coding_app.domain.transcript import Segment, Transcript, Word
from coding_app.errors import InputError, TableError
from coding_app.exchange.transcript_csv import guarded

COLUMNS = ("key", "start_ms", "end_ms", "speaker", "role", "text")
ROLE_WORDS = {
    "therapist": "Therapist", "client": "Client", "client_2": "Client 2", "client_3": "Client 3",
    "client_4": "Client 4", "therapist_2": "Therapist 2", "other": "Other",
}  # fmt: skip


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


def segments_as_dicts(segments: Iterable[Segment], *, with_flags: bool = False) -> list[dict[str, Any]]:
    """Segments as the JSON form has them; with_flags adds "flags" where there are any, for our own processes."""
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
        | ({"flags": list(each.flags)} if with_flags and each.flags else {})
        for each in segments
    ]


def _read_segment(each: Mapping[str, Any]) -> Segment:
    words = tuple(
        Word(int(word["start_ms"]), int(word["end_ms"]), str(word["text"]), word.get("probability"))
        for word in each.get("words", ())
    )
    speaker = each.get("speaker")
    span = Span(int(each["start_ms"]), int(each["end_ms"]))
    flags = tuple(str(flag) for flag in each.get("flags", ()))
    return Segment(
        str(each["key"]), span, None if speaker is None else str(speaker), str(each["text"]), words, flags
    )


def _json(transcript: Transcript) -> str:
    return json.dumps(
        {
            "engine": transcript.engine,
            "model": transcript.model,
            "language": transcript.language,
            "duration_ms": transcript.duration_ms,
            "segments": segments_as_dicts(transcript.segments),
        }
        | ({"provenance": transcript.provenance} if transcript.provenance else {}),
        ensure_ascii=False,
        indent=1,
    )


def _vtt(transcript: Transcript) -> str:
    """WebVTT with the speaker as voice. Source: W3C WebVTT, 2019.

    A cue is in the order of its beginning, longer than nothing and without an empty line; "&<>" are written out.
    """
    cues = ["WEBVTT"]
    for each in _in_time(transcript):
        who = _escaped(_who(transcript, each))
        cues.append(
            f"{each.key}\n{_times(each.span, '.')}\n{f'<v {who}>' if who else ''}{_escaped(each.text)}"
        )
    return "\n\n".join(cues) + "\n"


def _escaped(text: str) -> str:
    return _one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _srt(transcript: Transcript) -> str:
    cues = []
    for place, each in enumerate(_in_time(transcript), start=1):
        text = _one_line(f"{_head(transcript, each)}{each.text}").replace("-->", "->")
        cues.append(f"{place}\n{_times(each.span, ',')}\n{text}\n")
    return "\n".join(cues)


def _in_time(transcript: Transcript) -> list[Segment]:
    return sorted(transcript.segments, key=lambda each: each.span.start_ms)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _csv(transcript: Transcript) -> str:
    """One row per segment; text that a spreadsheet would take for a formula gets an apostrophe in front."""
    out = StringIO(newline="")
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for each in transcript.segments:
        role, speaker = transcript.role_of(each) or "", guarded(each.speaker or "")
        table.writerow([each.key, each.span.start_ms, each.span.end_ms, speaker, role, guarded(each.text)])
    return out.getvalue()


def _txt(transcript: Transcript) -> str:
    return "".join(
        f"[{clock(each.span.start_ms)}] {_one_line(f'{_head(transcript, each)}{each.text}')}\n"
        for each in transcript.segments
    )


def _head(transcript: Transcript, segment: Segment) -> str:
    who = _who(transcript, segment)
    return f"{who}: " if who else ""


def _who(transcript: Transcript, segment: Segment) -> str:
    """The role's name, with the label when several speakers share it; without a role the label, else nothing."""
    role = transcript.role_of(segment)
    if role is None:
        return segment.speaker or ""
    named = ROLE_WORDS.get(role, role.capitalize())
    is_shared = list(transcript.speakers.values()).count(role) > 1
    return f"{named} {segment.speaker}" if is_shared else named


def _times(span: Span, point: str) -> str:
    end_ms = max(span.end_ms, span.start_ms + 1)  # a cue must last
    return f"{_stamp(span.start_ms, point)} --> {_stamp(end_ms, point)}"


def _stamp(moment_ms: int, point: str) -> str:
    seconds, ms = divmod(moment_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"


WRITERS: dict[str, Callable[[Transcript], str]] = {
    ".json": _json, ".vtt": _vtt, ".srt": _srt, ".csv": _csv, ".txt": _txt,
}  # fmt: skip
