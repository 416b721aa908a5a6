"""Planning a study: sessions, consent, plan, assignments; what each refuses, and what observers then reach."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from coding_app.domain.audit import Act
from coding_app.domain.consent import Use
from coding_app.domain.people import Role
from coding_app.domain.plan import Assignment, AssignmentKind, StudyPlan
from coding_app.domain.session_details import LATEST, MAX_CASE_CODE, MAX_NUMBER
from coding_app.domain.times import Span
from coding_app.errors import AccessError, CodingAppError, InputError, NotFoundError
from coding_app.store import audit, consensus, consents, plans, recordings, studies, transcripts
from coding_app.workflows import (
    code_session,
    listen,
    my_work,
    overview,
    plan_study,
    reach_consensus,
    therapy_sessions,
)
from coding_app.workflows.erase_recording import withdraw_consent
from coding_app.workflows.my_work import WorkState
from coding_app.workflows.recording_quality import sound_of
from coding_app.workflows.wiring import App
from tests.builders import NOON, a_coder, a_recording, a_session, a_study, a_transcript, an_id
from tests.permissions.world import World, given_a_world
from tests.workflows.coding import all_ratings

YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Planned:
    """A study with sessions S1, S2 ..., each with a recording, and observers Ann, Bo and Cy."""

    app: App
    study_id: str
    sessions: tuple[str, ...]
    recordings: tuple[str, ...]
    coders: tuple[str, ...]

    def plan(self, **given: object) -> None:
        usual = {"seed": 7, "double_share": 0.0, "double_at_least": 0} | given
        plan_study.put_plan(self.app, self.study_id, StudyPlan(self.study_id, **usual))  # type: ignore[arg-type]

    def assign(self) -> plan_study.Preview:
        return plan_study.assign(self.app, self.study_id, self.coders)

    def assignments(self, coder_id: str | None = None) -> tuple[Assignment, ...]:
        with self.app.store.read() as tx:
            return plans.list_assignments(tx, self.study_id, coder_id=coder_id)

    def recording_of(self, one: Assignment) -> str:
        return self.recordings[self.sessions.index(one.session_id)]

    def recordings_of(self, coder_id: str) -> set[str]:
        return {self.recording_of(one) for one in self.assignments(coder_id)}

    def submit(self, one: Assignment) -> None:
        opened = code_session.open_pass(self.app, self.recording_of(one), one.coder_id)
        code_session.record(self.app, opened.id, all_ratings(opened))
        code_session.submit(self.app, opened.id)


def given_a_study(app: App, n_sessions: int = 6) -> Planned:
    with app.store.write() as tx:
        study = a_study(scheme_id="alliance-core", title=f"Study {an_id()}")
        studies.add_study(tx, study)
        coders = tuple(a_coder(study.id, name=name) for name in ("Ann", "Bo", "Cy"))
        for coder in coders:
            studies.add_coder(tx, coder)
        sessions, held = [], []
        for number in range(1, n_sessions + 1):
            session = a_session(study.id, label=f"S{number}")
            studies.add_session(tx, session)
            recording = a_recording(session.id, duration_ms=16_000)
            recordings.add_recording(tx, recording)
            transcripts.add_transcript(tx, a_transcript(recording.id))
            sessions.append(session.id)
            held.append(recording.id)
    return Planned(app, study.id, tuple(sessions), tuple(held), tuple(each.id for each in coders))


@pytest.fixture
def planned(app: App) -> Planned:
    return given_a_study(app)


def test_a_session_gets_its_case_its_number_and_its_day(planned: Planned) -> None:
    day = date(2026, 3, 1)
    therapy_sessions.set_session(
        planned.app,
        planned.study_id,
        planned.sessions[0],
        label="A07-S03",
        case_code=" A07 ",
        number=3,
        held_on=day,
    )
    found = plan_study.view_plan(planned.app, planned.study_id).sessions
    kept = next(each.session for each in found if each.session.id == planned.sessions[0])
    assert (kept.label, kept.case_code, kept.number, kept.held_on) == ("A07-S03", "A07", 3, day)


def test_the_longest_case_code_and_the_highest_number_are_kept_by_every_database(planned: Planned) -> None:
    kept = therapy_sessions.set_session(
        planned.app,
        planned.study_id,
        planned.sessions[0],
        label="S1",
        case_code="ü" * MAX_CASE_CODE,
        number=MAX_NUMBER,
        held_on=LATEST,
    )
    with planned.app.store.read() as tx:
        assert studies.get_session(tx, planned.sessions[0]) == kept


def a_second_session_of_number_3(p: Planned) -> None:
    for number in (0, 1):
        therapy_sessions.set_session(
            p.app, p.study_id, p.sessions[number], label=f"S{number + 1}", case_code="C-12", number=3
        )


REFUSED: dict[str, tuple[type[CodingAppError], Callable[[Planned], object]]] = {
    "label is empty": (
        InputError,
        lambda p: therapy_sessions.set_session(p.app, p.study_id, p.sessions[0], label=" "),
    ),
    "already has the session 's2'": (
        InputError,
        lambda p: therapy_sessions.set_session(p.app, p.study_id, p.sessions[0], label="s2"),
    ),
    "case code has 81 characters": (
        InputError,
        lambda p: therapy_sessions.set_session(
            p.app, p.study_id, p.sessions[0], label="S1", case_code="x" * 81
        ),
    ),
    "number is below 1": (
        InputError,
        lambda p: therapy_sessions.set_session(p.app, p.study_id, p.sessions[0], label="S1", number=0),
    ),
    "number is above 9999": (
        InputError,
        lambda p: therapy_sessions.set_session(p.app, p.study_id, p.sessions[0], label="S1", number=10_000),
    ),
    "day is not between 1900 and 2099": (
        InputError,
        lambda p: therapy_sessions.set_session(
            p.app, p.study_id, p.sessions[0], label="S1", held_on=date(202, 2, 14)
        ),
    ),
    "Another session of this case has the number 3": (InputError, a_second_session_of_number_3),
    "no session with the id": (
        NotFoundError,
        lambda p: therapy_sessions.set_session(
            p.app, given_a_study(p.app).study_id, p.sessions[0], label="S1"
        ),
    ),
    "no observer with the id": (
        NotFoundError,
        lambda p: therapy_sessions.set_own_sessions(
            p.app, p.study_id, p.sessions[0], given_a_study(p.app).coders[:1]
        ),
    ),
    "A refusal has no last day": (
        InputError,
        lambda p: therapy_sessions.note_consent(
            p.app, p.study_id, p.sessions[0], Use.CODING, given=False, until=YESTERDAY
        ),
    ),
    "at least one observer; raise": (InputError, lambda p: p.plan(n_coders=0)),
    "between 0 and 100": (InputError, lambda p: p.plan(double_share=1.1)),
    "least number of sessions": (InputError, lambda p: p.plan(double_at_least=-1)),
    "days to code": (InputError, lambda p: p.plan(days=0)),
    "seed is a whole number": (InputError, lambda p: p.plan(seed=-1)),
    "no plan yet": (InputError, lambda p: p.assign()),
    "Nobody is chosen": (
        InputError,
        lambda p: (p.plan(), plan_study.preview_assignments(p.app, p.study_id, [])),
    ),
    "Nothing is overdue": (
        InputError,
        lambda p: (p.plan(), plan_study.hand_on_overdue(p.app, p.study_id, p.coders)),
    ),
    "no assignment with the id": (
        NotFoundError,
        lambda p: plan_study.end_assignment(p.app, p.study_id, "nothing", "a reason"),
    ),
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_makes_no_sense_is_refused_with_a_sentence(planned: Planned, words: str) -> None:
    kind, work = REFUSED[words]
    with pytest.raises(kind, match=words):
        work(planned)


def test_a_preview_is_what_assigning_then_makes_and_keeps_nothing(planned: Planned) -> None:
    planned.plan(double_at_least=2, days=14)
    shown = plan_study.preview_assignments(planned.app, planned.study_id, planned.coders)
    assert planned.assignments() == ()
    made = planned.assign()
    assert made == shown
    assert sorted(made.draw.load.values()) == [2, 3, 3]
    assert len(planned.assignments()) == 8
    assert {each.due_on for each in planned.assignments()} == {YESTERDAY + timedelta(days=15)}
    assert planned.assign().draw.new == ()


def test_sessions_without_recording_or_consent_are_left_out_and_named(planned: Planned) -> None:
    planned.plan()
    therapy_sessions.note_consent(planned.app, planned.study_id, planned.sessions[0], Use.CODING, given=False)
    with planned.app.store.write() as tx:
        empty = a_session(planned.study_id, label="empty")
        studies.add_session(tx, empty)
    assert planned.assign().left_out == {
        planned.sessions[0]: "no consent to coding",
        empty.id: "no recording",
    }
    assert planned.sessions[0] not in {each.session_id for each in planned.assignments()}


def test_nobody_gets_a_session_in_which_they_took_part(planned: Planned) -> None:
    planned.plan(n_coders=2)
    for session in planned.sessions[:3]:
        therapy_sessions.set_own_sessions(planned.app, planned.study_id, session, planned.coders[:1])
    planned.assign()
    assert not set(planned.sessions[:3]) & {
        each.session_id for each in planned.assignments(planned.coders[0])
    }
    with pytest.raises(InputError, match="Bo has the session 'S1' to code"):
        therapy_sessions.set_own_sessions(
            planned.app, planned.study_id, planned.sessions[0], planned.coders[1:2]
        )
    one = next(
        each for each in planned.assignments(planned.coders[1]) if each.session_id == planned.sessions[0]
    )
    with pytest.raises(InputError, match="Ann took part in 'S1'"):
        plan_study.reassign(planned.app, planned.study_id, one.id, planned.coders[0], "Bo is ill")


def test_who_had_begun_before_there_was_a_plan_gets_that_session(planned: Planned) -> None:
    code_session.open_pass(planned.app, planned.recordings[0], planned.coders[2])
    planned.plan()
    planned.assign()
    on = {each.coder_id for each in planned.assignments() if each.session_id == planned.sessions[0]}
    assert on == {planned.coders[2]}


def test_a_session_goes_to_another_observer_with_a_reason_unless_it_is_submitted(planned: Planned) -> None:
    planned.plan()
    planned.assign()
    first, second = planned.assignments(planned.coders[0])
    with pytest.raises(InputError, match="reason is empty"):
        plan_study.reassign(planned.app, planned.study_id, first.id, planned.coders[1], " ")
    plan_study.reassign(planned.app, planned.study_id, first.id, planned.coders[1], "Ann is ill")
    moved = planned.assignments(planned.coders[1])[-1]
    assert (moved.session_id, moved.kind, moved.position) == (first.session_id, first.kind, 3)
    with planned.app.store.read() as tx:
        of_session = plans.list_assignments(tx, planned.study_id, session_id=first.session_id, ended=True)
    (ended,) = [each for each in of_session if each.id == first.id]
    assert ended.ended_because == "Ann is ill"
    planned.submit(second)
    for work in (
        lambda: plan_study.reassign(planned.app, planned.study_id, second.id, planned.coders[1], "ill"),
        lambda: plan_study.end_assignment(planned.app, planned.study_id, second.id, "ill"),
    ):
        with pytest.raises(InputError, match="has submitted"):
            work()
    planned.assign()  # what was taken back does not come back by itself
    assert len(planned.assignments(planned.coders[0])) == 1


def test_what_is_overdue_goes_to_others_in_one_step(planned: Planned) -> None:
    planned.plan(days=7)
    with planned.app.store.write() as tx:
        for place, session in enumerate(planned.sessions[:2], start=1):
            plans.add_assignment(
                tx,
                Assignment(
                    an_id(), session, planned.coders[0], AssignmentKind.CODING, place, NOON, YESTERDAY
                ),
            )
    late, done = planned.assignments(planned.coders[0])
    planned.submit(done)
    plan_study.hand_on_overdue(planned.app, planned.study_id, planned.coders)
    now = {(each.session_id, each.coder_id) for each in planned.assignments()}
    assert (done.session_id, planned.coders[0]) in now
    assert (late.session_id, planned.coders[0]) not in now
    assert late.session_id in {session for session, _ in now}


def test_an_observer_reaches_their_own_sessions_only(planned: Planned) -> None:
    planned.plan(double_at_least=3)
    planned.assign()
    for coder in planned.coders:
        theirs = planned.recordings_of(coder)
        found = overview.study_overview(planned.app, planned.study_id, coder)
        assert {each.recording.id for each in found} == theirs
        assert {state.coder.id for each in found for state in each.states} == {coder}
        for recording in planned.recordings:
            if recording in theirs:
                code_session.open_pass(planned.app, recording, coder)
            else:
                with pytest.raises(AccessError, match="not in your queue"):
                    code_session.open_pass(planned.app, recording, coder)


def test_a_study_without_a_plan_stays_open_to_all(planned: Planned) -> None:
    found = overview.study_overview(planned.app, planned.study_id, planned.coders[0])
    assert len(found) == 6
    assert len(found[0].states) == 3
    assert code_session.open_pass(planned.app, planned.recordings[0], planned.coders[0])


def test_what_was_taken_back_is_closed_and_what_was_submitted_stays_to_be_looked_at(planned: Planned) -> None:
    planned.plan()
    planned.assign()
    first, second = planned.assignments(planned.coders[0])
    opened = code_session.open_pass(planned.app, planned.recording_of(first), planned.coders[0])
    plan_study.end_assignment(planned.app, planned.study_id, first.id, "no time")
    with pytest.raises(AccessError, match="not in your queue"):
        overview.own_pass(planned.app, opened.id, planned.coders[0])
    planned.submit(second)
    found = overview.study_overview(planned.app, planned.study_id, planned.coders[0])
    assert [each.recording.id for each in found] == [planned.recording_of(second)]


def test_with_accounts_coders_and_trainers_are_bound_and_the_lead_is_not(app: App) -> None:
    world = given_a_world(app)
    with app.store.write() as tx:
        session = a_session(world.study_id, label="Other")
        studies.add_session(tx, session)
        other = a_recording(session.id)
        recordings.add_recording(tx, other)
    plan_study.put_plan(app, world.study_id, StudyPlan(world.study_id, 1))
    for role in (Role.CODER, Role.TRAINER):
        seen = overview.study_overview(world.acting(role), world.study_id, None)
        assert {state.coder.id for each in seen for state in each.states} == {world.coder_id(role)}
        assert other.id not in {each.recording.id for each in seen}
        for work in (sound_of, listen.check_may_hear, overview.current_transcript):
            with pytest.raises(AccessError, match="not in your queue"):
                work(world.acting(role), other.id)
    seen = overview.study_overview(world.acting(Role.LEAD), world.study_id, world.coder_id(Role.LEAD))
    assert len(seen) == 2
    assert len(seen[0].states) == 4
    listen.check_may_hear(world.acting(Role.LEAD), other.id)


def _world_without_consent(app: App, **given: object) -> World:
    world = given_a_world(app)
    therapy_sessions.note_consent(app, world.study_id, world.recording.session_id, Use.CODING, **given)  # type: ignore[arg-type]
    return world


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"given": False}, "consent was refused"),
        ({"given": True, "until": YESTERDAY}, f"consent ended on {YESTERDAY}"),
    ],
)
def test_without_consent_nobody_codes_or_listens_and_the_lead_can_erase(
    app: App, given: dict[str, object], why: str
) -> None:
    world = _world_without_consent(app, **given)
    for who in (Role.CODER, Role.LEAD):
        acting, recording_id, coder_id = world.acting(who), world.recording.id, world.coder_id(who)
        tries: list[partial[object]] = [
            partial(code_session.open_pass, acting, recording_id, coder_id),
            partial(code_session.bootstrap, acting, world.pass_of(who).id),
            partial(overview.own_pass, acting, world.pass_of(who).id, coder_id),
            partial(listen.open_to_listen, acting, recording_id),
            partial(listen.moment, acting, recording_id, Span(0, 1000)),
        ]
        for work in tries:
            with pytest.raises(AccessError, match=f"'Case 7' may not be coded or listened to: {why}"):
                work()
    withdraw_consent(world.acting(Role.LEAD), world.recording.id, keep_judgements=False)
    assert overview.current_transcript(app, world.recording.id) is None


def test_consent_until_today_holds_and_another_use_is_judged_by_itself(app: App) -> None:
    today = YESTERDAY + timedelta(days=1)
    world = _world_without_consent(app, given=True, until=today)
    therapy_sessions.note_consent(app, world.study_id, world.recording.session_id, Use.CLIPS, given=False)
    listen.check_may_hear(world.acting(Role.CODER), world.recording.id)
    with app.store.read() as tx:
        kept = consents.find_consent(tx, world.recording.session_id, Use.CODING)
    assert kept is not None
    assert kept.until == today


def test_my_work_is_my_queue_in_my_order_and_goes_on_where_i_stopped(planned: Planned) -> None:
    planned.plan(double_at_least=6, days=3)
    planned.assign()
    ann = planned.coders[0]
    queue = planned.assignments(ann)
    assert my_work.has_work(planned.app, planned.study_id, ann)
    work = my_work.my_work(planned.app, planned.study_id, ann)
    assert [each.recording.id for each in work.to_do] == [planned.recording_of(one) for one in queue]
    assert work.next == work.items[0]
    code_session.open_pass(planned.app, planned.recording_of(queue[2]), ann)
    planned.submit(queue[0])
    work = my_work.my_work(planned.app, planned.study_id, ann)
    assert [each.state for each in work.items[:4]] == [
        WorkState.DONE,
        WorkState.NEW,
        WorkState.BEGUN,
        WorkState.NEW,
    ]
    assert work.next == work.items[2]
    assert [each.recording.id for each in work.done] == [planned.recording_of(queue[0])]
    therapy_sessions.note_consent(planned.app, planned.study_id, queue[1].session_id, Use.CODING, given=False)
    assert my_work.my_work(planned.app, planned.study_id, ann).items[1].state is WorkState.FORBIDDEN


def test_everything_that_is_planned_stands_in_the_audit_without_names(planned: Planned) -> None:
    planned.plan()
    therapy_sessions.set_session(planned.app, planned.study_id, planned.sessions[0], label="Secret label")
    therapy_sessions.note_consent(planned.app, planned.study_id, planned.sessions[0], Use.CODING, given=True)
    planned.assign()
    plan_study.end_assignment(planned.app, planned.study_id, planned.assignments()[0].id, "Secret reason")
    with planned.app.store.read() as tx:
        found = [entry for entry, _ in audit.all_entries(tx)]
    acts = [each.act for each in found if each.study_id == planned.study_id]
    assert acts == [Act.PLANNED, Act.PLANNED, Act.NOTED_CONSENT, Act.ASSIGNED, Act.ASSIGNED]
    assert "Secret" not in str(found)


def test_who_has_looked_at_what_others_coded_gets_the_session_neither_drawn_nor_handed_on(
    planned: Planned,
) -> None:
    ann, bo, cy = planned.coders
    planned.plan(n_coders=2)
    plan_study.assign(planned.app, planned.study_id, [ann, bo])
    first = next(each for each in planned.assignments(ann) if each.session_id == planned.sessions[0])
    for each in planned.assignments():
        if each.session_id == first.session_id:
            planned.submit(each)
    reach_consensus.start_or_update(planned.app, planned.recordings[0], cy)
    planned.plan(n_coders=3)
    planned.assign()
    assert {each.session_id for each in planned.assignments(cy)} == set(planned.sessions[1:])
    assert {each.coder_id for each in planned.assignments() if each.session_id == first.session_id} == {
        ann,
        bo,
    }


def test_a_session_is_not_handed_on_to_who_has_seen_it_coded(planned: Planned) -> None:
    ann, bo, cy = planned.coders
    planned.plan(n_coders=1)
    plan_study.assign(planned.app, planned.study_id, [ann])
    with planned.app.store.write() as tx:
        consensus.note_view(tx, planned.recordings[0], cy, NOON)
    mine = next(each for each in planned.assignments(ann) if each.session_id == planned.sessions[0])
    with pytest.raises(InputError, match="has seen what others coded in 'S1'"):
        plan_study.reassign(planned.app, planned.study_id, mine.id, cy, "Ann is ill")
    plan_study.reassign(planned.app, planned.study_id, mine.id, bo, "Ann is ill")
