"""Words that may be names: offered to a person, who looks at every place. Nothing here decides that one is."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from coding_app.domain.names import (
    NO_LETTER_AFTER,
    NO_LETTER_BEFORE,
    WORD,
    Place,
    alike,
    find_places,
    parts_of,
)
from coding_app.domain.transcript import Segment

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
            found[alike(" ".join(each.text for each in run))].append(run[0])
            if len(run) > 1:
                for each in run:
                    found[alike(each.text)].append(each)
    with_nouns = language in _NOUNS_WITH_CAPITALS
    holding = _index(texts)
    names = [
        Name(
            text,
            tuple(find_places({key: texts[key] for key in holding[parts_of(text)[0]]}, text)),
            _is_likely(where, lower[text.casefold()], with_nouns=with_nouns),
        )
        for text, where in found.items()
    ]
    return tuple(sorted(_without_parts(names), key=_order))


def _index(texts: Mapping[str, str]) -> dict[str, dict[str, None]]:
    """Word, or what it is without an "s" at its end -> keys of the texts that hold it, in order: to look there only."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for key, text in texts.items():
        for word in parts_of(text):
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
        for part in set(parts) if len(parts := parts_of(name.text)) > 1 else ():
            holding[part].append(name)
    for name in names:
        longer = [each for each in holding[parts_of(name.text)[0]] if len(each.text) > len(name.text)]
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


def _masked(segments: Iterable[Segment], replacements: Iterable[str]) -> dict[str, str]:
    """Key -> text, what stands for a name made of signs that are no letters, as long as it was."""
    hidden = [_apart(each) for each in sorted(replacements, key=len, reverse=True) if each]
    pattern = re.compile("|".join(hidden) or "(?!)")
    return {each.key: pattern.sub(lambda it: "·" * len(it.group()), each.text) for each in segments}


def _apart(replacement: str) -> str:
    """What finds it where it is no part of a longer word."""
    before = NO_LETTER_BEFORE if replacement[0].isalnum() else ""
    return before + re.escape(replacement) + (NO_LETTER_AFTER if replacement[-1].isalnum() else "")


def _words(text: str) -> Iterator[_Seen]:
    end, before = 0, ""
    for match in WORD.finditer(text):
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
