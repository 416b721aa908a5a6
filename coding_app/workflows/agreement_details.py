"""One question of a study looked at closely: observer against observer, over time, and against the tolerance."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from coding_app.agreement.drift import REFERENCE as AGAINST_REFERENCE
from coding_app.agreement.drift import DriftPoint, drift_over_time
from coding_app.agreement.matrix import FloatArray
from coding_app.domain.coding import CodingPass, Purpose
from coding_app.domain.people import Action
from coding_app.errors import NotFoundError
from coding_app.exchange.certificate import ConfusionRecord, CurveRecord, Name, PairRecord
from coding_app.exchange.long_table import LongRow
from coding_app.store import Tx, passes, references, transcripts
from coding_app.workflows.assess_agreement import PARAMETERS, Choice, chosen_data
from coding_app.workflows.observer_tables import confusions, pairs, span_observers
from coding_app.workflows.permission import allowed
from coding_app.workflows.questions import CODE, CRITERION, RATING, Question
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
    return _course(data, _question(data, key), _referenced(app, data), window)


@allowed(Action.SEE_AGREEMENT, of="study_id")
def drift_of_study(
    app: App, study_id: str, viewer_id: str | None, choice: Choice, window: int
) -> tuple[tuple[Name, tuple[DriftPoint, ...]], ...]:
    """The course of every criterion, or of its codes where several may be given at once, and of every rating."""
    data = chosen_data(app, study_id, viewer_id, choice)
    if not data.recordings:
        return ()
    referenced = _referenced(app, data)
    questions = [each for each in study_questions(data) if each.rows and not each.run.multiple]
    whole = {each.name.group for each in questions if each.name.kind == CRITERION}
    return tuple(
        (each.name, _course(data, each, referenced, window))
        for each in questions
        if each.name.kind in (CRITERION, RATING) or (each.name.kind == CODE and each.name.group not in whole)
    )


def _course(
    data: StudyData, question: Question, referenced: "_Referenced", window: int
) -> tuple[DriftPoint, ...]:
    rows = question.rows + referenced.rows.get(question.name.key, ())
    columns = columns_of_run(table_of_rows(rows).columns, question.run)
    (matrix,) = matrices_of_run(columns, question.run)
    values, _, _ = numbers_of_matrix(matrix, question.run)
    days = _dates(data)
    sessions = [str(columns.session.labels[each]) for each in matrix.session.tolist()]
    observers = [name for name in matrix.coders if name != REFERENCE]
    dates = [days[each] for each in sessions]
    level = question.run.level
    own = _of(values, matrix.coders, observers)
    points = drift_over_time(own, dates, sessions, coders=observers, level=level, window=window)
    for name in observers if REFERENCE in matrix.coders else ():
        # who made a reference agrees with it anyway
        gold = [
            None if (session, name) in referenced.makers else value
            for session, value in zip(sessions, _reference(values, matrix.coders), strict=True)
        ]
        alone = _of(values, matrix.coders, [name])
        points += [
            each
            for each in drift_over_time(
                alone, dates, sessions, coders=[name], level=level, reference=gold, window=window
            )
            if each.against == AGAINST_REFERENCE
        ]
    return tuple(sorted(points, key=lambda each: observers.index(each.coder)))


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


def _reference(values: FloatArray, coders: tuple[str, ...]) -> list[float | None]:
    found = values[:, coders.index(REFERENCE)]
    return [None if np.isnan(each) else float(each) for each in found]


@dataclass(frozen=True, slots=True)
class _Referenced:
    """What the reference codings say: question -> rows. makers: session and name of whose judgements they are."""

    rows: dict[str, tuple[LongRow, ...]]
    makers: frozenset[tuple[str, str]]


def _referenced(app: App, data: StudyData) -> _Referenced:
    """Of the recordings that have a submitted reference coding."""
    kept: list[CodedRecording] = []
    makers: set[tuple[str, str]] = set()
    for each in data.recordings:
        with app.store.read() as tx:
            found = _reference_of(tx, each)
            if found is not None:
                kept.append(replace(each, passes=(read_pass(tx, found, REFERENCE),)))
                made_by = references.makers(tx, found)
                names = {one.coder for one in each.passes if one.coding_pass.coder_id in made_by}
                makers |= {(each.session_label, name) for name in names}
    alone = replace(data, recordings=tuple(kept), coders=(REFERENCE,))
    rows = {each.name.key: each.rows for each in study_questions(alone)} if kept else {}
    return _Referenced(rows, frozenset(makers))


def _reference_of(tx: Tx, recording: CodedRecording) -> CodingPass | None:
    like = recording.passes[0].coding_pass
    cut = transcripts.segmentations(tx, recording.recording_id)
    found = [
        each
        for each in of_one_major(list(passes.list_passes(tx, recording_id=recording.recording_id)), like)
        if each.purpose is Purpose.REFERENCE
        and each.submitted_at is not None
        and cut[each.transcript_id] == cut[like.transcript_id]
    ]
    return max(found, key=lambda each: each.submitted_at or each.opened_at, default=None)
