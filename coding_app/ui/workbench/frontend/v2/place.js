// Where the observer is: the current segment, how far the choice reaches, and the drawn unit that is taken up.

import { within } from "./time.js";

/** segments: in order. changed({byPerson}) is called after every change. */
export function createPlace({ segments, changed }) {
  let current = segments.length ? 0 : -1;
  let anchor = current; // the other end of the chosen segments
  let drawn = null; // key of a drawn unit, or null

  return {
    index: () => current,
    segment: () => segments[current] ?? null,
    drawn: () => drawn,

    /** [first, last] index of the chosen segments. */
    range: () => [Math.min(anchor, current), Math.max(anchor, current)],
    /** The chosen segments: the current one, or several after extend(). */
    chosen: () => (current < 0 ? [] : segments.slice(Math.min(anchor, current), Math.max(anchor, current) + 1)),

    /** byPerson: asked for by the observer, not by the running recording, which leaves a choice of several alone. */
    select(index, byPerson) {
      if (!segments.length) return;
      if (!byPerson && anchor !== current) return;
      current = within(index, 0, segments.length - 1);
      anchor = current;
      if (byPerson) drawn = null;
      changed({ byPerson });
    },

    /** Makes the choice reach one segment further (step 1 or -1). */
    extend(step) {
      if (!segments.length) return;
      current = within(current + step, 0, segments.length - 1);
      drawn = null;
      changed({ byPerson: true });
    },

    /** Takes a drawn unit up, or lets go of it (null). */
    take(key, byPerson = true) {
      drawn = key;
      changed({ byPerson });
    },
  };
}
