// What lies over the panel or the page: the card of a code, and the submit dialog.

import { button, el } from "./dom.js";
import { ROLES, texts } from "./texts.js";

/** The card of a code: definition, what counts and what does not, near misses, the rules that name it. */
export function createCard({ scope, scheme }) {
  const codes = new Map(scheme.criteria.flatMap((criterion) => criterion.codes).map((code) => [code.id, code]));
  const body = el("div", { class: "card-body", role: "document", tabindex: "0" });
  const close = button({ class: "remove", "aria-label": texts.close }, "×");
  const element = el("aside", { class: "card", hidden: true, "aria-live": "polite" }, close, body);
  let shown = null;

  function hide() {
    element.hidden = true;
    shown = null;
  }
  function show(id) {
    if (shown === id) return hide();
    shown = id;
    body.replaceChildren(...content(codes.get(id), codes, scheme));
    element.hidden = false;
    element.scrollTop = 0;
    return undefined;
  }
  scope.on(close, "click", hide);
  return { element, show, hide, isOpen: () => shown !== null };
}

function content(code, codes, { rules, links = [] }) {
  const list = (title, lines) => (lines?.length ? [el("h4", {}, title), el("ul", {}, ...lines.map((each) => el("li", {}, each)))] : []);
  const misses = code.near_misses.map(({ text, why, instead }) =>
    el("li", {}, el("q", {}, text), " ", why, instead && codes.has(instead) ? ` (${texts.instead(codes.get(instead).label)})` : ""));
  const named = rules.filter((rule) => rule.applies_to?.includes(code.id)).map((rule) => rule.text);
  const leads = links.filter((link) => link.from.includes(code.id))
    .map((link) => texts.linksTo(link.to.flatMap((id) => codes.get(id)?.label ?? []).join(", "), link.required));
  return [
    el("h3", {}, code.key ? el("kbd", { class: "key" }, code.key.toUpperCase()) : null, " ", code.label),
    el("p", { class: "quiet" }, ROLES[code.role] ?? code.role),
    el("p", {}, code.definition),
    ...list(texts.include, code.include),
    ...list(texts.exclude, code.exclude),
    ...list(texts.examples, code.examples),
    ...(misses.length ? [el("h4", {}, texts.nearMisses), el("ul", {}, ...misses)] : []),
    ...list(texts.listLinks, leads),
    ...list(texts.rules, named),
  ];
}

/**
 * Asks once more, waits for the outbox, submits, and lists what is missing.
 * submit(wanted) -> {ok} | {gaps: [{unit, criterion, sentence}]} | {error}; it must not submit once wanted() is false:
 * the person closed the dialog while it waited. waiting() -> how many are not saved yet.
 */
export function createSubmit({ scope, submit, waiting, onGap }) {
  const words = el("div", { class: "submit-words", "aria-live": "polite" });
  const no = button({ class: "plain" }, texts.keepCoding);
  const yes = button({ class: "strong" }, texts.submit);
  const element = el("dialog", { class: "dialog submit", "aria-label": texts.submitTitle },
    el("div", { class: "dialog-head" }, el("h2", {}, texts.submitTitle)), words, el("div", { class: "dialog-foot" }, no, yes));
  let gaps = [];
  let attempt = 0;

  function ask() {
    attempt += 1;
    gaps = [];
    yes.textContent = texts.submit;
    yes.disabled = false;
    words.replaceChildren(el("p", {}, texts.submitExplain));
    if (!element.open) element.showModal();
  }
  function goTo(gap) {
    element.close();
    onGap(gap);
  }
  function showGaps(found) {
    gaps = found;
    yes.textContent = texts.showGap;
    yes.disabled = false;
    words.replaceChildren(el("p", {}, el("strong", {}, texts.stillMissing(found.length))),
      el("ul", { class: "gaps" }, ...found.slice(0, 200).map((gap, place) => el("li", {}, button({ class: "gap", "data-gap": String(place) }, gap.sentence)))));
  }
  async function run() {
    if (gaps.length) return goTo(gaps[0]);
    yes.disabled = true;
    const n = waiting();
    words.replaceChildren(el("p", {}, n ? texts.waitsForSaving(n) : texts.submitting));
    const own = attempt; // asking anew is another attempt, and this one is off
    const wanted = () => element.open && attempt === own;
    const result = await submit(wanted);
    if (result.ok) return element.close();
    if (!wanted()) return undefined;
    if (result.gaps?.length) return showGaps(result.gaps);
    yes.disabled = false;
    words.replaceChildren(el("p", {}, texts.submitFailed(result.error)));
    return undefined;
  }
  scope.on(no, "click", () => element.close());
  scope.on(yes, "click", run);
  scope.on(words, "click", (event) => {
    const found = event.target.closest?.("[data-gap]");
    if (found) goTo(gaps[Number(found.dataset.gap)]);
  });
  return { element, ask };
}
