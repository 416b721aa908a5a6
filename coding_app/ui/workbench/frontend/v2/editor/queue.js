// Steps on their way to the server: in order, kept over a reload of the page, made once however often they are sent.

const AGAIN_MS = 2000;

/**
 * api.ask(url, options). kept: {get(), set(list)} for what was not sent yet. onDone(answer, steps), onRefused(error, steps),
 * onState("saved" | "saving" | "offline"), onExpired(). transcriptId(): the revision that the person sees.
 */
export function createQueue({ api, url, kept, scope, transcriptId, onDone, onRefused, onState, onExpired }) {
  let waiting = kept.get(); // [{id, step, edit | of}]
  let busy = false;
  let again = null;

  function push(step) {
    waiting = [...waiting, step];
    kept.set(waiting);
    send();
  }

  async function send() {
    if (busy || !waiting.length || scope.ended()) return;
    busy = true;
    again?.();
    again = null;
    const batch = waiting;
    onState("saving");
    try {
      const answer = await api.ask(`${url}/edits`, { method: "POST", body: { transcript_id: transcriptId(), edits: batch } });
      done(batch);
      onDone(answer, batch);
    } catch (error) {
      if (error.status === 0 || error.status >= 500) later();
      else if (error.status === 401) expired();
      else {
        done(batch);
        onRefused(error, batch);
      }
    }
    busy = false;
    if (waiting.length) {
      if (!again) send();
    } else onState("saved");
  }

  function done(batch) {
    const sent = new Set(batch.map((each) => each.id));
    waiting = waiting.filter((each) => !sent.has(each.id));
    kept.set(waiting);
  }

  function later() {
    onState("offline");
    again = scope.timeout(() => {
      again = null;
      send();
    }, AGAIN_MS);
  }

  function expired() {
    onState("offline");
    again = scope.timeout(() => {}, AGAIN_MS);
    onExpired();
  }

  scope.on(globalThis, "online", send);
  return { push, send, waiting: () => waiting.length };
}

/** Steps that were not sent, in this browser's storage; nothing is kept where there is none. */
export function keptSteps(recordingId, storage = globalThis.localStorage) {
  const name = `coding-app-edits-${recordingId}`;
  return {
    get() {
      try {
        const found = JSON.parse(storage.getItem(name) ?? "[]");
        return Array.isArray(found) ? found : [];
      } catch {
        return [];
      }
    },
    set(steps) {
      try {
        if (steps.length) storage.setItem(name, JSON.stringify(steps));
        else storage.removeItem(name);
      } catch {
        // Full or forbidden: the steps are still in memory and go on being sent.
      }
    },
  };
}
