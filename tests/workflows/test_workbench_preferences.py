"""How an observer's workbench behaves: what is kept, what is refused, what there is at first."""

import json
from typing import Any

import pytest

from coding_app.domain.coding import CodingPass
from coding_app.errors import InputError, NotFoundError
from coding_app.store import preferences
from coding_app.workflows import code_session
from coding_app.workflows.wiring import App
from coding_app.workflows.workbench_preferences import (
    LANGUAGES,
    WorkbenchPreferences,
    preferences_as_json,
    preferences_from_json,
    save_preferences_of,
)
from tests.builders import NOON, an_id
from tests.workflows.coding import given_a_pass, given_a_recording, given_a_submitted_pass, given_another_pass

AT_FIRST = {
    "language": "en",
    "keys": {},
    "lag_ms": 0,
    "resume_back_ms": 1_000,
    "step_ms": 2_000,
    "autoplay": True,
}
MINE = {
    "language": "de",
    "keys": {"play": "F4", "code:rup_c_withdraw": "Shift+W", "step.back": " "},
    "lag_ms": 350,
    "resume_back_ms": 0,
    "step_ms": 250,
    "autoplay": False,
}


def shown(app: App, coding_pass: CodingPass) -> dict[str, Any]:
    return dict(json.loads(json.dumps(code_session.bootstrap(app, coding_pass.id)["preferences"])))


def test_an_observer_keeps_preferences_for_every_pass_and_nobody_elses_change(app: App) -> None:
    opened = given_a_pass(app)
    other = given_another_pass(app, opened)
    assert shown(app, opened) == AT_FIRST
    assert preferences_as_json(save_preferences_of(app, opened.id, MINE)) == MINE
    assert (shown(app, opened), shown(app, other)) == (MINE, AT_FIRST)
    assert preferences_as_json(save_preferences_of(app, opened.id, {"lag_ms": 10})) == AT_FIRST | {
        "lag_ms": 10
    }
    assert shown(app, opened) == AT_FIRST | {"lag_ms": 10}


def test_a_submitted_pass_is_no_hindrance_and_an_unknown_one_is_told(app: App) -> None:
    done = given_a_submitted_pass(app)
    save_preferences_of(app, done.id, MINE)
    assert shown(app, done) == MINE
    with pytest.raises(NotFoundError):
        save_preferences_of(app, an_id(), MINE)


SECRET = "Ms Weaver"
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"language": "xx"}, "language"),
    ({"language": None}, "language"),
    ({"lag_ms": -1}, "reaction time"),
    ({"lag_ms": 2_001}, "reaction time"),
    ({"lag_ms": 1.5}, "reaction time"),
    ({"lag_ms": True}, "reaction time"),
    ({"lag_ms": "200"}, "reaction time"),
    ({"resume_back_ms": 10_001}, "going back"),
    ({"step_ms": 249}, "step"),
    ({"step_ms": 30_001}, "step"),
    ({"autoplay": 1}, "on or off"),
    ({"keys": []}, "keys"),
    ({"keys": {SECRET: "a"}}, "keys"),
    ({"keys": {"": "a"}}, "keys"),
    ({"keys": {"a" * 81: "a"}}, "keys"),
    ({"keys": {"play\n": "a"}}, "keys"),
    ({"keys": {"play": ""}}, "keys"),
    ({"keys": {"play": SECRET * 4}}, "keys"),
    ({"keys": {"play": "\0"}}, "keys"),
    ({"keys": {"play": "\ud83d"}}, "keys"),
    ({"keys": {"play": None}}, "keys"),
    ({"keys": {f"a{n}": "b" for n in range(301)}}, "keys"),
    ({SECRET: 1}, "a field too many"),
]


@pytest.mark.parametrize(("change", "told"), WRONG)
def test_what_cannot_be_kept_is_told_without_repeating_it(change: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        preferences_from_json(MINE | change)
    assert str(caught.value).endswith(".")
    assert SECRET not in str(caught.value)


def test_three_hundred_keys_and_every_language_can_be_kept() -> None:
    keys = {f"{'a' * 75}{n}": "Ä" * 30 for n in range(300)}
    for language in LANGUAGES:
        kept = preferences_from_json({"keys": keys, "language": language})
        assert kept == WorkbenchPreferences(language, keys)


def test_preferences_of_another_version_do_not_shut_the_workbench(app: App) -> None:
    recording, coder_id = given_a_recording(app)
    opened = code_session.open_pass(app, recording.id, coder_id)
    for kept, now in (
        (MINE | {"from_later": 1}, MINE),
        ({"lag_ms": 5}, AT_FIRST | {"lag_ms": 5}),
        (MINE | {"lag_ms": 9_999}, AT_FIRST),
    ):
        with app.store.write() as tx:
            preferences.put_preferences(tx, coder_id, kept, NOON)
        assert shown(app, opened) == now
