import assert from "node:assert/strict";
import { test } from "node:test";
import { differencesIn, isSame, judgedPlaces, shortNames } from "../../coding_app/ui/workbench/frontend/v2/differing.js";

const segments = [1, 2, 3].map((number) => ({ key: `s-000${number}`, start_ms: (number - 1) * 4000, end_ms: number * 4000, role: "client" }));
const code = (id, role = "client") => ({ id, role });
const RUPTURE = { id: "rupture", unit_kind: "segment", mark: null, exclusive: false, unmarked: "absent", codes: [code("withdraw"), code("confront")] };
const TALK = { ...RUPTURE, id: "talk", unmarked: "missing", codes: [code("open"), code("shut")] };
const EPISODE = { id: "episode", unit_kind: "span", mark: "span", exclusive: true, unmarked: "absent", codes: [code("strain", "dyad"), code("repair", "dyad")] };
const VOICE = { ...EPISODE, id: "voice", mark: "point", codes: [code("laugh"), code("sigh")] };
const ACTIVITY = { ...EPISODE, id: "activity", mark: "start", codes: [code("tell", "dyad"), code("explore", "dyad")] };
const BOND = { id: "bond", unit_kind: "session" };
const units = [{ key: "session", kind: "session", start_ms: 0, end_ms: 12000 }];
const applied = (id, attributes = {}) => ({ code: id, attributes, links: [] });
const judged = (unit, criterion, codes, value = null) => ({ unit, criterion, codes, value, note: null });
const on = (number, criterion, ...codes) => judged(segments[number - 1], criterion, codes);
const drawn = (number, criterion, start_ms, end_ms, ...codes) => judged({ key: `x-${String(number).padStart(32, "0")}`, start_ms, end_ms }, criterion, codes);

function placesOf(criteria, ...observers) {
  return judgedPlaces({ scheme: { criteria, ratings: [BOND] }, segments, units, observers, durationMs: 12000 });
}
const told = (places) => places.map(({ key, codes, answers }) => [key, codes, answers]);
const spoken = (places) => places.map(({ start_ms, end_ms, given, codes }) => [start_ms, end_ms, given.map((each) => each.map((one) => one.code).join("+")), codes]);

test("a segment that one observer coded and another did not is a difference, and one that nobody coded is no place", () => {
  const places = placesOf([RUPTURE], [on(1, "rupture", applied("withdraw")), on(2, "rupture", applied("confront"))], [on(2, "rupture", applied("confront"))]);
  assert.deepEqual(told(places), [["s-0001", true, false], ["s-0002", false, false]]);
  assert.deepEqual(places[0].given, [[applied("withdraw")], []]);
});

test("the order of codes does not matter, and answers that differ are told apart from codes that differ", () => {
  const places = placesOf([RUPTURE],
    [on(1, "rupture", applied("withdraw"), applied("confront")), on(2, "rupture", applied("withdraw", { intensity: 1, facet: "task" }))],
    [on(1, "rupture", applied("confront"), applied("withdraw")), on(2, "rupture", applied("withdraw", { facet: "task", intensity: 2 }))]);
  assert.deepEqual(told(places), [["s-0001", false, false], ["s-0002", false, true]]);
  assert.deepEqual(differencesIn(places).differences, []);
  assert.deepEqual(differencesIn(places, { answers: true }).differences.map((each) => each.key), ["s-0002"]);
});

test("where nothing given means not judged it differs from nothing", () => {
  const places = placesOf([TALK], [on(1, "talk", applied("open")), on(2, "talk", applied("open"))], [on(2, "talk", applied("shut"))], []);
  assert.deepEqual(told(places), [["s-0001", false, false], ["s-0002", true, false]]);
  assert.deepEqual(places[1].given, [[applied("open")], [applied("shut")], null]);
});

test("places come in order of time, and at one time in the order of the scheme", () => {
  const places = placesOf([RUPTURE, TALK], [on(2, "rupture", applied("withdraw")), on(1, "talk", applied("open")), on(2, "talk", applied("open"))], []);
  assert.deepEqual(places.map((each) => each.id), ["talk s-0001", "rupture s-0002", "talk s-0002"]);
});

test("remarks, notes, links and codes that the scheme does not know are left out", () => {
  const mine = [{ ...on(1, "rupture", applied("withdraw")), note: "tired" }, judged(segments[1], "remark", [applied("flag")])];
  const theirs = [{ ...on(1, "rupture", { ...applied("withdraw"), links: ["s-0002"] }, applied("newer")), note: "other" }];
  assert.deepEqual(told(placesOf([RUPTURE], mine, theirs)), [["s-0001", false, false]]);
});

test("ratings differ by their value, and not applicable is not the same as unrated", () => {
  const skip = applied("not_applicable");
  const value = (number) => judged(units[0], "bond", [], number);
  assert.equal(placesOf([], [value(3)], [value(3)])[0].codes, false);
  assert.equal(placesOf([], [value(3)], [value(4)])[0].codes, true);
  assert.equal(placesOf([], [judged(units[0], "bond", [skip])], [])[0].codes, true);
  assert.deepEqual(placesOf([], [judged(units[0], "bond", [applied("evidence")])], []), []);
});

test("stretches differ where they do not overlap, and edges within a second are no difference", () => {
  const mine = [drawn(1, "episode", 1000, 6000, applied("strain"))];
  const theirs = [drawn(2, "episode", 1600, 9000, applied("strain"))];
  assert.deepEqual(spoken(placesOf([EPISODE], mine, theirs)), [
    [1600, 6000, ["strain", "strain"], false],
    [6000, 9000, ["", "strain"], true],
  ]);
  assert.deepEqual(spoken(placesOf([EPISODE], mine, [drawn(3, "episode", 500, 500, applied("strain"))])), [[1000, 6000, ["strain", ""], true]]);
});

test("of overlapping stretches that exclude each other the later one holds; others hold together", () => {
  const mine = [drawn(1, "episode", 0, 9000, applied("strain")), drawn(2, "episode", 3000, 6000, applied("repair"))];
  assert.deepEqual(spoken(placesOf([EPISODE], mine, [])).map(([start, , given]) => [start, given[0]]), [[0, "strain"], [3000, "repair"], [6000, "strain"]]);
  assert.deepEqual(spoken(placesOf([{ ...EPISODE, exclusive: false }], mine, [])).map(([, , given]) => given[0]), ["strain", "strain+repair", "strain"]);
});

test("starts run to the next one before they are compared", () => {
  const mine = [drawn(1, "activity", 0, 0, applied("tell")), drawn(2, "activity", 5000, 5000, applied("explore"))];
  const theirs = [drawn(3, "activity", 0, 0, applied("tell")), drawn(4, "activity", 8000, 8000, applied("explore"))];
  assert.deepEqual(spoken(placesOf([ACTIVITY], mine, theirs)), [
    [0, 5000, ["tell", "tell"], false], [5000, 8000, ["explore", "tell"], true], [8000, 12000, ["explore", "explore"], false],
  ]);
});

test("moments within two seconds are one moment, with its own code first", () => {
  const mine = [drawn(1, "voice", 1000, 1000, applied("laugh")), drawn(2, "voice", 9000, 9000, applied("sigh"))];
  const theirs = [drawn(3, "voice", 500, 500, applied("sigh")), drawn(4, "voice", 2900, 2900, applied("laugh"))];
  assert.deepEqual(spoken(placesOf([VOICE], mine, theirs)), [
    [500, 1000, ["laugh", "sigh"], true], [2900, 2900, ["", "laugh"], true], [9000, 9000, ["sigh", ""], true],
  ]);
  const three = placesOf([VOICE], [drawn(1, "voice", 1000, 1000, applied("laugh"))], [drawn(2, "voice", 1500, 1500, applied("laugh"))], [drawn(3, "voice", 3000, 3000, applied("laugh"))]);
  assert.deepEqual(spoken(three), [[1000, 3000, ["laugh", "laugh", "laugh"], false]]);
});

test("counts are of units, whatever the number of criteria, and follow the chosen criterion", () => {
  const both = (...more) => [on(1, "rupture", applied("withdraw")), on(1, "talk", applied("open")), ...more];
  const places = placesOf([RUPTURE, TALK, VOICE], both(on(2, "rupture", applied("withdraw"))), [on(1, "rupture", applied("confront")), on(1, "talk", applied("shut")),
    drawn(1, "voice", 100, 100, applied("laugh")), on(2, "rupture", applied("withdraw"))]);
  assert.deepEqual(differencesIn(places).counts, [{ kind: "segment", n: 2, differ: 1 }, { kind: "span", n: 1, differ: 1 }]);
  assert.deepEqual(differencesIn(places, { criterion: "talk" }).counts, [{ kind: "segment", n: 1, differ: 1 }]);
  assert.equal(differencesIn(places).differences.length, 3);
});

test("what is the same is the same whatever the order", () => {
  assert.ok(isSame([[applied("a"), applied("b", { n: 1 })], [applied("b", { n: 1 }), applied("a")]]));
  assert.ok(!isSame([[applied("a")], [applied("a", { n: 1 })]]));
});

test("short names are letters, and none is given twice", () => {
  assert.deepEqual(shortNames(["Observer A", "Olga Berg", "Otto Bach", "ida", "", "Observer AA"]), ["A", "OB", "OB2", "I", "?", "AA"]);
  assert.deepEqual(shortNames(["Łucja Żak", "R2"]), ["ŁŻ", "R2"]);
});

test("two thousand segments and four observers are compared at once", () => {
  const many = Array.from({ length: 2000 }, (_, index) => ({ key: `s-${String(index).padStart(4, "0")}`, start_ms: index * 4000, end_ms: index * 4000 + 4000 }));
  const observers = [0, 1, 2, 3].map((observer) => many.flatMap((unit, index) => [
    ...(index % (observer + 2) ? [judged(unit, "rupture", [applied("withdraw", { intensity: index % 3 })])] : []),
    judged({ key: `x-${observer}${index}`, start_ms: unit.start_ms + 150 * observer, end_ms: unit.start_ms + 150 * observer }, "voice", [applied("laugh")]),
    judged({ key: `x-${observer}-${index}`, start_ms: unit.start_ms + 1300 * observer, end_ms: unit.end_ms }, "episode", [applied(index % 5 ? "strain" : "repair")]),
  ]));
  const began = process.cpuUsage(); // of this process: others may have the machine meanwhile
  const places = judgedPlaces({ scheme: { criteria: [RUPTURE, VOICE, EPISODE], ratings: [] }, segments: many, units: [], observers, durationMs: 8_000_000 });
  assert.ok(places.length > 4000);
  const ms = process.cpuUsage(began).user / 1000;
  assert.ok(ms < 1500, `${ms} ms`);
});
