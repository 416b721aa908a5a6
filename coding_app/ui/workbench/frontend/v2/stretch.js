// The stretch that the observer marked and that has no code yet: dragged with the mouse, or from a start key to an end key.

/** changed() is called after every change. */
export function createStretch({ changed }) {
  let one = null; // where it was begun
  let other = null; // its other end, or null while it has none

  function put(first, second) {
    one = first;
    other = second;
    changed();
  }

  return {
    /** {start_ms, end_ms}, or null while there is none or it has no end. */
    value: () => (other === null ? null : { start_ms: Math.min(one, other), end_ms: Math.max(one, other) }),
    /** Where a stretch without an end was begun, or null. */
    begun: () => (other === null ? one : null),
    begin: (ms) => put(ms, null),
    /** Its end, again and again; false when nothing was begun. */
    finish(ms) {
      if (one === null) return false;
      put(one, ms);
      return true;
    },
    between: put,
    clear: () => one !== null && put(null, null),
  };
}
