"""Parts of a codebook as cards on a page; every text of a scheme is shown as text and nothing else."""

from collections.abc import Iterable

import streamlit as st

from coding_app.domain.scheme import Code, Rating, Rule, Scheme
from coding_app.domain.scheme_words import with_labels
from coding_app.exchange.manual import block_html, entry_html, inert
from coding_app.exchange.manual_parts import Block, Entry, code_entry, rating_entry

# The cards of the printed manual in the colours of the page.
STYLE = """<style>
.codebook { --muted: color-mix(in srgb, currentColor 68%, transparent);
  --line: color-mix(in srgb, currentColor 18%, transparent); font-size: .95rem; line-height: 1.5; }
.codebook .t { unicode-bidi: isolate; overflow-wrap: anywhere; }
.codebook .entry { border: 1px solid var(--line); border-radius: .4rem; padding: .8rem 1rem .7rem; margin: 0 0 .8rem; }
.codebook .head { display: flex; flex-wrap: wrap; gap: .15rem .7rem; align-items: baseline; }
.codebook h3 { font-size: 1.02rem; margin: 0; padding: 0; font-weight: 600; }
.codebook h4 { font-size: .82rem; margin: .5rem 0 .1rem; padding: 0; color: var(--muted); font-weight: 600; }
.codebook p { margin: .3rem 0; font-size: inherit; }
.codebook ul { font-size: inherit; margin: .1rem 0 .3rem; padding-inline-start: 1.1rem; }
.codebook li { margin: .1rem 0; font-size: inherit; }
.codebook .quiet { color: var(--muted); font-size: .88rem; }
.codebook kbd { border: 1px solid var(--muted); border-radius: .25rem; padding: 0 .4rem; font-size: .8rem; }
.codebook .beside { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.8rem; }
.codebook .beside > * { min-width: 0; }
.codebook .said { border-inline-start: 3px solid var(--line); padding-inline-start: .7rem; }
.codebook table { border-collapse: collapse; width: 100%; margin: .4rem 0; border: 0; }
.codebook th { text-align: start; color: var(--muted); font-size: .82rem; font-weight: 600; white-space: nowrap; }
.codebook :is(th, td) { padding: .2rem 1rem .2rem 0; vertical-align: top; }
.codebook :is(th, td) { border: 0; border-bottom: 1px solid var(--line); }
.codebook td:not(:last-child) { min-width: 6rem; }
@media (max-width: 800px) { .codebook .beside { grid-template-columns: 1fr; } }
</style>"""


def code_cards(codes: Iterable[Code], scheme: Scheme) -> None:
    """A card per code: definition, what counts and what does not, examples beside near misses, rules."""
    show_entries(code_entry(code, scheme) for code in codes)


def rating_cards(ratings: Iterable[Rating], scheme: Scheme) -> None:
    """A card per rating: question, both ends, the scale with its anchors."""
    show_entries(rating_entry(rating, scheme) for rating in ratings)


def rule_lines(rules: Iterable[Rule], scheme: Scheme) -> None:
    """The rules, one below the other."""
    rows = (
        f"<p><strong>{inert(rule.id)}</strong> {inert(with_labels(rule.text, scheme))}</p>" for rule in rules
    )
    _page("".join(rows))


def show_entries(entries: Iterable[Entry]) -> None:
    """Any entries of a manual as cards."""
    _page("".join(map(entry_html, entries)))


def show_blocks(blocks: Iterable[Block]) -> None:
    """Any blocks of a manual."""
    _page("".join(map(block_html, blocks)))


def say(text: str, *, quiet: bool = False) -> None:
    """A text of a scheme as a paragraph."""
    _page(f"<p{' class=quiet' if quiet else ''}>{inert(text)}</p>")


def _page(body: str) -> None:
    if body:
        st.html(f'<div class="codebook">{body}</div>')
