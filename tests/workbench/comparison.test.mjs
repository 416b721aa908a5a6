import assert from "node:assert/strict";
import { test } from "node:test";
import { createComparison } from "../../coding_app/ui/workbench/frontend/v2/comparison.js";

const segments = [1, 2, 3].map((number) => ({ key: `s-000${number}`, start_ms: (number - 1) * 4000, end_ms: number * 4000, role: "client" }));
const RUPTURE = { id: "rupture", unit_kind: "segment", mark: null, exclusive: false, unmarked: "absent",
  codes: [{ id: "withdraw", label: "Withdrawal", role: "client", attributes: [] }, { id: "confront", label: "Confrontation", role: "client", attributes: [] }] };
const EPISODE = { id: "episode", unit_kind: "span", mark: "span", exclusive: false, unmarked: "absent", codes: [{ id: "strain", label: "Strain", role: "dyad", attributes: [] }] };
const scheme = { criteria: [RUPTURE, EPISODE], ratings: [] };
const on = (number, ...codes) => ({ unit: segments[number - 1], criterion: "rupture", codes: codes.map((code) => ({ code, attributes: {}, links: [] })), value: null, note: null });
const strain = (number, start_ms, end_ms) =>
  ({ unit: { key: `x-${number}`, start_ms, end_ms }, criterion: "episode", codes: [{ code: "strain", attributes: {}, links: [] }], value: null, note: null });
const compare = (mine, ...others) => createComparison({ scheme, segments, units: [], durationMs: 12000, me: { name: "You", judgements: mine },
  others: others.map((judgements, place) => ({ name: `Observer ${"AB"[place]}`, judgements })) });
const labels = (row) => row.given.map(({ codes, drawn }) => [...codes.map((each) => each.code.label), ...drawn.map((each) => each.criterion.id)].join("+"));

test("a row shows what each gave, and whether all gave the same", () => {
  const found = compare([on(1, "withdraw"), on(2, "confront")], [on(1, "withdraw")], [on(1, "withdraw")]);
  assert.deepEqual([found.row(0).same, found.row(1).same, found.row(2)], [true, false, null]);
  assert.deepEqual(labels(found.row(1)), ["Confrontation", "", ""]);
  assert.deepEqual(found.observers.map((each) => each.short), ["You", "A", "B"]);
});

test("what was drawn is shown in the row in which it begins, and so is a difference of it", () => {
  const found = compare([strain(1, 1000, 6000)], [strain(2, 5000, 9000)]);
  assert.deepEqual([0, 1, 2].map((row) => found.row(row) && labels(found.row(row))), [["episode", ""], ["", "episode"], null]);
  assert.deepEqual([0, 1, 2].map((row) => found.differencesInRow(row).map((each) => [each.start_ms, each.end_ms])), [[[1000, 5000]], [[6000, 9000]], []]);
});

test("a chosen criterion narrows rows, timeline and list alike", () => {
  const found = compare([on(1, "withdraw"), strain(1, 0, 4000)], []);
  assert.equal(found.listed().differences.length, 2);
  found.narrow({ criterion: "episode" });
  assert.deepEqual(found.listed().differences.map((each) => each.criterion), ["episode"]);
  assert.deepEqual(labels(found.row(0)), ["episode", ""]);
  assert.deepEqual(found.timeline().map((drawn) => drawn.map((each) => each.labels)), [[["Strain"]], []]);
});

test("several codes on one segment are one mark on the timeline", () => {
  const [mine] = compare([on(2, "withdraw", "confront")], []).timeline();
  assert.deepEqual(mine.map(({ start_ms, labels: names, row }) => [start_ms, names, row]), [[4000, ["Withdrawal", "Confrontation"], 1]]);
});
