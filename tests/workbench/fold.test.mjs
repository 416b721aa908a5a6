import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fold } from "../../coding_app/ui/workbench/frontend/v2/fold.js";
import { createModel } from "../../coding_app/ui/workbench/frontend/v2/model.js";

const sequences = JSON.parse(readFileSync(new URL("../fixtures/event_sequences.json", import.meta.url)));

for (const { name, events, judgements } of sequences) {
  test(`events add up as in Python: ${name}`, () => {
    assert.deepEqual([...fold(events).values()], judgements);
  });
}

test("the model gives the same when part of the events came as judgements from the server", () => {
  for (const { events, judgements } of sequences) {
    for (let cut = 0; cut <= events.length; cut += 1) {
      const model = createModel([...fold(events.slice(0, cut)).values()]);
      for (const event of events.slice(cut)) model.add(event);
      assert.deepEqual([...model.all()], judgements);
    }
  }
});

const event = (id, intensity) => ({
  id, pass_id: "p", unit: { key: "s-1", start_ms: 0, end_ms: 1 }, criterion: "rupture",
  codes: [{ code: "w", attributes: { intensity }, links: [] }], value: null, note: null, at: "2026-11-22T10:00:00.000Z",
});

test("an event that comes twice counts once", () => {
  const model = createModel([]);
  model.add(event("a", 1));
  model.add(event("b", 2));
  model.add(event("a", 1));
  assert.equal(model.judgement("s-1", "rupture").codes[0].attributes.intensity, 2);
});

test("an event that the server refused is taken back and what was before comes back", () => {
  const model = createModel([]);
  model.add(event("a", 1));
  model.add(event("b", 2));
  model.drop("b");
  assert.equal(model.judgement("s-1", "rupture").codes[0].attributes.intensity, 1);
  model.drop("a");
  assert.equal(model.judgement("s-1", "rupture"), null);
});
