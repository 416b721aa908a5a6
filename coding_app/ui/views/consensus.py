"""The Consensus page: settle where observers differ; see what was overturned, and the rules that came of it."""

import streamlit as st

from coding_app.domain.people import Action, Coder
from coding_app.domain.recording import Study
from coding_app.errors import AccessError, NotFoundError
from coding_app.ui import context
from coding_app.ui.parts import decision_rules, overturned, settle
from coding_app.ui.parts.empty import no_observer, no_study
from coding_app.ui.parts.paging import on_page, pages
from coding_app.ui.parts.words import plain, plural
from coding_app.workflows.reach_consensus import start_or_update
from coding_app.workflows.to_settle import (
    Standing,
    ToSettle,
    recordings_coded_twice,
    recordings_to_settle,
)

SETTLE, OVERTURNED, RULES = "Differences", "What was overturned", "Rules"
PAGE = "consensus-page"


def show() -> None:
    """Draws the page."""
    st.title("Consensus")
    study, coder = context.study(), context.coder()
    if study is None:
        no_study()
        return
    if coder is None:
        no_observer("Choose your name under **Observer** on the left.")
        return
    rules = context.allows(Action.RULE_CONSENSUS)
    wanted = st.query_params.get("recording")
    if wanted and rules and _settling(coder, wanted):
        return
    names = [*([SETTLE] if rules else []), OVERTURNED, RULES]
    tabs = dict(zip(names, st.tabs(names, key="consensus-tab", on_change="rerun"), strict=True))
    draw = {
        SETTLE: lambda: _list(study, coder),
        OVERTURNED: lambda: overturned.listed(study.id, coder.id),
        RULES: lambda: decision_rules.listed(study.id, coder.id),
    }
    for name, tab in tabs.items():
        if tab.open:
            with tab:
                draw[name]()


def _settling(coder: Coder, recording_id: str) -> bool:
    """Draws the one recording that is being settled; False, and a clean address, when there is nothing to settle."""
    try:
        settle.show(recording_id, coder.id)
    except (AccessError, NotFoundError) as error:
        st.info(str(error), icon=":material/info:")
        st.query_params.clear()
        return False
    return True


def _list(study: Study, coder: Coder) -> None:
    found = recordings_coded_twice(context.app(), study.id)
    if not found:
        st.info(
            "No recording has been submitted by two observers yet. When one is, you settle here where they differ.",
            icon=":material/hourglass_empty:",
        )
        return
    st.caption(
        "What the observers agree on is merged; you rule on the rest. Whoever has looked at the differences "
        "of a recording cannot code it afterwards."
    )
    for each in recordings_to_settle(context.app(), study.id, coder.id, on_page(found, PAGE)):
        with st.container(key=f"row-{each.recording_id}"):
            _row(each, coder)
    pages(found, PAGE)


def _row(each: ToSettle, coder: Coder) -> None:
    name, observers, state, action = st.columns([4, 2, 4, 2], vertical_alignment="center")
    name.markdown(f"**{plain(each.label)}**")
    observers.markdown(plural(each.n_observers, "observer"))
    words, label = _words(each)
    state.markdown(words)
    if label:
        action.button(
            label,
            key=f"settle-{each.recording_id}",
            type="secondary" if each.standing is Standing.FINISHED else "primary",
            width="stretch",
            on_click=context.doing(_open),
            args=(each, coder.id),
        )


def _words(each: ToSettle) -> tuple[str, str]:
    """What is said of a recording, and what its button says; "" for none."""
    match each.standing:
        case Standing.NOT_BEGUN:
            return "not begun", "Begin"
        case Standing.BEHIND:
            return "new or changed codings to merge; rulings are kept", "Update"
        case Standing.FINISHED:
            return f"finished, {plural(each.n_differences or 0, 'difference')} settled", "Look again"
        case Standing.WITHHELD:
            return ":gray[yours to code first; then you see where others differ]", ""
    if not each.n_left:
        return "all settled, to be finished", "Finish"
    return f"{plural(each.n_left, 'difference')} left of {each.n_differences}", "Go on"


def _open(each: ToSettle, coder_id: str) -> None:
    if each.standing in (Standing.NOT_BEGUN, Standing.BEHIND):
        start_or_update(context.app(), each.recording_id, coder_id)
    st.query_params.from_dict({"recording": each.recording_id})


if __name__ == "__main__":
    show()
