// Correcting what the transcript says: the text of a row becomes a field while the recording stays under the keys.

import { actionButton } from "./desk.js";
import { button, el, put, say } from "./dom.js";
import { actionFor } from "./keymap.js";
import { clock } from "./time.js";
import { texts } from "./texts.js";

// A key that writes nothing (F13 of a foot pedal, too) goes on doing these in the field; F2 itself plays and pauses there.
const LISTENING = new Set(["toggle", "replay", "back", "forward", "slower", "faster"]);
const WRITES_NOTHING = /^F\d+$/;

/** transcript: the list. nameOf(segment) -> who speaks, in words. */
export function openCorrecting(desk, { transcript, nameOf }) {
  const { scope, place, status, signals } = desk;
  let open = null; // {segment, field, leave}

  function correct(index = place.index()) {
    if (open) return open.field.focus();
    const segment = desk.segments[index];
    if (!segment || !desk.acts.allowed()) return undefined;
    if (globalThis.navigator.onLine === false) return status.tell(texts.correctOffline);
    return begin(segment, index);
  }

  function begin(segment, index) {
    const name = texts.correctField(nameOf(segment), clock(segment.start_ms));
    const field = el("textarea", { class: "correct-field", dir: "auto", rows: "1", spellcheck: "true", "aria-label": name, "aria-describedby": "correct-keys" });
    const why = el("p", { class: "correct-why", role: "alert" });
    const save = button({ class: "strong" }, texts.correctSave);
    const no = button({ class: "plain" }, texts.correctLeave);
    const box = el("div", { class: "correct" },
      el("div", { class: "correct-who" }, name), field, why,
      el("div", { class: "correct-foot" }, save, no, el("span", { id: "correct-keys", class: "correct-keys" }, texts.correctKeys)));
    field.value = segment.text;
    const uncover = transcript.cover(index, box);
    const listeners = [scope.on(field, "keydown", pressed), scope.on(field, "input", grow),
      scope.on(save, "click", () => keep()), scope.on(no, "click", leave)];
    open = { segment, index, field, why, leave };
    grow();
    field.focus({ preventScroll: true });

    function grow() {
      field.style.height = "auto";
      field.style.height = `${field.scrollHeight + 2}px`;
    }
    function leave() {
      for (const end of listeners) end();
      open = null;
      uncover();
      transcript.focus();
    }
  }

  function pressed(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (!handled(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  function handled(event) {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.key === "Escape") open.leave();
    else if (event.key === "Enter" && event.shiftKey && plain) desk.player.playSpan(open.segment);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keep(open.index + 1);
    else if (event.key === "Enter" && plain) keep();
    else if (event.key === "F2" && plain) desk.run(event.shiftKey ? "back" : "toggle");
    else {
      const id = WRITES_NOTHING.test(event.key) ? actionFor(event, desk.keymap()) : null;
      if (!LISTENING.has(id)) return false;
      desk.run(id, event);
    }
    return true;
  }

  /** next: the row whose text is corrected after this one. */
  async function keep(next = null) {
    const { segment, index, field, why, leave } = open;
    if (field.readOnly) return;
    if (field.value !== segment.text) {
      field.readOnly = true;
      say(why, "");
      try {
        const answer = await desk.withRenewal(() => desk.api.correct(segment.key, field.value));
        take(segment, answer);
      } catch (error) {
        field.readOnly = false;
        say(why, texts.correctFailed(error.message));
        if (open?.field === field) field.focus({ preventScroll: true });
        return;
      }
    }
    if (open?.field !== field) return;
    leave();
    if (next === null || next >= desk.segments.length) return;
    desk.choose(next);
    correct(next);
  }

  function take(segment, { text, doubtful, doubts, revision }) {
    segment.text = text;
    segment.doubtful = doubtful;
    segment.doubts = doubts;
    segment.corrected = true;
    desk.boot.transcript.revision = revision;
    transcript.refresh(desk.indexOf(segment.key));
    status.say(texts.correctSaved);
    signals.tell("corrected", segment);
  }

  desk.act({ correct: () => correct() });
  desk.slots.tools.append(actionButton(desk, "correct", texts.correct));
  signals.on("locked", () => {
    if (open) put(open.field, "readonly", "true");
    if (open) say(open.why, texts.locked);
  });
  return { correct };
}
