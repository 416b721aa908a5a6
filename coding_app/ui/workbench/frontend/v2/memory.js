// Where the observer was: kept per pass on this computer, read once when the pass is opened.

/** now(): what to keep, an object. Returns {kept: what was kept last time, or {}; keep: keeps it now}. */
export function createMemory({ name, scope, now, storage = () => globalThis.localStorage }) {
  let kept = {};
  try {
    kept = JSON.parse(storage().getItem(name)) ?? {};
  } catch {
    // A browser that keeps nothing, or something that is not ours: the pass begins at the start.
  }
  const keep = () => {
    try {
      storage().setItem(name, JSON.stringify(now()));
    } catch {
      // as above
    }
  };
  scope.own(keep);
  scope.on(globalThis, "pagehide", keep);
  return { kept: typeof kept === "object" ? kept : {}, keep };
}

/** The value of this parameter, or null; it leaves the address, so that a reload does not find it again. */
export function takeFromAddress(name) {
  const address = new URL(globalThis.location.href);
  const value = address.searchParams.get(name);
  if (value !== null) {
    address.searchParams.delete(name);
    globalThis.history.replaceState(globalThis.history.state, "", address);
  }
  return value;
}
