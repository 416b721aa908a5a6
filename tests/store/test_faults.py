"""What goes wrong on real machines: killed processes, full disks, many writers at once."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from coding_app.domain.coding import fold
from coding_app.errors import CodingError, StoreError
from coding_app.store import Store, events, passes, tables
from tests.builders import NOON, a_unit, an_event, an_unlocked_store, given_a_pass, given_a_recording
from tests.disk import a_disk

ROOT = Path(__file__).parents[2]


def _writer(database_url: str, pass_id: str, size_limit: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.store.writing_child", database_url, pass_id, str(size_limit)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _stored_ids(store: Store, pass_id: str) -> list[str]:
    """Ids in the ledger, after checking that the projection fits it."""
    with store.read() as tx:
        ledger = events.list_events(tx, pass_id)
        assert events.judgements(tx, pass_id) == fold(ledger)
    return [event.id for event in ledger]


def test_a_killed_writer_loses_no_event_that_was_acknowledged(store: Store, database_url: str) -> None:
    coding_pass = given_a_pass(store)
    child = _writer(database_url, coding_pass.id)
    assert child.stdout is not None
    acknowledged = [child.stdout.readline().strip() for _ in range(20)]
    child.kill()
    acknowledged += child.communicate()[0].split()
    stored = _stored_ids(store, coding_pass.id)
    assert stored[: len(acknowledged)] == acknowledged
    assert len(stored) <= len(acknowledged) + 1  # one may have been kept without its answer getting out
    with store.write() as tx:
        events.append_events(tx, [an_event(coding_pass.id)])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    with a_disk(tmp_path / "disk", "1m") as folder:
        yield folder


def _write_until_full(folder: Path, size_limit: int) -> tuple[str, list[str], list[str]]:
    """The sentence that ended it, the acknowledged ids and the stored ids."""
    url = f"sqlite:///{folder / 'coding-app.sqlite'}"
    store = an_unlocked_store(url)
    try:
        coding_pass = given_a_pass(store)
        printed = _writer(url, coding_pass.id, size_limit).communicate(timeout=300)[0].splitlines()
        stored = _stored_ids(store, coding_pass.id)
    finally:
        store.close()
    return printed[-1], printed[:-1], stored


def test_a_full_disk_is_one_sentence_and_loses_nothing(small_disk: Path) -> None:
    sentence, acknowledged, stored = _write_until_full(small_disk, 0)
    assert sentence.startswith("StoreError: There was no room left to write")
    assert len(acknowledged) > 10
    assert stored == acknowledged


def test_a_file_that_may_not_grow_is_one_sentence_and_loses_nothing(tmp_path: Path) -> None:
    sentence, acknowledged, stored = _write_until_full(tmp_path, 1_500_000)
    assert sentence.startswith("StoreError: ")
    assert "Nothing of this change was stored" in sentence
    assert len(acknowledged) > 10
    assert stored == acknowledged


def _at_once(*acts: Callable[[], None]) -> None:
    """Runs them in threads that all begin together; raises what any of them raised."""
    begin = threading.Barrier(len(acts))

    def run(act: Callable[[], None]) -> None:
        begin.wait(timeout=30)
        act()

    with ThreadPoolExecutor(len(acts)) as threads:
        for done in [threads.submit(run, act) for act in acts]:
            done.result(timeout=120)


def test_many_writers_at_once_lose_and_double_nothing(store: Store) -> None:
    recording = given_a_recording(store)
    own = [given_a_pass(store, recording).id for _ in range(4)]
    shared = given_a_pass(store, recording).id

    def write(pass_id: str) -> None:
        for number in range(8):
            mine = an_event(pass_id, unit=a_unit(number + 1))
            contested = an_event(shared, f"code-{pass_id}-{number}")
            for _ in range(2):  # as a browser that got no answer does
                with store.write() as tx:
                    events.append_events(tx, [mine, contested])

    _at_once(*[partial(write, pass_id) for pass_id in own])
    assert [len(_stored_ids(store, pass_id)) for pass_id in own] == [8, 8, 8, 8]
    assert len(_stored_ids(store, shared)) == 32


def test_one_id_used_by_two_passes_at_once_ends_in_one_of_them(store: Store) -> None:
    recording = given_a_recording(store)
    pair = [given_a_pass(store, recording).id for _ in range(2)]
    refused: list[str] = []

    def write(pass_id: str) -> None:
        try:
            with store.write() as tx:
                events.append_events(tx, [an_event(pass_id, id="the-same")])
        except CodingError:
            refused.append(pass_id)

    _at_once(*[partial(write, pass_id) for pass_id in pair])
    (loser,) = refused
    assert _stored_ids(store, loser) == []
    assert _stored_ids(store, next(each for each in pair if each != loser)) == ["the-same"]


def test_no_event_lands_in_a_pass_after_its_submit(store: Store) -> None:
    coding_pass = given_a_pass(store)
    at_submit: list[str] = []
    acknowledged: list[str] = []
    enough = threading.Event()

    def write() -> None:
        for number in range(200):
            event = an_event(coding_pass.id, unit=a_unit(number + 1))
            try:
                with store.write() as tx:
                    events.append_events(tx, [event])
            except CodingError:
                return
            acknowledged.append(event.id)
            if len(acknowledged) == 5:
                enough.set()
        raise AssertionError("the pass was never submitted")

    def submit() -> None:
        enough.wait(timeout=30)
        with store.write() as tx:
            passes.mark_submitted(tx, coding_pass.id, NOON)
            at_submit.extend(event.id for event in events.list_events(tx, coding_pass.id))

    _at_once(write, submit)
    assert _stored_ids(store, coding_pass.id) == at_submit == acknowledged


def test_an_append_that_began_before_the_submit_makes_the_submit_wait(store: Store) -> None:
    coding_pass = given_a_pass(store)
    event = an_event(coding_pass.id)
    order: list[str] = []

    def submit() -> None:
        with store.write() as tx:
            passes.mark_submitted(tx, coding_pass.id, NOON)
            order.append("submitted")

    with ThreadPoolExecutor(1) as other:
        with store.write() as tx:
            events.append_events(tx, [event])
            submitting = other.submit(submit)
            with pytest.raises(TimeoutError):  # it is waiting for us
                submitting.result(timeout=0.3)
            order.append("appended")
        submitting.result(timeout=30)
    assert order == ["appended", "submitted"]
    assert _stored_ids(store, coding_pass.id) == [event.id]


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    coding_pass = given_a_pass(store)

    def fail() -> None:
        with store.write() as tx:
            events.append_events(tx, [an_event(coding_pass.id)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert _stored_ids(store, coding_pass.id) == []


def test_a_read_sees_one_moment_and_does_not_wait_for_a_writer(store: Store) -> None:
    coding_pass = given_a_pass(store)
    with store.read() as looking:
        assert events.list_events(looking, coding_pass.id) == ()
        with store.write() as tx:
            events.append_events(tx, [an_event(coding_pass.id)])
        assert events.list_events(looking, coding_pass.id) == ()
    assert len(_stored_ids(store, coding_pass.id)) == 1


def test_a_read_cannot_write(store: Store) -> None:
    coding_pass = given_a_pass(store)
    with pytest.raises(StoreError, match="may not be written"), store.read() as tx:
        passes.mark_submitted(tx, coding_pass.id, NOON)


def test_what_the_database_refuses_is_told_without_the_stored_words(store: Store) -> None:
    coding_pass = given_a_pass(store)
    with pytest.raises(StoreError, match="refused a change") as caught, store.write() as tx:
        tx.execute(tables.coding_pass.update().values(coder_id="secret words"))
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    with store.read() as tx:
        assert passes.get_pass(tx, coding_pass.id) == coding_pass
