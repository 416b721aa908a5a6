// Which action a key asks for: the usual keys, those of the scheme's codes, and what the observer put elsewhere.

import { ACTIONS } from "./actions.js";
import { isOurs, keyName } from "./keys.js";

const REPEATING = new Set(ACTIONS.filter((each) => each.repeats).map((each) => each.id));

/** What stands in place of a key where an action is to have none. */
export const OFF = "none";

/**
 * Every action with the keys it has before anybody changed them: [{id, group, keys}]. Codes are "code:ID", their cards "define:ID".
 * A card's key is Shift and the letter that its code has now, so it depends on changed.
 */
export function usualActions(scheme, changed = {}) {
  const codes = scheme.criteria.flatMap((criterion) => criterion.codes.filter((code) => code.key));
  const usual = (code) => code.key.toLowerCase();
  const shifted = (key) => (/^[a-z]$/.test(key) ? [`Shift+${key}`] : []);
  return [
    ...ACTIONS,
    ...codes.map((code) => ({ id: `code:${code.id}`, group: "codes", keys: [usual(code)] })),
    ...codes.map((code) => ({ id: `define:${code.id}`, group: "cards", keys: shifted(changed[`code:${code.id}`] ?? usual(code)) })),
    ...[..."0123456789"].map((digit) => ({ id: `digit:${digit}`, group: "digits", keys: [digit] })),
  ];
}

/**
 * Map from key name to action id. changed: {action id: key name or OFF}, the observer's own; such an action leaves its usual
 * keys, and a usual owner of the key gives it up.
 */
export function createKeymap(scheme, changed = {}) {
  const found = new Map();
  const actions = usualActions(scheme, changed);
  for (const { id, keys } of actions) if (!changed[id]) for (const key of keys) found.set(key, id);
  for (const { id } of actions) if (changed[id] && changed[id] !== OFF) found.set(changed[id], id);
  return found;
}

/** The action id, "none" for a key that is ours but must not repeat, or null when the key means nothing here. */
export function actionFor(event, keymap) {
  if (!isOurs(event)) return null;
  const id = keymap.get(keyName(event));
  if (!id) return null;
  return event.repeat && !REPEATING.has(id) ? "none" : id;
}
