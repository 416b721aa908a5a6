"""The scheme of a study, to read and to search."""

from dataclasses import astuple
from typing import Any

from coding_app.domain.scheme import Code, Rating, Rule, Scheme
from coding_app.schemes import find_scheme, scheme_folders
from coding_app.store import studies
from coding_app.workflows.wiring import App


def scheme_of(app: App, study_id: str) -> Scheme:
    """The scheme as its file is now. Raises NotFoundError for the study, SchemeError for a missing scheme."""
    with app.store.read() as tx:
        study = studies.get_study(tx, study_id)
    return find_scheme(scheme_folders(app.settings.schemes_dir), study.scheme_id)[0]


def mentions(entry: Code | Rating | Rule, wanted: str) -> bool:
    """Whether every word of `wanted` occurs somewhere in the entry; upper and lower case are the same."""
    text = _text(astuple(entry)).casefold()
    return all(word in text for word in wanted.casefold().split())


def _text(value: Any) -> str:
    if isinstance(value, tuple | list):
        return " ".join(_text(each) for each in value)
    return str(value)
