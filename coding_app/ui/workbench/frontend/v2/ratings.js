// Ratings of blocks and of the session: question, anchors, a scale that starts where the scheme says.

import { button, el, put, say } from "./dom.js";
import { NOT_APPLICABLE } from "./coding.js";
import { refill } from "./focus.js";
import { plainKey } from "./keys.js";
import { clock } from "./time.js";
import { texts } from "./texts.js";

/**
 * One form per unit. onRate(unit, rating, content) with content = {codes, value}; onSeek(ms); onActive(unit, rating): this one is being rated.
 * evidenceOf(unit, rating), remarksOf(unit): nodes that other features show with a rating and with a unit.
 */
export function createRatings({ kind, units, ratings, scope, judgementOf, mayNotApply, onRate, onSeek, onActive, evidenceOf, remarksOf }) {
  const fields = []; // {unit, rating, box, refresh}
  const feet = []; // {unit, foot}
  const byPress = new Map(); // button -> what it means
  const element = el("div", { class: "ratings" }, ...units.map(form));
  const forms = [...element.children];

  function form(unit) {
    const head = kind === "interval"
      ? button({ class: "unit-head", "aria-label": `${unit.label}, ${clock(unit.start_ms)}` },
        el("span", {}, unit.label), el("span", { class: "unit-time" }, `${clock(unit.start_ms)} – ${clock(unit.end_ms)}`))
      : null;
    if (head) byPress.set(head, () => onSeek(unit.start_ms));
    const foot = el("div", { class: "unit-remarks" }, el("div", { class: "unit-remarks-now" }));
    feet.push({ unit, foot: foot.firstChild });
    return el("section", { class: "unit", "data-unit": unit.key, "aria-label": unit.label }, head, ...ratings.map((rating) => field(unit, rating)), foot);
  }

  function field(unit, rating) {
    const name = `${unit.key}-${rating.id}`;
    const value = el("span", { class: "rating-value" });
    const options = rating.values.map((each) => {
      const option = button({ class: "step", role: "radio", title: [each.label, each.anchor].filter(Boolean).join(": ") }, String(each.value));
      put(option, "aria-label", `${each.value}, ${each.label}`);
      byPress.set(option, () => onRate(unit, rating, { codes: [], value: each.value }));
      return { option, each };
    });
    const scale = el("div", { class: "scale", role: "radiogroup", "aria-labelledby": name, "aria-describedby": `${name}-q` }, ...options.map((each) => each.option));
    const skip = rating.not_applicable_if_no?.length
      ? button({ class: "skip", "aria-pressed": "false", title: texts.notApplicableWhy }, texts.notApplicable)
      : null;
    if (skip) byPress.set(skip, () => !skip.hasAttribute("aria-disabled") && onRate(unit, rating, { codes: [{ code: NOT_APPLICABLE, attributes: {}, links: [] }], value: null }));
    const evidence = el("div", { class: "evidence" });
    const steps = anchors(rating);
    const box = el("div", { class: "rating", "data-rating": rating.id },
      el("div", { class: "rating-head" }, el("h3", { id: name }, rating.label), value),
      el("p", { class: "question", id: `${name}-q` }, rating.question ?? ""),
      el("div", { class: "scale-row" }, scale, skip), steps.element,
      rating.low || rating.high ? el("dl", { class: "ends" },
        rating.low ? el("div", {}, el("dt", {}, texts.lowEnd), el("dd", {}, rating.low)) : null,
        rating.high ? el("div", {}, el("dt", {}, texts.highEnd), el("dd", {}, rating.high)) : null) : null,
      evidence);
    fields.push({ unit, rating, box, scale, refresh: () => refresh({ unit, rating, value, options, skip, evidence, steps }) });
    return box;
  }

  /** What each step means, to be read without pointing at it; folded away until the rating's turn has come. */
  function anchors(rating) {
    const lines = rating.values.map((each) => el("div", { "data-value": String(each.value) },
      el("dt", {}, String(each.value)), el("dd", {}, el("span", { class: "anchor-label" }, each.label), each.anchor ? ` ${each.anchor}` : null)));
    return { lines, element: el("details", { class: "anchors" }, el("summary", {}, texts.steps), el("dl", {}, ...lines)) };
  }

  function refresh({ unit, rating, value, options, skip, evidence, steps }) {
    const judgement = judgementOf(unit.key, rating.id);
    const skipped = judgement?.codes.some((each) => each.code === NOT_APPLICABLE) ?? false;
    const chosen = judgement?.value ?? null;
    const focusable = chosen ?? rating.start ?? rating.values[0]?.value;
    for (const { option, each } of options) {
      put(option, "aria-checked", String(each.value === chosen));
      put(option, "tabindex", each.value === focusable ? "0" : "-1");
      put(option, "data-start", chosen === null && !skipped && each.value === rating.start);
    }
    for (const line of steps.lines) put(line, "data-chosen", line.dataset.value === String(chosen));
    const step = options.find(({ each }) => each.value === chosen)?.each;
    say(value, skipped ? texts.notApplicable
      : step ? `${step.value} · ${step.label}`
      : rating.start !== null && rating.start !== undefined ? texts.startsAt(rating.start) : texts.notRated);
    put(value, "data-open", chosen === null && !skipped);
    if (skip) {
      put(skip, "aria-pressed", String(skipped));
      put(skip, "aria-disabled", !skipped && !mayNotApply(rating, unit) ? "true" : null);
    }
    refill(evidence, evidenceOf(unit, rating));
  }

  scope.on(element, "click", (event) => {
    activate(event.target);
    const pressed = event.target.closest?.("button");
    if (pressed) byPress.get(pressed)?.();
  });
  scope.on(element, "focusin", (event) => activate(event.target));
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

  function activate(target) {
    const box = target.closest?.(".rating");
    const found = fields.find((each) => each.box === box);
    if (found) onActive(found.unit, found.rating);
  }

  /** Rated, or marked as not applicable; evidence alone is neither. */
  function isRated({ unit, rating }) {
    const held = judgementOf(unit.key, rating.id);
    return held !== null && (held.value !== null || held.codes.some((each) => each.code === NOT_APPLICABLE));
  }
  const openFields = () => fields.filter((each) => !isRated(each) && !mayNotApply(each.rating, each.unit));

  return {
    element,
    refresh() {
      for (const each of fields) each.refresh();
      for (const { unit, foot } of feet) refill(foot, remarksOf(unit));
    },
    has: (unitKey, ratingId) => fields.some(({ unit, rating }) => unit.key === unitKey && (!ratingId || rating.id === ratingId || ratingId === "remark")),
    /** How many ratings are still open; one that need not apply is not. */
    open: () => openFields().length,
    openOf: (unitKey) => openFields().filter((each) => each.unit.key === unitKey).length,
    mark(ms) {
      units.forEach((unit, place) => put(forms[place], "data-current", kind === "interval" && ms >= unit.start_ms && ms < unit.end_ms));
    },
    /** Shows which rating takes the evidence now; its steps unfold. */
    activate(unitKey, ratingId) {
      for (const { unit, rating, box } of fields) {
        const on = unit.key === unitKey && rating.id === ratingId;
        if (on && !box.hasAttribute("data-active")) box.querySelector(".anchors").open = true;
        else if (!on && box.hasAttribute("data-active")) box.querySelector(".anchors").open = false;
        put(box, "data-active", on);
      }
    },
    reveal(unitKey, ratingId) {
      const found = forms[units.findIndex((unit) => unit.key === unitKey)];
      (found?.querySelector(`[data-rating="${CSS.escape(ratingId ?? "")}"]`) ?? found)?.scrollIntoView({ block: "nearest" });
    },
    /** Puts the focus on the first rating of this unit that is open, or on its first. */
    enter(unitKey) {
      const own = fields.filter((each) => each.unit.key === unitKey);
      const first = own.find((each) => !isRated(each)) ?? own[0];
      first?.box.scrollIntoView({ block: "nearest" });
      first?.scale.querySelector('[tabindex="0"]')?.focus();
    },
  };
}
