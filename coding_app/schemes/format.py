"""The coding scheme file, format 1, as pydantic models: what may stand where."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from coding_app.schemes.format_basics import (
    Day,
    Doi,
    FormatNumber,
    Id,
    Label,
    Part,
    SchemeId,
    Seconds,
    Text,
    Value,
    Version,
)
from coding_app.schemes.format_figures import DerivedPart, ReliabilityPart, TrainingPart


class SourcePart(Part):
    """A publication an idea or a procedure comes from."""

    key: Id
    role: Literal["concept", "procedure", "comparison"]
    cite: Text
    doi: Doi | None = None


class RequiresPart(Part):
    """What an observer must have open to code with this scheme."""

    audio: bool
    transcript: bool
    video: bool
    speaker_labels: bool


class RolePart(Part):
    """Whom a code or rating is about."""

    id: Literal["therapist", "client", "client_2", "client_3", "client_4", "dyad"]
    label: Label


class UnitPart(Part):
    """A kind of unit that takes judgements."""

    kind: Literal["event", "utterance", "span", "interval", "session"]
    mark: Literal["span", "start", "point"] | None = None
    label: Label
    guidance: Text | None = None
    min_seconds: Seconds | None = None
    max_seconds: Seconds | None = None
    seconds: Seconds | None = None
    keep_last_if_seconds: Seconds | None = None


class PassPart(Part):
    """One way through the recording: what is coded and rated on it."""

    id: Id
    label: Label
    unit: Id
    codes: Literal["all", "none"] = "none"
    ratings: list[Id] = Field(default_factory=list)


class ValuePart(Part):
    """One step of a scale."""

    value: Value
    label: Label | None = None
    anchor: Text | None = None


class ScalePart(Part):
    """The possible values of an attribute or a rating."""

    type: Literal["ordinal", "nominal"]
    start: int | None = None
    values: Annotated[list[ValuePart], Field(min_length=2, max_length=50)]


class AttributePart(Part):
    """What is asked after a code was chosen."""

    label: Label
    scale: Id
    required: bool


class LinkPart(Part):
    """A relation from codes to the codes of the moments that they answer."""

    from_: Annotated[list[Id], Field(alias="from", min_length=1)]
    to: Annotated[list[Id], Field(min_length=1)]
    required: bool
    direction: Literal["earlier", "any"]
    cardinality: Literal["one", "many"]
    allow_external: list[Literal["earlier_session"]] = Field(default_factory=list)


class CriterionPart(Part):
    """One question about a unit."""

    label: Label
    unit: Id
    exclusive: bool
    exhaustive: bool
    unmarked: Literal["absent", "missing"]


class NearMissPart(Part):
    """Talk that looks like the code and is not."""

    text: Text
    why: Text
    instead: Id


class CodePart(Part):
    """One possible answer to a criterion."""

    id: Id
    criterion: Id
    role: Id
    valence: Literal["positive", "negative", "neutral"]
    label: Label
    key: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    attributes: list[Id] = Field(default_factory=list)
    channels: list[Literal["words", "voice", "face", "body"]] = Field(default_factory=list)
    definition: Text
    include: Annotated[list[Text], Field(min_length=1, max_length=50)]
    exclude: Annotated[list[Text], Field(min_length=1, max_length=50)]
    examples: Annotated[list[Text], Field(min_length=1, max_length=50)]
    near_misses: Annotated[list[NearMissPart], Field(min_length=1, max_length=50)]


class RulePart(Part):
    """A rule of decision shown to observers."""

    id: Id
    text: Text
    applies_to: list[Id] = Field(default_factory=list)
    prefer: Id | None = None
    over: Id | None = None


class RatingPart(Part):
    """An ordinal judgement on every unit of a kind."""

    id: Id
    label: Label
    unit: Id
    role: Id
    scale: Id
    question: Text
    high: Text | None = None
    low: Text | None = None
    evidence: list[Id] = Field(default_factory=list)
    not_applicable_if_no: list[Id] = Field(default_factory=list)
    needs_speakers: list[Id] = Field(default_factory=list)


class MigrationPart(Part):
    """Where judgements with an id of the version before belong in this one; `to` none: nowhere any more."""

    from_: Annotated[Id, Field(alias="from")]
    to: Id
    note: Text | None = None


class ChangePart(Part):
    """What a version changed."""

    version: Version
    date: Day
    note: Text
    migration: list[MigrationPart] = Field(default_factory=list)


class SchemeFile(Part):
    """A whole scheme file."""

    format: FormatNumber
    id: SchemeId
    version: Version
    status: Literal["draft", "pilot", "stable", "retired"]
    title: Label
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    summary: Text
    license: Label
    disclaimer: Text
    sources: Annotated[list[SourcePart], Field(min_length=1)]
    requires: RequiresPart
    roles: Annotated[list[RolePart], Field(min_length=1)]
    units: Annotated[dict[Id, UnitPart], Field(min_length=1)]
    passes: Annotated[list[PassPart], Field(min_length=1)]
    scales: dict[Id, ScalePart] = Field(default_factory=dict)
    attributes: dict[Id, AttributePart] = Field(default_factory=dict)
    links: dict[Id, LinkPart] = Field(default_factory=dict)
    criteria: dict[Id, CriterionPart] = Field(default_factory=dict)
    codes: list[CodePart] = Field(default_factory=list, max_length=500)
    rules: list[RulePart] = Field(default_factory=list)
    ratings: list[RatingPart] = Field(default_factory=list)
    derived: list[DerivedPart] = Field(default_factory=list)
    reliability: ReliabilityPart | None = None
    training: TrainingPart | None = None
    changes: Annotated[list[ChangePart], Field(min_length=1)]
