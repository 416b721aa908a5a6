"""Edits of what is written: one segment's text, and find and replace."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from coding_app.domain.edit_patch import EditError, Patch, changed
from coding_app.domain.transcript import Segment, Transcript
from coding_app.domain.words import corrected_words

MAX_TEXT = 5_000
# Once a person has written the words, nobody needs to doubt that they were said.
_INVENTED = frozenset({"repetition", "over_silence", "compressed"})


def readable(text: object) -> str:
    """A text with one space between words. Raises EditError, without repeating it."""
    if not isinstance(text, str):
        raise EditError("The edit is not complete; reload the page and try again.")
    wanted = " ".join(text.split())
    if not wanted:
        raise EditError("The text is empty; write what is said, or delete the segment.")
    if len(wanted) > MAX_TEXT:
        raise EditError(f"The text has {len(wanted):,} characters; a segment takes {MAX_TEXT:,} at most.")
    if any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in wanted):
        raise EditError("The text holds a character that cannot be stored; type it again.")
    return wanted


def set_text(transcript: Transcript, given: Mapping[str, Any], _: str) -> Patch:
    """{"key", "text"}: words that stay keep their times; new ones share the time of those they replace."""
    segment = transcript.the(given["key"])
    return changed([(segment, with_text(segment, readable(given["text"])))])


def with_text(segment: Segment, text: str) -> Segment:
    """The segment with another text and its words."""
    if text == segment.text:
        return segment
    flags = tuple(flag for flag in segment.flags if flag not in _INVENTED)
    return replace(segment, text=text, words=corrected_words(segment, text), flags=flags)


def replace_text(transcript: Transcript, given: Mapping[str, Any], _: str) -> Patch:
    """{"find", "with", "case", "whole_word", "keys"}: in these segments (None = all), wherever it stands."""
    found = finder(given["find"], case=bool(given.get("case")), whole_word=bool(given.get("whole_word")))
    put = str(given["with"])
    keys = given.get("keys")
    segments = transcript.segments if keys is None else [transcript.the(key) for key in keys]
    pairs = []
    for segment in segments:
        text, n_found = found.subn(lambda _: put, segment.text)
        if n_found:
            pairs.append((segment, with_text(segment, readable(text))))
    patch = changed(pairs)
    if patch.is_empty:
        raise EditError("Nothing was found to replace.")
    return patch


def replace_places(transcript: Transcript, given: Mapping[str, Any], _: str) -> Patch:
    """{"places": [[key, start, end, with], ...]}: characters [start, end) of a segment's text; doubts about it stay."""
    by_key: dict[str, list[tuple[int, int, str]]] = {}
    for key, start, end, put in given["places"]:
        by_key.setdefault(key, []).append((int(start), int(end), str(put)))
    return changed(
        (transcript.the(key), _replaced(transcript.the(key), each)) for key, each in by_key.items()
    )


def _replaced(segment: Segment, places: list[tuple[int, int, str]]) -> Segment:
    text, before = segment.text, len(segment.text) + 1
    for start, end, put in sorted(places, reverse=True):
        if not 0 <= start < end <= min(before, len(segment.text)):
            raise EditError("This place has been changed since, so the step cannot be made any more.")
        text, before = text[:start] + put + text[end:], start
    text = readable(text)
    return replace(segment, text=text, words=corrected_words(segment, text))


def finder(wanted: object, *, case: bool, whole_word: bool) -> re.Pattern[str]:
    """A pattern that finds exactly these signs. Raises EditError for nothing to look for."""
    if not isinstance(wanted, str) or not wanted.strip():
        raise EditError("Write what is to be found.")
    literal = re.escape(wanted)
    pattern = rf"(?<!\w){literal}(?!\w)" if whole_word else literal
    return re.compile(pattern, 0 if case else re.IGNORECASE)
