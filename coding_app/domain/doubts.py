"""The places of a transcript that a person should look at first, and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from coding_app.domain.transcript import Segment
from coding_app.domain.words import DOUBTFUL_BELOW

INVENTED = ("over_silence", "repetition", "compressed")
DOUBTFUL_SHARE = 0.3
VERY_LONG_MS = 20_000
VERY_LONG_WORDS = 80
# The order in which kinds are listed: what was perhaps never said comes first.
KINDS = (*INVENTED, "overlap", "low_probability", "aligned_uncertain", "low_level", "very_long")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A segment to look at. kinds: why, the weightiest first. share: of its words that are doubtful (0-1)."""

    key: str
    kinds: tuple[str, ...]
    share: float


def doubts(segments: Iterable[Segment]) -> tuple[Doubt, ...]:
    """The weightiest kind first, within a kind the largest share of doubtful words, then in order of time.

    What a person has confirmed is not listed.
    """
    found = []
    for place, segment in enumerate(segments):
        if "confirmed" not in segment.flags and (kinds := kinds_of(segment)):
            found.append((KINDS.index(kinds[0]), -doubtful_share(segment), place, segment, kinds))
    ordered = sorted(found, key=lambda each: each[:3])
    return tuple(Doubt(segment.key, kinds, -share) for _, share, _, segment, kinds in ordered)


def kinds_of(segment: Segment) -> tuple[str, ...]:
    """Why a segment is doubtful, the weightiest reason first; empty when it is not."""
    kinds = set(segment.flags) & set(KINDS)
    if doubtful_share(segment) >= DOUBTFUL_SHARE:
        kinds.add("low_probability")
    if segment.span.duration_ms > VERY_LONG_MS or len(segment.text.split()) > VERY_LONG_WORDS:
        kinds.add("very_long")
    return tuple(kind for kind in KINDS if kind in kinds)


def flagged_doubts(segment: Segment) -> list[str]:
    """What to know while coding it, the weightiest first: its flags, except what a person confirmed.

    Two voices at once stay two voices when the text is right.
    """
    told = ("overlap",) if "confirmed" in segment.flags else KINDS
    return [kind for kind in told if kind in segment.flags]


def doubtful_share(segment: Segment) -> float:
    """The share (0-1) of its recognised words with a probability below one half; 0 without any."""
    known = [word.probability for word in segment.words if word.probability is not None]
    return sum(each < DOUBTFUL_BELOW for each in known) / len(known) if known else 0.0
