"""The scheme of a study, to read and to search."""

from dataclasses import astuple
from typing import Any

from coding_app.domain.scheme import Code, Criterion, Rating, Rule, Scheme
from coding_app.schemes import find_scheme, scheme_folders
from coding_app.store import studies
from coding_app.workflows.wiring import App


def scheme_of(app: App, study_id: str) -> Scheme:
    """The scheme as its file is now. Raises NotFoundError for the study, SchemeError for a missing scheme."""
    with app.store.read() as tx:
        study = studies.get_study(tx, study_id)
    return find_scheme(scheme_folders(app.settings.schemes_dir), study.scheme_id)[0]


def how_coded(criterion: Criterion, scheme: Scheme) -> str:
    """In a sentence or two: what an observer does on one criterion, and what it means when no code is given."""
    unit = scheme.unit(criterion.unit)
    kind = unit.label.lower()
    empty = "none of the codes applies" if criterion.unmarked == "absent" else "not judged"
    if unit.kind != "span":
        takes = "one code per role" if criterion.exclusive else "any number of codes"
        return f"On each {kind}: {takes}; a {kind} without a code means: {empty}."
    if unit.mark == "start":
        how = "Log the start of each code; it lasts until the next one of the same role, the last one to the end."
    elif unit.mark == "point":
        how = "Mark the moment of each code where it is heard."
    else:
        how = "Mark each code from its start to its end."
        how += " Those of one role cannot overlap." if criterion.exclusive else " They may overlap."
    return f"{how} Time without a code means: {empty}."


def mentions(entry: Code | Rating | Rule, wanted: str) -> bool:
    """Whether every word of `wanted` occurs somewhere in the entry; upper and lower case are the same."""
    text = _text(astuple(entry)).casefold()
    return all(word in text for word in wanted.casefold().split())


def _text(value: Any) -> str:
    if isinstance(value, tuple | list):
        return " ".join(_text(each) for each in value)
    return str(value)
