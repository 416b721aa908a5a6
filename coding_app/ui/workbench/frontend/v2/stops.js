// Where stepping stops: the segments and moments of one kind, in order, and which of them comes next; no page.

import { fits } from "./coding.js";

export const KINDS = ["untagged", "tagged", "flagged", "moment", "difference"];
const FLAGS = new Set(["flag", "uncertain"]);

/**
 * [{key, ms}] of one kind, by time. segments: {key, start_ms, role}; judgements: what holds now; scheme: its criteria;
 * differences: [{key, ms}] while passes are compared.
 */
export function stopsOf(kind, { segments, judgements, scheme, differences }) {
  if (kind === "difference") return differences ?? []; // in the order of their list
  if (kind === "flagged") return unitsOf(judgements, ({ criterion, codes }) => criterion === "remark" && codes.some((each) => FLAGS.has(each.code)));
  if (kind === "moment") return unitsOf(judgements, ({ unit }) => unit.key.startsWith("x-"));
  const criteria = scheme.criteria.filter((each) => each.unit_kind !== "span");
  const ids = new Set(criteria.map((each) => each.id));
  const tagged = new Set(judgements.filter((each) => ids.has(each.criterion) && each.codes.length).map((each) => each.unit.key));
  const asked = new Map(); // role -> does any code fit it
  const askedOf = (role) => asked.get(role) ?? asked.set(role, criteria.some((each) => each.codes.some((code) => fits(code, role)))).get(role);
  return segments.filter((each) => (kind === "tagged" ? tagged.has(each.key) : !tagged.has(each.key) && askedOf(each.role)))
    .map((each) => ({ key: each.key, ms: each.start_ms }));
}

function unitsOf(judgements, wanted) {
  const found = new Map();
  for (const each of judgements) if (wanted(each)) found.set(each.unit.key, { key: each.unit.key, ms: each.unit.start_ms });
  return [...found.values()].sort(byTime);
}

const byTime = (one, other) => one.ms - other.ms || (one.key < other.key ? -1 : Number(one.key > other.key));

/** The place of `at` {key, ms} among the stops, -1 when it is none. last: the place gone to before, which is meant among equals. */
export function placeAmong(stops, at, last = -1) {
  if (stops[last]?.key === at.key) return last;
  return stops.findIndex((each) => each.key === at.key);
}

/** The place of the next stop (step 1) or the one before (-1) as seen from `at`, or -1. */
export function nextStop(stops, at, step, last = -1) {
  const here = placeAmong(stops, at, last);
  if (here >= 0) return here + step < stops.length ? here + step : -1; // -1 before the first is "none" as well
  if (step > 0) return stops.findIndex((each) => each.ms > at.ms);
  return stops.findLastIndex((each) => each.ms < at.ms);
}
