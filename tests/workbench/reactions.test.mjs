import assert from "node:assert/strict";
import { test } from "node:test";
import { N_TONES, reactionsTo, summaryOf, toneTimes } from "../../coding_app/ui/workbench/frontend/v2/reactions.js";

test("tones come about a minute long, never at a beat and never so close that a press could answer two", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const times = toneTimes(random);
  const gaps = times.map((each, nth) => each - (times[nth - 1] ?? 0));
  assert.equal(times.length, N_TONES);
  assert.ok(Math.min(...gaps) >= 1600 && Math.max(...gaps) <= 3400);
  assert.ok(new Set(gaps).size > N_TONES / 2);
  assert.ok(times.at(-1) < 68_000);
});

test("a press answers the tone before it, unless it comes too soon to be an answer or too late", () => {
  assert.deepEqual(reactionsTo([1000, 3000, 5000, 7000], [1230, 3050, 3300, 6100, 7999.5]), [230, 300, 999.5]);
  assert.deepEqual(reactionsTo([1000], []), []);
});

test("the summary gives the median and the interquartile range", () => {
  // Median and quartiles by linear interpolation, as numpy.percentile gives them: 225, and 212.5 to 237.5.
  const found = summaryOf([200, 250, 210, 240, 220, 230], 6);
  assert.deepEqual(found, { n: 6, median_ms: 225, spread_ms: 25, tooFew: false, scattered: false, usable: true });
});

test("too few answers and too different ones are told, and next to none are of no use", () => {
  assert.equal(summaryOf(Array(11).fill(200)).tooFew, true);
  assert.equal(summaryOf(Array(11).fill(200)).usable, true);
  assert.equal(summaryOf([200, 210, 220, 230]).usable, false);
  assert.equal(summaryOf(Array.from({ length: 20 }, (_, nth) => 150 + 40 * nth)).scattered, true);
  assert.deepEqual(summaryOf([]), { n: 0, median_ms: null, spread_ms: null, tooFew: true, scattered: false, usable: false });
});
