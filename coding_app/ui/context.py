"""Who is coding, in which study, with which open app: the one place for identity.

In this version an observer chooses their name on this machine, without a password; the choice is kept in a
cookie that is not secret, so that a reload or a restart of the server comes back to the same person. Accounts
will replace `_remembered` and `sidebar`, nothing else.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import streamlit as st

from coding_app.domain.people import Coder
from coding_app.domain.recording import Study
from coding_app.errors import CodingAppError
from coding_app.workflows import overview
from coding_app.workflows.wiring import App

COOKIE = "coding_app_who"
READS_ONLY = "reads_only"
_STUDY, _CODER, _REFUSED = "who_study", "who_coder", "refused"
_log = logging.getLogger(__name__)
_open: list[App] = []


def set_app(app: App) -> None:
    """Makes the open app known to the pages; the server calls it once before it serves."""
    _open[:] = [app]


def app() -> App:
    """The open app; raises RuntimeError when a page is run without a server."""
    if not _open:
        raise RuntimeError("No app is open; start the pages with `coding-app serve`.")
    return _open[0]


@contextmanager
def errors_shown() -> Iterator[None]:
    """Shows an error of ours as its sentence and anything else as a bug; for the app and its fragments."""
    try:
        yield
    except CodingAppError as error:
        st.error(str(error), icon=":material/error:")
    except Exception:
        _log.exception("A page failed")
        st.error(
            "This is a mistake in the program, not yours; nothing that was saved is lost. Reload the page; "
            "if it happens again, report it with the last lines of the server's window.",
            icon=":material/bug_report:",
        )


def study() -> Study | None:
    """The study that is open, or None when there is none yet."""
    return next((each for each in overview.studies(app()) if each.id == st.session_state.get(_STUDY)), None)


def coder() -> Coder | None:
    """The observer who is coding, or None while nobody has been chosen."""
    chosen, study_id = st.session_state.get(_CODER), st.session_state.get(_STUDY)
    if not chosen or not study_id:
        return None
    return next((each for each in overview.coders(app(), study_id) if each.id == chosen), None)


def doing(work: Callable[..., None]) -> Callable[..., None]:
    """`work` as a widget's callback, done before the page is drawn; an error of ours is shown on the page.

    A callback and not `if st.button(): ...; st.rerun()`: a click made while a page runs once more would be lost.
    """

    def callback(*args: object) -> None:
        try:
            work(*args)
        except CodingAppError as error:
            st.session_state[_REFUSED] = str(error)

    return callback


def show_refused() -> None:
    """What the last callback could not do, once."""
    if refused := st.session_state.pop(_REFUSED, None):
        st.error(refused, icon=":material/error:")


def choose(*, study_id: str | None = None, coder_id: str | None = None) -> None:
    """Chooses study or observer; only in a callback, before the choosers are drawn."""
    if study_id is not None:
        st.session_state[_STUDY] = study_id
    if coder_id is not None:
        st.session_state[_CODER] = coder_id


def sidebar() -> None:
    """The chooser of study and observer; every page run draws it first."""
    studies = {each.id: each for each in overview.studies(app())}
    remembered_study, remembered_coder = _remembered()
    with st.sidebar:
        if not studies:
            st.caption("No study yet. Make one on the Study page.")
            return
        _start_with(_STUDY, studies, remembered_study or next(iter(studies)))
        study_id = st.selectbox(
            "Study", list(studies), key=_STUDY, format_func=lambda each: studies[each].title, filter_mode=None
        )
        coders = {each.id: each for each in overview.coders(app(), study_id)}
        _start_with(_CODER, coders, remembered_coder)
        coder_id = st.selectbox(
            "Observer",
            list(coders),
            key=_CODER,
            format_func=lambda each: coders[each].name,
            placeholder="Who is coding?",
            index=None,
            disabled=not coders,
            filter_mode=None,
            help="Each observer codes under their own name and sees nobody else's codes before submitting.",
        )
        if coder_id:
            st.session_state.pop(READS_ONLY, None)
        _remember(f"{study_id}.{coder_id or ''}")


def _start_with(key: str, options: Mapping[str, object], first: str | None) -> None:
    """Gives a chooser its first value, and drops one that no longer exists."""
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)
        if first in options:
            st.session_state[key] = first


def _remembered() -> tuple[str | None, str | None]:
    study_id, _, coder_id = str(st.context.cookies.get(COOKIE, "")).partition(".")
    return study_id or None, coder_id or None


_write_cookie = st.components.v2.component(
    "coding_app_remember",
    js=f"""export default function ({{ data }}) {{
      document.cookie = `{COOKIE}=${{data.value}}; path=/; max-age=31536000; SameSite=Strict`
    }}""",
)


def _remember(value: str) -> None:
    _write_cookie(data={"value": value}, key="remember", height=1)
