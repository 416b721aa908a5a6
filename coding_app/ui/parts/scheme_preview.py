"""How the panel of codes will look to observers: keys, codes by criterion, what is asked after a code."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from coding_app.exchange.manual import inert
from coding_app.ui.parts.words import ROLE_WORDS
from coding_app.workflows.scheme_forms import entries

_EMPTY = "No criterion yet. Add one on the left: a question about what is said, such as “Empathy”."
_STYLE = """<style>
.preview { --line: color-mix(in srgb, currentColor 18%, transparent); font-size: .92rem; }
.preview .t { unicode-bidi: isolate; overflow-wrap: anywhere; }
.preview h4 { font-size: .82rem; margin: .7rem 0 .15rem; padding: 0; font-weight: 600; opacity: .75; }
.preview .code { display: flex; flex-wrap: wrap; gap: .55rem; align-items: baseline; padding: .12rem .3rem; }
.preview .code:hover { background: color-mix(in srgb, currentColor 7%, transparent); }
.preview kbd { min-width: 1.5rem; text-align: center; padding: 0; }
.preview kbd { border: 1px solid currentColor; border-radius: .25rem; }
.preview .more { opacity: .68; font-size: .84rem; margin-inline-start: auto; text-align: end; }
.preview .code > .t { flex: 1 1 55%; }
.preview .none { opacity: .68; font-size: .84rem; margin: .1rem .3rem; }
.preview .option { display: inline-block; border: 1px solid var(--line); border-radius: .3rem; padding: 0 .4rem; }
.preview .option { margin: .12rem .2rem .12rem 0; }
.preview .empty { border: 1px dashed var(--line); border-radius: .4rem; padding: .8rem 1rem; opacity: .8; }
</style>"""


def preview(data: Mapping[str, Any]) -> None:
    """Draws the panel of a scheme that may still have faults; what cannot be read is left out."""
    body = "".join(_criterion(data, name, each) for name, each in entries(data, "criteria").items())
    body += "".join(_asked(data, each) for each in entries(data, "attributes").values())
    ratings = entries(data, "ratings").values()
    if ratings:
        body += "<h4>Ratings</h4>" + "".join(_rating(data, each) for each in ratings)
    if not body:
        body = f'<p class="empty">{_EMPTY}</p>'
    st.html(f'{_STYLE}<div class="preview">{body}</div>')


def _criterion(data: Mapping[str, Any], name: str, criterion: Mapping[str, Any]) -> str:
    codes = [each for each in entries(data, "codes").values() if each.get("criterion") == name]
    rows = "".join(_code(data, each) for each in codes) or "<p class=none>no code yet</p>"
    return f"<h4>{inert(str(criterion.get('label', name)))}</h4>{rows}"


def _code(data: Mapping[str, Any], code: Mapping[str, Any]) -> str:
    key = escape(str(code.get("key") or "?").upper()[:3])
    asked = [
        entries(data, "attributes").get(str(each), {}).get("label", each)
        for each in code.get("attributes") or []
    ]
    more = " · ".join([_role(data, code), *map(str, asked)])
    label = inert(str(code.get("label", code["id"])))
    return f'<div class="code"><kbd>{key}</kbd>{label}<span class="more">{inert(more)}</span></div>'


def _asked(data: Mapping[str, Any], attribute: Mapping[str, Any]) -> str:
    return f"<h4>{inert(str(attribute.get('label', '')))}?</h4>" + _steps(data, attribute)


def _rating(data: Mapping[str, Any], rating: Mapping[str, Any]) -> str:
    more = f'<span class="more">{inert(_role(data, rating))}</span>'
    head = f'<div class="code">{inert(str(rating.get("label", rating["id"])))}{more}</div>'
    return head + _steps(data, rating)


def _steps(data: Mapping[str, Any], holder: Mapping[str, Any]) -> str:
    steps = entries(data, "scales").get(str(holder.get("scale")), {}).get("values") or []
    shown = []
    for each in steps if isinstance(steps, list) else []:
        if isinstance(each, Mapping):
            value, label = str(each.get("value", "")), str(each.get("label", ""))
            shown.append(
                f'<span class="option">{inert(value if label in ("", value) else f"{value} {label}")}</span>'
            )
    return "".join(shown)


def _role(data: Mapping[str, Any], holder: Mapping[str, Any]) -> str:
    role = str(holder.get("role", ""))
    known = {
        str(each.get("id")): str(each.get("label"))
        for each in data.get("roles") or []
        if isinstance(each, Mapping)
    }
    return known.get(role) or ROLE_WORDS.get(role, role)
