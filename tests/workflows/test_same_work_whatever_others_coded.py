"""How long an answer takes tells nothing: it is the same work, and the same length, whatever another observer did.

No clock is asked, which would find small differences sometimes only: the statements that the database is sent are
compared, and the size of what comes back.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from coding_app.domain.coding import CodingPass
from coding_app.domain.people import Actor, Membership, Role
from coding_app.domain.plan import Assignment, AssignmentKind, StudyPlan
from coding_app.domain.recording import Recording
from coding_app.errors import AccessError
from coding_app.store import accounts, plans, recordings, studies, transcripts
from coding_app.workflows import (
    assess_agreement,
    code_session,
    my_work,
    other_passes,
    overview,
    reliability_data,
)
from coding_app.workflows.wiring import App
from tests.builders import NOON, a_coder, a_recording, a_session, a_transcript, an_id
from tests.permissions.world import an_account
from tests.statements import statements_of
from tests.workflows.coding import WITHDRAWAL, all_ratings, an_event, given_a_recording


@dataclass
class Mine:
    """A study of its own with one recording, which B codes; A may too."""

    app: App  # B's
    machine: App
    study_id: str
    recording: Recording
    a_id: str
    b_id: str
    opened: CodingPass

    def ask(self, what: Callable[["Mine"], Any]) -> tuple[list[str], int]:
        """What the database was sent for it, and the length of what B gets."""
        with statements_of(self.app.store) as sent:
            got = what(self)
        return sent, len(json.dumps(got, default=_in_words))


def _in_words(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def given(app: App, before: Callable[[App, Recording, str], object], *, planned: bool) -> Mine:
    """before: what A did, before B opens their pass."""
    recording, a_id = given_a_recording(app)
    account = an_account(app, f"Account {an_id()}")
    with app.store.write() as tx:
        study_id = recordings.study_of(tx, recording.id)
        b = a_coder(study_id, name="Observer B")
        studies.add_coder(tx, b)
        place = Membership(account.id, study_id, Role.CODER, b.id)
        accounts.put_membership(tx, place)
        if planned:
            plans.put_plan(tx, StudyPlan(study_id, seed=1, n_coders=2), NOON)
            for each in (a_id, b.id):
                one = (an_id(), recording.session_id, each, AssignmentKind.CODING, 0, NOON)
                plans.add_assignment(tx, Assignment(*one))
    before(app, recording, a_id)
    mine = app.acting(Actor(account.id, account.name, memberships=(place,)))
    opened = code_session.open_pass(mine, recording.id, b.id)
    return Mine(mine, app, study_id, recording, a_id, b.id, opened)


def nothing(app: App, recording: Recording, a_id: str) -> None:
    """A has not begun."""


def opened_only(app: App, recording: Recording, a_id: str) -> CodingPass:
    """A has looked at the recording in the workbench."""
    found = code_session.open_pass(app, recording.id, a_id)
    code_session.bootstrap(app, found.id)
    return found


def half(app: App, recording: Recording, a_id: str) -> CodingPass:
    """A has given codes, and a long note."""
    found = opened_only(app, recording, a_id)
    code_session.record(app, found.id, [*all_ratings(found), an_event(found, note="word " * 300)])
    return found


def submitted(app: App, recording: Recording, a_id: str) -> None:
    found = opened_only(app, recording, a_id)
    code_session.record(
        app, found.id, [*all_ratings(found), an_event(found, criterion="rupture", codes=[], note="x")]
    )
    code_session.submit(app, found.id)


def others_are_refused(mine: Mine) -> str:
    with pytest.raises(AccessError) as told:
        other_passes.other_passes(mine.app, mine.opened.id)
    return str(told.value)


ASKED: dict[str, Callable[[Mine], Any]] = {
    "the pass": lambda mine: code_session.bootstrap(mine.app, mine.opened.id),
    "the pass again": lambda mine: code_session.bootstrap(mine.app, mine.opened.id),
    "my work": lambda mine: my_work.my_work(mine.app, mine.study_id, mine.b_id),
    "the overview": lambda mine: overview.study_overview(mine.app, mine.study_id, mine.b_id),
    "saving": lambda mine: code_session.record(mine.app, mine.opened.id, [an_event(mine.opened)]),
    "changing": lambda mine: code_session.record(
        mine.app, mine.opened.id, [an_event(mine.opened, codes=[WITHDRAWAL], note="sure")]
    ),
    "the ledger": lambda mine: code_session.ledger(mine.app, mine.opened.id),
    "progress": lambda mine: code_session.progress(mine.app, mine.opened.id).n_coded,
    "the others": others_are_refused,
}


def asked_of(mine: Mine) -> dict[str, tuple[list[str], int]]:
    return {name: mine.ask(what) for name, what in ASKED.items()}


@pytest.fixture
def warm(app: App) -> App:
    """The scheme, which every study of the test has, was read before."""
    given(app, half, planned=True)
    return app


@pytest.mark.parametrize("did", [opened_only, half, submitted])
def test_the_agreement_that_an_observer_sees_says_nothing_of_what_another_did_where_they_have_not_submitted(
    warm: App, did: Callable[[App, Recording, str], object]
) -> None:
    told = []
    for what in (nothing, did):
        mine = given(warm, submitted, planned=True)
        code_session.record(mine.app, mine.opened.id, all_ratings(mine.opened))
        code_session.submit(mine.app, mine.opened.id)
        add_another(mine, what)
        report = assess_agreement.assess_study(mine.app, mine.study_id, mine.b_id)
        assert report.n_recordings == 1
        lines = reliability_data.scheme_lines(mine.app, mine.study_id, mine.b_id)
        states = overview.study_overview(mine.app, mine.study_id, mine.b_id, with_submitted=True)
        told.append(
            (
                report.withheld,
                report.n_passes,
                report.skipped,
                lines,
                sorted(len(each.states) for each in states),
            )
        )
    assert told[0] == told[1]
    assert "Later" in str(told[0][0])


def add_another(mine: Mine, what: Callable[[App, Recording, str], object]) -> None:
    """Another session in the queue of both, which B has not begun, and one that is A's alone."""
    for label, theirs in (("Later", (mine.a_id, mine.b_id)), ("Not B's", (mine.a_id,))):
        with mine.machine.store.write() as tx:
            session = a_session(mine.study_id, label=label)
            studies.add_session(tx, session)
            recording = a_recording(session.id)
            recordings.add_recording(tx, recording)
            transcripts.add_transcript(tx, a_transcript(recording.id))
            for each in theirs:
                one = (an_id(), session.id, each, AssignmentKind.CODING, 1, NOON)
                plans.add_assignment(tx, Assignment(*one))
        what(mine.machine, recording, mine.a_id)


@pytest.mark.parametrize("did", [opened_only, half, submitted])
def test_what_an_observer_asks_for_is_the_same_work_whether_another_codes_there_or_not(
    warm: App, did: Callable[[App, Recording, str], object]
) -> None:
    alone = asked_of(given(warm, nothing, planned=True))
    beside = asked_of(given(warm, did, planned=True))
    assert beside == alone
    assert all(len(sent) > 1 for sent, _ in alone.values())
    assert min(length for _, length in alone.values()) > 0


def test_without_a_plan_who_has_submitted_is_told_and_still_nothing_depends_on_what_was_coded(
    warm: App,
) -> None:
    little = asked_of(given(warm, opened_only, planned=False))
    much = asked_of(given(warm, half, planned=False))
    assert much == little


def test_a_larger_answer_and_more_work_would_be_found(warm: App) -> None:
    one = given(warm, nothing, planned=True)
    before = one.ask(ASKED["the pass"])
    code_session.record(one.app, one.opened.id, [an_event(one.opened)])
    after = one.ask(ASKED["the pass"])
    assert after[1] > before[1]
    assert len(after[0]) < len(before[0])  # the transcript is in memory now
