// The outbox on this computer: IndexedDB, which outlives a killed browser (localStorage did not); no transcript text.

const NAME = "coding-app-outbox";

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
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

/** Falls back to keeping nothing when the browser forbids storage; onProblem is told once. */
export async function openStore(onProblem) {
  let database = null;
  let told = false;
  function problem() {
    if (!told) onProblem();
    told = true;
  }
  try {
    database = await openDatabase();
  } catch {
    problem();
    return { add: async () => {}, remove: async () => {}, setAside: async () => {}, load: async () => ({ waiting: [], aside: [] }), close() {} };
  }
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
    add: (event) => quietly(() => done(events("readwrite").add({ event, refused: null }))),

    remove: (ids) =>
      quietly(async () => {
        const objects = events("readwrite");
        for (const id of ids) {
          const key = await keyOf(objects, id);
          if (key !== undefined) objects.delete(key);
        }
      }),

    setAside: (id, sentence) =>
      quietly(async () => {
        const objects = events("readwrite");
        const key = await keyOf(objects, id);
        if (key === undefined) return;
        const kept = await done(objects.get(key));
        objects.put({ ...kept, refused: sentence });
      }),

    async load(passId) {
      const all = (await quietly(() => done(events("readonly").index("pass_id").getAll(passId)))) ?? [];
      all.sort((a, b) => a.order - b.order);
      return {
        waiting: all.filter((each) => each.refused === null).map((each) => each.event),
        aside: all.filter((each) => each.refused !== null),
      };
    },

    close: () => database.close(),
  };
}
