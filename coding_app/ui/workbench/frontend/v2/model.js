// What holds now in this pass: the judgements from the server, and on top of them the events made since.

import { apply, fold, placeOf } from "./fold.js";

export function createModel(judgements) {
  const base = judgements.map((each) => ({ value: null, note: null, ...each }));
  const log = new Map(); // event id -> event, in order
  let present = fold(base);
  let version = 0;

  return {
    /** Another number after every change: what was worked out from the judgements can be kept until then. */
    version: () => version,
    judgement: (unitKey, criterion) => present.get(placeOf(unitKey, criterion)) ?? null,
    all: () => present.values(),
    knows: (eventId) => log.has(eventId),

    /** Takes an event in; returns the judgement that held before it at its place, or null. */
    add(event) {
      const before = present.get(placeOf(event.unit.key, event.criterion)) ?? null;
      if (log.has(event.id)) return before;
      log.set(event.id, event);
      apply(present, event);
      version += 1;
      return before;
    },

    /** The events since the page was opened, in order. */
    log: () => log.values(),

    /** Takes an event back that the server will never store. */
    drop(eventId) {
      if (!log.delete(eventId)) return;
      present = fold(log.values(), fold(base));
      version += 1;
    },
  };
}
