"""Names in what was said: which words may be one, where they stand, and when they were spoken.

Nothing here decides that a word is a name; it offers words to a person, who looks at every place.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
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
_WORD = re.compile(rf"[{_SIGNS}]|{_LETTERS}(?:[-'’]{_LETTERS})*")
_PART = re.compile(_LETTERS)
_NO_LETTER_BEFORE, _NO_LETTER_AFTER = rf"(?<![^\W_{_SIGNS}])", rf"(?![^\W_{_SIGNS}])"
_POSSESSIVE = re.compile(r"(?:['’]s|s|['’])$", re.IGNORECASE)
_STANDS_FOR = re.compile(r"\[Name (\d+)\]", re.IGNORECASE)
_SENTENCE_ENDS = re.compile(r"[.!?:…]")
# Words before a name that say so.
_TITLES = frozenset(
    ("frau", "herr", "herrn", "dr", "doktor", "prof", "professor", "mr", "mrs", "ms", "miss", "sir")
)
# A word that stands after one of these is a common noun, where nouns are written with capitals.
_ARTICLES = """
der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner mein meine meinen meinem
meiner dein deine deinen deinem deiner sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer unser unsere
unseren unserem unserer euer eure euren eurem eurer dieser diese dieses diesen diesem jede jeder jedes jeden
jedem im am zum zur beim vom ins ans viel viele vielen mehr welche welcher welches alle allen zwei drei
"""
# Words that no name is, wherever they stand with a capital: so that the list stays short, not to know a language.
_NO_NAMES = """
a aber about ach actually aha ah all also am an and are as at auch because but can come could da danke dann das dass
den der did die do does doch du eh ein eine er es even every for from genau get go good gut had has have he hello her hi
hier his hm hmm how huh i ich if ihr im in is ist it its ja jetzt just kann know let like look maybe mein mhm mm mmm my
na nah naja nein nicht no not now nur oder of oh ok okay on one or our please really right say see she sie so some
sometimes sorry still sure tell thank thanks that the their then there these they this those to uh uhm um und very wann
want warum was we weil welche well wenn wer were what when where which who why wie will wir wo would yeah yep yes you
your yup
"""
_WEEKDAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
_DETERMINERS, _COMMON = frozenset(_ARTICLES.split()), frozenset(_NO_NAMES.split())
_CONTRACTION = re.compile(r"['’](?:s|m|re|ve|ll|d|t)\b")
_NOUNS_WITH_CAPITALS = frozenset({"de", "lb"})


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


@dataclass(frozen=True, slots=True)
class Name:
    """Words that may be a name, and where they stand. likely: by where they stand, rather than by their capital."""

    text: str
    places: tuple[Place, ...]
    likely: bool


class _Seen(NamedTuple):
    """A word in a text: begins: it begins a sentence or the segment; before: the word before it in the sentence."""

    text: str
    start: int
    end: int
    begins: bool
    before: str

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


def names_in(
    segments: Sequence[Segment], language: str, replacements: Iterable[str] = ()
) -> tuple[Name, ...]:
    """Words with a capital that may be names, the likely ones first, of these whole names before their parts.

    language: code of the talk ("de"); where nouns have capitals, those after an article count as common nouns.
    replacements: what already stands for a name, and is passed over. Where a script has no capitals, nothing is found.
    """
    texts = _masked(segments, replacements)
    seen = {key: list(_words(text)) for key, text in texts.items()}
    lower = Counter(word.text for words in seen.values() for word in words if not word.capital)
    found: dict[str, list[_Seen]] = defaultdict(list)
    for words in seen.values():
        for run in _runs(words, lower):
            found[_alike(" ".join(each.text for each in run))].append(run[0])
            if len(run) > 1:
                for each in run:
                    found[_alike(each.text)].append(each)
    with_nouns = language in _NOUNS_WITH_CAPITALS
    holding = _index(texts)
    names = [
        Name(
            text,
            tuple(_places({key: texts[key] for key in holding[_parts(text)[0]]}, text)),
            _is_likely(where, lower[text.casefold()], with_nouns=with_nouns),
        )
        for text, where in found.items()
    ]
    return tuple(sorted(_without_parts(names), key=_order))


def _index(texts: Mapping[str, str]) -> dict[str, dict[str, None]]:
    """Word, or what it is without an "s" at its end -> keys of the texts that hold it, in order: to look there only."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for key, text in texts.items():
        for word in _parts(text):
            found[word][key] = None
            if word.endswith("s"):
                found[word[:-1]][key] = None
    return found


def _order(name: Name) -> tuple[bool, int, int, str]:
    """Whole names before their parts, so that they are replaced first."""
    return not name.likely, -len(name.text.split()), -len(name.places), name.text


def _without_parts(names: Sequence[Name]) -> Iterator[Name]:
    """Without words that stand nowhere but within one and the same longer name."""
    holding: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        for part in set(parts) if len(parts := _parts(name.text)) > 1 else ():
            holding[part].append(name)
    for name in names:
        longer = [each for each in holding[_parts(name.text)[0]] if len(each.text) > len(name.text)]
        if not any(_all_within(name, each) for each in longer):
            yield name


def _all_within(name: Name, longer: Name) -> bool:
    return all(
        any(
            each.key == place.key and each.start <= place.start and place.end <= each.end
            for each in longer.places
        )
        for place in name.places
    )


def places_of(segments: Iterable[Segment], name: str) -> tuple[Place, ...]:
    """Everywhere the name stands as words of its own, in whichever letters, also with an "s" after it."""
    return tuple(_places({each.key: each.text for each in segments}, name))


def known_places(
    segments: Iterable[Segment], replacement_of: Callable[[str], str | None]
) -> dict[str, tuple[Place, ...]]:
    """Replacement -> places of the names that it stands for, longer names first where they overlap.

    replacement_of: what a name, as `spelled`, was replaced by before; None for what is no name.
    """
    found: dict[str, list[Place]] = defaultdict(list)
    heard = cache(_heard)
    for segment in segments:
        words = [(*each.span(), heard(each.group())) for each in _WORD.finditer(segment.text)]
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
    alike = unicodedata.normalize("NFKC", name).replace("’", "'")
    return " ".join(word.group().casefold() for word in _WORD.finditer(alike))


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


def _masked(segments: Iterable[Segment], replacements: Iterable[str]) -> dict[str, str]:
    """Key -> text, what stands for a name made of signs that are no letters, as long as it was."""
    hidden = [_apart(each) for each in sorted(replacements, key=len, reverse=True) if each]
    pattern = re.compile("|".join(hidden) or "(?!)")
    return {each.key: pattern.sub(lambda it: "·" * len(it.group()), each.text) for each in segments}


def _apart(replacement: str) -> str:
    """What finds it where it is no part of a longer word."""
    before = _NO_LETTER_BEFORE if replacement[0].isalnum() else ""
    return before + re.escape(replacement) + (_NO_LETTER_AFTER if replacement[-1].isalnum() else "")


def _alike(text: str) -> str:
    """With accents on their letters, and one form of the apostrophe."""
    return unicodedata.normalize("NFC", text).replace("’", "'")


def _parts(text: str) -> list[str]:
    return _PART.findall(_alike(text).casefold())


def _words(text: str) -> Iterator[_Seen]:
    end, before = 0, ""
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        ends = between != ". " or before.casefold() not in _TITLES  # the point of "Mr." ends nothing
        begins = not before or (ends and bool(_SENTENCE_ENDS.search(between)))
        word = match.group()
        stem = word[:-2] if word.endswith(("'s", "’s")) else word
        start, previous = match.start(), "" if begins else before.casefold()
        yield _Seen(stem, start, start + len(stem), begins, previous)
        end, before = match.end(), word


def _runs(words: Sequence[_Seen], lower: Mapping[str, int]) -> Iterator[list[_Seen]]:
    """Words with capitals that follow each other, without titles and without words that are no names."""
    run: list[_Seen] = []
    for previous, word in pairwise([None, *words, None]):
        goes_on = (
            previous is not None and word is not None and word.start - previous.end <= 1 and not word.begins
        )
        if run and (word is None or not goes_on or not _may_be(word, lower)):
            yield run
            run = []
        if word is not None and _may_be(word, lower):
            run.append(word)


def _may_be(word: _Seen, lower: Mapping[str, int]) -> bool:
    """Not titles and weekdays, common words in whichever place, and what small letters show to be no name."""
    if not word.capital or len(word.text) < 2 or word.text.casefold() in _TITLES | _WEEKDAYS:
        return False
    parts = _CONTRACTION.sub("", word.text.casefold()).split("-")  # "She'll-she'll" is she
    return not all(len(each) < 2 or each in _COMMON or (word.begins and each in lower) for each in parts)


def _is_likely(where: Sequence[_Seen], n_lower: int, *, with_nouns: bool) -> bool:
    """After a title; or within a sentence, and there not oftener in small letters, nor as a noun after an article."""
    if any(each.before in _TITLES for each in where):
        return True
    within = [each for each in where if not each.begins]
    return len(within) >= max(1, n_lower) and not (
        with_nouns and any(each.before in _DETERMINERS for each in within)
    )


def _places(texts: Mapping[str, str], name: str) -> Iterator[Place]:
    words = [_pattern(each) for each in _alike(name).split()]
    if not words:
        return
    together, wanted = r"\s+".join(words), _alike(name)
    # Without capitals, other words are written together with a name ("and", "to"; in Chinese, all).
    within = any(map(str.isalpha, wanted)) and wanted.upper() == wanted.lower()
    pattern = re.compile(rf"({together})({'' if within else 's?'})", re.IGNORECASE)
    for key, text in texts.items():
        for match in pattern.finditer(text):
            start, end = match.span(1)
            if within or not any(
                map(_is_letter, (text[start - 1 : start], text[match.end() : match.end() + 1]))
            ):
                same = _alike(match.group(1)) == wanted and not match.group(2)
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
