"""What a study's observers judged, question by question: the rows of a long table and how to assess them."""

from collections.abc import Callable, Iterator

from coding_app.domain.scheme import Code, Criterion, Rating
from coding_app.exchange.certificate import Name, Run
from coding_app.exchange.long_table import LongRow
from coding_app.workflows.derived_measures import measure_questions
from coding_app.workflows.questions import (
    ATTRIBUTE,
    CODE,
    CRITERION,
    FREQUENCY,
    RATING,
    Question,
    code_key,
    yes_or_no,
)
from coding_app.workflows.reliability_data import (
    StudyData,
    UnitRow,
    codes_of,
    fits,
    has_code,
    on_segments,
    rating_rows,
    segment_rows,
    value_of,
)
from coding_app.workflows.span_questions import span_questions

NONE = "none"


def study_questions(data: StudyData) -> tuple[Question, ...]:
    """Every question of the scheme: criteria with codes, intensity and frequencies; what was drawn; ratings;
    derived measures."""
    found: list[Question] = []
    for criterion in data.scheme.criteria:
        if not on_segments(data.scheme, criterion.id):
            continue
        rows = list(segment_rows(data, criterion.id))
        unit = data.scheme.unit(criterion.unit).kind
        found.append(_criterion(data, criterion, rows, unit))
        found += [_code(data, code, criterion, rows, unit) for code in criterion.codes]
        intensity = _intensity(data, criterion, rows, unit)
        found += [intensity] if intensity else []
        found += [_frequency(data, code, criterion, rows) for code in criterion.codes]
    found += span_questions(data)
    found += [_rating(data, rating) for rating in data.scheme.ratings]
    found += measure_questions(data)
    return tuple(found)


def _rows(
    key: str, units: Iterator[UnitRow] | list[UnitRow], word: Callable[[UnitRow, str], str | None]
) -> tuple[LongRow, ...]:
    """One row per unit and observer for whom there is a word."""
    return tuple(
        LongRow(
            unit=row.name,
            coder=coder,
            value=value,
            session=row.recording.session_label,
            criterion=key,
            start_ms=row.unit.span.start_ms,
            end_ms=row.unit.span.end_ms,
            confidence=confidence,
            blind=yes_or_no(row.recording.is_blind(coder)),
        )
        for row in units
        for confidence in (row.confidence,)
        for coder in sorted(row.coders)
        if (value := word(row, coder)) is not None
    )


def _criterion(data: StudyData, criterion: Criterion, rows: list[UnitRow], unit: str) -> Question:
    asked = [row for row in rows if any(fits(code, row) for code in criterion.codes)]
    given = {codes_of(row, coder, criterion) for row in asked for coder in row.coders} - {None}
    several = not criterion.exclusive or any(len(codes) > 1 for codes in given if codes)
    none = [NONE] if criterion.unmarked == "absent" and not several else []

    def word(row: UnitRow, coder: str) -> str | None:
        codes = codes_of(row, coder, criterion)
        return None if codes is None else "|".join(sorted(codes)) or ("" if several else NONE)

    categories = () if several else (*none, *(code.id for code in criterion.codes))
    run = Run(
        criteria=(criterion.id,), multiple=several, whole=several, categories=categories, observers=True
    )
    name = Name(key=criterion.id, label=criterion.label, group=criterion.label, kind=CRITERION, unit=unit)
    return Question(name, run, _rows(criterion.id, asked, word))


def _code(data: StudyData, code: Code, criterion: Criterion, rows: list[UnitRow], unit: str) -> Question:
    def word(row: UnitRow, coder: str) -> str | None:
        given = has_code(row, coder, criterion, code)
        return None if given is None else str(int(given))

    key = code_key(criterion.id, code.id)
    run = Run(criteria=(key,), categories=("0", "1"))
    name = Name(key=key, label=code.label, group=criterion.label, kind=CODE, unit=unit)
    return Question(name, run, _rows(key, [row for row in rows if fits(code, row)], word))


def _intensity(data: StudyData, criterion: Criterion, rows: list[UnitRow], unit: str) -> Question | None:
    """How strong observers found a code that they gave to the same unit; None when the scheme does not ask."""
    scale = next((each.scale for each in data.scheme.attributes if each.id == "intensity"), None)
    if scale is None:
        return None
    key = code_key(criterion.id, "intensity")
    found: list[LongRow] = []
    for code in criterion.codes:
        for row in rows:
            given = {coder: _intensity_of(row, coder, code) for coder in sorted(row.coders)}
            if sum(value is not None for value in given.values()) < 2:
                continue
            found += [
                each._replace(unit=f"{row.name}/{code.id}")
                for each in _rows(key, [row], lambda _, coder, given=given: given[coder])  # type: ignore[misc]
            ]
    if not found:  # nobody gave the same code to the same unit: nothing to compare, and nothing to tell
        return None
    steps = tuple(str(each.value) for each in scale.values)
    run = Run(criteria=(key,), level="ordinal", categories=steps)
    name = Name(key=key, label="Intensity of the same code", group=criterion.label, kind=ATTRIBUTE, unit=unit)
    return Question(name, run, tuple(found))


def _intensity_of(row: UnitRow, coder: str, code: Code) -> str | None:
    judgement = row.judgements.get(coder)
    for each in judgement.codes if judgement else ():
        if each.code == code.id and "intensity" in each.attributes:
            return str(each.attributes["intensity"])
    return None


def _frequency(data: StudyData, code: Code, criterion: Criterion, rows: list[UnitRow]) -> Question:
    """How often each observer gave the code in each session; a session that is coded in part does not count."""
    key = code_key(criterion.id, f"{code.id} per session")
    counts: dict[tuple[str, str], int | None] = {}
    for row in rows:
        if not fits(code, row):
            continue
        for coder in data.coders:
            at = (row.recording.session_label, coder)
            offered = code.id in row.offered.get(coder, frozenset())
            so_far = counts.setdefault(at, 0)
            given = bool(offered and has_code(row, coder, criterion, code))
            counts[at] = so_far + given if offered and so_far is not None else None
    found = tuple(
        LongRow(
            unit=session,
            coder=coder,
            value=str(count),
            session=session,
            criterion=key,
            blind=yes_or_no(data.is_blind(session, coder)),
        )
        for (session, coder), count in counts.items()
        if count is not None
    )
    run = Run(criteria=(key,), level="interval")
    name = Name(
        key=key, label=f"{code.label}, per session", group=criterion.label, kind=FREQUENCY,
        unit="session frequency",
    )  # fmt: skip
    return Question(name, run, found)


def _rating(data: StudyData, rating: Rating) -> Question:
    def word(row: UnitRow, coder: str) -> str | None:
        value = value_of(row, coder)
        return None if value is None else str(value)

    steps = tuple(str(each.value) for each in rating.scale.values)
    run = Run(criteria=(rating.id,), level="ordinal", categories=steps, ratings=True, observers=True)
    kind = data.scheme.unit(rating.unit).kind
    unit = "session rating" if kind == "session" else f"{kind} rating"
    name = Name(key=rating.id, label=rating.label, group=rating.label, kind=RATING, unit=unit)
    return Question(name, run, _rows(rating.id, rating_rows(data, rating), word))
