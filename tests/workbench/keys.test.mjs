import assert from "node:assert/strict";
import { test } from "node:test";
import { actionFor, createKeymap } from "../../coding_app/ui/workbench/frontend/v2/keymap.js";
import { belongsToFocus, focusKind, isOurs, keyName, plainKey } from "../../coding_app/ui/workbench/frontend/v2/keys.js";

const scheme = { criteria: [{ id: "empathy", codes: [{ id: "emp", key: "e" }] }, { id: "rupture", codes: [{ id: "rup", key: "w" }] }] };
const keymap = createKeymap(scheme);
const press = (key, more = {}) => ({ key, code: "", getModifierState: () => false, ...more });
const action = (key, more) => actionFor(press(key, more), keymap);

test("the player's keys do what the help says", () => {
  const expected = { " ": "toggle", Enter: "replay", ArrowUp: "previous", ArrowDown: "next", ArrowLeft: "back", ArrowRight: "forward",
    "[": "slower", "]": "faster", z: "undo", x: "redo", "?": "help", Escape: "close" };
  for (const [key, id] of Object.entries(expected)) assert.equal(action(key, key === "?" ? { shiftKey: true } : {}), id);
});

test("a code's letter codes, with Caps Lock too, and with Shift explains", () => {
  assert.equal(action("e"), "code:emp");
  assert.equal(action("E"), "code:emp");
  assert.equal(action("E", { shiftKey: true }), "define:emp");
  assert.equal(action("e", { shiftKey: true }), "define:emp"); // Caps Lock and Shift together
});

test("digits answer, from the number pad and from a French keyboard too", () => {
  assert.equal(action("2", { code: "Digit2" }), "digit:2");
  assert.equal(action("2", { code: "Numpad2" }), "digit:2");
  assert.equal(action("é", { code: "Digit2" }), "digit:2");
});

test("on a Greek or Russian keyboard the place of the key decides", () => {
  assert.equal(plainKey(press("ε", { code: "KeyE" })), "e");
  assert.equal(plainKey(press("у", { code: "KeyE" })), "e");
  assert.equal(plainKey(press("ü", { code: "BracketLeft" })), "[");
});

test("on a French keyboard the letter decides, not its place", () => {
  assert.equal(plainKey(press("z", { code: "KeyW" })), "z");
});

test("shortcuts of browser and screen reader are left alone, AltGr brackets are not", () => {
  for (const modifier of ["ctrlKey", "altKey", "metaKey"]) assert.equal(action("e", { [modifier]: true }), null);
  assert.equal(action("[", { ctrlKey: true, altKey: true, getModifierState: (name) => name === "AltGraph" }), "slower");
  assert.equal(isOurs(press("e", { isComposing: true })), false);
});

test("keys without a meaning are not taken", () => {
  for (const key of ["q", "Tab", "F5", "F11", "Shift"]) assert.equal(action(key), null);
});

test("a key held down codes once, but goes on through the segments", () => {
  assert.equal(action("e", { repeat: true }), "none");
  assert.equal(action(" ", { repeat: true }), "none");
  assert.equal(action("ArrowDown", { repeat: true }), "next");
});

const element = (tagName, { role = null, type = "text", href = false } = {}) => ({
  tagName, type, getAttribute: (name) => (name === "role" ? role : null), hasAttribute: () => href,
});

test("in a text field every key belongs to the field", () => {
  for (const field of [element("INPUT"), element("TEXTAREA"), { tagName: "DIV", isContentEditable: true, getAttribute: () => null }, element("DIV", { role: "combobox" })]) {
    assert.equal(belongsToFocus(press("e"), focusKind(field)), true);
  }
});

test("a focused button keeps Space and Enter, a choice its arrows too; letters still code", () => {
  const button = focusKind(element("BUTTON"));
  const radio = focusKind(element("BUTTON", { role: "radio" }));
  assert.equal(belongsToFocus(press(" "), button), true);
  assert.equal(belongsToFocus(press("ArrowDown"), button), false);
  assert.equal(belongsToFocus(press("ArrowRight"), radio), true);
  assert.equal(belongsToFocus(press("e"), radio), false);
  assert.equal(belongsToFocus(press("e"), focusKind(element("INPUT", { type: "checkbox" }))), false);
  assert.equal(belongsToFocus(press(" "), focusKind(element("DIV"))), false);
});

test("keys are named with Shift where Shift does not already make the sign", () => {
  assert.equal(keyName(press("E", { shiftKey: true })), "Shift+e");
  assert.equal(keyName(press("ArrowDown", { shiftKey: true })), "Shift+ArrowDown");
  assert.equal(keyName(press("?", { shiftKey: true })), "?");
  assert.equal(keyName(press(" ")), "Space");
});

test("an observer's own key replaces the usual one, and whoever had it gives it up", () => {
  const own = createKeymap(scheme, { toggle: "F9", "code:emp": "k", undo: "w" });
  assert.equal(own.get("F9"), "toggle");
  assert.equal(own.get("Space"), undefined);
  assert.equal(own.get("k"), "code:emp");
  assert.equal(own.get("e"), undefined);
  assert.equal(own.get("w"), "undo");
  assert.equal(own.get("ArrowDown"), "next");
});
