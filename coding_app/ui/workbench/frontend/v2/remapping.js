// Decisions about changing keys: which may be used, who has one already, and reading them from a file; no page, no state.

import { createKeymap, OFF, usualActions } from "./keymap.js";
import { keyName } from "./keys.js";

export const FORMAT = "coding-app-keys-1";
const LONGEST = 30; // as in coding_app/workflows/workbench_preferences.py
const MOST = 300;
const ID = /^[A-Za-z0-9_:.-]{1,80}$/;
const MODIFIERS = ["Shift", "Control", "Alt", "AltGraph", "Meta", "OS", "Fn", "Hyper", "Super"];
const LOCKS = ["CapsLock", "NumLock", "ScrollLock", "Insert", "Pause", "PrintScreen", "ContextMenu", "Shift+F10"];
const BROWSERS = ["F1", "F3", "F5", "F6", "F7", "F10", "F11", "F12", "BrowserBack", "BrowserForward", "BrowserRefresh", "BrowserHome", "BrowserSearch"];
const UNNAMED = ["Dead", "Process", "Unidentified", "Compose"];

/** True while only Shift, Ctrl and the like are held down: the key itself is still to come. */
export const isHalfPressed = (event) => MODIFIERS.includes(event.key);

/** Why a key cannot be given to an action: a name in texts.whyNot, or null when it can. */
export function whyNot(name) {
  const bare = name.replace(/^Shift\+/, "");
  if (name === "" || name.length > LONGEST || UNNAMED.includes(bare)) return "unnamed";
  if (bare === "Tab" || bare === "Escape") return bare;
  if (LOCKS.includes(name) || LOCKS.includes(bare)) return "reader";
  if (BROWSERS.includes(bare)) return "browser";
  if (/^[0-9]$/.test(name)) return "digit";
  return null;
}

/** The name of the key that was pressed, and why it cannot be used, or null. */
export function keyPressed(event) {
  const altGraph = event.getModifierState?.("AltGraph") ?? false;
  const name = keyName(event);
  if (!altGraph && (event.ctrlKey || event.altKey || event.metaKey)) return { name, why: "combined" };
  return { name, why: whyNot(name) };
}

/** The actions that may have another key: the numbers answer questions, and Esc stays the way out. */
export const changeable = (scheme) => usualActions(scheme).filter((each) => each.group !== "digits" && each.id !== "close");

/** The keys that do this action now. */
export function keysOf(scheme, changed, id) {
  return [...createKeymap(scheme, changed)].flatMap(([key, action]) => (action === id ? [key] : []));
}

/** The other action that has this key now, or null. */
export function ownerOf(scheme, changed, id, key) {
  const owner = createKeymap(scheme, changed).get(key) ?? null;
  return owner === id ? null : owner;
}

const usualOf = (scheme, changed, id) => usualActions(scheme, changed).find((each) => each.id === id)?.keys ?? [];

/** changed with this key given to this action; whoever had it gets the action's own key in exchange. */
export function given(scheme, changed, id, key) {
  const owner = ownerOf(scheme, changed, id, key);
  const mine = keysOf(scheme, changed, id)[0] ?? OFF;
  const next = { ...changed, [id]: key };
  if (owner) next[owner] = mine;
  return tidied(scheme, next);
}

/** changed with this action without any key. */
export const withoutKey = (changed, id) => ({ ...changed, [id]: OFF });

/** changed with the usual keys of this action; whoever had the first of them gets the action's own key in exchange. */
export function reset(scheme, changed, id) {
  const { [id]: own, ...rest } = changed;
  if (own === undefined) return changed;
  const [first] = usualOf(scheme, rest, id);
  const owner = first ? ownerOf(scheme, changed, id, first) : null;
  if (owner) rest[owner] = own;
  return tidied(scheme, rest);
}

/** Single letters and signs without a key: for who speaks to the computer, and must not set them off by chance. */
export function withoutLetters(scheme, changed) {
  const printed = (key) => key.replace(/^Shift\+/, "").length === 1;
  const off = changeable(scheme).filter((each) => keysOf(scheme, changed, each.id).some(printed));
  return { ...changed, ...Object.fromEntries(off.map((each) => [each.id, OFF])) };
}

/** What is the same as the usual key is no change. */
function tidied(scheme, changed) {
  const usual = new Map(usualActions(scheme, changed).map((each) => [each.id, each.keys]));
  return Object.fromEntries(Object.entries(changed).filter(([id, key]) => !(usual.get(id)?.length === 1 && usual.get(id)[0] === key)));
}

/** The text of a file with these keys. */
export const exported = (changed) => `${JSON.stringify({ format: FORMAT, keys: changed }, null, 1)}\n`;

/**
 * The keys in a file: {keys, nIgnored}, or null when it is none of ours. Ignored are actions that there are not, keys that cannot be used,
 * and a second action with the same key. Codes of other schemes are kept: they wait for their scheme.
 */
export function imported(text, scheme) {
  const found = read(text);
  if (found === null) return null;
  const known = new Set(changeable(scheme).map((each) => each.id));
  const keys = {};
  const taken = new Set();
  for (const [id, key] of Object.entries(found)) {
    const usable = typeof key === "string" && ID.test(id) && (known.has(id) || isOfSomeScheme(id)) && (key === OFF || whyNot(key) === null);
    if (!usable || (known.has(id) && taken.has(key)) || Object.keys(keys).length >= MOST) continue;
    if (known.has(id) && key !== OFF) taken.add(key);
    keys[id] = key;
  }
  return { keys, nIgnored: Object.keys(found).length - Object.keys(keys).length };
}

const isOfSomeScheme = (id) => /^(?:code|define):./.test(id);

function read(text) {
  try {
    const { format, keys } = JSON.parse(text);
    return format === FORMAT && typeof keys === "object" && keys !== null && !Array.isArray(keys) ? keys : null;
  } catch {
    return null;
  }
}
