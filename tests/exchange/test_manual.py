"""The manual of a scheme: complete, self-contained, and nothing in a scheme's texts can act in it."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from coding_app.domain.scheme import NearMiss, Scheme
from coding_app.exchange.manual import manual_html
from coding_app.exchange.manual_pdf import manual_pdf
from coding_app.schemes import BUILT_IN, load_scheme

NASTY = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=1">',
    "&lt;b&gt; **bold** [link](javascript:alert(1)) <!-- ",
    "\u202egnihtyreve nrut",
    "\u05e9\u05dc\u05d5\u05dd مرحبا 日本語 😀",
    "Donaudampfschifffahrtsgesellschaft" * 20,
)


@pytest.fixture(scope="module")
def core() -> Scheme:
    return load_scheme(BUILT_IN / "alliance-core.yaml")


def nasty(scheme: Scheme, text: str) -> Scheme:
    """The scheme with this text wherever a text can stand."""
    codes = tuple(
        replace(
            code, label=text, definition=text, include=(text,), exclude=(text,), examples=(text,),
            near_misses=(NearMiss(text, text, None),),
        )
        for code in scheme.codes
    )  # fmt: skip
    criteria = tuple(
        replace(each, label=text, codes=tuple(code for code in codes if code.criterion == each.id))
        for each in scheme.criteria
    )
    return replace(
        scheme, title=text, summary=text, license=text, disclaimer=text, sources=(text,), criteria=criteria,
        rules=tuple(replace(rule, text=text) for rule in scheme.rules),
        ratings=tuple(replace(each, label=text, question=text, high=text, low=text) for each in scheme.ratings),
    )  # fmt: skip


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        for name, value in attrs:
            if name in ("src", "href"):
                assert (value or "").startswith("#")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def seen(page: str) -> _Seen:
    parser = _Seen()
    parser.feed(page)
    return parser


@pytest.mark.parametrize("path", sorted(BUILT_IN.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_manual_says_everything_that_the_scheme_says(path: Path) -> None:
    scheme = load_scheme(path)
    text = " ".join("".join(seen(manual_html(scheme)).text).split())
    said = [scheme.title, scheme.summary, scheme.disclaimer, *scheme.sources]
    said += [line for code in scheme.codes for line in (code.label, *code.examples)]
    said += [line for code in scheme.codes for miss in code.near_misses for line in (miss.text,)]
    said += [rating.question for rating in scheme.ratings]
    said += [step.anchor for each in (*scheme.attributes, *scheme.ratings) for step in each.scale.values]
    said += [change.note for change in scheme.changes] + [each.label for each in scheme.derived]
    assert [each for each in said if " ".join(each.split()) not in text] == []


def test_every_line_of_the_contents_leads_to_its_place(core: Scheme) -> None:
    page = manual_html(core)
    links, ids = re.findall(r'href="#([^"]+)"', page), re.findall(r'id="([^"]+)"', page)
    assert len(links) > 25
    assert set(links) <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_crib_sheet_has_every_key(core: Scheme) -> None:
    crib = manual_html(core).split('id="crib"')[1]
    rows = re.findall(r'<tr><td><bdi class="t">([^<]+)</bdi></td>', crib)
    assert rows == [code.key for code in core.codes]


@pytest.mark.parametrize("text", NASTY, ids=lambda text: text[:12].encode("unicode_escape").decode())
def test_whatever_a_scheme_says_stays_text(core: Scheme, text: str) -> None:
    found = seen(manual_html(nasty(core, text)))
    assert found.tags == seen(manual_html(core)).tags, "no element comes from a text"
    assert text in "".join(found.text)


@pytest.mark.browser
def test_in_a_browser_nothing_runs_nothing_is_fetched_and_nothing_is_turned_around(
    core: Scheme, chromium: Browser, tmp_path: Path
) -> None:
    page = chromium.new_page(viewport={"width": 900, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for number, text in enumerate(NASTY):
        file = tmp_path / f"{number}.html"
        file.write_text(manual_html(replace(nasty(core, text), title=f"Manual {number}")), "utf-8")
        page.goto(file.as_uri())
        expect(page).to_have_title(f"Manual {number} {core.version}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "long words are broken"
        crib = page.locator("#crib h2")
        assert crib.inner_text() == "Crib sheet"
    assert all(url.startswith("file:") for url in asked)
    page.close()


def test_the_pdf_has_pages_bookmarks_and_a_language(core: Scheme) -> None:
    data = manual_pdf(core)
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") >= 10
    assert b"/Outlines" in data
    assert b"/Lang (en)" in data


@pytest.mark.parametrize("text", NASTY, ids=lambda text: text[:12].encode("unicode_escape").decode())
def test_any_text_can_be_printed(core: Scheme, text: str) -> None:
    assert manual_pdf(nasty(core, text)).startswith(b"%PDF-")
