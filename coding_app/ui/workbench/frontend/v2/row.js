// One segment as a row of the transcript: when, who, what was said, and beside it what was made of it.

import { sideOf } from "./coding.js";
import { el, put } from "./dom.js";
import { piecesOf } from "./pieces.js";
import { clock } from "./time.js";
import { MARKS, ROLES, texts } from "./texts.js";

const SHAPES = 4; // how many speakers of one role have a shape of their own; the number beside it goes on
const SIGNS = {
  flag: "M4 2h1.6v1H13l-2 3.5L13 10H5.6v4.5H4z",
  note: "M2.5 11.2V13.5h2.3l6.7-6.7-2.3-2.3zM13.3 5a.6.6 0 0 0 0-.9l-1.4-1.4a.6.6 0 0 0-.9 0L9.9 3.8l2.3 2.3z",
  uncertain: "M7.2 10.3h1.7v-.6c0-1.6 2.5-1.7 2.5-4.2C11.4 3.6 10 2.3 8 2.3S4.7 3.5 4.5 5.4h1.7c.1-1 .8-1.6 1.8-1.6s1.7.6 1.7 1.6c0 1.7-2.5 1.9-2.5 4.3zM8 11.6a1.1 1.1 0 1 0 0 2.2 1.1 1.1 0 0 0 0-2.2z",
  overlap: "M2 3h8v3.5H2zM6 9.5h8V13H6z",
  doubt: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm0 1.6a4.9 4.9 0 1 1 0 9.8 4.9 4.9 0 0 1 0-9.8zM7.2 4.8h1.6v4H7.2zm0 5h1.6v1.6H7.2z",
};

/** A small sign that says in words what it means, to the mouse and to a screen reader. */
function sign(kind, meaning) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 16 16");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SIGNS[kind]);
  picture.append(path);
  return el("span", { class: `sign sign-${kind}`, role: "img", "aria-label": meaning, title: meaning }, picture);
}

export function chip({ criterionIndex, key, label, details, open }) {
  return el("span", { class: "chip", "data-criterion": String(criterionIndex % 6), "data-open": open, title: details ? `${label}: ${details}` : label },
    el("span", { class: "chip-key", "aria-hidden": "true" }, (key ?? "").toUpperCase()),
    el("span", { class: "chip-label" }, label),
    details ? el("span", { class: "chip-value" }, open ? `${details} –` : details) : (open ? el("span", { class: "chip-value" }, "–") : null));
}

export function moment({ criterionIndex, label, start_ms, end_ms }) {
  const meaning = texts.momentHere(label, clock(start_ms, { tenths: true }), end_ms > start_ms ? clock(end_ms, { tenths: true }) : null);
  return el("span", { class: "moment", "data-criterion": String(criterionIndex % 6), role: "img", "aria-label": meaning, title: meaning },
    el("span", { class: "moment-label", "aria-hidden": "true" }, label));
}

/** "Client 2", or the label where nobody has said who it is. talker: {role, number} or undefined. */
export function speakerName(segment, talker) {
  const name = ROLES[segment.role] ?? segment.speaker ?? texts.unknownSpeaker;
  return segment.role && talker?.number ? `${name} ${talker.number}` : name;
}

/** Colour, shape, letter and number each tell the speakers apart. */
function speaker(segment, talker) {
  const letter = (MARKS[segment.role] ?? "?") + (talker?.number ?? "");
  return el("span", { class: "row-speaker" },
    el("span", { class: `mark ${sideOf(segment.role) ?? "other"}`, "data-shape": String(((talker?.number ?? 1) - 1) % SHAPES), "aria-hidden": "true" }, letter),
    el("span", { class: "speaker" }, speakerName(segment, talker)));
}

/** The row itself, without its text and signs. talker: {role, number} or undefined. */
export function createRow({ segment, index, n, talker }) {
  const words = el("span", { class: "row-text", dir: "auto" });
  const side = el("div", { class: "row-side" });
  const element = el("div", { class: "row", role: "option", id: `row-${index}`, "aria-selected": "false", "aria-setsize": String(n),
    "aria-posinset": String(index + 1), "data-index": String(index) },
  el("span", { class: "row-time" }, clock(segment.start_ms)), speaker(segment, talker), words, side);
  return { element, words, side };
}

/** matches: [{from, to, active}] of the search. */
export function showText({ words }, segment, matches) {
  words.replaceChildren(...piecesOf(segment.text, segment.doubtful, matches).map(({ text, percent, match, active }) => {
    const found = match ? el("mark", { class: "found", "data-active": active }, text) : text;
    return percent === null ? found : el("span", { class: "doubtful", title: texts.doubtful(percent) }, found);
  }));
  put(words, "title", segment.corrected ? texts.corrected : null);
}

/**
 * What stands beside the text. chips: [{criterionIndex, key, label, details, open}]; moments: [{criterionIndex, label,
 * start_ms, end_ms}]; remark: {flag, uncertain, note}; overlap: the time (ms) of the segment it overlaps, or null;
 * doubts: why the segment needs a close listen, as the server names it, "overlap" for two voices at once.
 * compared: nodes that stand in place of chips and moments while passes are compared, or null.
 */
export function showSide({ side }, { chips, moments, remark, overlap, doubts, compared = null }) {
  const unsure = doubts.filter((each) => each !== "overlap").map((each) => texts.editor.kinds[each] ?? each);
  const together = overlap !== null ? texts.overlaps(clock(overlap, { tenths: true })) : doubts.includes("overlap") ? texts.twoVoices : null;
  const signs = [
    together === null ? null : sign("overlap", together),
    unsure.length ? sign("doubt", texts.listenClosely(unsure.join(", "))) : null,
    remark?.flag ? sign("flag", texts.flagged) : null,
    remark?.uncertain ? sign("uncertain", texts.uncertain) : null,
    remark?.note ? sign("note", texts.noteSays(remark.note)) : null,
  ].filter((each) => each !== null);
  put(side, "data-compared", compared !== null);
  side.replaceChildren(...signs, ...(compared ?? [...moments.map(moment), ...chips.map(chip)]));
}

/** The search found words in the row's note, or not. */
export function showFound({ side }, noteFound) {
  const note = side.querySelector(".sign-note");
  if (note) put(note, "data-found", noteFound ? "true" : null);
}
