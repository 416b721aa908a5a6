"""Passages of a codebook that an observer wants to find again; kept with the observer's preferences."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from coding_app.domain.people import Action
from coding_app.errors import InputError
from coding_app.store import Tx, passes
from coding_app.store.preferences import get_preferences, put_preferences
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App

FIELD = "bookmarks"
MAX_BOOKMARKS = 100
MAX_TEXT = 200
_SCHEME = re.compile(r"[a-z][a-z0-9-]{0,63}")
# A code, rating, rule ... by id, and of a code or rating a passage: "code:rup_c_withdraw/near_misses/0".
_PLACE = re.compile(r"(code|rating|rule):[A-Za-z][A-Za-z0-9_]{0,63}(/[a-z_]{1,20}(/[0-9]{1,3})?)?")


@dataclass(frozen=True, slots=True)
class Bookmark:
    """place: where in the scheme, as the page names it. text: how the passage begins, to know it again."""

    scheme: str
    place: str
    text: str


def bookmark_from_json(data: Mapping[str, Any]) -> Bookmark:
    """Raises InputError for anything but a scheme's id, a place in it and a text; repeats none of them."""
    scheme, place, text = (data.get(name) for name in ("scheme", "place", "text"))
    if not (
        isinstance(scheme, str)
        and isinstance(place, str)
        and isinstance(text, str)
        and _SCHEME.fullmatch(scheme)
        and _PLACE.fullmatch(place)
        and text.strip()
    ):
        raise InputError("This bookmark names no passage of a scheme; reload the page and set it again.")
    return Bookmark(scheme, place, " ".join(text.split())[:MAX_TEXT])


@allowed(Action.CODE, of="coder_id")
def bookmarks_of(app: App, coder_id: str) -> tuple[Bookmark, ...]:
    """The observer's bookmarks, the oldest first."""
    with app.store.read() as tx:
        return _kept(get_preferences(tx, coder_id))


@allowed(Action.CODE, of="pass_id")
def bookmarks_of_pass(app: App, pass_id: str) -> tuple[Bookmark, ...]:
    """Those of the observer whose pass this is. Raises NotFoundError."""
    with app.store.read() as tx:
        coder_id = passes.get_pass(tx, pass_id).coder_id
        return _kept(get_preferences(tx, coder_id))


@allowed(Action.CODE, of="coder_id")
def mark(app: App, coder_id: str, wanted: Bookmark, *, on: bool) -> tuple[Bookmark, ...]:
    """Sets or removes a bookmark and returns all; repeating it changes nothing.

    Raises InputError when there are too many, NotFoundError for an unknown observer.
    """
    with app.store.write() as tx:
        return _marked(tx, coder_id, wanted, on)


@allowed(Action.CODE, of="pass_id")
def mark_in_pass(app: App, pass_id: str, wanted: Bookmark, *, on: bool) -> tuple[Bookmark, ...]:
    """The same for the observer whose pass this is, also when it was submitted. Raises NotFoundError."""
    with app.store.write() as tx:
        return _marked(tx, passes.get_pass(tx, pass_id).coder_id, wanted, on)


def bookmarks_as_json(found: tuple[Bookmark, ...]) -> list[dict[str, str]]:
    """As they are sent."""
    return [asdict(each) for each in found]


def _marked(tx: Tx, coder_id: str, wanted: Bookmark, on: bool) -> tuple[Bookmark, ...]:
    kept = get_preferences(tx, coder_id) or {}
    before = _kept(kept)
    there = [each for each in before if (each.scheme, each.place) == (wanted.scheme, wanted.place)]
    if on == bool(there):
        return before
    after = (*before, wanted) if on else tuple(each for each in before if each not in there)
    if len(after) > MAX_BOOKMARKS:
        raise InputError(f"There are {MAX_BOOKMARKS} bookmarks already; remove one first.")
    put_preferences(tx, coder_id, {**kept, FIELD: bookmarks_as_json(after)}, datetime.now(UTC))
    return after


def _kept(preferences: Mapping[str, Any] | None) -> tuple[Bookmark, ...]:
    """What is kept; another version's bookmark that cannot be used is left out."""
    found = []
    for each in (preferences or {}).get(FIELD, []):
        try:
            found.append(bookmark_from_json(each))
        except InputError:
            continue
    return tuple(found)
