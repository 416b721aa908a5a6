// Several observers' judgements of one recording, laid beside each other: per row of the transcript and on the timeline; no page.

import { differencesIn, isSame, judgedPlaces, ratedAs, shortNames } from "./differing.js";
import { drawnBy } from "./differing_spans.js";
import { indexAt } from "./time.js";

/**
 * me: {name, judgements}; others: [{name, judgements}]. Everything that needs the whole recording is worked out here, once; narrow() and what
 * is asked per row or rating only look it up.
 */
export function createComparison({ scheme, segments, units, durationMs, me, others }) {
  const shorts = [me.name, ...shortNames(others.map((each) => each.name))];
  const observers = [me, ...others].map(({ name, judgements }, place) => observerOf({ name, short: shorts[place], mine: place === 0, judgements: [...judgements] }));
  const places = judgedPlaces({ scheme, segments, units, durationMs, observers: observers.map((each) => each.judgements) });
  const rowOfKey = new Map(segments.map((each, index) => [each.key, index]));
  const codeOf = new Map(scheme.criteria.map((criterion) => [criterion.id, new Map(criterion.codes.map((each) => [each.id, each]))]));
  /** The row in which a place is shown: its segment's, or the one in which it begins. */
  const rowOf = (place) => rowOfKey.get(place.key) ?? (place.kind === "rating" || !segments.length ? -1 : Math.max(0, indexAt(segments, place.start_ms)));

  let filter = { criterion: null, answers: false };
  let listed = differencesIn(places, filter);
  let inRow = rowsOf(listed.differences);

  function observerOf({ name, short, mine, judgements }) {
    const byPlace = new Map(judgements.map((each) => [`${each.unit.key}\u0000${each.criterion}`, each]));
    const drawn = drawnBy(judgements, scheme.criteria, durationMs);
    const drawnInRow = new Map();
    for (const each of drawn) {
      const row = Math.max(0, indexAt(segments, each.start_ms));
      drawnInRow.set(row, [...(drawnInRow.get(row) ?? []), each]);
    }
    return { name, short, mine, judgements, byPlace, drawn, drawnInRow };
  }

  function rowsOf(differences) {
    const rows = new Map(); // row -> [differences that begin in it]
    for (const each of differences) rows.set(rowOf(each), [...(rows.get(rowOf(each)) ?? []), each]);
    return rows;
  }

  const criteriaShown = (kind) => scheme.criteria.filter((each) => (each.unit_kind === "span") === (kind === "span") && (filter.criterion === null || filter.criterion === each.id));
  const isShown = (criterion) => filter.criterion === null || filter.criterion === criterion.id;
  const codesAt = (observer, key, criterion) =>
    (observer.byPlace.get(`${key}\u0000${criterion.id}`)?.codes ?? []).filter((each) => codeOf.get(criterion.id).has(each.code));

  /** What one observer gave in a row: {codes: [{criterion, code, applied}], drawn: [{criterion, codes, start_ms, end_ms}]}. */
  function givenIn(observer, index) {
    const codes = criteriaShown("segment").flatMap((criterion) =>
      codesAt(observer, segments[index].key, criterion).map((applied) => ({ criterion, applied, code: codeOf.get(criterion.id).get(applied.code) })));
    return { codes, drawn: (observer.drawnInRow.get(index) ?? []).filter(({ criterion }) => isShown(criterion)) };
  }

  return {
    observers: observers.map(({ name, short, mine }) => ({ name, short, mine })),
    places,
    rowOf,
    codeOf: (criterion, id) => codeOf.get(criterion)?.get(id) ?? null,
    filter: () => filter,
    /** {differences, counts} of what was asked for last. */
    listed: () => listed,
    /** Chooses what is compared: {criterion: id or null, answers}. */
    narrow(wanted) {
      filter = { ...filter, ...wanted };
      listed = differencesIn(places, filter);
      inRow = rowsOf(listed.differences);
    },
    differencesInRow: (index) => inRow.get(index) ?? [],

    /** {given: [per observer, see givenIn], same: they all gave the same}, or null where nobody gave anything. */
    row(index) {
      const given = observers.map((observer) => givenIn(observer, index));
      if (!given.some(({ codes, drawn }) => codes.length || drawn.length)) return null;
      const applied = given.map(({ codes, drawn }) => [...codes.map((each) => each.applied), ...drawn.flatMap((each) => each.codes)]);
      return { given, same: isSame(applied) };
    },

    /** Per observer the rating of a unit, {value, notApplicable} or null. */
    ratings: (unitKey, ratingId) => observers.map((observer) => ratedAs(observer.byPlace.get(`${unitKey}\u0000${ratingId}`))),

    /** Per observer what lies on the timeline: [{key, start_ms, end_ms, labels, criterionIndex, open, row}]; one per segment, whatever its codes. */
    timeline() {
      return observers.map((observer) => {
        const criteria = criteriaShown("segment");
        const coded = segments.flatMap(({ key, start_ms, end_ms }, row) => {
          const codes = criteria.flatMap((criterion) => codesAt(observer, key, criterion).map((each) => ({ criterion, label: codeOf.get(criterion.id).get(each.code).label })));
          return codes.length ? [{ key, start_ms, end_ms, labels: codes.map((each) => each.label), criterionIndex: scheme.criteria.indexOf(codes[0].criterion), open: false, row }] : [];
        });
        const drawn = observer.drawn.filter(({ criterion }) => isShown(criterion)).map(({ key, start_ms, end_ms, criterion, codes, open }) => ({
          key, start_ms, end_ms, labels: codes.map((each) => codeOf.get(criterion.id).get(each.code).label), criterionIndex: scheme.criteria.indexOf(criterion), open, row: -1,
        }));
        return [...coded, ...drawn];
      });
    },
  };
}
