"""The ledger: stored once, in the server's order, never changed; the projection is what it adds up to."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from coding_app.domain.coding import AppliedCode, CodingEvent, Judgement, fold
from coding_app.errors import CodingError, InputError, NotFoundError, StoreError, SubmittedError
from coding_app.store import Store, events, passes
from tests.builders import NOON, a_unit, an_event, an_id, given_a_pass, given_a_recording

A_PASS = "filled in by the test"


def test_an_event_comes_back_as_it_was_stored(store: Store) -> None:
    codes = (
        AppliedCode("rep_direct", {"intensity": 3, "facet": "task"}, ("s-0001", "s-0002")),
        AppliedCode("b"),
    )
    coding_pass = given_a_pass(store)
    event = an_event(coding_pass.id, codes=codes, value=None, note='näher: "…" \\ 😀\n')
    with store.write() as tx:
        assert events.append_events(tx, [event]) == [event.id]
    with store.read() as tx:
        assert events.list_events(tx, coding_pass.id) == (event,)
        key = (event.unit.key, "rupture")
        assert events.judgements(tx, coding_pass.id) == {
            key: Judgement(event.unit, "rupture", codes, None, event.note)
        }


def test_no_events_is_no_effect(store: Store) -> None:
    with store.write() as tx:
        assert events.append_events(tx, []) == []


def test_an_event_sent_again_is_stored_once_and_does_not_undo_what_came_later(store: Store) -> None:
    coding_pass = given_a_pass(store)
    first = an_event(coding_pass.id, "rup_c_withdraw")
    later = an_event(coding_pass.id, "rup_c_confront")
    for batch in ([first], [later], [first], [first, later, first]):
        with store.write() as tx:
            assert events.append_events(tx, batch) == [event.id for event in batch]
    with store.read() as tx:
        assert events.list_events(tx, coding_pass.id) == (first, later)
        assert events.judgements(tx, coding_pass.id) == fold([first, later])
        assert events.counts(tx, [coding_pass.id, "unknown"]) == {coding_pass.id: 1, "unknown": 0}


def test_more_events_than_one_statement_takes_keep_their_order(store: Store) -> None:
    coding_pass = given_a_pass(store)
    many = [an_event(coding_pass.id, unit=a_unit(number % 700 + 1)) for number in range(1_200)]
    with store.write() as tx:
        events.append_events(tx, [*many, many[3]])
    with store.read() as tx:
        assert events.list_events(tx, coding_pass.id) == tuple(many)
        assert events.counts(tx, [coding_pass.id]) == {coding_pass.id: 700}


@pytest.mark.parametrize(
    "change",
    [
        {"codes": ()},
        {"value": 4},
        {"note": "x"},
        {"criterion": "repair"},
        {"unit": a_unit(2)},
        {"at": NOON},
        {"act": "one"},
        {"step": "do"},
    ],
)
def test_an_id_with_another_content_is_refused_and_the_batch_with_it(
    store: Store, change: dict[str, Any]
) -> None:
    coding_pass = given_a_pass(store)
    stored = an_event(coding_pass.id)
    with store.write() as tx:
        events.append_events(tx, [stored])
    other = replace(stored, **change)
    with pytest.raises(CodingError, match="another content"), store.write() as tx:
        events.append_events(tx, [an_event(coding_pass.id, unit=a_unit(3)), other])
    with store.read() as tx:
        assert events.list_events(tx, coding_pass.id) == (stored,)
        assert events.judgements(tx, coding_pass.id) == fold([stored])


def test_one_batch_cannot_hold_one_id_with_two_contents(store: Store) -> None:
    event = an_event(given_a_pass(store).id)
    with pytest.raises(CodingError, match="another content"), store.write() as tx:
        events.append_events(tx, [event, replace(event, codes=())])


def test_an_id_cannot_be_used_again_in_another_pass(store: Store) -> None:
    recording = given_a_recording(store)
    mine, theirs = given_a_pass(store, recording), given_a_pass(store, recording)
    event = an_event(mine.id)
    with store.write() as tx:
        events.append_events(tx, [event])
    with pytest.raises(CodingError, match="another content"), store.write() as tx:
        events.append_events(tx, [replace(event, pass_id=theirs.id)])
    with store.read() as tx:
        assert events.list_events(tx, theirs.id) == ()


def test_a_submitted_pass_takes_no_more_events_but_answers_for_those_it_has(store: Store) -> None:
    coding_pass = given_a_pass(store)
    stored = an_event(coding_pass.id)
    with store.write() as tx:
        events.append_events(tx, [stored])
        passes.mark_submitted(tx, coding_pass.id, NOON)
    with pytest.raises(SubmittedError, match="submitted on 2026-11-22"), store.write() as tx:
        events.append_events(tx, [an_event(coding_pass.id)])
    with store.write() as tx:
        assert events.append_events(tx, [stored]) == [stored.id]
    with store.read() as tx:
        assert events.list_events(tx, coding_pass.id) == (stored,)


def test_a_batch_with_one_event_for_a_submitted_pass_is_refused_whole(store: Store) -> None:
    recording = given_a_recording(store)
    open_pass, closed = given_a_pass(store, recording), given_a_pass(store, recording)
    with store.write() as tx:
        passes.mark_submitted(tx, closed.id, NOON)
    with pytest.raises(CodingError), store.write() as tx:
        events.append_events(tx, [an_event(open_pass.id), an_event(closed.id)])
    with store.read() as tx:
        assert events.list_events(tx, open_pass.id) == ()
        assert events.judgements(tx, open_pass.id) == {}


@pytest.mark.parametrize("wrong_id", ["", "x" * 65])
def test_an_event_needs_an_id_of_1_to_64_characters(store: Store, wrong_id: str) -> None:
    event = an_event(given_a_pass(store).id, id=wrong_id)
    with pytest.raises(CodingError, match="1 to 64"), store.write() as tx:
        events.append_events(tx, [event])


def test_an_event_for_an_unknown_pass_is_refused(store: Store) -> None:
    with pytest.raises(NotFoundError, match="no coding pass"), store.write() as tx:
        events.append_events(tx, [an_event(an_id())])


@pytest.mark.parametrize("unstorable", ["a\0b", "\ud83d"])
@pytest.mark.parametrize("field", ["note", "criterion", "id"])
def test_text_that_an_engine_cannot_keep_is_wrong_input_on_both(
    store: Store, field: str, unstorable: str
) -> None:
    event = an_event(given_a_pass(store).id, **{field: unstorable})
    with pytest.raises(InputError, match="cannot be stored"), store.write() as tx:
        events.append_events(tx, [event])


@pytest.mark.parametrize("wrong", [{"value": 2**70}, {"note": "x", "value": -(2**63) - 1}])
def test_a_number_beyond_the_column_is_refused(store: Store, wrong: dict[str, Any]) -> None:
    event = an_event(given_a_pass(store).id, **wrong)
    with pytest.raises(InputError, match="number"), store.write() as tx:
        events.append_events(tx, [event])


def test_order_is_the_servers_whatever_the_browsers_clock_says(store: Store) -> None:
    coding_pass = given_a_pass(store)
    fast = an_event(coding_pass.id, "rup_c_confront", at=NOON + timedelta(days=400))
    slow = an_event(coding_pass.id, "rup_c_withdraw", at=NOON - timedelta(days=400))
    for event in (fast, slow):
        with store.write() as tx:
            events.append_events(tx, [event])
    with store.read() as tx:
        assert events.list_events(tx, coding_pass.id) == (fast, slow)
        (judgement,) = events.judgements(tx, coding_pass.id).values()
    assert judgement.codes == slow.codes


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE coding_event SET note = 'changed'",
        "DELETE FROM coding_event",
        "DELETE FROM coding_event WHERE seq = 1",
        "INSERT OR REPLACE INTO coding_event SELECT * FROM coding_event",
        "TRUNCATE coding_event CASCADE",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_event(
    store: Store, statement: str, database_url: str
) -> None:
    only_on = {"INSERT OR": "sqlite", "TRUNCATE": "postgresql"}
    if any(
        statement.startswith(begins) and not database_url.startswith(on) for begins, on in only_on.items()
    ):
        return  # the other engine has no such statement
    coding_pass = given_a_pass(store, codings=[an_event(A_PASS)])
    with store.write() as tx:
        tx.execute(text("DELETE FROM coding_state"))  # so that no foreign key is in the way
    with pytest.raises(StoreError, match="refused"), store.write() as tx:
        tx.execute(text(statement))
    with store.read() as tx:
        assert len(events.list_events(tx, coding_pass.id)) == 1


KEYS = st.tuples(st.integers(1, 3), st.sampled_from(["rupture", "repair", "bond"]))
CODES = st.lists(
    st.builds(
        AppliedCode,
        st.sampled_from(["a", "b"]),
        st.dictionaries(
            st.sampled_from(["intensity", "facet"]), st.integers(1, 3) | st.sampled_from(["task", "bond"])
        ),
        st.lists(st.sampled_from(["s-0001", "s-0002"]), max_size=2).map(tuple),
    ),
    max_size=2,
).map(tuple)


@st.composite
def an_act(draw: st.DrawFn) -> CodingEvent:
    number, criterion = draw(KEYS)
    codes, value = draw(CODES), draw(st.none() | st.integers(1, 7))
    note = draw(st.none() | st.just("") | st.text(max_size=8).filter(lambda note: "\0" not in note))
    given_fields: dict[str, Any] = {
        "unit": a_unit(number),
        "criterion": criterion,
        "codes": codes,
        "value": value,
        "note": note,
        **draw(st.sampled_from([{}, {"act": "one", "step": "do"}, {"act": "one", "step": "undo"}])),
    }
    return an_event(A_PASS, **given_fields)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(an_act(), max_size=12), data=st.data())
def test_the_projection_is_always_what_the_ledger_adds_up_to(
    store: Store, acts: list[CodingEvent], data: st.DataObject
) -> None:
    coding_pass = given_a_pass(store)
    mine = [replace(act, id=an_id(), pass_id=coding_pass.id) for act in acts]
    rest = list(mine)
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        batch, rest = rest[:size], rest[size:]
        repeated = data.draw(st.lists(st.sampled_from(mine[: len(mine) - len(rest)]), max_size=2))
        with store.write() as tx:
            events.append_events(tx, [*batch, *repeated])
    with store.read() as tx:
        assert events.list_events(tx, coding_pass.id) == tuple(mine)
        present = events.judgements(tx, coding_pass.id)
    assert list(present.items()) == list(fold(mine).items())
    with store.write() as tx:
        events.rebuild_projection(tx, coding_pass.id)
        assert events.judgements(tx, coding_pass.id) == present


def test_a_lost_projection_is_rebuilt_from_the_ledger(store: Store) -> None:
    coding_pass = given_a_pass(store, codings=[an_event(A_PASS, unit=a_unit(n)) for n in (1, 2)])
    with store.write() as tx:
        tx.execute(text("DELETE FROM coding_state"))
        events.rebuild_projection(tx, coding_pass.id)
    with store.read() as tx:
        assert events.judgements(tx, coding_pass.id) == fold(events.list_events(tx, coding_pass.id))
        assert events.counts(tx, [coding_pass.id]) == {coding_pass.id: 2}
