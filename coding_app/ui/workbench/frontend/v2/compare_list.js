// The tab of the differences: who is compared, what is asked for, how many units differ, and the list to go through.

import { choiceNodes, badge, differs } from "./compare_rows.js";
import { button, el, put } from "./dom.js";
import { refill } from "./focus.js";
import { clock } from "./time.js";
import { texts } from "./texts.js";

const AT_ONCE = 150; // rows made at a time; more come while the list is scrolled
const AHEAD_PX = 600;

/** onChoose(index), onNarrow({criterion} or {answers}), onMask(), onAgain(), onFocus(on): what a click or the focus asks for. */
export function createDifferenceTab({ scope, scheme, units, onChoose, onNarrow, onMask, onAgain, onFocus }) {
  const who = el("div", { class: "compare-who" });
  const pills = el("div", { class: "compare-pills", role: "group", "aria-label": texts.compareAbout });
  const answers = toggle(texts.alsoAnswers);
  const mask = toggle(texts.hideNames);
  const counts = el("p", { class: "compare-counts" });
  const list = el("div", { class: "difference-list", role: "listbox", tabindex: "0", "aria-label": texts.differences });
  const none = el("p", { class: "quiet compare-none" });
  const again = button({ class: "plain" }, texts.lookAgain);
  const alone = el("div", { class: "compare-alone" }, el("p", {}, texts.nobodyElse), again);
  const head = el("div", { class: "compare-head" }, who, pills, el("div", { class: "compare-switches" }, answers, mask), counts);
  const element = el("div", { class: "differences" }, head, list, none, alone);
  const labels = new Map([...scheme.criteria, ...scheme.ratings].map((each, place) => [each.id, { label: each.label, place }]));
  let rows = []; // the elements made so far
  let shown = null; // {comparison, scheme, differences}
  let selected = -1;

  function toggle(label) {
    return button({ class: "switch", role: "switch", "aria-checked": "false" }, label);
  }

  function make(index) {
    const place = shown.differences[index];
    const { label, place: number } = labels.get(place.criterion);
    return el("div", { class: "difference", role: "option", id: `difference-${index}`, "aria-selected": "false", "data-index": String(index),
      "aria-setsize": String(shown.differences.length), "aria-posinset": String(index + 1), "data-criterion": place.kind === "rating" ? null : String(number % 6) },
    el("span", { class: "difference-time" }, whereOf(place)),
    el("span", { class: "difference-what" }, differs(place), el("span", { class: "difference-label" }, label)),
    el("span", { class: "choices" }, ...choiceNodes(place, shown)));
  }

  function whereOf({ kind, key, start_ms, end_ms }) {
    if (kind === "rating") return units.find((each) => each.key === key).label;
    const [from, to] = [clock(start_ms), clock(end_ms)];
    return kind === "span" && from !== to ? texts.fromTo(from, to) : from;
  }

  /** Makes the rows up to this one. */
  function fillTo(index) {
    const last = Math.min(index, shown.differences.length - 1);
    const fresh = [];
    while (rows.length <= last) {
      rows.push(make(rows.length));
      fresh.push(rows.at(-1));
    }
    list.append(...fresh);
  }

  function pill(id, label, n, chosen) {
    return button({ class: "pill", "data-about": id ?? "", "aria-pressed": String(chosen) }, label, el("span", { class: "pill-n" }, String(n)));
  }

  scope.on(list, "scroll", () => shown && list.scrollTop + list.clientHeight > list.scrollHeight - AHEAD_PX && fillTo(rows.length + AT_ONCE - 1), { passive: true });
  scope.on(list, "click", (event) => {
    const row = event.target.closest?.(".difference");
    if (row) onChoose(Number(row.dataset.index));
  });
  scope.on(list, "focusin", () => onFocus(true));
  scope.on(list, "focusout", () => onFocus(false));
  scope.on(pills, "click", (event) => {
    const found = event.target.closest?.(".pill");
    if (found) onNarrow({ criterion: found.dataset.about || null });
  });
  scope.on(answers, "click", () => onNarrow({ answers: answers.getAttribute("aria-checked") !== "true" }));
  scope.on(mask, "click", onMask);
  scope.on(again, "click", onAgain);

  return {
    element,
    /** about: [{id, label, n}] with the differences that each criterion has. masked: the others' names are hidden. */
    show({ comparison, about, masked }) {
      const { differences, counts: found } = comparison.listed();
      const { criterion, answers: also } = comparison.filter();
      const lonely = comparison.observers.length < 2;
      shown = { comparison, scheme, differences };
      rows = [];
      selected = -1;
      put(mask, "aria-checked", String(masked));
      put(answers, "aria-checked", String(also));
      refill(who, comparison.observers.map((each) => el("span", { class: "compare-one" }, badge(each), el("span", { "aria-hidden": "true" }, each.mine ? "" : each.name))));
      refill(pills, [pill(null, texts.compareAll, about.reduce((sum, each) => sum + each.n, 0), criterion === null), ...about.map((each) => pill(each.id, each.label, each.n, each.id === criterion))]);
      counts.textContent = found.map(({ kind, n, differ }) => texts.differCount[kind](differ, n)).join(" · ");
      list.replaceChildren();
      list.scrollTop = 0;
      put(list, "aria-activedescendant", null);
      fillTo(AT_ONCE - 1);
      none.textContent = found.length ? texts.noDifference : texts.nothingJudged;
      for (const each of [pills, answers, counts, list]) each.hidden = lonely;
      list.hidden = lonely || differences.length === 0;
      none.hidden = lonely || differences.length > 0;
      alone.hidden = !lonely;
    },
    /** Marks a row; -1 for none. follow: scrolls to it. */
    select(index, follow) {
      if (selected !== index && rows[selected]) put(rows[selected], "aria-selected", "false");
      selected = index;
      if (index < 0) return put(list, "aria-activedescendant", null);
      fillTo(index);
      put(rows[index], "aria-selected", "true");
      put(list, "aria-activedescendant", rows[index].id);
      if (follow) rows[index].scrollIntoView({ block: "nearest" });
      return undefined;
    },
    focus: () => list.focus({ preventScroll: true }),
  };
}
