"""What an engine has likely invented: flagged for a person to hear, never dropped."""

import zlib
from collections.abc import Sequence
from dataclasses import replace

from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, SegmentFlag

# Whisper's own threshold for text that is too regular to have been said (openai-whisper, transcribe.py).
COMPRESSION_RATIO = 2.4
SHORTEST_COMPRESSED = 50  # letters; shorter text compresses badly whatever it says
LONGEST_PHRASE = 8  # words
TIMES_OF_A_PHRASE, TIMES_OF_A_WORD = 4, 6  # in a row; people do say "no, no, no"
SAME_SEGMENTS = 3  # one after the other with the same words
SAME_WORDS = 3
SPEECH_SHARE = 0.25
SHORTEST_SILENCE_MS = 1_000


def with_doubts(segments: Sequence[Segment], speech: Sequence[Span]) -> tuple[Segment, ...]:
    """The segments with the flags "repetition", "compressed" and "over_silence" where they belong; no word changes.

    speech: where a voice was found, in order of time; of all tracks together where there are several.
    """
    repeated = _same_as_neighbours(segments)
    found = []
    for place, segment in enumerate(segments):
        new: list[SegmentFlag] = []
        if place in repeated or repeats_itself(_plain_words(segment.text)):
            new.append("repetition")
        if compression_ratio(segment.text) > COMPRESSION_RATIO:
            new.append("compressed")
        found.append(_with(segment, *new))
    return over_silence(found, speech)


def over_silence(segments: Sequence[Segment], speech: Sequence[Span]) -> tuple[Segment, ...]:
    """The segments with the flag "over_silence" on those of a second or longer with a voice in less than a quarter."""
    return tuple(
        _with(each, "over_silence")
        if each.span.duration_ms >= SHORTEST_SILENCE_MS and speech_share(each.span, speech) < SPEECH_SHARE
        else each
        for each in segments
    )


def _with(segment: Segment, *flags: SegmentFlag) -> Segment:
    return replace(segment, flags=tuple(dict.fromkeys((*segment.flags, *flags)))) if flags else segment


def repeats_itself(words: Sequence[str]) -> bool:
    """Whether a phrase of up to eight words stands in a row more often than people repeat themselves.

    >>> repeats_itself("thank you thank you thank you thank you".split()), repeats_itself("no no no no".split())
    (True, False)
    """
    for length in range(1, LONGEST_PHRASE + 1):
        times = TIMES_OF_A_WORD if length == 1 else TIMES_OF_A_PHRASE
        run = 0
        for place in range(length, len(words)):
            run = run + 1 if words[place] == words[place - length] else 0
            if run >= length * (times - 1):
                return True
    return False


def compression_ratio(text: str) -> float:
    """How much shorter zlib makes the text; 0 for text too short to tell."""
    data = text.encode("utf-8", "surrogatepass")
    return len(data) / len(zlib.compress(data)) if len(text) >= SHORTEST_COMPRESSED else 0.0


def speech_share(span: Span, speech: Sequence[Span]) -> float:
    """The share (0-1) of the span in which a voice was found; 1 for a span without length."""
    if not span.duration_ms:
        return 1.0
    heard = sum(max(0, min(span.end_ms, each.end_ms) - max(span.start_ms, each.start_ms)) for each in speech)
    return min(1.0, heard / span.duration_ms)


def _same_as_neighbours(segments: Sequence[Segment]) -> set[int]:
    """Places of segments of three words or more that say what two others beside them say."""
    texts = [_plain_words(segment.text) for segment in segments]
    found: set[int] = set()
    begin = 0
    for place in range(1, len(texts) + 1):
        if place < len(texts) and texts[place] == texts[begin]:
            continue
        if place - begin >= SAME_SEGMENTS and len(texts[begin]) >= SAME_WORDS:
            found.update(range(begin, place))
        begin = place
    return found


def _plain_words(text: str) -> list[str]:
    words = ("".join(letter for letter in word if letter.isalnum()) for word in text.casefold().split())
    return [word for word in words if word]
