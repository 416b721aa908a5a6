"""Which 60 judgements are counted, and what they cost by the documented workflows of BORIS and ELAN; no browser."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

N_JUDGEMENTS = 60

# Where each rule comes from. The programs were not run; docs/explanation/effort.md lists the same sources.
SOURCES = {
    "boris-coding": "BORIS user guide, Coding, 'Record an event': boris.unito.it/user_guide/coding/",
    "boris-project": "BORIS user guide, Create a project, 'Behavior types' and 'Set the modifiers': "
    "boris.unito.it/user_guide/create_project/",
    "boris-dialog": "BORIS source, boris/select_modifiers.py, eventFilter: github.com/olivierfriard/BORIS",
    "elan-edit": "ELAN manual 6.2, part I chapter 2, 'How to enter and edit annotations': archive.mpi.nl/tla/elan",
    "elan-vocabulary": "ELAN manual 6.9, part I chapter 2, 'Controlled Vocabularies' (a key of its own for an entry)",
    "elan-modes": "ELAN manual, 'Working modes', Transcription mode: mpi.nl/corpus/html/elan_ug/ch02s05.html",
    "elan-boxes": "ELAN source, InlineEditBox and TranscriptionTableEditBox: an entry's key, or a double click on the "
    "entry, also commits it; in Transcription mode that leads on to the next cell",
    "elan-keys": "ELAN source, ShortcutsUtil: Alt+N, Ctrl+Down (next tier), Alt+Right (Transcription mode: next cell)",
    "stand-in": "ours: neither program has links between events or annotations, so the number of the rupture is noted",
}


@dataclass(frozen=True, slots=True)
class Code:
    """A code with its attributes (id, value) on a segment."""

    unit: str
    criterion: str
    code: str
    attributes: tuple[tuple[str, int | str], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """This code on this segment answers what was coded on the target segment."""

    unit: str
    criterion: str
    code: str
    target: str


@dataclass(frozen=True, slots=True)
class Rating:
    """A value on the scale of a rating, for a block or the session."""

    unit: str
    rating: str
    value: int


def chosen(coding: Mapping[str, Any], n: int = N_JUDGEMENTS) -> list[Code | Link | Rating]:
    """The first codes and links of one observer in time, as many as leave room for all ratings; then the ratings.

    coding: one of data/demo's coder files. Raises ValueError when it holds fewer than n.
    """
    ratings = [Rating(each["unit"], each["rating"], each["value"]) for each in coding["ratings"]]
    found: list[Code | Link] = []
    for judgement in sorted(coding["judgements"], key=lambda each: each["unit"]):
        for applied in judgement["codes"]:
            place = (judgement["unit"], judgement["criterion"], applied["code"])
            found.append(Code(*place, tuple(applied["attributes"].items())))
            found += [Link(*place, target) for target in sorted(applied["links"])]
    if len(found) + len(ratings) < n:
        raise ValueError(f"There are {len(found) + len(ratings)} judgements; {n} were asked for.")
    return [*found[: n - len(ratings)], *ratings]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a person does: `n` presses (a combination such as Ctrl+Enter is one) or mouse actions, once per `per`.

    kind: what it is counted under (code, link, rating). per: one of the names that occurrences() counts.
    """

    kind: str
    per: str
    n: int
    what: str
    source: str


@dataclass(frozen=True, slots=True)
class Way:
    """One documented way of working, with the keyboard alone and with the mouse alone."""

    tool: str
    what: str
    keys: tuple[Step, ...]
    mouse: tuple[Step, ...]


def occurrences(judgements: Iterable[Code | Link | Rating]) -> Counter[str]:
    """How often there is each thing that a step is done for."""
    found: Counter[str] = Counter()
    linked: Counter[tuple[str, str]] = Counter()
    attributes: dict[tuple[str, str], int] = {}
    for each in judgements:
        if isinstance(each, Code):
            found["code"] += 1
            found["attribute"] += len(each.attributes)
            found["with several attributes"] += len(each.attributes) > 1
            found["unused attribute column"] += COLUMNS - len(each.attributes)
            attributes[each.unit, each.code] = len(each.attributes)
        elif isinstance(each, Link):
            found["link"] += 1
            linked[each.unit, each.code] += 1
        else:
            found["rating"] += 1
    found["linked code"] = len(linked)
    found["linked code with one attribute"] = sum(attributes[each] == 1 for each in linked)
    found["further link"] = found["link"] - len(linked)
    return found


# Of the four attribute columns beside a code, those to be filled or passed before the last: that one leads to the next
# row, which is moving and is counted for all tools alike.
COLUMNS = 3

_POINT_KEYS = (
    Step("code", "code", 1, "the behaviour's key", "boris-coding"),
    Step("code", "attribute", 1, "the modifier's key", "boris-coding"),
    Step(
        "code", "with several attributes", 1, "Enter; with one set its key closes the dialog", "boris-dialog"
    ),
    Step("link", "link", 1, "key of a rupture's number in a further, multiple-selection set", "stand-in"),
    Step("link", "linked code with one attribute", 1, "Enter, now that there are two sets", "stand-in"),
    Step("rating", "rating", 2, "a point event at the end and the key of its one modifier", "boris-project"),
)
_POINT_MOUSE = (
    Step("code", "code", 2, "double click on the behaviour; OK in the dialog", "boris-coding"),
    Step("code", "attribute", 1, "click on the modifier", "boris-coding"),
    Step("link", "link", 1, "click on a rupture's number in a further set", "stand-in"),
    Step("rating", "rating", 3, "double click, click on the value, OK", "boris-project"),
)
_STOP = "the behaviour once more, where it stops"

WAYS = {
    "boris_point": Way("BORIS", "point events: the start only", _POINT_KEYS, _POINT_MOUSE),
    "boris_state": Way(
        "BORIS",
        "state events: start and stop",
        (*_POINT_KEYS, Step("code", "code", 1, _STOP, "boris-project")),
        (*_POINT_MOUSE, Step("code", "code", 1, _STOP, "boris-project")),
    ),
    "elan_transcription": Way(
        "ELAN",
        "Transcription mode: a column for the code and one for each attribute, empty annotations made beforehand",
        (
            Step("code", "code", 1, "the entry's key", "elan-boxes"),
            Step("code", "attribute", 1, "the entry's key", "elan-boxes"),
            Step(
                "code", "unused attribute column", 1, "Alt+Right past a column that is not asked", "elan-keys"
            ),
            Step("link", "link", 1, "the rupture's number, typed in a column of text", "stand-in"),
            Step("link", "further link", 1, "a space between two numbers", "stand-in"),
            Step("link", "linked code", 1, "Enter", "stand-in"),
            Step("rating", "rating", 1, "the entry's key in a table of ratings", "elan-boxes"),
        ),
        (
            Step("code", "code", 2, "click on the cell, double click on the entry", "elan-boxes"),
            Step("code", "attribute", 2, "click on the cell, double click on the entry", "elan-boxes"),
            Step("rating", "rating", 2, "click on the cell, double click on the entry", "elan-boxes"),
        ),
    ),
    "elan_annotation": Way(
        "ELAN",
        "Annotation mode: an annotation on a dependent tier for the code and for each attribute",
        (
            Step("code", "code", 3, "Ctrl+Down to the tier, Alt+N, the entry's key", "elan-edit"),
            Step("code", "attribute", 3, "Ctrl+Down to the tier, Alt+N, the entry's key", "elan-vocabulary"),
            Step("link", "linked code", 3, "Ctrl+Down to the tier, Alt+N, Ctrl+Enter", "stand-in"),
            Step("link", "link", 1, "the rupture's number", "stand-in"),
            Step("link", "further link", 1, "a space between two numbers", "stand-in"),
            Step("rating", "rating", 3, "Ctrl+Down to the tier, Alt+N, the entry's key", "elan-edit"),
        ),
        (
            Step("code", "code", 2, "double click on the tier, double click on the entry", "elan-edit"),
            Step("code", "attribute", 2, "double click on the tier, double click on the entry", "elan-edit"),
            Step("rating", "rating", 2, "double click on the tier, double click on the entry", "elan-edit"),
        ),
    ),
}


def cost(steps: Sequence[Step], times: Mapping[str, int]) -> dict[str, int]:
    """Presses or mouse actions by kind of judgement; a kind that has no step is not in it: it cannot be done so."""
    found: Counter[str] = Counter()
    for step in steps:
        found[step.kind] += step.n * times[step.per]
    return dict(found)
