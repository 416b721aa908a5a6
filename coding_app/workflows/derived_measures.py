"""The scheme's derived measures of every compared pass: as a table, and as questions on which observers can agree."""

from collections.abc import Iterator
from dataclasses import dataclass

from coding_app.domain.derived import derived_figures
from coding_app.domain.scheme import Derived, Scheme
from coding_app.domain.transcript import Transcript
from coding_app.exchange.certificate import Name, Run
from coding_app.exchange.long_table import LongRow
from coding_app.workflows.questions import MEASURE, Question, code_key, yes_or_no
from coding_app.workflows.reliability_data import CodedPass, StudyData

OTHER_VERSION = "This observer's version of the scheme did not have all of its codes."


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure of one recording by one observer. value: None where it is undefined; note: then why.

    session: the session's label; recording: a label that is unique in the study.
    """

    session: str
    recording: str
    coder: str
    measure: Derived
    value: float | None
    note: str | None
    blind: bool = True


def measure_rows(data: StudyData) -> tuple[MeasureRow, ...]:
    """Every derived measure of every compared pass, in the order of recordings, observers and the scheme."""
    return tuple(
        MeasureRow(each.session_label, each.label, coded.coder, measure, value, note, coded.blind)
        for each in data.recordings
        for coded in sorted(each.passes, key=lambda one: one.coder)
        for measure, value, note in _figures(data.scheme, each.transcript, coded)
    )


def _figures(
    scheme: Scheme, transcript: Transcript, coded: CodedPass
) -> Iterator[tuple[Derived, float | None, str | None]]:
    offered = frozenset().union(*coded.offered.values()) if coded.offered else frozenset()
    asked = scheme.asked_of(transcript.speakers.values())
    for figure in derived_figures(asked, transcript, coded.judgements):
        codes = {*figure.measure.of, *figure.measure.against} & {code.id for code in scheme.codes}
        if codes <= offered:
            yield figure.measure, figure.value, figure.note
        else:
            yield figure.measure, None, OTHER_VERSION


def measure_questions(data: StudyData) -> list[Question]:
    """One question per derived measure: the recordings are the units, the figures the values."""
    rows = measure_rows(data)
    return [
        _question(each, [row for row in rows if row.measure.id == each.id]) for each in data.scheme.derived
    ]


def _question(measure: Derived, rows: list[MeasureRow]) -> Question:
    key = code_key("measure", measure.id)
    found = tuple(
        LongRow(
            unit=row.recording,
            coder=row.coder,
            value=f"{row.value:.12g}",
            session=row.session,
            criterion=key,
            blind=yes_or_no(row.blind),
        )
        for row in rows
        if row.value is not None
    )
    name = Name(key=key, label=measure.label, group="Measures", kind=MEASURE, unit="session measure")
    return Question(name, Run(criteria=(key,), level="interval"), found)
