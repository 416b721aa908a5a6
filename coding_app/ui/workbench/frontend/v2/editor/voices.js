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
  const [a, b] = speakers.map((each) => each.label);
  const two = speakers.length === 2 ? [
    act(words.swap, () => desk.edit("swap_speakers", { a, b })),
    act(words.swapHere, () => desk.key && desk.edit("swap_speakers", { a, b, key: desk.key })),
  ] : [];
  const merges = speakers.length > 2 ? speakers.slice(1).map(({ label }) => act(words.mergeInto(desk.voice(label).name, desk.voice(a).name), () => desk.edit("merge_speakers", { from: label, into: a }))) : [];
  return [el("p", { class: "quiet editor-pad" }, words.voicesHint), el("ul", { class: "editor-voices" }, ...cards),
    el("div", { class: "editor-acts editor-pad" }, ...two, ...merges, act(words.addVoice, () => desk.edit("add_speaker", {})))];
}

/** A line that a voice is easy to tell by: the longest of a usual length. */
function typical(lines) {
  const length = (each) => each.end_ms - each.start_ms;
  const usual = lines.filter((each) => length(each) >= TYPICAL_MS[0] && length(each) <= TYPICAL_MS[1]);
  return (usual.length ? usual : lines).reduce((best, each) => (best === null || length(each) > length(best) ? each : best), null);
}
