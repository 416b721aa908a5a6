// The transcript as a list in step with the audio: what is chosen, what is current, and following without disturbing.

import { button, el, put } from "./dom.js";
import { createRolling } from "./rolling.js";
import { createRow, showFound, showSide, showText } from "./row.js";
import { texts } from "./texts.js";
import { linesOf } from "./virtual.js";

const READING_MS = 4000; // after one's own scrolling the list stays put for so long while it plays
const GUESS = { padding: 15, line: 20, letter: 6.4, width: 420 }; // pixels, until a row has been measured

/**
 * talkers: Map speaker -> {role, number}. side(index): what stands beside the text. found(index) -> {matches, noteFound}: what the
 * search found in a row. They are asked when the row comes into the page (row.js).
 * onChoose(index, event): a row was clicked. onCorrect(index): its text was clicked twice.
 */
export function createTranscript({ segments, talkers, side, found, scope, onChoose, onCorrect }) {
  const n = segments.length;
  const sheet = el("div", { class: "rows", role: "listbox", tabindex: "0", "aria-label": texts.transcript, "aria-multiselectable": "true" });
  const list = el("div", { class: "transcript", "data-n-segments": String(n) }, sheet);
  const back = button({ class: "plain back-to-current", hidden: true }, texts.backToCurrent);
  const element = el("div", { class: "reading" }, list, back);
  const parts = new Map(); // index -> {element, words, side} of the rows in the page
  let textWidth = null; // of the column of texts, once there is a row to measure
  let current = -1;
  let chosen = [-1, -1];
  let cover = null; // {index, element}: lies over a row while its text is corrected
  let readingUntil = 0;

  const rolling = createRolling({
    list, sheet, n, make, scope,
    estimate: (index) => GUESS.padding + GUESS.line * linesOf(segments[index].text.length, (textWidth ?? GUESS.width) / GUESS.letter),
    keep: () => [current, cover?.index],
    onScrolled: ({ byReader }) => byReader && reading(),
    onDrawn() {
      if (cover) cover.element.style.top = `${rolling.topOf(cover.index)}px`;
      for (const index of parts.keys()) if (!rolling.rows.has(index)) parts.delete(index);
      if (textWidth === null) fitWidth();
      showBack();
    },
  });
  const fitWidth = scope.beforePaint(() => {
    const width = sheet.querySelector(".row-text")?.getBoundingClientRect().width ?? 0;
    if (!width || Math.abs(width - (textWidth ?? GUESS.width)) < 1) return;
    textWidth = width;
    rolling.remeasure();
  });

  function make(index) {
    const row = createRow({ segment: segments[index], index, n, talker: talkers.get(segments[index].speaker) });
    parts.set(index, row);
    fill(index);
    mark(index, row.element);
    return row.element;
  }
  function fill(index) {
    showSide(parts.get(index), side(index));
    fillWords(index);
  }
  function fillWords(index) {
    const { matches, noteFound } = found(index);
    showText(parts.get(index), segments[index], matches);
    showFound(parts.get(index), noteFound);
  }
  function mark(index, row) {
    put(row, "aria-selected", String(index >= chosen[0] && index <= chosen[1]));
    put(row, "data-current", index === current ? "true" : null);
  }
  function showBack() {
    const away = current < 0 ? null : rolling.away(current);
    if (back.hidden !== (away === null)) back.hidden = away === null;
    put(back, "data-where", away);
  }
  function reading() {
    readingUntil = performance.now() + READING_MS;
  }
  const follow = scope.beforePaint(() => current >= 0 && rolling.reveal(current));

  if (n === 0) list.replaceChildren(el("p", { class: "quiet" }, texts.noSegments));
  put(list, "data-speakers", segments.some((each) => each.speaker || each.role) ? null : "none");
  // Shift and a click choose rows, not the text between two places.
  scope.on(list, "mousedown", (event) => event.shiftKey && event.target.closest?.(".row") && event.preventDefault());
  scope.on(list, "click", (event) => {
    const row = event.target.closest?.(".row");
    if (row) onChoose(Number(row.dataset.index), event);
  });
  scope.on(list, "dblclick", (event) => {
    const row = event.target.closest?.(".row");
    if (row && event.target.closest(".row-text")) onCorrect(Number(row.dataset.index));
  });
  scope.on(list, "wheel", reading, { passive: true });
  scope.on(list, "touchmove", reading, { passive: true });
  scope.on(list, "pointerdown", (event) => event.target === list && reading()); // its scroll bar
  scope.on(back, "click", () => {
    readingUntil = 0;
    rolling.reveal(current);
  });
  scope.observe(new ResizeObserver(fitWidth), list);

  return {
    element,
    /** Shows a row without going there; what plays leaves it in view for a while. */
    reveal(index) {
      reading();
      rolling.reveal(index);
    },
    focus: () => sheet.focus({ preventScroll: true }),
    /** Draws a row anew, when it is in the page. */
    refresh: (index) => parts.has(index) && fill(index),
    refreshAll: () => [...parts.keys()].forEach(fill),
    /** Marks what the search found, in every row that is in the page. */
    showMatches: () => [...parts.keys()].forEach(fillWords),

    /** range: [first, last] that are chosen. byPerson: they asked for it, so the list always follows; else it respects their reading. */
    select(index, byPerson, range = [index, index]) {
      current = index;
      chosen = range;
      if (index < 0) return;
      put(sheet, "aria-activedescendant", rolling.ensure(index).id);
      for (const [each, row] of rolling.rows) mark(each, row);
      if (byPerson) readingUntil = 0;
      if (cover === null && performance.now() >= readingUntil) follow();
      else showBack();
    },

    /** Lays an element over a row, which grows to its height and stays in the page; returns what takes it away. */
    cover(index, over) {
      cover = { index, element: over };
      const row = rolling.ensure(index);
      put(row, "data-covered", "true");
      list.append(over);
      const fit = new ResizeObserver(() => {
        row.style.minHeight = `${over.offsetHeight}px`;
      });
      fit.observe(over);
      const forget = scope.own(() => fit.disconnect());
      rolling.reveal(index);
      return () => {
        forget();
        cover = null;
        over.remove();
        put(row, "data-covered", null);
        row.style.minHeight = "";
      };
    },
  };
}
