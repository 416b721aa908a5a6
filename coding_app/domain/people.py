"""Who works here, in which role, and what each role may do: the permission table of the app.

`may` is the only place that decides; the workflows ask it on every call (workflows/permission.py), so that no page,
route or command can go past it. docs/reference/permissions.md shows the same table.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Coder:
    """An observer of a study (shown as "Observer" on screen)."""

    id: str
    study_id: str
    name: str


class Role(StrEnum):
    """What somebody is in one study."""

    LEAD = "lead"
    CODER = "coder"
    TRAINER = "trainer"
    VIEWER = "viewer"


class Action(StrEnum):
    """A kind of thing that a person does; the first group within one study, the second on the whole server."""

    SEE_STUDY = "see a study"
    SEE_RECORDINGS = "see sessions and transcripts"
    LISTEN = "listen to recordings"
    HEAR_RELEASED = "listen to released moments"
    CODE = "code"
    EDIT_TRANSCRIPT = "edit transcripts"
    SEE_AGREEMENT = "see agreement"
    SEE_ALL_CODINGS = "see all submitted codings"
    EXPORT = "export"
    TRANSCRIBE = "transcribe"
    ADD_RECORDINGS = "add recordings"
    ERASE = "erase recordings"
    RULE_CONSENSUS = "rule consensus"
    SEE_AUDIT = "see the audit"
    MANAGE_STUDY = "manage a study"
    MANAGE_PEOPLE = "manage people"
    USE = "use the app"
    EDIT_SCHEMES = "edit schemes"
    CREATE_STUDY = "create studies"
    SET_UP = "change settings"
    MANAGE_ACCOUNTS = "manage accounts"


ON_THE_SERVER = frozenset(
    {Action.USE, Action.EDIT_SCHEMES, Action.CREATE_STUDY, Action.SET_UP, Action.MANAGE_ACCOUNTS}
)
_LEAD, _CODER, _TRAINER, _VIEWER = Role.LEAD, Role.CODER, Role.TRAINER, Role.VIEWER
_TEAM = frozenset({_LEAD, _CODER, _TRAINER})
ALLOWED: dict[Action, frozenset[Role]] = {
    Action.SEE_STUDY: frozenset(Role),
    Action.SEE_RECORDINGS: _TEAM,
    Action.LISTEN: _TEAM,
    Action.HEAR_RELEASED: frozenset(Role),
    Action.CODE: _TEAM,
    Action.EDIT_TRANSCRIPT: _TEAM,
    Action.SEE_AGREEMENT: _TEAM,
    Action.SEE_ALL_CODINGS: frozenset({_LEAD, _TRAINER}),
    Action.EXPORT: frozenset({_LEAD, _TRAINER}),
    Action.TRANSCRIBE: frozenset({_LEAD, _TRAINER}),
    Action.ADD_RECORDINGS: frozenset({_LEAD}),
    Action.ERASE: frozenset({_LEAD}),
    Action.RULE_CONSENSUS: frozenset({_LEAD}),
    Action.SEE_AUDIT: frozenset({_LEAD}),
    Action.MANAGE_STUDY: frozenset({_LEAD}),
    Action.MANAGE_PEOPLE: frozenset({_LEAD}),
    # on the whole server: who has this role in at least one study
    Action.USE: frozenset(Role),
    Action.EDIT_SCHEMES: frozenset({_LEAD, _TRAINER}),
    Action.CREATE_STUDY: frozenset({_LEAD}),
    Action.SET_UP: frozenset({_LEAD}),
    Action.MANAGE_ACCOUNTS: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who signs in. name: what they sign in with, once per server; email: for a sign-in elsewhere, or "".

    administrator: may make studies and accounts and reset passwords on the whole server, and has no role in a study
    by that. must_change: the password was made by somebody else and opens nothing but the page that changes it.
    """

    id: str
    name: str
    email: str = ""
    administrator: bool = False
    disabled: bool = False
    must_change: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """An account's role in a study. coder_id: under whom it codes there; None for a viewer."""

    account_id: str
    study_id: str
    role: Role
    coder_id: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. everything: this machine itself: its commands, its jobs, and everybody while there are no accounts."""

    account_id: str | None
    name: str
    everything: bool = False
    administrator: bool = False
    memberships: tuple[Membership, ...] = ()

    def membership(self, study_id: str) -> Membership | None:
        """The actor's place in this study, None for none."""
        return next((each for each in self.memberships if each.study_id == study_id), None)

    def knows(self, study_id: str) -> bool:
        """Whether the study exists for the actor at all."""
        return self.everything or self.membership(study_id) is not None

    def is_coder(self, coder_id: str) -> bool:
        """Whether the actor may act under this observer's name."""
        return self.everything or any(each.coder_id == coder_id for each in self.memberships)


THIS_MACHINE = Actor(None, "this machine", everything=True)
NOBODY = Actor(None, "nobody")


def may(actor: Actor, action: Action, study_id: str | None = None) -> bool:
    """Whether the actor may do this, in this study (None: on the server); signed out means nothing at all.

    >>> lead = Actor("a", "Ruth", memberships=(Membership("a", "s", Role.LEAD, "c"),))
    >>> may(lead, Action.ERASE, "s"), may(lead, Action.ERASE, "t"), may(NOBODY, Action.USE)
    (True, False, False)
    """
    if actor.everything:
        return True
    if actor.account_id is None:
        return False
    if action in ON_THE_SERVER:
        anywhere = any(each.role in ALLOWED[action] for each in actor.memberships)
        return anywhere or actor.administrator or action is Action.USE
    place = actor.membership(study_id) if study_id is not None else None
    return place is not None and place.role in ALLOWED[action]


def may_reset(actor: Actor, account: Account, studies: frozenset[str]) -> bool:
    """Whether the actor may give this account a new password, disable it or enable it.

    studies: those the account is in. A lead may do it for people who are in no study but the lead's own: a password
    opens all that its owner may see.
    """
    if actor.everything or may(actor, Action.MANAGE_ACCOUNTS):
        return True
    if account.administrator or not studies:
        return False
    return all(may(actor, Action.MANAGE_PEOPLE, each) for each in studies)
