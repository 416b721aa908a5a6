// Which action a key press asks for; no page, no state beyond what is handed in.

const PLAYER = new Map(
  Object.entries({
    " ": "toggle",
    Enter: "replay",
    ArrowUp: "previous",
    ArrowDown: "next",
    ArrowLeft: "back",
    ArrowRight: "forward",
    "[": "slower",
    "]": "faster",
    "+": "zoomIn",
    "=": "zoomIn",
    "-": "zoomOut",
    z: "undo",
    x: "redo",
    "?": "help",
    Escape: "close",
  }),
);
const REPEATABLE = new Set(["previous", "next", "back", "forward", "undo", "redo", "zoomIn", "zoomOut"]);
const BY_PLACE = { BracketLeft: "[", BracketRight: "]", Minus: "-", Equal: "=" };

/**
 * The key as the scheme writes it, whatever the keyboard layout and Caps Lock: letters in lower case; the place on
 * the keyboard where the layout gives no plain letter (Greek, Cyrillic) or a shifted digit (French).
 */
export function plainKey(event) {
  const { key, code = "", shiftKey = false } = event;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(code);
  if (digit && !shiftKey) return digit[1];
  if (key.length > 1) return key;
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  if (/^[\x20-\x7e]$/.test(key)) return key;
  const letter = /^Key([A-Z])$/.exec(code);
  if (letter) return letter[1].toLowerCase();
  return BY_PLACE[code] ?? key;
}

/** Browser and screen-reader shortcuts stay theirs; AltGr is how German or French keyboards write a bracket. */
export function isOurs(event) {
  if (event.isComposing || event.key === "Process" || event.key === "Dead") return false;
  const altGraph = event.getModifierState?.("AltGraph") ?? false;
  return altGraph || !(event.ctrlKey || event.altKey || event.metaKey);
}

export function codesByKey(scheme) {
  const found = new Map();
  for (const criterion of scheme.criteria) {
    for (const code of criterion.codes) if (code.key) found.set(code.key.toLowerCase(), { code, criterion });
  }
  return found;
}

/**
 * {kind, ...} or null when the key means nothing here.
 * kinds: those of PLAYER, "code" {code, criterion}, "define" {code, criterion} (Shift + key), "digit" {digit}.
 */
export function actionFor(event, codes) {
  if (!isOurs(event)) return null;
  const key = plainKey(event);
  const player = PLAYER.get(key);
  if (player && !(event.shiftKey && /^[a-z]$/.test(key))) {
    return event.repeat && !REPEATABLE.has(player) ? { kind: "none" } : { kind: player };
  }
  const found = codes.get(key);
  if (found) {
    if (event.repeat) return { kind: "none" };
    return { kind: event.shiftKey && /^[a-z]$/.test(key) ? "define" : "code", ...found };
  }
  if (/^[0-9]$/.test(key)) return event.repeat ? { kind: "none" } : { kind: "digit", digit: key };
  return null;
}

const TEXT_INPUTS = new Set(["text", "search", "email", "url", "tel", "password", "number", "date", "time", "month", "week", "datetime-local"]);

/** What has the focus: "text" (every key is its own), "control" (Space, Enter), "choice" (arrows too), "scale" (digits too), null. */
export function focusKind(element) {
  if (!element || !element.tagName) return null;
  const tag = element.tagName.toLowerCase();
  if (element.isContentEditable || tag === "textarea" || tag === "select") return "text";
  const role = element.getAttribute?.("role");
  if (role === "textbox" || role === "combobox" || role === "searchbox") return "text";
  if (tag === "input") return TEXT_INPUTS.has(element.type) ? "text" : "choice";
  if (role === "radio") return "scale";
  if (role === "tab" || role === "menuitem") return "choice";
  if (tag === "button" || tag === "summary" || role === "button" || (tag === "a" && element.hasAttribute?.("href"))) return "control";
  return null;
}

/** True when the focused element needs this key itself. */
export function belongsToFocus(event, kind) {
  if (kind === "text") return true;
  if (kind === null || !isOurs(event)) return false;
  if (event.key === " " || event.key === "Enter") return true;
  if (kind === "scale" && /^[0-9]$/.test(plainKey(event))) return true;
  return kind !== "control" && event.key.startsWith("Arrow");
}
