import assert from "node:assert/strict";
import { test } from "node:test";
import { createMarks, inRows } from "../../coding_app/ui/workbench/frontend/v2/marks.js";
import { createStretch } from "../../coding_app/ui/workbench/frontend/v2/stretch.js";

const span = (key, start_ms, end_ms, lane = "Phase", more = {}) => ({ key, start_ms, end_ms, lane, ...more });

test("spans that lie side by side share a row, spans that overlap do not", () => {
  const [lane] = inRows([span("x-3", 900, 1500), span("x-1", 0, 1000), span("x-2", 1000, 2000)]);
  assert.equal(lane.n, 2);
  assert.deepEqual(lane.spans.map((each) => [each.key, each.row]), [["x-1", 0], ["x-3", 1], ["x-2", 0]]);
});

test("an open span has its row to itself from its start on", () => {
  const [lane] = inRows([span("x-1", 0, 0, "Phase", { open: true }), span("x-2", 5000, 6000)]);
  assert.equal(lane.n, 2);
});

test("two moments at once are both seen", () => {
  const [lane] = inRows([span("x-1", 70, 70), span("x-2", 70, 70)]);
  assert.equal(lane.n, 2);
});

test("lanes come in the order their source says, empty ones too", () => {
  const lanes = inRows([span("x-1", 0, 5, "B"), span("x-2", 0, 5, "C")], ["A", "B"]);
  assert.deepEqual(lanes.map((each) => [each.label, each.spans.length, each.n]), [["A", 0, 1], ["B", 1, 1], ["C", 1, 1]]);
});

test("a source is read anew at each drawing, replaced by its id and taken away", () => {
  let told = 0;
  const marks = createMarks({ changed: () => (told += 1) });
  const spans = [span("x-1", 0, 5)];
  marks.add({ id: "own", spans: () => spans, arcs: () => [{ from_ms: 1, to_ms: 2, label: "repairs" }] });
  spans.push(span("x-2", 5, 9));
  assert.equal(marks.lanes()[0].spans.length, 2);
  assert.equal(marks.find("x-2").start_ms, 5);
  assert.equal(marks.find(null), null);
  assert.equal(marks.arcs().length, 1);
  marks.add({ id: "own" });
  assert.deepEqual(marks.lanes(), []);
  marks.remove("own");
  marks.redraw();
  assert.equal(told, 4);
});

test("a stretch is marked from either end, adjusted at its end, and cleared once", () => {
  let told = 0;
  const stretch = createStretch({ changed: () => (told += 1) });
  assert.equal(stretch.finish(700), false);
  stretch.begin(5000);
  assert.equal(stretch.value(), null);
  assert.equal(stretch.begun(), 5000);
  stretch.finish(3000);
  assert.deepEqual(stretch.value(), { start_ms: 3000, end_ms: 5000 });
  stretch.finish(9000);
  assert.deepEqual(stretch.value(), { start_ms: 5000, end_ms: 9000 });
  stretch.clear();
  stretch.clear();
  assert.equal(stretch.value(), null);
  assert.equal(told, 4);
});
