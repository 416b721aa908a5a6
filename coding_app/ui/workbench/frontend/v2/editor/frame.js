// The frame around list and pages: what is open, whether it is saved, the player's buttons, notices, the list of keys.

import { button, el, keycap, put, say } from "../dom.js";
import { createColours } from "../theme.js";
import { clock } from "../time.js";
import { texts } from "../texts.js";
import { keysOf } from "./keys.js";

const QUIET_MS = 4000;
const ICONS = {
  play: "M7 4.5v15l12-7.5z", pause: "M6 4.5h4.2v15H6zM13.8 4.5H18v15h-4.2z",
  undo: "M9 5 4 10l5 5v-3.6h5a4 4 0 0 1 0 8h-3V22h3a6.6 6.6 0 0 0 0-13.2H9z", redo: "M15 5l5 5-5 5v-3.6h-5a4 4 0 0 0 0 8h3V22h-3a6.6 6.6 0 0 1 0-13.2h5z",
};

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function createFrame(parent, scope) {
  const words = texts.editor;
  const root = el("section", { class: "workbench editor", "aria-label": words.title, tabindex: "-1" });
  for (const name of ["editor.css", "../transcript.css", "../player.css"]) {
    const link = el("link", { rel: "stylesheet", href: new URL(`./${name}`, import.meta.url).href });
    parent.append(link);
    scope.own(() => link.remove());
  }
  const loading = el("p", { class: "loading" }, words.loading);
  const status = el("span", { class: "editor-told", role: "status" });
  root.append(loading);
  parent.append(root);
  const colours = createColours(root);
  let quiet = null;
  let parts = null;

  return {
    root, status, colours,
    slots: { wave: el("div", { class: "player" }), list: el("div", { class: "editor-list" }), side: el("aside", { class: "side" }) },

    failed(message, again) {
      const retry = button({ class: "plain" }, texts.tryAgain);
      scope.on(retry, "click", again);
      root.replaceChildren(el("div", { class: "failed" }, el("p", {}, texts.failed(message)), retry));
    },

    open({ desk, act, title }) {
      const tool = (name, work) => {
        const made = button({ class: "transport-button", title: words[name], "aria-label": words[name] }, icon(name));
        scope.on(made, "click", work);
        return made;
      };
      parts = {
        play: tool("play", () => act.toggle()), now: el("span", { class: "time-now" }), rate: el("span", { class: "quiet" }),
        revision: el("span", { class: "quiet" }), saved: el("span", { class: "editor-saved", role: "status" }),
        undo: tool("undo", () => act.undo()), redo: tool("redo", () => act.redo()),
        notices: el("div", { class: "notices" }), reading: el("div", { class: "notice", hidden: true }, el("span", {})), help: helpOf(words),
      };
      parts.play.classList.add("play");
      const help = button({ class: "plain" }, words.help, " ", keycap("?"));
      scope.on(help, "click", () => this.help());
      const close = button({ class: "plain" }, words.close);
      scope.on(close, "click", () => this.help());
      parts.help.append(close);
      const all = clock(desk.first.recording.duration_ms);
      loading.remove();
      root.prepend(
        el("div", { class: "bar" }, el("h2", { class: "title" }, title), parts.revision, el("span", { class: "bar-space" }), status, parts.saved, parts.undo, parts.redo, help),
        parts.notices, parts.reading,
        el("div", { class: "bar" }, parts.play, el("span", { class: "times" }, parts.now, el("span", { class: "time-slash" }, "/"), el("span", { class: "time-all" }, all)), parts.rate, el("span", { class: "bar-space" }), el("span", { class: "quiet" }, words.keysHint)),
        this.slots.wave, el("div", { class: "body" }, el("div", { class: "main" }, this.slots.list), this.slots.side), parts.help,
      );
      this.playing(false, 1);
      this.saving("saved", 0);
    },

    header({ revision, source }, { made_by: madeBy }) {
      say(parts.revision, `${words.revision(revision)} · ${words.madeBy(words.sources[source] ?? source, source === "edit" ? null : madeBy)}`);
    },
    saving(now, n) {
      if (!parts) return;
      put(parts.saved, "data-state", now);
      say(parts.saved, now === "offline" ? words.offline(n) : words[now]);
    },
    playing(on, rate) {
      if (!parts) return;
      parts.play.replaceChildren(icon(on ? "pause" : "play"));
      put(parts.play, "aria-label", on ? words.pause : words.play);
      say(parts.rate, rate === 1 ? "" : words.speed(rate));
    },
    time(ms) {
      if (parts) say(parts.now, clock(ms, { tenths: true }));
    },
    tell(sentence, { quiet: soft = false } = {}) {
      quiet?.();
      say(status, sentence);
      put(status, "data-tone", soft ? null : "warn");
      quiet = scope.timeout(() => say(status, ""), QUIET_MS * (soft ? 1 : 2));
    },
    notice(sentence, act, work) {
      const close = button({ class: "remove", "aria-label": words.close }, "×");
      const made = el("div", { class: "notice" }, el("span", {}, sentence));
      if (act) {
        const go = button({ class: "plain" }, act);
        scope.on(go, "click", () => {
          made.remove();
          this.focusList();
          work();
        });
        made.append(go);
      }
      made.append(close);
      scope.on(close, "click", () => {
        made.remove();
        this.focusList();
      });
      parts.notices.append(made);
    },
    reading(sentence) {
      put(parts.reading, "hidden", sentence === null);
      say(parts.reading.firstChild, sentence ?? "");
    },
    helpOpen: () => Boolean(parts) && !parts.help.hidden,
    help() {
      parts.help.hidden = !parts.help.hidden;
      if (parts.help.hidden) this.focusList();
      else parts.help.querySelector("button").focus();
    },
    focusList() {
      root.querySelector(".rows")?.focus({ preventScroll: true });
    },
  };
}

function helpOf(words) {
  const label = (name) => name.split("+").filter((part) => part !== "").map((part) => words.keyNames[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(" + ") || name;
  const row = (name, keys) => el("div", { class: "editor-key" }, el("dt", {}, ...keys.map((each) => el("kbd", { class: "key" }, label(each)))), el("dd", {}, words.actions[name]));
  const rows = Object.keys(words.actions).map((name) => row(name, name === "voice" ? ["1 … 9"] : name === "voiceFromHere" ? ["Alt+1 … 9"] : keysOf(name)));
  return el("div", { class: "editor-help", role: "dialog", "aria-label": words.help, hidden: true }, el("h3", {}, words.help), el("dl", {}, ...rows), el("p", { class: "quiet" }, `${words.whileWriting} ${words.writeKeys}`));
}
