// The list of keys, as they are set now: what each does, and every code with its key.

import { GROUPS } from "./actions.js";
import { actionButton } from "./desk.js";
import { button, el } from "./dom.js";
import { usualActions } from "./keymap.js";
import { ROLES, texts } from "./texts.js";

export function openHelp(desk) {
  const { scope, scheme } = desk;
  const close = button({ class: "plain" }, texts.close);
  const columns = el("div", { class: "help-columns", role: "document", tabindex: "0", "aria-label": texts.help });
  const element = el("dialog", { class: "dialog help", "aria-label": texts.help },
    el("div", { class: "dialog-head" }, el("h2", {}, texts.help), close), columns);
  desk.slots.over.append(element);
  desk.slots.tools.append(actionButton(desk, "help", texts.help));
  scope.on(close, "click", () => element.close());
  scope.on(element, "keydown", (event) => event.key === "?" && element.close());
  desk.act({ help: toggle });

  function toggle() {
    if (element.open) return element.close();
    fill();
    return element.showModal();
  }

  function fill() {
    const keysOf = new Map(); // action id -> [key names]
    for (const [key, id] of desk.keymap()) keysOf.set(id, [...(keysOf.get(id) ?? []), key]);
    const label = (id) => keysOf.get(id).map(texts.keyLabel).join("  ");
    const rows = (actions) => actions.flatMap(({ id }) => (keysOf.has(id) ? [[label(id), texts.actions[id]]] : []));
    const all = usualActions(scheme);
    const codes = scheme.criteria.flatMap((criterion) => criterion.codes);
    // A card's key follows its code's letter; one that was put elsewhere is named by itself.
    const cards = codes.filter((each) => desk.preferences.keys?.[`define:${each.id}`] && keysOf.has(`define:${each.id}`)).map((each) => [label(`define:${each.id}`), texts.define(each.label)]);
    const groups = GROUPS.map((group) => [texts.groups[group], rows(all.filter((each) => each.group === group))]);
    const answers = [["0–9", texts.answerDigits], [texts.shiftLetter, texts.defineLetter], ...cards];
    const ofCode = (code) => (keysOf.has(`code:${code.id}`) ? [[label(`code:${code.id}`), `${code.label} (${ROLES[code.role] ?? code.role})`]] : []);
    columns.replaceChildren(
      ...groups.filter(([, found]) => found.length).map(([title, found]) => section(title, found)), section(texts.groups.codes, answers),
      ...scheme.criteria.map((criterion) => section(criterion.label, criterion.codes.flatMap(ofCode))));
  }
}

function section(title, rows) {
  return el("section", { class: rows.every(([key]) => key.length === 1) ? "short" : null }, el("h3", {}, title),
    el("dl", { class: "keys" }, ...rows.map(([key, meaning]) => el("div", {}, el("dt", {}, el("kbd", { class: "key" }, key)), el("dd", {}, meaning)))));
}
