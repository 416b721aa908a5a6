import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import en from "../../coding_app/ui/workbench/frontend/v2/texts/en.js";
import { language, languages, speak, texts } from "../../coding_app/ui/workbench/frontend/v2/texts.js";

const FOLDER = new URL("../../coding_app/ui/workbench/frontend/v2/texts/", import.meta.url);
const OTHERS = readdirSync(FOLDER).filter((name) => name !== "en.js");
const STEPS = [{ kind: "listen", heard: 0.5 }, { kind: "rate", left: 2 }, { kind: "tag", coded: 1, questions: 1, links: 2, ends: 0, uncoded: 1, ratings: 0 }];
// Functions that are not about numbers and names say here what they are given.
const GIVEN = { "lead.left": STEPS.map((each) => [each]), speed: [[1.5], [0.75]] };

/** Map "settings.about.lag_ms" -> string or function. */
function flat(table, before = "") {
  return new Map(Object.entries(table).flatMap(([name, value]) =>
    typeof value === "object" ? [...flat(value, `${before}${name}.`)] : [[before + name, value]]));
}

const sentences = (path, make) => (GIVEN[path] ?? [[1, 2, 3, 4], [3, 1, null, 4], ["a", true, "c", "d"]]).map((given) => make(...given));

test("English says something everywhere", () => {
  for (const [path, value] of flat(en)) {
    for (const text of typeof value === "function" ? sentences(path, value) : [value]) assert.ok(typeof text === "string" && text.trim(), path);
  }
});

for (const name of OTHERS) {
  test(`${name} has the names of English, all and no others, and says something everywhere`, async () => {
    const { default: other } = await import(new URL(name, FOLDER));
    const [own, english] = [flat(other), flat(en)];
    assert.deepEqual([...own.keys()].sort(), [...english.keys()].sort());
    for (const [path, value] of own) {
      assert.equal(typeof value, typeof english.get(path), path);
      if (typeof value !== "function") {
        assert.ok(value.trim(), path);
        continue;
      }
      assert.ok(value.length <= english.get(path).length, `${path} is given less than it takes`);
      for (const text of sentences(path, value)) assert.ok(typeof text === "string" && text.trim() && !/undefined|NaN/.test(text), path);
    }
  });
}

test("every file of sentences is a language that can be chosen, and an unknown one is English", async () => {
  assert.deepEqual(languages().map(([id]) => `${id}.js`).sort(), readdirSync(FOLDER).sort());
  speak("de");
  assert.equal(language(), "de");
  assert.equal(texts.saved, "Gespeichert");
  assert.equal(texts.keyLabel("Shift+PageDown"), "Umschalt + Bild ab");
  speak("xx");
  assert.equal(language(), "en");
  assert.equal(texts.saved, "Saved");
});
