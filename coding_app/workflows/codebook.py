"""Every scheme on this machine, to read, to search and to compare, and who uses it."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from coding_app.domain.people import Action
from coding_app.domain.scheme import Code, Rating, Rule, Scheme
from coding_app.domain.scheme_words import how_coded
from coding_app.errors import SchemeError
from coding_app.schemes import BUILT_IN, find_scheme, kept_scheme, read_folders, scheme_folders
from coding_app.schemes.versions import compare
from coding_app.store import passes, schemes, studies
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App

__all__ = ["how_coded", "mentions", "scheme_of"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of a scheme. path: its file; None where only passes keep it. built_in: comes with the program."""

    scheme: Scheme
    text: str
    path: Path | None
    built_in: bool = False

    @property
    def name(self) -> str:
        """Id and version, one name per entry."""
        return f"{self.scheme.id} {self.scheme.version}"


@dataclass(frozen=True, slots=True)
class Library:
    """All entries, by title and newest version first, and the files that cannot be used (name, sentence)."""

    entries: tuple[Entry, ...]
    faulty: tuple[tuple[str, str], ...]

    def current(self) -> tuple[Entry, ...]:
        """Of each scheme the newest version that has a file."""
        newest: dict[str, Entry] = {}
        for each in self.entries:
            if each.path is not None:
                newest.setdefault(each.scheme.id, each)
        return tuple(newest.values())

    def versions(self, scheme_id: str) -> tuple[Entry, ...]:
        """All versions of a scheme, the newest first."""
        return tuple(each for each in self.entries if each.scheme.id == scheme_id)


@dataclass(frozen=True, slots=True)
class Use:
    """Who uses a scheme. studies: titles of those that code with it; n_passes: made with this version."""

    studies: tuple[str, ...]
    n_passes: int


@allowed(Action.SEE_STUDY, of="study_id")
def scheme_of(app: App, study_id: str) -> Scheme:
    """The scheme as its file is now. Raises NotFoundError for the study, SchemeError for a missing scheme."""
    with app.store.read() as tx:
        study = studies.get_study(tx, study_id)
    return find_scheme(folders(app), study.scheme_id)[0]


@allowed(Action.USE)
def folders(app: App) -> tuple[Path, ...]:
    """Where scheme files are looked for, in this order."""
    return scheme_folders(app.settings.own_schemes_dir)


@allowed(Action.USE)
def library(app: App) -> Library:
    """Every version that has a file here or was coded with here; of two with one id and version the first."""
    found: dict[tuple[str, str], Entry] = {}
    faulty = []
    for path, scheme in read_folders(folders(app)):
        if isinstance(scheme, Scheme):
            text = path.read_text("utf-8-sig")
            entry = Entry(scheme, text, path, path.parent == BUILT_IN)
            found.setdefault((scheme.id, scheme.version), entry)
        else:
            faulty.append((path.name, str(scheme).removeprefix(f"{path.parent}/")))
    for entry in _kept(app):
        found.setdefault((entry.scheme.id, entry.scheme.version), entry)
    return Library(tuple(sorted(found.values(), key=_order)), tuple(faulty))


def _kept(app: App) -> Iterable[Entry]:
    with app.store.read() as tx:
        rows = schemes.list_kept(tx)
    for scheme_id, version, _, text in rows:
        try:
            yield Entry(kept_scheme(text, f"{scheme_id} {version}"), text, None)
        except SchemeError:
            continue  # damaged in the database; the passes that need it say so


def _order(entry: Entry) -> tuple[str, str, tuple[int, ...]]:
    scheme = entry.scheme
    return scheme.title.casefold(), scheme.id, tuple(-int(part) for part in scheme.version.split("."))


@allowed(Action.USE)
def use_of(app: App, scheme: Scheme) -> Use:
    """Which studies of the actor's code with this scheme, and how many passes they made with just this version."""
    with app.store.read() as tx:
        known = [each for each in studies.list_studies(tx) if app.actor.knows(each.id)]
        titles = tuple(each.title for each in known if each.scheme_id == scheme.id)
        found = (one for each in known for one in passes.list_passes(tx, study_id=each.id))
        made = [each for each in found if each.scheme_id == scheme.id]
    return Use(titles, sum(each.scheme_version == scheme.version for each in made))


def mentions(entry: Code | Rating | Rule, wanted: str) -> bool:
    """Whether every word of `wanted` occurs somewhere in the entry; upper and lower case are the same."""
    text = _text(astuple(entry)).casefold()
    return all(word in text for word in wanted.casefold().split())


def _text(value: Any) -> str:
    if isinstance(value, tuple | list):
        return " ".join(_text(each) for each in value)
    return str(value)


@dataclass(frozen=True, slots=True)
class Line:
    """One difference of two versions, ready to be shown."""

    kind: str
    label: str
    change: str
    bump: str
    before: str = ""
    after: str = ""


def differences(old: Scheme, new: Scheme) -> tuple[Line, ...]:
    """What is new, gone or changed, those that concern the meaning first."""
    found = compare(old, new)
    lines = [
        *(Line(each.kind, each.label, "new", each.bump) for each in found.added),
        *(Line(each.kind, each.label, "gone", each.bump) for each in found.removed),
        *(
            Line(each.kind, each.label, each.field.replace("_", " "), each.bump, each.before, each.after)
            for each in found.changed
        ),
    ]
    rank = ("major", "minor", "patch")
    return tuple(sorted(lines, key=lambda line: rank.index(line.bump)))
