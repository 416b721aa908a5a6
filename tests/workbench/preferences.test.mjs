import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, createApi } from "../../coding_app/ui/workbench/frontend/v2/api.js";
import { createPreferences } from "../../coding_app/ui/workbench/frontend/v2/preferences.js";

function given({ keep }) {
  const told = [];
  const timers = [];
  const scope = { timeout: (work) => timers.push(work) && (() => timers.splice(0)) };
  const preferences = createPreferences({
    first: { lag_ms: 0, step_ms: 2000 }, keep, scope,
    changed: (now) => told.push(["changed", now.lag_ms]), waiting: () => told.push(["waiting"]), kept: () => told.push(["kept"]), refused: (why) => told.push(["refused", why]),
  });
  return { preferences, told, timers };
}

test("a change counts at once and the whole is sent", async () => {
  const sent = [];
  const { preferences, told } = given({ keep: async (all) => sent.push(all) });
  assert.equal(await preferences.change({ lag_ms: 300 }), true);
  assert.deepEqual(sent, [{ lag_ms: 300, step_ms: 2000 }]);
  assert.deepEqual(told, [["changed", 300]]);
});

test("without a connection it counts here, is told once, and is sent when the server is back", async () => {
  let up = false;
  const sent = [];
  const { preferences, told, timers } = given({ keep: async (all) => (up ? sent.push(all.lag_ms) : Promise.reject(new ApiError(0, "no answer"))) });
  assert.equal(await preferences.change({ lag_ms: 100 }), false);
  assert.equal(await preferences.change({ lag_ms: 200 }), false);
  assert.equal(preferences.now().lag_ms, 200);
  assert.deepEqual(told.filter(([what]) => what === "waiting"), [["waiting"]]);
  assert.equal(timers.length, 1);
  up = true;
  assert.equal(await preferences.retryNow(), true);
  assert.deepEqual(sent, [200]);
  assert.deepEqual(told.at(-1), ["kept"]);
});

test("changes made while one is being sent follow it, the last one last", async () => {
  const sent = [];
  let go;
  const first = new Promise((resolve) => (go = resolve));
  const { preferences } = given({ keep: async (all) => { sent.push(all.lag_ms); if (sent.length === 1) await first; } });
  const one = preferences.change({ lag_ms: 1 });
  preferences.change({ lag_ms: 2 });
  preferences.change({ lag_ms: 3 });
  go();
  await one;
  assert.deepEqual(sent, [1, 3]);
});

test("what the server refuses is told in its words and not tried again", async () => {
  const { preferences, told, timers } = given({ keep: async () => Promise.reject(new ApiError(400, "A step must be from 250 to 30,000 ms.")) });
  assert.equal(await preferences.change({ step_ms: 1 }), false);
  assert.deepEqual(told.at(-1), ["refused", "A step must be from 250 to 30,000 ms."]);
  assert.equal(timers.length, 0);
});

test("another version in a later answer is noticed once, the first is only learnt", async () => {
  let version = "1";
  const fetch = async () => new Response("{}", { headers: { "X-Coding-App-Version": version } });
  const api = createApi({ base: "/api", passId: "p", token: "t", fetch });
  let newer = 0;
  api.whenNewer(() => (newer += 1));
  await api.bootstrap();
  await api.bootstrap();
  assert.equal(newer, 0);
  version = "2";
  await api.bootstrap();
  await api.bootstrap();
  assert.equal(newer, 1);
});
