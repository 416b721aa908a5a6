"""The list of what there is to settle: the same as each recording's own page says, from few questions."""

from dataclasses import dataclass

import pytest

from coding_app.domain.coding import AppliedCode
from coding_app.store import consensus, erasing, events, passes, recordings
from coding_app.store.events import UNREAD
from coding_app.workflows import reach_consensus
from coding_app.workflows.reach_consensus import Ruling
from coding_app.workflows.to_settle import (
    Standing,
    ToSettle,
    recordings_coded_twice,
    recordings_to_settle,
)
from coding_app.workflows.wiring import App
from tests.builders import NOON, an_event
from tests.domain.codings import complete
from tests.statements import statements_of
from tests.workflows.double_coded import given_a_study
from tests.workflows.test_reach_consensus import a_lead


@dataclass
class Given:
    app: App
    study_id: str
    recordings: tuple[str, ...]
    lead: str

    def listed(self) -> tuple[ToSettle, ...]:
        return recordings_to_settle(self.app, self.study_id, self.lead)


def given(app: App, n_sessions: int, scheme: str = "session-flow") -> Given:
    study_id = given_a_study(app, ("Ruth", "Anna"), n_sessions, scheme)
    with app.store.read() as tx:
        ids = tuple(each.id for each in recordings.list_recordings(tx, study_id))
    return Given(app, study_id, ids, a_lead(app, ids[0]))


def settle_some(on: Given, recording_id: str, n: int) -> None:
    """Begins the consensus and rules on the first differences of codes."""
    settling = reach_consensus.start_or_update(on.app, recording_id, on.lead)
    ruled = [each for each in settling.left if any(held and held.codes for held in each.said.values())]
    for place in ruled[:n]:
        held = next(each for each in place.said.values() if each)
        codes = tuple(AppliedCode(each.code, complete(each.code).attributes, ()) for each in held.codes)
        ruling = Ruling(*place.key, codes, "Listened again.")
        reach_consensus.rule(on.app, recording_id, on.lead, ruling)


@pytest.mark.parametrize("scheme", ["session-flow", "alliance-core"])
def test_every_row_says_what_the_recordings_own_page_says(app: App, scheme: str) -> None:
    on = given(app, 5, scheme)
    not_begun, opened, finished, changed, behind = on.recordings
    for number, each in enumerate((opened, finished, changed, behind)):
        settle_some(on, each, number)
    with app.store.write() as tx:
        for each in (finished, changed):
            begun = reach_consensus.read_settling(tx, each).coding_pass
            assert begun is not None
            passes.mark_submitted(tx, begun.id, NOON)
        source = reach_consensus.read_settling(tx, changed).sources[0]
        consensus.open_again(tx, source.id)
        for held in events.judgements(tx, source.id).values():
            taken_back = an_event(source.id, None, unit=held.unit, criterion=held.criterion)
            events.append_events(tx, [taken_back])
        passes.mark_submitted(tx, source.id, NOON)
        begun = reach_consensus.read_settling(tx, behind).coding_pass
        assert begun is not None
        consensus.set_sources(tx, begun.id, [source.id])
    rows = {each.recording_id: each for each in on.listed()}
    assert list(rows) == list(on.recordings)
    assert {key: each.standing for key, each in rows.items()} == {
        not_begun: Standing.NOT_BEGUN,
        opened: Standing.OPEN,
        finished: Standing.FINISHED,
        changed: Standing.BEHIND,
        behind: Standing.BEHIND,
    }
    for each in (opened, finished, changed, behind):
        page = reach_consensus.what_differs(app, each, on.lead)
        row = rows[each]
        assert (row.label, row.n_observers) == (page.label, len(page.sources))
        assert (row.n_left, row.n_differences) == (len(page.left), len(page.differences))
        assert (row.standing is Standing.BEHIND) == page.is_behind
    assert any(each.n_left for each in rows.values())


def test_the_database_is_asked_as_often_for_many_recordings_as_for_one(app: App) -> None:
    asked = []
    for n_sessions in (1, 7):
        on = given(app, n_sessions)
        for each in on.recordings:
            settle_some(on, each, 2)
        with statements_of(app.store) as sent:
            assert len(on.listed()) == n_sessions
        with statements_of(app.store) as also_sent:
            assert recordings_coded_twice(app, on.study_id) == on.recordings
        asked.append((len(sent), len(also_sent)))
    assert asked[0] == asked[1]
    assert asked[0] > (5, 3)


def test_of_some_recordings_nothing_else_is_read_and_the_others_are_not_told(app: App) -> None:
    on = given(app, 3)
    for each in on.recordings:
        settle_some(on, each, 1)
    one = recordings_to_settle(app, on.study_id, on.lead, [on.recordings[1]])
    assert one == (on.listed()[1],)


def test_an_erased_recording_is_not_there_to_settle(app: App) -> None:
    on = given(app, 2)
    with app.store.write() as tx:
        erasing.erase_recording(tx, on.recordings[0], NOON, "keep")
    assert recordings_coded_twice(app, on.study_id) == on.recordings[1:]
    assert [each.recording_id for each in on.listed()] == [on.recordings[1]]


def test_what_notes_say_is_not_opened_for_the_list(app: App) -> None:
    on = given(app, 1)
    settle_some(on, on.recordings[0], 1)
    with app.store.read() as tx:
        begun = reach_consensus.read_settling(tx, on.recordings[0]).coding_pass
        assert begun is not None
        told = events.judgements_of_all(tx, [begun.id])[begun.id]
        whole = events.judgements(tx, begun.id)
    assert list(told) == list(whole)
    assert {each.note for each in told.values()} == {None, UNREAD}
    assert {each.note for each in whole.values()} == {None, "Listened again."}
