// The list of drawn moments: those that are running on top, then all by time, each with its codes and what is open.

import { el, put } from "./dom.js";
import { texts } from "./texts.js";

/**
 * rows: {key, criterionIndex, time, label, details, open, running, marks}, as momentwords.js gives them. onTake(key): a row was clicked.
 * onFocus(on): the list has the focus, or lost it.
 */
export function createMomentList({ scope, onTake, onFocus }) {
  const list = el("div", { class: "moment-list", role: "listbox", tabindex: "0", "aria-label": texts.moments, hidden: true });
  const none = el("p", { class: "quiet moment-none" }, texts.noMoments);
  const element = el("div", { class: "moments" }, list, none);
  const drawn = new Map(); // key -> {row, told}, told = what it was drawn from
  let shown = [];

  function draw(each) {
    const { key, criterionIndex, time, label, details, open, running, marks } = each;
    return el("div", { class: "moment-row", role: "option", id: `moment-${key}`, "data-key": key, "aria-selected": "false", "data-running": running,
      "data-criterion": criterionIndex < 0 ? null : String(criterionIndex % 6) },
    el("span", { class: "moment-time" }, time),
    el("span", { class: "moment-label" }, el("span", { class: "moment-name" }, label), details ? el("span", { class: "quiet" }, ` ${details}`) : null),
    el("span", { class: "moment-marks" }, marks),
    open ? el("span", { class: "moment-open" }, open) : null);
  }

  scope.on(list, "click", (event) => {
    const row = event.target.closest?.(".moment-row");
    if (row) onTake(row.dataset.key);
  });
  scope.on(list, "focusin", () => onFocus(true));
  scope.on(list, "focusout", () => onFocus(false));

  return {
    element,
    show(rows, selected) {
      const before = shown;
      shown = rows.map((each) => each.key);
      const kept = new Set(shown);
      for (const key of [...drawn.keys()]) if (!kept.has(key)) drawn.delete(key);
      let same = before.length === shown.length;
      rows.forEach((each, place) => {
        const told = JSON.stringify(each);
        if (drawn.get(each.key)?.told !== told) {
          drawn.set(each.key, { row: draw(each), told });
          same = false;
        } else if (before[place] !== each.key) same = false;
      });
      if (!same) list.replaceChildren(...shown.map((key) => drawn.get(key).row));
      none.hidden = rows.length > 0;
      list.hidden = rows.length === 0;
      this.select(selected);
    },
    select(key) {
      const at = list.querySelector('[aria-selected="true"]');
      const row = drawn.get(key)?.row ?? null;
      if (at && at !== row) put(at, "aria-selected", "false");
      put(list, "aria-activedescendant", row ? row.id : null);
      if (!row) return;
      put(row, "aria-selected", "true");
      row.scrollIntoView({ block: "nearest" });
    },
    /** The key that lies a step further than this one, as they are shown. */
    beside(key, step) {
      const at = shown.indexOf(key);
      if (at < 0) return shown[step > 0 ? 0 : shown.length - 1] ?? null;
      return shown[at + step] ?? null;
    },
    end: (last) => shown.at(last ? -1 : 0) ?? null,
  };
}
