"""The manual of a scheme as one HTML file: to read, to print, to give away; it needs nothing from outside."""

from html import escape

from coding_app.domain.scheme import Scheme
from coding_app.exchange.manual_parts import (
    Beside,
    Block,
    Bullets,
    Chapter,
    Entry,
    Table,
    Text,
    about,
    chapters,
)
from coding_app.exchange.manual_style import STYLE

# Nothing may be loaded or run, whatever a scheme's texts say.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
SMALL = ("rules", "attributes", "derived", "advice", "sources", "changes")


def manual_html(scheme: Scheme) -> str:
    """A whole HTML page with a table of contents and, last, a crib sheet on one page.

    Every text of the scheme stands in it as text, each set apart so that its direction changes nothing around it.
    """
    found = chapters(scheme)
    body = "\n".join(
        [
            f"<header><h1>{inert(scheme.title)}</h1>",
            f'<p class="quiet">{inert(about(scheme))}</p>',
            f"<p>{inert(scheme.summary)}</p></header>",
            _contents(found),
            *(_chapter(each) for each in found),
        ]
    )
    return (
        f'<!doctype html>\n<html lang="{escape(scheme.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(scheme.title)} {escape(scheme.version)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def inert(text: str) -> str:
    """A text of a scheme as HTML that shows it and does nothing else.

    >>> inert("<b>a</b>")
    '<bdi class="t">&lt;b&gt;a&lt;/b&gt;</bdi>'
    """
    return f'<bdi class="t">{escape(text)}</bdi>'


def entry_html(entry: Entry) -> str:
    """A code or a rating as a card of the manual."""
    key = f"<kbd>{escape(entry.key)}</kbd>" if entry.key else ""
    return (
        f'<article class="entry" id="{escape(entry.id)}"><div class="head">{key}<h3>{inert(entry.name)}</h3>'
        f'<span class="quiet">{inert(entry.about)}</span></div>{_blocks(entry.blocks)}</article>'
    )


def _contents(found: tuple[Chapter, ...]) -> str:
    def one(chapter: Chapter) -> str:
        inner = "".join(
            f'<li><a href="#{escape(entry.id)}">{inert(entry.name)}</a></li>' for entry in chapter.entries
        )
        below = f'<ul class="plain">{inner}</ul>' if inner else ""
        return f'<li><a href="#{escape(chapter.id)}">{inert(chapter.title)}</a>{below}</li>'

    lines = "".join(one(each) for each in found)
    return f'<nav aria-label="Contents"><h4>Contents</h4><ol>{lines}</ol></nav>'


def _chapter(chapter: Chapter) -> str:
    kind = "crib" if chapter.crib else "small" if chapter.id in SMALL else "chapter"
    entries = "\n".join(entry_html(each) for each in chapter.entries)
    return (
        f'<section class="{kind}" id="{escape(chapter.id)}"><h2>{inert(chapter.title)}</h2>'
        f"{_blocks(chapter.blocks)}{entries}</section>"
    )


def _blocks(blocks: tuple[Block, ...]) -> str:
    return "".join(map(block_html, blocks))


def block_html(block: Block) -> str:
    """A paragraph, list, pair of lists or table of the manual."""
    match block:
        case Text():
            kind = ' class="quiet"' if block.quiet else ""
            return f"<p{kind}>{inert(block.text)}</p>"
        case Bullets():
            return _bullets(block)
        case Beside():
            left, right = _bullets(block.left), _bullets(block.right)
            return f'<div class="beside"><div>{left}</div><div>{right}</div></div>'
        case Table():
            return _table(block)


def _bullets(block: Bullets) -> str:
    if not block.lines:
        return ""
    head = f"<h4>{inert(block.head)}</h4>" if block.head else ""
    if block.quoted:
        return head + "".join(f'<p class="said">{inert(line)}</p>' for line in block.lines)
    plain = "" if block.head else ' class="plain"'
    return f"{head}<ul{plain}>" + "".join(f"<li>{inert(line)}</li>" for line in block.lines) + "</ul>"


def _table(table: Table) -> str:
    heads = "".join(f"<th>{inert(head)}</th>" for head in table.heads)
    rows = "".join(
        "<tr>" + "".join(f"<td>{inert(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
