"""What a manual of a scheme says, block by block; manual.py and manual_pdf.py give it its form."""

from collections.abc import Iterator
from dataclasses import dataclass

from coding_app.domain.scheme import Change, Code, Criterion, Rating, Scale, Scheme
from coding_app.domain.scheme_words import (
    apart,
    asked_after,
    how_coded,
    labels_of,
    leads_to,
    measured,
    role_name,
    with_labels,
)
from coding_app.exchange.manual_advice import advice_rows, needs, unit_words

PLAYER = (
    ("Space", "play, pause"),
    ("Enter", "play this segment again"),
    ("Left, Right", "a step back or forward"),
    ("Up, Down", "previous or next segment"),
    ("0–9", "answer what is asked after a code"),
    ("z  x", "undo, redo"),
    ("' ! *", "note, flag, uncertain"),
    (":", "the codebook beside the segment"),
    ("?", "all keys"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; quiet: small print."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """Lines under a small heading; quoted: they are talk, given as examples."""

    head: str
    lines: tuple[str, ...]
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """Two lists side by side."""

    left: Bullets
    right: Bullets


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under heads; the last column is the widest."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Text | Bullets | Beside | Table


@dataclass(frozen=True, slots=True)
class Entry:
    """A code, a rating or another thing with a name; key: its hotkey, "" for none; id: where a link leads."""

    id: str
    name: str
    about: str
    blocks: tuple[Block, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One part of the manual; crib: the page to lay beside the keyboard."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    entries: tuple[Entry, ...] = ()
    crib: bool = False


def chapters(scheme: Scheme) -> tuple[Chapter, ...]:
    """The whole manual in reading order; chapters without content are left out."""
    found = [
        _how(scheme),
        _rules(scheme),
        *(_criterion(each, scheme) for each in scheme.criteria),
        _attributes(scheme),
        _ratings(scheme),
        _derived(scheme),
        _advice(scheme),
        _sources(scheme),
        _changes(scheme),
        crib_sheet(scheme),
    ]
    return tuple(each for each in found if each.blocks or each.entries)


def about(scheme: Scheme) -> str:
    """One line: which version, in which state, under which licence."""
    return f"{scheme.id} {scheme.version} · {scheme.status} · {scheme.license} · language: {scheme.language}"


def _how(scheme: Scheme) -> Chapter:
    steps = Bullets("", tuple(f"{n}. {step.label}" for n, step in enumerate(scheme.steps, start=1)))
    units = tuple(
        Text(f"{apart(unit.label)}. {unit_words(unit)}") for unit in scheme.units if unit_words(unit)
    )
    needed = (Text(needs(scheme)),) if needs(scheme) else ()
    return Chapter("how", "How to go about it", (*needed, steps, *units))


def _rules(scheme: Scheme) -> Chapter:
    rows = tuple((rule.id, with_labels(rule.text, scheme)) for rule in scheme.rules)
    return Chapter("rules", "Rules of decision", (Table(("Rule", "What it says"), rows),) if rows else ())


def _criterion(criterion: Criterion, scheme: Scheme) -> Chapter:
    return Chapter(
        f"criterion-{criterion.id}",
        criterion.label,
        (Text(how_coded(criterion, scheme), quiet=True),),
        tuple(code_entry(code, scheme) for code in criterion.codes),
    )


def code_entry(code: Code, scheme: Scheme) -> Entry:
    """A code with everything that is said of it."""
    asked = asked_after(code, scheme)
    blocks: list[Block] = [Text(with_labels(code.definition, scheme))]
    blocks += [Text(leads_to(link, scheme), quiet=True) for link in scheme.links_from(code.id)]
    blocks.append(
        Beside(
            Bullets("Code it when", _lines(code.include, scheme)),
            Bullets("Do not code it when", _lines(code.exclude, scheme)),
        )
    )
    blocks.append(
        Beside(
            Bullets("Examples", _lines(code.examples, scheme), quoted=True),
            Bullets("Looks like it, but is not", tuple(near_misses(code, scheme))),
        )
    )
    rules = tuple(
        f"{rule.id}: {apart(with_labels(rule.text, scheme))}"
        for rule in scheme.rules
        if code.id in rule.about
    )
    if rules:
        blocks.append(Bullets("Rules", rules))
    parts = [apart(role_name(code.role, scheme)), code.valence]
    parts += [f"in {' and '.join(code.channels)}"] if code.channels else []
    parts += [f"asks: {apart(asked)}"] if asked else []
    return Entry(f"code-{code.id}", code.label, " · ".join(parts), tuple(blocks), code.key)


def near_misses(code: Code, scheme: Scheme) -> Iterator[str]:
    """Each near miss in one line: the talk, why it is none, what to code instead."""
    labels = labels_of(scheme)
    for miss in code.near_misses:
        instead = f"Code “{apart(labels[miss.instead])}” instead." if miss.instead in labels else "No code."
        yield f"{apart(miss.text)} — {apart(with_labels(miss.why, scheme))} {instead}"


def _lines(lines: tuple[str, ...], scheme: Scheme) -> tuple[str, ...]:
    return tuple(with_labels(line, scheme) for line in lines)


def scale_table(scale: Scale) -> Table:
    """The steps of a scale with their anchors."""
    rows = tuple(
        (
            f"{step.value}{' (begin here)' if step.value == scale.start else ''}",
            "" if step.label == str(step.value) else step.label,
            step.anchor,
        )
        for step in scale.values
    )
    if not any(row[2] for row in rows):
        return Table(("Step", "Meaning"), tuple(row[:2] for row in rows))
    if not any(row[1] for row in rows):
        return Table(("Step", "Meaning"), tuple((row[0], row[2]) for row in rows))
    return Table(("Step", "Name", "Meaning"), rows)


def _attributes(scheme: Scheme) -> Chapter:
    entries = tuple(
        Entry(
            f"attribute-{each.id}",
            each.label,
            "must be answered" if each.required else "may be left open",
            (scale_table(each.scale),),
        )
        for each in scheme.attributes
    )
    return Chapter("attributes", "Asked after a code", (), entries)


def _ratings(scheme: Scheme) -> Chapter:
    return Chapter("ratings", "Ratings", (), tuple(rating_entry(each, scheme) for each in scheme.ratings))


def rating_entry(rating: Rating, scheme: Scheme) -> Entry:
    """A rating with its question, its ends and its scale."""
    labels = labels_of(scheme)
    blocks: list[Block] = [Text(rating.question)]
    if rating.high or rating.low:
        blocks.append(
            Beside(
                Bullets("High", (rating.high,) if rating.high else ()),
                Bullets("Low", (rating.low,) if rating.low else ()),
            )
        )
    blocks.append(scale_table(rating.scale))
    for head, names in (
        ("Look back at", rating.evidence),
        ("Does not apply when none of these was coded", rating.not_applicable_if_no),
    ):
        if names:
            blocks.append(Text(f"{head}: {', '.join(apart(labels[name]) for name in names)}.", quiet=True))
    if rating.needs_speakers:
        speakers = ", ".join(apart(role_name(role, scheme)) for role in rating.needs_speakers)
        blocks.append(Text(f"Asked only in recordings in which these speak: {speakers}.", quiet=True))
    kind = scheme.unit(rating.unit).label
    return Entry(
        f"rating-{rating.id}",
        rating.label,
        f"{apart(kind)} · {apart(role_name(rating.role, scheme))}",
        tuple(blocks),
    )


def _derived(scheme: Scheme) -> Chapter:
    rows = tuple((each.label, measured(each, scheme)) for each in scheme.derived)
    return Chapter("derived", "What is computed", (Table(("Measure", "What it is"), rows),) if rows else ())


def _advice(scheme: Scheme) -> Chapter:
    rows = advice_rows(scheme)
    table = (Table(("What", "What the authors advise"), rows),) if rows else ()
    return Chapter("advice", "Reliability and training", table)


def _sources(scheme: Scheme) -> Chapter:
    return Chapter(
        "sources",
        "Origin and sources",
        (Text(scheme.disclaimer), Bullets("", scheme.sources)),
    )


def _changes(scheme: Scheme) -> Chapter:
    rows = tuple((each.version, each.date, _change(each)) for each in reversed(scheme.changes))
    return Chapter("changes", "Versions", (Table(("Version", "Date", "What changed"), rows),) if rows else ())


def _change(change: Change) -> str:
    moved = "; ".join(
        f"{each.before} is now {each.after or 'no longer coded'}{f' ({each.note})' if each.note else ''}"
        for each in change.migration
    )
    return f"{change.note} {moved}.".strip() if moved else change.note


def crib_sheet(scheme: Scheme) -> Chapter:
    """One page for beside the keyboard: every key with its code in a word, the scales, the player's keys."""
    codes = tuple(
        (
            code.key,
            code.label,
            f"{apart(criterion.label)} · {apart(role_name(code.role, scheme))}",
            _short(code.definition),
        )
        for criterion in scheme.criteria
        for code in criterion.codes
    )
    asked = tuple(
        Text(f"{each.label}: " + " · ".join(_step(step.value, step.label) for step in each.scale.values))
        for each in scheme.attributes
    )
    blocks: tuple[Block, ...] = (Table(("Key", "Code", "Question", "In short"), codes),) if codes else ()
    player = Text("  ·  ".join(f"{key} {what}" for key, what in PLAYER), quiet=True)
    return Chapter("crib", "Crib sheet", (*blocks, *asked, player), crib=True)


def _step(value: int | str, label: str) -> str:
    return label if str(value) == label else f"{value} {label}"


def _short(text: str, longest: int = 110) -> str:
    """The beginning of a definition, ended at a word."""
    if len(text) <= longest:
        return text
    return text[:longest].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"
