// The sentences of the workbench in the language that was chosen; one file per language in texts/.

import de from "./texts/de.js";
import en from "./texts/en.js";

const LANGUAGES = { en, de };
let chosen = "en";

/** Read these at the moment of showing, not while a module loads: the language comes with the pass. */
export const texts = {
  /** A key's name as it is printed: "Shift + E", "↑". */
  keyLabel: (name) => name.split("+").filter((part) => part !== "").map((part) => texts.keyNames[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(" + ") || name,
  ...en,
};
export const ROLES = { ...en.roles };
export const MARKS = { ...en.marks };

/** Chooses the language; what it lacks stays English. */
export function speak(wanted) {
  chosen = Object.hasOwn(LANGUAGES, wanted) ? wanted : "en";
  Object.assign(texts, en, LANGUAGES[chosen]);
  Object.assign(ROLES, texts.roles);
  Object.assign(MARKS, texts.marks);
}

/** The language that is spoken now, as in the attribute lang. */
export const language = () => chosen;
/** [[id, its own name], ...] of the languages there are. */
export const languages = () => Object.entries(LANGUAGES).map(([id, { ownName }]) => [id, ownName]);
