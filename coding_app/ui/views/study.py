"""The Study page: what is here, who has done what, and what to do next."""

import streamlit as st

from coding_app.domain.people import Action, Coder
from coding_app.domain.recording import Study
from coding_app.domain.times import clock
from coding_app.ui import context
from coding_app.ui.parts import study_scheme
from coding_app.ui.parts.paging import on_page, pages
from coding_app.ui.parts.words import plain, plural
from coding_app.workflows import my_work, overview
from coding_app.workflows.overview import NextStep, PassState, RecordingOverview
from coding_app.workflows.study import add_coder, create_study

WIDTHS = [3.4, 0.9, 1.8, 3.0, 1.9]
_TITLE, _NAME = "new-study-title", "new-observer-name"
HEADS = ("Session", "Length", "Transcript", "Observers", "Next")
STEPS = {
    NextStep.TRANSCRIBE: ("Transcribe", "views/recordings.py"),
    NextStep.WAIT: ("See progress", "views/recordings.py"),
    NextStep.SPEAKERS: ("Say who speaks", "views/recordings.py"),
    NextStep.CODE: ("Code", "views/code.py"),
    NextStep.AGREEMENT: ("See agreement", "views/agreement.py"),
}


def show() -> None:
    """Draws the page."""
    study = context.study()
    if study is None:
        _welcome()
        return
    coder = context.coder()
    head, actions = st.columns([2, 3], vertical_alignment="center")
    head.title(plain(study.title))
    with actions.container(horizontal=True, horizontal_alignment="right"):
        study_scheme.change(study)
        _people(study)
        if context.allows(Action.CREATE_STUDY):
            _another_study()
    if not context.allows(Action.SEE_RECORDINGS):
        st.info("In this study you listen to the moments that its lead releases.", icon=":material/hearing:")
        return
    found = overview.study_overview(context.app(), study.id, coder.id if coder else None)
    if coder is not None and my_work.has_work(context.app(), study.id, coder.id):
        _to_my_work()
    if not found:
        _no_recordings()
        return
    if coder is None:
        _ask_who(study)
    _summary(found, coder)
    _table(found, coder)


def _welcome() -> None:
    st.title("Welcome")
    st.write(
        "Here a team codes recordings of therapy sessions: every observer codes alone, and the app says how far "
        "you agree. Everything stays on this computer."
    )
    if not context.allows(Action.CREATE_STUDY):
        st.info("You are in no study yet; ask a lead to add you.", icon=":material/group:")
        return
    st.write("Begin with a study. You can add recordings and observers right after.")
    with st.container(width=480):
        _new_study_form()
    if not context.has_accounts():
        st.caption("Will others work here too? Make accounts first, on the page **People**.")


def _new_study_form() -> None:
    with st.form("new-study", border=False):
        st.text_input("Title of the study", placeholder="For example: Alliance pilot 2026", key=_TITLE)
        study_scheme.choose()
        st.form_submit_button("Make the study", type="primary", on_click=context.doing(_make_study))


def _make_study() -> None:
    study = create_study(context.app(), st.session_state[_TITLE], study_scheme.chosen())
    st.query_params.pop("scheme", None)
    st.session_state[_TITLE] = ""
    context.choose(study_id=study.id)


def _another_study() -> None:
    wanted = "scheme" in st.query_params  # the scheme editor leads here with a scheme to use
    with st.popover("New study", icon=":material/create_new_folder:", key=f"new-study-{wanted}"):
        _new_study_form()


def _people(study: Study) -> None:
    if context.has_accounts():
        if context.allows(Action.MANAGE_PEOPLE) and st.button("People", icon=":material/group:"):
            st.switch_page("views/people.py")
        return
    with st.popover("Add observer", icon=":material/person_add:"), st.form("new-observer", border=False):
        st.text_input(
            "Name", placeholder="For example: Observer C", help="As it will appear in tables.", key=_NAME
        )
        st.form_submit_button("Add", type="primary", on_click=context.doing(_add_person), args=(study,))


def _add_person(study: Study) -> None:
    coder = add_coder(context.app(), study.id, st.session_state[_NAME])
    st.session_state[_NAME] = ""
    if context.coder() is None:
        context.choose(coder_id=coder.id)


def _ask_who(study: Study) -> None:
    n = len(overview.coders(context.app(), study.id))
    st.info(
        "Choose your name under **Observer** on the left to begin coding."
        if n
        else "Nobody codes here yet. Add the first observer with **Add observer**, top right.",
        icon=":material/person:",
    )


def _to_my_work() -> None:
    if st.button("My work", type="primary", icon=":material/checklist:"):
        st.switch_page("views/work.py")


def _no_recordings() -> None:
    if not context.allows(Action.ADD_RECORDINGS):
        st.info("There is no recording in this study yet.", icon=":material/hourglass_empty:")
        return
    with st.container(border=True):
        st.subheader("Add the first recording")
        st.write(
            "Upload a session as audio or video. The app writes the transcript on this computer; then you "
            "say who is the therapist and who is the client, and coding can begin."
        )
        if st.button("Add recordings", type="primary", icon=":material/upload:"):
            st.switch_page("views/recordings.py")


def _summary(found: tuple[RecordingOverview, ...], coder: Coder | None) -> None:
    parts = [
        plural(len(found), "recording"),
        clock(sum(each.recording.duration_ms for each in found)) + " of talk",
    ]
    if coder:
        own = [state for each in found if (state := each.state_of(coder.id))]
        submitted = sum(state.submitted_at is not None for state in own)
        parts.append(f"{plain(coder.name)} has submitted {submitted} of {len(found)}")
    if not found[0].blind:
        both = sum(each.n_submitted >= 2 for each in found)
        parts.append(f"{both} coded by two or more observers")
    st.caption(" · ".join(parts))


def _table(found: tuple[RecordingOverview, ...], coder: Coder | None) -> None:
    with st.container(key="row-head"):
        for column, head in zip(st.columns(WIDTHS), HEADS, strict=True):
            column.markdown(head)
    for each in on_page(found, "study-page"):
        with st.container(key=f"row-{each.recording.id}"):
            _row(each, coder)
    pages(found, "study-page")


def _row(each: RecordingOverview, coder: Coder | None) -> None:
    session, length, transcript, people, action = st.columns(WIDTHS, vertical_alignment="center")
    session.markdown(f"**{plain(each.session_label)}**  \n:small[:gray[{plain(each.recording.name)}]]")
    length.markdown(clock(each.recording.duration_ms))
    transcript.markdown(_transcript_words(each))
    people.markdown("  \n".join(_pass_words(state, coder) for state in each.states) or "–")
    with action:
        _next(each, coder)


def _transcript_words(each: RecordingOverview) -> str:
    run = each.transcription
    if each.is_transcribing and run:
        return "waiting" if run.state == "queued" else f"in progress, {run.progress:.0%}"
    if each.transcript is None:
        return ":red[failed]" if run and run.state == "failed" else "none yet"
    return "ready" if each.speakers_known else ":orange[ready; who speaks?]"


def _pass_words(state: PassState, viewer: Coder | None) -> str:
    own = viewer is not None and state.coder.id == viewer.id
    name = plain(state.coder.name)
    again = ", not blind" if state.reopened else ""
    if state.submitted_at is not None:
        return f":green[:material/check_circle:] {name} · submitted{again}"
    if not own:
        return f":gray[:material/circle:] {name} · {'opened again' if state.reopened else 'not yet'}{again}"
    if state.coding_pass is None:
        return f":gray[:material/circle:] **{name}** · not begun"
    so_far = f"{plural(state.n_judgements or 0, 'judgement')} so far"
    return f":primary[:material/edit:] **{name}** · {'opened again, ' if state.reopened else ''}{so_far}"


def _next(each: RecordingOverview, coder: Coder | None) -> None:
    step = each.next_step(coder.id if coder else None)
    if step is NextStep.OTHERS:
        st.caption("Waits for a second observer" if coder else "Choose an observer")
        return
    if step is NextStep.NOTHING:
        st.caption("Nothing more to do")
        return
    if step is NextStep.TRANSCRIBE and not context.allows(Action.TRANSCRIBE):
        st.caption("Waits for its transcript")
        return
    label, page = STEPS[step]
    own = each.state_of(coder.id) if coder else None
    if step is NextStep.CODE and own and own.coding_pass:
        label = "Go on coding"
    if st.button(label, key=f"next-{each.recording.id}", width="stretch"):
        st.switch_page(page, query_params={"recording": each.recording.id})


if __name__ == "__main__":
    show()
