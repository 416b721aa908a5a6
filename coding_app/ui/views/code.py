"""The Code page: choose a recording, then the workbench on one's own pass, full width."""

import streamlit as st

from coding_app.domain.coding import CodingPass
from coding_app.domain.people import Coder
from coding_app.domain.recording import Study
from coding_app.domain.times import clock
from coding_app.errors import AccessError, NotFoundError
from coding_app.ui import context, tokens
from coding_app.ui.parts.empty import no_observer, no_study
from coding_app.ui.parts.paging import on_page, pages
from coding_app.ui.parts.words import plain, plural
from coding_app.ui.workbench import workbench
from coding_app.workflows import code_session, overview, reopen_pass
from coding_app.workflows.overview import NextStep, RecordingOverview

_OPEN = "open_pass"
# What the workbench takes from the address: a moment, whether to compare there, and without names.
_WISHES = ("at", "compare", "masked")


def show() -> None:
    """Draws the page."""
    study, coder = context.study(), context.coder()
    if study is None or coder is None:
        st.title("Code")
        if study is None:
            no_study()
        else:
            no_observer("Choose your name under **Observer** on the left to begin coding.")
        return
    wanted = st.query_params.get("recording")
    if wanted:
        _open(wanted, coder.id)
        st.rerun()
    pass_id = st.query_params.get("pass") or st.session_state.get(_OPEN, {}).get(coder.id)
    if pass_id and "pass" not in st.query_params:
        st.query_params["pass"] = pass_id
        st.rerun()
    if pass_id:
        try:
            coding_pass = overview.own_pass(context.app(), pass_id, coder.id)
        except (AccessError, NotFoundError) as error:
            # Another observer's pass, or none at all: say so above the list, and leave a clean address.
            st.info(str(error), icon=":material/info:")
            st.session_state.get(_OPEN, {}).pop(coder.id, None)
            st.query_params.clear()
        else:
            _workbench(coding_pass)
            return
    _choose(study, coder)


def _open(recording_id: str, coder_id: str) -> None:
    """Opens the pass, and remembers it: in the address for a reload, in the state for visits of other pages."""
    coding_pass = code_session.open_pass(context.app(), recording_id, coder_id)
    st.session_state.setdefault(_OPEN, {})[coding_pass.coder_id] = coding_pass.id
    wishes = {name: st.query_params[name] for name in _WISHES if name in st.query_params}
    st.query_params.from_dict({"pass": coding_pass.id, **wishes})


def _close() -> None:
    st.session_state.pop(_OPEN, None)
    st.query_params.clear()


def _workbench(coding_pass: CodingPass) -> None:
    st.session_state.setdefault(_OPEN, {})[coding_pass.coder_id] = coding_pass.id
    st.html('<span class="workbench-here"></span>')
    with st.container(horizontal=True, vertical_alignment="center", key="workbench-head"):
        st.button("All recordings", icon=":material/arrow_back:", type="tertiary", on_click=_close)
        if coding_pass.submitted_at is not None:
            st.caption(
                f"Submitted on {coding_pass.submitted_at:%-d %B %Y}: you can look, listen and compare, not change."
            )
            if st.button("See agreement", icon=":material/balance:", type="tertiary"):
                st.switch_page("views/agreement.py")
        elif reopened := reopen_pass.reopenings_of_pass(context.app(), coding_pass.id):
            last = reopened[-1]
            st.caption(
                f":material/lock_open: Opened again on {last.at:%-d %B %Y}: {plain(last.reason)}. Submit it when "
                "you are done; it counts as no longer blind."
            )
    # A trigger (a new token is wanted, the pass was submitted) runs the page again, which is all it asks for.
    token = tokens.issue_pass_token(context.app(), coding_pass)
    workbench(coding_pass.id, token, key=f"workbench-{coding_pass.id}")


def _choose(study: Study, coder: Coder) -> None:
    st.title("Code")
    st.caption(f"{plain(coder.name)}, choose a recording. You code alone; nobody sees it before you submit.")
    found = overview.study_overview(context.app(), study.id, coder.id)
    ready = [each for each in found if each.transcript is not None]
    if not ready:
        st.info("There is no transcript to code yet.", icon=":material/hourglass_empty:")
        if st.button("Add recordings", type="primary", icon=":material/upload:"):
            st.switch_page("views/recordings.py")
        return
    for each in on_page(ready, "code-page"):
        with st.container(key=f"row-{each.recording.id}"):
            _choice(each, coder)
    pages(ready, "code-page")


def _choice(each: RecordingOverview, coder: Coder) -> None:
    name, length, state, action = st.columns([4, 1, 4, 2], vertical_alignment="center")
    name.markdown(f"**{plain(each.session_label)}**  \n:small[{plain(each.recording.name)}]")
    length.markdown(clock(each.recording.duration_ms))
    own = each.state_of(coder.id)
    step = each.next_step(coder.id)
    if own is None or own.coding_pass is None:
        words, label = "not begun", "Begin coding"
    elif own.submitted_at is not None:
        words, label = f"submitted on {own.submitted_at:%-d %B %Y}", "Look again"
    else:
        opened = "opened again" if own.reopened else "open"
        words, label = f"{opened}, {plural(own.n_judgements or 0, 'judgement')} so far", "Go on coding"
    if step is NextStep.SPEAKERS:
        words, label = "say first who is therapist and who is client", "Say who speaks"
    state.markdown(words)
    main = "primary" if step is NextStep.CODE else "secondary"
    to_speakers = step is NextStep.SPEAKERS
    pressed = action.button(
        label,
        key=f"open-{each.recording.id}",
        type=main,  # type: ignore[arg-type]
        width="stretch",
        on_click=None if to_speakers else context.doing(_open),
        args=(each.recording.id, coder.id),
    )
    if pressed and to_speakers:
        st.switch_page("views/recordings.py", query_params={"recording": each.recording.id})


if __name__ == "__main__":
    show()
