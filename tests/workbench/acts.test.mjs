import assert from "node:assert/strict";
import { test } from "node:test";
import { createActs } from "../../coding_app/ui/workbench/frontend/v2/acts.js";
import { digitsOf, newId, toggled } from "../../coding_app/ui/workbench/frontend/v2/coding.js";
import { createHistory } from "../../coding_app/ui/workbench/frontend/v2/history.js";
import { createModel } from "../../coding_app/ui/workbench/frontend/v2/model.js";

const code = (id, role, key, attributes = []) => ({ id, label: id, role, key, attributes });
const scheme = {
  criteria: [
    { id: "empathy", exclusive: true, codes: [code("convey", "therapist", "e", ["strength"]), code("miss", "therapist", "m", ["strength"]), code("received", "client", "u"), code("shared", "dyad", "d")] },
    { id: "rupture", exclusive: false, codes: [code("withdraw", "client", "w", ["strength", "facet"]), code("confront", "client", "f")] },
  ],
  attributes: {
    strength: { label: "Strength", required: true, values: [{ value: 1, label: "slight" }, { value: 2, label: "plain" }, { value: 3, label: "strong" }] },
    facet: { label: "Facet", required: true, values: [{ value: "bond", label: "bond" }, { value: "goal", label: "goal" }] },
  },
};
const therapist = { key: "s-1", start_ms: 0, end_ms: 1000, role: "therapist" };
const client = { key: "s-2", start_ms: 1000, end_ms: 2000, role: "client" };
const bond = { id: "bond", label: "Bond", values: [{ value: 4, label: "even" }] };
const session = { key: "session", start_ms: 0, end_ms: 2000 };

function given({ locked = false } = {}) {
  const model = createModel([]);
  const sent = [];
  const told = [];
  const acts = createActs({ passId: "p", scheme, model, history: createHistory(), locked: () => locked, send: (event) => sent.push(event), changed() {}, tell: (text) => told.push(text), say() {} });
  const press = (id, segment) => {
    const criterion = scheme.criteria.find((each) => each.codes.some((found) => found.id === id));
    acts.pressCode({ criterion, code: criterion.codes.find((each) => each.id === id) }, [segment].flat());
  };
  return { model, sent, told, acts, press, codes: (segment, criterion) => model.judgement(segment.key, criterion)?.codes ?? [] };
}

test("a code is one event at once, and each answer one more", () => {
  const { sent, acts, press, codes } = given();
  press("withdraw", client);
  acts.digit("2", [client]);
  acts.digit("1", [client]);
  assert.equal(sent.length, 3);
  assert.deepEqual(codes(client, "rupture"), [{ code: "withdraw", attributes: { strength: 2, facet: "bond" }, links: [] }]);
  assert.equal(acts.asked(), null);
});

test("a digit answers the code just given even when playing has gone on to the next segment", () => {
  const { acts, press, codes } = given();
  press("convey", therapist);
  acts.digit("3", [client]);
  assert.equal(codes(therapist, "empathy")[0].attributes.strength, 3);
});

test("a code of the other speaker does nothing and says why", () => {
  const { sent, told, press } = given();
  press("withdraw", therapist);
  assert.equal(sent.length, 0);
  assert.match(told[0], /client.*therapist speaks/);
});

test("a code fits a speaker whose role is neither therapist nor client", () => {
  const { sent, press } = given();
  press("withdraw", { ...client, role: null });
  press("convey", { ...client, role: "other" });
  assert.equal(sent.length, 2);
});

test("an exclusive criterion keeps one code per role, another criterion several", () => {
  const { press, codes } = given();
  press("convey", therapist);
  press("shared", therapist);
  press("miss", therapist);
  assert.deepEqual(codes(therapist, "empathy").map((each) => each.code), ["shared", "miss"]);
  press("withdraw", client);
  press("confront", client);
  assert.equal(codes(client, "rupture").length, 2);
});

test("the same key again takes the code away", () => {
  const { press, codes, acts } = given();
  press("convey", therapist);
  press("convey", therapist);
  assert.deepEqual(codes(therapist, "empathy"), []);
  assert.equal(acts.asked(), null);
});

test("undo and redo go back and forth through everything, as events", () => {
  const { press, acts, codes, sent, told } = given();
  press("convey", therapist);
  acts.digit("2", [therapist]);
  acts.rate(session, bond, { codes: [], value: 4, note: null });
  acts.travel("undo");
  acts.travel("undo");
  assert.deepEqual(codes(therapist, "empathy")[0].attributes, {});
  acts.travel("undo");
  assert.deepEqual(codes(therapist, "empathy"), []);
  assert.equal(acts.travel("undo"), null);
  assert.equal(told.length, 1);
  acts.travel("redo");
  acts.travel("redo");
  assert.equal(codes(therapist, "empathy")[0].attributes.strength, 2);
  press("miss", therapist);
  assert.equal(acts.travel("redo"), null);
  assert.equal(new Set(sent.map((each) => each.id)).size, sent.length);
});

test("a rating given again is taken back", () => {
  const { acts, model } = given();
  acts.rate(session, bond, { codes: [], value: 4, note: null });
  assert.equal(model.judgement("session", "bond").value, 4);
  acts.rate(session, bond, { codes: [], value: 4, note: null });
  assert.equal(model.judgement("session", "bond"), null);
});

test("without an open question a digit answers the first open attribute of this segment", () => {
  const { acts, press, codes, told } = given();
  press("withdraw", client);
  acts.skip();
  acts.digit("1", [client]);
  assert.equal(codes(client, "rupture")[0].attributes.strength, 1);
  acts.skip();
  acts.digit("9", [client]);
  assert.match(told[0], /9 is not an answer to Facet/);
  acts.skip();
  acts.digit("1", [therapist]);
  assert.match(told[1], /No question/);
});

test("a submitted pass takes nothing", () => {
  const { acts, press, sent, told } = given({ locked: true });
  press("convey", therapist);
  acts.rate(session, bond, { codes: [], value: 4, note: null });
  acts.travel("undo");
  assert.equal(sent.length, 0);
  assert.equal(told.length, 3);
});

test("a numeric scale takes its own numbers, a named one 1, 2, 3", () => {
  assert.deepEqual(digitsOf({ values: [{ value: 0 }, { value: 1 }] }).map((each) => each.digit), ["0", "1"]);
  assert.deepEqual(digitsOf(scheme.attributes.facet).map((each) => each.digit), ["1", "2"]);
});

test("what was there before stays as it was: codes are never changed in place", () => {
  const before = Object.freeze([Object.freeze({ code: "withdraw", attributes: Object.freeze({}), links: [] })]);
  assert.equal(toggled(scheme.criteria[1], before, scheme.criteria[1].codes[1]).codes.length, 2);
  assert.equal(before.length, 1);
});

test("ids are version 4 uuids where the browser has no randomUUID", () => {
  const bare = { getRandomValues: (bytes) => globalThis.crypto.getRandomValues(bytes) };
  const ids = new Set(Array.from({ length: 100 }, () => newId(bare)));
  assert.equal(ids.size, 100);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("the last code is repeated with the answers it got, also where another one stood", () => {
  const { acts, press, codes } = given();
  press("convey", therapist);
  acts.digit("2", [therapist]);
  const next = { ...therapist, key: "s-3" };
  press("miss", next);
  press("convey", therapist);
  press("convey", therapist);
  acts.digit("3", [therapist]);
  acts.repeatOn(acts.last(), [next]);
  assert.deepEqual(codes(next, "empathy"), [{ code: "convey", attributes: { strength: 3 }, links: [] }]);
  assert.equal(acts.asked(), null);
});

test("what is answered and removed on several segments is one act each", () => {
  const { acts, press, codes, sent } = given();
  const both = [therapist, { ...therapist, key: "s-3" }];
  press("convey", both);
  acts.digit("2", both);
  assert.deepEqual(codes(both[1], "empathy")[0].attributes, { strength: 2 });
  acts.remove("convey", [...both, client]);
  assert.equal(new Set(sent.map((each) => each.act)).size, 3);
  assert.equal(sent.length, 6);
  acts.travel("undo");
  assert.equal(codes(both[0], "empathy").length + codes(both[1], "empathy").length, 2);
});

test("a rating keeps its evidence when its value changes or is taken back, and loses it where it does not apply", () => {
  const { acts, model } = given();
  const evidence = { code: "evidence", attributes: {}, links: ["s-1"] };
  acts.change([{ unit: session, criterion: "bond", content: { codes: [evidence], value: null, note: null } }]);
  acts.rate(session, bond, { codes: [], value: 4 });
  assert.deepEqual([model.judgement("session", "bond").value, model.judgement("session", "bond").codes], [4, [evidence]]);
  acts.rate(session, bond, { codes: [], value: 4 });
  assert.deepEqual([model.judgement("session", "bond").value, model.judgement("session", "bond").codes], [null, [evidence]]);
  acts.rate(session, bond, { codes: [{ code: "not_applicable", attributes: {}, links: [] }], value: null });
  assert.deepEqual(model.judgement("session", "bond").codes.map((each) => each.code), ["not_applicable"]);
});

test("a drawn moment that loses its last code loses its remark in the same act, and undo brings both back", () => {
  const { acts, model } = given();
  const moment = { key: "x-1", start_ms: 100, end_ms: 300 };
  const withdraw = { code: "withdraw", attributes: {}, links: [] };
  acts.change([{ unit: moment, criterion: "rupture", content: { codes: [withdraw], value: null, note: null } }]);
  acts.change([{ unit: moment, criterion: "remark", content: { codes: [], value: null, note: "look" } }]);
  acts.remove("withdraw", [moment]);
  assert.equal([...model.all()].length, 0);
  acts.travel("undo");
  assert.equal([...model.all()].length, 2);
});
