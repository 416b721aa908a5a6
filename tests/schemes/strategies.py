"""Any valid scheme, as the plain data of its file, for property tests."""

from typing import Any

from hypothesis import strategies as st

from coding_app.domain.scheme import PLAYER_KEYS

Draw = st.DrawFn
ROLES = ("therapist", "client", "client_2", "client_3", "client_4", "dyad")
LETTERS = [each for each in "abcdefghijklmnopqrstuvwxyz" if each not in PLAYER_KEYS]
ids = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,12}", fullmatch=True).filter(
    lambda name: name not in {"remark", "flag", "uncertain", "evidence", "not_applicable", "none"}
)
signs = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufeff")
spoken = st.text(signs | st.sampled_from(list(" :#'\"-[]{}*&!|>%@`,?\n")), min_size=1, max_size=60)
texts = spoken.filter(lambda text: bool(text.strip()) and not text.isspace())
labels = texts.filter(lambda text: len(text) <= 80)


def maybe(draw: Draw, data: dict[str, Any], **more: st.SearchStrategy[Any]) -> dict[str, Any]:
    """The data with any of these keys as well."""
    return data | {key.rstrip("_"): draw(value) for key, value in more.items() if draw(st.booleans())}


def some(names: list[str]) -> st.SearchStrategy[list[str]]:
    """Some of the names, at least one, each once."""
    return st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)


@st.composite
def scheme_data(draw: Draw) -> dict[str, Any]:
    """A scheme file without a fault: any texts, any layout of criteria, codes, scales, links, rules and ratings."""
    roles = draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=4, unique=True))
    units = {
        "seg": maybe(
            draw,
            {"kind": draw(st.sampled_from(["event", "utterance"])), "label": draw(labels)},
            guidance=texts,
        )
    }
    units["drawn"] = {"kind": "span", "mark": draw(st.sampled_from(["span", "point"])), "label": draw(labels)}
    units["whole"] = {"kind": "session", "label": draw(labels)}
    scales = {name: _scale(draw) for name in draw(st.lists(ids, min_size=1, max_size=3, unique=True))}
    ordinal = [name for name, each in scales.items() if each["type"] == "ordinal"]
    attributes = {
        name: {
            "label": draw(labels),
            "scale": draw(st.sampled_from(sorted(scales))),
            "required": draw(st.booleans()),
        }
        for name in draw(st.lists(ids, max_size=2, unique=True))
    }
    names = draw(st.lists(ids, min_size=4, max_size=9, unique=True))
    criteria = {name: _criterion(draw) for name in names[:2]}
    rated = names[2:3] if ordinal else []
    codes = [
        _code(draw, name, number, list(criteria), roles, list(attributes), names[3:])
        for number, name in enumerate(names[3:])
    ]
    for criterion in list(criteria):
        if all(code["criterion"] != criterion for code in codes):
            del criteria[criterion]
    known = [code["id"] for code in codes]
    version = f"{draw(st.integers(0, 9))}.{draw(st.integers(0, 99))}.{draw(st.integers(0, 9))}"
    passes = [
        {"id": "tag", "label": draw(labels), "unit": "seg", "codes": "all"},
        {"id": "mark", "label": draw(labels), "unit": "drawn", "codes": "all"},
        {"id": "rate", "label": draw(labels), "unit": "whole", "ratings": rated},
    ]
    data: dict[str, Any] = {
        "format": 1, "id": draw(st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)), "version": version,
        "status": draw(st.sampled_from(["draft", "pilot", "stable", "retired"])), "title": draw(labels),
        "language": draw(st.sampled_from(["en", "no", "de-AT", "zh-Hant", "he"])), "summary": draw(texts),
        "license": draw(labels), "disclaimer": draw(texts),
        "sources": [maybe(draw, {"key": draw(ids), "role": "concept", "cite": draw(texts)}, doi=st.just("10.1037/h8"))],
        "requires": {name: draw(st.booleans()) for name in ("audio", "transcript", "video", "speaker_labels")},
        "roles": [{"id": role, "label": draw(labels)} for role in roles],
        "units": units, "passes": passes, "scales": scales, "attributes": attributes, "criteria": criteria,
        "codes": codes,
    }  # fmt: skip
    data["ratings"] = [
        maybe(
            draw,
            {
                "id": name, "label": draw(labels), "unit": "whole", "role": draw(st.sampled_from(roles)),
                "scale": draw(st.sampled_from(ordinal)), "question": draw(texts),
            },
            high=texts, low=texts, evidence=some(known), not_applicable_if_no=some(known), needs_speakers=some(roles),
        )
        for name in rated
    ]  # fmt: skip
    data["rules"] = [maybe(draw, {"id": "R1", "text": draw(texts)}, applies_to=some(known))]
    if len(known) > 1:
        data["rules"].append({"id": "R2", "text": draw(texts), "prefer": known[0], "over": known[1]})
    data["links"] = {
        "answers": {
            "from": draw(some(known)), "to": draw(some(known)), "required": draw(st.booleans()),
            "direction": draw(st.sampled_from(["earlier", "any"])),
            "cardinality": draw(st.sampled_from(["one", "many"])),
        }
    }  # fmt: skip
    data["derived"] = [
        {"id": "d1", "op": "count", "codes": draw(some(known))},
        {"id": "d2", "label": draw(labels), "op": "linked_share", "link": "answers", "of": draw(some(known))},
        {"id": "d3", "op": "per_cent_of", "of": draw(some(known)), "per": "seg"},
    ]
    move = {"from": draw(ids), "to": draw(st.sampled_from([*known, "none"]))}
    data["changes"] = [
        maybe(
            draw, {"version": version, "date": "2026-11-22", "note": draw(texts)}, migration=st.just([move])
        )
    ]
    keys = draw(st.permutations(list(data)))
    return {key: data[key] for key in keys}


def _scale(draw: Draw) -> dict[str, Any]:
    if draw(st.booleans()):
        values: list[Any] = sorted(draw(st.lists(st.integers(-99, 99), min_size=2, max_size=6, unique=True)))
        return maybe(
            draw,
            {"type": "ordinal", "values": [_step(draw, each) for each in values]},
            start=st.sampled_from(values),
        )
    words = draw(st.lists(ids, min_size=2, max_size=5, unique=True))
    return {"type": "nominal", "values": [_step(draw, each) for each in words]}


def _step(draw: Draw, value: Any) -> dict[str, Any]:
    return maybe(draw, {"value": value}, label=labels, anchor=texts)


def _criterion(draw: Draw) -> dict[str, Any]:
    unit = draw(st.sampled_from(["seg", "drawn"]))
    return {
        "label": draw(labels), "unit": unit, "exclusive": draw(st.booleans()),
        "exhaustive": draw(st.booleans()) if unit == "seg" else False,
        "unmarked": draw(st.sampled_from(["absent", "missing"])),
    }  # fmt: skip


def _code(
    draw: Draw,
    name: str,
    number: int,
    criteria: list[str],
    roles: list[str],
    attributes: list[str],
    codes: list[str],
) -> dict[str, Any]:
    lines = st.lists(texts, min_size=1, max_size=3)
    instead = st.sampled_from([*(each for each in codes if each != name), "none"])
    near = st.fixed_dictionaries({"text": texts, "why": texts, "instead": instead})
    made = {
        "id": name, "criterion": draw(st.sampled_from(criteria)), "role": draw(st.sampled_from(roles)),
        "valence": draw(st.sampled_from(["positive", "negative", "neutral"])), "label": draw(labels),
        "key": LETTERS[number], "definition": draw(texts), "include": draw(lines), "exclude": draw(lines),
        "examples": draw(lines), "near_misses": draw(st.lists(near, min_size=1, max_size=2)),
    }  # fmt: skip
    channels = some(["words", "voice", "face", "body"])
    return maybe(draw, made, channels=channels, **({"attributes": some(attributes)} if attributes else {}))
