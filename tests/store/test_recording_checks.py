"""What was measured of recordings, on both engines."""

from datetime import timedelta

import pytest

from coding_app.errors import NotFoundError
from coding_app.store import Store, recording_checks, recordings, studies
from tests.builders import NOON, a_recording, a_session, a_study


def given_recordings(store: Store, n: int) -> tuple[str, list[str]]:
    """A study's id and those of its recordings, oldest first."""
    study = a_study(title=f"Study of {n}")
    session = a_session(study.id)
    made = [a_recording(session.id, added_at=NOON + timedelta(minutes=minute)) for minute in range(n)]
    with store.write() as tx:
        studies.add_study(tx, study)
        studies.add_session(tx, session)
        for each in made:
            recordings.add_recording(tx, each)
    return study.id, [each.id for each in made]


def test_a_check_is_kept_as_it_was_put_and_a_later_one_takes_its_place(store: Store):
    _, (one,) = given_recordings(store, 1)
    measured = {
        "playable": False,
        "holds": "sound",
        "sound": {"channels": [{"speech": None}]},
        "failed": "Äh.",
    }
    with store.write() as tx:
        assert recording_checks.get_check(tx, one) is None
        recording_checks.put_check(tx, one, {"playable": True}, NOON)
        recording_checks.put_check(tx, one, measured, NOON)
    with store.read() as tx:
        assert recording_checks.get_check(tx, one) == measured
        assert list(recording_checks.all_checks(tx)) == [(one, measured)]


def test_recordings_that_nobody_looked_at_are_listed_oldest_first(store: Store):
    study_id, ids = given_recordings(store, 4)
    _, others = given_recordings(store, 1)
    with store.write() as tx:
        recording_checks.put_check(tx, ids[1], {"playable": True}, NOON)
        recording_checks.put_check(tx, others[0], {"playable": True}, NOON)
    with store.read() as tx:
        assert recording_checks.recordings_without_check(tx) == (ids[0], ids[2], ids[3])
        assert recording_checks.checks_of_study(tx, study_id) == {ids[1]: {"playable": True}}


def test_a_check_of_an_unknown_recording_is_refused(store: Store):
    with store.write() as tx, pytest.raises(NotFoundError, match="no recording"):
        recording_checks.put_check(tx, "nobody", {}, NOON)


def test_a_check_can_be_dropped(store: Store):
    _, (one,) = given_recordings(store, 1)
    with store.write() as tx:
        recording_checks.put_check(tx, one, {"playable": True}, NOON)
        recording_checks.drop_check(tx, one)
        recording_checks.drop_check(tx, one)
        assert recording_checks.get_check(tx, one) is None
