// Undo and redo: a function of the events alone, so that it outlives a reload and two tabs agree on it.

import { contentOf } from "./coding.js";
import { placeOf } from "./fold.js";

/**
 * Events are grouped into acts by `act` (an older event without one is its own act). note(event, before) is called for every
 * event in order, with the judgement that held before it; undo and redo are events too and are told by their `step`.
 */
export function createHistory() {
  const acts = new Map(); // act id -> [{criterion, before, after}], before and after = {unit, codes, value, note}
  let done = [];
  let undone = [];

  const without = (list, id) => list.filter((each) => each !== id);

  function first(id) {
    if (acts.has(id)) return acts.get(id);
    acts.set(id, []);
    done.push(id);
    undone = [];
    return acts.get(id);
  }

  return {
    note(event, before) {
      const id = event.act ?? event.id;
      if (event.step === "undo" || event.step === "redo") {
        const [from, to] = event.step === "undo" ? [done, undone] : [undone, done];
        if (!from.includes(id)) return; // the second event of the same step
        done = event.step === "undo" ? without(from, id) : [...to, id];
        undone = event.step === "undo" ? [...to, id] : without(from, id);
        return;
      }
      first(id).push({
        criterion: event.criterion,
        before: { unit: before?.unit ?? event.unit, ...contentOf(before) },
        after: { unit: event.unit, ...contentOf(event) },
      });
    },

    /** What the next undo or redo has to set: {act, changes: [{criterion, unit, content}]}, or null. */
    next(step) {
      const act = (step === "undo" ? done : undone).at(-1);
      if (act === undefined) return null;
      const all = acts.get(act);
      // An act may touch one place several times (an edge moved step by step): back leads to what was before the first of
      // them, forward to what was after the last.
      const places = new Map();
      for (const { criterion, before, after } of step === "undo" ? [...all].reverse() : all) {
        const { unit, ...content } = step === "undo" ? before : after;
        places.set(placeOf(unit.key, criterion), { criterion, unit, content });
      }
      return { act, changes: [...places.values()] };
    },
  };
}
