"""The entry script of the pages: the frame around them, and the one place that shows errors."""

import streamlit as st

from coding_app.ui import context

PAGES = {
    "study": "Study",
    "work": "My work",
    "plan": "Plan",
    "recordings": "Recordings",
    "transcript": "Transcript",
    "names": "Names",
    "code": "Code",
    "agreement": "Agreement",
    "consensus": "Consensus",
    "progress": "Progress",
    "codebook": "Codebook",
    "scheme_editor": "Scheme editor",
    "people": "People",
    "audit": "Audit",
    "settings": "Settings",
}
# No page has an icon of Streamlit's set: the browser would fetch it from a server outside for the tab.
TAB_ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7"
fill="#1f6f78"/><path d="M8 13v6M13 9v14M18 12v8M23 7v18" stroke="#fff" stroke-width="2.6"
stroke-linecap="round"/></svg>"""
STYLE = """<style>
.stAppHeader, .stAppToolbar { pointer-events: none; }
.stAppHeader button, .stAppHeader a { pointer-events: auto; }
.stMainBlockContainer { padding: 3.75rem 2.5rem 3rem; max-width: 1560px; }
.stMainBlockContainer:has(.workbench-here) { padding: 0.55rem 1rem 0.5rem; max-width: none; }
.stElementContainer:has(.workbench-here) { display: none; }
.stApp:has(.workbench-here) header { background: none; pointer-events: none; }
.stApp:has(.workbench-here) header button { pointer-events: auto; }
.st-key-workbench-head { padding: 0 3rem 0 2.75rem; }
.st-key-editor-head { padding: 0 0 0 2.75rem; }
.stApp:has(.stSidebar[data-collapsed="false"]) .st-key-editor-head { padding-left: 0; }
.stApp [data-testid="stCaptionContainer"] { opacity: 0.75; }
.stApp button[kind="primary"]:not(:disabled), .stApp button[kind="primary"]:not(:disabled) p {
  color: light-dark(#ffffff, #0d1f20);
}
.stApp button:not(:disabled) kbd { color: inherit; opacity: 1; }
.st-key-settle-head h2, .st-key-names-page h2 { font-size: 1.25rem; padding: 0; }
.stMainBlockContainer h1 { padding: 0 0 0.6rem; }
.stSidebar [data-testid="stSidebarUserContent"] { padding-top: 1rem; }
.st-key-remember { display: none; }
[class*="st-key-row-head"] p { font-size: 0.87rem; opacity: 0.7; }
[class*="st-key-row-"] [data-testid="stHorizontalBlock"] { align-items: center; }
[class*="st-key-row-"] {
  border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); padding-bottom: .5rem;
}
</style>"""


def main() -> None:
    """Draws the frame, then the page that is open."""
    with context.errors_shown():
        visitor = context.visitor()
        if visitor is None or visitor.must_change:
            # The gate lets nobody in who is signed out; this is for a page that stayed open.
            st.navigation([st.Page(context.to_the_sign_in, title="Sign in")], position="hidden").run()
            return
        _draw()


def _draw() -> None:
    pages = [
        st.Page(f"views/{name}.py", title=title, url_path=name, default=name == "study")
        for name, title in PAGES.items()
        if context.shows(name)
    ]
    page = st.navigation(pages, expanded=True)  # none of them behind "View more"
    # In a pass the whole width belongs to the transcript; elsewhere the sidebar says who is coding.
    coding = page.url_path == "code" and "pass" in st.query_params
    st.set_page_config(
        page_title=f"{page.title} · Coding app",
        page_icon=TAB_ICON,
        layout="wide",
        initial_sidebar_state="collapsed" if coding else "expanded",
    )
    st.html(STYLE)
    with context.errors_shown():
        context.sidebar()
        context.show_refused()
        page.run()


main()
