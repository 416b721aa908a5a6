import assert from "node:assert/strict";
import { test } from "node:test";
import { createSearch, firstFrom, foldText, matchesOf } from "../../coding_app/ui/workbench/frontend/v2/search.js";

const over = (lines, notes = {}) => createSearch({ n: lines.length, textOf: (index) => lines[index], noteOf: (index) => notes[index] ?? null });
const words = (lines, query) => over(lines).find(query).map(({ index, from, to }) => lines[index].slice(from, to));

test("case and accents do not matter, in the query nor in the text", () => {
  assert.deepEqual(words(["Café", "cafe\u0301", "CAFE", "cab"], "cafe"), ["Café", "cafe\u0301", "CAFE"]);
  assert.deepEqual(words(["cafe"], "CAFÉ"), ["cafe"]);
  assert.deepEqual(words(["Η ΨΥΧΉ μου"], "ψυχη"), ["ΨΥΧΉ"]);
  assert.deepEqual(words(["İzmir"], "izmir"), ["İzmir"]);
  assert.deepEqual(words(["שָׁלוֹם"], "שלום"), ["שָׁלוֹם"]);
});

test("what is found is told in the units of the text, after emoji and accents too", () => {
  assert.deepEqual(over(["😀👩‍👩‍👧 naïve naive"]).find("naive"), [{ index: 0, from: 11, to: 16 }, { index: 0, from: 17, to: 22 }]);
  assert.deepEqual(words(["a 😀 b"], "😀"), ["😀"]);
});

test("a typed apostrophe finds the printed one", () => {
  assert.deepEqual(words(["I don’t know"], "don't"), ["don’t"]);
});

test("every place counts once, in order, and none inside another", () => {
  assert.deepEqual(over(["aaaa", "b", "a"]).find("aa"), [{ index: 0, from: 0, to: 2 }, { index: 0, from: 2, to: 4 }]);
});

test("nothing, or spaces only, finds nothing", () => {
  assert.deepEqual(over(["a b"]).find(""), []);
  assert.deepEqual(over(["a b"]).find("  "), []);
  assert.deepEqual(over(["a b"]).find("\u0301"), []);
});

test("a sign that means something in a pattern is only a sign", () => {
  assert.deepEqual(words(["what (really?) .* yes"], ".*"), [".*"]);
});

test("a note is found on its row, after the row's text", () => {
  const search = over(["sad today", "glad"], { 0: "Sad voice", 1: "listen again" });
  assert.deepEqual(search.find("sad"), [{ index: 0, from: 0, to: 3 }, { index: 0, note: true }]);
});

test("a corrected text is found as it reads now", () => {
  const lines = ["tea"];
  const search = over(lines);
  assert.equal(search.find("sea").length, 0);
  lines[0] = "sea";
  search.forget(0);
  assert.equal(search.find("sea").length, 1);
});

test("the first match is the one at or after the row one is in, and else the first of all", () => {
  const found = [{ index: 2 }, { index: 5 }, { index: 5 }, { index: 9 }];
  assert.deepEqual([0, 2, 3, 5, 9, 10].map((row) => firstFrom(found, row)), [0, 0, 1, 1, 3, 0]);
  assert.equal(firstFrom([], 3), -1);
  assert.deepEqual(matchesOf(found, 5).map((each) => each.place), [1, 2]);
  assert.deepEqual(matchesOf(found, 10), []);
  assert.deepEqual(matchesOf([], 0), []);
});

test("folding plain text leaves every letter where it was", () => {
  assert.deepEqual(foldText("Hello, World"), { folded: "hello, world", places: null });
});

test("five thousand segments with accents are searched in less than 50 ms a key, once they were read", () => {
  const lines = Array.from({ length: 5000 }, (_, index) => `Segment ${index}: schön, ich weiß nicht, ob das hier überhaupt hilft; es fühlt sich an wie ein Café ohne Tür.`);
  const search = over(lines);
  search.find("x");
  const times = ["e", "es", "es fü", "cafe", "segment 4999"].map((query) => {
    const begun = performance.now();
    assert.ok(search.find(query).length > 0);
    return performance.now() - begun;
  });
  assert.ok(times.sort((a, b) => a - b)[2] < 50, String(times));
});
