// Where several observers differ on one recording, found once for the whole of it; no page.

import { NOT_APPLICABLE } from "./coding.js";
import { drawnPlaces } from "./differing_spans.js";

/**
 * Every place that somebody judged, by time: [{id, kind, key, criterion, start_ms, end_ms, given, codes, answers}].
 * kind: "segment", "span" or "rating"; key: of the unit, or of its own for a stretch that several drew; criterion: a criterion's
 * or a rating's id. given[i]: what observer i gave: applied codes, a rating's {value, notApplicable}, or null for not judged.
 * codes: their codes or values differ; answers: only the answers to them do. Notes and remarks are nobody's business.
 * observers: [judgements], in the order of given.
 */
export function judgedPlaces({ scheme, segments, units, observers, durationMs }) {
  const held = observers.map((judgements) => new Map(judgements.map((each) => [placeOf(each.unit.key, each.criterion), each])));
  const found = [
    ...scheme.criteria.flatMap((criterion) => (criterion.unit_kind === "span"
      ? onDrawn(criterion, observers, durationMs)
      : onSegments(criterion, segments, held))),
    ...scheme.ratings.flatMap((rating) => onUnits(rating, units.filter((each) => each.kind === rating.unit_kind), held)),
  ];
  const order = new Map([...scheme.criteria, ...scheme.ratings].map((each, place) => [each.id, place]));
  return found.sort((one, other) => one.start_ms - other.start_ms || order.get(one.criterion) - order.get(other.criterion));
}

const placeOf = (key, criterion) => `${key}\u0000${criterion}`;

function onSegments(criterion, segments, held) {
  const own = new Set(criterion.codes.map((each) => each.id));
  return segments.flatMap(({ key, start_ms, end_ms }) => {
    const given = held.map((of) => of.get(placeOf(key, criterion.id))?.codes.filter((each) => own.has(each.code)) ?? []);
    if (!given.some((codes) => codes.length)) return [];
    // Where the scheme says that nothing given means nothing judged, it is compared with nothing.
    const judged = criterion.unmarked === "missing" ? given.map((codes) => (codes.length ? codes : null)) : given;
    return [{ id: `${criterion.id} ${key}`, kind: "segment", key, criterion: criterion.id, start_ms, end_ms, given: judged, ...compared(judged) }];
  });
}

function onDrawn(criterion, observers, durationMs) {
  return drawnPlaces(observers, criterion, durationMs).map(({ start_ms, end_ms, given }) => {
    const id = `${criterion.id} ${start_ms}-${end_ms}`;
    return { id, kind: "span", key: id, criterion: criterion.id, start_ms, end_ms, given, ...compared(given) };
  });
}

function onUnits(rating, units, held) {
  return units.flatMap(({ key, start_ms, end_ms }) => {
    const given = held.map((of) => ratedAs(of.get(placeOf(key, rating.id))));
    if (!given.some((each) => each !== null)) return [];
    const codes = new Set(given.map((each) => JSON.stringify(each))).size > 1;
    return [{ id: `${rating.id} ${key}`, kind: "rating", key, criterion: rating.id, start_ms, end_ms, given, codes, answers: false }];
  });
}

/** {value, notApplicable}, or null when it was not rated: evidence alone is no rating. */
export function ratedAs(judgement) {
  const notApplicable = judgement?.codes.some((each) => each.code === NOT_APPLICABLE) ?? false;
  const value = judgement?.value ?? null;
  return notApplicable || value !== null ? { value, notApplicable } : null;
}

/** {codes, answers}: whether those who judged differ in their codes, or only in the answers to them. */
function compared(given) {
  const judged = given.filter((each) => each !== null);
  const differ = (words) => new Set(judged.map(words)).size > 1;
  const codes = differ(codesIn);
  return { codes, answers: !codes && differ(answersIn) };
}

const codesIn = (applied) => JSON.stringify(applied.map((each) => each.code).sort());
const answersIn = (applied) => JSON.stringify(applied.map(({ code, attributes }) => [code, Object.entries(attributes).sort()]).sort());

/** Whether these observers gave the same codes with the same answers. */
export const isSame = (given) => new Set(given.map((applied) => answersIn(applied))).size <= 1;

/**
 * What is to be listed: {differences, counts}. criterion: one id, or null for all; answers: also where only the answers differ.
 * counts: [{kind, n, differ}]: how many units were judged by somebody and on how many of them observers differ; kinds with none are left out.
 */
export function differencesIn(places, { criterion = null, answers = false } = {}) {
  const asked = places.filter((each) => criterion === null || each.criterion === criterion);
  const differs = (each) => each.codes || (answers && each.answers);
  const counts = ["segment", "span", "rating"].flatMap((kind) => {
    const own = asked.filter((each) => each.kind === kind);
    const keys = (some) => new Set(some.map((each) => (kind === "rating" ? each.id : each.key))).size;
    return own.length ? [{ kind, n: keys(own), differ: keys(own.filter(differs)) }] : [];
  });
  return { differences: asked.filter(differs), counts };
}

/** A short name for each observer: "OB" for "Olga Berg", "B" for "Observer B"; numbered where two would have the same. */
export function shortNames(names) {
  const taken = new Set();
  return names.map((name) => {
    const words = name.trim().split(/\s+/);
    const last = [...words.at(-1)];
    const initials = [words[0], words.length > 1 ? words.at(-1) : ""].map((each) => [...each][0] ?? "").join("");
    const letters = (last.length <= 2 ? last.join("") : initials).toUpperCase() || "?";
    let short = letters;
    for (let number = 2; taken.has(short); number += 1) short = `${letters}${number}`;
    taken.add(short);
    return short;
  });
}
