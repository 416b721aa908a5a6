"""The parts of a scheme file that are about figures: derived measures, advice on reliability and training."""

from typing import Annotated, Literal

from pydantic import Field

from coding_app.schemes.format_basics import Count, Id, Label, Part, Share

Statistic = Literal[
    "percent_agreement", "cohen_kappa", "weighted_kappa_linear", "weighted_kappa_quadratic", "fleiss_kappa",
    "krippendorff_alpha", "krippendorff_alpha_masi", "krippendorff_alpha_jaccard", "gwet_ac1", "gwet_ac2",
    "brennan_prediger", "positive_agreement", "negative_agreement", "icc_1_1", "icc_2_1", "icc_3_1",
    "icc_1_k", "icc_2_k", "icc_3_k", "time_unit_kappa", "event_kappa",
]  # fmt: skip
Codes = Annotated[list[Id], Field(min_length=1)]


class CountPart(Part):
    """How many events of these codes there are."""

    id: Id
    label: Label | None = None
    op: Literal["count"]
    codes: Codes


class RatePart(Part):
    """Events of these codes per hour of recording."""

    id: Id
    label: Label | None = None
    op: Literal["rate_per_hour"]
    codes: Codes


class RatioPart(Part):
    """Events `of` for each event `to`; undefined when there is none of `to`."""

    id: Id
    label: Label | None = None
    op: Literal["ratio"]
    of: Codes
    to: Codes


class SharePart(Part):
    """Events `of` as a share (0-1) of the events `among`, which hold them; undefined when there are none."""

    id: Id
    label: Label | None = None
    op: Literal["share"]
    of: Codes
    among: Codes


class BalancePart(Part):
    """(plus - minus) / (plus + minus) over events, from -1 to 1; undefined when there are none."""

    id: Id
    label: Label | None = None
    op: Literal["balance"]
    plus: Codes
    minus: Codes


class LinkedSharePart(Part):
    """Share (0-1) of the events `of` that at least one link of this kind points to."""

    id: Id
    label: Label | None = None
    op: Literal["linked_share"]
    link: Id
    of: Codes


class MeanRatingPart(Part):
    """Mean of the values given on these ratings, which have one scale; undefined when none was given."""

    id: Id
    label: Label | None = None
    op: Literal["mean_rating"]
    ratings: Codes


class PerCentPart(Part):
    """Per cent (0-100) of the units of the kind `per` in which one of the codes `of` was given."""

    id: Id
    label: Label | None = None
    op: Literal["per_cent_of"]
    of: Codes
    per: Id


DerivedPart = Annotated[
    CountPart
    | RatePart
    | RatioPart
    | SharePart
    | BalancePart
    | LinkedSharePart
    | MeanRatingPart
    | PerCentPart,
    Field(discriminator="op"),
]


class CodeReliabilityPart(Part):
    """Statistics for codes."""

    primary: Statistic
    per: list[Literal["criterion", "code"]]
    also: list[Statistic] = Field(default_factory=list)


class AttributeReliabilityPart(Part):
    """Statistics for attributes, on events that both observers marked."""

    primary: Statistic
    on: Literal["matched_events"]


class RatingReliabilityPart(Part):
    """Statistics for ratings or counts."""

    primary: Statistic
    if_not_crossed: Statistic
    also: list[Statistic] = Field(default_factory=list)
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
