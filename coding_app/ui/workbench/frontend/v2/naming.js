// What a unit is and what it is called, wherever one is named: in links, evidence, remarks; and going there.

import { clock } from "./time.js";
import { texts } from "./texts.js";

/** Gives the desk: unitOf(key), nameOf(key, only), labelOf(codeId), keyOf(action), titleOf(action), visit(key). */
export function openNaming(desk) {
  const { scheme } = desk;
  const labels = new Map(scheme.criteria.flatMap((criterion) => criterion.codes.map((code) => [code.id, code.label])));
  const fixed = new Map(desk.units.map((each) => [each.key, each]));

  /** The unit of a key as it lies now: a segment, a drawn moment, a block, the session; null when there is none. */
  desk.unitOf = (key) => desk.segments[desk.indexOf(key)] ?? desk.moments.find(key)?.unit ?? fixed.get(key) ?? null;

  /** {time, label}: when it begins, and its codes, or what kind of unit it is. only: ids of the codes to name. */
  desk.nameOf = (key, only = null) => {
    const unit = desk.unitOf(key);
    if (!unit) return { time: "", label: texts.momentGone };
    const codes = desk.acts.judgementsOf(unit).filter(({ code }) => !only || only.includes(code.id)).map(({ code }) => code.label);
    return { time: clock(unit.start_ms), label: codes.join(", ") || unit.label || texts.segment };
  };
  /** The key that does an action now, or undefined; and a title that says what the action does and with which key. */
  desk.keyOf = (id) => [...desk.keymap()].find(([, action]) => action === id)?.[0];
  desk.titleOf = (id) => `${texts.actions[id]}${desk.keyOf(id) ? `  (${texts.keyLabel(desk.keyOf(id))})` : ""}`;
  desk.labelOf = (codeId) => labels.get(codeId) ?? codeId;

  /** Goes to a segment or a moment without opening another tab; false when it is no more. */
  desk.visit = (key) => {
    const index = desk.indexOf(key);
    if (index !== undefined) desk.choose(index);
    else if (desk.moments.find(key)) desk.moments.take(key);
    else return false;
    return true;
  };
}
