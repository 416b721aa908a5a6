import assert from "node:assert/strict";
import { test } from "node:test";
import { apply } from "../../coding_app/ui/workbench/frontend/v2/fold.js";
import { createModel } from "../../coding_app/ui/workbench/frontend/v2/model.js";
import { createTimeline } from "../../coding_app/ui/workbench/frontend/v2/timeline.js";

const event = (id, unit, code, more = {}) => ({ id, pass_id: "p", unit: { key: unit, start_ms: 0, end_ms: 10 }, criterion: "empathy",
  codes: code ? [{ code, attributes: {}, links: [] }] : [], value: null, note: null, at: "2026-11-22T10:00:00.000Z", ...more });

function given(ledger) {
  const present = new Map();
  for (const each of ledger) apply(present, each);
  const model = createModel([...present.values()]);
  const timeline = createTimeline({ model, nEvents: ledger.length, readLedger: async () => ledger });
  return { model, timeline, add: (made) => timeline.note(made, model.add(made)) };
}
const contents = (step) => step.changes.map(({ unit, content }) => [unit.key, content.codes.map((each) => each.code).join()]);

test("after a reload undo goes on where the ledger ends, one act at a time", async () => {
  const { timeline } = given([event("1", "s-1", "convey"), event("2", "s-1", "miss", { act: "A", step: "do" }), event("3", "s-2", "miss", { act: "A", step: "do" })]);
  await timeline.complete();
  const found = timeline.next("undo");
  assert.equal(found.act, "A");
  assert.deepEqual(contents(found), [["s-2", ""], ["s-1", "convey"]]);
});

test("an undo in the ledger is not undone again, and can be redone", async () => {
  const { timeline } = given([event("1", "s-1", "convey", { act: "A", step: "do" }), event("2", "s-2", "miss", { act: "B", step: "do" }), event("3", "s-2", null, { act: "B", step: "undo" })]);
  await timeline.complete();
  assert.equal(timeline.next("undo").act, "A");
  assert.deepEqual(contents(timeline.next("redo")), [["s-2", "miss"]]);
});

test("what is done after an undo leaves nothing to redo", async () => {
  const { timeline, add } = given([event("1", "s-1", "convey", { act: "A", step: "do" }), event("2", "s-1", null, { act: "A", step: "undo" })]);
  await timeline.complete();
  assert.ok(timeline.next("redo"));
  add(event("3", "s-2", "miss", { act: "B", step: "do" }));
  assert.equal(timeline.next("redo"), null);
});

test("events that were made before the ledger came are kept once and in order", async () => {
  const stored = event("2", "s-2", "miss", { act: "B", step: "do" });
  const { timeline, add } = given([event("1", "s-1", "convey", { act: "A", step: "do" })]);
  add(stored);
  add(event("3", "s-3", "miss", { act: "C", step: "do" }));
  await timeline.complete();
  assert.equal(timeline.next("undo").act, "C");
  assert.deepEqual(contents(timeline.next("undo")), [["s-3", ""]]);
});

test("undoing a moved edge puts the drawn unit back where it was", async () => {
  const moved = { ...event("2", "x-1", "strain", { act: "B", step: "do" }), unit: { key: "x-1", start_ms: 5, end_ms: 10 } };
  const { timeline } = given([event("1", "x-1", "strain", { act: "A", step: "do" }), moved]);
  await timeline.complete();
  assert.deepEqual(timeline.next("undo").changes[0].unit, { key: "x-1", start_ms: 0, end_ms: 10 });
});

test("an event that was refused leaves the history", async () => {
  const { timeline, model, add } = given([event("1", "s-1", "convey", { act: "A", step: "do" })]);
  await timeline.complete();
  add(event("2", "s-2", "miss", { act: "B", step: "do" }));
  model.drop("2");
  timeline.forget();
  assert.equal(timeline.next("undo").act, "A");
});

test("an edge moved step by step in one act goes back, and forward, in one step", async () => {
  const at = (id, start_ms) => ({ ...event(id, "x-1", "strain", { act: "B", step: "do" }), unit: { key: "x-1", start_ms, end_ms: 100 } });
  const { timeline, add } = given([event("1", "x-1", "strain", { act: "A", step: "do" }), at("2", 10), at("3", 20), at("4", 30)]);
  await timeline.complete();
  const back = timeline.next("undo").changes;
  assert.deepEqual(back.map(({ unit }) => unit.start_ms), [0]);
  add({ ...at("5", 0), step: "undo" });
  assert.deepEqual(timeline.next("redo").changes.map(({ unit }) => unit.start_ms), [30]);
});
