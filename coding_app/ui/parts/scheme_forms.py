"""The form side of the scheme editor: choose a part, fill it in, and the text changes where it has to."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from coding_app.ui import context
from coding_app.ui.parts import scheme_fields
from coding_app.workflows.scheme_forms import Kind, entries, put_entry, put_head, remove_entry

Changed = Callable[[str], None]
_NEW = ""
_PART = "scheme-part"
PARTS: dict[str, tuple[str, str]] = {
    "about": ("About", ""),
    "criteria": ("Criteria", "criterion"),
    "codes": ("Codes", "code"),
    "attributes": ("Questions", "question"),
    "ratings": ("Ratings", "rating"),
    "scales": ("Scales", "scale"),
    "rules": ("Rules", "rule"),
}
FIELDS = {
    "criteria": scheme_fields.criterion,
    "codes": scheme_fields.code,
    "attributes": scheme_fields.attribute,
    "ratings": scheme_fields.rating,
    "scales": scheme_fields.scale,
    "rules": scheme_fields.rule,
}
NEEDED = {
    "codes": ("criteria", "Add a criterion first: a code is a possible answer to one."),
    "attributes": ("scales", "Add a scale first: it holds the possible answers."),
    "ratings": ("scales", "Add a scale first: it holds the steps of the rating."),
}


def forms(text: str, data: Mapping[str, Any], revision: int, changed: Changed) -> None:
    """Draws the form of the chosen part. changed(new text): called before the page is drawn again."""
    part = st.segmented_control(
        "Part", list(PARTS), format_func=lambda each: PARTS[each][0], default="about", required=True, key=_PART,
        label_visibility="collapsed",
    ) or "about"  # fmt: skip
    if part == "about":
        _head(text, data, revision, changed)
        return
    kind: Kind = part  # type: ignore[assignment]
    needed, why = NEEDED.get(kind, (None, ""))
    if needed and not entries(data, needed):  # type: ignore[arg-type]
        st.info(why, icon=":material/info:")
        return
    known = entries(data, kind)
    word = PARTS[kind][1]
    chosen = st.selectbox(
        word.capitalize(),
        [_NEW, *known],
        format_func=lambda each: _name(each, known, word),
        key=f"scheme-entry-{kind}",
        filter_mode=None,
    )
    _entry(text, data, kind, chosen if chosen in known else _NEW, revision, changed)


def _name(name: str, known: Mapping[str, Mapping[str, Any]], word: str) -> str:
    if name == _NEW:
        return f"A new {word}"
    each = known[name]
    return str(each.get("label") or each.get("text", "")[:60] or name)


def _head(text: str, data: Mapping[str, Any], revision: int, changed: Changed) -> None:
    with st.form(f"scheme-form-head-{revision}", border=False):
        found = scheme_fields.head(data, f"head-{revision}")
        if st.form_submit_button("Put into the scheme", type="primary"):
            with context.errors_shown():
                changed(put_head(text, found))
                st.rerun()


def _entry(
    text: str, data: Mapping[str, Any], kind: Kind, name: str, revision: int, changed: Changed
) -> None:
    old = entries(data, kind).get(name, {})
    key = f"{kind}-{name}-{revision}"
    with st.form(f"scheme-form-{key}", border=False):
        found = FIELDS[kind](data, old, key)
        with st.container(horizontal=True):
            done = st.form_submit_button(
                "Put into the scheme" if name else f"Add this {PARTS[kind][1]}", type="primary"
            )
            gone = bool(name) and st.form_submit_button("Remove", type="tertiary", icon=":material/delete:")
    with context.errors_shown():
        if done:
            changed(put_entry(text, kind, found, name or None)[0])
            st.rerun()
        if gone:
            changed(remove_entry(text, kind, name))
            st.rerun()
