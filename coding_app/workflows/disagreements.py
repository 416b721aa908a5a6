"""The moments that observers judged differently: what each chose, and where to listen again."""

from collections.abc import Iterator
from dataclasses import dataclass

from coding_app.agreement.differences import event_differences, time_differences
from coding_app.agreement.event_matching import Matching
from coding_app.errors import InputError
from coding_app.workflows.reliability_data import (
    CodedRecording,
    StudyData,
    UnitRow,
    chosen,
    codes_of,
    on_segments,
    rating_rows,
    segment_rows,
    value_of,
)
from coding_app.workflows.span_questions import span_question
from coding_app.workflows.span_runs import span_coding
from coding_app.workflows.table_runs import table_of_rows

SHORTEST_MS = 1000
LONGEST_TEXT = 200
MOMENTS = Matching("onset", 2000)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A moment that observers judged differently.

    text: what is said there. choices: observer -> what they chose, in words; passes: observer -> pass.
    is_rating: a block or session that was rated as a whole.
    """

    recording_id: str
    label: str
    unit_key: str
    start_ms: int
    end_ms: int
    speaker_role: str | None
    text: str
    criterion: str
    choices: dict[str, str]
    passes: dict[str, str]
    is_rating: bool = False


def disagreements(data: StudyData) -> tuple[Disagreement, ...]:
    """Every unit on which two observers differ, by recording and time."""
    found = [*_coded(data), *_drawn(data), *_rated(data)]
    return tuple(sorted(found, key=lambda each: (each.label, each.start_ms, each.criterion)))


def _coded(data: StudyData) -> Iterator[Disagreement]:
    names = {code.id: code.label for code in data.scheme.codes}
    for criterion in data.scheme.criteria:
        for row in segment_rows(data, criterion.id):
            sets = {codes_of(row, coder, criterion) for coder in row.coders} - {None}
            if len(sets) > 1:
                yield _disagreement(row, criterion.label, names)


def _drawn(data: StudyData) -> Iterator[Disagreement]:
    """Stretches longer than a second in which drawn spans differ, and moments that one observer did not mark."""
    names = {code.id: code.label for code in data.scheme.codes}
    by_label = {each.label: each for each in data.recordings}
    for criterion in data.scheme.criteria:
        if on_segments(data.scheme, criterion.id):
            continue
        question = span_question(data, criterion)
        try:
            coding, labels = span_coding(table_of_rows(question.rows), question.run)
        except InputError:  # nothing to compare; the assessment of the criterion says so
            continue
        found = (
            event_differences(coding, MOMENTS) if coding.moments else time_differences(coding, SHORTEST_MS)
        )
        for each in found:
            recording = by_label[labels[each.recording]]
            choices = {
                coder: ", ".join(names.get(code, code) for code in codes) or "none"
                for coder, codes in sorted(each.codes.items())
            }
            yield Disagreement(
                recording_id=recording.recording_id,
                label=recording.label,
                unit_key=f"{each.start_ms}-{each.end_ms}",
                start_ms=each.start_ms,
                end_ms=each.end_ms,
                speaker_role=None,
                text=said_between(recording, each.start_ms, each.end_ms),
                criterion=criterion.label,
                choices=choices,
                passes={one.coder: one.coding_pass.id for one in recording.passes},
            )


def said_between(recording: CodedRecording, start_ms: int, end_ms: int) -> str:
    """What is said in a stretch, a few words of it: the segments that it touches."""
    words = " ".join(
        each.text
        for each in recording.transcript.segments
        if each.span.start_ms < max(end_ms, start_ms + 1) and each.span.end_ms > start_ms
    )
    return words if len(words) <= LONGEST_TEXT else words[: LONGEST_TEXT - 1].rstrip() + "…"


def _rated(data: StudyData) -> Iterator[Disagreement]:
    names = {code.id: code.label for code in data.scheme.codes}
    for rating in data.scheme.ratings:
        for row in rating_rows(data, rating):
            if len({value_of(row, coder) for coder in row.coders}) > 1:
                yield _disagreement(row, rating.label, names)


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
        passes={each.coder: each.coding_pass.id for each in row.recording.passes},
        is_rating=row.segment is None,
    )
