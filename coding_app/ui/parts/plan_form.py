"""The plan of a study as a form, and what assigning by it would give to whom."""

import pandas as pd
import streamlit as st

from coding_app.domain.plan import StudyPlan
from coding_app.domain.recording import Study
from coding_app.ui import context
from coding_app.ui.parts.words import plain, plural
from coding_app.workflows.plan_study import PlanView, Preview, assign, preview_assignments, put_plan

_KEYS = ("coders", "share", "least", "days", "seed", "mask", "keep")


def show(study: Study, view: PlanView) -> None:
    """Draws the form, and under it the preview with its button."""
    _form(study, view.plan or StudyPlan(study.id, seed=2026))
    if view.plan is None:
        st.caption("Until a plan is saved, everybody codes what they choose.")
        return
    _preview(study, view)


def _form(study: Study, plan: StudyPlan) -> None:
    with st.form("plan", width=760):
        left, right = st.columns(2)
        left.number_input("Observers per session", 1, 10, plan.n_coders, key="plan-coders")
        right.number_input(
            "Days to code a session", 0, 365, plan.days or 0, key="plan-days", help="0: no limit."
        )
        left.number_input(
            "Sessions coded twice (%)", 0, 100, round(plan.double_share * 100), key="plan-share",
            help="With one observer per session: how many get a second one, unannounced.",
        )  # fmt: skip
        right.number_input(
            "but at least (sessions)", 0, 1000, plan.double_at_least, key="plan-least",
            help="Fewer than 10 sessions coded twice give no interval worth reading.",
        )  # fmt: skip
        left.number_input(
            "Seed", 0, 2**31, min(plan.seed, 2**31), key="plan-seed",
            help="What is drawn at random follows from it: report it, and anybody can repeat the draw.",
        )  # fmt: skip
        st.toggle("Mask observers' names when differences are ruled on", plan.masks_names, key="plan-mask")
        st.toggle("Keep judgements when consent is withdrawn", plan.keeps_judgements, key="plan-keep")
        st.form_submit_button("Save the plan", on_click=context.doing(_save), args=(study.id,))


def _save(study_id: str) -> None:
    coders, share, least, days, seed, mask, keep = (st.session_state[f"plan-{key}"] for key in _KEYS)
    put_plan(
        context.app(),
        study_id,
        StudyPlan(study_id, seed, coders, share / 100, least, days or None, mask, keep),
    )


def _preview(study: Study, view: PlanView) -> None:
    st.subheader("Assign")
    names = {each.id: each.name for each in view.coders}
    chosen = st.multiselect(
        "Who codes", list(names), default=list(view.usual), format_func=lambda each: names[each],
        key=f"plan-who-{study.id}", width=760,
    )  # fmt: skip
    if not chosen:
        st.info("Choose at least one observer.", icon=":material/group:")
        return
    found = preview_assignments(context.app(), study.id, chosen)
    n_new = len(found.draw.new)
    n_double = f"{len(found.draw.double)} of {plural(len(view.sessions) - len(found.left_out), 'session')}"
    st.markdown(
        f"{plural(n_new, 'new assignment')} · afterwards {n_double} coded by two or more "
        f"(the plan asks for {found.draw.n_double_wanted})"
    )
    loads = [{"Observer": names[key], "Sessions": found.draw.load[key]} for key in chosen]
    st.dataframe(pd.DataFrame(loads), hide_index=True, width=380)
    _warnings(view, found)
    st.button(
        "Assign" if n_new else "All is assigned",
        type="primary",
        disabled=not n_new,
        on_click=context.doing(_assign),
        args=(study.id, tuple(chosen)),
    )


def _warnings(view: PlanView, found: Preview) -> None:
    labels = {each.session.id: plain(each.session.label) for each in view.sessions}
    for each in found.draw.shortfalls:
        st.warning(
            f"{labels[each.session_id]}: {each.found} of {each.wanted} observers; the others took part in it, or "
            "had it before.",
            icon=":material/group_off:",
        )
    for key, why in found.left_out.items():
        st.warning(f"{labels[key]} is left out: {why}.", icon=":material/block:")


def _assign(study_id: str, chosen: tuple[str, ...]) -> None:
    assign(context.app(), study_id, chosen)
