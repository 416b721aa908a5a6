// Who wants to know what: one list of listeners per name, called in the order in which they were added.

export function createSignals() {
  const listeners = new Map();
  return {
    on(name, listener) {
      if (!listeners.has(name)) listeners.set(name, []);
      listeners.get(name).push(listener);
    },
    tell(name, ...what) {
      for (const listener of listeners.get(name) ?? []) listener(...what);
    },
  };
}
