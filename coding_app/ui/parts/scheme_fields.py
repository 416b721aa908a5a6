"""The fields of one entry of a scheme, as a person fills them in; each function gives back what was entered."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from coding_app.workflows.scheme_forms import entries, free_keys, lines_of

Data = Mapping[str, Any]
NONE = "none"
LANGUAGES = (
    "en",
    "de",
    "fr",
    "es",
    "it",
    "nl",
    "pt",
    "sv",
    "da",
    "nb",
    "fi",
    "pl",
    "cs",
    "tr",
    "he",
    "ar",
    "zh",
    "ja",
)


def head(data: Data, key: str) -> dict[str, str]:
    """Title, language and what else is said of the whole scheme."""
    found = {
        name: str(data.get(name) or "") for name in ("title", "summary", "language", "license", "disclaimer")
    }
    return {
        "title": st.text_input("Title", found["title"], max_chars=80, key=f"{key}-title"),
        "summary": st.text_area(
            "What observers code with it", found["summary"], height=90, key=f"{key}-summary"
        ),
        "language": st.text_input("Language (a code such as en)", found["language"], key=f"{key}-language"),
        "license": st.text_input("Licence", found["license"], max_chars=80, key=f"{key}-license"),
        "disclaimer": st.text_area(
            "What it is not", found["disclaimer"], height=110, key=f"{key}-disclaimer"
        ),
    }


def criterion(data: Data, old: Data, key: str) -> dict[str, Any]:
    """One question about a unit."""
    units = _units(data, ("event", "utterance", "span"))
    label = st.text_input(
        "Question or theme",
        old.get("label", ""),
        placeholder="For example: Empathy",
        max_chars=80,
        key=f"{key}-label",
    )
    unit = _choice("Asked about each", units, old.get("unit"), key=f"{key}-unit")
    exclusive = st.toggle(
        "At most one of its codes per unit and role", bool(old.get("exclusive", True)), key=f"{key}-exclusive"
    )
    exhaustive = st.toggle(
        "Every unit must get a code", bool(old.get("exhaustive", False)), key=f"{key}-exhaustive"
    )
    meanings = {"absent": "was judged, and none of the codes applies", "missing": "was not judged"}
    unmarked = _choice(
        "A unit without a code", meanings, old.get("unmarked", "absent"), key=f"{key}-unmarked"
    )
    return {
        "label": label.strip(),
        "unit": unit,
        "exclusive": exclusive,
        "exhaustive": exhaustive,
        "unmarked": unmarked,
    }


def code(data: Data, old: Data, key: str) -> dict[str, Any]:
    """One possible answer, with everything that makes observers agree on it."""
    label = st.text_input(
        "Name",
        old.get("label", ""),
        placeholder="For example: Conveys understanding",
        max_chars=80,
        key=f"{key}-label",
    )
    left, right = st.columns(2)
    with left:
        to = _choice("Answers", _labels(data, "criteria"), old.get("criterion"), key=f"{key}-criterion")
        valence = _choice(
            "It is",
            {"positive": "positive", "negative": "negative", "neutral": "neutral"},
            old.get("valence", "neutral"),
            key=f"{key}-valence",
        )
    with right:
        role = _choice("About", _roles(data), old.get("role"), key=f"{key}-role")
        free = free_keys(data)
        hotkey = st.text_input(
            "Key",
            old.get("key", ""),
            max_chars=1,
            placeholder="one small letter",
            help=f"Still free: {' '.join(free)}",
            key=f"{key}-key",
        )
    definition = st.text_area(
        "What an observer hears or sees", old.get("definition", ""), height=90, key=f"{key}-definition"
    )
    include = _lines("Code it when (one per line)", old.get("include"), f"{key}-include")
    exclude = _lines("Do not code it when (one per line)", old.get("exclude"), f"{key}-exclude")
    examples = _lines("Examples (one per line)", old.get("examples"), f"{key}-examples")
    misses = _near_misses(data, old, f"{key}-misses")
    known = _labels(data, "attributes")
    asked = st.multiselect(
        "Asked after it",
        list(known),
        [each for each in old.get("attributes") or [] if each in known],
        format_func=lambda each: known[each],
        key=f"{key}-attributes",
    )
    return {
        "criterion": to, "role": role, "valence": valence, "label": label.strip(), "key": hotkey.strip() or None,
        "attributes": asked, "definition": definition.strip(), "include": include, "exclude": exclude,
        "examples": examples, "near_misses": misses,
    }  # fmt: skip


def rating(data: Data, old: Data, key: str) -> dict[str, Any]:
    """A judgement on a block or on the session."""
    label = st.text_input(
        "Name", old.get("label", ""), placeholder="For example: Bond", max_chars=80, key=f"{key}-label"
    )
    question = st.text_area("Question", old.get("question", ""), height=70, key=f"{key}-question")
    one, two, three = st.columns(3)
    with one:
        unit = _choice("Of each", _units(data, ("interval", "session")), old.get("unit"), key=f"{key}-unit")
    with two:
        role = _choice("About", _roles(data), old.get("role"), key=f"{key}-role")
    with three:
        ordinal = {
            name: name for name, each in entries(data, "scales").items() if each.get("type") == "ordinal"
        }
        scale = _choice("Scale", ordinal, old.get("scale"), key=f"{key}-scale")
    high = st.text_area("What a high rating sounds like", old.get("high", ""), height=70, key=f"{key}-high")
    low = st.text_area("What a low rating sounds like", old.get("low", ""), height=70, key=f"{key}-low")
    known = _labels(data, "codes")
    evidence = st.multiselect(
        "Codes to look back at",
        list(known),
        [each for each in old.get("evidence") or [] if each in known],
        format_func=lambda each: known[each],
        key=f"{key}-evidence",
    )
    return {
        "label": label.strip(), "unit": unit, "role": role, "scale": scale, "question": question.strip(),
        "high": high.strip(), "low": low.strip(), "evidence": evidence,
    }  # fmt: skip


def scale(_data: Data, old: Data, key: str) -> dict[str, Any]:
    """The steps of a scale; a new one also gets its name."""
    name = (
        ""
        if old
        else st.text_input("Name", placeholder="For example: intensity", max_chars=48, key=f"{key}-label")
    )
    kinds = {"ordinal": "in order (whole numbers)", "nominal": "without order (words)"}
    kind = _choice("Its steps are", kinds, old.get("type", "ordinal"), key=f"{key}-type")
    steps = _steps(old, f"{key}-values")
    start = st.text_input(
        "A rating begins at (may stay empty)",
        str(old.get("start", "") if old.get("start") is not None else ""),
        key=f"{key}-start",
    )
    found: dict[str, Any] = {
        "type": kind,
        "values": steps,
        "start": int(start) if _is_whole(start.strip()) else None,
    }
    return found if old else {"label": name.strip(), **found}


def attribute(data: Data, old: Data, key: str) -> dict[str, Any]:
    """What is asked right after a code was given."""
    label = st.text_input(
        "Question",
        old.get("label", ""),
        placeholder="For example: How strong",
        max_chars=80,
        key=f"{key}-label",
    )
    scale = _choice(
        "Its answers", {name: name for name in entries(data, "scales")}, old.get("scale"), key=f"{key}-scale"
    )
    required = st.toggle("Must be answered", bool(old.get("required", True)), key=f"{key}-required")
    return {"label": label.strip(), "scale": scale, "required": required}


def rule(data: Data, old: Data, key: str) -> dict[str, Any]:
    """A rule of decision."""
    name = "" if old else st.text_input("Number", placeholder="R1", max_chars=8, key=f"{key}-id")
    text = st.text_area("Rule", old.get("text", ""), height=90, key=f"{key}-text")
    known = _labels(data, "codes")
    applies = st.multiselect(
        "Concerns these codes (none: all)",
        list(known),
        [each for each in old.get("applies_to") or [] if each in known],
        format_func=lambda each: known[each],
        key=f"{key}-applies",
    )
    found = {"text": text.strip(), "applies_to": applies}
    return found if old else {"label": name.strip(), **found}


def _near_misses(data: Data, old: Data, key: str) -> list[dict[str, str]]:
    """The near misses there are, and an empty place for one more."""
    st.caption("Near misses: talk that looks like it, why it is not, and the code to use instead")
    options = {NONE: "no code"} | {
        name: label for name, label in _labels(data, "codes").items() if name != old.get("id")
    }
    found = []
    for number, each in enumerate([*(old.get("near_misses") or []), {}]):
        said, why, instead = st.columns([3, 3, 2])
        with said:
            text = st.text_input("What is said", each.get("text", ""), key=f"{key}-text-{number}")
        with why:
            reason = st.text_input("Why it is not", each.get("why", ""), key=f"{key}-why-{number}")
        with instead:
            other = _choice("Code instead", options, each.get("instead", NONE), key=f"{key}-instead-{number}")
        if text.strip():
            found.append({"text": text.strip(), "why": reason.strip(), "instead": other or NONE})
    return found


def _steps(old: Data, key: str) -> list[dict[str, Any]]:
    """The steps there are, and empty places for more; a step without a value is left out."""
    st.caption("Steps: value, name, and what it sounds like")
    found = []
    known = list(old.get("values") or [])
    for number, each in enumerate([*known, *[{}] * (1 if known else 5)]):
        one, two, three = st.columns([1, 2, 5])
        value = _cell(one, "Value", each.get("value", ""), f"{key}-value-{number}")
        label = _cell(two, "Name", each.get("label", ""), f"{key}-label-{number}")
        anchor = _cell(three, "Sounds like", each.get("anchor", ""), f"{key}-anchor-{number}")
        if value:
            step: dict[str, Any] = {"value": int(value) if _is_whole(value) else value}
            found.append(step | {k: v for k, v in (("label", label), ("anchor", anchor)) if v})
    return found


def _cell(place: DeltaGenerator, label: str, old: Any, key: str) -> str:
    first = key.endswith("-0")
    written: str = place.text_input(
        label, str(old), key=key, label_visibility="visible" if first else "collapsed"
    )
    return written.strip()


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and text.isascii()


def _lines(label: str, old: Sequence[str] | None, key: str) -> list[str]:
    return lines_of(st.text_area(label, "\n".join(map(str, old or [])), height=96, key=key))


def _choice(label: str, options: Mapping[str, str], old: Any, key: str) -> str | None:
    names = list(options)
    index = names.index(old) if old in names else (0 if names else None)
    return st.selectbox(
        label, names, index=index, format_func=lambda each: options[each], key=key, filter_mode=None
    )


def _labels(data: Data, kind: Any) -> dict[str, str]:
    return {name: str(each.get("label") or name) for name, each in entries(data, kind).items()}


def _units(data: Data, kinds: tuple[str, ...]) -> dict[str, str]:
    units = data.get("units") if isinstance(data.get("units"), Mapping) else {}
    return {
        str(name): str(each.get("label") or name)
        for name, each in (units or {}).items()
        if isinstance(each, Mapping) and each.get("kind") in kinds
    }


def _roles(data: Data) -> dict[str, str]:
    return {
        str(each["id"]): str(each.get("label") or each["id"])
        for each in data.get("roles") or []
        if isinstance(each, Mapping) and each.get("id")
    }
