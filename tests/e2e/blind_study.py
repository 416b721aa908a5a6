"""A study of two observers with accounts, and markers that only what one of them judged contains."""

import re
import shutil
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coding_app.domain.people import Role
from coding_app.settings import read_settings
from coding_app.store import transcripts
from coding_app.workflows import accounts, members, overview
from coding_app.workflows import study as studies
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.wiring import open_app
from tests.builders import a_transcript
from tests.e2e.watched import Marker

SCHEME = Path(__file__).parents[1] / "fixtures" / "blind-markers.yaml"
PASSWORD = "correct horse battery"
LEAD, ANN, BEN = "Ruth", "Ann", "Ben"
N_SEGMENTS, LENGTH_MS = 12, 48_000
# What Ann does that nobody else does: typed words, a stretch with its times, ids and moments of her events.
NOTE, CODE_NOTE = "Zettelkasten lila Dampfer", "Randbemerkung gelber Esel"
DRAWN, DRAWN_AT = "x-" + "feedface" * 4, (21_317, 27_893)
EVENT, AT = "event-kranich-0", "2026-11-07T03:44:51.773Z"


@dataclass(frozen=True)
class Given:
    """What there is before anybody codes."""

    study_id: str
    recording_id: str
    transcript_id: str


def given_a_blind_study(data_dir: Path) -> Given:
    """Ruth leads, Ann and Ben code; one recording with its transcript."""
    settings = read_settings({}, data_dir)
    settings.own_schemes_dir.mkdir(parents=True)
    shutil.copy(SCHEME, settings.own_schemes_dir)
    with open_app(settings) as app:
        study = studies.create_study(app, "Blind pair", "blind-markers")
        recording = add_file(app, study.id, _silence(data_dir / "session.wav"), label="C-1")
        transcript = a_transcript(recording.id, N_SEGMENTS, duration_ms=recording.duration_ms)
        with app.store.write() as tx:
            transcripts.add_transcript(tx, transcript)
        accounts.create_first_account(app, LEAD, "", PASSWORD)
        for name in (ANN, BEN):
            accounts.add_account(app, name, password=PASSWORD)
            members.add_person(app, study.id, name, Role.CODER)
        assert len(overview.coders(app, study.id)) == 3
    return Given(study.id, recording.id, transcript.id)


def _silence(path: Path) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8_000)
        out.writeframes(bytes(2 * 8 * LENGTH_MS))
    return path


def anns_events(pass_id: str) -> list[dict[str, Any]]:
    """What Ann judges beside what she types: codes, a drawn stretch, a rating; 13 judgements."""
    segments = [
        _event(pass_id, n, _segment(n), "colour", "only_ann_gives_this" if n % 3 else "both_give_this")
        for n in range(2, N_SEGMENTS + 1)
    ]
    segments[0]["note"] = CODE_NOTE
    drawn = {"key": DRAWN, "start_ms": DRAWN_AT[0], "end_ms": DRAWN_AT[1]}
    return [*segments, _event(pass_id, 90, drawn, "weather", "only_ann_draws_this"), _rating(pass_id, 91, 5)]


def bens_events(pass_id: str) -> list[dict[str, Any]]:
    """What Ben judges: what both give, and the rating that his pass still needs."""
    events = [
        _event(pass_id, n, _segment(n), "colour", "both_give_this") for n in range(3, N_SEGMENTS + 1, 3)
    ]
    events.append(_rating(pass_id, 91, 2))
    return [each | {"id": f"ben-{each['id'][-2:]}", "at": "2026-11-08T10:00:00.000Z"} for each in events]


def _segment(number: int) -> dict[str, Any]:
    return {"key": f"s-{number:04}", "start_ms": 4_000 * (number - 1), "end_ms": 4_000 * number}


def _event(pass_id: str, number: int, unit: dict[str, Any], criterion: str, code: str) -> dict[str, Any]:
    codes = [{"code": code, "attributes": {}, "links": []}]
    return {"id": f"{EVENT}{number:02}", "pass_id": pass_id, "unit": unit, "criterion": criterion,
            "codes": codes, "value": None, "note": None, "at": AT}  # fmt: skip


def _rating(pass_id: str, number: int, value: int) -> dict[str, Any]:
    unit = {"key": "session", "start_ms": 0, "end_ms": LENGTH_MS}
    return _event(pass_id, number, unit, "ease", "") | {"codes": [], "value": value}


def markers(n_judgements: int, n_events: int) -> dict[str, Marker]:
    """By name. Codes are told from those in the codebook by the form that they have in a judgement."""
    plain = {"note": NOTE, "note of a code": CODE_NOTE, "stretch": DRAWN, "event": EVENT, "moment": AT[:-1]}
    found = {name: (text, re.escape(text)) for name, text in plain.items()}
    found |= {f"time {at}": (f"{at}", rf"(?<![0-9A-Za-z]){at}(?![0-9A-Za-z])") for at in DRAWN_AT}
    for code in ("only_ann_gives_this", "only_ann_draws_this"):
        found[code] = (f'"{code}"', rf'"codes?"\s*:\s*\[?\s*"{code}"')
    found["number of judgements"] = (f"{n_judgements} judgement", rf"(?<!\d){n_judgements} judgement")
    found["number of events"] = ('"n_events"', rf'"n_events"\s*:\s*{n_events}\b')
    return {
        name: Marker(literal.encode(), re.compile(pattern.encode()))
        for name, (literal, pattern) in found.items()
    }


# The names of Ann's codes: they stand in the codebook, which everybody reads, and nowhere else before it is time.
LABELS = re.compile(b"Zinnoberrot|Nebelbank|only_ann_gives_this|only_ann_draws_this")
