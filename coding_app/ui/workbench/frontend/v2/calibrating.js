// Measuring the observer's reaction time: short tones at irregular times, a key press for each, and the lag they give.

import { button, el, say } from "./dom.js";
import { N_TONES, reactionsTo, summaryOf, toneTimes } from "./reactions.js";
import { texts } from "./texts.js";

const TONE_MS = 60;
const TONE_HZ = 880;
const LOUDNESS = 0.3;
const TICK_MS = 100;
const AFTER_MS = 1200; // the last tone may still be answered
const NOT_ANSWERS = new Set(["Tab", "Escape", "Enter", "Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock"]);

export function openCalibrating(desk) {
  const { scope, status } = desk;
  const words = el("div", { class: "calibration-words", "aria-live": "polite" });
  const progress = el("p", { class: "calibration-progress" });
  const close = button({ class: "plain" }, texts.close);
  const main = button({ class: "strong" });
  const use = button({ class: "strong", hidden: true });
  const element = el("dialog", { class: "dialog calibration", "aria-label": texts.calibration },
    el("div", { class: "dialog-head" }, el("h2", {}, texts.calibration)), words, progress, el("div", { class: "dialog-foot" }, close, main, use));
  let sound = null; // {context, origin}: while tones are played; origin = the context's time of the start, in ms
  let tones = [];
  let presses = [];
  let stopTicking = null;
  let found = null;

  desk.slots.over.append(element);
  desk.act({ calibrate: open });
  scope.on(close, "click", () => element.close());
  scope.on(main, "click", () => (sound ? finish() : begin()));
  scope.on(use, "click", keep);
  scope.on(element, "close", silence);
  scope.on(element, "keydown", (event) => {
    if (!sound || event.repeat || NOT_ANSWERS.has(event.key)) return;
    event.preventDefault();
    press(event);
  });
  scope.own(silence);

  function open() {
    desk.player.pause();
    found = null;
    show([texts.calibrationWhy(N_TONES), texts.calibrationLimit], texts.calibrationStart);
    element.showModal();
    main.focus();
  }

  function show(sentences, next) {
    words.replaceChildren(...sentences.map((each) => el("p", {}, each)));
    say(progress, "");
    say(main, next);
    main.className = found?.usable ? "plain" : "strong";
    use.hidden = !found?.usable;
    if (found?.usable) say(use, texts.calibrationUse(found.median_ms));
  }

  async function begin() {
    found = null;
    try {
      const context = new AudioContext();
      await context.resume();
      start(context);
    } catch {
      show([texts.noSound], texts.calibrationStart);
    }
  }

  function start(context) {
    sound = { context, origin: context.currentTime * 1000 };
    presses = [];
    tones = toneTimes(Math.random);
    for (const each of tones) ring(context, (sound.origin + each) / 1000);
    show([], texts.calibrationStop);
    stopTicking = scope.interval(tick, TICK_MS);
    tick();
  }

  /** A short tone with soft edges, so that it does not click. */
  function ring(context, at) {
    const tone = new OscillatorNode(context, { frequency: TONE_HZ });
    const level = new GainNode(context, { gain: 0 });
    level.gain.setValueAtTime(0, at);
    level.gain.linearRampToValueAtTime(LOUDNESS, at + 0.005);
    level.gain.setValueAtTime(LOUDNESS, at + TONE_MS / 1000 - 0.01);
    level.gain.linearRampToValueAtTime(0, at + TONE_MS / 1000);
    tone.connect(level).connect(context.destination);
    tone.start(at);
    tone.stop(at + TONE_MS / 1000);
  }

  const now = () => sound.context.currentTime * 1000 - sound.origin;

  /**
   * The press counts from the sound's own clock, as a mark counts from the recording's: the way from there to the ear is
   * part of the lag in both. What the event waited in the queue is not.
   */
  function press(event) {
    presses.push(now() - Math.max(0, performance.now() - event.timeStamp));
    tick();
  }

  function tick() {
    const at = now();
    const n = tones.filter((each) => each <= at).length;
    say(progress, texts.calibrationRuns(n, tones.length, reactionsTo(tones, presses).length));
    if (at > tones.at(-1) + AFTER_MS) finish();
  }

  function finish() {
    const heard = tones.filter((each) => each <= now());
    silence();
    found = summaryOf(reactionsTo(heard, presses));
    show([
      found.usable ? texts.calibrationResult(found.median_ms, found.spread_ms) : texts.calibrationNone,
      ...(found.tooFew ? [texts.calibrationTooFew(found.n, N_TONES)] : []),
      ...(found.scattered ? [texts.calibrationScattered] : []),
      ...(found.usable ? [texts.calibrationLimit] : []),
    ], texts.calibrationAgain);
    (found.usable ? use : main).focus();
  }

  function silence() {
    stopTicking?.();
    stopTicking = null;
    sound?.context.close();
    sound = null;
  }

  function keep() {
    const { median_ms: lag_ms } = found;
    desk.keepPreferences({ lag_ms }); // in force at once; the settings tell when the server could not keep it
    element.close();
    status.tell(texts.calibrationKept(lag_ms));
  }
}
