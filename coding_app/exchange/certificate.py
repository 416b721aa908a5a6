"""The agreement certificate: everything a report's numbers rest on, and the numbers, as one JSON object."""

import hashlib
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from coding_app.agreement import Assessment
from coding_app.agreement.matrix import Level

FORMAT: Literal[1] = 1


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class SchemeRecord(_Record):
    """Which scheme the observers used; sha256 of its canonical form."""

    id: str
    version: str
    sha256: str
    title: str


class Parameters(_Record):
    """What every number was computed with."""

    replicates: Annotated[int, Field(ge=0, le=1_000_000)]
    seed: Annotated[int, Field(ge=0)]
    confidence: Annotated[float, Field(gt=0, lt=1)]
    interval: Literal["percentile", "bca"] = "percentile"


class Run(_Record):
    """How some criteria of the table were assessed; criteria () = all of them.

    whole: of a criterion with several codes per unit only the code system, not each code found in the table.
    categories: what the scheme offers. ratings: the intraclass correlations too. observers: every two of them
    compared as well. spans: rows are spans of time (moments:
    without length; exclusive: one code at a time). links: rows are links.
    """

    criteria: tuple[str, ...] = ()
    level: Level = "nominal"
    multiple: bool = False
    unmarked: Literal["missing", "absent"] = "missing"
    categories: tuple[str, ...] = ()
    ratings: bool = False
    whole: bool = False
    observers: bool = False
    spans: bool = False
    links: bool = False
    moments: bool = False
    exclusive: bool = True
    bin_ms: int | None = None
    tolerance_ms: int | None = None


class Name(_Record):
    """What a criterion of the table is called. unit: utterance, event, interval, session frequency ..."""

    key: str
    label: str
    group: str = ""
    kind: str = "criterion"
    unit: str = "unit"


class EstimateRecord(_Record):
    """One coefficient, as `coding_app.agreement.Estimate`."""

    statistic: str
    value: float | None
    low: float | None
    high: float | None
    confidence: float
    interval_method: str | None
    n_units: int
    n_pairable: int
    note: str | None
    standard_error: float | None = None
    design_effect: float | None = None


class PrevalenceRecord(_Record):
    """How often one observer gave each value."""

    coder: str
    n_units: int
    shares: dict[str, float]


class ResultRecord(_Record):
    """All coefficients of one criterion, code or rating."""

    criterion: str
    level: str
    n_units: int
    n_coders: int
    n_sessions: int
    prevalence: tuple[PrevalenceRecord, ...]
    estimates: tuple[EstimateRecord, ...]
    warnings: tuple[str, ...]

    def estimate(self, statistic: str) -> EstimateRecord | None:
        """The estimate of this statistic, None when there is none."""
        return next((each for each in self.estimates if each.statistic == statistic), None)


class PairRecord(_Record):
    """Two observers compared on one criterion: the coefficient, or why it has no value."""

    criterion: str
    first: str
    second: str
    statistic: str
    value: float | None
    n_units: int
    note: str | None


class ConfusionRecord(_Record):
    """How often the first observer gave the row's value where the second gave the column's."""

    criterion: str
    first: str
    second: str
    values: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


class CurveRecord(_Record):
    """A statistic of drawn spans at several tolerances, with its interval; None where undefined."""

    criterion: str
    statistic: str
    tolerance_ms: tuple[int, ...]
    values: tuple[float | None, ...]
    lows: tuple[float | None, ...]
    highs: tuple[float | None, ...]


class Judgements(_Record):
    """The table behind the numbers; sha256 as `judgements_sha256` makes it."""

    sha256: str
    n_rows: int


class Certificate(_Record):
    """A whole report. masked: the observers' names were replaced by letters, in the order of their names.

    cautions: what to know about the judgements, as parts of a sentence: that some are not blind, say. blind_only: the
    report is of the table's blind codings, and so is the hash.
    """

    format: Literal[1] = FORMAT
    title: str
    made_at: str
    tool: str
    tool_version: str
    libraries: dict[str, str]
    scheme: SchemeRecord | None
    judgements: Judgements
    exclusions: tuple[str, ...]
    parameters: Parameters
    masked: bool
    coders: tuple[str, ...]
    n_sessions: int
    runs: tuple[Run, ...]
    names: tuple[Name, ...]
    results: tuple[ResultRecord, ...]
    pairs: tuple[PairRecord, ...]
    confusions: tuple[ConfusionRecord, ...]
    curves: tuple[CurveRecord, ...] = ()
    cautions: tuple[str, ...] = ()
    blind_only: bool = False

    @property
    def labelled(self) -> frozenset[str]:
        """The criteria that have a name of their own."""
        return frozenset(each.key for each in self.names)

    def name(self, criterion: str) -> Name:
        """What a result is called; its own key where the table has no other name."""
        known = next((each for each in self.names if each.key == criterion), None)
        return known or Name(key=criterion, label=criterion)


def record_of(assessment: Assessment) -> ResultRecord:
    """An assessment as it stands in a certificate."""
    return ResultRecord(
        criterion=assessment.criterion,
        level=assessment.level,
        n_units=assessment.n_units,
        n_coders=assessment.n_coders,
        n_sessions=assessment.n_sessions,
        prevalence=tuple(
            PrevalenceRecord(coder=each.coder, n_units=each.n_units, shares=dict(each.shares))
            for each in assessment.prevalence
        ),
        estimates=tuple(
            EstimateRecord(**{name: getattr(each, name) for name in EstimateRecord.model_fields})
            for each in assessment.estimates
        ),
        warnings=assessment.warnings,
    )


def judgements_sha256(rows: Iterable[tuple[Any, ...]]) -> str:
    """SHA-256 of a long table's judgements, whatever the order of the rows and the way they were quoted.

    rows: `LongRow.judgement` of each. Each field is written with its length in front, so that no two
    different tables give the same bytes.
    """
    lines = sorted("".join(f"{len(field)}:{field}" for field in map(_field, row)) for row in rows)
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode("utf-8") + b"\n")
    return digest.hexdigest()


def _field(value: Any) -> str:
    return "" if value is None else str(value)
