"""Who is here, in which study, with which open app: the one place for identity.

Where there are accounts, the visitor is whoever the sign-in cookie says, looked up anew at every run of a page. Where
there are none, an observer chooses their name on this machine, without a password; the choice is kept in a cookie that
is not secret, so that a reload or a restart of the server comes back to the same person.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import streamlit as st

from coding_app.domain.people import NOBODY, Action, Actor, Coder, may
from coding_app.domain.recording import Study
from coding_app.errors import CodingAppError
from coding_app.ui import gate, same_tab
from coding_app.ui.parts.words import plain
from coding_app.workflows import overview, signing_in
from coding_app.workflows.signing_in import Visitor
from coding_app.workflows.wiring import App

COOKIE = "coding_app_who"
READS_ONLY = "reads_only"
_STUDY, _CODER, _REFUSED, _VISITOR = "who_study", "who_coder", "refused", "visitor"
_FRESH_S = 1.0  # a page asks many times who is here; for so long the answer holds
_log = logging.getLogger(__name__)
_open: list[App] = []


def set_app(app: App) -> None:
    """Makes the open app known to the pages; the server calls it once before it serves."""
    _open[:] = [app]


def app() -> App:
    """The open app, as the visitor may use it; raises RuntimeError when a page is run without a server."""
    if not _open:
        raise RuntimeError("No app is open; start the pages with `coding-app serve`.")
    opened = _open[0]
    if not opened.actor.everything:
        return opened  # opened for somebody: nobody here may do more
    found = visitor()
    return opened.acting(found.actor if found else NOBODY)


def visitor() -> Visitor | None:
    """Who is here; None when they must sign in."""
    asked_at, found = st.session_state.get(_VISITOR, (float("-inf"), None))
    if time.monotonic() - asked_at > _FRESH_S:
        found = signing_in.who(_open[0], str(st.context.cookies.get(gate.COOKIE, "")))
        st.session_state[_VISITOR] = (time.monotonic(), found)
    return found  # type: ignore[no-any-return]


def look_again() -> None:
    """Lets the next question find out anew who is here, and what they may do."""
    st.session_state.pop(_VISITOR, None)


def has_accounts() -> bool:
    """Whether the visitor has signed in, and is whom the sign-in says."""
    return app().actor.account_id is not None


def allows(action: Action) -> bool:
    """Whether the visitor may do this, in the study that is open where it belongs to one."""
    actor, opened = app().actor, study()
    return may(actor, action, opened.id if opened else None)


# What a page is for; one that is not named is for everybody who is signed in.
PAGE_ACTIONS = {
    "work": Action.CODE,
    "plan": Action.MANAGE_STUDY,
    "recordings": Action.SEE_RECORDINGS,
    "transcript": Action.EDIT_TRANSCRIPT,
    "names": Action.TRANSCRIBE,
    "code": Action.CODE,
    "agreement": Action.SEE_AGREEMENT,
    "consensus": Action.SEE_AGREEMENT,
    "scheme_editor": Action.EDIT_SCHEMES,
    "progress": Action.MANAGE_STUDY,
    "people": Action.MANAGE_PEOPLE,
    "audit": Action.SEE_AUDIT,
    "settings": Action.SET_UP,
}


def shows(page: str) -> bool:
    """Whether the visitor has this page at all."""
    return shown_to(app().actor, page)


def shown_to(actor: Actor, page: str) -> bool:
    """Whether what a page is for is allowed to the actor, in whichever study."""
    action = PAGE_ACTIONS.get(page)
    if action is None or may(actor, action) or (page == "people" and actor.administrator):
        return True
    return any(may(actor, action, each.study_id) for each in actor.memberships)


@contextmanager
def errors_shown() -> Iterator[None]:
    """Shows an error of ours as its sentence and anything else as a bug; for the app and its fragments."""
    look_again()
    try:
        yield
    except CodingAppError as error:
        folder = _open[0].settings.data_dir if _open else None
        st.error(gate.without_folder(str(error), folder), icon=":material/error:")
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
    """The observer who is coding, or None while nobody has been chosen, or for somebody who does not code."""
    chosen, study_id = st.session_state.get(_CODER), st.session_state.get(_STUDY)
    actor = app().actor
    if not actor.everything:
        place = actor.membership(study_id) if study_id else None
        chosen = place.coder_id if place else None
    if not chosen or not study_id:
        return None
    return next((each for each in overview.coders(app(), study_id) if each.id == chosen), None)


def doing(work: Callable[..., None]) -> Callable[..., None]:
    """`work` as a widget's callback, done before the page is drawn; an error of ours is shown on the page.

    A callback and not `if st.button(): ...; st.rerun()`: a click made while a page runs once more would be lost.
    """

    def callback(*args: object) -> None:
        look_again()
        try:
            work(*args)
            look_again()  # a study was made, a role was given
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
    """Who is signed in, and the chooser of study and, without accounts, observer; every page run draws it first."""
    studies = {each.id: each for each in overview.studies(app())}
    remembered_study, remembered_coder = _remembered()
    with st.sidebar:
        _signed_in()
        if not studies:
            st.caption(
                "No study yet. Make one on the Study page."
                if may(app().actor, Action.CREATE_STUDY)
                else "You are in no study yet; ask a lead to add you."
            )
            return
        _start_with(_STUDY, studies, remembered_study or next(iter(studies)))
        study_id = st.selectbox(
            "Study", list(studies), key=_STUDY, format_func=lambda each: studies[each].title, filter_mode=None
        )
        if has_accounts():
            _remember(f"{study_id}.")
            return
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


def _signed_in() -> None:
    """Who is signed in, the way to another password, and the way out."""
    found = visitor()
    if found is None or found.account is None:
        return
    with st.popover(plain(found.account.name), icon=":material/person:", width="stretch"):
        same_tab.link("Change password", gate.PASSWORD, wide=True)
        st.button("Sign out", icon=":material/logout:", width="stretch", on_click=_sign_out)


def _sign_out() -> None:
    signing_in.sign_out(_open[0], str(st.context.cookies.get(gate.COOKIE, "")))
    st.session_state.clear()


def to_the_sign_in() -> None:
    """For a page that was open when its sign-in ended: leads to the page that begins another one."""
    st.title("Sign in")
    st.write("You are signed out, or your sign-in has run out. What you saved is kept.")
    same_tab.link("Sign in", gate.SIGN_IN, primary=True)
    _leave(data={"to": gate.SIGN_IN}, key="leave", height=1)


_leave = st.components.v2.component(
    "coding_app_leave",
    js="""export default function ({ data }) { window.location.assign(data.to) }""",
)


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
