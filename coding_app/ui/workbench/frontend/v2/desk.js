// The open workbench: what all its parts share, the frame they stand in, and the way from a key to what it does.

import { createActs } from "./acts.js";
import { button, el, put } from "./dom.js";
import { FEATURES } from "./features.js";
import { listenToKeys } from "./keyboard.js";
import { createKeymap } from "./keymap.js";
import { createTabs, fillWindow } from "./layout.js";
import { createPlace } from "./place.js";
import { createSignals } from "./signals.js";
import { listenToOtherTabs } from "./tabs.js";
import { createColours } from "./theme.js";
import { createTimeline } from "./timeline.js";
import { clock } from "./time.js";
import { texts } from "./texts.js";

/**
 * Builds the desk and opens every feature on it (features.js). A feature is a function of the desk: it puts its elements into
 * desk.slots, says what its actions do with desk.act({id: work}), and listens to desk.signals:
 * "time" (ms), "playing" ({playing, rate, loop}), "stretch" (marked or null), "dragged" ({start_ms, end_ms}), "pickedMark" (key),
 * "edged" ({key, start_ms, end_ms}), "marks" (what is drawn changed), "place" ({byPerson}), "hand" (what is in hand changed: desk.inHand()), "judged" (unit, criterion), "corrected" (segment), "progress" ({steps, complete}), "preferences" (whole), "locked", "restyle", "opened",
 * "compared" (what is compared, or whether, changed).
 */
export function openDesk({ root, boot, api, model, outbox, status, scope, withRenewal, submitted, reopen }) {
  const segments = boot.transcript.segments;
  const signals = createSignals();
  const actions = new Map(); // id or its part before ":" -> work(rest, event)
  const modes = []; // {actions}: a question or a choice that takes keys before everybody else
  const indexOf = new Map(segments.map((each, index) => [each.key, index]));
  let submittedAt = boot.pass.submitted_at;
  let keymap = null;

  const desk = {
    root, boot, api, model, outbox, status, scope, withRenewal, signals, segments,
    scheme: boot.scheme,
    recording: boot.recording,
    units: boot.units,
    colours: createColours(root),
    indexOf: (key) => indexOf.get(key),
    locked: () => submittedAt !== null,
    tellPage: submitted,
    /** Opens the pass anew in place, for another language; only when nothing waits to be saved. */
    reopen,
    preferences: boot.preferences ?? {},

    /** {action id: work(rest, event)}; work that gives false leaves the key to others. "code" serves all "code:..." */
    act(table) {
      for (const [id, work] of Object.entries(table)) actions.set(id, work);
    },
    run,
    /** Takes these actions over until the function it gives back is called. */
    enter(mode) {
      modes.push(mode);
      return () => modes.includes(mode) && modes.splice(modes.indexOf(mode), 1);
    },
    keymap: () => keymap,
    remap(keys) {
      keymap = createKeymap(boot.scheme, keys);
      signals.tell("keys");
    },
    lock(at) {
      submittedAt = at;
      put(root, "data-locked", "true");
      status.lock();
      signals.tell("locked");
    },
    /** Goes to a unit, wherever it is shown; a feature that shows some answers true. */
    goTo: (unitKey, criterion) => reveals.some((reveal) => reveal(unitKey, criterion)),
    reveals: (reveal) => reveals.push(reveal),
  };
  const reveals = [];
  desk.remap(desk.preferences.keys);

  desk.place = createPlace({ segments, changed: (how) => signals.tell("place", how) });
  const others = listenToOtherTabs({ passId: boot.pass.id, scope, onEvent: received });
  desk.timeline = createTimeline({
    model,
    nEvents: boot.pass.n_events ?? boot.judgements.length,
    readLedger: () => withRenewal(api.ledger),
  });
  desk.acts = createActs({
    passId: boot.pass.id,
    scheme: boot.scheme,
    model,
    history: desk.timeline,
    locked: desk.locked,
    changed: (unit, criterion) => signals.tell("judged", unit, criterion),
    tell: status.tell,
    say: status.say,
    send(event) {
      outbox.add(event);
      others.send(event);
    },
  });
  build();

  function build() {
    desk.tabs = createTabs({ scope, onOpen: (id) => signals.tell("tab", id) });
    desk.slots = {
      bar: el("div", { class: "bar-parts" }), // before the space: transport
      tools: el("div", { class: "bar-tools" }), // after it: buttons
      player: el("div", { class: "player" }),
      main: el("div", { class: "main" }),
      side: el("div", { class: "side" }),
      over: el("div", { class: "over" }), // dialogs and panes
    };
    desk.slots.main.append(desk.slots.player);
    desk.slots.side.append(desk.tabs.bar, desk.tabs.pages);
    root.append(
      el("div", { class: "bar" },
        el("h2", { class: "title" }, boot.recording.label, el("span", { class: "title-name" }, boot.pass.coder)),
        desk.slots.bar, el("span", { class: "bar-space" }), status.element, desk.slots.tools),
      status.notices,
      el("div", { class: "body" }, desk.slots.main, desk.slots.side),
      status.voice, desk.slots.over);
    for (const open of FEATURES) open(desk);
    desk.slots.main.append(status.hint);
    // A click leaves the focus where it was, so that Space still plays after clicking a code.
    scope.on(root, "mousedown", (event) => event.target.closest?.("button") && event.preventDefault());
    listenToKeys({
      scope, run,
      keymap: desk.keymap,
      onScreen: () => root.isConnected && root.getClientRects().length > 0,
      busy: () => root.querySelector("dialog[open]") !== null,
    });
    fillWindow({ element: root, scope });
    if (desk.locked()) desk.lock(submittedAt);
    signals.tell("opened");
  }

  /** Does what an action id says; false when nobody does, and then the key is for whoever else wants it. */
  function run(id, event) {
    const [name, ...rest] = id.split(":");
    for (const mode of [...modes].reverse()) {
      const taken = mode[id] ?? mode[name];
      if (taken) return taken(rest.join(":"), event);
    }
    const work = actions.get(id) ?? actions.get(name);
    return work ? work(rest.join(":"), event) : false;
  }

  function received(event) {
    if (model.knows(event.id)) return;
    desk.timeline.note(event, model.add(event));
    signals.tell("judged", event.unit, event.criterion);
  }

  return {
    /** The server will never take this event: what it said is taken back, and the person is told. */
    refused(event, why) {
      model.drop(event.id);
      desk.timeline.forget();
      signals.tell("judged", event.unit, event.criterion);
      const what = [...desk.scheme.criteria, ...desk.scheme.ratings].find((each) => each.id === event.criterion)?.label ?? texts.remark;
      status.notice(texts.refused(texts.at(what, clock(event.unit.start_ms)), why), event.id);
    },
    restyle: scope.beforePaint(() => signals.tell("restyle")),
  };
}

/** A button of the bar or a panel that does an action; its title names the key that does the same. */
export function actionButton(desk, id, label, attributes = {}) {
  const made = button({ class: "plain", "data-action": id, ...attributes }, label);
  const name = () => {
    const key = [...desk.keymap()].find(([, action]) => action === id)?.[0];
    put(made, "title", key ? `${texts.actions[id] ?? label}  (${texts.keyLabel(key)})` : texts.actions[id] ?? label);
  };
  name();
  desk.signals.on("keys", name);
  desk.scope.on(made, "click", () => desk.run(id));
  return made;
}
