// The settings of the observer: language, playing, reaction time, keys; in force at once, kept on the server.

import { button, el } from "./dom.js";
import { createKeyList } from "./keylist.js";
import { createPreferences } from "./preferences.js";
import { languages, texts } from "./texts.js";
import { iconButton } from "./transport.js";

const DEFAULTS = { language: "en", keys: {}, lag_ms: 0, resume_back_ms: 1000, step_ms: 2000, autoplay: true };
// name, factor from what is kept to what is shown, lowest, highest and step as shown; limits as in workbench_preferences.py
const NUMBERS = [
  { name: "step_ms", per: 1000, min: 0.25, max: 30, step: 0.25 },
  { name: "resume_back_ms", per: 1000, min: 0, max: 10, step: 0.25 },
  { name: "lag_ms", per: 1, min: 0, max: 2000, step: 10 },
];

/** Gives the desk keepPreferences(changes): in force at once; promise of whether the server has kept them. Tells "preferences". */
export function openSettings(desk) {
  const { scope, signals, status } = desk;
  const whole = { ...DEFAULTS, ...desk.preferences };
  desk.preferences = whole;
  const preferences = createPreferences({
    first: whole, scope,
    keep: (wanted) => desk.withRenewal(() => desk.api.keepPreferences(wanted)),
    changed: apply,
    waiting: () => status.notice(texts.settings.notKept, "preferences"),
    kept: () => status.drop("preferences"),
    refused: (why) => status.notice(why, "preferences"),
  });
  desk.keepPreferences = preferences.change;
  scope.on(globalThis, "online", preferences.retryNow);

  const language = el("select", { class: "setting-input", id: "setting-language" }, ...languages().map(([id, name]) => el("option", { value: id, lang: id }, name)));
  const autoplay = el("input", { type: "checkbox", class: "setting-check", id: "setting-autoplay" });
  const numbers = NUMBERS.map((each) => ({ ...each, input: el("input", {
    type: "number", class: "setting-input", id: `setting-${each.name}`, min: String(each.min), max: String(each.max), step: String(each.step), "aria-describedby": `about-${each.name}` }) }));
  const measure = button({ class: "plain small" }, texts.settings.measure);
  const keys = createKeyList({ desk, keep: (changed) => preferences.change({ keys: changed }) });
  const close = button({ class: "plain" }, texts.close);
  const element = el("dialog", { class: "dialog settings", "aria-labelledby": "settings-title" },
    el("div", { class: "dialog-head" }, el("h2", { id: "settings-title" }, texts.settings.title), close),
    el("div", { class: "settings-body" },
      el("section", { class: "settings-part" },
        ...numbers.map((each) => row(each.name, each.input, each.name === "lag_ms" ? measure : null)),
        row("autoplay", autoplay), row("language", language),
        el("p", { class: "quiet" }, texts.settings.keptAtOnce)),
      keys.element));
  desk.slots.over.append(element);
  desk.slots.tools.append(iconButton(desk, "settings", texts.settings.title, { class: "plain tool-icon" }));
  desk.act({ settings: open });

  scope.on(close, "click", () => element.close());
  scope.on(element, "cancel", (event) => keys.leaves() && event.preventDefault());
  scope.on(element, "close", () => keys.stop());
  scope.on(autoplay, "change", () => preferences.change({ autoplay: autoplay.checked }));
  scope.on(language, "change", () => speakAnother(language.value));
  scope.on(measure, "click", () => {
    element.close();
    desk.run("calibrate");
  });
  for (const each of numbers) scope.on(each.input, "change", () => number(each));

  function row(name, input, more = null) {
    return el("div", { class: "setting", "data-setting": name }, el("label", { for: input.id }, texts.settings[name]), input, more,
      el("p", { class: "quiet setting-about", id: `about-${name}` }, texts.settings.about[name]));
  }

  function open() {
    fill();
    if (!element.open) element.showModal();
    element.scrollTop = 0;
  }

  function fill() {
    const now = preferences.now();
    for (const { name, per, input } of numbers) input.value = String(now[name] / per);
    autoplay.checked = now.autoplay;
    language.value = now.language;
    keys.draw();
  }

  /** What cannot be is put right, to the nearest that can. */
  function number({ name, per, min, max, input }) {
    const wanted = Number(input.value);
    const value = input.value.trim() === "" || !Number.isFinite(wanted) ? desk.preferences[name] / per : Math.min(max, Math.max(min, wanted));
    input.value = String(value);
    preferences.change({ [name]: Math.round(value * per) });
  }

  function apply(now) {
    const before = desk.preferences;
    desk.preferences = now;
    if (now.keys !== before.keys) desk.remap(now.keys);
    if (element.open) fill();
    signals.tell("preferences", now);
  }

  /** At once when everything is saved, for that opens the pass anew; else when it is opened next. */
  async function speakAnother(wanted) {
    const kept = await preferences.change({ language: wanted });
    if (!kept || desk.outbox.waiting()) return status.notice(texts.settings.languageLater, "language");
    desk.memory?.keep();
    return desk.reopen();
  }
}
