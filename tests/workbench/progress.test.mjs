import assert from "node:assert/strict";
import { test } from "node:test";
import { played, readStretches, shareOf } from "../../coding_app/ui/workbench/frontend/v2/heard.js";
import { firstOpen, isComplete, progressOf, tabOf } from "../../coding_app/ui/workbench/frontend/v2/progress.js";

const scheme = {
  attributes: { strength: { required: true }, tone: { required: false } },
  criteria: [
    { id: "rupture", unit: "segment", unit_kind: "segment", mark: null, exhaustive: false, codes: [{ id: "rup", attributes: ["strength", "tone"] }, { id: "rep", attributes: [] }] },
    { id: "episode", unit: "episode", unit_kind: "span", mark: "span", exhaustive: false, codes: [{ id: "epi", attributes: [] }] },
    { id: "activity", unit: "episode", unit_kind: "span", mark: "start", exhaustive: true, codes: [{ id: "act", attributes: [] }] },
  ],
  links: [{ required: true, from: ["rep"], to: ["rup"] }],
  ratings: [{ id: "strain", unit_kind: "interval" }, { id: "bond", unit_kind: "session" }, { id: "heal", unit_kind: "session", not_applicable_if_no: ["rup"] }],
  steps: [
    { id: "listen", label: "Listen", unit: "session", unit_kind: "session", tags: false, ratings: [] },
    { id: "tag", label: "Tag", unit: "segment", unit_kind: "segment", tags: true, ratings: [] },
    { id: "mark", label: "Mark", unit: "episode", unit_kind: "span", tags: true, ratings: [] },
    { id: "blocks", label: "Blocks", unit: "block", unit_kind: "interval", tags: false, ratings: ["strain"] },
    { id: "session", label: "Session", unit: "session", unit_kind: "session", tags: false, ratings: ["bond", "heal"] },
  ],
};
const units = [
  { key: "b-0001", kind: "interval", start_ms: 0, end_ms: 5000 }, { key: "b-0002", kind: "interval", start_ms: 5000, end_ms: 9000 },
  { key: "session", kind: "session", start_ms: 0, end_ms: 9000 },
];
const segments = [{ key: "s-0001" }, { key: "s-0002" }];
const code = (id, more = {}) => ({ code: id, attributes: {}, links: [], ...more });
const judged = (key, criterion, codes, value = null, times = { start_ms: 0, end_ms: 4000 }) => ({ unit: { key, ...times }, criterion, codes, value, note: null });
const steps = (judgements, heard = 0, of = scheme) => progressOf({ scheme: of, units, segments, judgements, heard });

test("of listening it says how much was heard, and that is nobody's duty", () => {
  const [listen] = steps([], 0.5);
  assert.deepEqual([listen.kind, listen.heard, listen.done, listen.left], ["listen", 0.5, false, 0]);
  assert.equal(steps([], 0.99)[0].done, true);
});

test("a step of tagging counts what was coded, and what is missing of it", () => {
  const [, tag, mark] = steps([judged("s-0001", "rupture", [code("rup"), code("rep")]), judged("x-1", "episode", [code("epi")], null, { start_ms: 7, end_ms: 7 })]);
  assert.deepEqual([tag.coded, tag.questions, tag.links, tag.left, tag.done], [2, 1, 1, 2, false]);
  assert.deepEqual([mark.coded, mark.ends, mark.uncoded, mark.left], [1, 1, 1, 2]);
});

test("a step of tagging is done when something was coded and nothing of it is open", () => {
  assert.equal(steps([])[1].done, false);
  assert.equal(steps([judged("s-0001", "rupture", [code("rup", { attributes: { strength: 2 } })])])[1].done, true);
});

test("ratings are counted per unit; one that need not apply is not missing", () => {
  const [, , , blocks, session] = steps([judged("b-0001", "strain", [], 3)]);
  assert.deepEqual([blocks.kind, blocks.left], ["rate", 1]);
  assert.equal(session.left, 1);
  const ruptured = steps([judged("s-0001", "rupture", [code("rup", { attributes: { strength: 1 } })]), judged("session", "heal", [code("not_applicable")])]);
  assert.equal(ruptured[4].left, 2);
});

test("nothing is left when all is rated and answered, heard or not", () => {
  const all = [
    judged("s-0001", "rupture", [code("rup", { attributes: { strength: 1 } })]), judged("x-1", "activity", [code("act")]),
    judged("b-0001", "strain", [], 1), judged("b-0002", "strain", [], 1), judged("session", "bond", [], 4), judged("session", "heal", [], 4),
  ];
  assert.equal(isComplete(steps(all)), true);
  assert.equal(firstOpen(steps(all)), 0);
  assert.equal(firstOpen(steps(all, 1)), -1);
  assert.equal(isComplete(steps(all.filter((each) => each.criterion !== "bond"))), false);
});

test("what no step of the scheme covers is still missing at the end", () => {
  const bare = { ...scheme, steps: [] };
  assert.equal(isComplete(steps([], 1, bare)), false);
});

test("a step leads to its tab", () => {
  const [listen, tag, , blocks, session] = steps([]);
  const tabs = ["tag", "moments", "interval", "session"];
  assert.deepEqual([listen, tag, blocks, session].map((each) => tabOf(each, tabs)), ["tag", "tag", "interval", "session"]);
});

test("what is played twice counts once, and jumps are not listened to", () => {
  let heard = played([], 0, 1000);
  heard = played(heard, 900, 2000);
  heard = played(heard, 5000, 6000);
  assert.deepEqual(heard, [[0, 2000], [5000, 6000]]);
  assert.equal(shareOf(heard, 10000), 0.3);
  assert.deepEqual(played(heard, 1800, 5100), [[0, 6000]]);
  assert.deepEqual(played(heard, 10, 10), heard);
});

test("what was kept of it is read back, and nonsense is nothing heard", () => {
  assert.deepEqual(readStretches([[0, 2000], [5000, 6000]]), [[0, 2000], [5000, 6000]]);
  for (const kept of [undefined, null, "x", 7, {}, [[1]], [["a", "b"]], [[5, 1]], [[-1, 4]], [null]]) assert.deepEqual(readStretches(kept), []);
});
