"""What became of an observer's own judgements: which of them a consensus overturned, and why."""

from dataclasses import dataclass
from datetime import datetime

from coding_app.domain.coding import CodingPass, Purpose
from coding_app.domain.consensus import Overturned, is_ruling
from coding_app.domain.consensus import overturned as overturned_in
from coding_app.domain.people import Action
from coding_app.domain.scheme import Scheme
from coding_app.domain.transcript import Transcript
from coding_app.store import Tx, consensus, erasing, events, passes, transcripts
from coding_app.workflows.consensus_ground import places_of
from coding_app.workflows.permission import allowed
from coding_app.workflows.reliability_data import recording_labels, scheme_of
from coding_app.workflows.wiring import App


@dataclass(frozen=True, slots=True)
class SettledRecording:
    """A recording of the observer's own whose consensus is finished. n_rulings: all, also those in their favour."""

    recording_id: str
    label: str
    scheme: Scheme
    transcript: Transcript
    finished_at: datetime
    n_rulings: int
    overturned: tuple[Overturned, ...]


@allowed(Action.SEE_AGREEMENT, of="study_id")
def overturned(app: App, study_id: str, coder_id: str) -> tuple[SettledRecording, ...]:
    """Every finished consensus that was made from a pass of this observer, the last finished first.

    Nothing of a recording that the observer has to code or to submit again. Nothing of who else said what.
    """
    with app.store.read() as tx:
        labels = recording_labels(tx, study_id)
        found = []
        for each in passes.list_passes(tx, study_id=study_id):
            if each.purpose is Purpose.CONSENSUS and each.submitted_at is not None:
                made_from = consensus.sources_of(tx, each.id)
                sources = _sources(tx, each.recording_id, made_from)
                own = _own(tx, each.recording_id, coder_id, made_from)
                if own is not None and erasing.erased_at(tx, each.recording_id) is None:
                    found.append(_settled(tx, each, sources, own, labels[each.recording_id][1]))
        return tuple(sorted(found, key=lambda each: each.finished_at, reverse=True))


def _sources(tx: Tx, recording_id: str, made_from: frozenset[str]) -> list[CodingPass]:
    here = [each for each in passes.list_passes(tx, recording_id=recording_id) if each.id in made_from]
    return sorted(here, key=lambda each: (each.opened_at, each.id))


def _own(tx: Tx, recording_id: str, coder_id: str, made_from: frozenset[str]) -> CodingPass | None:
    """The observer's source of the consensus; None while any coding of theirs here is open."""
    mine = [
        each
        for each in passes.list_passes(tx, recording_id=recording_id, coder_id=coder_id)
        if each.purpose is not Purpose.CONSENSUS
    ]
    if any(each.submitted_at is None for each in mine):
        return None
    return next((each for each in mine if each.id in made_from), None)


def _settled(
    tx: Tx, consensus_pass: CodingPass, sources: list[CodingPass], own: CodingPass, label: str
) -> SettledRecording:
    present = events.judgements(tx, consensus_pass.id)
    scheme = scheme_of(tx, consensus_pass)
    assert consensus_pass.submitted_at is not None
    return SettledRecording(
        recording_id=consensus_pass.recording_id,
        label=label,
        scheme=scheme,
        transcript=transcripts.get_transcript(tx, consensus_pass.transcript_id),
        finished_at=consensus_pass.submitted_at,
        n_rulings=sum(is_ruling(each) for each in present.values()),
        overturned=overturned_in(places_of(tx, scheme, sources, present), present, own.id),
    )
