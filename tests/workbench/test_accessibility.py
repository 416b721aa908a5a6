"""The workbench for everyone: axe finds nothing, dialogs keep and return the focus, Tab walks in order."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.workbench.conftest import Bench

pytestmark = pytest.mark.browser

DARK = """:host, #host {--st-text-color: #e6ecec; --st-background-color: #12191b;
  --st-secondary-background-color: #1b2426; --st-primary-color: #5fb9c4} body {background: #12191b}"""
ON = {"alliance-core": ["e", "ArrowDown", "w", "2"], "session-flow": ["t", "l", "f"]}


RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}


def faults(page: Page, where: str) -> list[str]:
    """What axe finds in the workbench, each as rule, place and reason."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: Any = page.evaluate("(rules) => axe.run('#host', rules)", RULES)
    return [
        f"{where}: {each['id']} {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def in_tabs(page: Page, where: str) -> list[str]:
    """What axe finds in every tab."""
    found = []
    for tab in page.get_by_role("tab").all():
        tab.click()
        found += faults(page, f"{where}, {tab.inner_text()}")
    page.get_by_role("tab").first.click()
    return found


def over_it(page: Page, where: str) -> list[str]:
    """What axe finds in the card of a code and in every dialog."""
    page.locator(".info").first.click()
    found = faults(page, f"{where}, card")
    page.keyboard.press("Escape")
    for name in ["Keys", "Settings", "Submit"]:
        page.get_by_role("button", name=name, exact=True).click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        found += faults(page, f"{where}, {name}")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
    return found


@pytest.mark.parametrize("bench", [{"scheme": each} for each in ON], indirect=True, ids=list(ON))
def test_axe_finds_nothing_in_light_and_dark_and_at_double_size(
    bench: Bench, request: pytest.FixtureRequest
) -> None:
    page = bench.ready()
    scheme = next(each for each in ON if each in request.node.callspec.id)
    for key in [*ON[scheme], "!", "'"]:
        page.keyboard.press(key)
    page.keyboard.type("a note")
    page.keyboard.press("Enter")
    found = in_tabs(page, "light") + over_it(page, "light")
    page.add_style_tag(content=DARK)
    found += in_tabs(page, "dark") + (over_it(page, "dark") if scheme == "alliance-core" else [])
    page.set_viewport_size({"width": 640, "height": 400})
    found += in_tabs(page, "double size")
    assert not found, "\n".join(found)


FOCUSED = """() => {
  const one = document.querySelector('#host').shadowRoot.activeElement;
  if (!one) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const parts = ['.bar', '.player', '.transcript', '.lead', '.tabs', '.pages', '.segment-box'];
  return {part: parts.find((each) => one.closest(each)) ?? one.className,
    seen: style.outlineStyle !== 'none' || style.boxShadow !== 'none' || style.borderColor !== '',
    size: Math.min(box.width, box.height), name: one.getAttribute('aria-label') || one.textContent};
}"""


def test_tab_walks_through_the_page_in_its_order_and_dialogs_give_the_focus_back(bench: Bench) -> None:
    page = bench.ready()
    page.locator("#field").focus()
    walked: list[dict[str, Any]] = []
    for _ in range(90):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        walked.append(focused)
    parts = list(dict.fromkeys(each["part"] for each in walked))
    wanted = [".bar", ".player", ".transcript", ".lead", ".tabs", ".pages", ".segment-box"]
    assert [each for each in parts if each in wanted] == wanted
    assert [each for each in walked if not each["seen"]] == []
    settings = page.get_by_role("button", name="Settings", exact=True)
    settings.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    within = "() => { const one = document.querySelector('#host').shadowRoot.activeElement; return !one || !!one.closest('dialog'); }"  # fmt: skip  # noqa: E501
    assert page.evaluate(within)
    page.keyboard.press("Escape")
    expect(settings).to_be_focused()


def test_forced_colours_and_less_motion_change_nothing_that_matters(bench: Bench) -> None:
    page = bench.ready()
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.keyboard.press("e")
    code = page.locator("[data-code=emp_t_convey]").first
    expect(code).to_have_attribute("aria-pressed", "true")
    look = "(one) => { const style = getComputedStyle(one); return [style.outlineStyle, style.borderStyle]; }"
    assert "solid" in code.evaluate(look)
    assert "solid" in page.locator(".lead-step[aria-current]").evaluate(look)
    motion = "(one) => getComputedStyle(one).transitionDuration"
    assert page.locator(".hint").evaluate(motion) in ("0s", "")
