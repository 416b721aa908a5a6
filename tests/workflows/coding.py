"""A recording to code and what an observer's browser sends, for the tests of coding."""

from typing import Any

from coding_app.domain.coding import CodingPass
from coding_app.domain.recording import Recording
from coding_app.store import recordings, studies, transcripts
from coding_app.workflows import code_session
from coding_app.workflows.wiring import App
from tests.builders import a_coder, a_recording, a_session, a_study, a_transcript, an_id

SEGMENT = {"key": "s-0002", "start_ms": 4_000, "end_ms": 8_000}  # the client speaks
SESSION = {"key": "session", "start_ms": 0, "end_ms": 16_000}
BLOCK = {"key": "b-0001", "start_ms": 0, "end_ms": 16_000}
WITHDRAWAL = {
    "code": "rup_c_withdraw",
    "attributes": {"intensity": 2, "certainty": 1, "facet": "task"},
    "links": [],
}


def given_a_recording(app: App, scheme_id: str = "alliance-core", **transcript: Any) -> tuple[Recording, str]:
    """A recording with a transcript (n_segments=None: without one) and an observer of its study."""
    with app.store.write() as tx:
        study = a_study(scheme_id=scheme_id, title=f"Study {an_id()}")
        studies.add_study(tx, study)
        session, coder = a_session(study.id, label="Case 7"), a_coder(study.id, name="Observer A")
        studies.add_session(tx, session)
        studies.add_coder(tx, coder)
        recording = a_recording(session.id, duration_ms=16_000)
        recordings.add_recording(tx, recording)
        if transcript.get("n_segments", 4) is not None:
            transcripts.add_transcript(tx, a_transcript(recording.id, **transcript))
    return recording, coder.id


def given_a_pass(app: App) -> CodingPass:
    recording, coder_id = given_a_recording(app)
    return code_session.open_pass(app, recording.id, coder_id)


def an_event(coding_pass: CodingPass, **given: Any) -> dict[str, Any]:
    """A withdrawal of the client on the second segment, as the browser sends it."""
    usual = {
        "id": an_id(),
        "pass_id": coding_pass.id,
        "unit": SEGMENT,
        "criterion": "rupture",
        "codes": [WITHDRAWAL],
        "value": None,
        "note": None,
        "at": "2026-11-22T10:31:02.123Z",
    }
    return usual | given


def a_rating(coding_pass: CodingPass, rating: str, value: int) -> dict[str, Any]:
    unit = BLOCK if rating == "strain" else SESSION
    return an_event(coding_pass, unit=unit, criterion=rating, codes=[], value=value)


def all_ratings(coding_pass: CodingPass) -> list[dict[str, Any]]:
    return [a_rating(coding_pass, name, 1) for name in ("strain", "bond", "goal", "task")]


def given_another_pass(app: App, beside: CodingPass, name: str | None = None) -> CodingPass:
    """A new observer's pass on the same recording."""
    with app.store.write() as tx:
        study_id = studies.get_coder(tx, beside.coder_id).study_id
        other = a_coder(study_id, **({"name": name} if name else {}))
        studies.add_coder(tx, other)
    return code_session.open_pass(app, beside.recording_id, other.id)


def given_a_submitted_pass(app: App, beside: CodingPass | None = None, name: str | None = None) -> CodingPass:
    """A pass with every rating and nothing else, submitted."""
    opened = given_another_pass(app, beside, name) if beside else given_a_pass(app)
    code_session.record(app, opened.id, all_ratings(opened))
    return code_session.submit(app, opened.id)
