"""Bookmarks in a codebook: an observer's own, kept beside the preferences, and never more than there is room for."""

from typing import Any

import pytest

from coding_app.errors import InputError, NotFoundError
from coding_app.store.preferences import get_preferences
from coding_app.workflows.bookmarks import (
    MAX_BOOKMARKS,
    MAX_TEXT,
    Bookmark,
    bookmark_from_json,
    bookmarks_of,
    bookmarks_of_pass,
    mark,
    mark_in_pass,
)
from coding_app.workflows.wiring import App
from coding_app.workflows.workbench_preferences import save_preferences_of
from tests.builders import an_id
from tests.workflows.coding import given_a_pass

ONE = Bookmark("alliance-core", "code:rup_c_withdraw/near_misses/0", "Client (after twelve seconds)")
TWO = Bookmark("alliance-core", "rule:R1", "Code what can be heard")


def test_a_bookmark_is_set_once_and_removed(app: App) -> None:
    opened = given_a_pass(app)
    assert mark(app, opened.coder_id, ONE, on=True) == (ONE,)
    assert mark(app, opened.coder_id, ONE, on=True) == (ONE,)
    assert mark_in_pass(app, opened.id, TWO, on=True) == (ONE, TWO)
    assert bookmarks_of_pass(app, opened.id) == bookmarks_of(app, opened.coder_id) == (ONE, TWO)
    assert mark(app, opened.coder_id, ONE, on=False) == (TWO,)
    assert mark(app, opened.coder_id, ONE, on=False) == (TWO,)


def test_bookmarks_and_preferences_leave_each_other_alone(app: App) -> None:
    opened = given_a_pass(app)
    save_preferences_of(app, opened.id, {"language": "de"})
    mark(app, opened.coder_id, ONE, on=True)
    save_preferences_of(app, opened.id, {"language": "de", "lag_ms": 300})
    assert bookmarks_of(app, opened.coder_id) == (ONE,)
    with app.store.read() as tx:
        kept = get_preferences(tx, opened.coder_id)
    assert kept is not None
    assert (kept["language"], kept["lag_ms"]) == ("de", 300)


def test_another_observer_has_other_bookmarks(app: App) -> None:
    mine, other = given_a_pass(app), given_a_pass(app)
    mark(app, mine.coder_id, ONE, on=True)
    assert bookmarks_of(app, other.coder_id) == ()
    with pytest.raises(NotFoundError):
        mark(app, an_id(), ONE, on=True)
    with pytest.raises(NotFoundError):
        bookmarks_of_pass(app, an_id())


def test_there_is_room_for_so_many(app: App) -> None:
    coder_id = given_a_pass(app).coder_id
    for number in range(MAX_BOOKMARKS):
        mark(app, coder_id, Bookmark("a", f"code:c{number}", "x"), on=True)
    with pytest.raises(InputError, match="remove one first"):
        mark(app, coder_id, ONE, on=True)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"scheme": "a", "place": "code:b"},
        {"scheme": 1, "place": "code:b", "text": "x"},
        {"scheme": "A B", "place": "code:b", "text": "x"},
        {"scheme": "a", "place": "speaker:b", "text": "x"},
        {"scheme": "a", "place": "code:b/include/0/1", "text": "x"},
        {"scheme": "a", "place": "code:<script>", "text": "x"},
        {"scheme": "a", "place": "code:b", "text": "  "},
        {"scheme": "a" * 65, "place": "code:b", "text": "x"},
    ],
)
def test_what_names_no_passage_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="names no passage"):
        bookmark_from_json(data)


def test_a_long_text_is_cut() -> None:
    made = bookmark_from_json({"scheme": "a", "place": "rating:b/question", "text": "wo rd\n" * 100})
    assert len(made.text) <= MAX_TEXT
    assert "\n" not in made.text
