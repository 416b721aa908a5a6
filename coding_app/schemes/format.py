"""The coding scheme file, format 1, as pydantic models: what may stand where."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError


def _int_or_word(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PydanticCustomError("int_or_word", "must be a whole number or a word")
    return value


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=64)]
SchemeId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$")]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Label = Annotated[str, StringConstraints(pattern=r"\S", max_length=80)]
Text = Annotated[str, StringConstraints(pattern=r"\S", max_length=2000)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Value = Annotated[int | Id, BeforeValidator(_int_or_word)]
Statistic = Literal[
    "percent_agreement", "cohen_kappa", "weighted_kappa_linear", "weighted_kappa_quadratic", "fleiss_kappa",
    "krippendorff_alpha", "krippendorff_alpha_masi", "krippendorff_alpha_jaccard", "gwet_ac1", "gwet_ac2",
    "brennan_prediger", "positive_agreement", "negative_agreement", "icc_1_1", "icc_2_1", "icc_3_1",
    "icc_1_k", "icc_2_k", "icc_3_k", "time_unit_kappa", "event_kappa",
]  # fmt: skip


class Part(BaseModel):
    """Base of all parts: types are taken as written, an unknown key is a fault."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SourcePart(Part):
    """A publication an idea or a procedure comes from."""

    key: Id
    role: Literal["concept", "procedure", "comparison"]
    cite: Text
    doi: Label | None = None


class RequiresPart(Part):
    """What an observer must have open to code with this scheme."""

    audio: bool
    transcript: bool
    video: bool
    speaker_labels: bool


class RolePart(Part):
    """Whom a code or rating is about."""

    id: Literal["therapist", "client", "dyad"]
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
    ratings: list[Id] = []


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
    allow_external: list[Literal["earlier_session"]] = []


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
    attributes: list[Id] = []
    channels: list[Literal["words", "voice", "face", "body"]] = []
    definition: Text
    include: Annotated[list[Text], Field(min_length=1, max_length=50)]
    exclude: Annotated[list[Text], Field(min_length=1, max_length=50)]
    examples: Annotated[list[Text], Field(min_length=1, max_length=50)]
    near_misses: Annotated[list[NearMissPart], Field(min_length=1, max_length=50)]


class RulePart(Part):
    """A rule of decision shown to observers."""

    id: Id
    text: Text
    applies_to: list[Id] = []
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
    evidence: list[Id] = []
    not_applicable_if_no: list[Id] = []


class RatePart(Part):
    """Events of these codes per hour of recording."""

    id: Id
    op: Literal["rate_per_hour"]
    codes: Annotated[list[Id], Field(min_length=1)]


class BalancePart(Part):
    """(plus - minus) / (plus + minus) over events; empty when there are none."""

    id: Id
    op: Literal["balance"]
    plus: Annotated[list[Id], Field(min_length=1)]
    minus: Annotated[list[Id], Field(min_length=1)]


class LinkedSharePart(Part):
    """Share of the events `of` that at least one link of this kind points to."""

    id: Id
    op: Literal["linked_share"]
    link: Id
    of: Annotated[list[Id], Field(min_length=1)]


class MeanRatingPart(Part):
    """Mean of ratings on one scale."""

    id: Id
    op: Literal["mean_rating"]
    ratings: Annotated[list[Id], Field(min_length=1)]


DerivedPart = Annotated[RatePart | BalancePart | LinkedSharePart | MeanRatingPart, Field(discriminator="op")]


class CodeReliabilityPart(Part):
    """Statistics for codes."""

    primary: Statistic
    per: list[Literal["criterion", "code"]]
    also: list[Statistic] = []


class AttributeReliabilityPart(Part):
    """Statistics for attributes, on events that both observers marked."""

    primary: Statistic
    on: Literal["matched_events"]


class RatingReliabilityPart(Part):
    """Statistics for ratings or counts."""

    primary: Statistic
    if_not_crossed: Statistic
    also: list[Statistic] = []
    band: Literal["cicchetti1994"] | None = None


class MinimumPart(Part):
    """Below these a result is shown with a warning."""

    alpha: Share
    icc: Share
    double_coded_share: Share
    double_coded_sessions: Count
    positive_events_per_code: Count


class IntervalPart(Part):
    """How the interval around a coefficient is made."""

    level: Share
    method: Literal["bootstrap"]
    cluster: Literal["session"]
    replicates: Count


class ReliabilityPart(Part):
    """What a team is advised to report."""

    segment_codes: CodeReliabilityPart
    attributes: AttributeReliabilityPart
    ratings: RatingReliabilityPart
    counts_per_session: RatingReliabilityPart
    minimum: MinimumPart
    interval: IntervalPart


class PassMarkPart(Part):
    """What an observer in training must reach."""

    against: Literal["reference"]
    criterion_alpha: Share
    code_positive_agreement: Share
    ratings_within_one: Share
    consecutive_sessions: Count


class RecalibratePart(Part):
    """When a trained observer is checked again."""

    every_coded_sessions: Count
    or_every_days: Count
    drift_alpha_drop: Share


class TrainingPart(Part):
    """Advice for training observers."""

    practice_sessions: Count
    pass_mark: PassMarkPart
    recalibrate: RecalibratePart


class ChangePart(Part):
    """What a version changed."""

    version: Version
    date: Day
    note: Text


class SchemeFile(Part):
    """A whole scheme file."""

    format: Literal[1]
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
    scales: dict[Id, ScalePart] = {}
    attributes: dict[Id, AttributePart] = {}
    links: dict[Id, LinkPart] = {}
    criteria: dict[Id, CriterionPart] = {}
    codes: Annotated[list[CodePart], Field(max_length=500)] = []
    rules: list[RulePart] = []
    ratings: list[RatingPart] = []
    derived: list[DerivedPart] = []
    reliability: ReliabilityPart | None = None
    training: TrainingPart | None = None
    changes: Annotated[list[ChangePart], Field(min_length=1)]
