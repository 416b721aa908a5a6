"""A coding scheme: criteria with codes, attributes, ratings and rules."""

from collections.abc import Collection
from dataclasses import dataclass, replace

NOT_APPLICABLE = "not_applicable"  # instead of a rating's value: it does not apply
EVIDENCE = "evidence"  # beside a rating's value: its links are the moments it rests on
REMARK = "remark"  # the criterion of flags, doubts and notes, on any unit, in every scheme
REMARK_CODES = ("flag", "uncertain")
RESERVED_CODES = frozenset({NOT_APPLICABLE, EVIDENCE, *REMARK_CODES, "none"})
EARLIER_SESSION = "earlier_session"  # the target of a link to something before this session
# Of the player and the rest of the workbench (ui/workbench/frontend/v2/actions.js).
PLAYER_KEYS = frozenset({" ", "Enter", "Escape", "Tab", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight",
                         "?", "z", "[", "]", "x", *"0123456789", *"/,.;'\\`-=+", *':!*&"#()<>'})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScaleValue:
    """One step of a scale; value is an int on ordinal scales, a word on nominal ones."""

    value: int | str
    label: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """Possible values of a rating or an attribute; start = where a rating begins."""

    id: str
    kind: str  # "ordinal" | "nominal"
    values: tuple[ScaleValue, ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something asked right after a code is chosen (intensity, facet ...)."""

    id: str
    label: str
    scale: Scale
    required: bool


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Talk that looks like the code but is not, why, and the code to use instead (None = none)."""

    text: str
    why: str
    instead: str | None


@dataclass(frozen=True, slots=True)
class Code:
    """One possible answer to a criterion, for one role ("therapist", "client", "client_2" ..., "dyad")."""

    id: str
    criterion: str
    role: str
    valence: str
    label: str
    key: str
    attributes: tuple[str, ...]
    channels: tuple[str, ...]
    definition: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    examples: tuple[str, ...]
    near_misses: tuple[NearMiss, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question about a unit. exclusive: at most one code per unit and role.

    unmarked: "absent" (coded, none of the codes applies) or "missing" (not judged).
    """

    id: str
    label: str
    unit: str
    exclusive: bool
    exhaustive: bool
    unmarked: str
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """An ordinal judgement on each unit of a kind (interval or session).

    needs_speakers: asked only in recordings where each of these roles has a voice.
    """

    id: str
    label: str
    unit: str
    role: str
    scale: Scale
    question: str
    high: str = ""
    low: str = ""
    evidence: tuple[str, ...] = ()
    not_applicable_if_no: tuple[str, ...] = ()
    needs_speakers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitKind:
    """What a criterion or rating applies to: kind "event", "utterance", "span", "interval" or "session".

    mark: how a span is drawn: "span" = start and end; "start" = starts only, the next code of the criterion and
    role ends it; "point" = a moment without length. Other kinds have no use for it. shortest_ms, longest_ms: advice.
    """

    id: str
    kind: str
    label: str
    guidance: str = ""
    interval_ms: int | None = None
    keep_last_ms: int = 0
    mark: str = "span"
    shortest_ms: int | None = None
    longest_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A relation between codes: this repair addresses that rupture.

    direction: "earlier" (what is linked to begins no later) or "any". cardinality: "one" or "many" targets.
    external: what else a link may point to, EARLIER_SESSION or nothing.
    """

    id: str
    from_codes: tuple[str, ...]
    to_codes: tuple[str, ...]
    required: bool
    direction: str
    cardinality: str
    external: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A decision rule shown to observers; prefer/over name codes of which one wins."""

    id: str
    text: str
    applies_to: tuple[str, ...] = ()
    prefer: str | None = None
    over: str | None = None

    @property
    def about(self) -> tuple[str, ...]:
        """The codes beside which it is shown."""
        named = (*self.applies_to, self.prefer, self.over)
        return tuple(dict.fromkeys(each for each in named if each is not None))


@dataclass(frozen=True, slots=True)
class Step:
    """One way through the recording: listen, tag, rate blocks, rate the session."""

    id: str
    label: str
    unit: str
    tags: bool
    ratings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """Whom codes and ratings are about: id "therapist", "client", "client_2" ... or "dyad", and its name."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Derived:
    """A figure per session, computed from judgements by one of a closed list of operations.

    op: see domain/derived.py. of and against: codes (of mean_rating: ratings). link: of linked_share.
    unit: the kind of unit that per_cent_of counts.
    """

    id: str
    label: str
    op: str
    of: tuple[str, ...]
    against: tuple[str, ...] = ()
    link: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Migration:
    """Where judgements with an id of the version before belong (None = nowhere any more), and why."""

    before: str
    after: str | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a version changed. date: as "2026-11-23"."""

    version: str
    date: str
    note: str
    migration: tuple[Migration, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """One line of what the authors advise: topic "reliability" or "training", name as in "minimum.alpha"."""

    topic: str
    name: str
    value: str

    @property
    def id(self) -> str:
        """Topic and name."""
        return f"{self.topic}.{self.name}"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One version of a coding scheme, as read from its file; sha256 is of the canonical form.

    requires: what an observer must have, of "audio", "transcript", "video", "speaker_labels".
    """

    id: str
    version: str
    status: str
    title: str
    language: str
    summary: str
    license: str
    disclaimer: str
    sources: tuple[str, ...]
    units: tuple[UnitKind, ...]
    steps: tuple[Step, ...]
    attributes: tuple[Attribute, ...]
    criteria: tuple[Criterion, ...]
    ratings: tuple[Rating, ...]
    links: tuple[Link, ...]
    rules: tuple[Rule, ...]
    sha256: str
    roles: tuple[Role, ...] = ()
    derived: tuple[Derived, ...] = ()
    changes: tuple[Change, ...] = ()
    requires: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()

    @property
    def codes(self) -> tuple[Code, ...]:
        """All codes in the order of the file."""
        return tuple(code for criterion in self.criteria for code in criterion.codes)

    def attribute(self, attribute_id: str) -> Attribute:
        """The attribute with this id; raises KeyError."""
        return {each.id: each for each in self.attributes}[attribute_id]

    def unit(self, unit_id: str) -> UnitKind:
        """The kind of unit with this id; raises KeyError."""
        return {each.id: each for each in self.units}[unit_id]

    def asked_of(self, speakers: Collection[str | None]) -> "Scheme":
        """The scheme with only the ratings that are asked where these roles speak.

        Voices whose role nobody has given (None) count as none, so that all is asked when there are none but those.
        """
        roles = {role for role in speakers if role}
        left_out = {each.id for each in self.ratings if roles and not roles.issuperset(each.needs_speakers)}
        if not left_out:
            return self
        return replace(
            self,
            ratings=tuple(each for each in self.ratings if each.id not in left_out),
            steps=tuple(
                replace(step, ratings=tuple(name for name in step.ratings if name not in left_out))
                for step in self.steps
            ),
        )

    def links_from(self, code_id: str) -> tuple[Link, ...]:
        """The relations that begin at this code."""
        return tuple(link for link in self.links if code_id in link.from_codes)
