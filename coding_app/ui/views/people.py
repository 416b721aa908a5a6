"""The People page: who is in the study, in which role; accounts; before there are any, the way to the first one."""

import streamlit as st

from coding_app.domain.people import Account, Action, Role, may
from coding_app.domain.recording import Study
from coding_app.store.accounts import Member
from coding_app.ui import context, gate, same_tab
from coding_app.ui.parts.words import plain
from coding_app.workflows import accounts, members

_NAME, _EMAIL, _ROLE, _OBSERVER, _TOLD = (
    "person-name",
    "person-email",
    "person-role",
    "person-observer",
    "told",
)
WIDTHS = [3, 3, 2.4, 3.6]
ROLE_HELP = {
    Role.LEAD: "runs the study: people, recordings, scheme, exports",
    Role.CODER: "codes blind, under their own name",
    Role.TRAINER: "codes, transcribes, sees all submitted codings",
    Role.VIEWER: "listens to released moments only",
}


def show() -> None:
    """Draws the page."""
    st.title("People")
    if not context.has_accounts():
        _before_accounts()
        return
    _told()
    study = context.study()
    if study is not None and context.allows(Action.MANAGE_PEOPLE):
        _study(study)
    else:
        st.info("You lead none of your studies that is open here.", icon=":material/group:")
    if may(context.app().actor, Action.MANAGE_ACCOUNTS):
        _all_accounts()


def _before_accounts() -> None:
    st.write(
        "Only you use this app, on this computer: nobody has to sign in, and whoever sits here may choose any "
        "observer's name. That is fine for one person, and for trying things out."
    )
    st.write(
        "As soon as others work here too, make accounts. Everybody then signs in, has a role in each study, and codes "
        "under their own name; the observers that there are can be given to the people they stand for."
    )
    same_tab.link("Make the first account", gate.SET_UP, primary=True)


def _told() -> None:
    """A one-time password, shown once."""
    told = st.session_state.pop(_TOLD, None)
    if told is None:
        return
    name, password = told
    with st.container(border=True):
        st.markdown(f"One-time password for **{plain(name)}**, shown only now:")
        st.code(password, language=None)
        st.caption(
            "Tell it to them in person or by phone. At the first sign-in they choose one of their own."
        )


def _study(study: Study) -> None:
    head, action = st.columns([3, 2], vertical_alignment="center")
    head.subheader(plain(study.title))
    with (
        action.container(horizontal=True, horizontal_alignment="right"),
        st.popover("Add somebody", icon=":material/person_add:"),
    ):
        _add_form(study)
    for member in members.list_members(context.app(), study.id):
        with st.container(key=f"row-{member.account.id}"):
            _member(study, member)


def _add_form(study: Study) -> None:
    free = {each.id: each.name for each in members.free_observers(context.app(), study.id)}
    with st.form("add-person", border=False):
        st.text_input(
            "Name", key=_NAME, help="What they sign in with. An account of that name is added as it is."
        )
        st.text_input("E-mail (optional)", key=_EMAIL, help="For a sign-in with your organisation.")
        st.selectbox("Role", list(Role), index=1, key=_ROLE, format_func=_role_words, filter_mode=None)
        if free:
            st.selectbox(
                "Who they are here so far",
                ["", *free],
                key=_OBSERVER,
                format_func=lambda each: free.get(each, "nobody yet"),
                filter_mode=None,
                help="An observer from the time before accounts: what was coded under that name is theirs.",
            )
        st.form_submit_button("Add", type="primary", on_click=context.doing(_add), args=(study.id,))


def _role_words(role: Role) -> str:
    return f"{role.capitalize()}: {ROLE_HELP[role]}"


def _add(study_id: str) -> None:
    state = st.session_state
    name = state[_NAME]
    password = members.add_person(
        context.app(), study_id, name, state[_ROLE], state[_EMAIL], state.get(_OBSERVER) or None
    )
    state[_NAME] = state[_EMAIL] = ""
    if password is not None:
        state[_TOLD] = (name, password)


def _member(study: Study, member: Member) -> None:
    account = member.account
    name, email, role, actions = st.columns(WIDTHS, vertical_alignment="center")
    name.markdown(f"**{plain(account.name)}**{_marks(account)}")
    email.markdown(plain(account.email) or "–")
    key = f"role-{study.id}-{account.id}-{member.membership.role}"
    role.selectbox(
        "Role",
        list(Role),
        index=list(Role).index(member.membership.role),
        key=key,
        format_func=str.capitalize,
        label_visibility="collapsed",
        filter_mode=None,
        on_change=context.doing(_change_role),
        args=(study.id, account.id, key),
    )
    with actions.container(horizontal=True, horizontal_alignment="right"):
        _account_buttons(account, "member")
        st.button(
            "Take out",
            key=f"out-{account.id}",
            type="tertiary",
            help="What they coded stays.",
            on_click=context.doing(_take_out),
            args=(study.id, account.id),
        )


def _change_role(study_id: str, account_id: str, key: str) -> None:
    members.change_role(context.app(), study_id, account_id, st.session_state[key])


def _take_out(study_id: str, account_id: str) -> None:
    members.remove_member(context.app(), study_id, account_id)


def _marks(account: Account) -> str:
    marks = [
        *(["administrator"] if account.administrator else []),
        *(["shut"] if account.disabled else []),
        *(["has not signed in yet"] if account.must_change else []),
    ]
    return f"  \n:small[:gray[{', '.join(marks)}]]" if marks else ""


def _account_buttons(account: Account, place: str) -> None:
    st.button(
        "New password",
        key=f"reset-{place}-{account.id}",
        type="tertiary",
        help="Makes a one-time password and signs them out everywhere.",
        on_click=context.doing(_reset),
        args=(account.id,),
    )
    st.button(
        "Open" if account.disabled else "Shut",
        key=f"shut-{place}-{account.id}",
        type="tertiary",
        help="A shut account cannot sign in; what its owner did stays.",
        on_click=context.doing(_set_disabled),
        args=(account.id, not account.disabled),
    )


def _reset(account_id: str) -> None:
    made = accounts.reset_password(context.app(), account_id)
    st.session_state[_TOLD] = (made.account.name, made.password)


def _set_disabled(account_id: str, disabled: bool) -> None:
    accounts.set_disabled(context.app(), account_id, disabled)


def _all_accounts() -> None:
    st.subheader("All accounts on this server")
    st.caption("You see this as an administrator.")
    for account, places in accounts.list_accounts(context.app()):
        with st.container(key=f"row-all-{account.id}"):
            name, email, where, actions = st.columns(WIDTHS, vertical_alignment="center")
            name.markdown(f"**{plain(account.name)}**{_marks(account)}")
            email.markdown(plain(account.email) or "–")
            where.markdown(f"{len(places)} {'study' if len(places) == 1 else 'studies'}")
            with actions.container(horizontal=True, horizontal_alignment="right"):
                _account_buttons(account, "all")


if __name__ == "__main__":
    show()
