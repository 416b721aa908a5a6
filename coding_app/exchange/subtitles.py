"""Reads WebVTT and SRT: cues with their times, voices and, where there are any, word times.

Sources: W3C WebVTT (2019), https://www.w3.org/TR/webvtt1/; SRT has no specification, files in the wild were the guide.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coding_app.domain.script import Script, ScriptLine
from coding_app.domain.transcript import Word
from coding_app.exchange.script_parts import Source, checked, clean, clean_label, clock_ms, counted, timing_of
from coding_app.exchange.speaker_labels import split_labels

_STAMP = r"(?:\d+:)?\d{1,3}:\d{1,2}[.,]\d{1,3}"
_TIMES = re.compile(rf"\s*({_STAMP})\s*-->\s*({_STAMP})(?:\s.*)?")
_STRICT = re.compile(r"(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}")
_TAG = re.compile(r"<([^<>]*)>")
_PAIRED = re.compile(r"<(i|b|u|s|font)\b[^<>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_POSITION = re.compile(r"\{\\an?\d+\}")
_TAGGED = 5000  # letters of a cue in which tags are looked for
_ROLLING_MS = 60  # the cues of automatic captions that only hold a line in place are 10 ms long


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue as written. line: where its times stand."""

    line: int
    start_ms: int
    end_ms: int
    text: str


@dataclass(slots=True)
class _Voice:
    """What one voice says in a cue: pieces of text, each with the moment at which it begins, if one is given."""

    speaker: str | None
    pieces: list[tuple[int | None, str]]

    @property
    def text(self) -> str:
        return clean("".join(text for _, text in self.pieces))


def read_vtt(source: Source) -> Script:
    """A WebVTT file. Raises TranscriptFileError, with the line."""
    first = source.lines[0].lstrip("\ufeff")
    if not re.match(r"WEBVTT(?:[ \t]|$)", first):
        raise source.fault("a WebVTT file begins with the word WEBVTT; this one does not.", 1)
    lines: list[ScriptLine] = []
    notes = list(source.notes)
    shared = 0
    for cue in _unrolled(list(_vtt_cues(source))):
        voices = [each for each in _voices(cue.text) if each.text]
        shared += len(voices) > 1
        lines += _lines_of(cue, voices)
    if shared:
        notes.append(
            f"More than one voice in {counted(shared, 'cue')}: the time was divided by the length of the text."
        )
    return _script(source, "WebVTT", lines, notes)


def read_srt(source: Source) -> Script:
    """A SubRip file. Raises TranscriptFileError, with the line."""
    lines = []
    for cue in _cues(source, source.lines, strict=False, first_line=1):
        plain = _POSITION.sub("", cue.text)
        while len(plain) < _TAGGED and (bare := _PAIRED.sub(r"\2", plain)) != plain:
            plain = bare
        lines.append(ScriptLine(None, clean(plain), cue.start_ms, cue.end_ms))
    return _script(source, "SRT", lines, list(source.notes))


def _script(source: Source, name: str, lines: list[ScriptLine], notes: list[str]) -> Script:
    named = any(each.speaker for each in lines)
    kept = checked(source, lines if named else split_labels(lines))
    return Script(kept, timing_of(kept), name, notes=tuple(notes))


def _vtt_cues(source: Source) -> Iterator[Cue]:
    """The cues of all blocks that are not notes, styles or regions."""
    block: list[str] = []
    start = 0
    for number, text in enumerate([*source.lines, ""], start=1):
        if text == "":
            if start == 1:
                block, start = block[1:], 2  # what stands directly below WEBVTT is about the file, or a cue
                if not any("-->" in each for each in block):
                    block = []
            if block and not re.match(r"(?:NOTE|STYLE|REGION)(?:\s|$)", block[0]):
                yield from _cues(source, block, strict=True, first_line=start)
            block = []
        else:
            start = start if block else number
            block.append(text)


def _cues(source: Source, lines: Sequence[str], *, strict: bool, first_line: int) -> Iterator[Cue]:
    """Every line of times with the lines below it, up to the next one; the number above a cue is no text."""
    places = [place for place, text in enumerate(lines) if "-->" in text]
    if not places:
        form = "00:00:01.000 --> 00:00:02.000" if strict else "00:00:01,000 --> 00:00:02,000"
        raise source.fault(f"no times of the form {form} were found here.", first_line)
    for this, following in zip(places, [*places[1:], None], strict=True):
        number = first_line + this
        start_ms, end_ms = _times(source, lines[this], number, strict=strict)
        text = list(lines[this + 1 : following])
        if following is not None and not strict and text and text[-1].strip().isdigit():
            text.pop()  # the number of the next cue
        yield Cue(number, start_ms, end_ms, "\n".join(text).strip())


def _times(source: Source, text: str, number: int, *, strict: bool) -> tuple[int, int]:
    found = _TIMES.fullmatch(text)
    start, end = (clock_ms(found[1]), clock_ms(found[2])) if found else (None, None)
    good = found is not None and (not strict or all(_STRICT.fullmatch(found[n]) for n in (1, 2)))
    if not good or start is None or end is None:
        form = "00:00:01.000 --> 00:00:02.000" if strict else "00:00:01,000 --> 00:00:02,000"
        raise source.fault(f"these are no times of the form {form}; put them right.", number)
    if end < start:
        raise source.fault("the cue ends before it begins; put its times right.", number)
    return start, end


def _voices(text: str) -> list[_Voice]:
    """The payload of a WebVTT cue by voices; tags other than voices and times are dropped."""
    voices = [_Voice(None, [(None, "")])]
    end = 0
    for tag in _TAG.finditer(text):
        _say(voices, text[end : tag.start()])
        end = tag.end()
        word = re.match(r"v(?:\.[^ \t\n]*)?(?:[ \t\n]+(.*))?$", tag[1], re.DOTALL)
        if word:
            voices.append(_Voice(clean_label(_unescaped(word[1] or "")), [(None, "")]))
        elif tag[1].strip() == "/v":
            voices.append(_Voice(None, [(None, "")]))
        elif (at := clock_ms(tag[1])) is not None:
            voices[-1].pieces.append((at, ""))
    _say(voices, text[end:])
    return voices


def _say(voices: list[_Voice], text: str) -> None:
    at, before = voices[-1].pieces[-1]
    voices[-1].pieces[-1] = (at, before + _unescaped(text))


def _unescaped(text: str) -> str:
    """Text with its entities as letters, and a space at an end where there was one."""
    inner = clean(text, entities=True)
    return f"{' ' if text[:1].isspace() else ''}{inner}{' ' if text[-1:].isspace() and inner else ''}"


def _lines_of(cue: Cue, voices: Sequence[_Voice]) -> list[ScriptLine]:
    """A line per voice; several share the time of the cue in proportion to their letters."""
    total = sum(len(each.text) for each in voices)
    made, done = [], 0
    for each in voices:
        start = cue.start_ms + (cue.end_ms - cue.start_ms) * done // total
        done += len(each.text)
        end = cue.start_ms + (cue.end_ms - cue.start_ms) * done // total
        words = _timed_words(each, cue) if len(voices) == 1 else ()
        made.append(ScriptLine(each.speaker, each.text, start, end, words))
    return made


def _timed_words(voice: _Voice, cue: Cue) -> tuple[Word, ...]:
    """Words with times, when the cue says when they are spoken; several after one time share what follows it."""
    if all(at is None for at, _ in voice.pieces):
        return ()
    begins = [
        cue.start_ms if at is None else min(max(at, cue.start_ms), cue.end_ms) for at, _ in voice.pieces
    ]
    made: list[Word] = []
    for place, (_, text) in enumerate(voice.pieces):
        said = text.split()
        start = begins[place]
        end = max(start, begins[place + 1] if place + 1 < len(begins) else cue.end_ms)
        edges = [start + (end - start) * n // max(1, len(said)) for n in range(len(said) + 1)]
        made += [Word(a, b, word) for word, a, b in zip(said, edges, edges[1:], strict=False)]
    return tuple(made) if " ".join(word.text for word in made) == voice.text else ()


def _unrolled(cues: list[Cue]) -> list[Cue]:
    """Captions that roll up say every line twice: once with word times, once to hold it. Each is kept once."""
    if not any("\n" in each.text and _has_clock_tags(each.text) for each in cues):
        return cues
    kept: list[Cue] = []
    shown = ""
    for cue in cues:
        rows = cue.text.split("\n")
        if len(rows) > 1 and rows[0].strip() == shown:
            rows = rows[1:]
        last = clean(_TAG.sub("", rows[-1]))
        if last == shown and cue.end_ms - cue.start_ms <= _ROLLING_MS:
            continue
        shown = last
        kept.append(Cue(cue.line, cue.start_ms, cue.end_ms, "\n".join(rows)))
    return kept


def _has_clock_tags(text: str) -> bool:
    """Whether a cue holds times for its words."""
    return any(clock_ms(tag[1]) is not None for tag in _TAG.finditer(text))
