// Where observers differ in what they drew: stretches of time in which other codes hold, and moments that somebody did not mark.

import { momentsOf, stretches } from "./spans.js";

export const SHORTEST_MS = 1000; // an edge that lies no further off is no difference
export const NEAR_MS = 2000; // moments whose starts lie no further apart are the same moment

/**
 * [{start_ms, end_ms, given}] by time, for one criterion on drawn units: the pieces of the recording in which somebody's code holds
 * and nobody's changes, longer than SHORTEST_MS; or the moments. observers: [judgements]; given[i]: applied codes of observer i.
 * The same pieces and moments as in coding_app/workflows/disagreements.py.
 */
export function drawnPlaces(observers, criterion, durationMs) {
  return criterion.mark === "point"
    ? sameMoments(observers.map((judgements) => stretches(judgements, criterion, durationMs)))
    : piecesOf(observers.map((judgements) => stretches(judgements, criterion, durationMs)), criterion);
}

function piecesOf(drawn, criterion) {
  const edges = [...new Set(drawn.flat().flatMap(({ unit }) => [unit.start_ms, unit.end_ms]))].sort((one, other) => one - other);
  const rows = drawn.map((spans) => heldIn(spans, edges, isExclusive(criterion)));
  const pieces = [];
  for (let place = 0; place + 1 < edges.length; place += 1) {
    const given = rows.map((row) => row[place]);
    const told = JSON.stringify(given.map((codes) => codes.map(({ code, attributes }) => [code, attributes])));
    const last = pieces.at(-1);
    if (last?.told === told) last.end_ms = edges[place + 1];
    else pieces.push({ start_ms: edges[place], end_ms: edges[place + 1], given, told });
  }
  return pieces.filter(({ start_ms, end_ms, given }) => end_ms - start_ms > SHORTEST_MS && given.some((codes) => codes.length))
    .map(({ start_ms, end_ms, given }) => ({ start_ms, end_ms, given }));
}

const isExclusive = (criterion) => criterion.exclusive && new Set(criterion.codes.map((each) => each.role)).size === 1;

/** Per piece between two edges the applied codes that hold in it. Of overlapping ones that exclude each other, the later start holds. */
function heldIn(spans, edges, exclusive) {
  const placeOf = new Map(edges.map((ms, place) => [ms, place]));
  const row = edges.map(() => []);
  for (const { unit, codes } of spans) { // by start
    for (let place = placeOf.get(unit.start_ms); place < placeOf.get(unit.end_ms); place += 1) {
      const others = exclusive ? [] : row[place].filter((each) => !codes.some(({ code }) => code === each.code));
      row[place] = [...others, ...codes];
    }
  }
  return row;
}

/** Moments of several observers, by start: each joins the first group near enough in which its observer has none, best one of its own code. */
function sameMoments(drawn) {
  const events = drawn.flatMap((moments, observer) => moments.map(({ unit, codes }) => ({ observer, ms: unit.start_ms, codes })));
  events.sort((one, other) => one.ms - other.ms || one.observer - other.observer);
  const groups = [];
  let from = 0; // groups before this one are too far back
  for (const { observer, ms, codes } of events) {
    while (from < groups.length && ms - groups[from].start_ms > NEAR_MS) from += 1;
    const free = groups.slice(from).filter((each) => !each.given[observer].length);
    const alike = (group) => group.given.some((held) => held.some(({ code }) => codes.some((each) => each.code === code)));
    const group = free.find(alike) ?? free[0] ?? newGroup(ms);
    group.given[observer] = codes;
    group.end_ms = Math.max(group.end_ms, ms);
  }
  return groups;

  function newGroup(ms) {
    const group = { start_ms: ms, end_ms: ms, given: drawn.map(() => []) };
    groups.push(group);
    return group;
  }
}

/** What one observer drew, to be shown beside what others drew: [{key, start_ms, end_ms, criterion, codes, open}], by start. */
export function drawnBy(judgements, criteria, durationMs) {
  return momentsOf(judgements, criteria, durationMs).filter((each) => each.criterion !== null)
    .map(({ key, start_ms, end_ms, criterion, codes, running }) => ({ key, start_ms, end_ms, criterion, codes, open: running && criterion.mark === "span" }));
}
