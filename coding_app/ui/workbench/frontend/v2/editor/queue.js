// Steps on their way to the server: in order, kept over a reload of the page, made once however often they are sent.

const AGAIN_MS = 2000;
const MOST = 200; // steps in one request, as the server takes them

/**
 * api.ask(url, options). kept: {get(), set({on, steps})} for what was not sent yet. onDone(answer, steps), onRefused(error,
 * steps), onState("saved" | "saving" | "offline"), onExpired(). transcriptId(): the revision that the person sees.
 */
export function createQueue({ api, url, kept, scope, transcriptId, onDone, onRefused, onState, onExpired }) {
  let { on, steps: waiting } = kept.get(); // on: the revision on which the first was made; steps: [{id, step, edit | of}]
  let busy = false;
  let again = null;
  let singly = 0; // how many are sent one by one, because together they were refused

  function push(step) {
    if (!waiting.length) on = transcriptId();
    waiting = [...waiting, step];
    kept.set({ on, steps: waiting });
    send();
  }

  async function send() {
    if (busy || !waiting.length || scope.ended()) return;
    busy = true;
    again?.();
    again = null;
    const batch = waiting.slice(0, singly ? 1 : MOST);
    onState("saving");
    try {
      const answer = await api.ask(`${url}/edits`, { method: "POST", body: { transcript_id: on ?? transcriptId(), edits: batch } });
      done(batch);
      onDone(answer, batch);
      on = transcriptId();
      kept.set({ on, steps: waiting });
    } catch (error) {
      failed(error, batch);
    }
    busy = false;
    if (waiting.length) {
      if (!again) send();
    } else onState("saved");
  }

  function failed(error, batch) {
    if (error.status === 0 || error.status >= 500) later();
    else if (error.status === 401) expired();
    else if (error.status === 409) {
      const all = waiting; // what follows was made on the same revision
      done(all);
      onRefused(error, all);
    } else if (batch.length > 1) singly = batch.length;
    else {
      done(batch);
      onRefused(error, batch);
    }
  }

  function done(batch) {
    const sent = new Set(batch.map((each) => each.id));
    waiting = waiting.filter((each) => !sent.has(each.id));
    singly = Math.max(0, singly - batch.length);
    kept.set({ on, steps: waiting });
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
  return { push, send, waiting: () => waiting.length, steps: () => waiting };
}

/** The texts that steps write, by segment: the last one that was not undone. */
export function textsIn(steps) {
  const made = steps.filter((each) => each.step === "do" && each.edit?.op === "set_text");
  const undone = new Set();
  for (const { step, of } of steps) {
    if (step === "undo") undone.add(of);
    if (step === "redo") undone.delete(of);
  }
  return new Map(made.filter((each) => !undone.has(each.id)).map(({ edit }) => [edit.key, edit.text]));
}

/** Steps that were not sent, in this browser's storage, for one person each; nothing is kept where there is none. */
export function keptSteps(recordingId, coderId, storage = globalThis.localStorage) {
  const name = `coding-app-edits-${recordingId}-${coderId}`;
  return {
    get() {
      try {
        const { on, steps } = JSON.parse(storage.getItem(name));
        return { on: on ?? null, steps: Array.isArray(steps) ? steps : [] };
      } catch {
        return { on: null, steps: [] };
      }
    },
    set({ on, steps }) {
      try {
        if (steps.length) storage.setItem(name, JSON.stringify({ on, steps }));
        else storage.removeItem(name);
      } catch {
        // Full or forbidden: the steps are still in memory and go on being sent.
      }
    },
  };
}
