"""What must fit together inside a scheme file: ids, references, hotkeys, scales."""

from collections.abc import Collection, Iterator
from datetime import date
from difflib import get_close_matches

from coding_app.domain.scheme import PLAYER_KEYS, REMARK, RESERVED_CODES
from coding_app.schemes.format import CodePart, CriterionPart, RatingPart, ScalePart, SchemeFile, UnitPart
from coding_app.schemes.format_figures import (
    BalancePart,
    LinkedSharePart,
    MeanRatingPart,
    PerCentPart,
    SharePart,
)
from coding_app.schemes.tree import Place
from coding_app.schemes.versions import version_numbers

Fault = tuple[Place, str]
_RATED = ("interval", "session")


def faults_inside(file: SchemeFile) -> Iterator[Fault]:
    """Every place where parts do not fit together, with a sentence that says what to do."""
    yield from _repeated_ids(file)
    yield from _units(file)
    for name, scale in file.scales.items():
        yield from _scale(name, scale)
    yield from _hotkeys(file)
    codes = frozenset(code.id for code in file.codes)
    for number, code in enumerate(file.codes):
        yield from _code(file, codes, number, code)
    yield from _criteria(file)
    for number, rating in enumerate(file.ratings):
        yield from _rating(file, number, rating)
    yield from _passes(file)
    yield from _links_and_rules(file)
    yield from _preferences(file)
    yield from _derived(file)
    yield from _changes(file)


def _repeated_ids(file: SchemeFile) -> Iterator[Fault]:
    groups: dict[str, list[str]] = {
        "sources": [each.key for each in file.sources],
        "roles": [each.id for each in file.roles],
        "passes": [each.id for each in file.passes],
        "codes": [each.id for each in file.codes],
        "rules": [each.id for each in file.rules],
        "ratings": [each.id for each in file.ratings],
        "derived": [each.id for each in file.derived],
    }
    for group, ids in groups.items():
        field = "key" if group == "sources" else "id"
        for number, name in enumerate(ids):
            if name in ids[:number]:
                yield (group, number, field), f"{field} '{name}' stands twice in {group}; give each its own"
    for number, name in enumerate(groups["ratings"]):
        if name in file.criteria:
            yield (
                ("ratings", number, "id"),
                f"'{name}' is a criterion and a rating; give the rating another id",
            )
    for number, name in enumerate(groups["codes"]):
        if name in RESERVED_CODES:
            yield ("codes", number, "id"), f"'{name}' has a fixed meaning; give the code another id"
    if REMARK in file.criteria:
        yield ("criteria", REMARK), f"'{REMARK}' has a fixed meaning; give the criterion another id"
    for number, name in enumerate(groups["ratings"]):
        if name == REMARK:
            yield ("ratings", number, "id"), f"'{REMARK}' has a fixed meaning; give the rating another id"


def _units(file: SchemeFile) -> Iterator[Fault]:
    for name, unit in file.units.items():
        yield from _unit(name, unit)
    for kind in ("interval", "session"):
        names = [name for name, unit in file.units.items() if unit.kind == kind]
        for name in names[1:]:
            yield (
                ("units", name),
                f"a scheme can have one unit of kind {kind}, and '{names[0]}' is one; remove one",
            )


def _unit(name: str, unit: UnitPart) -> Iterator[Fault]:
    place: Place = ("units", name)
    if unit.kind == "interval" and unit.seconds is None:
        yield place, f"the interval '{name}' has no length; add 'seconds', for instance 300"
    if unit.kind != "interval" and (unit.seconds is not None or unit.keep_last_if_seconds is not None):
        yield place, f"'{name}' is no interval; remove 'seconds' and 'keep_last_if_seconds'"
    if unit.kind != "span" and unit.mark is not None:
        yield (*place, "mark"), f"'{name}' is not drawn by the observer; remove 'mark', or make it a span"
    if unit.seconds is not None and unit.seconds < 1:
        yield (*place, "seconds"), "an interval must last at least 1 second; make it longer"
    if unit.min_seconds is not None and unit.max_seconds is not None and unit.min_seconds > unit.max_seconds:
        yield (*place, "max_seconds"), "max_seconds is below min_seconds; swap them"


def _scale(name: str, scale: ScalePart) -> Iterator[Fault]:
    place: Place = ("scales", name)
    before: int | None = None
    seen: set[int | str] = set()
    for number, step in enumerate(scale.values):
        here = (*place, "values", number)
        if scale.type == "nominal":
            if not isinstance(step.value, str):
                yield here, f"'{step.value}' stands on a nominal scale; use words, or make the scale ordinal"
            elif step.value in seen:
                yield here, f"'{step.value}' stands twice on the scale; keep one"
            seen.add(step.value)
        elif not isinstance(step.value, int):
            yield here, f"'{step.value}' stands on an ordinal scale; use whole numbers"
        else:
            if before is not None and step.value <= before:
                yield here, f"{step.value} stands after {before}; the values of an ordinal scale must ascend"
            before = step.value
    if scale.start is not None and scale.start not in [step.value for step in scale.values]:
        yield (*place, "start"), f"start {scale.start} is not on the scale; choose one of its values"


def _hotkeys(file: SchemeFile) -> Iterator[Fault]:
    holders: dict[str, str] = {}
    for number, code in enumerate(file.codes):
        place: Place = ("codes", number, "key")
        if len(code.key) != 1 or not code.key.isprintable() or code.key != code.key.lower():
            yield place, f"the hotkey of '{code.id}' must be one small letter or sign; choose one"
        elif code.key in PLAYER_KEYS:
            yield place, f"the hotkey '{code.key}' of '{code.id}' belongs to the player; choose another"
        elif code.key in holders:
            yield (
                place,
                f"the hotkey '{code.key}' of '{code.id}' is the one of '{holders[code.key]}'; choose another",
            )
        else:
            holders[code.key] = code.id


def _unknown(ids: Collection[str], known: Collection[str], what: str, place: Place) -> Iterator[Fault]:
    """A fault for each of ids that is not among known or stands twice; place: of the list (one more step is added)."""
    seen: set[str] = set()
    for number, name in enumerate(ids):
        if name not in known:
            yield (*place, number), _no_such(name, what, known)
        elif name in seen:
            yield (*place, number), f"the {what} '{name}' stands twice here; keep one"
        seen.add(name)


def _no_such(name: str, what: str, known: Collection[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1)
    advice = f"did you mean '{near[0]}'?" if near else "add it, or use one that the scheme has"
    return f"there is no {what} '{name}'; {advice}"


def _one(name: str, known: Collection[str], what: str, place: Place) -> Iterator[Fault]:
    if name not in known:
        yield place, _no_such(name, what, known)


def _roles(file: SchemeFile) -> list[str]:
    return [each.id for each in file.roles]


def _codes(file: SchemeFile) -> list[str]:
    return [each.id for each in file.codes]


def _code(file: SchemeFile, codes: Collection[str], number: int, code: CodePart) -> Iterator[Fault]:
    place: Place = ("codes", number)
    yield from _one(code.criterion, file.criteria, "criterion", (*place, "criterion"))
    yield from _one(code.role, _roles(file), "role", (*place, "role"))
    yield from _unknown(code.attributes, file.attributes, "attribute", (*place, "attributes"))
    for position, near in enumerate(code.near_misses):
        here = (*place, "near_misses", position, "instead")
        if near.instead != "none":
            yield from _one(near.instead, codes, "code", here)
        if near.instead == code.id:
            yield here, f"a near miss of '{code.id}' names the code itself; name another code or 'none'"


def _criteria(file: SchemeFile) -> Iterator[Fault]:
    coded = {step.unit for step in file.passes if step.codes == "all"}
    for name, criterion in file.criteria.items():
        if criterion.unit in file.units and criterion.unit not in coded:
            yield (
                ("criteria", name, "unit"),
                f"no pass codes the unit '{criterion.unit}' of '{name}'; write 'codes: all' in a pass of this unit",
            )
        yield from _one(criterion.unit, file.units, "unit", ("criteria", name, "unit"))
        yield from _criterion_on_unit(file, name, criterion)
        if not any(code.criterion == name for code in file.codes):
            yield ("criteria", name), f"the criterion '{name}' has no code; add one, or remove the criterion"
    for name, attribute in file.attributes.items():
        yield from _one(attribute.scale, file.scales, "scale", ("attributes", name, "scale"))
    if not file.criteria and not file.ratings:
        yield (), "the scheme has neither criteria nor ratings; add at least one"


def _criterion_on_unit(file: SchemeFile, name: str, criterion: CriterionPart) -> Iterator[Fault]:
    unit = file.units.get(criterion.unit)
    place: Place = ("criteria", name)
    if unit is None:
        return
    if unit.kind in _RATED:
        yield (
            (*place, "unit"),
            f"'{name}' gives codes to the unit '{criterion.unit}', of kind {unit.kind}; codes are given to "
            "events, utterances and spans: name such a unit, or make it a rating",
        )
    if unit.kind != "span":
        return
    if unit.mark == "start" and not criterion.exclusive:
        yield (
            (*place, "exclusive"),
            f"of '{name}' only starts are logged, so each code must end the one before; write 'exclusive: true'",
        )
    if unit.mark != "start" and criterion.exhaustive:
        yield (
            (*place, "exhaustive"),
            f"'{name}' is marked where it occurs and cannot fill the recording; write 'exhaustive: false', "
            "or log starts only",
        )


def _rating(file: SchemeFile, number: int, rating: RatingPart) -> Iterator[Fault]:
    place: Place = ("ratings", number)
    yield from _one(rating.role, _roles(file), "role", (*place, "role"))
    yield from _one(rating.unit, file.units, "unit", (*place, "unit"))
    yield from _one(rating.scale, file.scales, "scale", (*place, "scale"))
    yield from _unknown(rating.evidence, _codes(file), "code", (*place, "evidence"))
    yield from _unknown(rating.not_applicable_if_no, _codes(file), "code", (*place, "not_applicable_if_no"))
    yield from _unknown(rating.needs_speakers, _roles(file), "role", (*place, "needs_speakers"))
    unit, scale = file.units.get(rating.unit), file.scales.get(rating.scale)
    if unit and unit.kind not in _RATED:
        yield (*place, "unit"), f"'{rating.id}' rates single moments; rate an interval or the session"
    if scale and scale.type != "ordinal":
        yield (*place, "scale"), f"'{rating.id}' is rated on a nominal scale; use an ordinal one"


def _passes(file: SchemeFile) -> Iterator[Fault]:
    units = {rating.id: rating.unit for rating in file.ratings}
    rated: set[str] = set()
    for number, step in enumerate(file.passes):
        place: Place = ("passes", number)
        yield from _one(step.unit, file.units, "unit", (*place, "unit"))
        yield from _unknown(step.ratings, units, "rating", (*place, "ratings"))
        for position, name in enumerate(step.ratings):
            here = (*place, "ratings", position)
            if units.get(name, step.unit) != step.unit:
                yield here, f"'{name}' rates another unit; move it to a pass of that unit"
            if name in rated:
                yield here, f"another pass asks for the rating '{name}' already; keep it in one of them"
        rated |= set(step.ratings)
        unit = file.units.get(step.unit)
        if unit is not None and unit.kind in _RATED and step.codes == "all":
            yield (*place, "codes"), f"the unit '{step.unit}' takes no codes; write 'codes: none'"
    for number, rating in enumerate(file.ratings):
        if rating.id not in rated:
            yield ("ratings", number, "id"), f"no pass asks for the rating '{rating.id}'; add it to one"


def _links_and_rules(file: SchemeFile) -> Iterator[Fault]:
    codes = _codes(file)
    for name, link in file.links.items():
        yield from _unknown(link.from_, codes, "code", ("links", name, "from"))
        yield from _unknown(link.to, codes, "code", ("links", name, "to"))
    for number, rule in enumerate(file.rules):
        place: Place = ("rules", number)
        yield from _unknown(rule.applies_to, codes, "code", (*place, "applies_to"))
        for field, winner in (("prefer", rule.prefer), ("over", rule.over)):
            if winner is not None:
                yield from _one(winner, codes, "code", (*place, field))
        if (rule.prefer is None) != (rule.over is None):
            yield place, f"rule '{rule.id}' has only one of 'prefer' and 'over'; give both or none"
        elif rule.prefer is not None and rule.prefer == rule.over:
            yield (*place, "over"), f"rule '{rule.id}' prefers a code over itself; name two codes"


def _preferences(file: SchemeFile) -> Iterator[Fault]:
    """Rules that say the opposite of what rules before them say, at once or by way of others."""
    over: dict[str, set[str]] = {}
    for number, rule in enumerate(file.rules):
        if rule.prefer is None or rule.over is None or rule.prefer == rule.over:
            continue
        if rule.prefer in _reached(over, rule.over):
            yield (
                ("rules", number, "prefer"),
                f"rule '{rule.id}' prefers '{rule.prefer}' over '{rule.over}', and rules before it say the opposite; "
                "decide which",
            )
        over.setdefault(rule.prefer, set()).add(rule.over)


def _reached(over: dict[str, set[str]], start: str) -> set[str]:
    found, waiting = set[str](), [start]
    while waiting:
        new = over.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _derived(file: SchemeFile) -> Iterator[Fault]:
    codes, ratings = _codes(file), {rating.id: rating.scale for rating in file.ratings}
    for number, derived in enumerate(file.derived):
        place: Place = ("derived", number)
        for field in ("codes", "of", "to", "among", "plus", "minus"):
            yield from _unknown(getattr(derived, field, ()), codes, "code", (*place, field))
        match derived:
            case SharePart() if strangers := set(derived.of) - set(derived.among):
                yield (
                    (*place, "of"),
                    f"'{min(strangers)}' is not among what '{derived.id}' is a share of; add it to 'among'",
                )
            case BalancePart() if both := set(derived.plus) & set(derived.minus):
                yield (
                    (*place, "minus"),
                    f"'{min(both)}' stands in 'plus' and in 'minus' of '{derived.id}'; take it out of one",
                )
            case LinkedSharePart():
                yield from _one(derived.link, file.links, "link", (*place, "link"))
            case PerCentPart():
                yield from _one(derived.per, file.units, "unit", (*place, "per"))
                if (unit := file.units.get(derived.per)) and unit.kind == "span":
                    yield (
                        (*place, "per"),
                        f"spans such as '{derived.per}' cannot be counted out; name another unit",
                    )
            case MeanRatingPart():
                yield from _unknown(derived.ratings, ratings, "rating", (*place, "ratings"))
                if len({ratings[name] for name in derived.ratings if name in ratings}) > 1:
                    yield (
                        (*place, "ratings"),
                        f"'{derived.id}' mixes scales; take the mean of ratings on one scale",
                    )


def _changes(file: SchemeFile) -> Iterator[Fault]:
    present = {*_codes(file), *(rating.id for rating in file.ratings), *file.criteria, "none"}
    versions = [change.version for change in file.changes]
    for number, change in enumerate(file.changes):
        if not _is_day(change.date):
            yield ("changes", number, "date"), f"there is no day {change.date}; write one such as 2026-11-22"
        if change.version in versions[:number]:
            yield (
                ("changes", number, "version"),
                f"version {change.version} stands twice in changes; keep one",
            )
        if version_numbers(change.version) > version_numbers(file.version):
            yield (
                ("changes", number, "version"),
                f"a change tells of version {change.version}, and the file is version {file.version}; raise "
                "'version' above, or correct the change",
            )
        is_newest = change.version == file.version
        for position, step in enumerate(change.migration):
            if is_newest:
                place: Place = ("changes", number, "migration", position, "to")
                yield from _one(step.to, present, "code, rating or criterion", place)
    if file.version not in versions:
        yield ("changes",), f"no change tells of version {file.version}; add what is new in it"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
