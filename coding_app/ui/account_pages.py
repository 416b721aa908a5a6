"""The few pages that stand before Streamlit: plain HTML without a script, in the app's colours, light and dark."""

from dataclasses import dataclass
from html import escape

from coding_app.domain.passwords import SHORTEST
from coding_app.ui.theme import PLAIN_COLOURS

_STYLE = """
:root { color-scheme: light dark; %(light)s }
@media (prefers-color-scheme: dark) { :root { %(dark)s } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--text);
  font: 15px/1.5 "Source Sans", "Source Sans Pro", system-ui, sans-serif; padding: 1rem }
main { width: 100%%; max-width: 25rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  padding: 2rem }
h1 { font-size: 1.5rem; font-weight: 600; margin: 0 0 .5rem }
p { margin: 0 0 1rem; color: var(--quiet) }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600 }
small { display: block; color: var(--quiet); margin-top: .25rem }
input { width: 100%%; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line);
  border-radius: .4rem; padding: .5rem .65rem }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
button, .button { display: block; width: 100%%; margin-top: 1.5rem; font: inherit; font-weight: 600; text-align: center;
  color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent); border-radius: .4rem;
  padding: .55rem; cursor: pointer; text-decoration: none }
.second { background: none; color: var(--accent); margin-top: .75rem }
.error { color: var(--text); border-left: 3px solid var(--error); padding: .4rem .75rem; background: var(--ground) }
""" % {
    name: "; ".join(f"--{key}: {value}" for key, value in colours.items())
    for name, colours in PLAIN_COLOURS.items()
}


@dataclass(frozen=True, slots=True)
class Field:
    """One input. kind: of the input element; complete: what a password manager may fill in."""

    name: str
    label: str
    kind: str = "text"
    complete: str = "off"
    value: str = ""
    help: str = ""
    required: bool = True


NEW_PASSWORD = Field(
    "new", "New password", "password", "new-password",
    help=f"At least {SHORTEST} characters; a few words in a row make a good one.",
)  # fmt: skip


def form_page(
    title: str,
    text: str,
    action: str,
    fields: tuple[Field, ...],
    button: str,
    *,
    error: str | None = None,
    extra: str = "",
) -> str:
    """A whole page with one form. extra: HTML below the form, made by us."""
    told = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    inputs = "".join(map(_input, fields))
    return _page(
        title,
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p>{told}"
        f'<form method="post" action="{escape(action)}">{inputs}<button>{escape(button)}</button></form>{extra}',
    )


def leading_on(place: str) -> str:
    """A page that leads on at once: after a visit elsewhere, a browser shows our cookie only to a page from here."""
    there = escape(place)
    return _page(
        "Signed in",
        f'<h1>Signed in</h1><p><a class="button" href="{there}">Go on</a></p>',
        head=f'<meta http-equiv="refresh" content="0; url={there}">',
    )


def second_button(place: str, words: str) -> str:
    """A link below a form that looks like a quieter button."""
    return f'<a class="button second" href="{escape(place)}">{escape(words)}</a>'


def _input(field: Field) -> str:
    tip = f'<small id="{field.name}-help">{escape(field.help)}</small>' if field.help else ""
    told = f' aria-describedby="{field.name}-help"' if field.help else ""
    needed = " required" if field.required else ""
    return (
        f'<label for="{field.name}">{escape(field.label)}</label>'
        f'<input id="{field.name}" name="{field.name}" type="{field.kind}" autocomplete="{field.complete}"'
        f' value="{escape(field.value)}" maxlength="256" autocapitalize="off" spellcheck="false"{told}{needed}>{tip}'
    )


def _page(title: str, body: str, *, head: str = "") -> str:
    # The referrer: with none at all a browser would not say either from which page a form was sent.
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="referrer" content="same-origin">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{head}<title>{escape(title)} · Coding app</title><style>{_STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )
