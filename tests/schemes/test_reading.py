"""Reading a scheme file: what is refused, with which line and sentence."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding_app.errors import SchemeError
from coding_app.schemes import BUILT_IN, FaultySchemeError, kept_scheme, load_scheme, parse_scheme
from coding_app.schemes.reading import read_bytes

GOOD = (BUILT_IN / "alliance-core.yaml").read_text("utf-8")
SMALL = """\
format: 1
id: small
version: 1.0.0
status: draft
title: Small
language: en
summary: A scheme for tests.
license: CC0-1.0
disclaimer: Written for tests.
sources: [{key: nobody2000, role: concept, cite: "Nobody (2000)."}]
requires: {audio: true, transcript: true, video: false, speaker_labels: true}
roles: [{id: therapist, label: Therapist}, {id: dyad, label: Both}]
units:
  segment: {kind: event, label: Segment}
  block: {kind: interval, label: Block, seconds: 60, keep_last_if_seconds: 30}
  session: {kind: session, label: Session}
passes:
  - {id: tag, label: Tag, unit: segment, codes: all}
  - {id: rate, label: Rate, unit: session, ratings: [ease]}
scales:
  three: {type: ordinal, start: 2, values: [{value: 1}, {value: 2}, {value: 3}]}
  kinds: {type: nominal, values: [{value: a}, {value: b}]}
attributes:
  intensity: {label: Intensity, scale: three, required: true}
links:
  answers: {from: [nod], to: [frown], required: false, direction: earlier, cardinality: many}
criteria:
  face: {label: Face, unit: segment, exclusive: true, exhaustive: false, unmarked: absent}
codes:
  - id: nod
    criterion: face
    role: therapist
    valence: positive
    label: Nods
    key: n
    attributes: [intensity]
    definition: Moves the head up and down.
    include: [Yes.]
    exclude: [Dozing off.]
    examples: [Mm.]
    near_misses: [{text: Looks up., why: Not down., instead: none}]
  - {id: frown, criterion: face, role: dyad, valence: negative, label: Frowns, key: f, definition: D.,
     include: [I.], exclude: [E.], examples: [X.], near_misses: [{text: T., why: W., instead: nod}]}
rules:
  - {id: R1, text: Look., applies_to: [nod], prefer: nod, over: frown}
ratings:
  - {id: ease, label: Ease, unit: session, role: dyad, scale: three, question: How easy?, evidence: [nod]}
derived:
  - {id: nods, op: rate_per_hour, codes: [nod]}
  - {id: tone, op: balance, plus: [nod], minus: [frown]}
  - {id: answered, op: linked_share, link: answers, of: [frown]}
  - {id: mean, op: mean_rating, ratings: [ease]}
changes: [{version: 1.0.0, date: 2026-01-01, note: First.}]
"""


def _line(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def _faults(text: str | bytes) -> tuple[str, ...]:
    with pytest.raises(SchemeError) as caught:
        parse_scheme(text, "s.yaml")
    return caught.value.faults if isinstance(caught.value, FaultySchemeError) else (str(caught.value),)


def test_a_scheme_that_was_coded_with_opens_although_the_player_has_its_key_now() -> None:
    text = SMALL.replace("    key: n\n", "    key: z\n")
    assert text != SMALL
    with pytest.raises(FaultySchemeError):
        parse_scheme(text, "s.yaml")
    assert kept_scheme(text, "s.yaml").id == "small"
    with pytest.raises(SchemeError):
        kept_scheme("format: 1\n", "s.yaml")


def test_the_small_scheme_is_good() -> None:
    scheme = parse_scheme(SMALL, "s.yaml")
    assert [code.id for code in scheme.codes] == ["nod", "frown"]
    assert scheme.unit("block").interval_ms == 60_000
    assert scheme.unit("block").keep_last_ms == 30_000
    assert scheme.attribute("intensity").scale.values[0].label == "1"
    assert scheme.codes[0].near_misses[0].instead is None
    assert scheme.codes[1].near_misses[0].instead == "nod"
    assert [step.tags for step in scheme.steps] == [True, False]


# what stands there, what is put in its place, where the fault is (a piece of the changed text), what is said
WRONG = [
    ("title: Small\n", "titel: Small\n", "titel:", "'titel' is not known here; did you mean 'title'"),
    ("title: Small\n", "title: Small\ntitle: Again\n", "title: Again", "'title' stands twice (first in line 5)"),
    ("title: Small\n", "title: 2026\n", "title: 2026", "'title' must be text; put it in quotes"),
    ("title: Small\n", "title: ''\n", "title: ''", "'title' is empty"),
    ("title: Small\n", "title: [a, b]\n", "title:", "'title' must be text"),
    ("title: Small\n", f"title: {'x' * 81}\n", "title:", "longer than 80 signs"),
    ("title: Small\n", "", "format: 1", "'title' is missing; add it"),
    ("format: 1", "format: true", "format: true", "'format' must be 1; write 'format: 1'"),
    ("format: 1", "format: 2", "format: 2", "'format' cannot be '2' here; use 1"),
    ("id: small", "id: Small one", "id: Small", "an id begins with a letter"),
    ("version: 1.0.0\n", "version: 1.0\n", "version: 1.0\n", "'version' must be text"),
    ("version: 1.0.0\n", "version: one\n", "version: one", "three numbers such as 0.1.0"),
    ("status: draft", "status: perfect", "status:", "use 'draft', 'pilot', 'stable' or 'retired'"),
    ("language: en", "language: English", "language:", "a language code such as en"),
    ("audio: true", "audio: maybe", "requires:", "must be true or false"),
    ("sources: [{key: nobody2000, role: concept, cite: \"Nobody (2000).\"}]", "sources: []", "sources:",
     "'sources' needs at least 1"),
    ("date: 2026-01-01", "date: yesterday", "changes:", "a day such as 2026-11-22"),
    ("{id: dyad, label: Both}", "{id: friend, label: Both}", "roles:", "cannot be 'friend' here"),
    ("seconds: 60, keep_last_if_seconds: 30", "min_seconds: 1", "  block:", "add 'seconds'"),
    ("seconds: 60", "seconds: 0", "  block:", "'seconds' is out of range"),
    ("{kind: event, label: Segment}", "{kind: event, label: Segment, seconds: 3}", "  segment:", "is no interval"),
    ("{kind: event, label: Segment}", "{kind: event, mark: point, label: Segment}", "  segment:",
     "'segment' is not drawn by the observer; remove 'mark'"),
    ("{kind: event, label: Segment}", "{kind: span, mark: end, label: Segment}", "  segment:",
     "'mark' cannot be 'end' here; use 'span', 'start' or 'point'"),
    ("{kind: event, label: Segment}", "{kind: span, seconds: 3, label: Segment}", "  segment:", "is no interval"),
    ("unit: segment, exclusive", "unit: block, exclusive", "  face:", "of kind interval; codes are given to events"),
    ("unit: segment, exclusive", "unit: session, exclusive", "  face:", "of kind session; codes are given to"),
    ("  session: {kind", "  block2: {kind: interval, label: B, seconds: 5}\n  session: {kind", "  block2:",
     "one unit of kind interval"),
    ("criteria:\n", "groups:\n", "groups:", "'groups' is not known here"),
    ("unmarked: absent", "unmarked: zero", "  face:", "use 'absent' or 'missing'"),
    (", unmarked: absent", "", "  face:", "'unmarked' is missing"),
    ("exhaustive: false", "exhaustive: 0", "  face:", "must be true or false"),
    ("unit: segment, exclusive", "unit: segmet, exclusive", "  face:", "no unit 'segmet'; did you mean 'segment'"),
    ("    criterion: face\n", "    criterion: fase\n", "    criterion: fase", "did you mean 'face'"),
    ("    role: therapist\n", "    role: client\n", "    role: client", "there is no role 'client'"),
    ("    valence: positive\n", "    valence: nice\n", "    valence: nice", "cannot be 'nice' here"),
    ("    attributes: [intensity]\n", "    attributes: [size]\n", "    attributes: [size]", "no attribute 'size'"),
    ("    attributes: [intensity]\n", "    attributes: [intensity, intensity]\n", "    attributes:", "twice"),
    ("from: [nod], to: [frown]", "from: [nod], to: [frown, frown]", "  answers:", "code 'frown' stands twice here"),
    ("evidence: [nod]", "evidence: [nod, nod]", "  - {id: ease", "'nod' stands twice here; keep one"),
    ("plus: [nod], minus: [frown]", "plus: [nod], minus: [nod]", "  - {id: tone", "stands in 'plus' and in 'minus'"),
    ("unit: segment, codes: all", "unit: segment, codes: none", "  face:",
     "no pass codes the unit 'segment' of 'face'"),
    ("unit: session, ratings: [ease]", "unit: session, codes: all, ratings: [ease]", "  - {id: rate",
     "the unit 'session' takes no codes; write 'codes: none'"),
    ("ratings: [ease]}\nscales", "ratings: [ease]}\n  - {id: again, label: A, unit: session, ratings: [ease]}\nscales",
     "  - {id: again", "another pass asks for the rating 'ease' already"),
    ("ratings: [ease]}\nscales", "ratings: [ease]}\n  - {id: rate, label: A, unit: session}\nscales",
     "  - {id: rate, label: A", "id 'rate' stands twice in passes"),
    ("over: frown}\n", "over: frown}\n  - {id: R2, text: No., prefer: frown, over: nod}\n", "  - {id: R2",
     "rule 'R2' prefers 'frown' over 'nod', and rules before it say the opposite; decide which"),
    ("over: frown}\n", "over: frown}\n  - {id: R1, text: No.}\n", "  - {id: R1, text: No", "id 'R1' stands twice"),
    ("cite: \"Nobody (2000).\"", "cite: \"N.\", doi: \"https://doi.org/10.1037/x\"", "sources:",
     "write a DOI such as 10.1037/h0085885, without an address"),
    ("role: concept, cite", "role: idea, cite", "sources:", "'role' cannot be 'idea' here; use 'concept'"),
    ("\"Nobody (2000).\"}]", "\"N.\"}, {key: nobody2000, role: concept, cite: M.}]", "sources:",
     "key 'nobody2000' stands twice in sources"),
    ("date: 2026-01-01", "date: 2026-02-30", "changes:", "there is no day 2026-02-30"),
    ("changes: [", "changes: [{version: 1.0.0, date: 2025-01-01, note: N.}, ", "changes:",
     "version 1.0.0 stands twice in changes"),
    ("changes: [", "changes: [{version: 1.1.0, date: 2026-01-02, note: N.}, ", "changes:",
     "a change tells of version 1.1.0, and the file is version 1.0.0"),
    ("license: CC0-1.0\n", "", "format: 1", "'license' is missing"),
    ("disclaimer: Written for tests.\n", "disclaimer: ' '\n", "disclaimer:", "'disclaimer' is empty"),
    ("summary: A scheme for tests.\n", f"summary: {'x' * 2001}\n", "summary:", "longer than 2000 signs"),
    ("id: small\n", f"id: {'x' * 65}\n", "id: x", "longer than 64 signs"),
    ("start: 2", "start: 2.5", "  three:", "'start' must be a whole number"),
    ("start: 2", "start: much", "  three:", "'start' must be a whole number"),
    ("{value: a}, {value: b}", ", ".join(f"{{value: v{n}}}" for n in range(51)), "  kinds:", "more than 50"),
    ("cardinality: many", "cardinality: some", "  answers:", "use 'one' or 'many'"),
    ("    attributes: [intensity]\n", "    attributes: [intensity]\n    channels: [smell]\n", "    channels:",
     "cannot be 'smell' here"),
    ("    key: n\n", "    key: f\n", "id: frown", "the hotkey 'f' of 'frown' is the one of 'nod'"),
    ("    key: n\n", "    key: z\n", "    key: z", "'z' of 'nod' belongs to the player"),
    ("    key: n\n", "    key: \";\"\n", "    key: \";\"", "';' of 'nod' belongs to the player"),
    ("    key: n\n", "    key: ':'\n", "    key: ':'", "':' of 'nod' belongs to the player"),
    ("    key: n\n", "    key: \"3\"\n", "    key: \"3\"", "belongs to the player"),
    ("    key: n\n", "    key: nod\n", "    key: nod", "one small letter or sign"),
    ("    key: n\n", "    key: N\n", "    key: N", "one small letter or sign"),
    ("    definition: Moves the head up and down.\n", "", "  - id: nod", "'definition' is missing"),
    ("    include: [Yes.]\n", "    include: []\n", "    include: []", "'include' needs at least 1"),
    ("    include: [Yes.]\n", "    include: Yes.\n", "    include: Yes.", "'include' must be a list"),
    ("    exclude: [Dozing off.]\n", "", "  - id: nod", "'exclude' is missing"),
    ("    examples: [Mm.]\n", "", "  - id: nod", "'examples' is missing"),
    ("    near_misses: [{text: Looks up., why: Not down., instead: none}]\n", "", "  - id: nod", "'near_misses' is"),
    ("instead: none", "instead: nobody", "    near_misses:", "there is no code 'nobody'"),
    ("instead: none", "instead: nod", "    near_misses:", "names the code itself"),
    ("  - {id: frown,", "  - {id: nod,", "  - {id: nod,", "id 'nod' stands twice in codes"),
    ("id: ease, label", "id: face, label", "  - {id: face", "is a criterion and a rating"),
    ("id: ease, label", "id: remark, label", "  - {id: remark", "'remark' has a fixed meaning; give the rating"),
    ("  face: {label", "  remark: {label", "  remark: {", "'remark' has a fixed meaning; give the criterion"),
    ("  - {id: frown,", "  - {id: flag,", "  - {id: flag,", "has a fixed meaning"),
    ("  - {id: frown,", "  - {id: uncertain,", "  - {id: uncertain,", "has a fixed meaning"),
    ("  - {id: frown,", "  - {id: evidence,", "  - {id: evidence,", "has a fixed meaning"),
    ("  - {id: frown,", "  - {id: not_applicable,", "  - {id: not_applicable,", "has a fixed meaning"),
    ("{value: 2}, {value: 3}", "{value: 3}, {value: 2}", "  three:", "must ascend"),
    ("{value: 2}, {value: 3}", "{value: 2}, {value: 2}", "  three:", "must ascend"),
    ("{value: 2}, {value: 3}", "{value: 2}, {value: b}", "  three:", "use whole numbers"),
    ("{value: 2}, {value: 3}", "{value: 2}, {value: true}", "  three:", "a whole number or a word"),
    ("{value: a}, {value: b}", "{value: a}, {value: 2}", "  kinds:", "use words"),
    ("{value: a}, {value: b}", "{value: a}, {value: a}", "  kinds:", "'a' stands twice"),
    ("{value: a}, {value: b}", "{value: a}", "  kinds:", "'values' needs at least 2"),
    ("start: 2", "start: 4", "  three:", "start 4 is not on the scale"),
    ("scale: three, required", "scale: four, required", "  intensity: {", "there is no scale 'four'"),
    ("scale: three, question", "scale: kinds, question", "  - {id: ease", "use an ordinal one"),
    ("id: ease, label: Ease, unit: session", "id: ease, label: Ease, unit: segment", "  - {id: ease",
     "rate an interval or the session"),
    ("evidence: [nod]", "evidence: [node]", "  - {id: ease", "did you mean 'nod'"),
    ("ratings: [ease]}\nscales", "ratings: [east]}\nscales", "  - {id: rate", "no rating 'east'"),
    (", ratings: [ease]}\nscales", "}\nscales", "  - {id: ease", "no pass asks for the rating 'ease'"),
    ("unit: session, ratings: [ease]", "unit: block, ratings: [ease]", "  - {id: rate", "rates another unit"),
    ("from: [nod], to: [frown]", "from: [nod], to: [smile]", "  answers:", "there is no code 'smile'"),
    ("prefer: nod, over: frown", "prefer: nod", "  - {id: R1", "only one of 'prefer' and 'over'"),
    ("prefer: nod, over: frown", "prefer: nod, over: nod", "  - {id: R1", "a code over itself"),
    ("op: balance", "op: eval", "  - {id: tone", "'op' cannot be 'eval' here; use 'count', 'rate_per_hour'"),
    ("op: rate_per_hour, codes: [nod]", "op: rate_per_hour, codes: [nood]", "  - {id: nods", "no code 'nood'"),
    ("units:\n", "units:\n  my unit: {kind: event, label: U}\n", "  my unit", "'my unit' cannot be an id"),
    ("link: answers", "link: asks", "  - {id: answered", "there is no link 'asks'"),
    ("ratings: [ease]}\nchanges", "ratings: [face]}\nchanges", "  - {id: mean", "there is no rating 'face'"),
    ("op: balance, plus: [nod], minus: [frown]", "op: share, of: [nod], among: [frown]", "  - {id: tone",
     "'nod' is not among what 'tone' is a share of"),
    ("op: balance, plus: [nod], minus: [frown]", "op: ratio, of: [nod], to: []", "  - {id: tone",
     "'to' needs at least 1"),
    ("op: balance, plus: [nod], minus: [frown]", "op: per_cent_of, of: [nod], per: minute", "  - {id: tone",
     "there is no unit 'minute'"),
    ("op: balance, plus: [nod], minus: [frown]", "op: count, codes: [smile]", "  - {id: tone", "no code 'smile'"),
    ("op: balance, plus: [nod], minus: [frown]", "plus: [nod], minus: [frown]", "  - {id: tone", "'op'"),
    ("evidence: [nod]", "needs_speakers: [child]", "  - {id: ease", "there is no role 'child'"),
    ("changes: [{version: 1.0.0,", "changes: [{version: 0.9.0,", "changes:", "no change tells of version 1.0.0"),
    ("note: First.}", "note: First., migration: [{from: wink, to: winks}]}", "changes:", "'winks'; add it"),
    ("roles: [{id: therapist, label: Therapist}", "roles: [{id: client_5, label: Fifth}", "roles:",
     "cannot be 'client_5' here"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "where", "says"), WRONG)
def test_a_fault_is_told_with_its_line_and_what_to_do(good: str, bad: str, where: str, says: str) -> None:
    assert SMALL.count(good) >= 1, good
    text = SMALL.replace(good, bad, 1)
    faults = _faults(text)
    wanted = f"s.yaml:{_line(text, where)}: "
    assert any(fault.startswith(wanted) and says in fault for fault in faults), faults


def _with_spans(mark: str, exclusive: str, exhaustive: str) -> str:
    return SMALL.replace("{kind: event, label: Segment}", f"{{kind: span, {mark}label: Segment}}").replace(
        "exclusive: true, exhaustive: false", f"exclusive: {exclusive}, exhaustive: {exhaustive}"
    )


@pytest.mark.parametrize(
    ("mark", "exclusive", "exhaustive", "read"),
    [
        ("", "true", "false", "span"),
        ("mark: span, ", "false", "false", "span"),
        ("mark: point, ", "false", "false", "point"),
        ("mark: start, ", "true", "false", "start"),
        ("mark: start, ", "true", "true", "start"),
    ],
)
def test_a_unit_may_be_a_span_that_the_observer_draws(
    mark: str, exclusive: str, exhaustive: str, read: str
) -> None:
    unit = parse_scheme(_with_spans(mark, exclusive, exhaustive), "s.yaml").unit("segment")
    assert (unit.kind, unit.mark) == ("span", read)


@pytest.mark.parametrize(
    ("mark", "exclusive", "exhaustive", "says"),
    [
        ("mark: start, ", "false", "false", "each code must end the one before; write 'exclusive: true'"),
        ("mark: span, ", "true", "true", "cannot fill the recording; write 'exhaustive: false'"),
        ("mark: point, ", "true", "true", "cannot fill the recording; write 'exhaustive: false'"),
    ],
)
def test_a_criterion_of_spans_that_cannot_be_coded_is_told_with_its_line(
    mark: str, exclusive: str, exhaustive: str, says: str
) -> None:
    text = _with_spans(mark, exclusive, exhaustive)
    (fault,) = _faults(text)
    assert fault.startswith(f"s.yaml:{_line(text, '  face:')}: ")
    assert says in fault


def test_a_link_keeps_its_direction_its_number_and_what_lies_outside() -> None:
    (link,) = parse_scheme(SMALL, "s.yaml").links
    assert (link.direction, link.cardinality, link.external) == ("earlier", "many", ())
    text = SMALL.replace("cardinality: many", "cardinality: one, allow_external: [earlier_session]")
    (link,) = parse_scheme(text.replace("direction: earlier", "direction: any"), "s.yaml").links
    assert (link.direction, link.cardinality, link.external) == ("any", "one", ("earlier_session",))


NOT_YAML = [
    (b"", 1, "holds no 'key: value' lines"),
    (b"- a\n- b\n", 1, "holds no 'key: value' lines"),
    (b"just a sentence\n", 1, "holds no 'key: value' lines"),
    (b"format: 1\nid: [a\ntitle: b\n", 3, "not valid YAML"),
    (b"format: 1\nunits:\n\tsegment: x\n", 3, "tab; use spaces"),
    ("format: 1\ntitle: Café\n".encode("latin-1"), 2, "not UTF-8 text; save it again as UTF-8"),
    ("format: 1\n".encode("utf-16"), 1, "not UTF-8 text"),
    (b"format: 1\ntitle: a\x00b\n", 2, "U+0000 cannot stand in a scheme"),
    (b"format: 1\ntitle: a\x1bb\n", 2, "U+001B"),
    (b"format: 1\n---\nformat: 1\n", 2, "a second document begins here"),
    (b"format: 1\ntitle: !!python/object/apply:os.system ['true']\n", 2, "tags (!) are not allowed"),
    (b"format: 1\ntitle: !include other.yaml\n", 2, "tags (!) are not allowed"),
    (b"format: 1\n? [a, b]\n: c\n", 2, "cannot be a key"),
    (b"format: 1\nunits: &a\n  x: *a\n", 3, "stands inside what it repeats"),
    (b"format: 1\ncodes: &a\n- *a\n", 3, "stands inside what it repeats"),
    (b"format: 1\nx: &a {y: &b [*a]}\n", 2, "stands inside what it repeats"),
    (b"format: 1\nx: &a\n  <<: *a\n", 3, "stands inside what it repeats"),
    (b"format: 1\ntitle: *nobody\n", 2, "names nothing that stands before it"),
    (b"format: 1\ntitle: " + b"[" * 5_000 + b"\n", 2, "nested too deeply"),
    (b"format: 1\n" + b"#" * 1_000_001, 1, "larger than 1 MB"),
    (b"format: 1\n" + b"title: x\n" * 5_555_556, 1, "larger than 1 MB"),  # 50 MB
    (b"format: 1\n\ttitle: x\n", 2, "tab; use spaces"),
    ("format: 1\ntitle: a\ufeffb\n".encode(), 2, "U+FEFF cannot stand in a scheme"),
    (b"format: 1\ntitle: \xed\xa0\x80\n", 2, "not UTF-8 text"),
    (b"format: 1\ntitle: \"open\nid: x\n", 3, "not valid YAML"),
    (b"<html><script>alert(1)</script></html>", 1, "holds no 'key: value' lines"),
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", 2, "not UTF-8 text"),
    (b"format: 1\ncodes: {a: 1, b: 2, a: 3}\n", 2, "'a' stands twice"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "line", "says"), NOT_YAML)
def test_bytes_that_are_no_scheme_are_told_with_their_line(data: bytes, line: int, says: str) -> None:
    (fault,) = _faults(data)
    assert fault.startswith(f"s.yaml:{line}: ")
    assert says in fault
    assert "\n" not in fault


def test_aliases_that_multiply_are_refused_quickly() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    (fault,) = _faults("\n".join(lines))
    assert "too much is repeated by aliases" in fault


def test_a_file_of_many_small_things_is_given_up_early() -> None:
    text = "format: 1\ncodes: [\n" + "x, " * 20_001 + "]\n"
    (fault,) = _faults(text)
    assert fault.startswith("s.yaml:3: too much is repeated by aliases (*) or listed here")


def test_an_alias_may_repeat_a_list() -> None:
    text = SMALL.replace("from: [nod]", "from: &nods [nod]").replace("plus: [nod]", "plus: *nods")
    assert parse_scheme(text, "s.yaml").id == "small"


def test_all_faults_are_listed_in_the_order_of_lines() -> None:
    text = (
        SMALL.replace("status: draft", "status: no")
        .replace("key: n\n", "key: z\n")
        .replace("title: Small", "x: y")
    )
    faults = _faults(text)
    lines = [int(fault.split(":")[1]) for fault in faults]
    assert lines == sorted(lines)
    assert len(faults) == 3  # hotkeys are looked at once the file has its form
    with pytest.raises(SchemeError, match="And 2 more"):
        parse_scheme(text, "s.yaml")


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    data = b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()
    assert parse_scheme(data, "s.yaml").sha256 == parse_scheme(SMALL, "s.yaml").sha256


def test_a_file_of_50_mb_is_left_after_the_first_megabyte(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert len(read_bytes(path)) == 1_000_001
    with pytest.raises(SchemeError, match=r"huge\.yaml:1: the file is larger than 1 MB"):
        load_scheme(path)


def test_a_migration_may_name_what_only_the_version_before_had() -> None:
    text = SMALL.replace(
        "note: First.}", "note: First., migration: [{from: wink, to: nod}, {from: grin, to: none}]}"
    )
    (change,) = parse_scheme(text, "s.yaml").changes
    assert [(each.before, each.after) for each in change.migration] == [("wink", "nod"), ("grin", None)]


def test_a_scheme_reads_nothing_and_runs_nothing(tmp_path: Path) -> None:
    told = tmp_path / "told"
    for line in (
        f"!!python/object/apply:os.system ['touch {told}']",
        f"!!python/object/new:os.system ['touch {told}']",
        "!!python/name:os.system",
        "!include /etc/hostname",
        f"!!js/function 'touch {told}'",
    ):
        (fault,) = _faults(f"format: 1\ntitle: {line}\n")
        assert fault == "s.yaml:2: tags (!) are not allowed in a scheme; delete the tag."
    assert not told.exists()
    kept = parse_scheme(
        SMALL.replace("title: Small", "title: '${HOME} $(id) {{7*7}} file:///etc/passwd'"), "s.yaml"
    )
    assert kept.title == "${HOME} $(id) {{7*7}} file:///etc/passwd"


def test_words_that_other_yaml_readers_take_for_numbers_or_answers_stay_words() -> None:
    text = SMALL.replace("language: en", "language: no").replace("label: Nods", "label: yes")
    scheme = parse_scheme(text, "s.yaml")
    assert (scheme.language, scheme.codes[0].label) == ("no", "yes")


def test_right_to_left_text_emoji_and_markup_are_kept_as_they_are() -> None:
    label = "מהנהן 🙂 <script>alert(1)</script>"
    text = SMALL.replace("label: Nods", f"label: '{label}'")
    assert parse_scheme(text, "s.yaml").codes[0].label == label


def test_the_sha256_does_not_depend_on_comments_order_of_keys_or_layout() -> None:
    lines = SMALL.splitlines(keepends=True)
    other = "# a comment\n" + "".join([lines[4], "\n", *lines[:4], *lines[5:]])
    other = other.replace("scale: three, required: true", "required: true,   scale: 'three'  ")
    assert other != SMALL
    assert parse_scheme(other, "s.yaml").sha256 == parse_scheme(SMALL, "other.yaml").sha256


@pytest.mark.parametrize(
    ("a", "b"), [("Nods", "Nod"), ("value: 3}", "value: 4}"), ("[{value: 1}", "[{value: 0}")]
)
def test_the_sha256_depends_on_every_word_and_value(a: str, b: str) -> None:
    assert parse_scheme(SMALL.replace(a, b), "s.yaml").sha256 != parse_scheme(SMALL, "s.yaml").sha256


def _only_scheme_errors(data: bytes) -> None:
    """Reads the data; a refusal must name file and line, any other exception fails the test."""
    told = ""
    try:
        parse_scheme(data, "s.yaml")
    except SchemeError as error:
        told = str(error)
    assert told == "" or re.match(r"s\.yaml:[0-9]+: \S", told), told


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_scheme_error(data: bytes) -> None:
    _only_scheme_errors(data)


@settings(deadline=None)
@given(st.text(alphabet=":-[]{}&*!|>'\"%@`#,? \n\tab0.<~=", max_size=60))
def test_no_yaml_signs_raise_anything_but_a_scheme_error(text: str) -> None:
    _only_scheme_errors(text.encode())


PIECES = st.sampled_from(
    [b"", b"\t", b"*a", b"&a ", b"!!set", b"!", b"<<: ", b"- ", b"{", b"]", b"'", b'"', b"\n", b": ", b"null", b"1e9",
     b"99999999999999999999", b"true", b"~", b"\xff", b"\xe2\x80\xae", b"%YAML 1.1\n", b"---\n", b"=", b".nan", b"[]"]
)  # fmt: skip


@settings(deadline=None)
@given(st.data())
def test_a_damaged_scheme_raises_nothing_but_a_scheme_error(data: st.DataObject) -> None:
    damaged = bytearray(SMALL.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(damaged)))
        damaged[start : start + data.draw(st.integers(0, 12))] = data.draw(PIECES)
    _only_scheme_errors(bytes(damaged))


@settings(deadline=None)
@given(st.data())
def test_a_good_scheme_without_one_of_its_lines_is_read_or_refused_with_a_sentence(
    data: st.DataObject,
) -> None:
    lines = SMALL.splitlines(keepends=True)
    del lines[data.draw(st.integers(0, len(lines) - 1))]
    _only_scheme_errors("".join(lines).encode())


def test_text_with_half_a_character_is_refused() -> None:
    (fault,) = _faults(SMALL.replace("Nods", "No\ud800ds"))
    assert "not UTF-8" in fault


def test_a_file_that_is_not_there_or_a_folder_is_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.yaml"):
        with pytest.raises(SchemeError, match="there is no such file"):
            load_scheme(path)


def test_the_built_in_scheme_survives_windows_line_ends() -> None:
    data = GOOD.replace("\n", "\r\n").encode()
    assert parse_scheme(data, "s.yaml").sha256 == parse_scheme(GOOD, "s.yaml").sha256
