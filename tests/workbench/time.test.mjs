import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, indexAt } from "../../coding_app/ui/workbench/frontend/v2/time.js";

test("moments are written as in Python, with tenths where asked", () => {
  assert.equal(clock(61240), "1:01");
  assert.equal(clock(3600000), "1:00:00");
  assert.equal(clock(61240, { tenths: true }), "1:01.2");
  assert.equal(clock(-5), "0:00");
});

test("a pause belongs to the segment before it", () => {
  const spans = [{ start_ms: 1000, end_ms: 2000 }, { start_ms: 5000, end_ms: 6000 }];
  assert.deepEqual([0, 999, 1000, 3000, 4999, 5000, 99999].map((ms) => indexAt(spans, ms)), [-1, -1, 0, 0, 0, 1, 1]);
  assert.equal(indexAt([], 5), -1);
});

test("the segment found is the one a search from the front finds", () => {
  const spans = Array.from({ length: 300 }, (_, index) => ({ start_ms: index * 7 }));
  for (let ms = 0; ms < 2200; ms += 3) assert.equal(indexAt(spans, ms), spans.findLastIndex((each) => each.start_ms <= ms));
});
