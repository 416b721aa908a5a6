// The page "Find": every place where words stand, one after the other, and other words in their stead.

import { button, el, say } from "../dom.js";
import { texts } from "../texts.js";
import { findAll } from "./state.js";

export function openFinding(desk) {
  const { scope } = desk;
  const words = texts.editor;
  const wanted = el("input", { class: "editor-input", type: "text", id: "editor-find" });
  const instead = el("input", { class: "editor-input", type: "text", id: "editor-replace" });
  const matchCase = el("input", { type: "checkbox" });
  const wholeWord = el("input", { type: "checkbox" });
  const told = el("p", { class: "quiet", role: "status" });
  const one = button({ class: "plain", disabled: true }, words.replaceOne);
  const all = button({ class: "strong", disabled: true }, words.replaceAll(0));
  const next = button({ class: "plain", disabled: true }, words.next);
  const previous = button({ class: "plain", disabled: true }, words.previous);
  const nodes = [el("div", { class: "editor-find editor-pad" },
    el("label", { for: "editor-find" }, words.find), wanted, el("label", { for: "editor-replace" }, words.replace), instead,
    el("label", { class: "editor-check" }, matchCase, words.matchCase), el("label", { class: "editor-check" }, wholeWord, words.wholeWord),
    told, el("div", { class: "editor-acts" }, previous, next, one, all))];
  let matches = [];
  let at = -1;

  const options = () => ({ matchCase: matchCase.checked, wholeWord: wholeWord.checked });

  function look() {
    matches = findAll(desk.segments(), wanted.value, options());
    at = Math.min(at, matches.length - 1);
    tell();
  }

  function tell() {
    const n = matches.length;
    say(told, !wanted.value.trim() ? "" : at >= 0 ? words.at(at + 1, n) : words.found(n));
    say(all, words.replaceAll(n));
    const held = wanted.getRootNode().activeElement;
    for (const each of [next, previous]) each.disabled = !n;
    for (const each of [one, all]) each.disabled = !n || desk.readOnly !== null;
    if (held?.disabled) wanted.focus(); // a button that has had its work is no place to be left at
    desk.list.found(matches, matches[at] ?? null);
  }

  function go(step) {
    if (!matches.length) return;
    at = (at + step + matches.length) % matches.length;
    desk.choose(matches[at].key);
    tell();
  }

  function replace(keys) {
    const { matchCase: sameCase, wholeWord: whole } = options();
    desk.edit("replace", { find: wanted.value, with: instead.value, case: sameCase, whole_word: whole, keys });
  }

  for (const each of [wanted, matchCase, wholeWord]) scope.on(each, each.type === "text" ? "input" : "change", () => {
    at = -1;
    look();
  });
  scope.on(wanted, "keydown", (event) => {
    if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
  });
  for (const each of nodes) scope.on(each, "keydown", (event) => {
    if (event.key === "Escape") desk.list.found([], null); // the pages beside the list give the focus back to it
  });
  scope.on(next, "click", () => go(1));
  scope.on(previous, "click", () => go(-1));
  scope.on(one, "click", () => replace([matches[Math.max(0, at)].key]));
  scope.on(all, "click", () => replace(null));

  return {
    nodes: () => nodes,
    changed: look,
    focus() {
      wanted.focus();
      wanted.select();
      if (wanted.value) look();
    },
  };
}
