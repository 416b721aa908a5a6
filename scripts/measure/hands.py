"""Two hands that make judgements in an open workbench: one with the keyboard alone, one with the mouse alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

from measure.effort import Code, Link, Rating

MOST_TABS, MOST_TURNS = 60, 60
CAN_BE_CLICKED = """(element) => {
  const {left, top, width, height} = element.getBoundingClientRect();
  const hit = element.getRootNode().elementFromPoint(left + width / 2, top + height / 2);
  return hit !== null && (element === hit || element.contains(hit));
}"""
WHERE_TO_SCROLL = """(element) => {
  const up = (each) => each.parentElement ?? each.getRootNode().host ?? null;
  for (let box = up(element); box; box = up(box)) {
    if (!/auto|scroll/.test(getComputedStyle(box).overflowY) || box.scrollHeight <= box.clientHeight) continue;
    const frame = box.getBoundingClientRect();
    const below = element.getBoundingClientRect().top > frame.top + frame.height / 2;
    return {x: frame.left + frame.width / 2, y: frame.top + frame.height / 2, by: below ? 80 : -80};
  }
  return null;
}"""
FOCUSED_RATING = """() => {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  if (active?.getAttribute("role") !== "radio") return null;
  return [active.closest(".unit").dataset.unit, active.closest(".rating").dataset.rating];
}"""


@dataclass(frozen=True)
class Desk:
    """An observer's open pass on session 1, and the codes and attributes of its scheme by id."""

    coder_id: str
    pass_id: str
    codes: dict[str, dict[str, Any]]
    attributes: dict[str, dict[str, Any]]

    def digit(self, attribute: str, value: int | str) -> str:
        """The number key of a value: the value itself, or its place where values are words."""
        values = [each["value"] for each in self.attributes[attribute]["values"]]
        return str(value if isinstance(value, int) else values.index(value) + 1)


class Hand:
    """What both hands know: the page, which kind is counted now, the current segment, and what may be linked to."""

    def __init__(self, page: Page, desk: Desk) -> None:
        self.page, self.desk, self.current = page, desk, 0
        self.ruptures: list[str] = []

    def count(self, kind: str) -> None:
        """From here on actions count under this kind."""
        self.page.evaluate("(kind) => { window.effort.kind = kind; }", kind)

    def place_of(self, target: str) -> int:
        """Where the target stands in the list of what a repair may be linked to: the nearest is first."""
        return sorted(self.ruptures, reverse=True).index(target)

    def make(self, judgements: Sequence[Code | Link | Rating]) -> None:
        """Makes them in this order."""
        for each in judgements:
            if isinstance(each, Code):
                self.count("move")
                self.go(int(each.unit.removeprefix("s-")) - 1)
                self.count("code")
                self.code(each)
                if each.criterion == "rupture":
                    self.ruptures.append(each.unit)
            elif isinstance(each, Link):
                self.count("link")
                self.link(each)
            else:
                self.count("rating")
                self.rate(each)

    def go(self, index: int) -> None:
        """To a segment."""
        raise NotImplementedError

    def code(self, judgement: Code) -> None:
        """Gives a code and answers its questions."""
        raise NotImplementedError

    def link(self, judgement: Link) -> None:
        """Links the code just given."""
        raise NotImplementedError

    def rate(self, judgement: Rating) -> None:
        """Rates."""
        raise NotImplementedError


class Keyboard(Hand):
    """With the keyboard alone: down arrow by segment, letters, numbers, & for a link, # and F8 for ratings."""

    def press(self, *keys: str) -> None:
        """Presses keys, each as the page would get it from a US keyboard."""
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, index: int) -> None:
        """To a segment."""
        self.press(*["ArrowDown"] * (index - self.current))
        self.current = index

    def code(self, judgement: Code) -> None:
        """Gives a code and answers its questions."""
        digits = [self.desk.digit(*each) for each in judgement.attributes]
        self.press(self.desk.codes[judgement.code]["key"], *digits)

    def link(self, judgement: Link) -> None:
        """Links the code just given to an earlier one."""
        self.press("Shift+Digit7", str(self.place_of(judgement.target) + 1))

    def rate(self, judgement: Rating) -> None:
        """Goes to a rating and chooses its value."""
        wanted = [judgement.unit, judgement.rating]
        if judgement.unit.startswith("b-"):
            self.press("Shift+Digit3")
        elif self.page.get_by_role("tab", name="Session").get_attribute("aria-selected") != "true":
            self.press("F8")
        for _ in range(MOST_TABS):
            if self.page.evaluate(FOCUSED_RATING) == wanted:
                self.press(str(judgement.value))
                return
            self.press("Tab")
        raise AssertionError(f"The rating {wanted} was not reached with the Tab key.")


class Mouse(Hand):
    """With the mouse alone: a click each on the segment, the code, its answers, the link and its target, a value."""

    def click(self, target: Locator) -> None:
        """Clicks, after scrolling with the wheel where the target cannot be seen."""
        target.wait_for(state="attached")
        for _ in range(MOST_TURNS):
            if target.evaluate(CAN_BE_CLICKED):
                target.click()
                return
            wheel = target.evaluate(WHERE_TO_SCROLL)
            assert wheel is not None, "It cannot be scrolled into view."
            self.page.mouse.move(wheel["x"], wheel["y"])
            self.page.mouse.wheel(0, wheel["by"])
            self.page.wait_for_timeout(60)  # until the scrolling has been painted
        raise AssertionError("The target did not come into view.")

    def go(self, index: int) -> None:
        """To a segment."""
        if index != self.current:
            self.click(self.page.locator(f".row[data-index='{index}']"))
        self.current = index

    def code(self, judgement: Code) -> None:
        """Gives a code and answers its questions."""
        self.click(self.page.locator(f".code[data-code={judgement.code}]"))
        for attribute, value in judgement.attributes:
            digit = self.desk.digit(attribute, value)
            option = f".option[data-code={judgement.code}][data-attribute={attribute}][data-digit='{digit}']"
            self.click(self.page.locator(option))

    def link(self, judgement: Link) -> None:
        """Links the code just given to an earlier one."""
        self.click(self.page.locator(f".links > [data-link-code={judgement.code}]"))
        self.click(self.page.locator(f".link-option[data-target='{self.place_of(judgement.target)}']"))

    def rate(self, judgement: Rating) -> None:
        """Goes to a rating and chooses its value."""
        tab = self.page.get_by_role("tab", name="Blocks" if judgement.unit.startswith("b-") else "Session")
        if tab.get_attribute("aria-selected") != "true":
            self.click(tab)
        scale = self.page.locator(f".unit[data-unit={judgement.unit}] [data-rating={judgement.rating}] .step")
        self.click(scale.get_by_text(str(judgement.value), exact=True))
