import assert from "node:assert/strict";
import { test } from "node:test";
import { actionFor, belongsToFocus, codesByKey, focusKind, isOurs, plainKey } from "../../coding_app/ui/workbench/frontend/v1/keys.js";

const scheme = { criteria: [{ id: "empathy", codes: [{ id: "emp", key: "e" }] }, { id: "rupture", codes: [{ id: "rup", key: "w" }] }] };
const codes = codesByKey(scheme);
const press = (key, more = {}) => ({ key, code: "", getModifierState: () => false, ...more });
const kind = (key, more) => actionFor(press(key, more), codes)?.kind ?? null;

test("the player's keys do what the help says", () => {
  const expected = { " ": "toggle", Enter: "replay", ArrowUp: "previous", ArrowDown: "next", ArrowLeft: "back", ArrowRight: "forward",
    "[": "slower", "]": "faster", z: "undo", x: "redo", "?": "help", Escape: "close" };
  for (const [key, action] of Object.entries(expected)) assert.equal(kind(key, key === "?" ? { shiftKey: true } : {}), action);
});

test("a code's letter codes, with Caps Lock too, and with Shift explains", () => {
  assert.equal(actionFor(press("e"), codes).code.id, "emp");
  assert.equal(kind("E"), "code");
  assert.equal(kind("E", { shiftKey: true }), "define");
  assert.equal(kind("e", { shiftKey: true }), "define"); // Caps Lock and Shift together
});

test("digits answer, from the number pad and from a French keyboard too", () => {
  assert.deepEqual(actionFor(press("2", { code: "Digit2" }), codes), { kind: "digit", digit: "2" });
  assert.equal(actionFor(press("2", { code: "Numpad2" }), codes).digit, "2");
  assert.equal(actionFor(press("é", { code: "Digit2" }), codes).digit, "2");
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
  for (const modifier of ["ctrlKey", "altKey", "metaKey"]) assert.equal(actionFor(press("e", { [modifier]: true }), codes), null);
  assert.equal(kind("[", { ctrlKey: true, altKey: true, getModifierState: (name) => name === "AltGraph" }), "slower");
  assert.equal(isOurs(press("e", { isComposing: true })), false);
});

test("keys without a meaning are not taken", () => {
  for (const key of ["q", "Tab", "F5", "Home", "Shift"]) assert.equal(kind(key), null);
});

test("a key held down codes once, but goes on through the segments", () => {
  assert.equal(kind("e", { repeat: true }), "none");
  assert.equal(kind(" ", { repeat: true }), "none");
  assert.equal(kind("ArrowDown", { repeat: true }), "next");
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
