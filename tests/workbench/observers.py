"""Other observers' passes beside the one that a bench has open, coded and submitted, for the tests of comparing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from coding_app.store import passes, recordings, studies, transcripts
from coding_app.workflows import code_session, study
from tests.builders import an_id
from tests.workbench.conftest import Bench

_DRAWN = count(1)


@dataclass(frozen=True)
class Given:
    """One judgement; on a segment's number, a drawn (start_ms, end_ms), or a unit's key."""

    where: int | tuple[int, int] | str
    criterion: str
    code: str | None = None
    attributes: Mapping[str, Any] | None = None
    value: int | None = None
    note: str | None = None


def submit_as(bench: Bench, given: Sequence[Given], name: str | None = None) -> str:
    """Codes and submits as a new observer of this name, or (None) in the bench's own pass; the pass's id."""
    pass_id = bench.pass_id if name is None else _open_pass(bench, name)
    code_session.record(bench.app, pass_id, [_event(bench, pass_id, each) for each in given])
    return code_session.submit(bench.app, pass_id).id


def _open_pass(bench: Bench, name: str) -> str:
    with bench.app.store.read() as tx:
        mine = passes.get_pass(tx, bench.pass_id)
        study_id = studies.get_coder(tx, mine.coder_id).study_id
    coder = study.add_coder(bench.app, study_id, name)
    return code_session.open_pass(bench.app, mine.recording_id, coder.id).id


def _event(bench: Bench, pass_id: str, given: Given) -> dict[str, Any]:
    codes: list[dict[str, Any]] = [
        {"code": given.code, "attributes": dict(given.attributes or {}), "links": []}
    ]
    return {
        "id": an_id(),
        "pass_id": pass_id,
        "unit": _unit(bench, given.where),
        "criterion": given.criterion,
        "codes": codes if given.code else [],
        "value": given.value,
        "note": given.note,
        "at": datetime.now(UTC).isoformat(),
    }


def _unit(bench: Bench, where: int | tuple[int, int] | str) -> dict[str, Any]:
    if isinstance(where, tuple):
        return {"key": f"x-{next(_DRAWN):032x}", "start_ms": where[0], "end_ms": where[1]}
    if isinstance(where, int):
        return {"key": f"s-{where:04}", "start_ms": 4_000 * (where - 1), "end_ms": 4_000 * where}
    with bench.app.store.read() as tx:
        mine = passes.get_pass(tx, bench.pass_id)
        duration_ms = recordings.get_recording(tx, mine.recording_id).duration_ms
        assert transcripts.get_transcript(tx, mine.transcript_id).duration_ms == duration_ms
    return {"key": where, "start_ms": 0, "end_ms": duration_ms}


def ratings(**values: int) -> list[Given]:
    """Values of the ratings of alliance-core; 3 where none is given."""
    usual = {"strain": "b-0001", "bond": "session", "goal": "session", "task": "session"}
    return [Given(where, name, value=values.get(name, 3)) for name, where in usual.items()]


def flow_ratings(value: int = 3) -> list[Given]:
    """Values of the ratings of session-flow."""
    return [Given("b-0001", "involvement", value=value), Given("session", "flow", value=value)]
