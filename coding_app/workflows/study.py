"""Setting up a study and its observers."""

from uuid import uuid4

from coding_app.domain.people import Coder
from coding_app.domain.recording import Study
from coding_app.errors import InputError, NotFoundError
from coding_app.schemes import find_scheme, scheme_folders
from coding_app.store import passes, studies
from coding_app.workflows.wiring import App

MAX_NAME = 80
DEFAULT_SCHEME = "alliance-core"


def _checked(name: str, what: str) -> str:
    clean = " ".join(name.split())
    if not clean:
        raise InputError(f"The {what} is empty; give it a name.")
    if len(clean) > MAX_NAME:
        raise InputError(f"The {what} has {len(clean)} characters; shorten it to {MAX_NAME} at most.")
    return clean


def create_study(app: App, title: str, scheme_id: str = DEFAULT_SCHEME) -> Study:
    """A new study that codes with the scheme; raises InputError for an empty, long or taken title."""
    study = Study(uuid4().hex, _checked(title, "study's title"), scheme_id)
    with app.store.write() as tx:
        if any(each.title.casefold() == study.title.casefold() for each in studies.list_studies(tx)):
            raise InputError(f"There is a study called '{study.title}' already; choose another title.")
        studies.add_study(tx, study)
    return study


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


def may_change_scheme(app: App, study_id: str) -> bool:
    """Whether nobody has begun to code in the study."""
    with app.store.read() as tx:
        return not passes.list_passes(tx, study_id=study_id)


def add_coder(app: App, study_id: str, name: str) -> Coder:
    """A new observer of the study; raises InputError for an empty, long or taken name."""
    coder = Coder(uuid4().hex, study_id, _checked(name, "observer's name"))
    with app.store.write() as tx:
        studies.add_coder(tx, coder)
    return coder


def find_study(app: App, title: str) -> Study:
    """The study with this title; raises NotFoundError that lists the studies there are."""
    with app.store.read() as tx:
        known = studies.list_studies(tx)
    for study in known:
        if study.title == title:
            return study
    titles = ", ".join(f"'{study.title}'" for study in known) or "none yet; make one on the Study page"
    raise NotFoundError(f"There is no study called '{title}'; the studies here are: {titles}.")
