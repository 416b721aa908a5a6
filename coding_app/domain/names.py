"""Names in what was said: where one stands, however it is spelled, and when it was spoken."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Word
from coding_app.domain.words import placed_words

AROUND_MS = 150  # word times are found by a machine: this much before and after a name is silenced with it
MAX_WORDS = 8  # of a name that is known from an earlier session
MAX_SMALL_WORDS = 5  # of one without any capital
# What belongs to the letter before it: accents that are written apart, vowel signs, joiners.
_MARKS = {chr(n) for n in range(0x300, 0x1100) if unicodedata.category(chr(n))[0] == "M"} | {
    "\u200c",
    "\u200d",
}
# Chinese and Japanese signs: no space parts their words, so each counts as a word.
_SIGNS = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SIGN = re.compile(f"[{_SIGNS}]")
_LETTERS = rf"(?:[^\W_{_SIGNS}]+[{''.join(_MARKS)}]*)+"
WORD = re.compile(rf"[{_SIGNS}]|{_LETTERS}(?:[-'’]{_LETTERS})*")
_PART = re.compile(_LETTERS)
NO_LETTER_BEFORE, NO_LETTER_AFTER = rf"(?<![^\W_{_SIGNS}])", rf"(?![^\W_{_SIGNS}])"
_POSSESSIVE = re.compile(r"(?:['’]s|s|['’])$", re.IGNORECASE)
_STANDS_FOR = re.compile(r"\[Name (\d+)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a name stands: the characters [start, end) of the text of the segment with this key.

    exact: written just so; not: in other letters, with an ending, or as a part of a longer word, so that it may be
    another word.
    """

    key: str
    start: int
    end: int
    exact: bool = True


def places_of(segments: Iterable[Segment], name: str) -> tuple[Place, ...]:
    """Everywhere the name stands as words of its own, in whichever letters, also with an "s" after it."""
    return tuple(find_places({each.key: each.text for each in segments}, name))


def known_places(
    segments: Iterable[Segment], replacement_of: Callable[[str], str | None]
) -> dict[str, tuple[Place, ...]]:
    """Replacement -> places of the names that it stands for, longer names first where they overlap.

    replacement_of: what a name, as `spelled`, was replaced by before; None for what is no name.
    """
    found: dict[str, list[Place]] = defaultdict(list)
    heard = cache(_heard)
    for segment in segments:
        words = [(*each.span(), heard(each.group())) for each in WORD.finditer(segment.text)]
        after = 0
        for first, (start, _, _) in enumerate(words):
            if start >= after and (hit := _longest_hit(words, first, replacement_of)):
                replacement, after, exact = hit
                found[replacement].append(Place(segment.key, start, after, exact))
    return {replacement: tuple(places) for replacement, places in found.items()}


def spelled(name: str) -> str:
    """A name as it is compared: its words in lower case, one space between them.

    >>> spelled("  Anna-Lena  O’BRIEN ")
    "anna-lena o'brien"
    """
    same = unicodedata.normalize("NFKC", name).replace("’", "'")
    return " ".join(word.group().casefold() for word in WORD.finditer(same))


def holds(text: str, name: str) -> bool:
    """Whether the name, however it is spelled, is among the words of the text.

    >>> holds("young ANNA", "Anna"), holds("[Name 1]", "Nam")
    (True, False)
    """
    return f" {spelled(name)} " in f" {spelled(text)} "


def spoken(segment: Segment, place: Place, duration_ms: int) -> Span:
    """When the words of the place were said, with a little around them.

    Where a part of it has no time, all between the words beside it; the whole segment where no time is known.
    duration_ms: of the recording.
    """
    placed = list(placed_words(segment.text, segment.words))
    at = [word for start, end, word in placed if start < place.end and end > place.start]
    starts, ends = [word.start_ms for word in at], [word.end_ms for word in at]
    if not _all_placed(segment.text, place, placed):
        starts.append(
            max((word.end_ms for _, end, word in placed if end <= place.start), default=segment.span.start_ms)
        )
        ends.append(
            min(
                (word.start_ms for start, _, word in placed if start >= place.end),
                default=segment.span.end_ms,
            )
        )
    start_ms, end_ms = min(starts) - AROUND_MS, max(ends) + AROUND_MS
    return Span(max(0, start_ms), max(0, start_ms, min(duration_ms, end_ms)))


def _all_placed(text: str, place: Place, placed: Iterable[tuple[int, int, Word]]) -> bool:
    there = {at for start, end, _ in placed for at in range(start, end)}
    return all(at in there for at in range(place.start, place.end) if text[at].isalnum())


def free_replacement(taken: Iterable[str]) -> str:
    """A name for a name that nothing has yet.

    >>> free_replacement(["[Name 1]", "Clara"])
    '[Name 2]'
    """
    known, number = set(taken), 1
    while f"[Name {number}]" in known:
        number += 1
    return f"[Name {number}]"


def standing_in(segments: Iterable[Segment]) -> set[str]:
    """All of the form "[Name 1]" that is written there, from whichever case or program."""
    return {f"[Name {number}]" for each in segments for number in _STANDS_FOR.findall(each.text)}


def alike(text: str) -> str:
    """With accents on their letters, and one form of the apostrophe."""
    return unicodedata.normalize("NFC", text).replace("’", "'")


def parts_of(text: str) -> list[str]:
    """The runs of letters in a text, as they are compared; "Anna-Lena" has two."""
    return _PART.findall(alike(text).casefold())


def find_places(texts: Mapping[str, str], name: str) -> Iterator[Place]:
    """As places_of, in texts by their segments' keys."""
    words = [_pattern(each) for each in alike(name).split()]
    if not words:
        return
    together, wanted = r"\s+".join(words), alike(name)
    # Without capitals, other words are written together with a name ("and", "to"; in Chinese, all).
    within = any(map(str.isalpha, wanted)) and wanted.upper() == wanted.lower()
    pattern = re.compile(rf"({together})({'' if within else 's?'})", re.IGNORECASE)
    for key, text in texts.items():
        for match in pattern.finditer(text):
            start, end = match.span(1)
            if within or not any(
                map(_is_letter, (text[start - 1 : start], text[match.end() : match.end() + 1]))
            ):
                same = alike(match.group(1)) == wanted and not match.group(2)
                yield Place(key, start, end, same and _stands_alone(text, start, end))


def _pattern(word: str) -> str:
    """What finds a word, its accents on their letters or apart, its apostrophes of either form."""
    found = []
    for letter in word:
        apart = unicodedata.normalize("NFD", letter)
        either = f"(?:{re.escape(letter)}|{re.escape(apart)})" if apart != letter else re.escape(letter)
        found.append("['’]" if letter == "'" else either)
    return "".join(found)


def _stands_alone(text: str, start: int, end: int) -> bool:
    beside = text[start - 1 : start], text[end : end + 1]
    if end - start == 1 and _SIGN.match(text[start]):  # a sign alone: likely a part of a word
        return not any(map(str.isalnum, beside))
    return not any(_is_letter(each) or each in ("-", "_") for each in beside)


def _is_letter(letter: str) -> bool:
    """Whether a word goes on with it; never with a sign, which is a word itself."""
    return letter in _MARKS or (letter.isalnum() and not _SIGN.match(letter))


class _Heard(NamedTuple):
    """A word as it is compared. endings: how long what may be put to a name is, and whether it is surely that."""

    spelled: str
    endings: tuple[tuple[int, bool], ...]
    small: bool


def _heard(word: str) -> _Heard:
    endings, found = [(0, True)], _POSSESSIVE.search(word)
    if found:
        endings.append((len(found.group()), found.group()[0] in "'’"))
    return _Heard(spelled(word), tuple(endings), word[0].islower())


def _longest_hit(
    words: Sequence[tuple[int, int, _Heard]], first: int, replacement_of: Callable[[str], str | None]
) -> tuple[str, int, bool] | None:
    """The longest name that begins with the first word: (replacement, where it ends, written exactly so)."""
    before, names = "", list[tuple[str, int, _Heard]]()
    for start, end, word in words[first : first + MAX_WORDS]:
        if names and start > names[-1][1] + 2:
            break
        names.append((before, end, word))
        before = f"{before}{word.spelled} "
    n_small = next((n for n, (_, _, each) in enumerate(names) if not each.small), len(names))
    for n in range(len(names) - 1, -1, -1):
        before, end, word = names[n]
        if n_small > n >= MAX_SMALL_WORDS:
            continue
        for length, sure in word.endings:
            stem = word.spelled[: len(word.spelled) - length]
            replacement = replacement_of(before + stem) if stem else None
            if replacement is not None:
                return replacement, end - length, sure and not words[first][2].small
    return None
