// What undo goes back through: the acts of this page at once, and those of earlier visits once the ledger has been read.

import { apply, placeOf } from "./fold.js";
import { createHistory } from "./history.js";

/** readLedger() -> promise of all stored events of the pass, in order. model: what holds now. */
export function createTimeline({ model, readLedger, nEvents }) {
  let history = createHistory();
  let ledger = nEvents ? null : []; // null: not read yet

  function rebuild() {
    history = createHistory();
    const known = new Set(ledger.map((each) => each.id));
    const present = new Map();
    for (const event of [...ledger, ...[...model.log()].filter((each) => !known.has(each.id))]) {
      history.note(event, present.get(placeOf(event.unit.key, event.criterion)) ?? null);
      apply(present, event);
    }
  }

  return {
    note: (event, before) => history.note(event, before),
    next: (step) => history.next(step),
    isWhole: () => ledger !== null,
    /** Settles when undo can reach back to the first event; throws when the ledger cannot be read. */
    async complete() {
      if (ledger !== null) return;
      const found = await readLedger();
      if (ledger !== null) return;
      ledger = found;
      rebuild();
    },
    /** After an event was taken back that the server refused. */
    forget() {
      if (ledger === null) history = createHistory(); // until complete() has read what there is
      else rebuild();
    },
  };
}
