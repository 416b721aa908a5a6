"""Which recordings there are to settle, and how far each is: as many questions to the database for one as for all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from coding_app.domain.coding import CodingPass
from coding_app.domain.consensus import differing, unruled
from coding_app.domain.people import Action
from coding_app.domain.rules import Judgements
from coding_app.domain.scheme import Scheme
from coding_app.store import Tx, consensus, erasing, events, passes, plans, recordings, transcripts
from coding_app.workflows.consensus_ground import (
    consensus_among,
    is_behind,
    laid_beside,
    sources_among,
    still_codes,
)
from coding_app.workflows.permission import allowed
from coding_app.workflows.reliability_data import newest_scheme, recording_labels, scheme_of
from coding_app.workflows.wiring import App


class Standing(StrEnum):
    """How far the consensus on a recording is."""

    NOT_BEGUN = "not begun"
    OPEN = "open"
    FINISHED = "finished"
    BEHIND = "behind"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class ToSettle:
    """A recording that at least two observers have submitted.

    n_left, n_differences: None before the consensus was begun, and for who still has the recording to code.
    """

    recording_id: str
    label: str
    n_observers: int
    standing: Standing
    n_left: int | None = None
    n_differences: int | None = None


@dataclass(frozen=True, slots=True)
class _Coded:
    """A recording that two have submitted. here: all passes on it; sources: those to settle."""

    session_id: str
    here: tuple[CodingPass, ...]
    sources: tuple[CodingPass, ...]
    consensus: CodingPass | None


@dataclass(frozen=True, slots=True)
class _Held:
    """What was read of several recordings at once: by pass id, and the roles of speakers by transcript id."""

    made_from: Mapping[str, frozenset[str]]
    judgements: Mapping[str, Judgements]
    roles: Mapping[str, frozenset[str | None]]
    schemes: Mapping[tuple[str, str, str], Scheme]


@allowed(Action.RULE_CONSENSUS, of="study_id")
def recordings_coded_twice(app: App, study_id: str) -> tuple[str, ...]:
    """The ids of the recordings that two observers have submitted, in the order they were added."""
    with app.store.read() as tx:
        return tuple(_coded(tx, study_id, transcripts.revisions(tx, study_id)))


@allowed(Action.RULE_CONSENSUS, of="study_id")
def recordings_to_settle(
    app: App, study_id: str, coder_id: str, recording_ids: Collection[str] | None = None
) -> tuple[ToSettle, ...]:
    """How far every recording is that two observers have submitted, in the order they were added.

    recording_ids: of these alone (a consensus is merged anew to tell what is left of it); None: of all.
    """
    with app.store.read() as tx:
        revisions = transcripts.revisions(tx, study_id)
        coded = {
            key: each
            for key, each in _coded(tx, study_id, revisions).items()
            if recording_ids is None or key in recording_ids
        }
        queue = {each.session_id for each in plans.list_assignments(tx, study_id, coder_id=coder_id)}
        withheld = {
            key
            for key, each in coded.items()
            if still_codes(
                (one for one in each.here if one.coder_id == coder_id), assigned=each.session_id in queue
            )
        }
        newest = transcripts.newest_of(revisions)
        held = _read(tx, [each for key, each in coded.items() if key not in withheld], newest)
        labels = recording_labels(tx, study_id)
    found = []
    for key, each in coded.items():
        to_settle = ToSettle(key, labels[key][1], len(each.sources), Standing.WITHHELD)
        found.append(to_settle if key in withheld else _how_far(to_settle, each, held, newest))
    return tuple(found)


def _coded(tx: Tx, study_id: str, revisions: Mapping[str, transcripts.Revision]) -> dict[str, _Coded]:
    cut = {key: each.segmentation for key, each in revisions.items()}
    on: dict[str, list[CodingPass]] = {}
    for one in passes.list_passes(tx, study_id=study_id):
        on.setdefault(one.recording_id, []).append(one)
    erased = erasing.erased_of_study(tx, study_id)
    found = {}
    for recording in recordings.list_recordings(tx, study_id):
        here = tuple(on.get(recording.id, ()))
        sources = () if recording.id in erased else sources_among(here, cut)
        if len(sources) >= 2:
            begun = consensus_among(here, sources, cut)
            found[recording.id] = _Coded(recording.session_id, here, sources, begun)
    return found


def _read(tx: Tx, coded: Collection[_Coded], newest: Mapping[str, str]) -> _Held:
    """Of those whose consensus was begun; of the others nothing is told that would have to be read."""
    begun = [(each, each.consensus.id) for each in coded if each.consensus]
    schemes = {_scheme_of(each): newest_scheme(each.sources) for each, _ in begun}
    return _Held(
        made_from=consensus.sources_of_all(tx, [consensus_id for _, consensus_id in begun]),
        judgements=events.judgements_of_all(
            tx, [*(one.id for each, _ in begun for one in each.sources), *(key for _, key in begun)]
        ),
        roles=transcripts.roles_of(tx, [newest[each.sources[0].transcript_id] for each, _ in begun]),
        schemes={key: scheme_of(tx, each) for key, each in schemes.items()},
    )


def _scheme_of(each: _Coded) -> tuple[str, str, str]:
    found = newest_scheme(each.sources)
    return found.scheme_id, found.scheme_version, found.scheme_sha256


def _how_far(told: ToSettle, each: _Coded, held: _Held, newest: Mapping[str, str]) -> ToSettle:
    if each.consensus is None:
        return replace(told, standing=Standing.NOT_BEGUN)
    present = held.judgements[each.consensus.id]
    scheme = held.schemes[_scheme_of(each)].asked_of(held.roles[newest[each.sources[0].transcript_id]])
    judged = [held.judgements[one.id] for one in each.sources]
    found = laid_beside(scheme, each.sources, judged, present)
    standing = Standing.OPEN if each.consensus.submitted_at is None else Standing.FINISHED
    if is_behind(each.sources, held.made_from[each.consensus.id], found, present):
        standing = Standing.BEHIND
    n_left, n_differences = len(unruled(found, present)), len(differing(found, present))
    return replace(told, standing=standing, n_left=n_left, n_differences=n_differences)
