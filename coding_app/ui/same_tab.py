"""Links to our pages outside Streamlit that open in the same tab; Streamlit's own link buttons open another one."""

from html import escape

import streamlit as st

from coding_app.ui.theme import PLAIN_COLOURS

# A popover of the sidebar stands outside of Streamlit's colour scheme: there only the colour of the text is right.
_ACCENT = f"light-dark({PLAIN_COLOURS['light']['accent']}, {PLAIN_COLOURS['dark']['accent']})"
_STYLE = """<style>
a.same-tab.same-tab { display: inline-flex; align-items: center; justify-content: center; min-height: 2.5rem;
  padding: .25rem .75rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .4rem;
  color: inherit; font-size: 1rem; text-decoration: none; }
a.same-tab.same-tab.wide { display: flex; width: 100%; font-size: .875rem; }
a.same-tab.same-tab:hover { border-color: currentColor; }
a.same-tab.same-tab.primary { background: ACCENT; border-color: ACCENT; color: light-dark(#ffffff, #0d1f20); }
a.same-tab.same-tab.primary:hover { filter: brightness(.94); }
a.same-tab:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
</style>""".replace("ACCENT", _ACCENT)


def link(label: str, address: str, *, primary: bool = False, wide: bool = False) -> None:
    """Draws it as a button. primary: as the one that the page is about; wide: as wide as what it stands in."""
    looks = " ".join(["same-tab", *(["primary"] if primary else []), *(["wide"] if wide else [])])
    st.html(f'{_STYLE}<a class="{looks}" href="{escape(address)}">{escape(label)}</a>')
