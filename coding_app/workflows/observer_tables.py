"""Observer against observer on one question: the coefficient of every pair, and who gave what where."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from coding_app.agreement.differences import duration_table, event_table
from coding_app.agreement.estimate import Estimate
from coding_app.agreement.event_matching import Matching
from coding_app.agreement.session_statistics import Draws
from coding_app.agreement.span_assessment import span_estimates
from coding_app.agreement.stretches import CodedRecording, SpanCoding
from coding_app.agreement.table import CodedMatrix
from coding_app.errors import InputError
from coding_app.exchange.certificate import ConfusionRecord, PairRecord, Parameters, Run
from coding_app.workflows.table_runs import assess_matrix

MOST_VALUES = 20
MOST_SINGLE_PAIRS = 3
ONE, ANOTHER = "one observer", "another"
SPAN_KAPPAS = ("time_unit_kappa", "time_unit_alpha_masi", "grid_kappa", "grid_alpha_masi")
NO_INTERVAL = Parameters(replicates=0, seed=0, confidence=0.95)


def pairs(matrix: CodedMatrix, run: Run) -> tuple[PairRecord, ...]:
    """Krippendorff's alpha of every two observers (MASI where several codes are allowed), or why there is none."""
    found = []
    for first, second in combinations(range(len(matrix.coders)), 2):
        two = replace(
            matrix,
            codes=matrix.codes[:, [first, second]],
            coders=(matrix.coders[first], matrix.coders[second]),
        )
        try:
            assessment = assess_matrix(two, run, NO_INTERVAL)
            alpha = assessment.estimate("krippendorff_alpha") or assessment.estimate(
                "krippendorff_alpha_masi"
            )
        except InputError as error:
            found.append(_pair(matrix.criterion, two.coders, None, str(error)))
            continue
        found.append(_pair(matrix.criterion, two.coders, alpha, alpha.note if alpha else None))
    return tuple(found)


def _pair(criterion: str, coders: Sequence[str], alpha: Estimate | None, note: str | None) -> PairRecord:
    return PairRecord(
        criterion=criterion,
        first=coders[0],
        second=coders[1],
        statistic=alpha.statistic if alpha else "krippendorff_alpha",
        value=alpha.value if alpha else None,
        n_units=alpha.n_units if alpha else 0,
        note=note,
    )


def confusions(matrix: CodedMatrix, run: Run) -> tuple[ConfusionRecord, ...]:
    """One table per pair of observers; of more than three observers one table of all pairs, both ways round.

    None for a question with more than twenty different values.
    """
    values = _values(matrix, run)
    if len(values) > MOST_VALUES:
        return ()
    couples = list(combinations(range(len(matrix.coders)), 2))
    if len(couples) <= MOST_SINGLE_PAIRS:
        return tuple(confusion(matrix, values, *couple) for couple in couples)
    counts: Counter[tuple[str, str]] = Counter()
    for first, second in couples:
        here = _counted(matrix, first, second)
        counts.update(here)
        counts.update({(b, a): n for (a, b), n in here.items()})
    return (_confusion(matrix.criterion, ONE, ANOTHER, values, counts),)


def confusion(matrix: CodedMatrix, values: Sequence[str], first: int, second: int) -> ConfusionRecord:
    """How often the first observer (row) gave each value where the second (column) gave each value."""
    names = matrix.coders[first], matrix.coders[second]
    return _confusion(matrix.criterion, *names, values, _counted(matrix, first, second))


def _confusion(
    criterion: str, first: str, second: str, values: Sequence[str], counts: Counter[tuple[str, str]]
) -> ConfusionRecord:
    lines = tuple(tuple(counts[row, column] for column in values) for row in values)
    return ConfusionRecord(
        criterion=criterion, first=first, second=second, values=tuple(values), counts=lines
    )


def _counted(matrix: CodedMatrix, first: int, second: int) -> Counter[tuple[str, str]]:
    codes = matrix.codes[:, [first, second]]
    cells, times = np.unique(codes[(codes >= 0).all(axis=1)], axis=0, return_counts=True)
    words = [word(label) for label in matrix.labels]
    return Counter(
        {(words[a], words[b]): n for (a, b), n in zip(cells.tolist(), times.tolist(), strict=True)}
    )


def span_observers(
    coding: SpanCoding,
) -> tuple[tuple[PairRecord, ...], tuple[ConfusionRecord, ...]]:
    """Every two observers on drawn spans or moments: kappa, and who gave what (seconds, or events where matched)."""
    found, tables = [], []
    for first, second in coding.pairs:
        two = replace(coding, recordings=tuple(_only(each, {first, second}) for each in coding.recordings))
        estimates = {each.statistic: each for each in span_estimates(two, draws=Draws(replicates=0))}
        kappa = next(estimates[key] for key in SPAN_KAPPAS if key in estimates)
        found.append(_pair(coding.criterion, (first, second), kappa, kappa.note))
        if coding.moments or not coding.exclusive:
            rule = Matching("onset" if coding.moments else "overlap")
            values, counts = event_table(coding, first, second, rule)
            counts = np.nan_to_num(counts)  # what neither marked cannot be counted
        else:
            values, milliseconds = duration_table(coding, first, second)
            counts = np.round(milliseconds / 1000)
        lines = tuple(tuple(int(each) for each in line) for line in counts)
        tables.append(
            ConfusionRecord(
                criterion=coding.criterion, first=first, second=second, values=values, counts=lines
            )
        )
    return tuple(found), tuple(tables)


def _only(recording: CodedRecording, coders: set[str]) -> CodedRecording:
    kept = {coder: drawn for coder, drawn in recording.by_coder.items() if coder in coders}
    return replace(recording, by_coder=kept)


def _values(matrix: CodedMatrix, run: Run) -> list[str]:
    """The declared values in their order, then any other that occurs."""
    used = np.unique(matrix.codes[matrix.codes >= 0])
    given = {word(matrix.labels[position]) for position in used}
    declared = [each for each in run.categories if each in given]
    return declared + sorted(given - set(declared), key=_natural)


def _natural(value: str) -> tuple[bool, float, str]:
    try:
        return False, float(value), value
    except ValueError:
        return True, 0.0, value


def word(value: Any) -> str:
    """A judgement in words: the codes of a set joined, a whole number without a point, none for an empty set."""
    if isinstance(value, frozenset | set):
        return " + ".join(sorted(value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
