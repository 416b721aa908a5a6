// What holds now in this pass: the judgements from the server, and on top of them the events made since.

import { apply, fold, placeOf } from "./fold.js";

export function createModel(judgements) {
  const base = judgements.map((each) => ({ value: null, note: null, ...each }));
  const log = new Map(); // event id -> event, in order
  let present = fold(base);

  return {
    judgement: (unitKey, criterion) => present.get(placeOf(unitKey, criterion)) ?? null,
    all: () => present.values(),
    knows: (eventId) => log.has(eventId),

    add(event) {
      if (log.has(event.id)) return;
      log.set(event.id, event);
      apply(present, event);
    },

    /** Takes an event back that the server will never store. */
    drop(eventId) {
      if (!log.delete(eventId)) return;
      present = fold(log.values(), fold(base));
    },
  };
}
