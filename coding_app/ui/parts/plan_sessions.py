"""The sessions of a study with what is known of each: case, day, consent, and who took part."""

from datetime import date, timedelta

import streamlit as st

from coding_app.domain.consent import Consent, Use, forbids
from coding_app.domain.name_hint import name_hint
from coding_app.domain.recording import Study
from coding_app.domain.session_details import EARLIEST, LATEST, MAX_CASE_CODE, MAX_NUMBER
from coding_app.ui import context
from coding_app.ui.parts import session_fields
from coding_app.ui.parts.paging import on_page, pages
from coding_app.ui.parts.words import plain, plural
from coding_app.workflows.plan_study import PlanView, SessionState
from coding_app.workflows.study_access import today
from coding_app.workflows.therapy_sessions import note_consent, set_own_sessions, set_session

WIDTHS = [2.4, 1.2, 0.7, 1.5, 1.6, 1.6, 1.6, 1.8, 2]
HEADS = ("Session", "Case", "No.", "Day", *(use.capitalize() for use in Use), "Took part", "")
SOON = timedelta(days=30)
MARKED = (
    "Where this sign stands, the label or case code looks like a person's name. "
    "Labels are shown to everybody in the study; use a case code."
)
ANSWERS = {"": "not written down", "given": "given", "refused": "refused"}


def show(study: Study, view: PlanView) -> None:
    """Draws the table; each row opens to be changed."""
    if not view.sessions:
        st.info("There is no session yet; add a recording first.", icon=":material/inbox:")
        return
    _warn(view)
    with st.container(key="row-head-sessions"):
        for column, head in zip(st.columns(WIDTHS), HEADS, strict=True):
            column.markdown(head)
    for each in on_page(view.sessions, "sessions-page"):
        with st.container(key=f"row-{each.session.id}"):
            _row(study, view, each)
    pages(view.sessions, "sessions-page")


def _of(each: SessionState, use: Use) -> Consent | None:
    return next((one for one in each.consents if one.use is use), None)


def _warn(view: PlanView) -> None:
    day = today()
    coding = [_of(each, Use.CODING) for each in view.sessions]
    parts = []
    if n := sum(forbids(one, day) for one in coding):
        parts.append(f"{plural(n, 'session')} may not be coded: consent refused or over")
    if n := sum(_ends_soon(one, day) for one in coding):
        parts.append(f"{plural(n, 'consent')} to coding ends within 30 days")
    if n := sum(one is None for one in coding):
        parts.append(f"for {plural(n, 'session')} nobody has noted what the client agreed to")
    if parts:
        told = " · ".join(parts)
        st.warning(told[0].upper() + told[1:], icon=":material/verified_user:")
    if any(map(_has_a_name, view.sessions)):
        st.markdown(session_fields.told_small(MARKED))


def _has_a_name(each: SessionState) -> bool:
    return name_hint(each.session.label, each.session.case_code) is not None


def _ends_soon(consent: Consent | None, day: date) -> bool:
    until = consent.until if consent else None
    return until is not None and not forbids(consent, day) and until <= day + SOON


def _words(consent: Consent | None, day: date) -> str:
    if consent is None:
        return ":orange[not noted]"
    if not consent.given:
        return ":red[refused]"
    if consent.until is None:
        return ":green[given]"
    until = f"{consent.until:%Y-%m-%d}"
    if forbids(consent, day):
        return f":red[ended {until}]"
    return f":orange[until {until}]" if _ends_soon(consent, day) else f":green[until {until}]"


def _row(study: Study, view: PlanView, each: SessionState) -> None:
    label, case, number, held_on, *uses, took_part, action = st.columns(WIDTHS, vertical_alignment="center")
    session, names = each.session, {one.id: one.name for one in view.coders}
    mark = " :orange[:material/badge:]" if _has_a_name(each) else ""
    label.markdown(f"**{plain(session.label)}**{mark}")
    case.markdown(plain(session.case_code or "–"))
    number.markdown(str(session.number or "–"))
    held_on.markdown(f"{session.held_on:%Y-%m-%d}" if session.held_on else "–")
    for column, use in zip(uses, Use, strict=True):
        column.markdown(_words(_of(each, use), today()))
    took_part.markdown(", ".join(plain(names[one]) for one in sorted(each.took_part, key=names.get)) or "–")  # type: ignore[arg-type]
    with action.popover("Change", width="stretch"):
        _form(study, each, names)


def _form(study: Study, each: SessionState, names: dict[str, str]) -> None:
    key, session = each.session.id, each.session
    with st.form(f"session-{key}", border=False):
        st.text_input("Label", session.label, key=f"label-{key}", help="Never a client's name.")
        st.text_input("Case code (optional)", session.case_code or "", MAX_CASE_CODE, key=f"case-{key}")
        session_fields.hint(session.label, session.case_code)
        left, right = st.columns(2)
        left.number_input("Number in the case", 1, MAX_NUMBER, session.number, key=f"number-{key}")
        right.date_input("Day", session.held_on, EARLIEST, LATEST, key=f"held-{key}", format="YYYY-MM-DD")
        st.form_submit_button("Save", on_click=context.doing(_save), args=(study.id, key))
    with st.form(f"consent-{key}", border=False):
        st.markdown("**Consent**")
        for use in Use:
            consent = _of(each, use)
            answer = "" if consent is None else "given" if consent.given else "refused"
            left, right = st.columns(2)
            left.selectbox(
                use.capitalize(), list(ANSWERS), list(ANSWERS).index(answer), key=f"{use}-{key}",
                format_func=lambda one: ANSWERS[one], filter_mode=None,
            )  # fmt: skip
            until = consent.until if consent else None
            right.date_input("until (optional)", until, key=f"until-{use}-{key}", format="YYYY-MM-DD")
        st.form_submit_button("Save consent", on_click=context.doing(_note), args=(study.id, each))
    with st.form(f"own-{key}", border=False):
        st.multiselect(
            "Observers who took part", list(names), sorted(each.took_part), key=f"own-{key}-who",
            format_func=lambda one: names[one], help="Its therapist, say: they never get it to code.",
        )  # fmt: skip
        st.form_submit_button("Save who took part", on_click=context.doing(_own), args=(study.id, key))


def _save(study_id: str, key: str) -> None:
    state = st.session_state
    set_session(
        context.app(),
        study_id,
        key,
        label=state[f"label-{key}"],
        case_code=state[f"case-{key}"],
        number=state[f"number-{key}"],
        held_on=state[f"held-{key}"],
    )


def _note(study_id: str, each: SessionState) -> None:
    state, key = st.session_state, each.session.id
    for use in Use:
        answer, until = state[f"{use}-{key}"], state[f"until-{use}-{key}"]
        before = _of(each, use)
        if answer and (before is None or (before.given, before.until) != (answer == "given", until)):
            note_consent(context.app(), study_id, key, use, given=answer == "given", until=until)


def _own(study_id: str, key: str) -> None:
    set_own_sessions(context.app(), study_id, key, st.session_state[f"own-{key}-who"])
