import assert from "node:assert/strict";
import { test } from "node:test";
import { linksFrom, mayLeadOut, relinked, targets, withEvidence, withLinks } from "../../coding_app/ui/workbench/frontend/v2/links.js";

const link = (more = {}) => ({ id: "mends", from: ["repair"], to: ["strain"], required: true, direction: "earlier", cardinality: "many", external: [], ...more });
const judged = (key, start_ms, code) => ({ unit: { key, start_ms, end_ms: start_ms + 10 }, criterion: "c", codes: [{ code, attributes: {}, links: [] }] });
const all = [judged("s-1", 100, "strain"), judged("x-1", 500, "strain"), judged("x-2", 900, "repair"), judged("s-9", 2000, "strain")];
const from = (links, unit = { key: "x-2", start_ms: 900 }) => targets({ judgements: all, links, unit, codeId: "repair" }).map((each) => each.key);

test("a link to something earlier offers what begins no later, nearest first", () => {
  assert.deepEqual(from([link()]), ["x-1", "s-1"]);
});

test("a link in any direction offers what comes later too", () => {
  assert.deepEqual(from([link({ direction: "any" })]), ["x-1", "s-1", "s-9"]);
});

test("a code cannot be linked to itself", () => {
  const own = link({ from: ["strain"], to: ["strain"], direction: "any" });
  const found = targets({ judgements: all, links: [own], unit: all[0].unit, codeId: "strain" });
  assert.deepEqual(found.map((each) => each.key), ["x-1", "s-9"]);
});

test("choosing a target links it, choosing it again takes the link back, and a single one is replaced", () => {
  assert.deepEqual(relinked([link()], ["a"], "b"), ["a", "b"]);
  assert.deepEqual(relinked([link()], ["a", "b"], "a"), ["b"]);
  assert.deepEqual(relinked([link({ cardinality: "one" })], ["a"], "b"), ["b"]);
});

test("the scheme says which codes link and whether an earlier session will do", () => {
  const scheme = { links: [link(), link({ id: "other", from: ["laugh"], external: ["earlier_session"] })] };
  assert.deepEqual(linksFrom(scheme, "repair").map((each) => each.id), ["mends"]);
  assert.equal(mayLeadOut(linksFrom(scheme, "repair")), false);
  assert.equal(mayLeadOut(linksFrom(scheme, "laugh")), true);
});

test("links and evidence leave everything else of a judgement as it was", () => {
  const before = { ...judged("x-2", 900, "repair"), value: null, note: "n" };
  assert.deepEqual(withLinks(before, "repair", ["x-1"]), { codes: [{ code: "repair", attributes: {}, links: ["x-1"] }], value: null, note: "n" });
  assert.deepEqual(before.codes[0].links, []);
  assert.deepEqual(withEvidence({ codes: [{ code: "not_applicable", attributes: {}, links: [] }], value: null, note: null }, ["s-1"]).codes.map((each) => each.code), ["evidence"]);
  assert.deepEqual(withEvidence({ codes: [], value: 4, note: null }, []), { codes: [], value: 4, note: null });
});
