"""What stands before every workflow: who asks, what they want to do, and in which study.

`@allowed(Action.X, of="recording_id")` looks up the study that the argument belongs to and asks `domain.people.may`.
Arguments are checked by what they are called, so that no workflow can forget it: a `coder_id` must be the actor's own,
a `pass_id` one of their own passes, and a `viewer_id` of None (who does not code) needs a role of its own.
A study that the actor is not in looks as if it did not exist.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any, Final, ParamSpec, TypeVar

from coding_app.domain.coding import Purpose
from coding_app.domain.people import Action, Actor, may
from coding_app.errors import AccessError, SignedOutError
from coding_app.store import Tx, passes, recordings, studies, transcriptions, transcripts
from coding_app.store.statements import not_found
from coding_app.workflows import study_access
from coding_app.workflows.wiring import App

P = ParamSpec("P")
R = TypeVar("R")
RULE: Final = "__allowed__"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a workflow asks for. action None: only this machine itself does it (jobs, the start of a server).

    of: the argument that says in which study; None: it concerns the whole server.
    """

    action: Action | None
    of: str | None = None


def _of_recording(tx: Tx, recording_id: str) -> str:
    return recordings.study_of(tx, recording_id)


def _of_pass(tx: Tx, pass_id: str) -> str:
    return recordings.study_of(tx, passes.get_pass(tx, pass_id).recording_id)


def _of_transcript(tx: Tx, transcript_id: str) -> str:
    return recordings.study_of(tx, transcripts.get_header(tx, transcript_id).recording_id)


def _of_transcription(tx: Tx, transcription_id: str) -> str:
    return recordings.study_of(tx, transcriptions.get_transcription(tx, transcription_id).recording_id)


# argument -> the recording that it is about
_RECORDING_OF: dict[str, Callable[[Tx, str], str]] = {
    "recording_id": lambda tx, key: key,
    "recording": lambda tx, key: key,
    "pass_id": lambda tx, key: passes.get_pass(tx, key).recording_id,
    "transcript_id": lambda tx, key: transcripts.get_header(tx, key).recording_id,
}
# in a study with a plan these reach one's own sessions only
_OF_ONES_OWN = frozenset({Action.CODE, Action.LISTEN, Action.SEE_RECORDINGS, Action.EDIT_TRANSCRIPT})

# argument -> what it is called on screen, and the study that it belongs to
KINDS: dict[str, tuple[str, Callable[[Tx, str], str]]] = {
    "study_id": ("study", lambda tx, key: studies.get_study(tx, key).id),
    "recording_id": ("recording", _of_recording),
    "recording": ("recording", _of_recording),
    "pass_id": ("coding pass", _of_pass),
    "submitted_pass_id": (
        "coding pass",
        _of_pass,
    ),  # of whomever: for what a lead does to it without looking into it
    "transcript_id": ("transcript", _of_transcript),
    "transcription_id": ("transcription", _of_transcription),
    "coder_id": ("observer", lambda tx, key: studies.get_coder(tx, key).study_id),
}


def allowed(action: Action, of: str | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Lets a workflow run only for those who may; `of` names the argument that belongs to a study.

    The workflow then raises AccessError for a role that does not allow it, and NotFoundError, as for something that
    is not there, for a study of others.
    """

    def decorate(work: Callable[P, R]) -> Callable[P, R]:
        names = signature(work)
        assert of is None or (of in names.parameters and of in KINDS), work.__qualname__

        @wraps(work)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            app = args[0] if args else kwargs["app"]
            assert isinstance(app, App)
            if not app.actor.everything:
                given = names.bind(*args, **kwargs)
                given.apply_defaults()
                check(app, action, of, given.arguments)
            return work(*args, **kwargs)

        setattr(checked, RULE, Rule(action, of))
        return checked

    return decorate


def by_the_machine(work: Callable[P, R]) -> Callable[P, R]:
    """For what no person asks for: jobs, and what a server does when it starts."""

    @wraps(work)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        app = args[0] if args else kwargs["app"]
        assert isinstance(app, App)
        if not app.actor.everything:
            raise AccessError("Only the server itself may do this.")
        return work(*args, **kwargs)

    setattr(checked, RULE, Rule(None))
    return checked


def check(app: App, action: Action, of: str | None, given: Mapping[str, Any]) -> None:
    """Raises AccessError or NotFoundError unless the actor may do this with these arguments."""
    actor = app.actor
    if actor.everything:
        return
    if actor.account_id is None:
        raise SignedOutError("You are not signed in; sign in and try again.")
    if of is None and not {"coder_id", "pass_id", "viewer_id"} & set(given):
        _check_role(actor, action, None)
        return
    with app.store.read() as tx:  # one transaction for all questions: this stands before everything
        study_id = key = None
        if of is not None:
            key = given[of] if isinstance(given[of], str) else given[of].id
            study_id = _study_of(tx, actor, of, key)
        _check_role(actor, action, study_id)
        _check_own(tx, actor, action, study_id, given)
        if key is not None and of in _RECORDING_OF and action in _OF_ONES_OWN:
            study_access.check_theirs(tx, actor, _RECORDING_OF[of](tx, key))


def _check_role(actor: Actor, action: Action, study_id: str | None) -> None:
    if not may(actor, action, study_id):
        where = "" if study_id is None else " in this study"
        raise AccessError(f"Your role{where} does not allow you to {action.value}; ask the lead.")


def _study_of(tx: Tx, actor: Actor, of: str, key: str) -> str:
    """The study it belongs to. Raises NotFoundError when it is not there, or in a study of others."""
    called, find = KINDS[of]
    study_id = find(tx, key)
    if not actor.knows(study_id):
        raise not_found(called, key)
    return study_id


def _check_own(tx: Tx, actor: Actor, action: Action, study_id: str | None, given: Mapping[str, Any]) -> None:
    """Nobody acts under another's name, or sees through another's eyes."""
    coder_id, pass_id = given.get("coder_id"), given.get("pass_id")
    if coder_id is not None and not actor.is_coder(coder_id):
        raise AccessError("This is another observer's; you can work under your own name only.")
    if pass_id is not None:
        owner = passes.get_pass(tx, pass_id).coder_id
        if not actor.is_coder(owner):
            raise AccessError("This pass belongs to another observer; open your own from the Code page.")
    if "viewer_id" in given and study_id is not None:
        _check_viewer(tx, actor, action, study_id, given["viewer_id"])


def _check_viewer(tx: Tx, actor: Actor, action: Action, study_id: str, viewer_id: str | None) -> None:
    """viewer_id None sees the codings of all: not for those who code blind, and not while one codes oneself."""
    if viewer_id is not None:
        if not actor.is_coder(viewer_id):
            raise AccessError("This is another observer's view; you see the study under your own name only.")
        return
    if action not in (Action.SEE_AGREEMENT, Action.EXPORT):
        return  # what is shown of a study's progress is least for who does not code
    if not may(actor, Action.SEE_ALL_CODINGS, study_id):
        raise AccessError(
            "You see the others' coding of a recording once you have submitted your own; ask the lead for more."
        )
    place = actor.membership(study_id)
    coder_id = place.coder_id if place else None
    own = passes.list_passes(tx, study_id=study_id, coder_id=coder_id) if coder_id else ()
    if any(each.submitted_at is None and each.purpose is not Purpose.CONSENSUS for each in own):
        raise AccessError("You code in this study yourself; submit your open passes to see all codings.")
