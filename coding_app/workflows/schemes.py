"""Text for `coding-app schemes list | show ID | check FILE... | diff A B | schema`."""

from collections.abc import Sequence
from pathlib import Path

from coding_app.domain.scheme import EARLIER_SESSION, Code, Criterion, Rating, Scale, Scheme
from coding_app.domain.scheme_words import how_coded, measured, role_name
from coding_app.errors import SchemeError
from coding_app.exchange.manual import manual_html
from coding_app.exchange.manual_advice import advice_rows, needs, unit_words
from coding_app.schemes import (
    FaultySchemeError,
    find_scheme,
    json_schema,
    load_scheme,
    read_folders,
    scheme_folders,
)
from coding_app.schemes.versions import compare, needed_bump, next_version, risen_enough, without_a_note
from coding_app.settings import Settings

ONLY_ORDER = "only the order of entries, notes on versions, or what nothing uses can differ"


def list_text(settings: Settings) -> str:
    """One line per scheme file: id, version, status, title, or what is wrong with the file."""
    lines = []
    for _, scheme in read_folders(scheme_folders(settings.own_schemes_dir)):
        if isinstance(scheme, Scheme):
            lines.append(f"{scheme.id}  {scheme.version}  {scheme.status}  {scheme.title}")
        else:
            lines.append(f"(cannot be used) {scheme}")
    return "\n".join(lines) or "There are no coding schemes here."


def show_text(settings: Settings, scheme_id: str, form: str = "md", version: str | None = None) -> str:
    """A scheme as a codebook ("md"), as the manual to print ("html") or as its file ("yaml").

    Raises SchemeError when there is none or it has a fault.
    """
    scheme, text = find_scheme(scheme_folders(settings.own_schemes_dir), scheme_id, version)
    if form == "yaml":
        return text
    return manual_html(scheme) if form == "html" else codebook(scheme)


def diff_text(settings: Settings, old: str, new: str) -> str:
    """What differs between two versions, one line each, and which number has to rise for it.

    old, new: a file, an id, or id@version. Raises SchemeError when there is none or it has a fault.
    """
    before, after = _named(settings, old), _named(settings, new)
    diff = compare(before, after)
    if not diff.all:
        same = f"{before.id} {before.version} and {after.id} {after.version} say the same"
        return f"{same}." if before.sha256 == after.sha256 else f"{same}; {ONLY_ORDER}."
    lines = [f"{before.id} {before.version} -> {after.id} {after.version}"]
    lines += [f"+ {each.kind} {each.id} ({each.label}) [{each.bump}]" for each in diff.added]
    lines += [f"- {each.kind} {each.id} ({each.label}) [{each.bump}]" for each in diff.removed]
    for each in diff.changed:
        lines.append(f"~ {each.kind} {each.id}: {each.field} [{each.bump}]")
        lines += [f"    - {line}" for line in each.before.splitlines()]
        lines += [f"    + {line}" for line in each.after.splitlines()]
    if before.id == after.id and (gone := without_a_note(before, after)):
        ids = ", ".join(each.id for each in gone)
        lines.append(f"Say under changes, in 'migration', what becomes of: {ids}.")
    return "\n".join([*lines, _advice(before, after)])


def _advice(before: Scheme, after: Scheme) -> str:
    bump = needed_bump(before, after)
    least = next_version(before.version, bump)
    enough = "which it does" if risen_enough(before, after) else f"but it is {after.version}"
    return (
        f"This needs a new {bump} version: {least} or higher, {enough}. A new wording that changes what is coded "
        "needs a new major version, too; that is for you to say."
    )


def _named(settings: Settings, name: str) -> Scheme:
    if name.endswith((".yaml", ".yml")) or Path(name).is_file():
        return load_scheme(Path(name))
    scheme_id, _, version = name.partition("@")
    return find_scheme(scheme_folders(settings.own_schemes_dir), scheme_id, version or None)[0]


def check_text(files: Sequence[Path]) -> str:
    """One line per file without faults. Raises SchemeError with one line per fault of all files."""
    faults: list[str] = []
    lines: list[str] = []
    for path in files:
        try:
            scheme = load_scheme(path)
        except FaultySchemeError as error:
            faults += error.faults
        except SchemeError as error:
            faults.append(str(error))
        else:
            lines.append(f"{path}: {scheme.id} {scheme.version}, {_counted(scheme)}: no fault found.")
    if faults:
        raise SchemeError("\n".join(faults))
    return "\n".join(lines)


def _counted(scheme: Scheme) -> str:
    return f"{len(scheme.criteria)} criteria, {len(scheme.codes)} codes, {len(scheme.ratings)} ratings"


def json_schema_text() -> str:
    """The format as JSON Schema: the file coding_schemes/scheme.schema.json."""
    return json_schema.json_schema_text()


def codebook(scheme: Scheme) -> str:
    """The whole scheme as Markdown for reading."""
    parts = [
        f"# {scheme.title}",
        f"`{scheme.id}` {scheme.version} ({scheme.status}), {scheme.license}. {scheme.summary}",
        scheme.disclaimer,
        "## How to go about it",
        needs(scheme),
        _numbered([step.label for step in scheme.steps]),
        *(f"**{unit.label}.** {unit_words(unit)}" for unit in scheme.units if unit_words(unit)),
        "## Rules",
        "\n".join(f"- **{rule.id}** {rule.text}" for rule in scheme.rules),
        *(_criterion(criterion, scheme) for criterion in scheme.criteria),
        *(["## Asked after a code"] if scheme.attributes else []),
        *(f"### {each.label}\n\n{_values(each.scale)}" for each in scheme.attributes),
        *(["## Ratings"] if scheme.ratings else []),
        *(_rating(rating, scheme) for rating in scheme.ratings),
        *(["## Computed per session"] if scheme.derived else []),
        "\n".join(f"- **{each.label}.** {measured(each, scheme)}" for each in scheme.derived),
        *(["## Reliability and training"] if scheme.advice else []),
        "\n".join(f"- **{what}.** {advised}" for what, advised in advice_rows(scheme)),
        "## Sources",
        "\n".join(f"- {source}" for source in scheme.sources),
        "## Versions",
        "\n".join(f"- {each.version} ({each.date}): {each.note}" for each in reversed(scheme.changes)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _numbered(texts: Sequence[str]) -> str:
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, start=1))


def _criterion(criterion: Criterion, scheme: Scheme) -> str:
    head = f"## {criterion.label}\n\n{how_coded(criterion, scheme)}"
    return "\n\n".join([head, *(_code(code, scheme) for code in criterion.codes)])


def _code(code: Code, scheme: Scheme) -> str:
    asked = ", ".join(scheme.attribute(name).label.lower() for name in code.attributes) or "nothing more"
    labels = {each.id: each.label for each in scheme.codes}
    misses = [
        f"- {near.text} *{near.why}* Instead: {labels[near.instead] if near.instead else 'no code'}."
        for near in code.near_misses
    ]
    answers = [
        f"{'Link it' if link.required else 'It can be linked'} to the moment that it answers: "
        + ", ".join(labels[name] for name in link.to_codes)
        + (", or something in an earlier session." if EARLIER_SESSION in link.external else ".")
        for link in scheme.links_from(code.id)
    ]
    return "\n\n".join(
        [
            f"### {code.label}",
            f"`{code.id}`, {role_name(code.role, scheme).lower()}, {code.valence}, key `{code.key}`; asks: {asked}.",
            code.definition,
            *answers,
            "Code it when:\n\n" + "\n".join(f"- {text}" for text in code.include),
            "Do not code:\n\n" + "\n".join(f"- {text}" for text in code.exclude),
            "Example:\n\n" + "\n".join(f"> {text}" for text in code.examples),
            "Near misses:\n\n" + "\n".join(misses),
        ]
    )


def _values(scale: Scale) -> str:
    return "\n".join(
        f"- {each.value}"
        + (f", {each.label}" if each.label != each.value else "")
        + (f": {each.anchor}" if each.anchor else "")
        for each in scale.values
    )


def _rating(rating: Rating, scheme: Scheme) -> str:
    start = f" Begin at {rating.scale.start}." if rating.scale.start is not None else ""
    ends = [f"High: {rating.high}" if rating.high else "", f"Low: {rating.low}" if rating.low else ""]
    labels = {each.id: each.label for each in scheme.codes}
    needed = ", ".join(labels[name] for name in rating.not_applicable_if_no)
    speakers = ", ".join(role_name(role, scheme).lower() for role in rating.needs_speakers)
    return "\n\n".join(
        part
        for part in (
            f"### {rating.label}",
            f"{scheme.unit(rating.unit).label}, {role_name(rating.role, scheme).lower()}. {rating.question}{start}",
            *ends,
            _values(rating.scale),
            f"Does not apply when none of these was coded: {needed}." if needed else "",
            f"Asked only in recordings in which these speak: {speakers}." if speakers else "",
        )
        if part
    )
