"""What coders drew on recordings: stretches of time or moments with a code, ready to be compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Generic, Protocol, TypeVar

from coding_app.errors import InputError

MAX_CODES = 62  # sets of codes are kept as the bits of one 64-bit number


class Coded(Protocol):
    """Something that coders did on one recording: the session it belongs to, and what each coder gave."""

    @property
    def session(self) -> str:
        """The therapy session."""

    @property
    def by_coder(self) -> Mapping[str, Sequence[Any]]:
        """Coder -> what this coder gave; without a key: not coded."""


AnyCoded = TypeVar("AnyCoded", bound=Coded)


@dataclass(frozen=True, slots=True, order=True)
class CodedStretch:
    """One code from start_ms up to, not including, end_ms; a moment has end_ms == start_ms."""

    start_ms: int
    end_ms: int
    code: str

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms <= self.end_ms:
            raise InputError(
                f"A stretch from {self.start_ms} to {self.end_ms} ms is not possible; correct its times"
            )


@dataclass(frozen=True, slots=True)
class CodedRecording:
    """One recording and what each coder who coded it drew on it.

    session: the therapy session; several recordings of one session are drawn again together.
    by_coder: coder -> stretches. An empty tuple = coded, nothing found; a coder without a key has not coded it.
    """

    session: str
    duration_ms: int
    by_coder: Mapping[str, tuple[CodedStretch, ...]]

    def __post_init__(self) -> None:
        if self.duration_ms <= 0:
            raise InputError(f"A recording of {self.duration_ms} ms has no length; give its duration")


@dataclass(frozen=True, slots=True)
class SpanCoding:
    """What all coders drew for one criterion.

    codes: the codes that the scheme offers, in its order. exclusive: one code at a time; where stretches of one
    coder overlap all the same, the one that started later holds for the time-based statistics.
    moments: the criterion marks moments, not spans.
    Raises InputError for a code outside `codes`, a time outside the recording, a span without length, a moment
    with one, a code given twice, or more than 62 codes.
    """

    codes: tuple[str, ...]
    recordings: tuple[CodedRecording, ...]
    exclusive: bool = True
    moments: bool = False
    criterion: str = ""

    def __post_init__(self) -> None:
        if not self.codes or len(set(self.codes)) != len(self.codes) or len(self.codes) > MAX_CODES:
            raise InputError(f"Give 1 to {MAX_CODES} different codes, not {len(self.codes)}")
        for number, recording in enumerate(self.recordings, start=1):
            for stretches in recording.by_coder.values():
                for stretch in stretches:
                    self._check(number, recording, stretch)

    def _check(self, number: int, recording: CodedRecording, stretch: CodedStretch) -> None:
        where = f"Recording {number}, {stretch.start_ms} to {stretch.end_ms} ms"
        if stretch.code not in self.codes:
            raise InputError(f"{where}: the code '{stretch.code}' is not among the codes of this criterion")
        if stretch.end_ms > recording.duration_ms:
            raise InputError(f"{where}: ends after the recording ({recording.duration_ms} ms); correct it")
        if self.moments and stretch.end_ms != stretch.start_ms:
            raise InputError(f"{where}: this criterion marks moments, which have no length")
        if not self.moments and stretch.end_ms == stretch.start_ms:
            raise InputError(f"{where}: this span has no length; give it an end or leave it out")

    @property
    def compared(self) -> tuple[CodedRecording, ...]:
        """The recordings that two coders coded: only these can agree or disagree."""
        return compared(self.recordings)

    @property
    def coders(self) -> tuple[str, ...]:
        """Everybody who coded a recording, in the order of the recordings."""
        return coders_of(self.recordings)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The pairs of coders who coded a recording both."""
        return pairs_of(self.recordings)

    def of_code(self, code: str) -> "SpanCoding":
        """The same with the stretches of one code only: this code or not."""
        if code not in self.codes:
            raise InputError(f"The code '{code}' is not among the codes of this criterion")
        recordings = tuple(_only(each, code) for each in self.recordings)
        return replace(self, codes=(code,), recordings=recordings, exclusive=True)

    def of_coders(self, *coders: str) -> "SpanCoding":
        """The same with these coders only, for a table of coder by coder."""
        recordings = tuple(
            replace(
                each, by_coder={coder: drawn for coder, drawn in each.by_coder.items() if coder in coders}
            )
            for each in self.recordings
        )
        return replace(self, recordings=recordings)


def compared(recordings: Sequence[AnyCoded]) -> tuple[AnyCoded, ...]:
    """The recordings that at least two coders coded."""
    return tuple(each for each in recordings if len(each.by_coder) >= 2)


def coders_of(recordings: Sequence[Coded]) -> tuple[str, ...]:
    """Everybody who coded a recording, in the order of the recordings."""
    return tuple(dict.fromkeys(coder for each in recordings for coder in each.by_coder))


def pairs_of(recordings: Sequence[Coded]) -> tuple[tuple[str, str], ...]:
    """The pairs of coders who coded a recording both."""
    together = {frozenset(pair) for each in recordings for pair in combinations(each.by_coder, 2)}
    return tuple(pair for pair in combinations(coders_of(recordings), 2) if frozenset(pair) in together)


def numbered_sessions(recordings: Sequence[Coded]) -> tuple[list[int], int]:
    """The session number (0, 1 ...) of each recording and how many sessions there are."""
    number: dict[str, int] = {}
    return [number.setdefault(each.session, len(number)) for each in recordings], len(number)


@dataclass(frozen=True, slots=True)
class Pairing(Generic[AnyCoded]):
    """Two coders on one recording.

    session, at: number of the session and position of the recording among those that two coders coded; pair:
    position of the coders in `pairs_of`.
    """

    session: int
    at: int
    pair: int
    recording: AnyCoded
    coders: tuple[str, str]


def pairings(recordings: Sequence[AnyCoded]) -> Iterator[Pairing[AnyCoded]]:
    """Every pair of coders on every recording that both coded."""
    both, pairs = compared(recordings), pairs_of(recordings)
    for at, (session, recording) in enumerate(zip(numbered_sessions(both)[0], both, strict=True)):
        for position, pair in enumerate(pairs):
            if pair[0] in recording.by_coder and pair[1] in recording.by_coder:
                yield Pairing(session, at, position, recording, pair)


def _only(recording: CodedRecording, code: str) -> CodedRecording:
    kept = {
        coder: tuple(each for each in stretches if each.code == code)
        for coder, stretches in recording.by_coder.items()
    }
    return replace(recording, by_coder=kept)
