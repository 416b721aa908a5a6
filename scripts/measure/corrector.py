"""A person who corrects a transcript in the editor with the keyboard alone, and what has become of it in the store."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from coding_app.domain.transcript import Segment, Transcript
from coding_app.store import transcripts
from coding_app.workflows.wiring import App

PATIENCE_SECONDS = 60.0
MOST_TABS = 60
FOCUSED = """() => {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  if (!active) return "";
  const label = active.getAttribute("aria-label") ?? active.labels?.[0]?.textContent ?? active.textContent;
  return `${active.localName}: ${label.trim().slice(0, 40)}`;
}"""


class Corrector:
    """Every step is made by keys in the page and awaited in the store.

    done: the names of the steps that arrived there.
    """

    def __init__(self, page: Page, app: App, recording_id: str) -> None:
        self.page, self._app, self._recording_id = page, app, recording_id
        self.done: list[str] = []

    def now(self) -> Transcript:
        """The newest revision in the store."""
        with self._app.store.read() as tx:
            found = transcripts.current_transcript(tx, self._recording_id)
        assert found is not None
        return found

    def open(self) -> None:
        """Waits until the editor can be used."""
        self.page.locator(".editor .row[aria-selected=true]").wait_for()

    def correct_everything(self) -> None:
        """Each kind of correction once, as a person comes to them."""
        self.confirm_the_next_doubt()
        self.write()
        self.split_and_merge()
        self.give_to_the_other_voice()
        self.move_an_edge_undo_and_redo()
        self.find_and_replace()
        self.say_who_speaks()

    def confirm_the_next_doubt(self) -> None:
        """d, c: a place to check is right as it is."""
        self.press("d")
        key = self.chosen().key
        self.press("c")
        self._arrives("confirm", lambda: "confirmed" in self.of(key).flags)

    def write(self, words: str = "and so on") -> None:
        """Enter, some words at the end, Enter."""
        key = self.chosen().key
        self.press("Enter")
        self.page.keyboard.type(f" {words}")
        self.press("Enter")
        self._arrives("write", lambda: self.of(key).text.endswith(words))

    def split_and_merge(self) -> None:
        """Cuts the chosen segment after two words and puts it together again."""
        segment, n = self.chosen(), len(self.now().segments)
        head = " ".join(segment.text.split()[:2])
        self.press("Enter", "Control+Home", *["ArrowRight"] * len(head), "Alt+Enter")
        self._arrives("split", lambda: len(self.now().segments) == n + 1)
        assert self.of(segment.key).text == head
        self.press("Shift+M")
        self._arrives("merge", lambda: self.of(segment.key).text == segment.text)
        assert len(self.now().segments) == n

    def give_to_the_other_voice(self) -> None:
        """A digit: the chosen segment is said by somebody else."""
        segment, labels = self.chosen(), list(self.now().speakers)
        other = next(each for each in labels if each != segment.speaker)
        self.press(str(labels.index(other) + 1))
        self._arrives("speaker", lambda: self.of(segment.key).speaker == other)

    def move_an_edge_undo_and_redo(self) -> None:
        """]: the chosen segment begins 50 ms later; not so; yet so."""
        segment = self.chosen()
        before = segment.span.start_ms

        def start_ms() -> int:
            return self.of(segment.key).span.start_ms

        self.press("]")
        self._arrives("edge", lambda: start_ms() == before + 50)
        self.press("Control+z")
        self._arrives("undo", lambda: start_ms() == before)
        self.press("Control+Shift+Z")
        self._arrives("redo", lambda: start_ms() == before + 50)

    def find_and_replace(self, instead: str = "Zebra") -> None:
        """Ctrl+F: the longest word of the chosen segment is replaced wherever it stands."""
        word = max((each.strip(".,?!\"'") for each in self.chosen().text.split()), key=len)
        assert any(word.lower() in each.text.lower() for each in self.now().segments)
        self.press("Control+f")
        self.page.keyboard.type(word)
        self.tab_to("input: Replace with")
        self.page.keyboard.type(instead)
        self.tab_to("button: Replace all")
        self.press("Enter")
        self._arrives(
            "replace",
            lambda: (
                not any(word.lower() in each.text.lower() for each in self.now().segments)
                and any(instead in each.text for each in self.now().segments)
            ),
        )

    def say_who_speaks(self) -> None:
        """On the page Voices: the first voice is the therapist, the second the client."""
        self.tab_to("button: Find", backwards=True)
        self.press("ArrowLeft")
        for label, letter, role in zip(
            list(self.now().speakers)[:2], "TC", ("therapist", "client"), strict=True
        ):
            self.tab_to(f"select: Who is Voice {label}?")
            self.press(letter)
            self._arrives(f"role {label}", lambda label=label, role=role: self.now().speakers[label] == role)

    def write_and_reload_at_once(self, words: str = "Kept over the reload.") -> None:
        """Writes and reloads before anybody can know whether the server has it."""
        self.page.locator(".editor .rows").focus()  # where the list is after a reload, too
        key = self.chosen().key
        self.press("Enter", "Control+a")
        self.page.keyboard.type(words)
        self.press("Enter")
        self.page.reload()
        self.open()
        self._arrives("write and reload", lambda: self.of(key).text == words)

    def shown(self) -> list[tuple[str, str]]:
        """Key and text of each row in view."""
        rows: list[list[str]] = self.page.locator(".editor .row").evaluate_all(
            "(rows) => rows.map((row) => [row.dataset.key, row.querySelector('.row-text').textContent])"
        )
        return [(key, text) for key, text in rows]

    def press(self, *keys: str) -> None:
        """Presses keys, each as the page would get it from a US keyboard."""
        for key in keys:
            self.page.keyboard.press(key)

    def chosen(self) -> Segment:
        """The segment that is chosen in the page."""
        key = self.page.locator(".editor .row[aria-selected=true]").get_attribute("data-key")
        return self.of(key or "")

    def of(self, key: str) -> Segment:
        """A segment of the newest revision."""
        return next(each for each in self.now().segments if each.key == key)

    def tab_to(self, label: str, *, backwards: bool = False) -> None:
        """Presses Tab until what is so labelled ("button: Find") has the focus."""
        seen = []
        for _ in range(MOST_TABS):
            seen.append(str(self.page.evaluate(FOCUSED)))
            if seen[-1].startswith(label):
                return
            self.press("Shift+Tab" if backwards else "Tab")
        raise AssertionError(f"“{label}” was not reached with the Tab key, only: {seen}")

    def _arrives(self, name: str, true: Callable[[], Any]) -> None:
        ends_at = time.monotonic() + PATIENCE_SECONDS
        while not true():
            told = self.page.locator(".editor-told").text_content()
            assert time.monotonic() < ends_at, f"The step “{name}” did not arrive in the store ({told})."
            self.page.wait_for_timeout(50)
        self.done.append(name)
