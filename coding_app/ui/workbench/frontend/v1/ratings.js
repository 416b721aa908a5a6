// Ratings of blocks and of the session: question, anchors, a scale that starts where the scheme says.

import { button, el, put, say } from "./dom.js";
import { NOT_APPLICABLE } from "./coding.js";
import { plainKey } from "./keys.js";
import { clock } from "./time.js";
import { texts } from "./texts.js";

/** One form per unit; onRate(unit, rating, content) with content = {codes, value, note}; onSeek(ms). */
export function createRatings({ kind, units, ratings, scope, judgementOf, mayNotApply, onRate, onSeek }) {
  const fields = []; // {unit, rating, refresh}
  const byPress = new Map(); // button -> what it means
  const element = el("div", { class: "ratings" }, ...units.map(form));
  const forms = [...element.children];

  function form(unit) {
    const head = kind === "interval"
      ? button({ class: "unit-head", "aria-label": `${unit.label}, ${clock(unit.start_ms)}` },
        el("span", {}, unit.label), el("span", { class: "unit-time" }, `${clock(unit.start_ms)} – ${clock(unit.end_ms)}`))
      : null;
    if (head) byPress.set(head, () => onSeek(unit.start_ms));
    return el("section", { class: "unit", "data-unit": unit.key }, head, ...ratings.map((rating) => field(unit, rating)));
  }

  function field(unit, rating) {
    const name = `${unit.key}-${rating.id}`;
    const value = el("span", { class: "rating-value" });
    const options = rating.values.map((each) => {
      const option = button({ class: "step", role: "radio", title: [each.label, each.anchor].filter(Boolean).join(": ") }, String(each.value));
      put(option, "aria-label", `${each.value}, ${each.label}`);
      byPress.set(option, () => onRate(unit, rating, { codes: [], value: each.value, note: null }));
      return { option, each };
    });
    const scale = el("div", { class: "scale", role: "radiogroup", "aria-labelledby": name, "aria-describedby": `${name}-q` }, ...options.map((each) => each.option));
    const skip = rating.not_applicable_if_no?.length
      ? button({ class: "skip", "aria-pressed": "false", title: texts.notApplicableWhy }, texts.notApplicable)
      : null;
    if (skip) byPress.set(skip, () => !skip.hasAttribute("aria-disabled") && onRate(unit, rating, { codes: [{ code: NOT_APPLICABLE, attributes: {}, links: [] }], value: null, note: null }));
    fields.push({ unit, rating, refresh: () => refresh({ unit, rating, value, options, skip }) });
    return el("div", { class: "rating", "data-rating": rating.id },
      el("div", { class: "rating-head" }, el("h3", { id: name }, rating.label), value),
      rating.question ? el("p", { class: "question", id: `${name}-q` }, rating.question) : null,
      el("div", { class: "scale-row" }, scale, skip),
      rating.low || rating.high ? el("dl", { class: "ends" },
        rating.low ? el("div", {}, el("dt", {}, "Low"), el("dd", {}, rating.low)) : null,
        rating.high ? el("div", {}, el("dt", {}, "High"), el("dd", {}, rating.high)) : null) : null);
  }

  function refresh({ unit, rating, value, options, skip }) {
    const judgement = judgementOf(unit.key, rating.id);
    const skipped = judgement?.codes.some((each) => each.code === NOT_APPLICABLE) ?? false;
    const chosen = judgement?.value ?? null;
    const focusable = chosen ?? rating.start ?? rating.values[0]?.value;
    for (const { option, each } of options) {
      put(option, "aria-checked", String(each.value === chosen));
      put(option, "tabindex", each.value === focusable ? "0" : "-1");
      put(option, "data-start", chosen === null && !skipped && each.value === rating.start);
    }
    const step = options.find(({ each }) => each.value === chosen)?.each;
    say(value, skipped ? texts.notApplicable
      : step ? `${step.value} · ${step.label}`
      : rating.start !== null && rating.start !== undefined ? texts.startsAt(rating.start) : texts.notRated);
    put(value, "data-open", chosen === null && !skipped);
    if (skip) {
      put(skip, "aria-pressed", String(skipped));
      put(skip, "aria-disabled", !skipped && !mayNotApply(rating) ? "true" : null);
    }
  }

  scope.on(element, "click", (event) => {
    const pressed = event.target.closest?.("button");
    if (pressed) byPress.get(pressed)?.();
  });
  scope.on(element, "keydown", (event) => {
    const from = event.target;
    if (from.getAttribute?.("role") !== "radio") return;
    const named = [...from.parentElement.children].find((each) => each.textContent === plainKey(event));
    if (named) {
      named.focus();
      named.click();
    }
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!step) return;
    const next = step > 0 ? from.nextElementSibling : from.previousElementSibling;
    event.preventDefault();
    next?.focus(); // choosing stays with Space or Enter: passing over a value is not a rating
  });

  return {
    element,
    refresh() {
      for (const each of fields) each.refresh();
    },
    has: (unitKey, ratingId) => fields.some(({ unit, rating }) => unit.key === unitKey && rating.id === ratingId),
    /** How many ratings are still open; one that need not apply is not. */
    open: () => fields.filter(({ unit, rating }) => !judgementOf(unit.key, rating.id) && !mayNotApply(rating)).length,
    mark(ms) {
      units.forEach((unit, place) => put(forms[place], "data-current", kind === "interval" && ms >= unit.start_ms && ms < unit.end_ms));
    },
    reveal(unitKey, ratingId) {
      const found = forms[units.findIndex((unit) => unit.key === unitKey)];
      (found?.querySelector(`[data-rating="${CSS.escape(ratingId)}"]`) ?? found)?.scrollIntoView({ block: "nearest" });
    },
  };
}
