// What is left to do in each step of the scheme; the same rules as coding_app/domain/gaps.py, which decides at submit.

import { hasNoLength } from "./spans.js";

const HEARD = 0.98; // the end of a recording is seldom played to its last second

/**
 * [{id, label, kind, left, done, ...}] in the scheme's order; kind: "listen", "tag" or "rate". left: how many things are missing.
 * Of "listen": heard, a share. Of "tag": coded, and of what is missing questions, links, ends, uncoded. Of "rate": ratings.
 * judgements: array. heard: share of the recording that was played, 0 to 1. One more, without id, holds what no step covers.
 */
export function progressOf({ scheme, units, segments, judgements, heard }) {
  const tagged = criteriaOf(scheme, judgements, segments);
  const rated = ratingsOf(scheme, judgements, units);
  const used = new Set();
  const take = (all, wanted) => all.filter((each) => wanted(each) && used.add(each));
  const steps = scheme.steps.map((step) => {
    const own = take(tagged, (each) => step.tags && each.criterion.unit === step.unit);
    const ratings = take(rated, (each) => step.ratings.includes(each.rating.id));
    return stepOf(step, own, ratings, heard);
  });
  const rest = [...tagged, ...rated].filter((each) => !used.has(each));
  const left = rest.reduce((sum, each) => sum + each.left, 0);
  return left ? [...steps, { id: null, label: "", kind: "tag", left, done: false, coded: 0, questions: 0, links: 0, ends: 0, uncoded: 0, ratings: left }] : steps;
}

function stepOf({ id, label, unit_kind }, own, ratings, heard) {
  const sum = (name) => own.reduce((all, each) => all + each[name], 0);
  const missing = ratings.reduce((all, each) => all + each.left, 0);
  if (own.length) {
    const left = sum("left") + missing;
    const counts = { coded: sum("coded"), questions: sum("questions"), links: sum("links"), ends: sum("ends"), uncoded: sum("uncoded") };
    return { id, label, unit_kind, kind: "tag", left, done: left === 0 && counts.coded > 0, ...counts, ratings: missing, criteria: own.map((each) => each.criterion.id) };
  }
  if (ratings.length) return { id, label, unit_kind, kind: "rate", left: missing, done: missing === 0, ratings: missing };
  return { id, label, unit_kind, kind: "listen", left: 0, done: heard >= HEARD, heard };
}

/** Per criterion: {criterion, coded, questions, links, ends, uncoded, left}. */
function criteriaOf(scheme, judgements, segments) {
  return scheme.criteria.map((criterion) => {
    const codes = new Map(criterion.codes.map((each) => [each.id, each]));
    const held = judgements.filter((each) => each.criterion === criterion.id && each.codes.length);
    const applied = held.flatMap((each) => each.codes).filter((each) => codes.has(each.code));
    const open = (each) => codes.get(each.code).attributes.filter((id) => scheme.attributes[id].required && each.attributes[id] === undefined).length;
    const questions = applied.reduce((sum, each) => sum + open(each), 0);
    const links = applied.filter((each) => each.links.length === 0 && scheme.links.some((link) => link.required && link.from.includes(each.code))).length;
    const ends = criterion.mark === "span" ? held.filter((each) => hasNoLength(each.unit)).length : 0;
    const uncoded = criterion.exhaustive ? missingOf(criterion, held, segments) : 0;
    return { criterion, coded: applied.length, questions, links, ends, uncoded, left: questions + links + ends + uncoded };
  });
}

function missingOf(criterion, held, segments) {
  if (criterion.unit_kind === "span") return held.length ? 0 : 1;
  if (criterion.unit_kind !== "segment") return 0;
  const coded = new Set(held.map((each) => each.unit.key));
  return segments.filter((each) => !coded.has(each.key)).length;
}

/** Per rating and unit that has no value yet but needs one: {rating, left}. */
function ratingsOf(scheme, judgements, units) {
  const held = new Map(judgements.map((each) => [`${each.unit.key} ${each.criterion}`, each]));
  return scheme.ratings.map((rating) => {
    const open = units.filter((unit) => unit.kind === rating.unit_kind && isOpen(rating, unit, held.get(`${unit.key} ${rating.id}`), judgements));
    return { rating, left: open.length };
  });
}

function isOpen(rating, unit, held, judgements) {
  if (held && held.value !== null) return false;
  const about = rating.not_applicable_if_no ?? [];
  if (!about.length) return true;
  const inside = ({ start_ms }) => unit.start_ms <= start_ms && start_ms < Math.max(unit.end_ms, 1);
  return judgements.some((each) => inside(each.unit) && each.codes.some((applied) => about.includes(applied.code)));
}

/** The place of the first step that is not done, or -1. */
export const firstOpen = (steps) => steps.findIndex((each) => !each.done);
/** Whether nothing is missing any more: listening and the number of codes are nobody's duty. */
export const isComplete = (steps) => steps.every((each) => each.left === 0);

/** The tab in which a step is done. */
export function tabOf(step, tabs) {
  const wanted = step.kind === "rate" ? [step.unit_kind, "session", "interval"] : ["tag"];
  return wanted.find((each) => tabs.includes(each)) ?? tabs[0];
}
