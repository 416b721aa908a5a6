"""The Codebook page: every scheme on this machine to read, search, print, compare and take along."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from coding_app.domain.people import Action
from coding_app.domain.scheme import Scheme
from coding_app.domain.scheme_words import how_coded
from coding_app.exchange.manual_parts import chapters
from coding_app.ui import context
from coding_app.ui.parts import scheme_files, scheme_marks, scheme_versions
from coding_app.ui.parts.scheme_cards import (
    STYLE,
    code_cards,
    rating_cards,
    rule_lines,
    say,
    show_blocks,
    show_entries,
)
from coding_app.ui.parts.words import plain
from coding_app.workflows.codebook import Entry, Library, library, mentions
from coding_app.workflows.edit_scheme import copy_to_edit

_SCHEME, _VERSION = "codebook-scheme", "codebook-version"


def show() -> None:
    """Draws the page."""
    st.html(STYLE)
    found = library(context.app())
    head, actions = st.columns([2, 5], vertical_alignment="center")
    head.title("Codebook")
    one, two, search = st.columns([4, 1.6, 4], vertical_alignment="bottom")
    entry = _chosen(found, one, two)
    wanted = search.text_input("Search", placeholder="Codes, definitions, examples").strip()
    _actions(entry, actions)
    _about(entry)
    if wanted:
        _results(entry.scheme, wanted)
    else:
        say(entry.scheme.summary)
        _all(found, entry)
    _faulty(found)


def _chosen(found: Library, one: DeltaGenerator, two: DeltaGenerator) -> Entry:
    """The scheme and version to show: asked for in the address, else the study's, else the first."""
    names = {each.scheme.id: each.scheme.title for each in reversed(found.entries)}
    study = context.study()
    first = st.query_params.get("scheme") or (study.scheme_id if study else "alliance-core")
    ids = list(dict.fromkeys(each.scheme.id for each in found.entries))
    scheme_id = one.selectbox(
        "Scheme",
        ids,
        index=ids.index(first) if first in ids else 0,
        format_func=lambda each: (
            names[each] + (" · this study's" if study and each == study.scheme_id else "")
        ),
        key=f"{_SCHEME}-{first}",
    )
    versions = {each.scheme.version: each for each in found.versions(scheme_id)}
    asked = st.query_params.get("version") if scheme_id == st.query_params.get("scheme") else None
    version = two.selectbox(
        "Version",
        list(versions),
        index=list(versions).index(asked) if asked in versions else 0,
        key=f"{_VERSION}-{scheme_id}-{asked}",
        filter_mode=None,
    )
    return versions[version]


def _actions(entry: Entry, place: DeltaGenerator) -> None:
    with place.container(horizontal=True, horizontal_alignment="right"):
        scheme_files.save_as(entry)
        if not context.allows(Action.EDIT_SCHEMES):
            return
        scheme_files.upload()
        _change(entry)
        if st.button("New", icon=":material/add:", help="Write a scheme of your own"):
            st.switch_page("views/scheme_editor.py")


def _change(entry: Entry) -> None:
    """The program's own schemes are copied: a later version of the program brings later versions of them."""
    if entry.built_in:
        if st.button(
            "Copy", icon=":material/content_copy:", help="Begins a scheme of your own with this one"
        ):
            st.switch_page("views/scheme_editor.py", query_params={"from": entry.name})
    elif entry.path is not None and st.button(
        "Edit", icon=":material/edit:", help="This version stays as it is; what you write becomes a new one"
    ):
        with context.errors_shown():
            draft = copy_to_edit(context.app(), entry)
            st.switch_page("views/scheme_editor.py", query_params={"draft": draft.id})


def _about(entry: Entry) -> None:
    scheme = entry.scheme
    where = "comes with the program" if entry.built_in else "your team's own"
    if entry.path is None:
        where = "has no file any more; kept because passes were coded with it"
    st.caption(plain(f"Version {scheme.version} ({scheme.status}) · {scheme.license} · {where}"))


def _all(found: Library, entry: Entry) -> None:
    scheme = entry.scheme
    more = [name for name, is_there in _more(scheme).items() if is_there]
    names = [*(plain(criterion.label) for criterion in scheme.criteria), *more]
    tabs = st.tabs(names)
    for tab, criterion in zip(tabs, scheme.criteria, strict=False):
        with tab:
            say(how_coded(criterion, scheme), quiet=True)
            code_cards(criterion.codes, scheme)
    for tab, name in zip(tabs[len(scheme.criteria) :], more, strict=True):
        with tab:
            _tab(name, found, entry)


def _more(scheme: Scheme) -> dict[str, bool]:
    return {
        "Ratings": bool(scheme.ratings),
        "Asked after a code": bool(scheme.attributes),
        "Rules": bool(scheme.rules),
        "Computed": bool(scheme.derived),
        "Versions": True,
        "Bookmarks": True,
        "Origin": True,
    }


def _tab(name: str, found: Library, entry: Entry) -> None:
    scheme = entry.scheme
    parts = {each.id: each for each in chapters(scheme)}
    match name:
        case "Ratings":
            rating_cards(scheme.ratings, scheme)
        case "Asked after a code":
            show_entries(parts["attributes"].entries)
        case "Rules":
            rule_lines(scheme.rules, scheme)
        case "Computed":
            show_blocks(parts["derived"].blocks)
        case "Versions":
            scheme_versions.versions(found, entry)
        case "Bookmarks":
            scheme_marks.bookmarks(scheme)
        case _:
            show_blocks(parts["how"].blocks)
            show_blocks(parts["sources"].blocks)
            show_blocks(parts["advice"].blocks if "advice" in parts else ())


def _results(scheme: Scheme, wanted: str) -> None:
    codes = [code for code in scheme.codes if mentions(code, wanted)]
    ratings = [rating for rating in scheme.ratings if mentions(rating, wanted)]
    rules = [rule for rule in scheme.rules if mentions(rule, wanted)]
    if not codes and not ratings and not rules:
        st.info(f"Nothing in this codebook mentions “{plain(wanted)}”.", icon=":material/search_off:")
    code_cards(codes, scheme)
    rating_cards(ratings, scheme)
    rule_lines(rules, scheme)


def _faulty(found: Library) -> None:
    if not found.faulty:
        return
    n = len(found.faulty)
    with st.expander(
        f"{n} {'file' if n == 1 else 'files'} in the scheme folder cannot be used", icon=":material/warning:"
    ):
        for name, sentence in found.faulty:
            say(f"{name}: {sentence}")


if __name__ == "__main__":
    show()
