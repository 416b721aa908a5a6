"""The consensus as the study's data, and settling what observers drew."""

import csv
from dataclasses import replace
from io import StringIO

import pytest

from coding_app.domain.audit import Act
from coding_app.domain.coding import AppliedCode
from coding_app.domain.consensus import TOLERANCE_MS
from coding_app.domain.units import is_drawn
from coding_app.errors import NotFoundError
from coding_app.store import audit, events, passes, recordings
from coding_app.workflows import reach_consensus
from coding_app.workflows.consensus_ground import Settling
from coding_app.workflows.consensus_tables import consensus_csv, n_consensus
from coding_app.workflows.judgement_tables import long_table_csv
from coding_app.workflows.reach_consensus import Ruling
from coding_app.workflows.wiring import App
from tests.builders import NOON
from tests.domain.codings import complete
from tests.workflows.double_coded import given_a_study
from tests.workflows.test_reach_consensus import a_lead

REASON = "Listened again together."


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def settle(app: App, on: Settling, lead: str, *, as_said_by: int = 0) -> Settling:
    """Rules on all as one of the sources said it."""
    source = on.sources[as_said_by].id
    for place in on.left:
        said = place.said[source]
        codes = tuple(map(_whole, said.codes)) if said else ()
        ruling = Ruling(*place.key, codes, REASON, said.value if said else None)
        on = reach_consensus.rule(app, on.recording_id, lead, ruling)
    return on


def given_one_recording(app: App, **given: str) -> tuple[str, Settling, str]:
    """A study whose only session two observers coded, its consensus begun, and the lead."""
    study_id = given_a_study(app, ("Ruth", "Anna"), 1, **given)
    with app.store.read() as tx:
        (recording,) = recordings.list_recordings(tx, study_id)
    lead = a_lead(app, recording.id)
    return study_id, reach_consensus.start_or_update(app, recording.id, lead), lead


def _submit(app: App, on: Settling) -> None:
    """Finishes it past the look for gaps: the made-up passes lack ratings that a person would be asked for."""
    assert on.coding_pass is not None
    with app.store.write() as tx:
        passes.mark_submitted(tx, on.coding_pass.id, NOON)


def _whole(code: AppliedCode) -> AppliedCode:
    """With all attributes: the made-up codes have an intensity at most."""
    return replace(complete(code.code), links=code.links)


def test_there_is_no_consensus_to_export_before_one_is_finished(app: App) -> None:
    study_id, _, _ = given_one_recording(app)
    assert n_consensus(app, study_id, None) == 0
    with pytest.raises(NotFoundError, match="No consensus is finished"):
        consensus_csv(app, study_id, None)


def test_drawn_units_that_two_observers_drew_nearly_alike_are_one_unit(app: App) -> None:
    _, on, _ = given_one_recording(app, scheme="session-flow")
    drawn = [each for each in on.places if is_drawn(each.unit.key)]
    matched = [each for each in drawn if None not in each.said.values()]
    assert matched
    for each in matched:
        spans = [held.unit.span for held in each.said.values() if held]
        apart = max(abs(a.start_ms - b.start_ms) for a in spans for b in spans)
        if each.agreed is not None:
            assert apart <= TOLERANCE_MS
            assert min(spans).start_ms <= each.agreed.unit.span.start_ms <= max(spans).start_ms
    n_drawn = sum(
        sum(is_drawn(key) for key, _ in each) for each in _judged(app, on)
    )  # nothing is counted twice or lost
    assert sum(2 - list(each.said.values()).count(None) for each in drawn) == n_drawn


def _judged(app: App, on: Settling) -> list[dict[tuple[str, str], object]]:
    with app.store.read() as tx:
        return [dict(events.judgements(tx, each.id)) for each in on.sources]


def test_rulings_on_drawn_units_hold_when_all_is_merged_again(app: App) -> None:
    _, on, lead = given_one_recording(app, scheme="session-flow")
    assert on.left
    settled = settle(app, on, lead, as_said_by=1)
    assert settled.left == ()
    again = reach_consensus.start_or_update(app, on.recording_id, lead)
    assert again.left == ()
    assert again.present == settled.present
    assert not again.is_behind


def test_everything_ruled_as_one_observer_said_exports_what_that_observer_coded(app: App) -> None:
    study_id, on, lead = given_one_recording(app, scheme="session-flow")
    settle(app, on, lead)
    _submit(app, on)
    assert n_consensus(app, study_id, None) == 1
    rows = table(consensus_csv(app, study_id, None, "spans"))
    assert {each["coder"] for each in rows} == {"Consensus"}
    first = on.names[on.sources[0].id]
    theirs = [each for each in table(long_table_csv(app, study_id, None, "spans")) if each["coder"] == first]
    assert [each["value"] for each in rows] == [each["value"] for each in theirs]
    with app.store.read() as tx:
        newest = audit.newest(tx, frozenset({study_id}), before=None, n=2)
    assert [(each.act, each.details["what"]) for each in newest] == [
        (Act.EXPORTED, "judgements: spans"),
        (Act.EXPORTED, "consensus: spans"),
    ]


def test_codes_and_attributes_of_a_consensus_on_segments_are_exported(app: App) -> None:
    study_id, on, lead = given_one_recording(app)
    for place in on.left:
        said = next(each for each in place.said.values() if each)
        codes = tuple(map(_whole, said.codes))
        on = reach_consensus.rule(app, on.recording_id, lead, Ruling(*place.key, codes, REASON, said.value))
    _submit(app, on)
    held = [each for each in on.present.values() if each.codes]
    rows = table(consensus_csv(app, study_id, None, "criteria"))
    given = [each for each in rows if each["value"] != "none"]
    assert len(given) == len(held)
    asked = table(consensus_csv(app, study_id, None, "attributes"))
    assert len(asked) == sum(len(code.attributes) for each in held for code in each.codes)
    assert {each["criterion"].rpartition(": ")[2] for each in asked} >= {"intensity"}
    ratings = table(consensus_csv(app, study_id, None, "ratings"))
    assert {each["criterion"] for each in ratings} == {"bond", "goal", "task"}
    everything = table(consensus_csv(app, study_id, None, "all"))
    assert len(everything) > len(rows) + len(asked) + len(ratings)


def test_an_observer_gets_the_consensus_of_what_they_submitted_themselves_only(app: App) -> None:
    study_id, on, lead = given_one_recording(app)
    _submit(app, on)
    assert n_consensus(app, study_id, on.sources[0].coder_id) == 1
    assert n_consensus(app, study_id, lead) == 0
    with pytest.raises(NotFoundError, match="No consensus"):
        consensus_csv(app, study_id, lead)
