"""Two studies with people in every role, and what they have: for asking who may reach what."""

from dataclasses import dataclass
from uuid import uuid4

from coding_app.domain.coding import CodingPass
from coding_app.domain.people import NOBODY, Account, Actor, Role
from coding_app.domain.recording import Recording
from coding_app.store import accounts, studies, transcriptions, transcripts
from coding_app.workflows import code_session
from coding_app.workflows.members import join
from coding_app.workflows.wiring import App
from tests.builders import NOON, a_transcription
from tests.workflows.coding import all_ratings, given_a_recording

PASSWORD = "correct horse battery"
OUTSIDER, SIGNED_OUT, ADMINISTRATOR = "outsider", "signed out", "administrator"
IN_THE_STUDY = tuple(Role)
EVERYBODY = (*IN_THE_STUDY, OUTSIDER, ADMINISTRATOR, SIGNED_OUT)
MARKERS = ("Case 7", "first meeting.wav", "Observer A")  # nobody outside may read these anywhere


@dataclass(frozen=True, slots=True)
class World:
    """What there is. people: by role, and an outsider, who leads another study, and an administrator without one."""

    app: App
    people: dict[str, Account]
    recording: Recording
    study_id: str
    observer_id: str
    transcript_id: str
    transcription_id: str
    passes: dict[str, CodingPass]
    submitted: CodingPass

    def actor(self, who: str) -> Actor:
        if who == SIGNED_OUT:
            return NOBODY
        account = self.people[who]
        with self.app.store.read() as tx:
            places = accounts.memberships_of(tx, account.id)
        return Actor(account.id, account.name, administrator=account.administrator, memberships=places)

    def acting(self, who: str) -> App:
        return self.app.acting(self.actor(who))

    def coder_id(self, who: str) -> str:
        """The observer that somebody is in this study; for those who are none there, the coder's."""
        place = self.actor(who).membership(self.study_id)
        return place.coder_id if place and place.coder_id else self.coder_id(Role.CODER)

    def pass_of(self, who: str) -> CodingPass:
        return self.passes.get(who, self.passes[Role.CODER])


def an_account(app: App, name: str, **given: bool) -> Account:
    account = Account(uuid4().hex, name, f"{name.lower()}@example.org", **given)
    with app.store.write() as tx:
        accounts.add_account(tx, account, None, NOON)
    return account


def given_a_world(app: App) -> World:
    """Everybody but the viewer and those outside has an open pass; "Observer A" has submitted one."""
    recording, observer_id = given_a_recording(app)
    other, _ = given_a_recording(app)
    people = {role: an_account(app, role.capitalize()) for role in Role}
    people[OUTSIDER] = an_account(app, "Otto")
    people[ADMINISTRATOR] = an_account(app, "Ada", administrator=True)
    with app.store.write() as tx:
        study_id = studies.get_session(tx, recording.session_id).study_id
        for role in Role:
            join(tx, people[role], study_id, role, None)
        join(tx, people[OUTSIDER], studies.get_session(tx, other.session_id).study_id, Role.LEAD, None)
    submitted = code_session.open_pass(app, recording.id, observer_id)
    code_session.record(app, submitted.id, all_ratings(submitted))
    code_session.submit(app, submitted.id)
    run = a_transcription(recording.id, state="failed")
    with app.store.write() as tx:
        transcriptions.add_transcription(tx, run)
        transcript = transcripts.current_transcript(tx, recording.id)
    assert transcript is not None
    world = World(app, people, recording, study_id, observer_id, transcript.id, run.id, {}, submitted)
    for role in (Role.LEAD, Role.CODER, Role.TRAINER):
        world.passes[role] = code_session.open_pass(app, recording.id, world.coder_id(role))
    return world
