"""The codebook beside the segment: one key shows it, it follows the code in hand, letters search it."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from coding_app.schemes import BUILT_IN
from coding_app.store import passes
from coding_app.ui.workbench import _modules
from coding_app.workflows.bookmarks import Bookmark, bookmarks_of
from tests.workbench.conftest import Bench
from tests.workbench.test_accessibility import DARK, faults

pytestmark = pytest.mark.browser

NASTY = "<img src=x onerror=window.owned=1> **b** \u202egnihtyreve " + "Donaudampfschifffahrt" * 12


def test_one_key_shows_what_the_code_in_hand_means_while_coding_goes_on(bench: Bench) -> None:
    page = bench.ready()
    page.keyboard.press(":")
    pane = page.locator(".codebook")
    expect(pane).to_contain_text("Give a code")
    page.keyboard.press("e")
    expect(pane.get_by_role("heading", name="Conveys understanding")).to_be_visible()
    expect(pane).to_contain_text("That must be hard.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("w")
    expect(pane.get_by_role("heading", name="Client withdrawal")).to_be_visible()
    expect(pane).to_contain_text("Judge change against this person's own baseline")
    page.keyboard.press("ArrowUp")
    expect(pane.get_by_role("heading", name="Conveys understanding")).to_be_visible()
    bench.until(lambda: bench.n_rows() == 2)


def test_typed_letters_search_it_and_give_no_codes(bench: Bench) -> None:
    page = bench.ready()
    pane = page.locator(".codebook")
    page.keyboard.press(":")
    expect(pane).to_be_visible()
    page.keyboard.press(":")
    page.keyboard.type("withdr silence")
    expect(pane.locator(".codebook-found")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(pane.get_by_role("heading", name="Client withdrawal")).to_be_visible()
    page.keyboard.press(":")
    page.keyboard.type("hypnosis")
    expect(pane).to_contain_text("Not found")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(pane.get_by_role("heading", name="Conveys understanding")).to_be_visible()
    bench.until(lambda: bench.n_rows() == 1)
    page.keyboard.press(":")
    page.keyboard.press(":")
    expect(pane).to_be_hidden()


def test_a_passage_is_bookmarked_for_the_observer_and_found_again(bench: Bench) -> None:
    page = bench.ready()
    page.keyboard.press(":")
    page.keyboard.press("e")
    pane = page.locator(".codebook")
    pane.locator('[data-place="code:emp_t_convey/exclude/1"]').get_by_role("button").click()
    expect(pane.locator(".codebook-marks")).to_contain_text("Sympathy, praise or reassurance")
    with bench.app.store.read() as tx:
        coder_id = passes.get_pass(tx, bench.pass_id).coder_id
    (kept,) = bookmarks_of(bench.app, coder_id)
    assert kept == Bookmark(
        "alliance-core",
        "code:emp_t_convey/exclude/1",
        "Sympathy, praise or reassurance that does not show what was understood.",
    )
    page.reload()
    page.locator(".row[aria-selected=true]").wait_for()
    page.keyboard.press(":")
    page.locator(".codebook-mark").click()
    expect(page.locator(".codebook").get_by_role("heading", name="Conveys understanding")).to_be_visible()
    page.locator(".codebook-marks .remove").click()
    expect(page.locator(".codebook-marks")).to_have_count(0)
    assert bookmarks_of(bench.app, coder_id) == ()


def test_axe_finds_nothing_in_the_open_codebook(bench: Bench) -> None:
    page = bench.ready()
    page.keyboard.press(":")
    page.keyboard.press("e")
    page.locator(".codebook-star").first.click()
    expect(page.locator(".codebook-marks")).to_be_visible()
    found = faults(page, "light")
    page.add_style_tag(content=DARK)
    found += faults(page, "dark")
    page.set_viewport_size({"width": 640, "height": 400})
    found += faults(page, "double size")
    page.keyboard.press(":")
    page.keyboard.type("without")
    expect(page.locator(".codebook-found").first).to_be_visible()
    found += faults(page, "results")
    assert not found, "\n".join(found)


def test_it_is_loaded_when_it_is_first_opened(bench: Bench) -> None:
    assert [name for name in _modules() if "codebook" in name] == ["codebook.js"]
    asked: list[str] = []
    bench.context.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    page = bench.ready()
    assert not [
        name for name in asked if name.startswith("codebook_") or name in ("codebook.css", "bookmarks")
    ]
    page.keyboard.press(":")
    expect(page.locator(".codebook")).to_be_visible()
    assert {"codebook_pane.js", "codebook_find.js", "codebook.css", "bookmarks"} <= set(asked)


def _nasty_scheme(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = (BUILT_IN / "alliance-core.yaml").read_text("utf-8").replace("id: alliance-core", "id: nasty", 1)
    for old in (
        "Names or refines a feeling, wish or meaning that the client's talk supports.",
        "Stock phrase; could follow any sentence.",
    ):
        assert old in text
        text = text.replace(old, NASTY)
    text = text.replace("label: Conveys understanding", 'label: "<i>Conveys</i> \u202egnidnatsrednu"')
    (folder / "nasty.yaml").write_text(text, "utf-8")


@pytest.mark.parametrize("bench", [{"scheme": "nasty", "prepare": _nasty_scheme}], indirect=True)
def test_the_texts_of_a_scheme_stay_text_beside_the_segment(bench: Bench) -> None:
    page = bench.ready()
    page.keyboard.press(":")
    page.keyboard.press("e")
    pane = page.locator(".codebook")
    expect(pane.get_by_role("heading").first).to_contain_text("<i>Conveys</i>")
    expect(pane).to_contain_text("<img src=x onerror=window.owned=1>")
    assert page.evaluate("window.owned") is None
    assert pane.locator("img, i, b").count() == 0
    page_box = pane.locator(".codebook-page")
    assert page_box.evaluate("box => box.scrollWidth <= box.clientWidth"), "long words are broken"
