"""Writing a scheme: checked while it is written, kept as a new version, never over one that is in use."""

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from coding_app.domain.people import Action
from coding_app.domain.scheme import Scheme
from coding_app.errors import InputError, SchemeError, StoreError
from coding_app.schemes import FaultySchemeError, parse_scheme
from coding_app.schemes.template import new_scheme
from coding_app.schemes.tree import read_tree
from coding_app.schemes.versions import needed_bump, next_version, risen_enough, without_a_note
from coding_app.schemes.writing import Put, edit_yaml
from coding_app.store import passes
from coding_app.workflows.codebook import Entry, library, use_of
from coding_app.workflows.permission import allowed
from coding_app.workflows.scheme_drafts import Draft, list_drafts, start_draft
from coding_app.workflows.wiring import App

_NAME = "scheme"
_FAULT = re.compile(rf"{_NAME}:(\d+): (.*)", re.S)
BUMPS = {
    "major": "The meaning of something that was there has changed.",
    "minor": "Something new can be coded; what was there means the same.",
    "patch": "Only words have changed.",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A text with its scheme, or with its faults as (line, sentence)."""

    text: str
    scheme: Scheme | None
    faults: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """A code, rating or criterion that a version has no longer, and what its judgements may belong to (id -> label)."""

    id: str
    label: str
    others: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What saving would do. before: the newest version there is of this scheme, None for a new one.

    bump: the number that has to rise at least, None where nothing differs. versions: to choose from, the proposed one
    first. studies: titles of those that code with the scheme, which will use the new version from now on. gone: what
    the new version has no longer, and nothing says yet what becomes of judgements with it.
    """

    before: Scheme | None
    bump: str | None
    versions: tuple[str, ...]
    studies: tuple[str, ...]
    gone: tuple[Gone, ...] = ()


def check(data: str | bytes) -> Checked:
    """Reads a scheme as it stands; never raises."""
    text = data if isinstance(data, str) else data.decode("utf-8-sig", errors="replace")
    try:
        return Checked(text, parse_scheme(data, _NAME))
    except FaultySchemeError as error:
        return Checked(text, None, tuple(_fault(each) for each in error.faults))
    except SchemeError as error:
        return Checked(text, None, (_fault(str(error)),))


def _fault(sentence: str) -> tuple[int, str]:
    found = _FAULT.fullmatch(sentence)
    return (int(found[1]), found[2]) if found else (1, sentence)


def readable(text: str) -> dict[str, Any] | None:
    """The plain data of a text that may have faults; None where it is no YAML mapping at all."""
    try:
        data = read_tree(text.encode("utf-8", errors="surrogatepass"), _NAME).data
    except SchemeError:
        return None
    return data if isinstance(data, dict) else None


def id_for(title: str, taken: set[str]) -> str:
    """A scheme's id made of its title, not among those taken.

    >>> id_for("Wärme im Gespräch", {"warme-im-gesprach"})
    'warme-im-gesprach-2'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48]
    made = made if made[:1].isalpha() else f"scheme-{made}".strip("-")
    return next(name for name in _numbered(made) if name not in taken)


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in range(2, 10_000):
        yield f"{name}-{number}"


@allowed(Action.EDIT_SCHEMES)
def begin(app: App, title: str, language: str = "en", copied: Entry | None = None) -> str:
    """The text of a new scheme with this title: from the template, or the copy of another one.

    Raises InputError for an empty or too long title.
    """
    title = " ".join(title.split())
    if not 1 <= len(title) <= 80:
        raise InputError("The title of a scheme has 1 to 80 signs; write one.")
    scheme_id = id_for(title, {each.scheme.id for each in library(app).entries})
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    if copied is None:
        return new_scheme(scheme_id, title, language, day)
    source = copied.scheme
    note = f"Begun as a copy of {source.id} {source.version}."
    return edit_yaml(
        copied.text,
        [
            Put(("id",), scheme_id),
            Put(("title",), title),
            Put(("version",), "0.1.0"),
            Put(("status",), "draft"),
            Put(("changes",), [{"version": "0.1.0", "date": day, "note": note}]),
        ],
    )


@allowed(Action.EDIT_SCHEMES)
def propose(app: App, scheme: Scheme) -> Proposal:
    """Compares with the newest version there is and says which number has to rise."""
    entries = library(app).versions(scheme.id)
    if not entries:
        return Proposal(None, None, (scheme.version,), ())
    before = entries[0].scheme
    bump = needed_bump(before, replace(scheme, version=before.version))
    names = tuple(BUMPS)
    wide = names[: names.index(bump) + 1] if bump else names
    versions = tuple(next_version(before.version, each) for each in reversed(wide))  # type: ignore[arg-type]
    return Proposal(before, bump, versions, use_of(app, scheme).studies, _gone(before, scheme))


def _gone(before: Scheme, scheme: Scheme) -> tuple[Gone, ...]:
    others = {
        "code": {each.id: each.label for each in scheme.codes},
        "rating": {each.id: each.label for each in scheme.ratings},
        "criterion": {each.id: each.label for each in scheme.criteria},
    }
    return tuple(Gone(each.id, each.label, others[str(each.kind)]) for each in without_a_note(before, scheme))


@allowed(Action.EDIT_SCHEMES)
def save_version(
    app: App, text: str, version: str, note: str, moved: Mapping[str, str | None] | None = None
) -> Scheme:
    """Keeps the text as this version with a note on what is new, and returns the scheme.

    moved: what is gone -> the id that its judgements belong to, None for nowhere; it becomes the migration note.
    Raises SchemeError for a text with faults, InputError without a note, for a version that does not rise as its
    changes need or that is there already, StoreError when the file cannot be written.
    """
    note = " ".join(note.split())
    if not note:
        raise InputError("Say in a few words what is new in this version.")
    data = readable(text) or {}
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    told = [each for each in data.get("changes") or [] if each.get("version") != version]
    change: dict[str, Any] = {"version": version, "date": day, "note": note}
    old: dict[str, Any] = next(
        (each for each in data.get("changes") or [] if each.get("version") == version), {}
    )
    steps = [{"from": gone, "to": to or "none"} for gone, to in (moved or {}).items()]
    if steps:
        change |= {"migration": [*(old.get("migration") or []), *steps]}
    made = edit_yaml(text, [Put(("version",), version), Put(("changes",), [*told, old | change])])
    scheme = parse_scheme(made, _NAME)
    before = propose(app, scheme).before
    if before is not None and not risen_enough(before, scheme):
        least = next_version(before.version, needed_bump(before, scheme))
        raise InputError(
            f"What has changed since version {before.version} needs a higher number; save it as {least} or higher."
        )
    return keep(app, made)


@allowed(Action.EDIT_SCHEMES)
def keep(app: App, text: str) -> Scheme:
    """Writes a scheme's text into the team's folder, whole or not at all, and returns the scheme.

    Raises SchemeError for a text with faults or a version that is there with another content (a scheme in use is
    only followed by a new version); StoreError when the file cannot be written. Keeping the same again does nothing.
    """
    scheme = parse_scheme(text, _NAME)
    for each in library(app).versions(scheme.id):
        if each.scheme.version == scheme.version and each.scheme.sha256 == scheme.sha256 and each.path:
            return scheme
        if each.scheme.version == scheme.version and each.scheme.sha256 != scheme.sha256:
            raise SchemeError(_taken(app, scheme))
    folder = app.settings.own_schemes_dir
    _write(folder, f"{scheme.id}-{scheme.version}.yaml", text)
    return scheme


def _taken(app: App, scheme: Scheme) -> str:
    with app.store.read() as tx:
        in_use = passes.n_with_scheme(tx, scheme.id, scheme.version)
    why = "is in use" if in_use else "is there already"
    return (
        f"Version {scheme.version} of the scheme '{scheme.id}' {why} with another content and stays as it is; "
        "give this one a higher version."
    )


def _write(folder: Path, name: str, text: str) -> None:
    draft = folder / f".{name}-{uuid4().hex}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / name)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise StoreError(
            f"The scheme cannot be written to {folder} ({error.strerror}); make room, or choose another folder "
            "with CODING_APP_SCHEMES."
        ) from error


@allowed(Action.EDIT_SCHEMES)
def copy_to_edit(app: App, entry: Entry) -> Draft:
    """A draft of this version, or the one that was begun from it before, to go on with."""
    known = next(
        (each for each in list_drafts(app) if each.base == entry.name and each.title == entry.scheme.title),
        None,
    )
    return known or start_draft(app, entry.scheme.title, entry.text, entry.name)
