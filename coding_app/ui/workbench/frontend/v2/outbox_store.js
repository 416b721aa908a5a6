// The outbox on this computer: IndexedDB, which outlives a killed browser (localStorage did not); no transcript text.

const NAME = "coding-app-outbox";
const OPENS_WITHIN_MS = 4000; // some browsers neither open nor refuse while they keep nothing

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Settles when the transaction is on the disk; a full disk shows only here. */
function written(objects) {
  return new Promise((resolve, reject) => {
    const { transaction } = objects;
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = globalThis.indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const events = request.result.createObjectStore("events", { keyPath: "order", autoIncrement: true });
      events.createIndex("pass_id", "event.pass_id");
      events.createIndex("id", "event.id", { unique: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function tooLate(scope) {
  return new Promise((_, reject) => scope.timeout(() => reject(new Error("The browser does not open its storage.")), OPENS_WITHIN_MS));
}

/** Falls back to keeping nothing when the browser forbids storage, or has no room left; onProblem is told once. */
export async function openStore({ scope, onProblem }) {
  let database = null;
  let failed = false;
  function problem() {
    if (!failed) onProblem();
    failed = true;
  }
  try {
    database = await Promise.race([openDatabase(), tooLate(scope)]);
  } catch {
    problem();
    return { add: async () => {}, remove: async () => {}, setAside: async () => {}, load: async () => ({ waiting: [], aside: [] }), keeps: () => false, close() {} };
  }
  database.onclose = problem; // the person has cleared what the browser keeps
  const events = (mode) => database.transaction("events", mode).objectStore("events");

  async function quietly(work) {
    try {
      return await work();
    } catch {
      problem();
      return undefined;
    }
  }

  async function keyOf(objects, eventId) {
    return done(objects.index("id").getKey(eventId));
  }

  return {
    add: (event) =>
      quietly(() => {
        const objects = events("readwrite");
        objects.add({ event, refused: null });
        return written(objects);
      }),

    remove: (ids) =>
      quietly(async () => {
        const objects = events("readwrite");
        for (const id of ids) {
          const key = await keyOf(objects, id);
          if (key !== undefined) objects.delete(key);
        }
        await written(objects);
      }),

    setAside: (id, sentence) =>
      quietly(async () => {
        const objects = events("readwrite");
        const key = await keyOf(objects, id);
        if (key === undefined) return;
        const kept = await done(objects.get(key));
        objects.put({ ...kept, refused: sentence });
        await written(objects);
      }),

    async load(passId) {
      const all = (await quietly(() => done(events("readonly").index("pass_id").getAll(passId)))) ?? [];
      all.sort((a, b) => a.order - b.order);
      return {
        waiting: all.filter((each) => each.refused === null).map((each) => each.event),
        aside: all.filter((each) => each.refused !== null),
      };
    },

    /** False once something could not be kept on this computer. */
    keeps: () => !failed,
    close: () => database.close(),
  };
}
