"""The Plan page: how the study's work is divided, its sessions and consent, and who has which session."""

import streamlit as st

from coding_app.domain.people import Action
from coding_app.ui import context
from coding_app.ui.parts import plan_assignments, plan_form, plan_sessions
from coding_app.ui.parts.empty import no_study
from coding_app.workflows.plan_study import view_plan

SESSIONS, PLAN, ASSIGNMENTS = "Sessions", "Plan", "Assignments"


def show() -> None:
    """Draws the page."""
    st.title("Plan")
    study = context.study()
    if study is None:
        no_study()
        return
    if not context.allows(Action.MANAGE_STUDY):
        st.info("You do not lead the study that is open here.", icon=":material/group:")
        return
    view = view_plan(context.app(), study.id)
    tabs = st.tabs([SESSIONS, PLAN, ASSIGNMENTS])
    with tabs[0]:
        plan_sessions.show(study, view)
    with tabs[1]:
        plan_form.show(study, view)
    with tabs[2]:
        plan_assignments.show(study, view)


if __name__ == "__main__":
    show()
