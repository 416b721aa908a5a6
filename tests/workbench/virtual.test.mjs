import assert from "node:assert/strict";
import { test } from "node:test";
import { createHeights, linesOf, rowsInView, scrollToShow } from "../../coding_app/ui/workbench/frontend/v2/virtual.js";

/** A generator of numbers in 0 ... below-1 that gives the same ones every time. */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % below;
  };
}

test("rows stand below each other, whatever was measured in which order", () => {
  for (const n of [1, 2, 3, 7, 64, 1000]) {
    const next = numbers(n);
    const real = Array.from({ length: n }, (_, index) => 20 + (index % 5) * 10);
    const heights = createHeights(n, (index) => real[index]);
    for (let round = 0; round < 300; round += 1) {
      const index = next(n);
      const px = 10 + next(120);
      assert.equal(heights.set(index, px), px - real[index]);
      real[index] = px;
    }
    let sum = 0;
    for (let index = 0; index < n; index += 1) {
      assert.equal(heights.offset(index), sum);
      assert.equal(heights.at(sum), index);
      assert.equal(heights.at(sum + real[index] - 0.5), index);
      sum += real[index];
    }
    assert.equal(heights.total(), sum);
    assert.equal(heights.at(sum + 1000), n - 1);
    assert.equal(heights.at(-5), 0);
  }
});

test("a list without rows has no height and none in view", () => {
  const heights = createHeights(0, () => 35);
  assert.equal(heights.total(), 0);
  assert.equal(heights.at(0), -1);
  assert.deepEqual(rowsInView(heights, 0, 500, 100), [0, -1]);
});

test("the rows in view and a margin are few in a list of five thousand", () => {
  const heights = createHeights(5000, () => 35);
  const [first, last] = rowsInView(heights, 100_000, 600, 600);
  assert.ok(heights.offset(first) <= 99_400 && heights.offset(last + 1) >= 101_200);
  assert.ok(last - first < 60);
  assert.deepEqual(rowsInView(heights, 0, 600, 0), [0, 17]);
  assert.equal(rowsInView(heights, heights.total(), 600, 600)[1], 4999);
});

test("what was measured stays when the others are estimated anew, and goes when it is to be forgotten", () => {
  let guess = 30;
  const heights = createHeights(10, () => guess);
  heights.set(3, 100);
  guess = 40;
  heights.reestimate();
  assert.equal(heights.total(), 9 * 40 + 100);
  heights.reestimate(true);
  assert.equal(heights.total(), 400);
});

test("a row in view stays where it is, one outside comes in with room around it", () => {
  const view = { top: 1000, height: 600, room: 80 };
  assert.equal(scrollToShow({ ...view, rowTop: 1200, rowHeight: 40 }), 1000);
  assert.equal(scrollToShow({ ...view, rowTop: 900, rowHeight: 40 }), 820);
  assert.equal(scrollToShow({ ...view, rowTop: 5000, rowHeight: 40 }), 4520);
  assert.equal(scrollToShow({ ...view, rowTop: 0, rowHeight: 40 }), 0);
});

test("a row higher than the view shows its beginning, and showing it again moves nothing", () => {
  const view = { height: 600, room: 80, rowTop: 5000, rowHeight: 2000 };
  const there = scrollToShow({ ...view, top: 0 });
  assert.equal(there, 4920);
  assert.equal(scrollToShow({ ...view, top: there }), there);
});

test("an empty text takes a line, and so does any width", () => {
  assert.equal(linesOf(0, 60), 1);
  assert.equal(linesOf(61, 60), 2);
  assert.equal(linesOf(3, 0), 3);
});
