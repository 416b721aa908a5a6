"""How a scheme's settings are said in words, wherever a scheme is shown."""

import re

from coding_app.domain.scheme import EARLIER_SESSION, Code, Criterion, Derived, Link, Scheme

# Signs written from right to left, and those that turn the direction of what follows them.
_TURNS = re.compile("[\u0590-\u08ff\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]")
_ISOLATES = re.compile("[\u2066-\u2069]")


def apart(text: str) -> str:
    """A scheme's text to stand in a line with other words: whatever its direction, it turns nothing around it.

    >>> apart("plain"), len(apart("שלום"))
    ('plain', 6)
    """
    return f"\u2068{_ISOLATES.sub('', text)}\u2069" if _TURNS.search(text) else text


def how_coded(criterion: Criterion, scheme: Scheme) -> str:
    """In a sentence or two: what an observer does on one criterion, and what it means when no code is given."""
    unit = scheme.unit(criterion.unit)
    kind = apart(unit.label.lower())
    empty = "none of the codes applies" if criterion.unmarked == "absent" else "not judged"
    if unit.kind != "span":
        takes = "one code per role" if criterion.exclusive else "any number of codes"
        return f"On each {kind}: {takes}; a {kind} without a code means: {empty}."
    if unit.mark == "start":
        how = "Log the start of each code; it lasts until the next one of the same role, the last one to the end."
    elif unit.mark == "point":
        how = "Mark the moment of each code where it is heard."
    else:
        how = "Mark each code from its start to its end."
        how += " Those of one role cannot overlap." if criterion.exclusive else " They may overlap."
    return f"{how} Time without a code means: {empty}."


def labels_of(scheme: Scheme) -> dict[str, str]:
    """Code id -> label."""
    return {code.id: code.label for code in scheme.codes}


def leads_to(link: Link, scheme: Scheme) -> str:
    """What the codes of a link are linked to, as an instruction."""
    labels = labels_of(scheme)
    verb = "Link it" if link.required else "It can be linked"
    targets = ", ".join(apart(labels[name]) for name in link.to_codes)
    more = ", or something in an earlier session" if EARLIER_SESSION in link.external else ""
    return f"{verb} to the moment that it answers: {targets}{more}."


def asked_after(code: Code, scheme: Scheme) -> str:
    """What an observer is asked after giving a code; empty when nothing is asked."""
    return ", ".join(scheme.attribute(name).label for name in code.attributes)


def with_labels(text: str, scheme: Scheme) -> str:
    """A line that names codes by ids with an underscore in them, with the codes' labels instead."""
    labels = labels_of(scheme)
    return re.sub(r"\b\w+_\w+\b", lambda found: _quoted(found.group(), labels), text)


def _quoted(word: str, labels: dict[str, str]) -> str:
    return f"“{labels[word]}”" if word in labels else word


def role_name(role: str, scheme: Scheme) -> str:
    """What the scheme calls a role, or else its id in words."""
    return next((each.label for each in scheme.roles if each.id == role), role.replace("_", " ").capitalize())


def measured(measure: Derived, scheme: Scheme) -> str:
    """What a derived measure is, in a sentence."""
    labels = labels_of(scheme) | {each.id: each.label for each in scheme.ratings}
    of, against = (_listed(ids, labels) for ids in (measure.of, measure.against))
    match measure.op:
        case "count":
            return f"How often was coded: {of}."
        case "rate_per_hour":
            return f"How often per hour of recording was coded: {of}."
        case "ratio":
            return f"{of}, for each of: {against}."
        case "share":
            return f"The share of {of} among: {against}."
        case "balance":
            return f"From −1 (only {against}) to +1 (only {of})."
        case "linked_share":
            return f"The share of {of} that something answers by a link."
        case "mean_rating":
            return f"The mean of: {of}."
        case _:
            unit = scheme.unit(measure.unit).label.lower() if measure.unit else "unit"
            return f"Per cent of units ({unit}) with any of: {of}."


def _listed(ids: tuple[str, ...], labels: dict[str, str]) -> str:
    return ", ".join(f"“{apart(labels.get(each, each))}”" for each in ids)
