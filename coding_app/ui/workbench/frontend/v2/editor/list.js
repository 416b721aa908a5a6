// The segments as rows of which only those in view are in the page; one of them can be written in.

import { el, put } from "../dom.js";
import { piecesOf } from "../pieces.js";
import { createRolling } from "../rolling.js";
import { createScope } from "../scope.js";
import { clock } from "../time.js";
import { texts } from "../texts.js";
import { linesOf } from "../virtual.js";
import { wordAt } from "./state.js";

const LINE_PX = 20;
const ROW_PX = 15;
const SHAPES = 4;

export function createList(desk) {
  const { scope, frame, state } = desk;
  const words = texts.editor;
  const sheet = el("div", { class: "rows", role: "grid", tabindex: "0", "aria-label": words.list });
  const box = el("div", { class: "transcript" }, sheet);
  frame.slots.list.append(box);
  let rolling = null;
  let own = null;
  let field = null; // {key, element, row}
  let found = new Map(); // key -> [{from, to, active}]

  const indexOf = (key) => desk.segments().findIndex((each) => each.key === key);

  function build() {
    const top = box.scrollTop;
    own?.end();
    own = createScope();
    sheet.replaceChildren();
    field = null;
    const segments = desk.segments();
    const perLine = Math.max(20, Math.floor((box.clientWidth - 300) / 7));
    rolling = createRolling({
      list: box, sheet, n: segments.length, scope: own, keep: () => [indexOf(desk.key)].filter((place) => place >= 0),
      estimate: (index) => ROW_PX + LINE_PX * linesOf(segments[index].text.length, perLine),
      make: (index) => row(desk.segments()[index], index), onScrolled: () => {}, onDrawn: () => {},
    });
    put(sheet, "aria-rowcount", String(segments.length));
    if (!segments.length) sheet.append(el("div", { role: "row" }, el("p", { class: "quiet editor-pad", role: "gridcell" }, words.noSegments)));
    rolling.place();
    box.scrollTop = top;
    if (segments.length) rolling.reveal(Math.max(0, indexOf(desk.key)));
  }
  scope.own(() => own?.end());

  function row(segment, index) {
    const voice = desk.voice(segment.speaker);
    const made = el("div", { class: "row", role: "row", "aria-rowindex": String(index + 1), id: `seg-${segment.key}`, "data-index": String(index), "data-key": segment.key, "aria-selected": String(segment.key === desk.key) },
      el("span", { class: "row-time", role: "gridcell" }, clock(segment.start_ms)),
      el("span", { class: "row-speaker", role: "gridcell" }, el("span", { class: `mark ${(voice.role ?? "other").split("_")[0]}`, "data-shape": String(Math.max(0, voice.number - 1) % SHAPES), "aria-hidden": "true" }, voice.letter), el("span", { class: "speaker" }, voice.name)),
      el("span", { class: "row-text", role: "gridcell", dir: "auto" }), el("span", { class: "row-signs", role: "gridcell" }, ...signs(segment)));
    write(made, segment, -1);
    return made;
  }

  function signs(segment) {
    if (desk.unsent(segment.key) !== null) return [el("span", { class: "editor-flag", "data-kind": "unsent" }, words.unsent)];
    if (segment.flags.includes("confirmed")) return [el("span", { class: "editor-flag", "data-kind": "confirmed" }, words.confirmed)];
    return (state.doubtOf(segment.key)?.kinds ?? []).map((kind) => el("span", { class: "editor-flag", "data-kind": kind }, words.kinds[kind] ?? kind));
  }

  /** The text with its doubtful words, what the search found, and the word that is spoken. */
  function write(element, segment, spoken) {
    const text = element.querySelector(".row-text");
    const unsent = desk.unsent(segment.key);
    if (unsent !== null) {
      text.replaceChildren(unsent);
      return;
    }
    const matches = found.get(segment.key) ?? [];
    const word = spoken >= 0 && segment.words.length === segment.text.split(" ").length ? placeOfWord(segment.text, spoken) : null;
    const marks = word && !matches.length ? [{ ...word, active: false, spoken: true }] : matches;
    text.replaceChildren(...piecesOf(segment.text, segment.doubtful, marks).map((piece) => {
      if (piece.percent === null && !piece.match) return piece.text;
      const kind = [piece.percent === null ? "" : "doubtful", piece.match ? (word && !matches.length ? "spoken" : "found") : ""].join(" ").trim();
      return el("span", { class: kind, "data-active": piece.active, title: piece.percent === null ? null : `${piece.percent} %` }, piece.text);
    }));
  }

  function fresh(key) {
    const index = indexOf(key);
    if (index < 0) return;
    const old = rolling.rows.get(index);
    if (!old || field?.key === key) return;
    const made = row(desk.segments()[index], index);
    old.replaceChildren(...made.childNodes);
    for (const name of ["aria-selected", "aria-rowindex", "data-key", "id"]) old.setAttribute(name, made.getAttribute(name));
  }

  function choose(reveal) {
    for (const element of rolling.rows.values()) put(element, "aria-selected", String(element.dataset.key === desk.key));
    const index = indexOf(desk.key);
    put(sheet, "aria-activedescendant", desk.key ? `seg-${desk.key}` : null);
    if (reveal && index >= 0) rolling.reveal(index);
  }

  let lastSpoken = null;
  function heard(ms) {
    const segment = desk.segments().find((each) => each.key === desk.key);
    if (!segment || field) return;
    const spoken = ms >= segment.start_ms && ms < segment.end_ms ? wordAt(segment.words, ms) : -1;
    if (lastSpoken === `${segment.key} ${spoken}`) return;
    const [before] = lastSpoken?.split(" ") ?? [];
    lastSpoken = `${segment.key} ${spoken}`;
    if (before && before !== segment.key) fresh(before);
    const element = rolling.rows.get(indexOf(segment.key));
    if (element) write(element, segment, spoken);
  }

  /** The text of the chosen row becomes a field. at: where the cursor goes, null = all is chosen. */
  function writeIn(at = null) {
    if (desk.readOnly || !desk.segment()) return;
    leave();
    const segment = desk.segment();
    rolling.reveal(indexOf(segment.key));
    const element = rolling.ensure(indexOf(segment.key));
    const area = el("textarea", { class: "correct-field", dir: "auto", rows: "1", spellcheck: "true", "aria-label": words.write(desk.voice(segment.speaker).name, clock(segment.start_ms)), "aria-describedby": "editor-write-keys" });
    const now = desk.unsent(segment.key) ?? segment.text;
    area.value = now;
    const hint = el("span", { class: "quiet", id: "editor-write-keys" }, words.writeKeys);
    element.querySelector(".row-text").replaceChildren(area, hint);
    const ends = [scope.on(area, "keydown", typed), scope.on(area, "input", grow), scope.on(area, "blur", () => keep())];
    field = { key: segment.key, text: now, element: area, ends };
    grow();
    area.focus({ preventScroll: true });
    if (at === null) area.setSelectionRange(area.value.length, area.value.length);
    else area.setSelectionRange(at, at);

    function grow() {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight + 2}px`;
    }
  }

  function leave() {
    if (!field) return;
    const { key, ends } = field;
    field = null;
    for (const end of ends) end();
    fresh(key);
  }

  /** Sends what was written, if it is something else than before. Returns whether there is something. */
  function keep() {
    if (!field) return;
    const { key, text, element } = field;
    const wanted = element.value.split(/\s+/).filter(Boolean).join(" ");
    leave();
    if (wanted && wanted !== text) desk.edit("set_text", { key, text: wanted });
  }

  function typed(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const mod = event.ctrlKey || event.metaKey;
    if (event.key === "Escape") {
      leave();
      frame.focusList();
    } else if (event.key === "Enter" && event.altKey) {
      const { key, element, text } = field;
      const at = [...element.value.slice(0, element.selectionStart)].length;
      const same = element.value === text;
      keep();
      if (same) desk.edit("split", { key, at });
      else desk.edit("split", { key, at: [...element.value.slice(0, element.selectionStart).split(/\s+/).filter(Boolean).join(" ")].length });
      frame.focusList();
    } else if (event.key === "Enter" && !event.shiftKey) {
      keep();
      frame.focusList();
      if (mod) {
        desk.act.step(1);
        writeIn();
      }
    } else if (event.key === "F2" || (mod && event.key === " ")) desk.player.toggle();
    else if (event.key === "F4") desk.act.replay();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  scope.on(sheet, "click", (event) => {
    const key = event.target.closest(".row")?.dataset.key;
    if (!key || event.target.closest("textarea")) return;
    const again = key === desk.key && event.detail >= 2;
    if (key !== desk.key) desk.choose(key, { reveal: false });
    if (again) writeIn();
    else frame.focusList();
  });

  return {
    choose, heard,
    write: () => writeIn(),
    writing: () => field !== null,
    changed({ structural, keys }) {
      if (structural || !rolling) build();
      else for (const key of keys) fresh(key);
      choose(structural);
    },
    /** What the search found is marked. matches: [{key, from, to}]; active: the one in hand. */
    found(matches, active) {
      const before = [...found.keys()];
      found = new Map();
      for (const each of matches) found.set(each.key, [...(found.get(each.key) ?? []), { from: each.from, to: each.to, active: each === active }]);
      for (const key of new Set([...before, ...found.keys()])) fresh(key);
    },
    redraw: () => build(),
  };
}

function placeOfWord(text, place) {
  const before = text.split(" ").slice(0, place).join(" ").length;
  const from = place ? before + 1 : 0;
  return { from, to: from + text.split(" ")[place].length };
}

