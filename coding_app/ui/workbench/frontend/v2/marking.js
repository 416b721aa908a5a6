// Decisions about drawing: what a code's key makes of the moments that are there, and how far an edge may move.

import { contentOf, newId, toggled } from "./coding.js";
import { hasNoLength, heldOn, running } from "./spans.js";
import { within } from "./time.js";

export const EDGE_MS = 100;
const SHORTEST_MS = 100; // an end at the start would say that the span is still open

export const newKey = () => `x-${newId().replaceAll("-", "")}`;

/** When what was just heard was heard: the reaction takes lagMs of real time, which is more of a recording played faster. */
export function momentHeard({ position, playing, rate, lagMs, durationMs }) {
  return within(Math.round(position - (playing ? lagMs * rate : 0)), 0, durationMs);
}

/**
 * What a code of a drawn criterion does at a moment, or on a stretch {start_ms, end_ms} that was marked before.
 * judgements: array. Gives {did, changes, unit, since}: did = "begun", "ended", "marked", "removed", or "early" (a span cannot end before
 * its start at `since`; no changes). unit: the one that it is about.
 */
export function pressed({ judgements, criterion, code, at, stretch = null, attributes = {} }) {
  const applied = { code: code.id, attributes: { ...attributes }, links: [] };
  if (stretch) return begun(criterion, applied, stretch.start_ms, criterion.mark === "span" ? stretch.end_ms : stretch.start_ms, []);
  const here = heldOn(judgements, criterion).find((each) => each.unit.start_ms === at && hasNoLength(each.unit) && has(each, code));
  if (here) return { did: "removed", unit: here.unit, changes: [without(judgements, here.unit, criterion, code)] };
  const rival = criterion.exclusive && heldOn(judgements, criterion).find((each) => each.unit.start_ms === at && hasNoLength(each.unit) && sameRole(each, criterion, code));
  if (rival) return instead(judgements, rival.unit, criterion, code, applied);
  if (criterion.mark === "span") {
    const open = running(judgements, criterion);
    const own = open.filter((each) => has(each, code)).at(-1);
    if (own && own.unit.start_ms > at) return { did: "early", unit: own.unit, changes: [], since: own.unit.start_ms };
    if (own) return { did: "ended", unit: { ...own.unit, end_ms: at }, changes: [ending(judgements, own.unit, criterion, at)] };
    const over = criterion.exclusive ? open.filter((each) => sameRole(each, criterion, code) && each.unit.start_ms < at) : [];
    return begun(criterion, applied, at, at, over.map((each) => ending(judgements, each.unit, criterion, at)));
  }
  return begun(criterion, applied, at, at, []);
}

const has = (held, code) => held.codes.some((each) => each.code === code.id);

function sameRole(held, criterion, code) {
  return held.codes.some((each) => criterion.codes.find(({ id }) => id === each.code)?.role === code.role);
}

function begun(criterion, applied, start_ms, end_ms, before) {
  const unit = { key: newKey(), start_ms, end_ms };
  const did = criterion.mark === "point" || end_ms > start_ms ? "marked" : "begun";
  return { did, unit, changes: [...before, { unit, criterion: criterion.id, content: { codes: [applied], value: null, note: null } }] };
}

/** Another code at the very same moment takes the place of the one that was there. */
function instead(judgements, unit, criterion, code, applied) {
  const before = heldAt(judgements, unit, criterion);
  const codes = toggled(criterion, before.codes, code).codes.map((each) => (each.code === code.id ? applied : each));
  return { did: criterion.mark === "point" ? "marked" : "begun", unit, changes: [{ unit, criterion: criterion.id, content: { ...contentOf(before), codes } }] };
}

function heldAt(judgements, unit, criterion) {
  return judgements.find((each) => each.unit.key === unit.key && each.criterion === criterion.id);
}

function ending(judgements, unit, criterion, end_ms) {
  return { unit: { ...unit, end_ms }, criterion: criterion.id, content: contentOf(heldAt(judgements, unit, criterion)) };
}

function without(judgements, unit, criterion, code) {
  const before = contentOf(heldAt(judgements, unit, criterion));
  return { unit, criterion: criterion.id, content: { ...before, codes: before.codes.filter((each) => each.code !== code.id) } };
}

/** What a code's key makes of a moment of its criterion that is taken up: it has the code afterwards, instead of or beside those it had. */
export function recoded(judgement, criterion, code) {
  const { codes, added } = toggled(criterion, judgement.codes, code);
  // A moment keeps at least one code: taking the last one away is removing it, which has a key of its own.
  const kept = codes.length || added ? codes : judgement.codes;
  return { unit: judgement.unit, criterion: criterion.id, content: { ...contentOf(judgement), codes: kept }, added, same: kept === judgement.codes };
}

/** The unit with its edge moved, or null when that edge cannot move. edge: "start" or "end". */
export function moved(unit, mark, edge, byMs, durationMs) {
  if (mark === "span" && !hasNoLength(unit)) {
    return edge === "start"
      ? { ...unit, start_ms: within(unit.start_ms + byMs, 0, unit.end_ms - SHORTEST_MS) }
      : { ...unit, end_ms: within(unit.end_ms + byMs, unit.start_ms + SHORTEST_MS, durationMs) };
  }
  if (edge === "end") return null; // still open, or only its start is logged
  const start_ms = within(unit.start_ms + byMs, 0, durationMs);
  return { ...unit, start_ms, end_ms: start_ms };
}

/** Where a span drawn anew with the mouse lies: whole milliseconds inside the recording, never without length. */
export function placed(unit, mark, { start_ms, end_ms }, durationMs) {
  const start = within(Math.round(start_ms), 0, mark === "span" ? durationMs - SHORTEST_MS : durationMs);
  if (mark !== "span" || hasNoLength(unit)) return { ...unit, start_ms: start, end_ms: start };
  return { ...unit, start_ms: start, end_ms: within(Math.round(end_ms), start + SHORTEST_MS, durationMs) };
}
