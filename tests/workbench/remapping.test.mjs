import assert from "node:assert/strict";
import { test } from "node:test";
import { createKeymap, OFF } from "../../coding_app/ui/workbench/frontend/v2/keymap.js";
import { changeable, exported, given, imported, isHalfPressed, keyPressed, keysOf, ownerOf, reset, whyNot, withoutKey, withoutLetters } from "../../coding_app/ui/workbench/frontend/v2/remapping.js";

const scheme = { criteria: [{ id: "empathy", codes: [{ id: "emp", key: "e" }, { id: "miss", key: "m" }] }] };
const press = (key, more = {}) => ({ key, code: "", getModifierState: () => false, ...more });

test("keys that a browser, a screen reader or the numbers own are refused, each with its reason", () => {
  for (const key of ["F1", "F3", "F5", "F6", "F7", "F10", "F11", "F12"]) assert.equal(whyNot(key), "browser", key);
  for (const key of ["CapsLock", "NumLock", "ScrollLock", "Insert", "Shift+Insert", "ContextMenu", "Shift+F10"]) assert.ok(["reader", "browser"].includes(whyNot(key)), key);
  assert.equal(whyNot("7"), "digit");
  assert.equal(whyNot("Tab"), "Tab");
  assert.equal(whyNot("Shift+Tab"), "Tab");
  assert.equal(whyNot("Escape"), "Escape");
  assert.equal(whyNot("Dead"), "unnamed");
  for (const more of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }]) assert.equal(keyPressed(press("q", more)).why, "combined");
});

test("letters, signs and what foot pedals send can be used", () => {
  for (const key of ["q", ";", "F2", "F4", "F8", "F9", "F13", "F24", "MediaPlayPause", "MediaTrackNext", "MediaTrackPrevious", "PageUp", "PageDown", " ", "Enter", "Delete"]) {
    assert.equal(keyPressed(press(key)).why, null, key);
  }
  assert.equal(keyPressed(press("F13")).name, "F13");
  assert.equal(keyPressed(press("[", { ctrlKey: true, altKey: true, getModifierState: () => true })).why, null); // AltGr
});

test("Shift alone is half a key", () => {
  assert.equal(isHalfPressed(press("Shift", { shiftKey: true })), true);
  assert.equal(isHalfPressed(press("E", { shiftKey: true })), false);
});

test("an action takes a free key and leaves its own", () => {
  const changed = given(scheme, {}, "toggle", "F13");
  const keymap = createKeymap(scheme, changed);
  assert.equal(keymap.get("F13"), "toggle");
  assert.equal(keymap.has("Space"), false);
});

test("a key that somebody has is exchanged, so that no action loses its key unseen", () => {
  assert.equal(ownerOf(scheme, {}, "code:emp", "m"), "code:miss");
  const changed = given(scheme, {}, "code:emp", "m");
  assert.deepEqual(keysOf(scheme, changed, "code:emp"), ["m"]);
  assert.deepEqual(keysOf(scheme, changed, "code:miss"), ["e"]);
  assert.equal(ownerOf(scheme, changed, "code:emp", "m"), null);
});

test("exchanging back leaves nothing changed", () => {
  assert.deepEqual(given(scheme, given(scheme, {}, "code:emp", "m"), "code:emp", "e"), {});
});

test("whoever gives a key to an action without one is without one", () => {
  const changed = given(scheme, {}, "settings", "e");
  assert.deepEqual(keysOf(scheme, changed, "code:emp"), []);
  assert.equal(changed["code:emp"], OFF);
});

test("a card's key goes with the letter of its code", () => {
  const changed = given(scheme, {}, "code:emp", "q");
  assert.deepEqual(keysOf(scheme, changed, "define:emp"), ["Shift+q"]);
  assert.deepEqual(keysOf(scheme, given(scheme, {}, "code:emp", "F13"), "define:emp"), []);
});

test("as usual again: one action, and who had its key gets the other back", () => {
  const changed = given(scheme, {}, "code:emp", "m");
  assert.deepEqual(reset(scheme, changed, "code:emp"), {});
  const more = given(scheme, changed, "toggle", "F14");
  assert.deepEqual(reset(scheme, more, "toggle"), changed);
  assert.deepEqual(reset(scheme, {}, "toggle"), {});
  assert.deepEqual(keysOf(scheme, reset(scheme, withoutKey({}, "zoomIn"), "zoomIn"), "zoomIn"), ["+", "="]);
});

test("after any number of exchanges every key has one owner and no action has lost its key", () => {
  // Cards are left out: their keys follow the codes' letters, and give way to a key that was chosen.
  const ids = changeable(scheme).filter((each) => each.keys.length && each.group !== "cards").map((each) => each.id);
  let changed = {};
  for (let n = 0; n < 300; n += 1) {
    const id = ids[(n * 7) % ids.length];
    const [key] = keysOf(scheme, changed, ids[(n * 13 + 5) % ids.length]);
    if (key) changed = given(scheme, changed, id, key);
  }
  const without = ids.filter((id) => keysOf(scheme, changed, id).length === 0);
  assert.deepEqual(without, []);
});

test("letters and signs can be switched off; what has a longer name stays", () => {
  const keymap = createKeymap(scheme, withoutLetters(scheme, {}));
  assert.deepEqual([...keymap.keys()].filter((key) => key.replace(/^Shift\+/, "").length === 1 && !/[0-9]/.test(key)), []);
  assert.equal(keymap.get("Space"), "toggle");
});

test("what is saved in a file is read back", () => {
  const changed = given(scheme, given(scheme, {}, "code:emp", "m"), "toggle", "F13");
  assert.deepEqual(imported(exported(changed), scheme), { keys: changed, nIgnored: 0 });
});

test("a damaged file is none, and what is unknown in a good one is left out and counted", () => {
  for (const text of ["", "{", "[]", "null", '{"keys": {}}', '{"format": "coding-app-keys-1", "keys": []}', '{"format": "other", "keys": {}}']) assert.equal(imported(text, scheme), null, text);
  const file = { format: "coding-app-keys-1", keys: { toggle: "F13", fly: "q", next: "F5", undo: 7, redo: "F13", help: OFF, "code:elsewhere": "e", "digit:1": "q", close: "q" } };
  assert.deepEqual(imported(JSON.stringify(file), scheme), { keys: { toggle: "F13", help: OFF, "code:elsewhere": "e" }, nIgnored: 6 });
});
