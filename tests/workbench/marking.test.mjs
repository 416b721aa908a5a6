import assert from "node:assert/strict";
import { test } from "node:test";
import { momentHeard, moved, newKey, placed, pressed, recoded } from "../../coding_app/ui/workbench/frontend/v2/marking.js";
import { momentsOf, running } from "../../coding_app/ui/workbench/frontend/v2/spans.js";

const code = (id, role = "dyad") => ({ id, role, label: id, attributes: [] });
const criterion = (mark, exclusive = false) => ({ id: "c", label: "C", unit_kind: "span", mark, exclusive, codes: [code("a"), code("b"), code("t", "therapist")] });
const DURATION = 60_000;

/** Presses codes one after another and gives what holds then: [start, end, codes]. */
function played(which, ...presses) {
  let held = [];
  const did = [];
  for (const [id, at, stretch] of presses) {
    const result = pressed({ judgements: held, criterion: which, code: which.codes.find((each) => each.id === id), at, stretch });
    did.push(result.did);
    for (const { unit, criterion: name, content } of result.changes) {
      held = held.filter((each) => each.unit.key !== unit.key);
      if (content.codes.length) held.push({ unit, criterion: name, ...content });
    }
  }
  const spans = held.map(({ unit, codes }) => [unit.start_ms, unit.end_ms, codes.map((each) => each.code).join()]).sort((x, y) => x[0] - y[0]);
  return { held, did, spans };
}

test("the same key begins a span and ends it; another runs beside it", () => {
  const { spans, did } = played(criterion("span"), ["a", 1000], ["b", 2000], ["a", 3000]);
  assert.deepEqual(did, ["begun", "begun", "ended"]);
  assert.deepEqual(spans, [[1000, 3000, "a"], [2000, 2000, "b"]]);
});

test("in an exclusive criterion the next span ends the running one of its role, in one act", () => {
  const { spans } = played(criterion("span", true), ["a", 1000], ["t", 1500], ["b", 2000]);
  assert.deepEqual(spans, [[1000, 2000, "a"], [1500, 1500, "t"], [2000, 2000, "b"]]);
});

test("a span cannot end before it began, and at its very start the key takes it back", () => {
  const early = played(criterion("span"), ["a", 3000], ["a", 1000]);
  assert.equal(early.did[1], "early");
  assert.deepEqual(early.spans, [[3000, 3000, "a"]]);
  assert.deepEqual(played(criterion("span"), ["a", 3000], ["a", 3000]).spans, []);
});

test("a stretch that was marked before takes the code whole, or its start where only starts or moments count", () => {
  const stretch = { start_ms: 500, end_ms: 900 };
  assert.deepEqual(played(criterion("span"), ["a", 9000, stretch]).spans, [[500, 900, "a"]]);
  assert.deepEqual(played(criterion("start"), ["a", 9000, stretch]).spans, [[500, 500, "a"]]);
  assert.deepEqual(played(criterion("point"), ["a", 9000, stretch]).spans, [[500, 500, "a"]]);
});

test("of starts and moments every press is one more, and an exclusive criterion keeps one code at one moment", () => {
  assert.deepEqual(played(criterion("start", true), ["a", 0], ["b", 700], ["a", 900]).spans, [[0, 0, "a"], [700, 700, "b"], [900, 900, "a"]]);
  assert.deepEqual(played(criterion("start", true), ["a", 700], ["b", 700]).spans, [[700, 700, "b"]]);
  assert.deepEqual(played(criterion("point"), ["a", 700], ["b", 700]).spans.length, 2);
});

test("the reaction is taken off what is marked while playing, longer when it plays faster, and never before the beginning", () => {
  const given = { position: 5000, playing: true, rate: 1, lagMs: 300, durationMs: DURATION };
  assert.equal(momentHeard(given), 4700);
  assert.equal(momentHeard({ ...given, rate: 2 }), 4400);
  assert.equal(momentHeard({ ...given, playing: false }), 5000);
  assert.equal(momentHeard({ ...given, position: 100 }), 0);
});

test("edges keep a span inside the recording and longer than nothing", () => {
  const unit = { key: "x", start_ms: 50, end_ms: 300 };
  assert.deepEqual(moved(unit, "span", "start", -100, DURATION), { key: "x", start_ms: 0, end_ms: 300 });
  assert.deepEqual(moved(unit, "span", "start", 500, DURATION), { key: "x", start_ms: 200, end_ms: 300 });
  assert.deepEqual(moved(unit, "span", "end", -500, DURATION), { key: "x", start_ms: 50, end_ms: 150 });
  assert.deepEqual(moved({ ...unit, end_ms: 50 }, "start", "start", 100, DURATION), { key: "x", start_ms: 150, end_ms: 150 });
  assert.equal(moved({ ...unit, end_ms: 50 }, "start", "end", 100, DURATION), null);
  assert.equal(moved({ ...unit, end_ms: 50 }, "span", "end", 100, DURATION), null);
  assert.deepEqual(placed(unit, "span", { start_ms: 400.4, end_ms: 380 }, DURATION), { key: "x", start_ms: 400, end_ms: 500 });
  assert.deepEqual(placed(unit, "point", { start_ms: 90_000, end_ms: 90_000 }, DURATION), { key: "x", start_ms: DURATION, end_ms: DURATION });
});

test("the code of a moment that is taken up can be changed, and its last code stays", () => {
  const which = criterion("span", true);
  const { held } = played(which, ["a", 0, { start_ms: 0, end_ms: 500 }]);
  assert.deepEqual(recoded(held[0], which, which.codes[1]).content.codes.map((each) => each.code), ["b"]);
  assert.equal(recoded(held[0], which, which.codes[0]).same, true);
});

test("what is listed has derived ends, says what is running, and leaves no remark out", () => {
  const which = criterion("start", true);
  const { held } = played(which, ["a", 0], ["b", 700]);
  const remark = { unit: { key: "x-9", start_ms: 300, end_ms: 400 }, criterion: "remark", codes: [], value: null, note: "look" };
  const listed = momentsOf([...held, remark], [which], DURATION);
  assert.deepEqual(listed.map(({ start_ms, end_ms, running: open }) => [start_ms, end_ms, open]), [[0, 700, false], [300, 400, false], [700, DURATION, true]]);
  assert.equal(listed[1].criterion, null);
  assert.deepEqual(running(held, criterion("point")), []);
});

test("keys of drawn units are what the server takes", () => {
  assert.match(newKey(), /^x-[0-9a-f]{32}$/);
});
