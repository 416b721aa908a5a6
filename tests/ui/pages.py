"""Running the pages by Streamlit's AppTest."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from coding_app.ui import context
from coding_app.workflows import overview
from coding_app.workflows.wiring import App

ENTRY = Path(context.__file__).with_name("app.py")
TIMEOUT_S = 60


def open_page(app: App, page: str, coder: str | None = None, **query: str) -> AppTest:
    """The page as this observer (by name) sees it, run once."""
    context.set_app(app)
    at = AppTest.from_file(str(ENTRY), default_timeout=TIMEOUT_S).run()
    for study in overview.studies(app):
        found = [each for each in overview.coders(app, study.id) if each.name == coder]
        if found:
            at.session_state["who_study"], at.session_state["who_coder"] = study.id, found[0].id
    at.switch_page(f"views/{page}.py")
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def text_of(at: AppTest) -> str:
    """Everything that is written on the page, tables included."""
    kinds = (at.title, at.subheader, at.markdown, at.caption, at.info, at.error, at.get("html"))
    written = [each for kind in kinds for each in kind]
    return "\n".join(str(getattr(each, "value", None) or getattr(each.proto, "body", "")) for each in written)


def button(at: AppTest, label: str, number: int = 0):  # type: ignore[no-untyped-def]
    """The button with this label; number: which of several."""
    return [each for each in at.button if each.label == label][number]
