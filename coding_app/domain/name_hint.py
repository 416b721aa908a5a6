"""Whether a label, a case code or a file's name looks like a person's name: a hint to whoever typed it, no rule."""

import re
import unicodedata
from itertools import groupby
from pathlib import PurePath

LABEL_HINT = "This looks like a person's name. Labels are shown to everybody in the study; use a case code."
FILE_HINT = (
    "The file's name looks like a person's name, and everybody in the study sees it. If it is one, erase this "
    "recording and add the file again under a case code."
)
_FEWEST, _MOST = 2, 4  # words of a full name
_SHORTEST = 3  # letters of a word without a capital: "of", "is" and "my" are not names
_PARTICLES = "al ben bin da de del della den der di dos du el la le ten ter van von zu zum zur"
_BETWEEN = frozenset(_PARTICLES.split())
# Ordinary words of labels and files; they are not counted as names.
_WORDS = """
a abschluss aftercare afternoon alliance allianz and anfang assessment audio aufnahme auto baseline begin beginn
beginning behandlung beispiel beobachter booster camera case channel check client clip closing code coder coding
cohort condition consent control copy core couple data day december demo dezember dienstag diktat donnerstag draft
edit edited erste erster erstes erstgespraech erstgespräch evening example experimental export fall familie family
februar february film final first folge follow frage freitag friday full gespraech gespräch group gruppe home in
individual initial intake intervention interview januar january juli july juni kamera kanal katamnese klient
klientin kontrolle left letzte line links maerz mai march meeting mic mid mikrofon mitte mittwoch mix monday mono
montag month morning mutter märz nachgespraech nachgespräch november number observer october of oktober one online
only opening paar pair part patient patientin phase phone pilot play post practice praxis pre probe quality raum raw
rechts recorder recording reference research right role rolle rollenspiel room round samstag saturday second
september sequence session sitzung sonntag sound sprache start stereo studie study stunde sunday supervision tag
team teil termin test therapeut therapeutin therapie therapist therapy third thursday time ton track trainer
training trial tuesday two uebung up vater version versuch video visit voice vorgespraech vorgespräch wave wednesday
week weekly whatsapp with woche work year zimmer zoom zweite zweites übung
"""
_ORDINARY = frozenset(_WORDS.split())


def looks_like_a_name(text: str) -> bool:
    """Whether two to four words that could be names stand side by side.

    Such a word is all letters, begins with a capital, does not end with one, and is not one of the ordinary words
    of labels ("Session", "Woche"); in a text without spaces it may also be all small letters, three or more, as in
    files. Particles ("von") do not part them. Digits, ordinary words and longer rows of words do.

    >>> [looks_like_a_name(each) for each in ("Anna Müller", "mueller_anna", "Session 3 - Anna von Berg")]
    [True, True, True]
    >>> [looks_like_a_name(each) for each in ("Session 3", "C-12", "Intake Anna3", "Alliance Study", "A07-S03")]
    [False, False, False, False, False]

    It misses names of one word ("Anna"), initials ("Anna M."), names in capitals ("ANNA MUELLER") or run together
    ("AnnaMueller"), with a digit in a word, in small letters with spaces, in scripts without capitals, and those
    that are also ordinary words ("Doris Day"). It takes any other two nouns with capitals for a name ("Elbow
    Grease", "Trauer Angst"), and any two words of a file ("quiet_garden").
    """
    composed = unicodedata.normalize("NFC", text).replace("’", "'").strip()
    small_too = not any(letter.isspace() for letter in composed)
    words = [each for each in re.split(r"[^\w']+|_", composed) if each]
    kept = [each for each in words if each.casefold() not in _BETWEEN]
    rows = groupby(kept, key=lambda word: _could_be_a_name(word, small_too))
    return any(could and _FEWEST <= len(list(row)) <= _MOST for could, row in rows)


def name_hint(
    label: str | None = None, case_code: str | None = None, file_name: str | None = None
) -> str | None:
    """What to tell whoever types these, or None; it does not repeat them, so that it can be shown anywhere.

    >>> name_hint("C-12-03", "C-12", "Anna Müller.wav") == FILE_HINT, name_hint("C-12-03", None, "C-12-03.wav")
    (True, None)
    """
    if any(looks_like_a_name(each) for each in (label, case_code) if each):
        return LABEL_HINT
    return FILE_HINT if file_name and looks_like_a_name(PurePath(file_name).stem) else None


def _could_be_a_name(word: str, small_too: bool) -> bool:
    letters = word.replace("'", "")
    if not letters.isalpha() or letters.casefold() in _ORDINARY:
        return False
    if letters[0].isupper():
        return len(letters) > 1 and letters[-1].islower()
    return small_too and len(letters) >= _SHORTEST and letters.islower()
