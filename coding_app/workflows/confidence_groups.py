"""Agreement by recognition confidence: the units of a criterion in groups, each assessed as the whole is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from coding_app.agreement import Assessment, Estimate
from coding_app.agreement.long_format import LongColumns
from coding_app.agreement.table import CodedMatrix
from coding_app.domain.confidence import GROUPS, group_of
from coding_app.domain.doubts import INVENTED
from coding_app.domain.people import Action
from coding_app.errors import InputError
from coding_app.exchange.certificate import Name, Parameters, Run
from coding_app.workflows.assess_agreement import EVERYTHING, PARAMETERS, Choice, chosen_data
from coding_app.workflows.permission import allowed
from coding_app.workflows.questions import CRITERION, RATING, Question
from coding_app.workflows.reliability_data import StudyData, UnitRow, segment_rows
from coding_app.workflows.span_runs import JudgedTable
from coding_app.workflows.study_questions import study_questions
from coding_app.workflows.table_runs import assess_part, columns_of_run, parts_of_run, table_of_rows
from coding_app.workflows.wiring import App

FEWEST_UNITS = 10  # with fewer, one unit moves alpha by a tenth or more
OVERLAP, LIKELY_INVENTED = "overlap", "invented"
# What is told of a group: a number to name first, and the plain agreement. None of them depends on categories
# that happen not to occur in a group, as AC1 would.
MAIN = (
    "icc_2_1",
    "krippendorff_alpha",
    "krippendorff_alpha_masi",
    "krippendorff_alpha_jaccard",
    "percent_agreement",
)
UnitName = tuple[str, str]  # session and unit


@dataclass(frozen=True, slots=True)
class Group:
    """Some units of a criterion. key: "low", "middle", "high", "unknown"; or of flagged ones "overlap", "invented".

    n_units: how many of them two observers judged; assessment: None where nothing is computed, note: then why.
    """

    key: str
    n_units: int
    assessment: Assessment | None
    note: str | None


@dataclass(frozen=True, slots=True)
class GroupedQuestion:
    """A criterion or rating of a study: all of its units, the groups by confidence, and the flagged ones."""

    name: Name
    whole: Group
    groups: tuple[Group, ...]
    flagged: tuple[Group, ...]


def main_estimates(group: Group) -> tuple[Estimate, ...]:
    """What is told of a group; empty when nothing was computed."""
    estimates = group.assessment.estimates if group.assessment else ()
    return tuple(each for each in estimates if each.statistic in MAIN)


@allowed(Action.SEE_AGREEMENT, of="study_id")
def study_by_confidence(
    app: App, study_id: str, viewer_id: str | None, choice: Choice = EVERYTHING
) -> tuple[GroupedQuestion, ...]:
    """Every criterion on segments and every rating of blocks; what cannot be compared at all is left out.

    A rating of whole sessions has a unit per session, and drawn spans are compared in time: neither is grouped.
    Raises NotFoundError when nothing was submitted yet.
    """
    data = chosen_data(app, study_id, viewer_id, choice)
    found = []
    for question in study_questions(data) if data.recordings else ():
        grouped = can_be_grouped(question.name) and bool(question.rows)
        if grouped and (one := _grouped(question, _flagged(data, question))) is not None:
            found.append(one)
    return tuple(found)


def can_be_grouped(name: Name) -> bool:
    """Whether a question is about units that have words of their own."""
    return name.kind == CRITERION or (name.kind == RATING and name.unit != "session rating")


def groups_of_run(table: JudgedTable, run: Run, parameters: Parameters) -> dict[str, tuple[Group, ...]]:
    """The groups by confidence of every criterion of a run (and code, with several), by its name in the table.

    Every unit is in one group; groups without units are left out. Raises InputError as `assess_run`.
    """
    columns = columns_of_run(table.columns, run)
    of_unit = _groups_of_units(table)
    found: dict[str, tuple[Group, ...]] = {}
    for part in parts_of_run(columns, run):
        names = _criteria(part, run, parameters)
        given = np.array([of_unit[each] for each in _unit_names(part, columns)])
        groups = [_group(key, part, given == key, names, run, parameters) for key in GROUPS if key in given]
        found |= {name: tuple(each[name] for each in groups) for name in names}
    return found


def _grouped(question: Question, flagged: dict[str, Collection[UnitName]]) -> GroupedQuestion | None:
    table, run = table_of_rows(question.rows), question.run
    columns = columns_of_run(table.columns, run)
    (part,) = parts_of_run(columns, run)
    try:
        (name,) = names = _criteria(part, run, PARAMETERS)
    except InputError:  # nobody judged what another judged: the page says so elsewhere
        return None
    units = _unit_names(part, columns)
    everything = np.ones(len(units), dtype=bool)
    of_flag = [
        _group(key, part, chosen, names, run, PARAMETERS)[name]
        for key, wanted in flagged.items()
        if (chosen := np.array([each in wanted for each in units])).any()
    ]
    whole = _group("all", part, everything, names, run, PARAMETERS)[name]
    return GroupedQuestion(question.name, whole, groups_of_run(table, run, PARAMETERS)[name], tuple(of_flag))


def _flagged(data: StudyData, question: Question) -> dict[str, Collection[UnitName]]:
    """The units with each kind of flag; blocks have none."""
    found: dict[str, set[UnitName]] = {OVERLAP: set(), LIKELY_INVENTED: set()}
    for row in segment_rows(data, question.name.key) if question.name.kind == CRITERION else ():
        for key in _kinds(row):
            found[key].add((row.recording.session_label, row.name))
    return dict(found)


def _kinds(row: UnitRow) -> tuple[str, ...]:
    flags = set(row.segment.flags) if row.segment else set()
    kinds = {OVERLAP: OVERLAP in flags, LIKELY_INVENTED: bool(flags.intersection(INVENTED))}
    return tuple(key for key, holds in kinds.items() if holds)


def _criteria(part: CodedMatrix, run: Run, parameters: Parameters) -> list[str]:
    """What the assessments of a part are called; raises InputError when nothing can be compared."""
    plain = parameters.model_copy(update={"replicates": 0})
    return [each.criterion for each in assess_part(part, run, plain)]


def _group(
    key: str,
    part: CodedMatrix,
    chosen: npt.NDArray[np.bool_],
    criteria: Sequence[str],
    run: Run,
    parameters: Parameters,
) -> dict[str, Group]:
    """The chosen units assessed; criterion -> group."""
    some = replace(
        part, codes=part.codes[chosen], unit=part.unit[chosen], session=part.session[chosen], n_empty=0
    )
    n_units = int(((some.codes >= 0).sum(axis=1) >= 2).sum())
    if n_units < FEWEST_UNITS:
        units = "unit" if n_units == 1 else "units"
        note = f"Only {n_units} {units} here that two observers judged; a coefficient needs {FEWEST_UNITS}"
        return {name: Group(key, n_units, None, note) for name in criteria}
    found = {each.criterion: each for each in assess_part(some, run, parameters)}
    nobody = "Nobody gave this code here"
    return {
        name: Group(key, n_units, found.get(name), None if name in found else nobody) for name in criteria
    }


def _groups_of_units(table: JudgedTable) -> dict[UnitName, str]:
    """The group of every unit that occurs in the table."""
    session, unit = table.columns.session, table.columns.unit
    rows = zip(session.codes.tolist(), unit.codes.tolist(), table.confidence.tolist(), strict=True)
    return {
        (str(session.labels[at]), str(unit.labels[of])): group_of(None if sure != sure else sure)
        for at, of, sure in dict.fromkeys(rows)
    }


def _unit_names(part: CodedMatrix, columns: LongColumns) -> list[UnitName]:
    session, unit = columns.session.labels, columns.unit.labels
    pairs = zip(part.session.tolist(), part.unit.tolist(), strict=True)
    return [(str(session[at]), str(unit[of])) for at, of in pairs]
