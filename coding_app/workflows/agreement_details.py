"""One question of a study looked at closely: observer against observer, over time, and against the tolerance."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from coding_app.agreement.drift import DriftPoint, drift_over_time
from coding_app.agreement.matrix import FloatArray
from coding_app.domain.coding import Purpose
from coding_app.domain.people import Action
from coding_app.errors import NotFoundError
from coding_app.exchange.certificate import ConfusionRecord, CurveRecord, PairRecord
from coding_app.store import passes, transcripts
from coding_app.workflows.assess_agreement import PARAMETERS, Choice, chosen_data
from coding_app.workflows.observer_tables import confusions, pairs, span_observers
from coding_app.workflows.permission import allowed
from coding_app.workflows.questions import Question
from coding_app.workflows.reliability_data import (
    CodedRecording,
    StudyData,
    of_one_major,
    read_pass,
)
from coding_app.workflows.span_runs import curves_of_run, span_coding
from coding_app.workflows.study_questions import study_questions
from coding_app.workflows.table_runs import (
    columns_of_run,
    matrices_of_run,
    numbers_of_matrix,
    table_of_rows,
)
from coding_app.workflows.wiring import App

REFERENCE = "Reference coding"


@dataclass(frozen=True, slots=True)
class Observers:
    """Every two observers on one question: their coefficient, and who gave what. labels: value -> words."""

    pairs: tuple[PairRecord, ...]
    confusions: tuple[ConfusionRecord, ...]
    labels: dict[str, str]


@allowed(Action.SEE_AGREEMENT, of="study_id")
def compare_observers(app: App, study_id: str, viewer_id: str | None, choice: Choice, key: str) -> Observers:
    """Observer against observer on one question; raises NotFoundError when there is no such one."""
    data = chosen_data(app, study_id, viewer_id, choice)
    question = _question(data, key)
    table = table_of_rows(question.rows).columns
    if question.run.spans:
        coding, _ = span_coding(table_of_rows(question.rows), question.run)
        return Observers(*span_observers(coding), labels={code.id: code.label for code in data.scheme.codes})
    (matrix,) = matrices_of_run(columns_of_run(table, question.run), question.run)
    labels = {code.id: code.label for code in data.scheme.codes} | {"0": "absent", "1": "present"}
    if question.run.level != "nominal":
        labels = {}
    return Observers(pairs(matrix, question.run), confusions(matrix, question.run), labels)


@allowed(Action.SEE_AGREEMENT, of="study_id")
def drift_of_question(
    app: App, study_id: str, viewer_id: str | None, choice: Choice, key: str, window: int
) -> tuple[DriftPoint, ...]:
    """Each observer against the others, and against the reference coding where there is one, by date.

    A session's date is the day on which the last of its compared passes was submitted. window: sessions per point.
    Raises NotFoundError when there is no such question.
    """
    data = chosen_data(app, study_id, viewer_id, choice)
    question = _question(data, key)
    rows = question.rows
    referenced = _with_reference(app, data)
    if referenced.recordings:
        rows += _question(referenced, key).rows
    columns = columns_of_run(table_of_rows(rows).columns, question.run)
    (matrix,) = matrices_of_run(columns, question.run)
    values, _, _ = numbers_of_matrix(matrix, question.run)
    days = _dates(data)
    sessions = [str(columns.session.labels[each]) for each in matrix.session.tolist()]
    observers = [name for name in matrix.coders if name != REFERENCE]
    points = drift_over_time(
        _of(values, matrix.coders, observers),
        [days[each] for each in sessions],
        sessions,
        coders=observers,
        level=question.run.level,
        reference=_reference(values, matrix.coders),
        window=window,
    )
    return tuple(points)


@allowed(Action.SEE_AGREEMENT, of="study_id")
def tolerance_of_question(
    app: App, study_id: str, viewer_id: str | None, choice: Choice, key: str
) -> tuple[CurveRecord, ...]:
    """Agreement on drawn spans or moments against the tolerance; raises NotFoundError, InputError."""
    question = _question(chosen_data(app, study_id, viewer_id, choice), key)
    return curves_of_run(table_of_rows(question.rows), question.run, PARAMETERS)


def _question(data: StudyData, key: str) -> Question:
    for each in study_questions(data):
        if each.name.key == key:
            return each
    raise NotFoundError("This criterion is not part of the scheme version that is shown; choose another.")


def _dates(data: StudyData) -> dict[str, date]:
    found: dict[str, datetime] = {}
    for each in data.recordings:
        for one in each.passes:
            at = one.coding_pass.submitted_at or one.coding_pass.opened_at
            found[each.session_label] = max(at, found.get(each.session_label, at))
    return {label: at.date() for label, at in found.items()}


def _of(values: FloatArray, coders: tuple[str, ...], wanted: list[str]) -> FloatArray:
    return values[:, [coders.index(name) for name in wanted]]


def _reference(values: FloatArray, coders: tuple[str, ...]) -> list[float | None] | None:
    if REFERENCE not in coders:
        return None
    found = values[:, coders.index(REFERENCE)]
    return [None if np.isnan(each) else float(each) for each in found]


def _with_reference(app: App, data: StudyData) -> StudyData:
    """The same recordings with the submitted reference coding as their only pass; those without one left out."""
    kept = [found for each in data.recordings if (found := _reference_of(app, each)) is not None]
    return replace(data, recordings=tuple(kept), coders=(REFERENCE,))


def _reference_of(app: App, recording: CodedRecording) -> CodedRecording | None:
    like = recording.passes[0].coding_pass
    with app.store.read() as tx:
        cut = transcripts.segmentations(tx, recording.recording_id)
        found = [
            each
            for each in of_one_major(list(passes.list_passes(tx, recording_id=recording.recording_id)), like)
            if each.purpose is Purpose.REFERENCE
            and each.submitted_at is not None
            and cut[each.transcript_id] == cut[like.transcript_id]
        ]
        if not found:
            return None
        latest = max(found, key=lambda each: each.submitted_at or each.opened_at)
        return replace(recording, passes=(read_pass(tx, latest, REFERENCE),))
