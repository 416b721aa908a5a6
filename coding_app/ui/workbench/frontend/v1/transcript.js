// The transcript as a list in step with the audio; one row per segment, its codes on one line beside the text.

import { el, put } from "./dom.js";
import { clock } from "./time.js";
import { MARKS, ROLES, texts } from "./texts.js";

const READING_MS = 4000; // after one's own scrolling the list stays put for so long while it plays
const LOOKS = 6;

export function createTranscript({ segments, chipsOf, scope, onChoose }) {
  const list = el("div", { class: "transcript", role: "listbox", tabindex: "0", "aria-label": texts.transcript });
  const rows = segments.map(row);
  let current = -1;
  let readingUntil = 0;
  let looks = 0;

  function row(segment, index) {
    const mark = el("span", { class: `mark ${segment.role ?? "other"}`, "aria-hidden": "true" }, MARKS[segment.role] ?? "?");
    const name = el("span", { class: "speaker" }, ROLES[segment.role] ?? segment.speaker ?? texts.unknownSpeaker);
    const chips = el("div", { class: "row-chips" });
    const element = el("div", { class: "row", role: "option", id: `row-${index}`, "aria-selected": "false", "data-index": String(index) },
      el("span", { class: "row-time" }, clock(segment.start_ms)),
      el("span", { class: "row-speaker" }, mark, name),
      el("span", { class: "row-text", dir: "auto" }, segment.text),
      chips);
    return { element, chips };
  }

  function chip({ criterionIndex, key, label, details, open }) {
    return el("span", { class: "chip", "data-criterion": String(criterionIndex % 6), "data-open": open, title: details ? `${label}: ${details}` : label },
      el("span", { class: "chip-key", "aria-hidden": "true" }, (key ?? "").toUpperCase()),
      el("span", { class: "chip-label" }, label),
      details ? el("span", { class: "chip-value" }, open ? `${details} –` : details) : (open ? el("span", { class: "chip-value" }, "–") : null));
  }

  function refresh(index) {
    rows[index].chips.replaceChildren(...chipsOf(segments[index]).map(chip));
  }

  if (segments.length === 0) list.append(el("p", { class: "quiet" }, texts.noSegments));
  list.append(...rows.map((each) => each.element));
  segments.forEach((segment, index) => {
    if (chipsOf(segment).length) refresh(index);
  });

  scope.on(list, "click", (event) => {
    const found = event.target.closest?.(".row");
    if (found) onChoose(Number(found.dataset.index));
  });
  const reading = () => {
    readingUntil = performance.now() + READING_MS;
  };
  scope.on(list, "wheel", reading, { passive: true });
  scope.on(list, "touchmove", reading, { passive: true });
  scope.on(list, "pointerdown", (event) => event.target === list && reading()); // its scroll bar

  const show = scope.beforePaint(() => {
    const target = rows[current]?.element;
    if (!target) return;
    const box = list.getBoundingClientRect();
    const at = target.getBoundingClientRect();
    const margin = Math.min(80, box.height / 4);
    const before = list.scrollTop;
    if (at.top < box.top + margin) list.scrollTop -= box.top + margin - at.top;
    else if (at.bottom > box.bottom - margin) list.scrollTop += at.bottom - (box.bottom - margin);
    // Rows that come into view get their real height a frame or two later, so after a jump it looks again.
    if (Math.abs(list.scrollTop - before) > box.height) looks = LOOKS;
    if (looks-- > 0) show();
  });

  return {
    element: list,
    refresh,
    /** byPerson: the person asked for it, so the list always follows; else it respects their reading. */
    select(index, byPerson) {
      if (index !== current) {
        const before = rows[current]?.element;
        if (before) put(before, "aria-selected", "false");
        current = index;
        const now = rows[index]?.element;
        if (now) {
          put(now, "aria-selected", "true");
          put(list, "aria-activedescendant", now.id);
        }
      }
      if (byPerson) readingUntil = 0;
      if (performance.now() >= readingUntil) show();
    },
  };
}
