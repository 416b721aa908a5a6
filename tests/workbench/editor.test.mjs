import assert from "node:assert/strict";
import test from "node:test";

import { createHistory } from "../../coding_app/ui/workbench/frontend/v2/editor/history.js";
import { actionOf } from "../../coding_app/ui/workbench/frontend/v2/editor/keys.js";
import { createQueue, keptSteps, textsIn } from "../../coding_app/ui/workbench/frontend/v2/editor/queue.js";
import { createState, cutAt, findAll, nextDoubt, wordAt } from "../../coding_app/ui/workbench/frontend/v2/editor/state.js";

const segment = (number, text, start = (number - 1) * 1000) => ({
  key: `s-000${number}`, start_ms: start, end_ms: start + 1000, speaker: "S1", text, flags: [], doubtful: [],
  words: text.split(" ").map((word, place) => [start + place * 100, start + place * 100 + 100, word, 0.9]),
});
const header = { transcript_id: "t1", revision: 1, source: "edit", frozen: false, speakers: [], doubts: [{ key: "s-0003", kinds: ["overlap"] }, { key: "s-0001", kinds: ["very_long"] }] };
const opened = () => createState({ ...header, segments: [segment(1, "one two"), segment(2, "three four"), segment(3, "five")] });
const press = (key, more = {}) => actionOf({ key, code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

test("a changed text stays in its place, a new segment comes where its time is", () => {
  const state = opened();
  assert.deepEqual(state.take({ ...header, changed: [segment(2, "three")], removed: [] }), { structural: false, keys: ["s-0002"] });
  assert.equal(state.segment("s-0002").text, "three");
  const change = state.take({ ...header, changed: [segment(4, "new", 1500)], removed: ["s-0001"] });
  assert.equal(change.structural, true);
  assert.deepEqual(state.segments().map((each) => each.key), ["s-0002", "s-0004", "s-0003"]);
  assert.equal(state.segment("s-0001"), null);
});

test("the next doubtful place goes on in time and round the end", () => {
  const state = opened();
  assert.equal(nextDoubt(state, "s-0001", 1), "s-0003");
  assert.equal(nextDoubt(state, "s-0003", 1), "s-0001");
  assert.equal(nextDoubt(state, "s-0002", -1), "s-0001");
});

test("finding heeds case, whole words and signs that mean something to a pattern", () => {
  const segments = [segment(1, "One bone (one)"), segment(2, "none")];
  const count = (wanted, options) => findAll(segments, wanted, { matchCase: false, wholeWord: false, ...options }).length;
  assert.deepEqual([count("one"), count("one", { matchCase: true }), count("one", { wholeWord: true }), count("(one)"), count(" ")], [4, 3, 2, 1, 0]);
});

test("a segment is cut before the word that is spoken, never at its edges", () => {
  const one = segment(1, "one two three");
  assert.equal(cutAt(one, 120), "one".length);
  assert.equal(cutAt(one, 0), null);
  assert.equal(cutAt(one, 5000), null);
  assert.equal(wordAt(one.words, 150), 1);
});

test("what was undone can be done again until something else is done", () => {
  const history = createHistory();
  history.made("a");
  history.made("b");
  assert.equal(history.undo(), "b");
  assert.equal(history.redo(), "b");
  assert.equal(history.undo(), "b");
  history.made("c");
  assert.equal(history.redo(), null);
  history.restart(["c"]);
  assert.equal(history.undo(), "c");
  assert.equal(history.undo(), null);
});

test("keys name actions, digits name voices", () => {
  assert.deepEqual(press("s"), { action: "split", argument: undefined });
  assert.deepEqual(press("D", { shiftKey: true }), { action: "doubt", argument: -1 });
  assert.deepEqual(press("{", { shiftKey: true }), { action: "moveStart", argument: -250 });
  assert.deepEqual(press("Z", { ctrlKey: true, shiftKey: true }).action, "redo");
  assert.deepEqual(press("2", { code: "Digit2" }), { action: "voice", argument: 1 });
  assert.deepEqual(press("2", { code: "Digit2", altKey: true }), { action: "voiceFromHere", argument: 1 });
  assert.equal(press("q"), null);
});

function aQueue(answers, kept = { list: [], on: null }) {
  const log = [];
  const sent = [];
  const timers = [];
  const scope = { on() {}, ended: () => false, timeout: (work) => { timers.push(work); return () => {}; } };
  const queue = createQueue({
    scope, url: "/u", transcriptId: () => "t1",
    kept: { get: () => ({ on: kept.on, steps: kept.list }), set: ({ on, steps }) => Object.assign(kept, { on, list: steps }) },
    api: { ask: async (_, { body }) => { sent.push(body.transcript_id); log.push(body.edits.map((each) => each.id)); const next = answers.shift(); if (next instanceof Error) throw next; return next; } },
    onDone: () => log.push("done"), onRefused: (error) => log.push(error.message), onState: (state) => log.push(state), onExpired: () => log.push("expired"),
  });
  return { queue, log, timers, kept, sent };
}
const problem = (status, message = "no") => Object.assign(new Error(message), { status });
const settled = () => new Promise((resolve) => globalThis.setImmediate(resolve));

test("steps that the server did not answer are kept and sent again", async () => {
  const { queue, log, timers, kept } = aQueue([problem(0), {}]);
  queue.push({ id: "a" });
  await settled();
  assert.deepEqual([log, kept.list.length], [["saving", ["a"], "offline"], 1]);
  timers.shift()();
  await settled();
  assert.deepEqual([log.slice(3), kept.list], [["saving", ["a"], "done", "saved"], []]);
});

test("a refused step is told and not sent again, those behind it are", async () => {
  const { queue, log, kept } = aQueue([problem(400, "why"), {}]);
  queue.push({ id: "a" });
  queue.push({ id: "b" });
  await settled();
  await settled();
  assert.deepEqual(log, ["saving", ["a"], "why", "saving", ["b"], "done", "saved"]);
  assert.deepEqual(kept.list, []);
});

test("one step that is refused takes none of those with it that were sent along", async () => {
  const { queue, log, timers, kept } = aQueue([problem(0), problem(400, "all"), {}, problem(400, "b is wrong"), {}]);
  for (const id of ["a", "b", "c"]) queue.push({ id });
  await settled();
  timers.shift()();
  for (let turn = 0; turn < 8; turn += 1) await settled();
  assert.deepEqual(log.filter((each) => Array.isArray(each)), [["a"], ["a", "b", "c"], ["a"], ["b"], ["c"]]);
  assert.ok(log.includes("b is wrong") && !log.includes("all"));
  assert.deepEqual([kept.list, log.at(-1)], [[], "saved"]);
});

test("steps from before a reload are sent as made on the revision that was seen then", async () => {
  const { queue, sent, kept } = aQueue([{}, {}], { list: [{ id: "a" }], on: "t0" });
  queue.send();
  await settled();
  queue.push({ id: "b" });
  await settled();
  assert.deepEqual([sent, kept.list], [["t0", "t1"], []]);
});

test("when somebody else was faster, everything that waits is told at once", async () => {
  const { queue, log, timers, kept } = aQueue([problem(0), problem(409, "changed")]);
  for (const id of ["a", "b"]) queue.push({ id });
  await settled();
  timers.shift()();
  await settled();
  assert.deepEqual([log.slice(-2), kept.list], [["changed", "saved"], []]);
});

test("never more steps are sent at once than the server takes", async () => {
  const { queue, log } = aQueue([{}, {}], { list: Array.from({ length: 250 }, (_, id) => ({ id })), on: "t1" });
  queue.send();
  for (let turn = 0; turn < 4; turn += 1) await settled();
  assert.deepEqual(log.filter((each) => Array.isArray(each)).map((each) => each.length), [200, 50]);
});

test("the texts that wait are the last ones that were not undone", () => {
  const write = (id, key, text) => ({ id, step: "do", edit: { op: "set_text", key, text } });
  const steps = [write("a", "s-1", "one"), write("b", "s-1", "two"), write("c", "s-2", "three"), { id: "d", step: "undo", of: "b" }];
  assert.deepEqual([...textsIn(steps)], [["s-1", "one"], ["s-2", "three"]]);
  assert.deepEqual(textsIn([...steps, { id: "e", step: "redo", of: "b" }]).get("s-1"), "two");
});

test("unsent steps outlive the page, each person's for themselves, and a damaged store is an empty one", () => {
  const storage = { held: {}, getItem(name) { return this.held[name] ?? null; }, setItem(name, value) { this.held[name] = value; }, removeItem(name) { delete this.held[name]; } };
  keptSteps("r", "anna", storage).set({ on: "t1", steps: [{ id: "a" }] });
  assert.deepEqual(keptSteps("r", "anna", storage).get(), { on: "t1", steps: [{ id: "a" }] });
  assert.deepEqual(keptSteps("r", "ben", storage).get(), { on: null, steps: [] });
  storage.held["coding-app-edits-r-anna"] = "{";
  assert.deepEqual(keptSteps("r", "anna", storage).get(), { on: null, steps: [] });
});
