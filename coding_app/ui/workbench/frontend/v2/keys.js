// What a key press is called whatever the keyboard, and whether it is ours; no page, no state.

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

const NAMES = { " ": "Space" };

/** "e", "Shift+e", "ArrowDown", "Shift+ArrowDown", "Space", "F9", "?": Shift is named where it does not already make the sign. */
export function keyName(event) {
  const key = plainKey(event);
  const name = NAMES[key] ?? key;
  return event.shiftKey && (name.length > 1 || /^[a-z]$/.test(name)) ? `Shift+${name}` : name;
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
