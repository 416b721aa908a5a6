import assert from "node:assert/strict";
import { test } from "node:test";
import { ZOOMS, barsIn, createView } from "../../coding_app/ui/workbench/frontend/v2/view.js";

const HOUR = 3_600_000;

function opened(durationMs = HOUR, width = 1000) {
  const view = createView({ durationMs });
  view.resize(width);
  return view;
}

test("pixels and moments go into each other at every zoom", () => {
  const view = opened();
  for (let level = 0; level < ZOOMS.length; level++) {
    view.zoom(level, 1_800_000);
    for (const ms of [view.from() + 10, 1_800_000, view.to() - 10]) assert.ok(Math.abs(view.at(view.x(ms)) - ms) <= 1);
  }
});

test("zooming keeps the moment where it is on the screen", () => {
  const view = opened();
  view.pan(5000);
  const ms = view.at(300);
  view.zoom(view.level() + 2, ms);
  assert.ok(Math.abs(view.x(ms) - 300) < 1);
});

test("the window never leaves the recording, and a short recording begins at its left edge", () => {
  const view = opened();
  view.pan(-100_000);
  assert.equal(view.from(), 0);
  view.pan(100_000_000);
  assert.ok(Math.abs(view.to() - HOUR) < 1e-6);
  const short = opened(10_000);
  short.pan(500);
  assert.equal(short.from(), 0);
  assert.equal(short.at(999_999), 10_000);
});

test("while it plays the waveform runs under the playhead; a click in sight moves nothing", () => {
  const view = opened(HOUR, 1000); // 20 px per second: 50 s
  view.follow(40_000, false);
  assert.equal(view.from(), 0);
  for (let step = 0; step < 40; step++) view.follow(40_000 + step * 16, true);
  assert.ok(Math.abs(view.x(40_000 + 39 * 16) - 500) < 2);
  view.follow(1_000_000, false);
  assert.ok(view.x(1_000_000) > 0 && view.x(1_000_000) < 1000);
});

test("bars show the loudest peak under them, belong to the recording and are only those of the window", () => {
  const view = opened(3 * HOUR, 900);
  const peaks = new Float32Array(3 * 3600 * 50);
  peaks[90_000] = 0.9; // at half an hour
  view.follow(1_800_000, false);
  const bars = barsIn(view, peaks, 50, 3);
  assert.ok(bars.length <= 302);
  const loud = bars.filter((each) => each.peak > 0.8);
  assert.equal(loud.length, 1);
  assert.ok(Math.abs(loud[0].x - view.x(1_800_000)) <= 3);
  view.pan(7.3);
  assert.ok(Math.abs(barsIn(view, peaks, 50, 3).find((each) => each.peak > 0.8).x - (loud[0].x - 7.3)) < 1e-6);
});

test("peaks that end before the recording does are simply fewer bars", () => {
  assert.ok(barsIn(opened(), new Float32Array(50), 50, 3).length <= 8);
});
