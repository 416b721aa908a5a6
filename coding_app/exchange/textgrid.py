"""Reads Praat TextGrids, long and short: interval tiers as speakers.

Source: "TextGrid file formats" in Praat's manual: only free-standing numbers, quoted texts and flags count; all the
rest ("xmin =", "intervals [1]:") is comment.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coding_app.domain.script import Script, ScriptLine
from coding_app.exchange.script_parts import MAX_MS, Source, checked, clean, clean_label, timing_of

_TOKEN = re.compile(
    r'"((?:[^"]|"")*)"|(?<!\S)([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)(?!\S)|<(exists|absent)>|(?<!\S)!.*'
)
_SILENT = frozenset({"", "sil", "sp", "spn", "<sil>", "<sp>", "<p:>", "xxx", "silence", "silent", "sounding"})
_PHONES = re.compile(r"phone|phon\b|segments?$|maus|ort-mau|kan-mau|syll|silence", re.IGNORECASE)
_LETTERS = {
    'a"': "ä", 'o"': "ö", 'u"': "ü", 'A"': "Ä", 'O"': "Ö", 'U"': "Ü", "ss": "ß", "e'": "é", "e`": "è", "a`": "à",
    "e^": "ê", "c,": "ç", "n~": "ñ", "o/": "ø", "ao": "å", "ae": "æ", "i'": "í", "o'": "ó", "a'": "á", "u'": "ú",
}  # fmt: skip
MAX_TIERS = 200


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece that counts. kind: "text", "number" or "flag"."""

    kind: str
    value: str
    line: int


class _Reader:
    """Takes the pieces one by one and says in which line another kind was found."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._tokens = _tokens(source)
        self.line = 1

    def take(self, kind: str, what: str) -> str:
        token = next(self._tokens, None)
        if token is None:
            raise self._source.fault(f"the file ends where {what} should follow; it is not whole.", self.line)
        self.line = token.line
        if token.kind != kind:
            raise self._source.fault(f"{what} is missing here; save the TextGrid again in Praat.", token.line)
        return token.value

    def number(self, what: str) -> float:
        return float(self.take("number", what))

    def count(self, what: str, at_most: int) -> int:
        value = self.number(what)
        if not 0 <= value <= at_most or value != int(value):
            raise self._source.fault(f"{what} cannot be {value:g}.", self.line)
        return int(value)


def read_textgrid(source: Source, tiers: Sequence[str] | None = None) -> Script:
    """A TextGrid; tiers: the names of those that hold talk, None for the interval tiers that may.

    Raises TranscriptFileError, with the line.
    """
    by_name = _tiers(source)
    tracks = tuple(name for name, lines in by_name.items() if any(each.text for each in lines))
    wanted = _own_choice(tracks) if tiers is None else tiers
    used = tuple(each for each in wanted if each in tracks)
    if not used:
        raise source.fault("no interval tier holds talk; look whether this is the file you meant.")
    lines = [line for each in used for line in by_name[each]]
    lines.sort(key=lambda each: each.start_ms or 0)
    kept = checked(source, lines)
    return Script(kept, timing_of(kept), "TextGrid", tracks=tracks, used=used, notes=source.notes)


def _tokens(source: Source) -> Iterator[_Token]:
    line, seen = 1, 0
    for found in _TOKEN.finditer(source.text):
        line += source.text.count("\n", seen, found.start())
        seen = found.start()
        if found[1] is not None:
            yield _Token("text", found[1].replace('""', '"'), line)
        elif found[2] is not None:
            yield _Token("number", found[2], line)
        elif found[3] is not None:
            yield _Token("flag", found[3], line)


def _tiers(source: Source) -> dict[str, list[ScriptLine]]:
    if source.text.startswith("ooBinaryFile"):
        raise source.fault("this TextGrid is binary; in Praat use 'Save as text file'.", 1)
    reader = _Reader(source)
    if not source.text.lstrip("\ufeff").startswith("File type") and '"ooTextFile"' not in source.text[:200]:
        raise source.fault("this is no TextGrid: it does not begin with 'File type = \"ooTextFile\"'.", 1)
    if reader.take("text", "the file type") != "ooTextFile" or reader.take("text", "the class") != "TextGrid":
        raise source.fault("this Praat file is no TextGrid.", reader.line)
    reader.number("the beginning")
    reader.number("the end")
    if reader.take("flag", "the mark <exists>") != "exists":
        raise source.fault("the TextGrid has no tiers.", reader.line)
    made: dict[str, list[ScriptLine]] = {}
    for _ in range(reader.count("the number of tiers", MAX_TIERS)):
        kind, name = (
            reader.take("text", "the kind of a tier"),
            clean(reader.take("text", "the name of a tier")),
        )
        while name in made:
            name += "'"
        reader.number("the beginning of a tier")
        reader.number("the end of a tier")
        made[name] = _tier(source, reader, kind, name)
    return made


def _tier(source: Source, reader: _Reader, kind: str, name: str) -> list[ScriptLine]:
    if kind not in ("IntervalTier", "TextTier"):
        raise source.fault("a tier is neither an IntervalTier nor a TextTier.", reader.line)
    lines = []
    for _ in range(reader.count("the number of intervals", 10**6)):
        start = _ms(source, reader)
        end = _ms(source, reader) if kind == "IntervalTier" else start
        text = _said(reader.take("text", "the text of an interval"))
        if end < start:
            raise source.fault("an interval ends before it begins.", reader.line)
        if kind == "IntervalTier":
            lines.append(ScriptLine(clean_label(name), text, start, end))
    return [each for each in lines if each.text]


def _ms(source: Source, reader: _Reader) -> int:
    seconds = reader.number("the time of an interval")
    if not seconds <= MAX_MS / 1000:
        raise source.fault("a time is beyond 100 hours.", reader.line)
    return max(0, round(seconds * 1000))


def _said(text: str) -> str:
    """The text with Praat's spelling of letters put right; nothing for what marks a silence."""
    plain = clean(re.sub(r"\\(..)", lambda found: _LETTERS.get(found[1], found[0]), text))
    return "" if plain.casefold() in _SILENT else plain


def _own_choice(tracks: Sequence[str]) -> list[str]:
    """Without tiers of sounds, and without tiers of words where there are others."""
    talk = [each for each in tracks if not _PHONES.search(each)]
    larger = [each for each in talk if not re.search(r"words?$|wort|wörter$", each, re.IGNORECASE)]
    return larger or talk or list(tracks)
