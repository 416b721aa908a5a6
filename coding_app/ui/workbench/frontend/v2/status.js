// What happened to the work: saved, being saved, kept on this computer; and a voice for screen readers.

import { button, el, put, say } from "./dom.js";
import { texts } from "./texts.js";

const QUIET_MS = 400; // a save that takes no longer shows nothing

/** keeps(): what is not saved is kept on this computer, for all the browser says. */
export function createStatus({ scope, keeps = () => true }) {
  const words = el("span", { class: "status-words" });
  const element = el("span", { class: "status", "data-phase": "saved" }, el("span", { class: "status-dot", "aria-hidden": "true" }), words);
  const voice = el("div", { class: "voice", role: "status", "aria-live": "polite", "aria-atomic": "true" });
  const hint = el("div", { class: "hint", "aria-hidden": "true" });
  const notices = el("div", { class: "notices", role: "alert" });
  let slow = null;
  let shown = null;
  let locked = false;
  let hideHint = null;

  function show(phase, text) {
    shown = phase;
    put(element, "data-phase", phase);
    say(words, text);
  }

  const status = {
    element,
    voice,
    hint,
    notices,
    say: (text) => say(voice, text),

    /** Said and shown for a moment: why a key did nothing. */
    tell(text) {
      say(voice, text);
      say(hint, text);
      put(hint, "data-on", true);
      hideHint?.();
      hideHint = scope.timeout(() => put(hint, "data-on", false), 3500);
    },

    /** A sentence that stays until it is closed. offer: {label, work} of a button beside it. */
    notice(text, id = text, offer = null) {
      if ([...notices.children].some((each) => each.dataset.id === id)) return;
      const close = button({ class: "remove", "aria-label": texts.close }, "×");
      const take = offer ? button({ class: "plain" }, offer.label) : null;
      const box = el("div", { class: "notice", "data-id": id }, el("span", {}, text), take, close);
      if (take) scope.on(take, "click", offer.work);
      scope.on(close, "click", () => box.remove());
      notices.append(box);
    },

    /** Takes a notice away whose reason is gone. */
    drop(id) {
      [...notices.children].find((each) => each.dataset.id === id)?.remove();
    },

    /** The pass takes no more codes: that is all there is to say about saving. */
    lock() {
      locked = true;
      show("locked", texts.readOnly);
    },

    /** The server takes nothing more of this pass. */
    closed(sentence, waiting) {
      const kept = waiting && keeps() ? ` ${texts.closedKept(waiting)}` : "";
      status.notice(sentence + kept, "closed", waiting ? status.rescue : null);
    },
    /** {label, work}: the way to save on a file what the server does not take. */
    rescue: null,

    outbox({ phase, waiting, sentence }) {
      if (locked && waiting === 0) return;
      slow?.();
      slow = null;
      if (phase === "saved") {
        if (shown === "offline") status.say(texts.backOnline);
        show("saved", texts.saved);
      } else if (phase === "saving") {
        if (shown === "saved" || shown === null) slow = scope.timeout(() => show("saving", texts.saving), QUIET_MS);
        else if (shown !== "saving") show("saving", texts.saving);
      } else {
        if (phase === "offline" && shown !== "offline") status.say(texts.wentOffline);
        if (phase === "closed" && sentence) status.closed(sentence, waiting);
        show(phase, (keeps() ? texts : texts.unkept)[phase](waiting));
      }
    },
  };
  show("saved", texts.saved);
  return status;
}
