"""What a person can do to a transcript: every edit becomes a patch, which can be undone by its inverse."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from coding_app.domain.edit_cuts import add, merge, move, split
from coding_app.domain.edit_patch import EditError, Patch, Speakers, changed
from coding_app.domain.edit_texts import replace_places, replace_text, set_text
from coding_app.domain.transcript import SPEAKER_ROLES, Segment, Transcript

CONFIRMED = "confirmed"
TEXT_ONLY = frozenset({"set_text", "replace", "replace_places", "confirm"})
Make = Callable[[Transcript, Mapping[str, Any], str], Patch]


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit by name (op) with what it needs; see OPERATIONS for the names."""

    op: str
    given: Mapping[str, Any]

    @property
    def keeps_the_cut(self) -> bool:
        """Whether the segments stay the same units, so that judgements on them stay comparable."""
        return self.op in TEXT_ONLY


def patch_of(transcript: Transcript, edit: Edit, free_key: str) -> Patch:
    """What the edit changes in this transcript. free_key: the next key that no segment ever had ("s-0043").

    Raises EditError when it cannot be done: an unknown segment, a time outside, nothing to merge ...
    """
    make = OPERATIONS.get(edit.op)
    if make is None:
        raise EditError(f"There is no edit '{edit.op[:30]}'; reload the page.")
    try:
        return make(transcript, edit.given, free_key)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise EditError("The edit is not complete; reload the page and try again.") from error


def _delete(transcript: Transcript, given: Mapping[str, Any], _: str) -> Patch:
    return Patch(tuple((transcript.the(key), None) for key in _keys(given["keys"])))


def _confirm(transcript: Transcript, given: Mapping[str, Any], _: str) -> Patch:
    """A person has listened and found these segments right, or takes that back."""
    on = bool(given.get("on", True))
    found = map(transcript.the, _keys(given["keys"]))
    return changed((each, replace(each, flags=_confirmed(each.flags, on))) for each in found)


def _confirmed(flags: tuple[str, ...], on: bool) -> tuple[str, ...]:
    others = tuple(flag for flag in flags if flag != CONFIRMED)
    return (*others, CONFIRMED) if on else others


def _set_speaker(transcript: Transcript, given: Mapping[str, Any], _: str) -> Patch:
    speaker = _known(transcript, given["speaker"])
    return changed(
        (each, replace(each, speaker=speaker)) for each in map(transcript.the, _keys(given["keys"]))
    )


def _reassign_from(transcript: Transcript, given: Mapping[str, Any], _: str) -> Patch:
    before, after = given["speaker_from"], _known(transcript, given["speaker_to"])
    later = _from_here_on(transcript, str(given["key"]))
    return changed((each, replace(each, speaker=after)) for each in later if each.speaker == before)


def _swap(transcript: Transcript, given: Mapping[str, Any], _: str) -> Patch:
    """Exchanges two voices, everywhere or from a segment on."""
    a, b = _known(transcript, given["a"]), _known(transcript, given["b"])
    other = {a: b, b: a}
    key = given.get("key")
    concerned = transcript.segments if key is None else _from_here_on(transcript, str(key))
    return changed(
        (each, replace(each, speaker=other[each.speaker])) for each in concerned if each.speaker in other
    )


def _merge_speakers(transcript: Transcript, given: Mapping[str, Any], _: str) -> Patch:
    gone, into = _known(transcript, given["from"]), _known(transcript, given["into"])
    if gone == into or gone is None or into is None:
        raise EditError("Choose two different voices to put together.")
    found = changed(
        (each, replace(each, speaker=into)) for each in transcript.segments if each.speaker == gone
    )
    speakers = {label: role for label, role in transcript.speakers.items() if label != gone}
    if speakers.get(into) is None:
        speakers[into] = transcript.speakers[gone]
    return replace(found, speakers=(_pairs(transcript), tuple(speakers.items())))


def _add_speaker(transcript: Transcript, given: Mapping[str, Any], _: str) -> Patch:
    label = str(given.get("label") or _free_label(transcript))
    if label in transcript.speakers or not label.strip() or len(label) > 64:
        raise EditError("A new voice needs a name that no other voice has; choose another.")
    return Patch((), (_pairs(transcript), (*_pairs(transcript), (label, None))))


def _set_role(transcript: Transcript, given: Mapping[str, Any], _: str) -> Patch:
    label, role = _known(transcript, given["speaker"]), given["role"]
    if label is None or (role is not None and role not in SPEAKER_ROLES):
        raise EditError(f"A voice can be one of {', '.join(SPEAKER_ROLES)}, or nobody yet; choose again.")
    after = tuple((each, role if each == label else before) for each, before in _pairs(transcript))
    return Patch((), (_pairs(transcript), after))


def _pairs(transcript: Transcript) -> Speakers:
    return tuple(transcript.speakers.items())


def _free_label(transcript: Transcript) -> str:
    number = 1
    while f"S{number}" in transcript.speakers:
        number += 1
    return f"S{number}"


def _known(transcript: Transcript, label: str | None) -> str | None:
    if label is not None and label not in transcript.speakers:
        raise EditError("This transcript has no such voice; reload the page.")
    return label


def _keys(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not given or not all(isinstance(each, str) for each in given):
        raise EditError("No segment is named; choose at least one.")
    return tuple(dict.fromkeys(given))


def _from_here_on(transcript: Transcript, key: str) -> tuple[Segment, ...]:
    first = transcript.segments.index(transcript.the(key))
    return transcript.segments[first:]


OPERATIONS: dict[str, Make] = {
    "set_text": set_text,
    "replace": replace_text,
    "replace_places": replace_places,
    "split": split,
    "merge": merge,
    "move": move,
    "add": add,
    "delete": _delete,
    "confirm": _confirm,
    "set_speaker": _set_speaker,
    "reassign_from": _reassign_from,
    "swap_speakers": _swap,
    "merge_speakers": _merge_speakers,
    "add_speaker": _add_speaker,
    "set_role": _set_role,
}
