"""What observers drew or linked, as rows of a long table that `assess_span_run` takes."""

from collections.abc import Iterator

from coding_app.domain.coding import AppliedCode
from coding_app.domain.scheme import Criterion, Link
from coding_app.domain.spans import stretches
from coding_app.domain.times import Span
from coding_app.exchange.certificate import Name, Run
from coding_app.exchange.long_table import LongRow
from coding_app.workflows.questions import LINK, SPAN, SPAN_CODE, Question, code_key, yes_or_no
from coding_app.workflows.reliability_data import CodedPass, CodedRecording, StudyData, on_segments

DRAWN_TOLERANCE_MS = 2000


def span_question(data: StudyData, criterion: Criterion) -> Question:
    """A criterion whose spans or moments the observers draw; everything stands under the criterion's own key.

    A pass whose version of the scheme offered other codes is left out: its observer counts as not having coded.
    """
    kind = data.scheme.unit(criterion.unit)
    codes = tuple(code.id for code in criterion.codes)
    rows: list[LongRow] = []
    for recording in data.recordings:
        for done in recording.passes:
            if done.offered.get(criterion.id) != frozenset(codes):
                continue
            rows.append(_coded_row(recording, done, criterion.id))
            duration_ms = recording.transcript.duration_ms
            for each in stretches(done.judgements, criterion, kind, duration_ms):
                rows += [
                    _row(recording, done, criterion.id, code.code, each.unit.span) for code in each.codes
                ]
    run = Run(
        criteria=(criterion.id,),
        spans=True,
        categories=codes,
        moments=kind.mark == "point",
        exclusive=criterion.exclusive and len({code.role for code in criterion.codes}) == 1,
    )
    unit = "moment" if kind.mark == "point" else "time"
    name = Name(key=criterion.id, label=criterion.label, group=criterion.label, kind=SPAN, unit=unit)
    parts = tuple(
        Name(
            key=code_key(criterion.id, code.id),
            label=code.label,
            group=criterion.label,
            kind=SPAN_CODE,
            unit=unit,
        )
        for code in criterion.codes
    )
    return Question(name, run, tuple(rows), parts)


def link_question(data: StudyData, link: Link) -> Question:
    """Which moments observers linked: one row per code that a link can begin at, its targets in `value`."""
    key = code_key("links", link.id)
    rows: list[LongRow] = []
    for recording in data.recordings:
        for done in recording.passes:
            rows.append(_coded_row(recording, done, key))
            for held in done.judgements.values():
                for code in held.codes:
                    if code.code in link.from_codes:
                        targets = _targets(recording, done, code)
                        rows.append(_row(recording, done, key, targets, held.unit.span))
    criteria = {code.id: each for each in data.scheme.criteria for code in each.codes}
    drawn = any(
        not on_segments(data.scheme, criteria[code].id) for code in (*link.from_codes, *link.to_codes)
    )
    run = Run(criteria=(key,), links=True, tolerance_ms=DRAWN_TOLERANCE_MS if drawn else None)
    name = Name(key=key, label=f"Links: {link.id}", group="Links", kind=LINK, unit="link")
    return Question(name, run, tuple(rows))


def _targets(recording: CodedRecording, done: CodedPass, code: AppliedCode) -> str:
    spans = sorted({span for key in code.links if (span := _span_of(recording, done, key))})
    return "|".join(f"{each.start_ms}-{each.end_ms}" for each in spans) or "none"


def _span_of(recording: CodedRecording, done: CodedPass, key: str) -> Span | None:
    """Where a linked unit lies: a segment, or a unit that this observer drew; None for an earlier session."""
    segment = recording.transcript.segment(key)
    if segment is not None:
        return segment.span
    return next((each.unit.span for each in done.judgements.values() if each.unit.key == key), None)


def _coded_row(recording: CodedRecording, done: CodedPass, key: str) -> LongRow:
    """Says that the observer coded the whole recording, also if nothing was found."""
    return _row(recording, done, key, "", Span(0, recording.transcript.duration_ms))


def _row(recording: CodedRecording, done: CodedPass, key: str, value: str, span: Span) -> LongRow:
    return LongRow(
        unit=recording.label,
        coder=done.coder,
        value=value,
        session=recording.session_label,
        criterion=key,
        start_ms=span.start_ms,
        end_ms=span.end_ms,
        confidence=recording.recognised.within(span) if value else None,
        blind=yes_or_no(done.blind),
    )


def span_questions(data: StudyData) -> Iterator[Question]:
    """Every criterion on drawn spans, then every kind of link."""
    for criterion in data.scheme.criteria:
        if not on_segments(data.scheme, criterion.id):
            yield span_question(data, criterion)
    for link in data.scheme.links:
        yield link_question(data, link)
