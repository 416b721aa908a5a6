// Which key does what in the list of segments; no page.

export const FINE_MS = 50;
export const COARSE_MS = 250;

/** [key, action, argument]: key as in KeyboardEvent.key, with "Mod+" for Ctrl or Cmd and "Alt+", "Shift+" where they matter. */
const BINDINGS = [
  [" ", "toggle"], ["Shift+ ", "replay"], ["Enter", "write"], ["F2", "write"],
  ["ArrowDown", "step", 1], ["ArrowUp", "step", -1], ["PageDown", "step", 10], ["PageUp", "step", -10], ["Home", "step", -Infinity], ["End", "step", Infinity],
  ["ArrowLeft", "seek", -2000], ["ArrowRight", "seek", 2000],
  ["s", "split"], ["m", "mergeNext"], ["Shift+M", "mergePrevious"], ["a", "add"], ["Delete", "remove"], ["c", "confirm"],
  ["[", "moveStart", -FINE_MS], ["]", "moveStart", FINE_MS], ["{", "moveStart", -COARSE_MS], ["}", "moveStart", COARSE_MS],
  [",", "moveEnd", -FINE_MS], [".", "moveEnd", FINE_MS], ["<", "moveEnd", -COARSE_MS], [">", "moveEnd", COARSE_MS],
  ["d", "doubt", 1], ["Shift+D", "doubt", -1],
  ["Mod+z", "undo"], ["Mod+Shift+Z", "redo"], ["Mod+y", "redo"], ["z", "undo"], ["x", "redo"],
  ["Mod+f", "find"], ["Mod+h", "find"], ["/", "find"], ["-", "slower"], ["+", "faster"], ["=", "faster"], ["?", "help"],
];
const BY_KEY = new Map(BINDINGS.map(([key, action, argument]) => [key, { action, argument }]));

export function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const letter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  const shifted = shiftKey && (key.length > 1 || letter || key === " ");
  return `${ctrlKey || metaKey ? "Mod+" : ""}${altKey ? "Alt+" : ""}${shifted ? "Shift+" : ""}${key}`;
}

/** {action, argument} of a key event, or null. Digits name a voice: 1 ... 9, with Alt from here on. */
export function actionOf(event) {
  const digit = /^Digit([1-9])$/.exec(event.code ?? "")?.[1];
  if (digit && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    return { action: event.altKey ? "voiceFromHere" : "voice", argument: Number(digit) - 1 };
  }
  return BY_KEY.get(nameOf(event)) ?? null;
}

/** The keys of an action as they are told: [["S"], ...]. */
export const keysOf = (action) => BINDINGS.filter(([, each]) => each === action).map(([key]) => key);
