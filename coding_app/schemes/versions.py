"""Two versions of a scheme side by side: what is new, gone or changed, and which number has to rise."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias

from coding_app.domain.scheme import Scale, Scheme

Kind: TypeAlias = Literal[
    "scheme", "role", "unit", "pass", "scale step", "attribute", "link", "criterion", "code", "rating", "rule",
    "measure", "advice",
]  # fmt: skip
Bump: TypeAlias = Literal["major", "minor", "patch"]

# Judgements hang on these fields. All others are wording; whether a new wording means more, only people can say.
_MEANING: dict[Kind, frozenset[str]] = {
    "unit": frozenset({"kind", "interval_ms", "keep_last_ms", "mark"}),
    "attribute": frozenset({"scale"}),
    "link": frozenset({"direction", "cardinality"}),
    "criterion": frozenset({"unit", "exclusive", "exhaustive", "unmarked"}),
    "code": frozenset({"criterion", "role"}),
    "rating": frozenset({"unit", "role", "scale"}),
}
# Of these lists judgements hang on what is taken away; what is put in only lets more be judged.
_LISTS = frozenset({"attributes", "from_codes", "to_codes", "external"})
_JUDGED: frozenset[Kind] = frozenset(
    {"unit", "scale step", "attribute", "link", "criterion", "code", "rating"}
)
_RANK: tuple[Bump | None, ...] = (None, "patch", "minor", "major")
_SCHEME_FIELDS = ("status", "title", "language", "summary", "license", "disclaimer", "sources", "requires")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. field, before, after: of what changed, "" of what is new or gone.

    label: what people call the thing. bump: the number that has to rise for it, at least: "major" where judgements
    before and after can mean different things, "minor" where more can be judged, "patch" for wording.
    """

    kind: Kind
    id: str
    label: str
    bump: Bump
    field: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class SchemeDiff:
    """Everything in which two versions differ, in the order of the scheme."""

    added: tuple[Difference, ...]
    removed: tuple[Difference, ...]
    changed: tuple[Difference, ...]

    @property
    def all(self) -> tuple[Difference, ...]:
        """All of them: new, gone, changed."""
        return (*self.added, *self.removed, *self.changed)


def compare(old: Scheme, new: Scheme) -> SchemeDiff:
    """What is in one and not in the other, and every field that differs, by the ids of the parts."""
    before, after = _parts(old), _parts(new)
    added = tuple(
        Difference(*key, _label(part), _bump_of_new(key[0]))
        for key, part in after.items()
        if key not in before
    )
    removed = tuple(
        Difference(*key, _label(part), "major" if key[0] in _JUDGED else "patch")
        for key, part in before.items()
        if key not in after
    )
    both = [key for key in after if key in before]
    changed = tuple(each for key in both for each in _changes(key, before[key], after[key]))
    return SchemeDiff(added, removed, changed)


def needed_bump(old: Scheme, new: Scheme) -> Bump | None:
    """Which of the three numbers has to rise at least; None when nothing differs.

    A changed definition counts as wording: whether it changes what is coded, only people can say.
    """
    return max((each.bump for each in compare(old, new).all), key=_RANK.index, default=None)


def next_version(version: str, bump: Bump | None) -> str:
    """The version after this one; the same one when nothing has to rise.

    >>> next_version("1.4.2", "minor")
    '1.5.0'
    """
    major, minor, patch = (int(part) for part in version.split("."))
    match bump:
        case "major":
            return f"{major + 1}.0.0"
        case "minor":
            return f"{major}.{minor + 1}.0"
        case "patch":
            return f"{major}.{minor}.{patch + 1}"
        case None:
            return version


def risen_enough(old: Scheme, new: Scheme) -> bool:
    """Whether the new version's number rises by at least as much as its changes need."""
    least = next_version(old.version, needed_bump(old, new))
    return version_numbers(new.version) >= version_numbers(least)


def version_numbers(version: str) -> tuple[int, ...]:
    """For comparing versions.

    >>> version_numbers("0.10.0") > version_numbers("0.9.1")
    True
    """
    return tuple(int(part) for part in version.split("."))


def without_a_note(old: Scheme, new: Scheme) -> tuple[Difference, ...]:
    """Codes, ratings and criteria that are gone, of which no migration after the old version says what became."""
    told = {
        step.before
        for change in new.changes
        if version_numbers(change.version) > version_numbers(old.version)
        for step in change.migration
    }
    gone = ("criterion", "code", "rating")
    return tuple(each for each in compare(old, new).removed if each.kind in gone and each.id not in told)


def _parts(scheme: Scheme) -> dict[tuple[Kind, str], Any]:
    """Every part that is compared, by kind and id."""
    found: dict[tuple[Kind, str], Any] = {("scheme", scheme.id): scheme}
    found |= {("role", each.id): each for each in scheme.roles}
    found |= {("unit", each.id): each for each in scheme.units}
    found |= {("pass", each.id): each for each in scheme.steps}
    scales = {each.id: each for each in _scales(scheme)}
    found |= {
        ("scale step", f"{scale.id}.{step.value}"): step for scale in scales.values() for step in scale.values
    }
    found |= {("attribute", each.id): each for each in scheme.attributes}
    found |= {("criterion", each.id): each for each in scheme.criteria}
    found |= {("code", each.id): each for each in scheme.codes}
    found |= {("link", each.id): each for each in scheme.links}
    found |= {("rating", each.id): each for each in scheme.ratings}
    found |= {("rule", each.id): each for each in scheme.rules}
    found |= {("measure", each.id): each for each in scheme.derived}
    found |= {("advice", each.id): each for each in scheme.advice}
    return found


def _bump_of_new(kind: Kind) -> Bump:
    if kind == "scale step":
        return "major"  # the steps beside it no longer mean what they did
    return "minor" if kind in _JUDGED else "patch"


def _scales(scheme: Scheme) -> list[Scale]:
    return [*(each.scale for each in scheme.attributes), *(each.scale for each in scheme.ratings)]


def _changes(key: tuple[Kind, str], old: Any, new: Any) -> Iterator[Difference]:
    kind, name = key
    for each in _SCHEME_FIELDS if kind == "scheme" else [each.name for each in fields(old)]:
        before, after = getattr(old, each), getattr(new, each)
        if each != "codes" and (shown := _shown(before)) != _shown(after):
            bump = _bump_of_change(kind, each, before, after)
            yield Difference(kind, name, _label(new), bump, each, shown, _shown(after))


def _bump_of_change(kind: Kind, field: str, before: Any, after: Any) -> Bump:
    if field in _LISTS and kind in _JUDGED:
        return "minor" if set(before) <= set(after) else "major"
    return "major" if field in _MEANING.get(kind, ()) else "patch"


def _label(part: Any) -> str:
    return str(getattr(part, "label", None) or getattr(part, "title", None) or part.id)


def _shown(value: Any) -> str:
    """A field's value as text that two versions can be compared by; of a scale its id, of a near miss its words."""
    if isinstance(value, tuple):
        return "\n".join(_shown(each) for each in value)
    if hasattr(value, "values") and hasattr(value, "kind"):
        return f"{value.id} ({value.kind}, start {value.start})"
    if hasattr(value, "why"):
        return f"{value.text} ({value.why}) -> {value.instead or 'none'}"
    return "" if value is None else str(value)
