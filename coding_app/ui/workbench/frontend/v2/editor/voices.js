// The page "Voices": a line of each to hear, who it is, and what can be done to two of them.

import { button, el } from "../dom.js";
import { ROLES, texts } from "../texts.js";

const ALL = ["therapist", "client", "client_2", "client_3", "client_4", "therapist_2", "other"];
const TYPICAL_MS = [1500, 15000];

/** on(target, type, handler): a listener that goes with the page. */
export function voicesPage(desk, on) {
  const words = texts.editor;
  const { speakers } = desk.state.header();
  const act = (label, work) => {
    const made = button({ class: "plain" }, label);
    on(made, "click", work);
    return made;
  };
  const cards = speakers.map(({ label, role }, place) => {
    const voice = desk.voice(label);
    const hear = act("▶", () => {
      const line = typical(desk.segments().filter((each) => each.speaker === label));
      if (line) desk.player.playSpan(line);
    });
    hear.setAttribute("aria-label", words.hear(voice.name));
    const choice = el("select", { class: "editor-select", "aria-label": words.roleOf(words.voice(label)) }, el("option", { value: "" }, words.notKnown), ...ALL.map((each) => el("option", { value: each, selected: each === role }, ROLES[each])));
    on(choice, "change", () => desk.edit("set_role", { speaker: label, role: choice.value || null }));
    const n = desk.segments().filter((each) => each.speaker === label).length;
    return el("li", {}, el("kbd", { class: "key" }, String(place + 1)), hear, el("span", { class: "editor-voice" }, words.voice(label), el("span", { class: "quiet" }, ` · ${n}`)), choice);
  });
  return [el("p", { class: "quiet editor-pad" }, words.voicesHint), el("ul", { class: "editor-voices" }, ...cards),
    el("div", { class: "editor-acts editor-pad" }, act(words.addVoice, () => desk.edit("add_speaker", {}))), ...pairOf(desk, on, act)];
}

/** What can be done to two voices; which two is asked where there are more. The second goes into the first. */
function pairOf(desk, on, act) {
  const words = texts.editor;
  const labels = desk.state.header().speakers.map((each) => each.label);
  if (labels.length < 2) return [];
  const known = desk.pair?.every((each) => labels.includes(each));
  if (!known) desk.pair = labels.slice(0, 2);
  const pair = desk.pair;
  const differ = () => pair[0] !== pair[1] || desk.frame.tell(words.sameVoice);
  const named = (label) => (desk.voice(label).role ? `${words.voice(label)} (${desk.voice(label).name})` : words.voice(label));
  const choices = [words.oneVoice, words.otherVoice].map((name, which) => {
    const choice = el("select", { class: "editor-select", "aria-label": name }, ...labels.map((label) => el("option", { value: label, selected: label === pair[which] }, named(label))));
    on(choice, "change", () => {
      pair[which] = choice.value;
    });
    return choice;
  });
  const edit = (op, given) => () => differ() === true && desk.edit(op, given());
  return [el("div", { class: "editor-pair editor-pad" }, el("h3", {}, words.twoVoices),
    labels.length > 2 ? el("div", { class: "editor-acts" }, ...choices) : null,
    el("div", { class: "editor-acts" },
      act(words.swap, edit("swap_speakers", () => ({ a: pair[0], b: pair[1] }))),
      act(words.swapHere, edit("swap_speakers", () => ({ a: pair[0], b: pair[1], key: desk.key }))),
      act(words.merge, edit("merge_speakers", () => ({ from: pair[1], into: pair[0] })))))];
}

/** A line that a voice is easy to tell by: the longest of a usual length. */
function typical(lines) {
  const length = (each) => each.end_ms - each.start_ms;
  const usual = lines.filter((each) => length(each) >= TYPICAL_MS[0] && length(each) <= TYPICAL_MS[1]);
  return (usual.length ? usual : lines).reduce((best, each) => (best === null || length(each) > length(best) ? each : best), null);
}
