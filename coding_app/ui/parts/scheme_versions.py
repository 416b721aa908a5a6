"""The versions of a scheme: what each changed, who coded with it, and two of them side by side."""

import pandas as pd
import streamlit as st

from coding_app.domain.scheme import Scheme
from coding_app.ui import context
from coding_app.ui.parts.scheme_cards import say
from coding_app.ui.parts.words import plain, plural
from coding_app.workflows.codebook import Entry, Library, differences, use_of

ORDER = "the order of entries, notes on versions, or what nothing uses"
BUMPS = {"major": "meaning", "minor": "more can be coded", "patch": "wording"}


def versions(library: Library, entry: Entry) -> None:
    """The tab of a scheme's versions."""
    scheme = entry.scheme
    use = use_of(context.app(), scheme)
    used = f"{plural(use.n_passes, 'pass', 'passes')} coded with version {scheme.version}"
    st.caption(
        used + (f" · used by {plain(', '.join(use.studies))}" if use.studies else " · no study uses it"),
        unsafe_allow_html=False,
    )
    for change in reversed(scheme.changes):
        say(f"{change.version} · {change.date} · {change.note}")
        for each in change.migration:
            say(f"{each.before} → {each.after or 'no longer coded'} {each.note}", quiet=True)
    _compare(library, scheme)


def _compare(library: Library, scheme: Scheme) -> None:
    others = {each.name: each for each in library.entries if each.scheme is not scheme}
    st.subheader("Compare with another version or scheme")
    if not others:
        st.caption("There is nothing to compare it with.")
        return
    same = [name for name, each in others.items() if each.scheme.id == scheme.id]
    order = [*same, *(name for name in others if name not in same)]
    name = st.selectbox(
        "Other version",
        order,
        index=0 if same else None,
        placeholder="Choose a version",
        key=f"compare-{scheme.id}-{scheme.version}",
    )
    if name is None:
        return
    other = others[name].scheme
    st.caption(f"From {name} to {scheme.id} {scheme.version}.")
    found = differences(other, scheme)
    if not found:
        differ = "comments or layout" if other.sha256 == scheme.sha256 else ORDER
        st.success(f"The two say the same; only {differ} can differ.", icon=":material/check:")
        return
    rows = [
        {
            "What": each.kind,
            "Name": each.label,
            "Change": each.change,
            "Concerns": BUMPS[each.bump],
            "Before": each.before,
            "After": each.after,
        }
        for each in found
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", row_height=44)
