// Stepping: to the next or previous segment or moment of the kind that was chosen, and how many there are.

import { el, put, say } from "./dom.js";
import { actionButton } from "./desk.js";
import { KINDS, nextStop, placeAmong, stopsOf } from "./stops.js";
import { clock } from "./time.js";
import { texts } from "./texts.js";
import { iconButton } from "./transport.js";

const COUNT_AFTER_MS = 120;

/** Gives the desk: stepThrough(kind). "difference" is there while desk.differences?.() gives [{key, ms}]. */
export function openStepping(desk) {
  const { scope, signals, place, status, segments, scheme } = desk;
  const words = el("span", {});
  const kindButton = actionButton(desk, "stepKind", words, { class: "step-kind" });
  let kind = KINDS.includes(desk.memory.kept.kind) && desk.memory.kept.kind !== "difference" ? desk.memory.kept.kind : KINDS[0];
  let last = -1;
  let counting = null;

  desk.slots.bar.append(el("div", { class: "stepper", role: "group", "aria-label": texts.stepThrough },
    iconButton(desk, "stepPrevious", texts.stepPrevious), kindButton, iconButton(desk, "stepNext", texts.stepNext)));
  desk.memory.add("kind", () => kind);
  /** Chooses what PageDown goes to: one of KINDS. */
  desk.stepThrough = choose;

  desk.act({
    stepNext: () => step(1),
    stepPrevious: () => step(-1),
    stepKind() {
      const kinds = KINDS.filter((each) => each !== "difference" || desk.differences?.());
      choose(kinds[(kinds.indexOf(kind) + 1) % kinds.length]);
      status.say(kindButton.getAttribute("aria-label"));
    },
  });
  for (const name of ["place", "judged", "opened", "stretch", "marks", "compared"]) signals.on(name, countSoon);

  const stops = () => stopsOf(kind, { segments, scheme, judgements: [...desk.model.all()], differences: desk.differences?.() });

  /** The unit the observer is at: the drawn one that is taken up, else the segment. */
  function here() {
    const difference = kind === "difference" ? desk.differenceHere?.() : null;
    if (difference) return difference;
    const drawn = desk.marks.find(place.drawn());
    const segment = place.segment();
    return { key: place.drawn() ?? segment?.key ?? null, ms: drawn?.start_ms ?? segment?.start_ms ?? desk.player.position() };
  }

  function choose(wanted) {
    kind = wanted;
    last = -1;
    count();
  }

  function step(by) {
    const all = stops();
    const found = nextStop(all, here(), by, last);
    if (found < 0) return status.tell(all.length ? texts.noFurther(texts.stepKinds[kind]) : texts.noneOf(texts.stepKinds[kind]));
    last = found;
    goTo(all[found]);
    count();
    return status.say(texts.steppedTo(texts.stepKinds[kind], found + 1, all.length, clock(all[found].ms)));
  }

  function goTo({ key, ms }) {
    if (kind === "difference") return desk.toDifference(key);
    const index = desk.indexOf(key);
    if (index !== undefined) return desk.choose(index);
    if (desk.visit(key)) return undefined;
    desk.seek(ms);
    return desk.goTo(key);
  }

  function countSoon() {
    counting ??= scope.timeout(count, COUNT_AFTER_MS); // a burst of codes is counted once
  }

  function count() {
    counting?.();
    counting = null;
    const all = stops();
    const at = placeAmong(all, here(), last);
    const name = texts.stepKinds[kind];
    say(words, texts.stepCount(name, at < 0 ? null : at + 1, all.length));
    put(kindButton, "aria-label", texts.stepCountSpoken(name, at < 0 ? null : at + 1, all.length));
  }
}
