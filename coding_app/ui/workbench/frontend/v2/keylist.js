// The keys in the settings: every action with its key, another by pressing it, and all of them to and from a file.

import { GROUPS } from "./actions.js";
import { button, el, put, say } from "./dom.js";
import { download } from "./download.js";
import { changeable, exported, given, imported, isHalfPressed, keyPressed, keysOf, ownerOf, reset, withoutKey, withoutLetters } from "./remapping.js";
import { ROLES, texts } from "./texts.js";

const FILE = "workbench-keys.json";
const MOST_BYTES = 100000;

/** keep(keys): the observer's own keys from now on. */
export function createKeyList({ desk, keep }) {
  const { scheme, scope, signals, root } = desk;
  const codes = new Map(scheme.criteria.flatMap((criterion) => criterion.codes.map((code) => [code.id, code])));
  const actions = changeable(scheme);
  const rows = new Map(); // action id -> {row, change, keys, back, off}
  const own = () => desk.preferences.keys ?? {};
  let asked = null; // action whose key is being pressed
  let clash = null; // {id, key}: somebody else has it

  const said = el("p", { class: "keys-said", role: "status" });
  const exchange = button({ class: "strong" }, texts.settings.exchange);
  const leave = button({ class: "plain" }, texts.settings.leave);
  const question = el("div", { class: "keys-question", hidden: true }, exchange, leave);
  const file = el("input", { type: "file", accept: ".json,application/json", hidden: true, "aria-label": texts.settings.readFile });
  const tools = { resetAll: resetAll, lettersOff: () => change(withoutLetters(scheme, own()), texts.settings.lettersAreOff), saveFile: save, readFile: () => file.click() };
  const bar = el("div", { class: "keys-tools" }, ...Object.keys(tools).map((id) => button({ class: "plain small", "data-tool": id }, texts.settings[id])), file);
  const groups = [...GROUPS, "codes", "cards"].map(group);
  const element = el("section", { class: "settings-part keys-part", "aria-label": texts.settings.keys },
    el("h3", {}, texts.settings.keys), el("p", { class: "quiet" }, texts.settings.keysWhy), bar,
    el("div", { class: "keys-answer" }, said, question), ...groups);

  scope.on(element, "click", clicked);
  scope.on(element, "keydown", pressed, { capture: true });
  scope.on(element, "focusout", (event) => asked && event.target === rows.get(asked).change && stop());
  scope.on(exchange, "click", () => settle(true));
  scope.on(leave, "click", () => settle(false));
  scope.on(file, "change", read);
  signals.on("keys", draw);
  draw();

  function group(id) {
    const members = actions.filter((each) => each.group === id);
    return el("section", { class: "keys-group", hidden: members.length === 0 }, el("h4", {}, texts.groups[id]), el("ul", { class: "keys-list" }, ...members.map(rowOf)));
  }

  function nameOf(id) {
    const [kind, ...rest] = id.split(":");
    const code = codes.get(rest.join(":"));
    if (!code) return texts.actions[id] ?? id;
    return kind === "define" ? texts.define(code.label) : `${code.label} (${ROLES[code.role] ?? code.role})`;
  }

  function rowOf({ id }) {
    const name = nameOf(id);
    const key = el("kbd", { class: "key" });
    const press = button({ class: "key-set", "data-set": id }, key);
    const back = button({ class: "plain small", "data-back": id, "aria-label": texts.settings.resetOne(name) }, texts.settings.usual);
    const off = button({ class: "remove", "data-off": id, "aria-label": texts.settings.withoutKey(name), title: texts.settings.withoutKey(name) }, "×");
    rows.set(id, { change: press, key, back, off, name });
    return el("li", { class: "key-row" }, el("span", { class: "key-name" }, name), back, press, off);
  }

  function draw() {
    const found = new Map();
    for (const [key, id] of desk.keymap()) found.set(id, [...(found.get(id) ?? []), key]);
    for (const [id, { change: press, key, back, off, name }] of rows) {
      const keys = (found.get(id) ?? []).map(texts.keyLabel);
      const shown = asked === id ? texts.settings.pressNow : keys.join(" ") || texts.settings.noKey;
      say(key, shown);
      put(press, "data-asked", asked === id);
      put(press, "data-none", keys.length === 0);
      put(press, "aria-label", texts.settings.keyOf(name, keys.join(", ") || texts.settings.noKey));
      back.hidden = own()[id] === undefined;
      off.hidden = keys.length === 0;
    }
    question.hidden = clash === null;
  }

  function tell(text) {
    said.textContent = "";
    said.textContent = text;
  }

  function change(keys, sentence) {
    asked = null;
    clash = null;
    tell(sentence);
    keep(keys);
    draw();
  }

  function clicked(event) {
    const found = event.target.closest?.("button");
    if (!found) return;
    const { set, back, off, tool } = found.dataset;
    if (set) ask(set);
    else if (back) change(reset(scheme, own(), back), texts.settings.isUsual(rows.get(back).name));
    else if (off) change(withoutKey(own(), off), texts.settings.hasNone(rows.get(off).name));
    else if (tool) tools[tool]();
    // What was clicked may be gone now; the keyboard goes on in its row.
    if ((back || off) && found.hidden) rows.get(back ?? off).change.focus();
  }

  function ask(id) {
    asked = id;
    clash = null;
    rows.get(id).change.focus(); // a click leaves the focus elsewhere
    tell(texts.settings.pressKey(rows.get(id).name));
    draw();
  }

  function pressed(event) {
    if (asked === null || isHalfPressed(event)) return;
    const { name, why } = keyPressed(event);
    if (why === "Tab") return; // Tab goes on, here as everywhere: nobody is caught in a row
    event.preventDefault();
    event.stopPropagation();
    if (why === "Escape") {
      stop();
      return tell(texts.settings.asBefore);
    }
    if (why) return tell(texts.settings.whyNot[why](texts.keyLabel(name)));
    return take(asked, name);
  }

  function take(id, key) {
    const owner = ownerOf(scheme, own(), id, key);
    if (!owner) return change(given(scheme, own(), id, key), texts.settings.isNow(rows.get(id).name, texts.keyLabel(key)));
    asked = null;
    clash = { id, key };
    draw();
    const mine = keysOf(scheme, own(), id).map(texts.keyLabel)[0];
    tell(texts.settings.isTaken(texts.keyLabel(key), rows.get(owner).name, mine ?? null));
    return exchange.focus();
  }

  function settle(swap) {
    const { id, key } = clash;
    clash = null;
    if (swap) change(given(scheme, own(), id, key), texts.settings.isNow(rows.get(id).name, texts.keyLabel(key)));
    else tell(texts.settings.asBefore);
    draw();
    rows.get(id).change.focus();
  }

  function resetAll() {
    change({}, texts.settings.allUsual);
  }

  function save() {
    download({ name: FILE, text: exported(own()), scope, root });
    tell(texts.settings.fileSaved(FILE));
  }

  async function read() {
    const [chosen] = file.files;
    file.value = ""; // the same file can be chosen again
    if (!chosen) return undefined;
    const found = chosen.size <= MOST_BYTES ? imported(await chosen.text(), scheme) : null;
    if (found === null) return tell(texts.settings.notAKeysFile);
    return change(found.keys, texts.settings.fileRead(Object.keys(found.keys).length, found.nIgnored));
  }

  /** Stops waiting for a key; true when there was one to wait for. */
  function stop() {
    const was = asked !== null || clash !== null;
    asked = null;
    clash = null;
    if (was) draw();
    return was;
  }

  return { element, draw, stop, leaves: stop };
}
