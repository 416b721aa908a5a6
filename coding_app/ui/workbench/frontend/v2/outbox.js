// Events on their way to the server: kept on this computer until stored, in order, one batch in flight.

const BATCH = 200;
const PAUSES_MS = [200, 400, 800, 1500, 3000];

/**
 * store: where events are kept (see outbox_store.js). send(events) -> {stored: [ids]}, or throws with a status.
 * renew() -> promise that settles when a new token may be there. onState({phase, waiting, sentence}); phases:
 * "saved", "saving", "offline", "expired", "closed". onRefused(event, sentence): the server will never take it.
 */
export function createOutbox({ store, send, renew, scope, onState, onRefused }) {
  let queue = []; // {event, kept: promise of having been written to the store}
  let limit = BATCH;
  let failures = 0;
  let running = false;
  let closed = null;
  let phase = "saved";
  let sentence = null;
  let ended = false;
  let wake = null;
  let idle = [];
  scope.own(() => {
    ended = true;
    wake?.();
  });

  function tell(next, text = null) {
    phase = next;
    sentence = text;
    onState({ phase, waiting: queue.length, sentence });
    if (queue.length === 0 || closed || ended) {
      for (const done of idle.splice(0)) done(queue.length === 0);
    }
  }

  function settle(ids) {
    const stored = new Set(ids);
    const gone = queue.filter((each) => stored.has(each.event.id));
    queue = queue.filter((each) => !stored.has(each.event.id));
    // Removed only after it was written, or the writing would come last and stay.
    Promise.all(gone.map((each) => each.kept)).then(() => store.remove([...stored]));
  }

  function refuse(entry, text) {
    queue = queue.filter((each) => each !== entry);
    limit = BATCH;
    entry.kept.then(() => store.setAside(entry.event.id, text));
    onRefused(entry.event, text);
  }

  function pause(ms) {
    return new Promise((resolve) => {
      const stop = scope.timeout(resolve, ms);
      wake = () => {
        stop();
        resolve();
      };
    });
  }

  async function cope(error, batch) {
    const status = error.status ?? 0;
    if (status === 400 || status === 413 || status === 422) {
      if (batch.length === 1) refuse(batch[0], error.message);
      else limit = Math.ceil(batch.length / 2); // halve until the one that is refused stands alone
    } else if (status === 401) {
      tell("expired");
      await Promise.race([renew(), pause(5000)]);
    } else if (status === 403 || status === 404 || status === 409 || status === 410) {
      closed = error.message;
    } else {
      const wait = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)];
      failures += 1;
      tell("offline", error.message);
      await pause(wait);
    }
  }

  async function pump() {
    if (running || closed || ended) return;
    running = true;
    while (queue.length > 0 && !closed && !ended) {
      const batch = queue.slice(0, limit);
      if (phase === "saved") tell("saving");
      try {
        const { stored } = await send(batch.map((each) => each.event));
        if (!batch.some((each) => stored.includes(each.event.id))) throw new Error("The server stored nothing.");
        failures = 0;
        settle(stored);
        if (queue.length > 0) tell("saving");
      } catch (error) {
        await cope(error, batch);
      }
    }
    running = false;
    if (!ended) tell(closed ? "closed" : "saved", closed);
  }

  return {
    /** Takes over what an earlier page left behind; gives those events back in their order. */
    async load(passId) {
      const left = await store.load(passId);
      queue = [...left.waiting.map((event) => ({ event, kept: Promise.resolve() })), ...queue];
      return left;
    },
    add(event) {
      queue.push({ event, kept: store.add(event) });
      if (phase === "saved") tell("saving");
      else tell(phase, sentence);
      pump();
    },
    start: pump,
    retryNow: () => wake?.(),
    waiting: () => queue.length,
    /** The events that are not stored yet, in order. */
    unsent: () => queue.map((each) => each.event),
    /** Promise of true when everything is stored, false when the pass is closed. */
    empty() {
      if (queue.length === 0 || closed) return Promise.resolve(queue.length === 0);
      return new Promise((resolve) => idle.push(resolve));
    },
  };
}
