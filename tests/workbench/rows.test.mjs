import assert from "node:assert/strict";
import { test } from "node:test";
import { createBeside } from "../../coding_app/ui/workbench/frontend/v2/beside.js";
import { createModel } from "../../coding_app/ui/workbench/frontend/v2/model.js";
import { piecesOf } from "../../coding_app/ui/workbench/frontend/v2/pieces.js";
import { overlapsOf, talkersOf } from "../../coding_app/ui/workbench/frontend/v2/talkers.js";

const joined = (pieces) => pieces.map((each) => each.text).join("");

test("a text is cut where doubt and matches begin and end, and joins to itself again", () => {
  const text = "one two three";
  const pieces = piecesOf(text, [[4, 7, 43]], [{ from: 2, to: 5, active: true }, { from: 8, to: 13, active: false }]);
  assert.equal(joined(pieces), text);
  assert.deepEqual(pieces.map((each) => [each.text, each.percent, each.match, each.active]), [
    ["on", null, false, false], ["e ", null, true, true], ["t", 43, true, true], ["wo", 43, false, false], [" ", null, false, false], ["three", null, true, false],
  ]);
});

test("doubt is counted in the units of a browser, so an emoji before it moves nothing", () => {
  const text = "😀 well";
  assert.equal(piecesOf(text, [[3, 7, 12]]).find((each) => each.percent === 12).text, "well");
});

test("what lies outside the text, or is empty, is left out", () => {
  assert.deepEqual(piecesOf("abc", [[2, 9, 40], [-1, 2, 40], [1, 1, 40]]).map((each) => each.text), ["abc"]);
  assert.deepEqual(piecesOf(""), []);
});

test("a second client has a number of her own, and the one therapist needs none", () => {
  const segments = [["S2", "client"], ["S1", "therapist"], ["S3", "client"], ["S2", "client"], [null, null], ["S9", null]].map(([speaker, role]) => ({ speaker, role }));
  assert.deepEqual([...talkersOf(segments)], [
    ["S2", { role: "client", number: 1 }], ["S3", { role: "client", number: 2 }], ["S1", { role: "therapist", number: null }], ["S9", { role: null, number: null }],
  ]);
});

test("segments that overlap name each other; touching and rounding are no overlap", () => {
  const spans = [[0, 4000], [3000, 5000], [5000, 9000], [8950, 10000], [10000, 30000], [12000, 13000], [20000, 21000]]
    .map(([start_ms, end_ms]) => ({ start_ms, end_ms }));
  assert.deepEqual([...overlapsOf(spans)].sort(), [[0, 1], [1, 0], [4, 5], [5, 4], [6, 4]]);
  assert.equal(overlapsOf([]).size, 0);
});

const code = { id: "gap", label: "Silence", key: "q", attributes: [] };
const scheme = { criteria: [{ id: "flow", codes: [code] }], attributes: {} };
const segments = [0, 1, 2].map((place) => ({ key: `s-000${place + 1}`, start_ms: 4000 * place, end_ms: 4000 * place + 4000 }));
const drawn = (key, start_ms, end_ms = start_ms + 500) => ({ key, start_ms, end_ms });
const judgement = (unit, criterion, codes, note = null) => ({ id: `${unit.key}${criterion}${unit.start_ms}${codes.length}`, unit, criterion, codes: codes.map((each) => ({ code: each, attributes: {}, links: [] })), value: null, note });
const besideOf = (model) => createBeside({ segments, scheme, model, codesOf: () => [], remarkLabel: () => "Remark" });
const indexOf = (key) => ({ "s-0001": 0, "s-0002": 1, "s-0003": 2 })[key];
const labels = (beside) => segments.map((_, index) => beside.of(index).moments.map((each) => each.label));

test("a drawn moment is seen in the row in which it begins, moves with its edge and goes when it is cleared", () => {
  const model = createModel([judgement(drawn("x-1", 4100), "flow", ["gap"])]);
  const beside = besideOf(model);
  assert.deepEqual(labels(beside), [[], ["Silence"], []]);
  const moved = judgement(drawn("x-1", 8200), "flow", ["gap"]);
  model.add(moved);
  assert.deepEqual(beside.judged(moved.unit, indexOf), [1, 2]);
  assert.deepEqual(labels(beside), [[], [], ["Silence"]]);
  const cleared = judgement(drawn("x-1", 8200), "flow", []);
  model.add(cleared);
  assert.deepEqual(beside.judged(cleared.unit, indexOf), [2]);
  assert.deepEqual(labels(beside), [[], [], []]);
});

test("a drawn moment with a remark alone is seen too, and one before the first segment in the first row", () => {
  const beside = besideOf(createModel([judgement(drawn("x-2", -5), "remark", ["flag"])]));
  assert.deepEqual(labels(beside), [["Remark"], [], []]);
});

test("a row says whether it is flagged, uncertain or has a note", () => {
  const beside = besideOf(createModel([judgement(segments[1], "remark", ["flag"], "whose voice?")]));
  assert.equal(beside.remarkOn(0), null);
  assert.deepEqual(beside.of(1).remark, { flag: true, uncertain: false, note: "whose voice?" });
  assert.deepEqual(beside.judged(segments[1], indexOf), [1]);
});
