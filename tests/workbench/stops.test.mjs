import assert from "node:assert/strict";
import { test } from "node:test";
import { nextStop, placeAmong, stopsOf } from "../../coding_app/ui/workbench/frontend/v2/stops.js";

const segments = ["therapist", "client", "therapist", "other"].map((role, index) => ({ key: `s-${index + 1}`, start_ms: index * 1000, role }));
const scheme = { criteria: [
  { id: "empathy", unit_kind: "segment", codes: [{ id: "emp", role: "therapist" }] },
  { id: "phase", unit_kind: "span", codes: [{ id: "work", role: "dyad" }] },
] };
const judged = (key, criterion, code, ms = 0) => ({ unit: { key, start_ms: ms, end_ms: ms }, criterion, codes: code ? [{ code }] : [] });
const keys = (kind, judgements, more = {}) => stopsOf(kind, { segments, scheme, judgements, ...more }).map((each) => each.key);

test("untagged are the segments that a code would fit and that have none", () => {
  assert.deepEqual(keys("untagged", []), ["s-1", "s-3", "s-4"]);
  assert.deepEqual(keys("untagged", [judged("s-1", "empathy", "emp"), judged("s-3", "remark", "flag")]), ["s-3", "s-4"]);
  assert.deepEqual(keys("tagged", [judged("s-3", "empathy", "emp"), judged("s-1", "empathy", null)]), ["s-3"]);
});

test("flagged are all units with a flag or a doubt, moments the drawn ones, each once and in time", () => {
  const some = [judged("x-b", "phase", "work", 2500), judged("x-b", "remark", "uncertain", 2500), judged("s-1", "remark", "flag", 0),
    judged("x-a", "phase", "work", 500), { ...judged("s-2", "remark", null, 1000), note: "hm" }];
  assert.deepEqual(keys("flagged", some), ["s-1", "x-b"]);
  assert.deepEqual(keys("moment", some), ["x-a", "x-b"]);
});

test("differences are those of the comparison in its order, none without one", () => {
  assert.deepEqual(keys("difference", []), []);
  assert.deepEqual(keys("difference", [], { differences: [{ key: "s-3", ms: 2000 }, { key: "s-1", ms: 0 }] }), ["s-3", "s-1"]);
});

test("from a stop to the next, from between two to the nearest, and at the ends no further", () => {
  const stops = [{ key: "s-1", ms: 0 }, { key: "s-5", ms: 5000 }, { key: "s-9", ms: 9000 }];
  assert.equal(nextStop(stops, { key: "s-1", ms: 0 }, 1), 1);
  assert.equal(nextStop(stops, { key: "s-3", ms: 3000 }, 1), 1);
  assert.equal(nextStop(stops, { key: "s-3", ms: 3000 }, -1), 0);
  assert.equal(nextStop(stops, { key: "s-9", ms: 9000 }, 1), -1);
  assert.equal(nextStop(stops, { key: "s-1", ms: 0 }, -1), -1);
  assert.equal(nextStop([], { key: "s-1", ms: 0 }, 1), -1);
});

test("among several stops on one unit the one gone to last is meant", () => {
  const stops = [{ key: "s-1", ms: 0 }, { key: "s-1", ms: 0 }, { key: "s-2", ms: 1000 }];
  assert.equal(placeAmong(stops, { key: "s-1", ms: 0 }, 1), 1);
  assert.equal(nextStop(stops, { key: "s-1", ms: 0 }, 1, 0), 1);
  assert.equal(nextStop(stops, { key: "s-1", ms: 0 }, 1, 1), 2);
});
