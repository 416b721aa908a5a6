"""A transcript that somebody else made: its lines, who says them, and how much its times are worth."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Word

Timing = Literal["exact", "coarse", "missing"]
TIMINGS: tuple[Timing, ...] = get_args(Timing)
MIN_SEGMENT_MS = 200

_THERAPIST_WORDS = (
    "t th ther therapist therapeut therapeutin thérapeute terapeuta counselor counsellor counselling coach clinician "
    "psychologist psychotherapist psychotherapeut psychotherapeutin berater beraterin provider practitioner"
)
_THERAPIST = frozenset(_THERAPIST_WORDS.split())
_CLIENT_WORDS = "c cl client klient klientin k kl p pt pat patient patientin cliente paciente cliënt customer"
_CLIENT = frozenset(_CLIENT_WORDS.split())
_PEOPLE_WORDS = (
    "mother father mom mum dad parent parents son daughter child brother sister husband wife partner both all everyone "
    "group family interviewer interviewee moderator observer translator interpreter man woman male female mutter vater "
    "kind sohn tochter bruder schwester mann frau ehemann ehefrau partnerin beide alle gruppe familie"
)
_PEOPLE = frozenset(_PEOPLE_WORDS.split())
_NUMBERED_CODE = re.compile(
    r"(?:[a-z]|spk|speaker|person|participant|teilnehmer|teilnehmerin|sprecher|sprecherin|voice|stimme|unknown)?"
    r"[ _-]*\d*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """What one speaker says in one go.

    speaker: as the file calls them; None when it does not say. start_ms, end_ms: None when the file does not
    say. words: only when the file has times of its own for them.
    """

    speaker: str | None
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """A transcript as a file has it, in the order of its lines.

    timing: "exact" = every line has a beginning and an end to the fraction of a second; "coarse" = some times,
    or whole seconds only; "missing" = none. format: its name for people ("WebVTT"). tracks: the tiers that
    could hold talk, with those used in `used`; () where a format has none. notes: sentences about what was
    understood otherwise than written, for the person who imports.
    """

    lines: tuple[ScriptLine, ...]
    timing: Timing
    format: str
    language: str = ""
    tracks: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def speakers(self) -> tuple[str, ...]:
        """Everybody who says something, in the order of their first line."""
        return tuple(dict.fromkeys(each.speaker for each in self.lines if each.speaker))

    @property
    def n_words(self) -> int:
        """How many words all lines have."""
        return sum(len(each.text.split()) for each in self.lines)

    @property
    def has_starts(self) -> bool:
        """Whether every line has a beginning, so that its times can be taken as they are."""
        return all(each.start_ms is not None for each in self.lines)


def role_of_label(label: str) -> str | None:
    """The role that a speaker's label says, or None when it says none.

    >>> role_of_label("Therapeutin"), role_of_label("C:"), role_of_label("Client 2"), role_of_label("Anna")
    ('therapist', 'client', 'client_2', None)
    """
    word, number = _split_number(label)
    if word in _THERAPIST:
        return {"": "therapist", "1": "therapist", "2": "therapist_2"}.get(number)
    if word in _CLIENT:
        return {"": "client", "1": "client", "2": "client_2", "3": "client_3", "4": "client_4"}.get(number)
    if word == "second therapist":
        return "therapist_2"
    return "other" if word in ("other", "andere") else None


def names_somebody(label: str) -> bool:
    """Whether a label may be a person's name: it is neither a role nor a code such as S1 or SPEAKER_00.

    >>> names_somebody("Anna"), names_somebody("SPEAKER_00"), names_somebody("T"), names_somebody("Ms Smith")
    (True, False, False, True)
    """
    if role_of_label(label) is not None or _NUMBERED_CODE.fullmatch(label.strip()):
        return False
    return _split_number(label)[0] not in _PEOPLE | _THERAPIST | _CLIENT


def _split_number(label: str) -> tuple[str, str]:
    """A label without its punctuation, and the number at its end without leading zeros."""
    clean = re.sub(r"[\s_.:()-]+", " ", label).strip().casefold()
    found = re.fullmatch(r"(.*?)\s*0*(\d*)", clean)
    return (found[1], found[2]) if found else (clean, "")


def neutral_labels(speakers: Sequence[str]) -> dict[str, str]:
    """Speaker -> a label that names nobody: codes and roles stay as they are, names become S1, S2 ...

    >>> neutral_labels(["Anna", "T", "S1", "Ben"])
    {'Anna': 'S2', 'T': 'T', 'S1': 'S1', 'Ben': 'S3'}
    """
    kept = {each: each for each in speakers if not names_somebody(each)}
    number, made = 0, dict[str, str]()
    for each in speakers:
        if each in kept:
            made[each] = each
            continue
        number += 1
        while f"S{number}" in kept:
            number += 1
        made[each] = f"S{number}"
    return made


def relabelled(lines: Iterable[ScriptLine], labels: Mapping[str, str]) -> tuple[ScriptLine, ...]:
    """The lines with other labels of their speakers."""
    return tuple(
        replace(each, speaker=labels.get(each.speaker, each.speaker)) if each.speaker else each
        for each in lines
    )


def longest_rising(values: Sequence[int]) -> list[int]:
    """The places of the longest part of a sequence that never falls; of equally long ones, one.

    >>> longest_rising([1, 900, 2, 2, 3])
    [0, 2, 3, 4]
    """
    tops: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        at = bisect_right(tops, value)
        before.append(places[at - 1] if at else -1)
        if at == len(tops):
            tops.append(value)
            places.append(place)
        else:
            tops[at], places[at] = value, place
    chain = []
    at = places[-1] if places else -1
    while at >= 0:
        chain.append(at)
        at = before[at]
    return chain[::-1]


def segments_as_timed(lines: Sequence[ScriptLine], duration_ms: int) -> tuple[Segment, ...]:
    """Lines whose times are taken as they are, in the order of their beginnings.

    A missing end is the next line's beginning. Nothing reaches beyond duration_ms, and every segment has at
    least a little length. Every line must have a beginning.
    """
    timed = sorted(lines, key=lambda each: each.start_ms or 0)
    starts = sorted({each.start_ms or 0 for each in timed})
    made = []
    for place, each in enumerate(timed, start=1):
        following = bisect_right(starts, each.start_ms or 0)
        span = _span(each, starts[following] if following < len(starts) else None, duration_ms)
        words = tuple(_within(word, span) for word in each.words)
        made.append(Segment(f"s-{place:04}", span, each.speaker, each.text, words))
    return tuple(made)


def _span(line: ScriptLine, following: int | None, duration_ms: int) -> Span:
    start = line.start_ms or 0
    if start >= duration_ms:
        start = max(0, duration_ms - MIN_SEGMENT_MS)
    end = line.end_ms if line.end_ms is not None else following
    end = duration_ms if end is None else min(end, duration_ms)
    return Span(start, end if end > start else min(duration_ms, start + MIN_SEGMENT_MS))


def _within(word: Word, span: Span) -> Word:
    start = min(max(word.start_ms, span.start_ms), span.end_ms)
    return replace(word, start_ms=start, end_ms=min(max(word.end_ms, start), span.end_ms))
