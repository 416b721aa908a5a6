// The steps of the scheme lead through the work: each with what is left to do in it, and the way to its tab.

import { button, el, put, say } from "./dom.js";
import { played, readStretches, shareOf } from "./heard.js";
import { firstOpen, isComplete, progressOf, tabOf } from "./progress.js";
import { texts } from "./texts.js";

const AFTER_MS = 150; // counting waits until a burst of keys is over
const LONGEST_TICK_MS = 1500; // a longer way between two reports of the player is a jump, not listening
const TICK_DRAWS_MS = 2000;

/** Tells "progress" {steps, complete}: complete = nothing is missing any more. */
export function openSteps(desk) {
  const { scheme, scope, signals, model, status, tabs } = desk;
  const durationMs = desk.recording.duration_ms;
  let stretches = readStretches(desk.memory.kept.heard);
  let steps = [];
  let current = -1;
  const lastIn = new Map(); // tab -> the step that was current in it
  let last = null; // ms of the player's report before
  let countedAt = 0;
  let stopCounting = null;
  let complete = null;

  const list = el("ol", { class: "lead-steps" });
  const now = el("p", { class: "lead-now" });
  const element = el("nav", { class: "lead", "aria-label": texts.lead.steps, hidden: scheme.steps.length === 0 }, list, now);
  const heads = scheme.steps.map((_, place) => button({ class: "lead-step", "data-place": String(place) }, el("span", { "aria-hidden": "true" })));
  list.append(...heads.map((each) => el("li", {}, each)));
  desk.slots.side.prepend(element);
  desk.memory.add("heard", () => stretches.map(([from, to]) => [Math.round(from), Math.round(to)]));
  scope.on(list, "click", (event) => {
    const head = event.target.closest?.(".lead-step");
    if (head) go(Number(head.dataset.place));
  });

  desk.act({ nextTab });
  signals.on("time", heardNow);
  signals.on("playing", ({ playing }) => {
    last = null;
    if (!playing) countSoon();
  });
  signals.on("judged", (_unit, criterion) => {
    const place = steps.findIndex((each) => each.criteria?.includes(criterion));
    if (place >= 0 && steps[current]?.kind !== "rate") current = place;
    countSoon();
  });
  signals.on("tab", (id) => {
    if (tabOfPlace(current) !== id) current = placeOfTab(id);
    draw();
  });
  signals.on("opened", () => {
    count();
    current = steps.length ? Math.max(0, Math.min(firstOpen(steps) < 0 ? scheme.steps.length - 1 : firstOpen(steps), scheme.steps.length - 1)) : -1;
    draw();
  });
  signals.on("locked", () => put(element, "data-locked", true));

  function heardNow(ms) {
    if (desk.player.playing() && last !== null && ms > last && ms - last < LONGEST_TICK_MS) {
      stretches = played(stretches, last, ms);
      if (ms - countedAt > TICK_DRAWS_MS || ms < countedAt) {
        countedAt = ms;
        countSoon();
      }
    }
    last = ms;
  }

  function countSoon() {
    stopCounting ??= scope.timeout(() => {
      stopCounting = null;
      count();
      draw();
    }, AFTER_MS);
  }

  function count() {
    const before = steps;
    steps = progressOf({ scheme, units: desk.units, segments: desk.segments, judgements: [...model.all()], heard: shareOf(stretches, durationMs) });
    const finished = before.length ? steps.findIndex((each, place) => each.id !== null && each.done && before[place] && !before[place].done) : -1;
    if (finished >= 0) announce(finished);
    if (complete === isComplete(steps)) return;
    complete = isComplete(steps);
    signals.tell("progress", { steps, complete });
  }

  function announce(place) {
    const next = steps.find((each, at) => at !== place && !each.done && each.id !== null);
    status.say(next ? texts.lead.finished(steps[place].label, next.label) : texts.lead.allDone);
  }

  function draw() {
    if (current >= 0) lastIn.set(tabOfPlace(current), current);
    heads.forEach((head, place) => {
      const step = steps[place];
      if (!step) return;
      const name = texts.lead.step(place + 1, heads.length, step.label, texts.lead.left(step));
      say(head.firstChild, step.done ? "✓" : String(place + 1));
      put(head, "aria-label", name);
      put(head, "title", name);
      put(head, "data-done", step.done);
      put(head, "aria-current", place === current ? "step" : null);
    });
    const step = steps[current];
    if (step) now.replaceChildren(el("span", { class: "lead-label", title: step.label }, step.label), el("span", { class: "lead-left" }, texts.lead.left(step)));
  }

  const tabOfPlace = (place) => (steps[place] ? tabOf(steps[place], tabs.ids()) : null);

  /** The step that was current in this tab, else the first one of it that is open, else its first, else the one that is current. */
  function placeOfTab(id) {
    if (lastIn.has(id)) return lastIn.get(id);
    const own = heads.map((_, place) => place).filter((place) => tabOfPlace(place) === id);
    return own.find((place) => !steps[place].done) ?? own[0] ?? current;
  }

  function go(place) {
    current = place;
    tabs.open(tabOfPlace(place));
    draw();
    status.say(texts.lead.step(place + 1, heads.length, steps[place].label, texts.lead.left(steps[place])));
  }

  function nextTab() {
    const ids = tabs.ids();
    const id = ids[(ids.indexOf(tabs.opened()) + 1) % ids.length];
    tabs.open(id);
    // Under the codes every key codes; elsewhere the next Tab key leads into what was opened.
    if (id === "tag") desk.root.focus({ preventScroll: true });
    else tabs.focus(id);
    status.say(tabs.label(id));
  }
}
