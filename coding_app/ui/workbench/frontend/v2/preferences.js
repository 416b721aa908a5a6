// The observer's preferences: in force here at once, kept on the server as soon as it takes them.

const AGAIN_AFTER_MS = 5000;

/**
 * first: as they were read. keep(preferences) -> promise; an error has a status. changed(preferences): in force now.
 * waiting(): the server cannot take them now. kept(): it has taken those that waited. refused(sentence): it never will.
 */
export function createPreferences({ first, keep, scope, changed, waiting, kept, refused }) {
  let now = { ...first };
  let unsent = false;
  let sending = null;
  let told = false;
  let stopTimer = null;

  async function send() {
    while (unsent) {
      unsent = false;
      try {
        await keep(now);
        if (told) kept();
        told = false;
      } catch (error) {
        if (error.status >= 400 && error.status < 500 && error.status !== 401 && error.status !== 429) {
          refused(error.message);
          return false;
        }
        unsent = true;
        if (!told) waiting();
        told = true;
        stopTimer?.();
        stopTimer = scope.timeout(again, AGAIN_AFTER_MS);
        return false;
      }
    }
    return true;
  }

  function again() {
    if (!unsent) return Promise.resolve(true);
    sending ??= send().finally(() => {
      sending = null;
    });
    return sending;
  }

  return {
    now: () => now,
    /** Puts these in force; promise of whether the server has kept them. */
    change(changes) {
      now = { ...now, ...changes };
      unsent = true;
      changed(now);
      return again();
    },
    /** The connection is back: what waits is sent at once. */
    retryNow: again,
  };
}
