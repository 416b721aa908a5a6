// What the codebook pane shows of a scheme, passage by passage, and finding words in it; no page.

import { foldText } from "./search.js";

const LISTS = ["include", "exclude", "examples"];

/**
 * [{place, kind, id, label, key, about, passages: [{place, field, text, instead}]}]: codes, ratings and rules in the order of the
 * scheme. place: "code:ID", "rating:ID" or "rule:ID", and of a passage "/field" or "/field/number" after it. about: what an observer
 * is told beside the name. instead: the code to use instead of a near miss, null for none; undefined where it is none.
 */
export function entriesOf(scheme, { roles }) {
  const codes = scheme.criteria.flatMap((criterion) => criterion.codes.map((code) => codeEntry(code, criterion, roles)));
  const ratings = scheme.ratings.map((rating) => ({
    place: `rating:${rating.id}`, kind: "rating", id: rating.id, label: rating.label, key: null, about: roles[rating.role] ?? rating.role,
    passages: ["question", "high", "low"].filter((field) => rating[field]).map((field) => ({ place: `rating:${rating.id}/${field}`, field, text: rating[field] })),
  }));
  const rules = scheme.rules.map((rule) => ({
    place: `rule:${rule.id}`, kind: "rule", id: rule.id, label: rule.id, key: null, about: "",
    passages: [{ place: `rule:${rule.id}`, field: "rule", text: rule.text }],
  }));
  return [...codes, ...ratings, ...rules];
}

function codeEntry(code, criterion, roles) {
  const at = `code:${code.id}`;
  return {
    place: at, kind: "code", id: code.id, label: code.label, key: code.key, about: `${criterion.label} · ${roles[code.role] ?? code.role}`,
    passages: [
      { place: `${at}/definition`, field: "definition", text: code.definition },
      ...LISTS.flatMap((field) => code[field].map((text, number) => ({ place: `${at}/${field}/${number}`, field, text }))),
      ...code.near_misses.map(({ text, why, instead }, number) => ({ place: `${at}/near_misses/${number}`, field: "near_misses", text, why, instead })),
    ],
  };
}

/** The rules that name a code. */
export function rulesFor(scheme, codeId) {
  return scheme.rules.filter((rule) => rule.applies_to.includes(codeId));
}

/** [{entry, passage}]: every entry that has all words somewhere, those with them in the name first; passage: the first line with one of them, or null. */
export function find(entries, query) {
  const words = foldText(query).folded.split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const has = (text, word) => foldText(text).folded.includes(word);
  const said = (passage) => `${passage.text} ${passage.why ?? ""}`;
  const found = entries.filter((entry) => {
    const all = [entry.label, entry.id, entry.about, ...entry.passages.map(said)].join(" ");
    return words.every((word) => has(all, word));
  });
  const named = (entry) => words.every((word) => has(`${entry.label} ${entry.id}`, word));
  return [...found.filter(named), ...found.filter((entry) => !named(entry))]
    .map((entry) => ({ entry, passage: entry.passages.find((each) => words.some((word) => has(said(each), word))) ?? null }));
}

/** {entry, passage} of a place that a bookmark names, or null when this version of the scheme has none there that begins with its text. */
export function resolve(entries, { place, text }) {
  const whole = (each) => each.text.split(/\s+/).join(" ").trim();
  const [name] = place.split("/");
  const entry = entries.find((each) => each.place === name);
  if (!entry) return null;
  if (entry.place === place && entry.kind !== "rule") return { entry, passage: null };
  // A later version may have put the passage elsewhere in its entry.
  const passage = entry.passages.find((each) => whole(each).startsWith(text.trim()));
  return passage ? { entry, passage } : null;
}
