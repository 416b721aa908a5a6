// Remarks on anything: a flag (look at it again), a doubt, a note; kept as the judgement "remark" of the unit.

import { contentOf } from "./coding.js";
import { button, el, say } from "./dom.js";
import { clock } from "./time.js";
import { texts } from "./texts.js";

const REMARK = "remark";
const LONGEST = 2000; // as MAX_NOTE in coding_app/domain/rules.py
const SIGNS = { flag: "⚑", uncertain: "?", note: "✎" };

/** Gives the desk: remarks {of(key), signs(key), nodes(units)}. */
export function openRemarks(desk) {
  const { scope, model, acts, signals, status } = desk;
  const field = el("textarea", { class: "note-field", rows: "2", maxlength: String(LONGEST) });
  const about = el("span", { class: "note-about" });
  const editor = el("div", { class: "note-editor", hidden: true }, el("label", {}, about, field), el("p", { class: "quiet note-keys" }, texts.noteKeys));
  let edited = null; // the unit that the note is about, while it is written

  const held = (key) => contentOf(model.judgement(key, REMARK));
  const has = (key, code) => held(key).codes.some((each) => each.code === code);

  desk.remarks = {
    /** {flag, uncertain, note} of a unit. */
    of: (key) => ({ flag: has(key, "flag"), uncertain: has(key, "uncertain"), note: held(key).note }),
    /** The signs of a unit's remarks, "" when there are none. */
    signs: (key) => [has(key, "flag") && SIGNS.flag, has(key, "uncertain") && SIGNS.uncertain, held(key).note && SIGNS.note].filter(Boolean).join(" "),
    nodes,
  };
  desk.act({
    flag: () => toggle("flag", desk.inHand()),
    uncertain: () => toggle("uncertain", desk.inHand()),
    note() {
      if (desk.box.element.hidden) desk.tabs.open("tag");
      edit(desk.inHand()[0], desk.box.element);
    },
  });
  desk.box.add(nodes);
  scope.on(desk.root, "click", (event) => {
    const clicked = event.target.closest?.("[data-remark]");
    if (!clicked) return;
    const units = clicked.dataset.units.split(" ").map(desk.unitOf).filter(Boolean);
    const home = clicked.closest(".segment-box") ? desk.box.element : clicked.closest(".unit-remarks");
    if (clicked.dataset.remark === "note") edit(units[0], home);
    else toggle(clicked.dataset.remark, units);
  });
  scope.on(field, "keydown", (event) => {
    if (event.isComposing || (event.key !== "Escape" && (event.key !== "Enter" || event.shiftKey))) return;
    event.preventDefault();
    event.stopPropagation();
    leave(event.key === "Enter");
  });
  // What was written is not lost by turning elsewhere; a click on a button takes no focus away, so it is looked for itself.
  scope.on(field, "blur", () => edited && leave(true, false));
  scope.on(desk.root, "pointerdown", (event) => edited && !editor.contains(event.target) && leave(true));
  signals.on("locked", () => edited && leave(false));

  /** Buttons that say and set what is remarked on these units, and the note. */
  function nodes(units) {
    if (!units.length) return [];
    const keys = units.map((each) => each.key).join(" ");
    const all = (code) => units.every((each) => has(each.key, code));
    const note = units.length === 1 ? held(units[0].key).note : null;
    const one = (kind, pressed) => button({ class: "remark", "data-remark": kind, "data-units": keys, "aria-pressed": pressed, title: desk.titleOf(kind) },
      el("span", { class: "remark-sign", "aria-hidden": "true" }, SIGNS[kind]), ` ${texts.remarks[kind]}`);
    return [
      el("div", { class: "remarks", role: "group", "aria-label": texts.remark },
        one("flag", String(all("flag"))), one("uncertain", String(all("uncertain"))), units.length === 1 ? one("note", null) : null),
      ...(note ? [el("p", { class: "note", dir: "auto" }, note)] : []),
    ];
  }

  const within = (unit) => ({ key: unit.key, start_ms: unit.start_ms, end_ms: unit.end_ms });
  const nameOf = (unit) => unit.label ?? clock(unit.start_ms);

  function toggle(code, units) {
    if (!units.length) return undefined;
    const off = units.every((each) => has(each.key, code));
    const changes = units.filter((each) => off || !has(each.key, code)).map((unit) => {
      const before = held(unit.key);
      const codes = off ? before.codes.filter((each) => each.code !== code) : [...before.codes, { code, attributes: {}, links: [] }];
      return { unit: within(unit), criterion: REMARK, content: { ...before, codes } };
    });
    acts.change(changes, texts.remarked(texts.remarks[code], !off, units.length > 1 ? texts.segmentsInHand(units.length) : nameOf(units[0])));
    return undefined;
  }

  function edit(unit, home) {
    if (!unit || !acts.allowed()) return undefined;
    if (edited) leave(true, false);
    edited = within(unit);
    home.append(editor);
    say(about, texts.noteOn(nameOf(unit)));
    field.value = held(unit.key).note ?? "";
    editor.hidden = false;
    field.focus();
    editor.scrollIntoView({ block: "nearest" });
    return undefined;
  }

  function leave(keep, andFocus = true) {
    const unit = edited;
    edited = null; // first: hiding the field takes its focus, which is a leaving too
    editor.hidden = true;
    const note = field.value.trim() || null;
    const before = held(unit.key);
    if (keep && note !== before.note) {
      acts.change([{ unit, criterion: REMARK, content: { ...before, note } }], note ? texts.noteKept : texts.noteGone);
    }
    if (andFocus) desk.root.focus({ preventScroll: true });
    if (!keep) status.say(texts.noteLeft);
  }
}
