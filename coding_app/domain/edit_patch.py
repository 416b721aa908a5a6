"""What an edit changes: segments before and after, and the voices; applied, and taken back by its inverse."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from coding_app.domain.transcript import Segment, Transcript
from coding_app.errors import InputError

Speakers = tuple[tuple[str, str | None], ...]


class EditError(InputError):
    """An edit that cannot be done to this transcript; the message is for the person who tried it."""


@dataclass(frozen=True, slots=True)
class Patch:
    """changes: pairs of a segment before and after; None before = new, None after = gone.

    speakers: the voices with their roles before and after; None = they stay.
    """

    changes: tuple[tuple[Segment | None, Segment | None], ...]
    speakers: tuple[Speakers, Speakers] | None = None

    @property
    def inverse(self) -> "Patch":
        """What takes it back."""
        back = tuple((after, before) for before, after in reversed(self.changes))
        return Patch(back, (self.speakers[1], self.speakers[0]) if self.speakers else None)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes by it."""
        return not self.changes and (self.speakers is None or self.speakers[0] == self.speakers[1])

    @property
    def gone(self) -> tuple[Segment, ...]:
        """The segments that are no more, or no more as they were."""
        return tuple(before for before, _ in self.changes if before is not None)

    @property
    def placed(self) -> tuple[Segment, ...]:
        """The segments that are new or changed."""
        return tuple(after for _, after in self.changes if after is not None)


def changed(pairs: Iterable[tuple[Segment, Segment]]) -> Patch:
    """A patch of those pairs that differ."""
    return Patch(tuple((before, after) for before, after in pairs if before != after))


def apply(transcript: Transcript, patch: Patch) -> Transcript:
    """The transcript after the patch, its segments in order of time.

    Raises EditError when what it changes is not there as it was: somebody has changed it since.
    """
    now = {segment.key: segment for segment in transcript.segments}
    for before, _ in patch.changes:
        if before is not None and now.pop(before.key, None) != before:
            raise EditError("This place has been changed since, so the step cannot be made any more.")
    for _, after in patch.changes:
        if after is not None:
            if after.key in now:
                raise EditError("This place has been changed since, so the step cannot be made any more.")
            now[after.key] = after
    speakers = dict(transcript.speakers)
    if patch.speakers is not None:
        if tuple(speakers.items()) != patch.speakers[0]:
            raise EditError("The voices have been changed since, so the step cannot be made any more.")
        speakers = dict(patch.speakers[1])
    return replace(transcript, segments=in_order(now.values()), speakers=speakers)


def in_order(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """By start, then by end and key: the same order whatever was done and undone."""
    return tuple(sorted(segments, key=lambda each: (each.span.start_ms, each.span.end_ms, each.key)))
