"""Assessing spans, moments and links of a long table: rows are what observers drew, each with its own times."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from coding_app.agreement.estimate import Assessment, Estimate
from coding_app.agreement.event_matching import Matching
from coding_app.agreement.links import Link, LinkedRecording, assess_links
from coding_app.agreement.long_format import LongColumns
from coding_app.agreement.matrix import FloatArray, IntArray
from coding_app.agreement.session_statistics import Draws
from coding_app.agreement.span_assessment import SpanSettings, assess_spans, tolerance_curve
from coding_app.agreement.stretches import CodedRecording, CodedStretch, SpanCoding
from coding_app.errors import TableError
from coding_app.exchange.certificate import CurveRecord, Parameters, Run

CURVES = ("tolerance_kappa", "tolerance_agreement", "event_f1")


@dataclass(frozen=True, slots=True)
class JudgedTable:
    """A long table: columns of words as written, and the times of each row in ms, -1 = not given.

    confidence: how sure the recogniser was of the words of each row's unit (0-1), NaN = not known.
    """

    columns: LongColumns
    start_ms: IntArray
    end_ms: IntArray
    confidence: FloatArray


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One row: who drew what from when to when; an empty word says that the coder coded this stretch."""

    session: str
    recording: str
    coder: str
    word: str
    start_ms: int
    end_ms: int


def assess_span_run(table: JudgedTable, run: Run, parameters: Parameters) -> list[Assessment]:
    """The criterion as a whole and each of its codes; for a run of links the three statistics of links.

    Raises TableError when a time is missing or nothing can be compared.
    """
    draws = _draws(parameters)
    found: list[Assessment] = []
    for criterion, rows in _by_criterion(table, run):
        if run.links:
            found.append(_links(criterion, rows, run, draws))
            continue
        settings = SpanSettings(
            bin_ms=run.bin_ms or SpanSettings().bin_ms,
            tolerance_ms=SpanSettings().tolerance_ms if run.tolerance_ms is None else run.tolerance_ms,
        )
        found += assess_spans(coding_of(criterion, rows, run), settings=settings, draws=draws)
    return found


def curves_of_run(table: JudgedTable, run: Run, parameters: Parameters) -> tuple[CurveRecord, ...]:
    """Agreement against the tolerance: one curve per criterion and statistic; none for links."""
    found = []
    for criterion, rows in [] if run.links else _by_criterion(table, run):
        points = tolerance_curve(coding_of(criterion, rows, run), draws=_draws(parameters))
        for statistic in CURVES:
            estimates = [each.estimate(statistic) for each in points]
            found.append(
                CurveRecord(
                    criterion=criterion,
                    statistic=statistic,
                    tolerance_ms=tuple(each.tolerance_ms for each in points),
                    values=tuple(each.value if each else None for each in estimates),
                    lows=tuple(each.low if each else None for each in estimates),
                    highs=tuple(each.high if each else None for each in estimates),
                )
            )
    return tuple(found)


def span_coding(table: JudgedTable, run: Run) -> tuple[SpanCoding, tuple[str, ...]]:
    """What all observers drew for the one criterion of a run, and the name of each of its recordings."""
    ((criterion, rows),) = _by_criterion(table, run)
    names = tuple(dict.fromkeys((each.session, each.recording) for each in rows))
    return coding_of(criterion, rows, run), tuple(recording for _, recording in names)


def coding_of(criterion: str, rows: list[_Drawn], run: Run) -> SpanCoding:
    """What all observers drew for one criterion, recording by recording."""
    codes = run.categories or tuple(sorted({each.word for each in rows if each.word}))
    moments = run.moments or all(each.start_ms == each.end_ms for each in rows if each.word)
    recordings = tuple(
        CodedRecording(
            session,
            duration_ms,
            {
                coder: tuple(
                    sorted(CodedStretch(each.start_ms, each.end_ms, each.word) for each in mine if each.word)
                )
                for coder, mine in by_coder.items()
            },
        )
        for session, duration_ms, by_coder in _recordings(rows)
    )
    if not any(len(each.by_coder) >= 2 for each in recordings):
        raise TableError(
            f"Criterion '{criterion}': no recording was coded by two coders; with spans, session and unit name the "
            "recording, and a row without a value says that a coder coded it and found nothing"
        )
    return SpanCoding(codes, recordings, run.exclusive, moments, criterion)


def _draws(parameters: Parameters) -> Draws:
    return Draws(parameters.replicates, parameters.seed, parameters.confidence, parameters.interval)


def _by_criterion(table: JudgedTable, run: Run) -> Iterator[tuple[str, list[_Drawn]]]:
    columns = table.columns
    words = {
        name: [getattr(columns, name).labels[code] for code in getattr(columns, name).codes.tolist()]
        for name in ("session", "unit", "coder", "value")
    }
    for number, criterion in enumerate(columns.criterion.labels):
        if run.criteria and criterion not in run.criteria:
            continue
        rows = np.flatnonzero(columns.criterion.codes == number).tolist()
        drawn = []
        for row in rows:
            start_ms, end_ms = int(table.start_ms[row]), int(table.end_ms[row])
            if start_ms < 0 or end_ms < 0:
                raise TableError(f"Row {row + 1} of a span has no start_ms or no end_ms; give both")
            at = {name: words[name][row] for name in words}
            drawn.append(_Drawn(at["session"], at["unit"], at["coder"], at["value"], start_ms, end_ms))
        yield str(criterion), sorted(drawn, key=lambda each: (each.session, each.recording, each.coder))


def _recordings(rows: list[_Drawn]) -> Iterator[tuple[str, int, dict[str, list[_Drawn]]]]:
    """Session, duration and the rows of each coder, of every recording."""
    found: dict[tuple[str, str], dict[str, list[_Drawn]]] = {}
    for each in rows:
        found.setdefault((each.session, each.recording), {}).setdefault(each.coder, []).append(each)
    for (session, recording), by_coder in found.items():
        last = max(each.end_ms for mine in by_coder.values() for each in mine)
        yield session or recording, max(last, 1), by_coder


def _links(criterion: str, rows: list[_Drawn], run: Run, draws: Draws) -> Assessment:
    recordings = [
        LinkedRecording(
            session,
            duration_ms,
            {
                coder: tuple(_link(each) for each in sorted(mine, key=_in_time) if each.word)
                for coder, mine in by_coder.items()
            },
        )
        for session, duration_ms, by_coder in _recordings(rows)
    ]
    rule: dict[str, Matching] = {}
    if run.tolerance_ms is not None:  # drawn units have times of their own, segments have equal ones
        drawn = Matching("onset", run.tolerance_ms, same_code=False)
        rule = {"sources": drawn, "targets": drawn}
    estimates: tuple[Estimate, ...] = assess_links(recordings, draws=draws, **rule)
    n_coders = len({each.coder for each in rows})
    n_links = sum(bool(each.word) for each in rows)
    return Assessment(
        criterion, "nominal", n_links, n_coders, len({each.session for each in recordings}), (), estimates
    )


def _in_time(each: _Drawn) -> tuple[int, int, str]:
    return each.start_ms, each.end_ms, each.word


def _link(row: _Drawn) -> Link:
    """A source with its targets, written as "start-end" in ms, joined by "|"; "none" = no target stated."""
    targets = []
    for part in row.word.split("|"):
        start, _, end = part.partition("-")
        if part == "none":
            continue
        if not (start.isdigit() and end.isdigit()):
            raise TableError("The targets of a link are written as start-end in ms, joined by |")
        targets.append(CodedStretch(int(start), int(end), "target"))
    return Link(CodedStretch(row.start_ms, row.end_ms, "source"), tuple(targets))
