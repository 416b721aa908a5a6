"""What a consensus stands on: the passes that it is made from, laid beside each other, and who may see that."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from coding_app.domain.coding import CodingPass, Judgement, Purpose
from coding_app.domain.consensus import Key, Place, Source, changes, differing, is_ruling, places, unruled
from coding_app.domain.gaps import Gap, gaps
from coding_app.domain.rules import Judgements
from coding_app.domain.scheme import Scheme
from coding_app.domain.transcript import Transcript
from coding_app.errors import AccessError, NotFoundError
from coding_app.store import Tx, consensus, erasing, events, passes, plans, recordings, studies, transcripts
from coding_app.workflows.drawn_matching import drawn_keys
from coding_app.workflows.other_passes import mask
from coding_app.workflows.reliability_data import (
    compared_passes,
    newest_scheme,
    of_one_major,
    recording_labels,
    scheme_of,
)

STILL_CODES = (
    "You have this recording to code yourself; submit your coding of it before you see where others differ."
)


@dataclass(frozen=True, slots=True)
class Settling:
    """A recording's submitted passes laid beside each other, and the consensus so far.

    label: the session's, numbered where it has several recordings.
    scheme: its newest version among the passes, without what is not asked of the recording's speakers. transcript: the
    newest text. names: pass id -> observer, or a mask while the study's plan says so and the consensus is not finished.
    coding_pass: the consensus, None before it was begun; present: what holds in it. made_from: the passes that it was
    last merged from.
    """

    study_id: str
    recording_id: str
    label: str
    scheme: Scheme
    transcript: Transcript
    sources: tuple[CodingPass, ...]
    names: Mapping[str, str]
    places: tuple[Place, ...]
    coding_pass: CodingPass | None
    present: dict[Key, Judgement]
    made_from: frozenset[str]

    @property
    def differences(self) -> tuple[Place, ...]:
        """Where the sources differ, ruled on or not, and what was ruled on though they agree by now."""
        return differing(self.places, self.present)

    @property
    def left(self) -> tuple[Place, ...]:
        """The differences that nobody has ruled on."""
        return unruled(self.places, self.present)

    @property
    def n_agreed(self) -> int:
        """On how many units and criteria all say the same."""
        return sum(each.agreed is not None for each in self.places)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What the scheme asks for and the consensus lacks."""
        return gaps(self.scheme, self.transcript, self.present)

    @property
    def is_finished(self) -> bool:
        """Whether it was submitted."""
        return self.coding_pass is not None and self.coding_pass.submitted_at is not None

    @property
    def is_behind(self) -> bool:
        """Whether passes came in, or were coded again, since it was merged."""
        return is_behind(self.sources, self.made_from, self.places, self.present)

    def ruling(self, place: Place) -> Judgement | None:
        """What was decided there, with the reason as its note; None before."""
        held = self.present.get(place.key)
        return held if is_ruling(held) else None


def check_may_settle(tx: Tx, recording_id: str, coder_id: str) -> None:
    """Raises AccessError while this observer has the recording to code: who codes must not see what others coded."""
    own = passes.list_passes(tx, recording_id=recording_id, coder_id=coder_id)
    if still_codes(own, assigned=consensus.is_assigned(tx, recording_id, coder_id)):
        raise AccessError(STILL_CODES)


def still_codes(own: Iterable[CodingPass], *, assigned: bool) -> bool:
    """Whether somebody has a recording to code. own: their passes of it; assigned: it is in their queue."""
    codings = [each for each in own if each.purpose is not Purpose.CONSENSUS]
    return any(each.submitted_at is None for each in codings) if codings else assigned


def look(tx: Tx, recording_id: str, coder_id: str) -> Settling:
    """What there is to settle, for this observer, who from now on cannot code the recording as if blind.

    Nobody opens a pass on it between the question whether they have it to code and the note that they have seen it.
    Raises AccessError, NotFoundError.
    """
    studies.lock_study(tx, recordings.study_of(tx, recording_id))
    check_may_settle(tx, recording_id, coder_id)
    on = read_settling(tx, recording_id)
    consensus.note_view(tx, recording_id, coder_id, datetime.now(UTC))
    return on


def sources_now(tx: Tx, recording_id: str) -> tuple[CodingPass, ...]:
    """The submitted independent passes that can be compared, each observer's last, in the order they were opened.

    Of one segmentation and one major version of a scheme: those of the pass that was submitted last.
    """
    return sources_among(
        passes.list_passes(tx, recording_id=recording_id), transcripts.segmentations(tx, recording_id)
    )


def sources_among(here: Iterable[CodingPass], cut: Mapping[str, str]) -> tuple[CodingPass, ...]:
    """As sources_now. here: all passes of a recording; cut: transcript id -> segmentation."""
    submitted = [
        each for each in here if each.submitted_at is not None and each.purpose is Purpose.INDEPENDENT
    ]
    if not submitted:
        return ()
    last = max(submitted, key=lambda each: each.submitted_at or each.opened_at)
    found = compared_passes(submitted, last, cut)
    return tuple(sorted(found, key=lambda each: (each.opened_at, each.id)))


def consensus_of(tx: Tx, sources: Sequence[CodingPass]) -> CodingPass | None:
    """The consensus pass of these passes' recording, segmentation and scheme; None before it was begun."""
    recording_id = sources[0].recording_id
    cut = transcripts.segmentations(tx, recording_id)
    return consensus_among(passes.list_passes(tx, recording_id=recording_id), sources, cut)


def consensus_among(
    here: Iterable[CodingPass], sources: Sequence[CodingPass], cut: Mapping[str, str]
) -> CodingPass | None:
    """As consensus_of. here: all passes of the recording; cut: transcript id -> segmentation."""
    like = sources[0]
    return next(
        (
            each
            for each in of_one_major(list(here), like)
            if each.purpose is Purpose.CONSENSUS and cut[each.transcript_id] == cut[like.transcript_id]
        ),
        None,
    )


def read_settling(tx: Tx, recording_id: str) -> Settling:
    """Raises NotFoundError while fewer than two observers have submitted, and for a recording that was erased.

    With an erased recording go the reasons, and with them what was a ruling: a consensus that was kept stays as it is.
    """
    erasing.check_not_erased(tx, recording_id)
    sources = sources_now(tx, recording_id)
    if len(sources) < 2:
        raise NotFoundError(
            "Fewer than two observers have submitted this recording; differences show when two have."
        )
    found = consensus_of(tx, sources)
    present = events.judgements(tx, found.id) if found else {}
    newest = transcripts.newest_revision(
        tx, transcripts.segmentations(tx, recording_id)[sources[0].transcript_id]
    )
    transcript = transcripts.get_transcript(tx, newest.id)
    scheme = scheme_of(tx, newest_scheme(sources)).asked_of(transcript.speakers.values())
    study_id = recordings.study_of(tx, recording_id)
    finished = found is not None and found.submitted_at is not None
    return Settling(
        study_id=study_id,
        recording_id=recording_id,
        label=recording_labels(tx, study_id)[recording_id][1],
        scheme=scheme,
        transcript=transcript,
        sources=sources,
        names=_names(tx, study_id, sources, finished),
        places=places_of(tx, scheme, sources, present),
        coding_pass=found,
        present=present,
        made_from=consensus.sources_of(tx, found.id) if found else frozenset(),
    )


def places_of(
    tx: Tx, scheme: Scheme, sources: Sequence[CodingPass], present: Judgements
) -> tuple[Place, ...]:
    """What the passes judged, laid beside each other; present: what holds in their consensus."""
    return laid_beside(scheme, sources, [events.judgements(tx, each.id) for each in sources], present)


def laid_beside(
    scheme: Scheme, sources: Sequence[CodingPass], judged: Sequence[Judgements], present: Judgements
) -> tuple[Place, ...]:
    """As places_of. judged: what holds in each source."""
    keys = drawn_keys(scheme, judged, present)
    sides = zip(sources, judged, keys, strict=True)
    return places(scheme, [Source(each.id, held, called) for each, held, called in sides])


def is_behind(
    sources: Iterable[CodingPass], made_from: Collection[str], found: Sequence[Place], present: Judgements
) -> bool:
    """Whether passes came in, or were coded again, since a consensus was merged. made_from: what from."""
    return {each.id for each in sources} != set(made_from) or bool(changes(found, present))


def _names(tx: Tx, study_id: str, sources: Sequence[CodingPass], finished: bool) -> dict[str, str]:
    plan = plans.get_plan(tx, study_id)
    if plan is not None and plan.masks_names and not finished:
        by_id = sorted(each.id for each in sources)  # an order that says nothing about who
        return {each: mask(number) for number, each in enumerate(by_id)}
    return {each.id: studies.get_coder(tx, each.coder_id).name for each in sources}
