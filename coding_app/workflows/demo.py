"""The demo study: a made-up session, its reference transcript and two observers' complete passes."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from coding_app.domain.recording import Recording, Study
from coding_app.domain.transcript import Segment, Transcript
from coding_app.domain.units import SESSION_KEY
from coding_app.errors import StoreError
from coding_app.exchange.transcripts import read_transcript_json
from coding_app.media.decode import decode_to_pcm, open_pcm
from coding_app.media.peaks import write_peaks
from coding_app.store import recordings, studies, transcripts
from coding_app.workflows import code_session, study
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.permission import by_the_machine
from coding_app.workflows.wiring import App

TITLE = "Demo study"
STUDY_ID = uuid5(NAMESPACE_URL, "coding-app demo study").hex
LAST = "Observer C"  # added last: where this observer is, the demo is complete
DEMO_DIRS = tuple(Path(__file__).parents[2] / "data" / name for name in ("demo", "demo2"))


@by_the_machine
def add_demo(app: App) -> Study | None:
    """Adds the demo study, or what an interrupted start left out of it; None when it is all there.

    Goes through the same workflows as a person: add, transcript, roles, two passes coded and submitted, and a
    third observer who has not begun. Raises StoreError when the demo's files are missing.
    """
    demo = _study(app)
    coders = _coders(app)
    if LAST in coders:
        return None
    folders = [folder for folder in DEMO_DIRS if folder.is_dir()]
    if not folders:
        raise StoreError(f"The demo's files are not in {DEMO_DIRS[0]}; start without --demo.")
    with ThreadPoolExecutor() as waveforms:
        drawn = [
            waveforms.submit(_make_peaks, app, _add_session(app, folder, f"Session {number}", coders))
            for number, folder in enumerate(folders, start=1)
        ]
    for each in drawn:
        each.result()
    study.add_coder(app, STUDY_ID, LAST)
    return demo


def _study(app: App) -> Study:
    with app.store.write() as tx:
        known = studies.list_studies(tx)
        for each in known:
            if each.id == STUDY_ID:
                return each
        taken = {each.title.casefold() for each in known}
        title = next(
            t for n in count(1) if (t := TITLE if n == 1 else f"{TITLE} {n}").casefold() not in taken
        )
        demo = Study(STUDY_ID, title, study.DEFAULT_SCHEME)
        studies.add_study(tx, demo)
        return demo


def _coders(app: App) -> dict[str, str]:
    with app.store.read() as tx:
        return {each.name: each.id for each in studies.list_coders(tx, STUDY_ID)}


def _add_session(app: App, folder: Path, label: str, coders: dict[str, str]) -> str:
    """Adds one session with its passes, as far as it is not there, and returns the recording's sha256."""
    recording = _recording(app, next(path for path in sorted(folder.glob("session.*"))), label)
    with app.store.read() as tx:
        has_transcript = transcripts.current_transcript(tx, recording.id) is not None
    if not has_transcript:
        _add_transcript(app, recording.id, folder, recording.duration_ms)
    for path in sorted(folder.glob("coder-*.json")):
        coding = json.loads(path.read_text("utf-8"))
        name = coding["coder"]
        if name not in coders:
            coders[name] = study.add_coder(app, STUDY_ID, name).id
        _code(app, recording.id, coders[name], coding)
    return recording.sha256


def _recording(app: App, source: Path, label: str) -> Recording:
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    with app.store.read() as tx:
        known = recordings.find_recording(tx, STUDY_ID, sha256)
    return known or add_file(app, STUDY_ID, source, label=label)


def _make_peaks(app: App, sha256: str) -> None:
    app.settings.work_dir.mkdir(parents=True, exist_ok=True)
    raw = app.settings.work_dir / f"demo-{uuid4().hex}.pcm"
    try:
        decode_to_pcm(app.vault.source(sha256), raw)
        write_peaks(open_pcm(raw), app.vault.derived(sha256, "peaks.i8"))
    finally:
        raw.unlink(missing_ok=True)


def _add_transcript(app: App, recording_id: str, folder: Path, duration_ms: int) -> None:
    text = (folder / "transcript.json").read_text("utf-8")
    header = json.loads(text)
    segments: tuple[Segment, ...] = tuple(read_transcript_json(text))
    transcript = Transcript(
        id=uuid4().hex,
        recording_id=recording_id,
        revision=0,
        engine=header["engine"],
        model=header["model"],
        language=header["language"],
        duration_ms=duration_ms,
        created_at=datetime.now(UTC),
        segments=segments,
        speakers=json.loads((folder / "speakers.json").read_text("utf-8")),
    )
    with app.store.write() as tx:
        transcripts.add_transcript(tx, transcript)


def _code(app: App, recording_id: str, coder_id: str, coding: dict[str, Any]) -> None:
    coding_pass = code_session.open_pass(app, recording_id, coder_id)
    if coding_pass.submitted_at is not None:
        return
    state = code_session.bootstrap(app, coding_pass.id)
    units = {each["key"]: each for each in [*state["transcript"]["segments"], *state["units"]]}
    events = [
        _event(coding_pass.id, units[each["unit"]], each["criterion"], each["codes"], None)
        for each in coding["judgements"]
    ]
    for each in coding["ratings"]:
        unit = units[each["unit"] if each["unit"] in units else SESSION_KEY]
        codes = (
            []
            if each.get("value") is not None
            else [{"code": "not_applicable", "attributes": {}, "links": []}]
        )
        events.append(_event(coding_pass.id, unit, each["rating"], codes, each.get("value")))
    code_session.record(app, coding_pass.id, events)
    code_session.submit(app, coding_pass.id)


def _event(
    pass_id: str, unit: dict[str, Any], criterion: str, codes: list[dict[str, Any]], value: int | None
) -> dict[str, Any]:
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{pass_id}/{unit['key']}/{criterion}")),
        "pass_id": pass_id,
        "unit": {"key": unit["key"], "start_ms": unit["start_ms"], "end_ms": unit["end_ms"]},
        "criterion": criterion,
        "codes": codes,
        "value": value,
        "note": None,
        "at": datetime.now(UTC).isoformat(),
    }
