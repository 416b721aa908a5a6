// Tagging: the panel of codes with their keys, what is in hand with its open questions, undo and redo, and the card of a code.

import { fits } from "./coding.js";
import { createCard } from "./overlays.js";
import { createPanel } from "./panel.js";
import { isDrawn } from "./spans.js";
import { clock } from "./time.js";
import { ROLES, texts } from "./texts.js";
import { createUnitBox } from "./unitbox.js";

const READ_LEDGER_AFTER_MS = 1500;
const WITH_BOX = ["tag", "moments"]; // the tabs under which what is in hand is shown

/** Gives the desk: inHand() (the units that the next note, link or number is about), box {add, redraw, element}, panel {showRunning}. */
export function openTagging(desk) {
  const { scope, scheme, acts, place, signals, status } = desk;
  const card = createCard({ scope, scheme });
  const panel = createPanel({ scheme, scope, keyOf: desk.keyOf, onCode: (id) => desk.run(`code:${id}`), onDefine: (id) => desk.run(`define:${id}`) });
  const box = createUnitBox({
    scheme, scope,
    onAttribute: (code, attribute, digit) => acts.answerTo(code, attribute, digit, desk.inHand()),
    onRemove: (id) => acts.remove(id, desk.inHand()),
  });
  desk.tabs.add({ id: "tag", label: texts.tag, element: panel.element });
  desk.tabs.pages.append(card.element);
  desk.slots.side.append(box.element);

  /** What the next note, link or number is about: the units whose question is open, the moment taken up, or the chosen segments. */
  desk.inHand = () => {
    const moment = desk.moments?.inHand();
    return acts.asked()?.units.map((each) => desk.moments?.find(each.key)?.unit ?? each) ?? (moment ? [moment.unit] : place.chosen());
  };
  /** Where features show more about what is in hand: add(render(units) -> nodes). */
  desk.box = { add: box.add, redraw: draw, element: box.element };
  desk.panel = { showRunning: panel.showRunning };

  desk.act({
    code: press,
    define: (id) => card.show(id),
    digit: (digit) => acts.digit(digit, desk.inHand()),
    again,
    undo: () => travel("undo"),
    redo: () => travel("redo"),
    close,
  });
  signals.on("place", ({ byPerson }) => {
    if (byPerson) acts.skip();
    draw();
  });
  signals.on("judged", (unit) => (desk.indexOf(unit.key) !== undefined || isDrawn(unit.key)) && draw());
  signals.on("hand", draw);
  signals.on("locked", draw);
  signals.on("keys", panel.rekey);
  signals.on("tab", (id) => {
    card.hide();
    box.element.hidden = !WITH_BOX.includes(id);
  });
  signals.on("opened", () => {
    draw();
    // Read ahead, so that the first undo after a reload need not wait; one that comes sooner waits.
    scope.timeout(() => desk.timeline.complete().catch(() => {}), READ_LEDGER_AFTER_MS);
  });
  desk.reveals((unitKey) => {
    const index = desk.indexOf(unitKey);
    if (index === undefined) return false;
    desk.tabs.open("tag");
    desk.choose(index);
    acts.reopen([desk.segments[index]]);
    draw();
    return true;
  });

  function press(id) {
    const found = panel.code(id);
    if (found.criterion.unit_kind === "span") return desk.moments.press(found);
    desk.moments.letGo();
    acts.pressCode(found, place.chosen());
    return undefined;
  }

  function again() {
    const last = acts.last();
    if (!last) return status.tell(texts.nothingToRepeat);
    if (last.criterion.unit_kind === "span") return desk.moments.press(last, last.attributes);
    desk.moments.letGo();
    return acts.repeatOn(last, place.chosen());
  }

  function draw() {
    const units = desk.inHand();
    const role = place.segment()?.role;
    const asked = acts.asked();
    const fitting = scheme.criteria.flatMap((criterion) => criterion.codes.filter((code) => criterion.unit_kind === "span" || (place.segment() && fits(code, role))));
    const judgements = together(units);
    const away = asked && !isDrawn(units[0].key) && !place.chosen().some((each) => each.key === units[0].key); // playing has gone on since
    panel.show({ on: new Set(away ? [] : judgements.map((each) => each.code.id)), fitting: new Set(fitting.map((each) => each.id)), locked: desk.locked() });
    box.show({ units, ...heading(units), judgements, asked: asked ? { codeId: asked.code.id, attribute: asked.attribute } : null, locked: desk.locked() });
  }

  /** The codes of these units, each once, with the number of units that have it. */
  function together(units) {
    const found = new Map();
    for (const each of units.flatMap(acts.judgementsOf)) {
      const known = found.get(each.code.id);
      if (known) known.n += 1;
      else found.set(each.code.id, { ...each, n: 1 });
    }
    return [...found.values()];
  }

  function heading(units) {
    if (units.length === 0) return { title: texts.nothingInHand, place: "" };
    if (units.length > 1) return { title: texts.segmentsInHand(units.length), place: texts.fromTo(clock(units[0].start_ms), clock(units.at(-1).end_ms)) };
    const moment = desk.moments?.find(units[0].key);
    if (moment) return { title: texts.thisMoment, place: desk.moments.when(moment) };
    return { title: texts.thisSegment, place: `${clock(units[0].start_ms)} · ${ROLES[units[0].role] ?? texts.unknownSpeaker}` };
  }

  async function travel(step) {
    try {
      await desk.timeline.complete();
    } catch (error) {
      // Without the server undo reaches back to the opening of this page; the rest comes with the connection.
      if (!desk.timeline.next(step)) return status.tell(texts.historyFailed(error.message));
    }
    const unit = acts.travel(step);
    if (!unit || desk.player.playing()) return undefined;
    // The person sees where it happened; the player stays where it is.
    const index = desk.indexOf(unit.key);
    if (index !== undefined) place.select(index, true);
    else if (desk.moments.find(unit.key)) place.take(unit.key);
    return undefined;
  }

  /** False when there was nothing to close: then Escape is for whoever else wants it. */
  function close() {
    if (card.isOpen()) card.hide();
    else if (!acts.skip() && !desk.moments.letGo()) return false;
    draw();
    return true;
  }
}
