import assert from "node:assert/strict";
import { test } from "node:test";
import { entriesOf, find, resolve, rulesFor } from "../../coding_app/ui/workbench/frontend/v2/codebook_find.js";

const code = (id, more = {}) => ({ id, label: `Label of ${id}`, key: "k", role: "client", definition: "A définition.", include: ["In one", "In two"], exclude: ["Out"],
  examples: ["Said so"], near_misses: [{ text: "Nearly", why: "Because", instead: "other" }], ...more });
const SCHEME = {
  criteria: [{ id: "tone", label: "Tone", codes: [code("warm", { label: "Warmth" }), code("other")] }],
  ratings: [{ id: "bond", label: "Bond", role: "dyad", question: "How close?", high: "Very", low: "" }],
  rules: [{ id: "R1", text: "When warm, say so.", applies_to: ["warm"] }, { id: "R2", text: "In doubt, none.", applies_to: [] }],
};
const ENTRIES = entriesOf(SCHEME, { roles: { client: "Client", dyad: "Both" } });
const places = (found) => found.map(({ entry }) => entry.place);

test("every text of the scheme has a place of its own", () => {
  assert.deepEqual(ENTRIES.map((each) => each.place), ["code:warm", "code:other", "rating:bond", "rule:R1", "rule:R2"]);
  const all = ENTRIES.flatMap((each) => each.passages.map(({ place }) => place));
  assert.equal(new Set(all).size, all.length);
  assert.ok(all.includes("code:warm/include/1") && all.includes("code:other/near_misses/0") && all.includes("rating:bond/high"));
  assert.ok(!all.includes("rating:bond/low"), "what is empty is left out");
});

test("all words must be there, in any case and without accents, and names come first", () => {
  assert.deepEqual(places(find(ENTRIES, "WARM")), ["code:warm", "rule:R1"]);
  assert.deepEqual(places(find(ENTRIES, "definition client")), ["code:warm", "code:other"]);
  assert.deepEqual(places(find(ENTRIES, "doubt warm")), []);
  assert.deepEqual(find(ENTRIES, "  "), []);
  assert.equal(find(ENTRIES, "because")[0].passage.field, "near_misses");
});

test("a bookmark finds its passage where a later version has moved it, and none that is gone", () => {
  assert.equal(resolve(ENTRIES, { place: "code:warm/include/0", text: "In two" }).passage.place, "code:warm/include/1");
  assert.equal(resolve(ENTRIES, { place: "code:warm", text: "Warmth" }).passage, null);
  assert.equal(resolve(ENTRIES, { place: "rule:R2", text: "In doubt" }).passage.text, "In doubt, none.");
  assert.equal(resolve(ENTRIES, { place: "code:gone/include/0", text: "In two" }), null);
  assert.equal(resolve(ENTRIES, { place: "code:warm/include/0", text: "Another text" }), null);
});

test("the rules of a code are those that name it", () => {
  assert.deepEqual(rulesFor(SCHEME, "warm").map((each) => each.id), ["R1"]);
  assert.deepEqual(rulesFor(SCHEME, "other"), []);
});
