"""The passages of a codebook that the observer marked, here or while coding."""

import streamlit as st

from coding_app.domain.scheme import Scheme
from coding_app.ui import context
from coding_app.ui.parts.empty import no_observer
from coding_app.ui.parts.scheme_cards import code_cards, rating_cards, rule_lines, say
from coding_app.workflows.bookmarks import Bookmark, bookmarks_of, mark


def bookmarks(scheme: Scheme) -> None:
    """The tab of bookmarks: each with what it marks, and a way to set one on a code, rating or rule."""
    coder = context.coder()
    if coder is None:
        no_observer("Choose your name under **Observer** on the left: bookmarks are your own.")
        return
    places = _places(scheme)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = st.selectbox(
            "Bookmark",
            list(places),
            index=None,
            format_func=lambda each: places[each],
            placeholder="A code, rating or rule",
            key=f"mark-{scheme.id}",
        )
        st.button(
            "Set",
            disabled=place is None,
            on_click=context.doing(_set),
            args=(coder.id, scheme.id, place, places.get(place or "", ""), True),
        )
    found = [each for each in bookmarks_of(context.app(), coder.id) if each.scheme == scheme.id]
    if not found:
        st.caption(
            "No bookmarks yet. While you code, the codebook beside the segment has a star at every passage."
        )
    for each in found:
        with st.container(
            horizontal=True,
            vertical_alignment="top",
            key=f"row-{each.place.replace('/', '-').replace(':', '-')}",
        ):
            with st.container():
                _marked(scheme, each)
            st.button(
                "", icon=":material/bookmark_remove:", help="Remove this bookmark", key=f"unmark-{each.place}",
                on_click=context.doing(_set), args=(coder.id, each.scheme, each.place, each.text, False),
            )  # fmt: skip


def _set(coder_id: str, scheme_id: str, place: str, text: str, on: bool) -> None:
    mark(context.app(), coder_id, Bookmark(scheme_id, place, text), on=on)


def _places(scheme: Scheme) -> dict[str, str]:
    found = {
        f"code:{code.id}": f"{criterion.label}: {code.label}"
        for criterion in scheme.criteria
        for code in criterion.codes
    }
    found |= {f"rating:{each.id}": f"Rating: {each.label}" for each in scheme.ratings}
    return found | {f"rule:{each.id}": f"Rule {each.id}: {each.text[:60]}" for each in scheme.rules}


def _marked(scheme: Scheme, bookmark: Bookmark) -> None:
    kind, _, name = bookmark.place.partition("/")[0].partition(":")
    whole = "/" not in bookmark.place
    codes = [each for each in scheme.codes if kind == "code" and each.id == name]
    ratings = [each for each in scheme.ratings if kind == "rating" and each.id == name]
    rules = [each for each in scheme.rules if kind == "rule" and each.id == name]
    if not codes and not ratings and not rules:
        say(f"{bookmark.text} (no longer in this version)", quiet=True)
    elif not whole:
        label = codes[0].label if codes else ratings[0].label if ratings else name
        say(f"{label}: {bookmark.text}")
    else:
        code_cards(codes, scheme)
        rating_cards(ratings, scheme)
        rule_lines(rules, scheme)
