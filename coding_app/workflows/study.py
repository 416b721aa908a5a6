"""Setting up a study and its observers."""

from uuid import uuid4

from coding_app.domain.people import Action, Coder, Role
from coding_app.domain.recording import Study
from coding_app.errors import InputError, NotFoundError
from coding_app.schemes import find_scheme, scheme_folders
from coding_app.store import accounts, passes, studies
from coding_app.workflows.members import join
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App

MAX_NAME = 80
DEFAULT_SCHEME = "alliance-core"


def checked_name(name: str, what: str) -> str:
    """The name with its spaces in order; raises InputError for an empty or long one. what: the word for it."""
    clean = " ".join(name.split())
    if not clean:
        raise InputError(f"The {what} is empty; give it a name.")
    if len(clean) > MAX_NAME:
        raise InputError(f"The {what} has {len(clean)} characters; shorten it to {MAX_NAME} at most.")
    return clean


@allowed(Action.CREATE_STUDY)
def create_study(app: App, title: str, scheme_id: str = DEFAULT_SCHEME) -> Study:
    """A new study that codes with the scheme, led by who makes it.

    Raises InputError for an empty, long or taken title.
    """
    study = Study(uuid4().hex, checked_name(title, "study's title"), scheme_id)
    with app.store.write() as tx:
        if any(each.title.casefold() == study.title.casefold() for each in studies.list_studies(tx)):
            raise InputError(f"There is a study called '{study.title}' already; choose another title.")
        studies.add_study(tx, study)
        if app.actor.account_id is not None:
            join(tx, accounts.get_account(tx, app.actor.account_id), study.id, Role.LEAD, None)
    return study


@allowed(Action.MANAGE_STUDY, of="study_id")
def change_scheme(app: App, study_id: str, scheme_id: str) -> None:
    """Lets the study code with another scheme; only while no pass is open or submitted in it.

    Raises InputError once coding has begun, SchemeError for a scheme that is not there, NotFoundError.
    """
    find_scheme(scheme_folders(app.settings.own_schemes_dir), scheme_id)
    with app.store.write() as tx:
        if passes.list_passes(tx, study_id=study_id):
            raise InputError(
                "Coding has begun in this study, so its scheme stays; make another study for another scheme."
            )
        studies.set_scheme(tx, study_id, scheme_id)


@allowed(Action.SEE_STUDY, of="study_id")
def may_change_scheme(app: App, study_id: str) -> bool:
    """Whether nobody has begun to code in the study."""
    with app.store.read() as tx:
        return not passes.list_passes(tx, study_id=study_id)


@allowed(Action.MANAGE_PEOPLE, of="study_id")
def add_coder(app: App, study_id: str, name: str) -> Coder:
    """A new observer of the study; raises InputError for an empty, long or taken name."""
    coder = Coder(uuid4().hex, study_id, checked_name(name, "observer's name"))
    with app.store.write() as tx:
        studies.add_coder(tx, coder)
    return coder


@allowed(Action.USE)
def find_study(app: App, title: str) -> Study:
    """The study with this title; raises NotFoundError that lists the studies there are."""
    with app.store.read() as tx:
        known = [each for each in studies.list_studies(tx) if app.actor.knows(each.id)]
    for study in known:
        if study.title == title:
            return study
    titles = ", ".join(f"'{study.title}'" for study in known) or "none yet; make one on the Study page"
    raise NotFoundError(f"There is no study called '{title}'; the studies here are: {titles}.")
