"""The manual of a scheme as PDF, for paper: the same chapters as the HTML manual."""

from collections.abc import Iterator
from math import ceil

from fpdf import FPDF, FontFace, XPos, YPos
from fpdf.enums import TableBordersLayout
from fpdf.outline import OutlineSection

from coding_app.domain.scheme import Scheme
from coding_app.exchange.manual_font import font_for, printable
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

FONT = "Manual"
INK, MUTED, ACCENT, LINE = (29, 43, 46), (92, 107, 111), (31, 111, 120), (217, 224, 224)
MARGIN_MM, WIDTH_MM, PAGE_MM = 18, 174, 262
WIDEST_MM = 48.0  # of a column that is not the last
CONTENTS_A_PAGE = 46
LETTERS_A_LINE = 105
LINE_MM = 4.8
UNPRINTED = "?"


def manual_pdf(scheme: Scheme) -> bytes:
    """A4 pages with contents, bookmarks, page numbers and, last, the crib sheet.

    The typeface has Latin, Greek, Cyrillic and Devanagari letters. Where a scheme uses others, the first page
    says so and each of them is printed as a question mark: the HTML manual, printed by a browser, has them all.
    """
    found = chapters(scheme)
    words = [scheme.title, scheme.summary, about(scheme), *(word for each in found for word in _words(each))]
    with font_for("".join(map(printable, words))) as (path, missing):
        paper = _Paper(scheme, missing)
        paper.add_font(FONT, fname=path, variations={"": {"wght": 400.0}, "B": {"wght": 600.0}})
        paper.write_all(found)
        return bytes(paper.output())


def _words(chapter: Chapter) -> Iterator[str]:
    yield chapter.title
    for entry in chapter.entries:
        yield from (entry.name, entry.about, entry.key)
    for block in (*chapter.blocks, *(block for entry in chapter.entries for block in entry.blocks)):
        yield from _said(block)


def _said(block: Block) -> Iterator[str]:
    match block:
        case Text():
            yield block.text
        case Bullets():
            yield from (block.head, *block.lines)
        case Beside():
            yield from (*_said(block.left), *_said(block.right))
        case Table():
            yield from (*block.heads, *(cell for row in block.rows for cell in row))


class _Paper(FPDF):
    """The pages of one manual."""

    def __init__(self, scheme: Scheme, missing: frozenset[str]) -> None:
        super().__init__(format="A4")
        self.scheme, self.missing = scheme, missing
        self.set_margins(MARGIN_MM, MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(True, MARGIN_MM)
        self.set_lang(scheme.language)

    def say(self, text: str) -> str:
        """The text as it can be printed."""
        return "".join(UNPRINTED if sign in self.missing else sign for sign in printable(text))

    def footer(self) -> None:
        """Title, version and page number."""
        self.set_y(-12)
        self._pen(8, MUTED)
        self.cell(0, 5, self.say(f"{self.scheme.title} {self.scheme.version}"))
        self.set_x(MARGIN_MM)
        self.cell(0, 5, str(self.page_no()), align="R")

    def write_all(self, found: tuple[Chapter, ...]) -> None:
        """Title, contents, every chapter."""
        self.set_title(self.say(self.scheme.title))
        self.add_page()
        self._pen(22, INK, "B")
        self._lines(self.scheme.title, 10)
        self._pen(9, MUTED)
        self._lines(about(self.scheme), 5)
        self._pen(10.5, INK)
        self._lines(self.scheme.summary, 5.5)
        if self.missing:
            self._pen(9, ACCENT)
            self._lines(
                "Some signs of this scheme are not in this manual's typeface and are printed as question marks. "
                "The HTML manual has them all: open it in a browser and print it there.",
                4.5,
            )
        self.ln(4)
        n_lines = len(found) + sum(len(each.entries) for each in found)
        self.insert_toc_placeholder(_contents, ceil(n_lines / CONTENTS_A_PAGE), allow_extra_pages=True)
        for number, chapter in enumerate(found):
            self._chapter(chapter, new_page=chapter.crib or bool(number and chapter.entries))

    def _chapter(self, chapter: Chapter, *, new_page: bool) -> None:
        if new_page or self.get_y() > PAGE_MM - 50:
            self.add_page()
        self.ln(2)
        self.start_section(self.say(chapter.title), 0)
        self._pen(15, INK, "B")
        self._lines(chapter.title, 8)
        self.set_draw_color(*ACCENT)
        self.line(MARGIN_MM, self.get_y(), MARGIN_MM + WIDTH_MM, self.get_y())
        self.ln(2)
        for block in chapter.blocks:
            self._block(block, 8 if chapter.crib else 9.5)
        for entry in chapter.entries:
            self._entry(entry)

    def _entry(self, entry: Entry) -> None:
        if self.get_y() + min(_height(entry), PAGE_MM - 2 * MARGIN_MM) > PAGE_MM:
            self.add_page()
        self.ln(2)
        self.start_section(self.say(entry.name), 1)
        self._pen(11, INK, "B")
        self._lines(f"{entry.name}   [ {entry.key} ]" if entry.key else entry.name, 6)
        self._pen(8.5, MUTED)
        self._lines(entry.about, 4.5)
        for block in entry.blocks:
            self._block(block, 9.5)
        self.set_draw_color(*LINE)
        self.line(MARGIN_MM, self.get_y() + 1, MARGIN_MM + WIDTH_MM, self.get_y() + 1)
        self.ln(2)

    def _block(self, block: Block, size: float) -> None:
        match block:
            case Text():
                self._pen(size - 1 if block.quiet else size, MUTED if block.quiet else INK)
                self._lines(block.text, size * 0.5)
                self.ln(0.8)
            case Bullets():
                self._pen(8.5, MUTED, "B")
                self._lines(block.head, 4.5)
                self._pen(size, INK)
                for line in block.lines:
                    self._lines(line if not block.head else f"• {line}", size * 0.5)
                self.ln(0.8)
            case Beside():
                self._beside(block, size)
            case Table():
                self._table(block, size)

    def _beside(self, block: Beside, size: float) -> None:
        sides = (block.left, block.right)
        rows = [tuple(side.head for side in sides), tuple(_listed(side) for side in sides)]
        self._rows(rows, (50, 50), size, borders=False)

    def _table(self, block: Table, size: float) -> None:
        self._pen(size, INK, "B")
        columns = list(zip(block.heads, *block.rows, strict=True))[:-1]
        first = [min(max(map(self._wide, column)), WIDEST_MM) for column in columns]
        self._rows([block.heads, *block.rows], (*first, WIDTH_MM - sum(first)), size, borders=True)

    def _rows(
        self, rows: list[tuple[str, ...]], widths: tuple[float, ...], size: float, *, borders: bool
    ) -> None:
        self._pen(size, INK)
        self.set_draw_color(*LINE)
        layout = TableBordersLayout.HORIZONTAL_LINES if borders else TableBordersLayout.NONE
        head = FontFace(emphasis="B", color=MUTED, size_pt=8.5)
        with self.table(
            col_widths=widths, borders_layout=layout, line_height=size * 0.48, headings_style=head,
            text_align="L", padding=(0.6, 3, 0.6, 0), repeat_headings=0, v_align="TOP",
        ) as table:  # fmt: skip
            for row in rows:
                table.row(["\n".join(map(self.say, cell.split("\n"))) for cell in row])
        self.ln(1)

    def _wide(self, text: str) -> float:
        return float(self.get_string_width(self.say(text))) + 4.5

    def _pen(self, size: float, colour: tuple[int, int, int], style: str = "") -> None:
        self.set_font(FONT, style, size)
        self.set_text_color(*colour)

    def _lines(self, text: str, height: float) -> None:
        if shown := self.say(text):
            self.multi_cell(0, height, shown, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _listed(side: Bullets) -> str:
    """A cell: lines that begin with a dot."""
    return "\n".join(f"• {line}" for line in map(printable, side.lines))


def _height(entry: Entry) -> float:
    """About how many millimetres an entry takes, rather too many; enough to keep most of them on one page."""
    return 18 + sum(map(_block_height, entry.blocks))


def _block_height(block: Block) -> float:
    match block:
        case Text():
            return LINE_MM * _n_lines((block.text,), LETTERS_A_LINE) + 1
        case Bullets():
            return LINE_MM * (1 + _n_lines(block.lines, LETTERS_A_LINE)) + 1
        case Beside():
            sides = (block.left, block.right)
            return LINE_MM * (1 + max(_n_lines(side.lines, LETTERS_A_LINE // 2 - 5) for side in sides)) + 4
        case Table():
            widest = LETTERS_A_LINE - 22 * (len(block.heads) - 1)
            return sum(LINE_MM * _n_lines((row[-1],), widest) + 1.4 for row in (block.heads, *block.rows))


def _n_lines(lines: tuple[str, ...], letters: int) -> int:
    return sum(max(1, ceil(len(line) / letters)) for line in lines)


def _contents(paper: FPDF, outline: list[OutlineSection]) -> None:
    paper.set_text_color(*INK)
    for section in outline:
        paper.set_font(FONT, "" if section.level else "B", 9.5)
        link = paper.add_link(page=section.page_number)
        paper.set_x(MARGIN_MM + 6 * section.level)
        paper.cell(WIDTH_MM - 20 - 6 * section.level, 5.2, section.name[:90], link=link)
        paper.cell(
            20, 5.2, str(section.page_number), align="R", link=link, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
