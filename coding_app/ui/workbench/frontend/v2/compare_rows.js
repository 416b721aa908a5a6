// What several observers gave, as it is shown beside a segment, under a rating and in the list of differences.

import { el } from "./dom.js";
import { chip, moment } from "./row.js";
import { texts } from "./texts.js";

const hidden = (words) => el("span", { class: "said" }, words);

/** Who: letters for the eye, the name for the mouse and for screen readers. */
export function badge({ short, name, mine }) {
  const who = mine ? texts.you : name;
  return el("span", { class: "observer", title: who, "data-mine": mine },
    el("span", { "aria-hidden": "true" }, mine ? texts.you : short), hidden(`${who}: `));
}

/** The sign of a difference: unequal where the codes differ, about equal where only the answers to them do. */
export function differs({ codes }) {
  const meaning = codes ? texts.codesDiffer : texts.answersDiffer;
  return el("span", { class: "differs", title: meaning }, el("span", { "aria-hidden": "true" }, codes ? "≠" : "≈"), hidden(`${meaning}. `));
}

function given({ codes, drawn }, scheme) {
  const details = ({ applied, code }) => code.attributes.filter((id) => applied.attributes[id] !== undefined).map((id) => String(applied.attributes[id])).join(" · ");
  return [
    ...drawn.flatMap(({ criterion, codes: held, start_ms, end_ms }) => held.map((applied) => moment({
      criterionIndex: scheme.criteria.indexOf(criterion), start_ms, end_ms, label: criterion.codes.find((each) => each.id === applied.code).label }))),
    ...codes.map((each) => chip({ criterionIndex: scheme.criteria.indexOf(each.criterion), key: each.code.key, label: each.code.label, details: details(each), open: false })),
  ];
}

/** Beside a segment: one line per observer, or one for all where all gave the same. Null where nobody gave anything. */
export function rowNodes(comparison, scheme, index) {
  const found = comparison.row(index);
  if (!found) return [];
  const { observers } = comparison;
  const here = comparison.differencesInRow(index);
  const worst = here.find((each) => each.codes) ?? here[0];
  const line = (who, nodes) => el("span", { class: "by-observer" }, ...who, ...nodes);
  const nodes = found.same
    ? [line([el("span", { class: "observer", title: texts.allAgree, "data-all": true }, el("span", { "aria-hidden": "true" }, "="), hidden(`${texts.allAgree}: `))], given(found.given[0], scheme))]
    : observers.map((each, place) => {
      const own = given(found.given[place], scheme);
      return line([badge(each)], own.length ? own : [el("span", { class: "nothing" }, texts.noneGiven)]);
    });
  return [el("div", { class: "compared", "data-differs": Boolean(worst) }, worst ? differs(worst) : null, el("div", { class: "by-observers" }, ...nodes))];
}

/** What one observer gave at a place, in words. */
export function words(place, value, { comparison, scheme }) {
  if (place.kind === "rating") return ratingWords(scheme.ratings.find((each) => each.id === place.criterion), value);
  if (value === null) return texts.notJudged;
  return value.map((applied) => codeWords(comparison.codeOf(place.criterion, applied.code), applied, scheme)).join(", ") || texts.noneGiven;
}

function codeWords(code, applied, scheme) {
  const answers = code.attributes.filter((id) => applied.attributes[id] !== undefined).map((id) => {
    const value = applied.attributes[id];
    const label = scheme.attributes[id].values.find((each) => each.value === value)?.label;
    return label && String(label) !== String(value) && typeof value === "number" ? `${value} ${label}` : String(label ?? value);
  });
  return answers.length ? `${code.label} (${answers.join(" · ")})` : code.label;
}

function ratingWords(rating, value) {
  if (value === null) return texts.notRated;
  if (value.notApplicable) return texts.notApplicable;
  const label = rating.values.find((each) => each.value === value.value)?.label;
  return label ? `${value.value} · ${label}` : String(value.value);
}

/** The observers who gave the same together, in their order: [{who: [observer], text}]. */
export function choicesOf(place, shown) {
  const groups = new Map();
  shown.comparison.observers.forEach((observer, number) => {
    const text = words(place, place.given[number], shown);
    groups.set(text, [...(groups.get(text) ?? []), observer]);
  });
  return [...groups].map(([text, who]) => ({ text, who }));
}

export function choiceNodes(place, shown) {
  return choicesOf(place, shown).map(({ text, who }) => el("span", { class: "choice" }, el("span", { class: "choice-who" }, ...who.map(badge)), el("span", { class: "choice-words" }, text)));
}

/** Under a rating's scale: who gave which value. */
export function ratingNodes(comparison, scheme, unit, rating) {
  const values = comparison.ratings(unit.key, rating.id);
  if (values.every((each) => each === null)) return [];
  const place = { kind: "rating", criterion: rating.id, given: values };
  const differing = comparison.places.find((each) => each.key === unit.key && each.criterion === rating.id);
  return [el("div", { class: "compared rated-by" }, differing?.codes ? differs(differing) : null, el("div", { class: "choices" }, ...choiceNodes(place, { comparison, scheme })))];
}
