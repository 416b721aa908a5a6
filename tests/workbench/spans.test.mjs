import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { stretches } from "../../coding_app/ui/workbench/frontend/v2/spans.js";

const cases = JSON.parse(readFileSync(new URL("../fixtures/span_cases.json", import.meta.url)));

for (const { name, mark, exclusive, codes, duration_ms: durationMs, judgements, stretches: expected } of cases) {
  test(`spans hold as in Python: ${name}`, () => {
    const criterion = { id: "c", mark, exclusive, codes: Object.entries(codes).map(([id, role]) => ({ id, role })) };
    const found = stretches(judgements, criterion, durationMs).map(({ unit, codes: held }) => ({ unit, codes: held.map((each) => each.code) }));
    assert.deepEqual(found, expected);
  });
}
