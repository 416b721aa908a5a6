"""How far the observers of a study agree: per criterion, code and rating, and where they differ."""

import math
from dataclasses import dataclass, replace

from coding_app.agreement import Assessment, assess, assess_sets
from coding_app.domain.scheme import Code, Criterion, Rating, Scheme
from coding_app.errors import InputError
from coding_app.exchange.long_table import LongRow, write_long_table
from coding_app.workflows.reliability_data import (
    StudyData,
    UnitRow,
    chosen,
    codes_of,
    fits,
    has_code,
    rating_rows,
    read_study,
    segment_rows,
    value_of,
)
from coding_app.workflows.wiring import App

REPLICATES = 1000
SEED = 1
NONE = "none"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A moment that observers judged differently. choices: observer -> what they chose, in words."""

    recording_id: str
    label: str
    unit_key: str
    start_ms: int
    end_ms: int
    speaker_role: str | None
    text: str
    criterion: str
    choices: dict[str, str]


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """All that the Agreement page shows.

    scheme: as the passes used it. withheld, skipped: sentences about what was left out, and why.
    """

    scheme: Scheme
    criteria: tuple[Assessment, ...]
    codes: tuple[Assessment, ...]
    attributes: tuple[Assessment, ...]
    ratings: tuple[Assessment, ...]
    disagreements: tuple[Disagreement, ...]
    n_recordings: int
    coders: tuple[str, ...]
    withheld: str | None
    skipped: tuple[str, ...]


def _only(data: StudyData, recording_ids: set[str] | None, coders: set[str] | None) -> StudyData:
    kept = []
    for each in data.recordings:
        done = tuple(one for one in each.passes if coders is None or one.coder in coders)
        if (recording_ids is None or each.recording_id in recording_ids) and len(done) >= 2:
            kept.append(replace(each, passes=done))
    names = tuple(sorted({one.coder for each in kept for one in each.passes}))
    return replace(data, recordings=tuple(kept), coders=names)


def assess_study(
    app: App,
    study_id: str,
    viewer_id: str | None,
    *,
    recording_ids: set[str] | None = None,
    coders: set[str] | None = None,
) -> AgreementReport:
    """Agreement on all submitted passes that the viewer may see, or on some recordings and observers only.

    viewer_id None = somebody who does not code. Intervals come from resampling whole sessions (seeded).
    Raises NotFoundError when nothing was submitted yet.
    """
    data = _only(read_study(app, study_id, viewer_id), recording_ids, coders)
    skipped: list[str] = []
    if data.other_versions:
        skipped.append(
            f"{data.other_versions} submitted passes used another major version of the scheme; never pooled."
        )
    tried = _Tables(data, skipped) if data.recordings else None
    return AgreementReport(
        scheme=data.scheme,
        criteria=tuple(tried.criteria()) if tried else (),
        codes=tuple(tried.codes()) if tried else (),
        attributes=tuple(tried.attributes()) if tried else (),
        ratings=tuple(tried.ratings()) if tried else (),
        disagreements=tuple(_disagreements(data)),
        n_recordings=len(data.recordings),
        coders=data.coders,
        withheld=_withheld(data),
        skipped=tuple(skipped),
    )


def _withheld(data: StudyData) -> str | None:
    if not data.withheld:
        return None
    return (
        f"Not shown yet: {', '.join(data.withheld)}. You see the others' coding of a recording "
        "once you have submitted your own."
    )


class _Tables:
    """Builds one study's matrices and assesses them; what cannot be assessed is named in `skipped`."""

    def __init__(self, data: StudyData, skipped: list[str]) -> None:
        self.data = data
        self.skipped = skipped
        self.rows = {each.id: list(segment_rows(data, each.id)) for each in data.scheme.criteria}

    def criteria(self) -> list[Assessment]:
        return _present(self._criterion(each) for each in self.data.scheme.criteria)

    def codes(self) -> list[Assessment]:
        return _present(self._code(one, each) for each in self.data.scheme.criteria for one in each.codes)

    def attributes(self) -> list[Assessment]:
        return _present(self._intensity(each) for each in self.data.scheme.criteria)

    def ratings(self) -> list[Assessment]:
        return _present(self._rating(each) for each in self.data.scheme.ratings)

    def _assess(
        self, rows: list[UnitRow], values: list[list[float]], criterion: str, **options: object
    ) -> Assessment | None:
        try:
            return assess(values, criterion=criterion, **self._common(rows), **options)  # type: ignore[arg-type]
        except InputError as error:
            self.skipped.append(f"{criterion}: {error}")
            return None

    def _common(self, rows: list[UnitRow]) -> dict[str, object]:
        return {
            "sessions": [row.recording.session_id for row in rows],
            "coders": list(self.data.coders),
            "replicates": REPLICATES,
            "seed": SEED,
        }

    def _criterion(self, criterion: Criterion) -> Assessment | None:
        rows = [row for row in self.rows[criterion.id] if any(fits(code, row) for code in criterion.codes)]
        sets = [[codes_of(row, coder, criterion) for coder in self.data.coders] for row in rows]
        if not criterion.exclusive or any(cell and len(cell) > 1 for line in sets for cell in line):
            try:
                return assess_sets(sets, criterion=criterion.id, **self._common(rows))  # type: ignore[arg-type]
            except InputError as error:
                self.skipped.append(f"{criterion.id}: {error}")
                return None
        labels = [NONE, *(code.id for code in criterion.codes)]
        values = [
            [math.nan if cell is None else float(labels.index(next(iter(cell), NONE))) for cell in line]
            for line in sets
        ]
        return self._assess(
            rows, values, criterion.id, level="nominal", categories=list(range(len(labels))), labels=labels
        )

    def _code(self, code: Code, criterion: Criterion) -> Assessment | None:
        rows = [row for row in self.rows[criterion.id] if fits(code, row)]
        values = [
            [_presence(has_code(row, coder, criterion, code)) for coder in self.data.coders] for row in rows
        ]
        return self._assess(
            rows, values, code.id, level="nominal", categories=[0, 1], labels=["absent", "present"]
        )

    def _intensity(self, criterion: Criterion) -> Assessment | None:
        scale = next((each.scale for each in self.data.scheme.attributes if each.id == "intensity"), None)
        if scale is None:
            return None
        rows, values = [], []
        for row in self.rows[criterion.id]:
            for code in criterion.codes:
                line = [_intensity_of(row, coder, code) for coder in self.data.coders]
                if sum(not math.isnan(cell) for cell in line) >= 2:
                    rows.append(row)
                    values.append(line)
        if not rows:  # nobody gave the same code to the same unit: nothing to compare, and nothing to tell
            return None
        steps = [float(each.value) for each in scale.values]
        return self._assess(rows, values, f"{criterion.id}: intensity", level="ordinal", categories=steps)

    def _rating(self, rating: Rating) -> Assessment | None:
        rows = list(rating_rows(self.data, rating))
        values = [
            [
                math.nan if (value := value_of(row, coder)) is None else float(value)
                for coder in self.data.coders
            ]
            for row in rows
        ]
        steps = [float(each.value) for each in rating.scale.values]
        return self._assess(rows, values, rating.id, level="ordinal", categories=steps, ratings=True)


def _present(found) -> list[Assessment]:  # type: ignore[no-untyped-def]
    return [each for each in found if each is not None]


def _presence(given: bool | None) -> float:
    return math.nan if given is None else float(given)


def _intensity_of(row: UnitRow, coder: str, code: Code) -> float:
    judgement = row.judgements.get(coder)
    for each in judgement.codes if judgement else ():
        if each.code == code.id and "intensity" in each.attributes:
            return float(each.attributes["intensity"])
    return math.nan


def _disagreements(data: StudyData) -> list[Disagreement]:
    names = {code.id: code.label for code in data.scheme.codes}
    found = []
    for criterion in data.scheme.criteria:
        for row in segment_rows(data, criterion.id):
            sets = {codes_of(row, coder, criterion) for coder in row.coders} - {None}
            if len(sets) > 1:
                found.append(_disagreement(row, criterion.label, names))
    for rating in data.scheme.ratings:
        for row in rating_rows(data, rating):
            if len({value_of(row, coder) for coder in row.coders}) > 1:
                found.append(_disagreement(row, rating.label, names))
    return sorted(found, key=lambda each: (each.label, each.start_ms, each.criterion))


def _disagreement(row: UnitRow, criterion: str, names: dict[str, str]) -> Disagreement:
    return Disagreement(
        recording_id=row.recording.recording_id,
        label=row.recording.label,
        unit_key=row.unit.key,
        start_ms=row.unit.span.start_ms,
        end_ms=row.unit.span.end_ms,
        speaker_role=row.role,
        text=row.segment.text if row.segment else "",
        criterion=criterion,
        choices={coder: chosen(row, coder, names) for coder in sorted(row.coders)},
    )


def long_table_csv(app: App, study_id: str, viewer_id: str | None, kind: str = "criteria") -> str:
    """The judgements as a long table that `coding-app agreement` reads (and gets the page's numbers from).

    kind "criteria": the code of each criterion, "none" when none applies, several joined by "|";
    "codes": 0 or 1 per code on the units it can apply to; "ratings": the ratings.
    Raises NotFoundError when nothing was submitted yet.
    """
    data = read_study(app, study_id, viewer_id)
    makers = {"criteria": _criteria_lines, "codes": _code_lines, "ratings": _rating_lines}
    return write_long_table(makers[kind](data))


def _criteria_lines(data: StudyData) -> list[LongRow]:
    return [
        _line(row, coder, criterion.id, "|".join(sorted(codes)) or (NONE if criterion.exclusive else ""))
        for criterion in data.scheme.criteria
        for row in segment_rows(data, criterion.id)
        if any(fits(code, row) for code in criterion.codes)
        for coder in sorted(row.coders)
        if (codes := codes_of(row, coder, criterion)) is not None
    ]


def _code_lines(data: StudyData) -> list[LongRow]:
    return [
        _line(row, coder, code.id, str(int(given)))
        for criterion in data.scheme.criteria
        for code in criterion.codes
        for row in segment_rows(data, criterion.id)
        if fits(code, row)
        for coder in sorted(row.coders)
        if (given := has_code(row, coder, criterion, code)) is not None
    ]


def _rating_lines(data: StudyData) -> list[LongRow]:
    return [
        _line(row, coder, rating.id, str(value))
        for rating in data.scheme.ratings
        for row in rating_rows(data, rating)
        for coder in sorted(row.coders)
        if (value := value_of(row, coder)) is not None
    ]


def _line(row: UnitRow, coder: str, criterion: str, value: str) -> LongRow:
    return LongRow(
        unit=row.name,
        coder=coder,
        value=value,
        session=row.recording.session_label,
        criterion=criterion,
        start_ms=row.unit.span.start_ms,
        end_ms=row.unit.span.end_ms,
    )
