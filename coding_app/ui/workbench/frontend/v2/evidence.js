// Evidence: the moments on which a rating rests, attached by key to the rating that is being worked on.

import { contentOf } from "./coding.js";
import { button, el } from "./dom.js";
import { evidenceOf, MOST_LINKS, withEvidence } from "./links.js";
import { texts } from "./texts.js";

/** Gives the desk: evidence {nodes(unit, rating)}. */
export function openEvidence(desk) {
  const { model, acts, status, scope } = desk;
  const keysOf = (unit, rating) => evidenceOf(contentOf(model.judgement(unit.key, rating.id)))?.links ?? [];

  desk.evidence = { nodes };
  desk.act({ evidence: attach });
  scope.on(desk.root, "click", (event) => {
    const clicked = event.target.closest?.("[data-evidence]");
    if (!clicked) return;
    const { evidence, key } = clicked.dataset;
    if (evidence === "attach") attach();
    else if (evidence === "go") desk.visit(key);
    else if (evidence === "drop") set(clicked.closest(".unit").dataset.unit, clicked.closest(".rating").dataset.rating, key);
  });

  /** What is in hand becomes evidence for the active rating, or is no more when all of it was. */
  function attach() {
    const active = desk.rating.active();
    if (!active) return status.tell(texts.chooseRating);
    const keys = desk.inHand().map((each) => each.key);
    if (!keys.length || !acts.allowed()) return undefined;
    const before = keysOf(active.unit, active.rating);
    const off = keys.every((each) => before.includes(each));
    const links = off ? before.filter((each) => !keys.includes(each)) : [...new Set([...before, ...keys])];
    if (links.length > MOST_LINKS) return status.tell(texts.tooMuchEvidence(MOST_LINKS));
    write(active.unit, active.rating, links, (off ? texts.evidenceGone : texts.evidenceAdded)(active.rating.label, named(keys[0])));
    return undefined;
  }

  function set(unitKey, ratingId, key) {
    const unit = desk.unitOf(unitKey);
    const rating = desk.scheme.ratings.find((each) => each.id === ratingId);
    write(unit, rating, keysOf(unit, rating).filter((each) => each !== key), texts.evidenceGone(rating.label, named(key)));
  }

  function write(unit, rating, links, sentence) {
    const { key, start_ms, end_ms } = unit;
    const content = withEvidence(contentOf(model.judgement(key, rating.id)), links);
    acts.change([{ unit: { key, start_ms, end_ms }, criterion: rating.id, content }], sentence);
    if (!desk.locked()) status.tell(sentence); // it may be attached while another tab is open
  }

  function named(key) {
    const { time, label } = desk.nameOf(key);
    return time ? texts.at(label, time) : label;
  }

  /** What a rating rests on, and the button that adds what is in hand where the rating is active. */
  function nodes(unit, rating) {
    const keys = keysOf(unit, rating);
    const chips = keys.map((key) => {
      const { time, label } = desk.nameOf(key);
      return el("span", { class: "link-chip" },
        button({ class: "link-go", "data-evidence": "go", "data-key": key, title: texts.goThere }, time ? el("b", {}, time) : null, ` ${label}`),
        desk.locked() ? null : button({ class: "remove", "data-evidence": "drop", "data-key": key, "aria-label": texts.removeEvidence(named(key)) }, "×"));
    });
    const active = desk.rating.isActive(unit, rating) && !desk.locked();
    const inHand = active ? desk.inHand().find((each) => !keys.includes(each.key)) : null;
    const rated = model.judgement(unit.key, rating.id)?.value ?? null;
    if (!chips.length && !inHand && rated === null) return [];
    return [
      el("span", { class: "links-name" }, texts.evidence), ...chips,
      ...(chips.length || rated === null ? [] : [el("span", { class: "quiet" }, texts.noEvidence)]),
      ...(inHand ? [button({ class: "plain small", "data-evidence": "attach", title: desk.titleOf("evidence") },
        texts.attach(named(inHand.key)), keycapOf(desk.keyOf("evidence")))] : []),
    ];
  }

  function keycapOf(key) {
    return key ? el("kbd", { class: "key", "aria-hidden": "true" }, texts.keyLabel(key)) : null;
  }
}
