"""Changing a scheme's text by forms: entries put in, changed and taken out, the rest of the text as it was."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from coding_app.domain.scheme import PLAYER_KEYS, RESERVED_CODES
from coding_app.errors import InputError
from coding_app.schemes.writing import Add, Change, Put, Take, edit_yaml
from coding_app.workflows.edit_scheme import readable

Kind: TypeAlias = Literal["criteria", "codes", "ratings", "scales", "attributes", "rules"]
_BY_ID = ("criteria", "scales", "attributes")
_GOOD = re.compile(r"[A-Z][0-9]{1,3}|[a-z][a-z0-9_]{0,47}")  # R1, or what is an id as it stands


def entries(data: Mapping[str, Any], kind: Kind) -> dict[str, dict[str, Any]]:
    """Id -> what stands there, of a text that may have faults; what is no entry is left out."""
    found = data.get(kind) or {}
    if isinstance(found, Mapping):
        return {str(name): dict(each) for name, each in found.items() if isinstance(each, Mapping)}
    return {str(each["id"]): dict(each) for each in found if isinstance(each, Mapping) and each.get("id")}


def put_entry(text: str, kind: Kind, wanted: Mapping[str, Any], old_id: str | None = None) -> tuple[str, str]:
    """The text with a new entry, or with what differs in an old one, and the entry's id.

    wanted: its fields without the id; empty ones are left out of the file. The id of a new one is made of its
    label. Raises InputError without a label, SchemeError for a text that cannot be read.
    """
    data = readable(text) or {}
    fields = {name: value for name, value in wanted.items() if value not in (None, "", [], {})}
    known = entries(data, kind)
    if old_id is not None and old_id in known:
        return edit_yaml(text, _changes(data, kind, old_id, known[old_id], wanted, fields)), old_id
    name = _new_id(str(wanted.get("label") or wanted.get("id") or ""), {*known, *RESERVED_CODES, "remark"})
    fields.pop("id", None)
    if kind in ("scales", "rules"):
        fields.pop("label", None)  # these have no name but their id
    if kind in _BY_ID:
        return edit_yaml(text, [Put((kind, name), fields)]), name
    changes: list[Change] = [Add((kind,), {"id": name, **fields})]
    if kind == "ratings":
        changes.append(_asked_for(data, name, str(fields.get("unit", ""))))
    return edit_yaml(text, changes), name


def remove_entry(text: str, kind: Kind, entry_id: str) -> str:
    """The text without an entry; a rating also leaves the passes that ask for it."""
    data = readable(text) or {}
    if entry_id not in entries(data, kind):
        return text
    if kind in _BY_ID:
        return edit_yaml(text, [Take((kind, entry_id))])
    changes: list[Change] = [Take((kind, _position(data, kind, entry_id)))]
    for number, step in enumerate(data.get("passes") or []):
        if kind == "ratings" and isinstance(step, Mapping) and entry_id in (step.get("ratings") or []):
            changes.append(
                Put(("passes", number, "ratings"), [each for each in step["ratings"] if each != entry_id])
            )
    return edit_yaml(text, changes)


def put_head(text: str, wanted: Mapping[str, str]) -> str:
    """The text with another title, summary and so on."""
    return edit_yaml(text, [Put((name,), value.strip()) for name, value in wanted.items() if value.strip()])


def free_keys(data: Mapping[str, Any], label: str = "") -> list[str]:
    """Letters that no code has and the player does not need, those of the label first."""
    taken = {str(each.get("key")) for each in entries(data, "codes").values()} | PLAYER_KEYS
    letters = [each for each in label.lower() if each.isascii() and each.isalpha()]
    return [each for each in dict.fromkeys([*letters, *"abcdefghijklmnopqrstuvwxyz"]) if each not in taken]


def lines_of(written: str) -> list[str]:
    """One entry per line that is not empty."""
    return [line.strip() for line in written.splitlines() if line.strip()]


def _changes(
    data: Mapping[str, Any],
    kind: Kind,
    name: str,
    old: Mapping[str, Any],
    wanted: Mapping[str, Any],
    fields: Mapping[str, Any],
) -> list[Change]:
    at = (kind, name) if kind in _BY_ID else (kind, _position(data, kind, name))
    found: list[Change] = [
        Put((*at, each), value) for each, value in fields.items() if old.get(each) != value
    ]
    found += [Take((*at, each)) for each in wanted if each not in fields and each in old]
    return found


def _position(data: Mapping[str, Any], kind: Kind, name: str) -> int:
    return next(
        n for n, each in enumerate(data[kind]) if isinstance(each, Mapping) and each.get("id") == name
    )


def _asked_for(data: Mapping[str, Any], rating_id: str, unit: str) -> Change:
    """A rating is asked for in the first pass of its unit; where there is none, one is made."""
    for number, step in enumerate(data.get("passes") or []):
        if isinstance(step, Mapping) and step.get("unit") == unit and step.get("id") != "listen":
            return Add(("passes", number, "ratings"), rating_id)
    label = ((data.get("units") or {}).get(unit) or {}).get("label") or unit
    return Add(
        ("passes",), {"id": f"rate_{unit}", "label": f"Rate: {label}", "unit": unit, "ratings": [rating_id]}
    )


def _new_id(label: str, taken: set[str]) -> str:
    if _GOOD.fullmatch(label) and label not in taken:
        return label
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:48]
    if not made and not label.strip():
        raise InputError("Give it a name first.")
    made = made if made[:1].isalpha() else f"x_{made}".rstrip("_")
    number = 1
    while (name := made if number == 1 else f"{made}_{number}") in taken:
        number += 1
    return name
