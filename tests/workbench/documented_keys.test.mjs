import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { ACTIONS } from "../../coding_app/ui/workbench/frontend/v2/actions.js";
import en from "../../coding_app/ui/workbench/frontend/v2/texts/en.js";

const PAGE = new URL("../../docs/how-to/code-a-session.md", import.meta.url);
const NAMES = { "↑": "ArrowUp", "↓": "ArrowDown", "←": "ArrowLeft", "→": "ArrowRight", Esc: "Escape", Del: "Delete" };
const NOT_ACTIONS = ["a letter", "Shift + letter", "0 to 9"];

/** The keys in the first column of the page's first table, as actions.js names them. */
function documented() {
  const rows = readFileSync(PAGE, "utf8").split("\n\n").find((part) => part.startsWith("| key | does |")).split("\n").slice(2);
  const cells = rows.map((row) => row.split("|")[1].trim()).filter((cell) => !NOT_ACTIONS.includes(cell));
  return cells.flatMap((cell) => {
    const shift = cell.startsWith("Shift + ") ? "Shift+" : "";
    const signs = cell.replace("Shift + ", "").replaceAll("Page down", "PageDown").replaceAll("Page up", "PageUp").split(/(?<!`),? (?!`$)/).join(" ").split(/ /);
    return signs.map((sign) => sign.replace(/,$/, "").replaceAll("`", "") || ",").map((sign) => shift + (NAMES[sign] ?? sign));
  });
}

test("the page for observers names every key of an action, and no other", () => {
  const usual = ACTIONS.flatMap((each) => each.keys).filter((key) => key !== "="); // "=" is "+" without Shift
  assert.deepEqual(documented().sort(), usual.sort());
});

test("every action has a sentence, and its group a name", () => {
  for (const { id, group } of ACTIONS) {
    assert.ok(en.actions[id], id);
    assert.ok(en.groups[group], group);
  }
});

test("no two actions have the same usual key", () => {
  const keys = ACTIONS.flatMap((each) => each.keys);
  assert.equal(new Set(keys).size, keys.length);
});

test("every module that the explanation names is there", () => {
  const page = readFileSync(new URL("../../docs/explanation/workbench.md", import.meta.url), "utf8");
  const named = [...page.matchAll(/`((?:texts\/)?\w+\.js)`/g)].map((found) => found[1]);
  assert.ok(named.length > 40);
  const gone = named.filter((name) => !existsSync(new URL(`../../coding_app/ui/workbench/frontend/v2/${name}`, import.meta.url)));
  assert.deepEqual(gone, []);
});
