import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, createApi } from "../../coding_app/ui/workbench/frontend/v2/api.js";
import { createOutbox } from "../../coding_app/ui/workbench/frontend/v2/outbox.js";
import { createScope } from "../../coding_app/ui/workbench/frontend/v2/scope.js";

class FakeStore {
  kept = new Map();
  async load() {
    const all = [...this.kept.values()];
    return { waiting: all.filter((each) => !each.refused).map((each) => each.event), aside: all.filter((each) => each.refused) };
  }
  async add(event) { this.kept.set(event.id, { event, refused: null }); }
  async remove(ids) { for (const id of ids) this.kept.delete(id); }
  async setAside(id, refused) { this.kept.get(id).refused = refused; }
}

/** Stores each id once, in order of arrival; fails as told. */
class FakeServer {
  rows = [];
  inFlight = 0;
  most = 0;
  calls = 0;
  poisoned = new Set();
  fail = () => null;
  send = async (events) => {
    this.calls += 1;
    this.inFlight += 1;
    this.most = Math.max(this.most, this.inFlight);
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.inFlight -= 1;
    const failure = this.fail(this.calls);
    if (failure === "after") this.take(events);
    if (failure) throw failure === "after" ? new ApiError(0, "cut off") : failure;
    if (events.some((each) => this.poisoned.has(each.id))) throw new ApiError(400, "An event says what the scheme does not have.");
    return { stored: this.take(events) };
  };
  take(events) {
    for (const { id } of events) if (!this.rows.includes(id)) this.rows.push(id);
    return events.map((each) => each.id);
  }
}

function given({ server = new FakeServer(), store = new FakeStore(), renew = async () => {} } = {}) {
  const scope = createScope();
  const states = [];
  const refused = [];
  const outbox = createOutbox({ store, send: server.send, renew, scope, onState: (state) => states.push(state), onRefused: (event, why) => refused.push([event.id, why]) });
  return { server, store, scope, states, refused, outbox };
}
const ids = (n) => Array.from({ length: n }, (_, index) => `e${index}`);
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test("every event is stored once, in order, with one batch in flight", async () => {
  const { outbox, server, store, states } = given();
  for (const id of ids(500)) outbox.add({ id });
  assert.equal(await outbox.empty(), true);
  await settled();
  assert.deepEqual(server.rows, ids(500));
  assert.equal(server.most, 1);
  assert.ok(server.calls < 10);
  assert.equal(store.kept.size, 0);
  assert.equal(states.at(-1).phase, "saved");
});

test("a lost connection keeps everything and sends it when the server is back", async () => {
  const { outbox, server, states, store } = given();
  server.fail = (call) => (call <= 2 ? new ApiError(0, "The server cannot be reached.") : null);
  for (const id of ids(5)) outbox.add({ id });
  await outbox.empty();
  await settled();
  assert.deepEqual(server.rows, ids(5));
  assert.ok(states.some((state) => state.phase === "offline" && state.waiting === 5));
  assert.equal(store.kept.size, 0);
});

test("an answer that got lost after the commit doubles nothing", async () => {
  const { outbox, server } = given();
  server.fail = (call) => (call === 1 ? "after" : null);
  for (const id of ids(5)) outbox.add({ id });
  await outbox.empty();
  assert.deepEqual(server.rows, ids(5));
});

test("a reload takes over what was left, before what is new", async () => {
  const store = new FakeStore();
  const dead = given({ store });
  dead.server.fail = () => new ApiError(503, "The database is busy.");
  for (const id of ids(3)) dead.outbox.add({ id });
  await settled();
  dead.scope.end();
  const { outbox, server } = given({ store });
  const left = await outbox.load("p");
  assert.deepEqual(left.waiting.map((each) => each.id), ids(3));
  outbox.add({ id: "new" });
  await outbox.empty();
  assert.deepEqual(server.rows, [...ids(3), "new"]);
});

test("one event that the server refuses is set aside and told, all others go on", async () => {
  const { outbox, server, refused, store } = given();
  server.poisoned = new Set(["e7", "e40"]);
  for (const id of ids(60)) outbox.add({ id });
  assert.equal(await outbox.empty(), true);
  await settled();
  assert.deepEqual(server.rows, ids(60).filter((id) => !server.poisoned.has(id)));
  assert.deepEqual(refused.map(([id]) => id), ["e7", "e40"]);
  assert.match(refused[0][1], /scheme does not have/);
  assert.deepEqual((await store.load()).aside.map((each) => each.event.id), ["e7", "e40"]);
});

test("a token that has run out is renewed and nothing is lost", async () => {
  let renewed = 0;
  const { outbox, server, states } = given({ renew: async () => { renewed += 1; } });
  server.fail = (call) => (call === 1 ? new ApiError(401, "Sign in again.") : null);
  outbox.add({ id: "e0" });
  await outbox.empty();
  assert.equal(renewed, 1);
  assert.deepEqual(server.rows, ["e0"]);
  assert.ok(states.some((state) => state.phase === "expired"));
});

test("a pass that is submitted, gone or not one's own closes the outbox, and what waits is kept on this computer", async () => {
  for (const status of [403, 404, 409, 410]) {
    const { outbox, server, store, states } = given();
    server.fail = () => new ApiError(status, "This pass takes nothing.");
    outbox.add({ id: "e0" });
    assert.equal(await outbox.empty(), false);
    assert.deepEqual(states.at(-1), { phase: "closed", waiting: 1, sentence: "This pass takes nothing." });
    assert.equal(store.kept.size, 1);
    assert.deepEqual(outbox.unsent(), [{ id: "e0" }]);
    assert.equal(server.calls, 1);
  }
});

test("the network coming back ends the wait", async () => {
  const { outbox, server } = given();
  server.fail = (call) => (call <= 4 ? new ApiError(0, "gone") : null);
  outbox.add({ id: "e0" });
  const began = Date.now();
  const nudge = setInterval(outbox.retryNow, 3);
  await outbox.empty();
  clearInterval(nudge);
  assert.ok(Date.now() - began < 1000); // 2.9 s of pauses otherwise
});

test("after the end no timer is left and nothing is sent", async () => {
  const { outbox, server, scope } = given();
  server.fail = () => new ApiError(0, "gone");
  outbox.add({ id: "e0" });
  await settled();
  scope.end();
  const { calls } = server;
  await settled();
  assert.equal(server.calls, calls);
});

test("the server's sentence reaches the person, and a silent failure has one too", async () => {
  const answer = (status, body) => async () => new Response(body, { status });
  const api = (fetch) => createApi({ base: "/api", passId: "p 1", token: "t", fetch });
  await assert.rejects(api(answer(409, '{"error": "Locked.", "gaps": []}')).submit(), (error) => error.status === 409 && error.message === "Locked." && error.body.gaps.length === 0);
  await assert.rejects(api(answer(502, "<html>")).submit(), (error) => error.status === 502 && /502/.test(error.message));
  await assert.rejects(api(answer(200, '{"cut')).submit(), (error) => error.status === 0);
  await assert.rejects(api(async () => { throw new TypeError("failed"); }).submit(), (error) => error.status === 0);
});

test("the token goes in the header, never in the address", async () => {
  let seen = null;
  const api = createApi({ base: "/api", passId: "p 1", token: "secret", fetch: async (url, options) => { seen = { url, ...options }; return new Response('{"stored": []}'); } });
  api.setToken("fresh");
  await api.sendEvents([]);
  assert.equal(seen.url, "/api/passes/p%201/events");
  assert.equal(seen.headers.Authorization, "Bearer fresh");
});
