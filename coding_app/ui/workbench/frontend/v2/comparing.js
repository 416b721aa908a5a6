// Comparing: the other observers' submitted codings beside one's own, and going from one difference to the next.

import { createDifferenceTab } from "./compare_list.js";
import { ratingNodes, rowNodes } from "./compare_rows.js";
import { createComparison } from "./comparison.js";
import { actionButton } from "./desk.js";
import { differencesIn } from "./differing.js";
import { put } from "./dom.js";
import { inRows } from "./marks.js";
import { createMemory, takeFromAddress } from "./memory.js";
import { texts } from "./texts.js";

const TAB = "differences";
const SOURCE = "compare"; // on the waveform
const PLAY_AFTER_MS = 150; // who steps on within that time hears nothing
const AROUND_MS = 1500; // what is played before and after a moment without length

/** Gives the desk, while it compares: chipsBeside(index), ratingsBeside(unit, rating), differences(), differenceHere(), toDifference(key). */
export function openComparing(desk) {
  const { scheme, scope, segments, signals, status, place } = desk;
  let comparison = null; // null: not comparing
  let masked = false; // the others go without their names
  let chosen = false; // whether the observer wants it so, here and next time
  let current = -1; // of the listed differences: the one that was gone to
  let going = false; // the place changes because a difference was chosen
  let leaveList = null;
  let cancelPlay = null;
  let asked = 0; // how often the others were asked for: only the last answer counts

  const memory = createMemory({ name: "coding-app-compare", scope, now: () => ({ masked: chosen }) });
  masked = chosen = memory.kept.masked === true;
  const tab = createDifferenceTab({ scope, scheme, units: desk.units, onChoose: (index) => goTo(index), onNarrow: narrow, onMask: mask, onAgain: () => load(), onFocus: listFocus });
  const press = actionButton(desk, "compare", texts.compare, { "aria-pressed": "false", hidden: !desk.locked() });
  desk.slots.tools.append(press);

  desk.chipsBeside = (index) => (isOn() ? rowNodes(comparison, scheme, index) : null);
  desk.ratingsBeside = (unit, rating) => (isOn() ? ratingNodes(comparison, scheme, unit, rating) : []);
  /** [{key, ms}] of all differences that are asked for, or null while nothing is compared. */
  desk.differences = () => (isOn() ? comparison.listed().differences.map((each) => ({ key: each.id, ms: each.start_ms })) : null);
  /** {key, ms} of the difference that was gone to, or null. */
  desk.differenceHere = () => {
    const at = isOn() ? comparison.listed().differences[current] : null;
    return at ? { key: at.id, ms: at.start_ms } : null;
  };
  desk.toDifference = (key) => goTo(comparison.listed().differences.findIndex((each) => each.id === key));
  desk.act({ compare: () => (comparison ? leave() : load()) });
  signals.on("locked", () => {
    press.hidden = false;
  });
  signals.on("place", () => isOn() && !going && follow());
  signals.on("pickedMark", picked);
  // From a disagreement on another page: the player has gone to its time already. There the names may be hidden.
  signals.on("opened", () => {
    const wanted = takeFromAddress("compare") === "1";
    masked = takeFromAddress("masked") === "1" || masked;
    if (wanted) load();
  });

  const isOn = () => comparison !== null && comparison.observers.length > 1;

  async function load() {
    if (!desk.locked()) return status.tell(texts.compareAfterSubmit);
    asked += 1;
    const own = asked;
    put(press, "aria-busy", "true");
    const found = await desk.withRenewal(() => desk.api.others(masked)).catch((error) => ({ why: error.message }));
    if (own !== asked || !desk.root.isConnected) return undefined;
    put(press, "aria-busy", null);
    return found.why ? status.tell(texts.compareFailed(found.why)) : enter(found.passes);
  }

  function enter(passes) {
    const before = comparison;
    const kept = desk.differenceHere()?.key;
    comparison = createComparison({
      scheme, segments, units: desk.units, durationMs: desk.recording.duration_ms,
      me: { name: texts.you, judgements: desk.model.all() }, others: passes,
    });
    if (before) comparison.narrow(before.filter());
    else desk.tabs.add({ id: TAB, label: texts.differences, element: tab.element });
    put(press, "aria-pressed", "true");
    put(desk.root, "data-comparing", isOn());
    desk.tabs.open(TAB);
    if (isOn()) {
      desk.marks.add({ id: SOURCE, rows: drawnRows() });
      desk.marks.only(SOURCE);
      desk.stepThrough("difference");
    }
    show(kept);
    status.say(isOn() ? texts.comparing(passes.length, comparison.listed().differences.length) : texts.nobodyElse);
  }

  function leave() {
    asked += 1;
    comparison = null;
    current = -1;
    cancelPlay?.();
    listFocus(false);
    put(press, "aria-pressed", "false");
    put(press, "aria-busy", null);
    put(desk.root, "data-comparing", false);
    desk.marks.only(null);
    desk.marks.remove(SOURCE);
    desk.tabs.remove(TAB);
    desk.stepThrough("tagged");
    signals.tell("compared");
    status.say(texts.compareLeft);
  }

  function mask() {
    masked = chosen = !masked;
    memory.keep();
    load();
  }

  function narrow(wanted) {
    const kept = desk.differenceHere()?.key;
    comparison.narrow(wanted);
    desk.marks.add({ id: SOURCE, rows: drawnRows() });
    desk.stepThrough("difference");
    show(kept);
    status.say(texts.differencesFound(comparison.listed().differences.length));
  }

  /** kept: the difference that was gone to before the list changed. */
  function show(kept) {
    const { answers } = comparison.filter();
    const all = differencesIn(comparison.places, { answers }).differences;
    const about = [...scheme.criteria, ...scheme.ratings].filter(({ id }) => comparison.places.some((each) => each.criterion === id))
      .map(({ id, label }) => ({ id, label, n: all.filter((each) => each.criterion === id).length }));
    tab.show({ comparison, about, masked });
    const { differences } = comparison.listed();
    desk.tabs.count(TAB, isOn() ? String(differences.length) : "");
    current = differences.findIndex((each) => each.id === kept);
    if (current >= 0) tab.select(current, true);
    else follow();
    signals.tell("compared");
  }

  /** The place changed by other means: the difference there, if there is one, is the one that is gone on from. */
  function follow() {
    cancelPlay?.();
    const at = desk.player.position();
    const { differences } = comparison.listed();
    const here = comparison.differencesInRow(place.index());
    const found = here.find((each) => each.kind === "span" && each.start_ms === at) ?? here[0];
    current = found ? differences.indexOf(found) : -1;
    tab.select(current, !desk.player.playing());
  }

  function goTo(index) {
    const found = comparison.listed().differences[index];
    if (!found) return;
    cancelPlay?.();
    going = true;
    const row = found.kind === "segment" ? comparison.rowOf(found) : -1;
    if (row >= 0) desk.choose(row);
    else desk.seek(found.start_ms);
    going = false;
    current = index;
    tab.select(index, true);
    if (found.kind === "span" && (desk.preferences.autoplay ?? true)) cancelPlay = scope.timeout(() => play(found), PLAY_AFTER_MS);
  }

  function play({ start_ms, end_ms }) {
    const short = end_ms - start_ms < AROUND_MS;
    const around = short ? AROUND_MS : 0;
    desk.player.playSpan({ start_ms: Math.max(0, start_ms - around), end_ms: Math.min(desk.recording.duration_ms, end_ms + around) });
  }

  /** While the list has the focus, the keys that go from row to row go through it. */
  function listFocus(on) {
    leaveList?.();
    leaveList = null;
    if (!on) return;
    const last = () => comparison.listed().differences.length - 1;
    const here = () => comparison.listed().differences[current];
    leaveList = desk.enter({
      previous: () => goTo(Math.max(0, current - 1)),
      next: () => goTo(Math.min(last(), current + 1)),
      first: () => goTo(0),
      last: () => goTo(last()),
      replay: () => here() && (here().kind === "rating" ? desk.goTo(here().key, here().criterion) : play(here())),
    });
  }

  /** One lane per observer, below one of the differences. */
  const lanes = () => [texts.differences, ...comparison.observers.map((each) => (each.mine ? texts.you : each.short))];

  /** Worked out once; the waveform asks for it at every change. */
  function drawnRows() {
    const [first, ...rest] = lanes();
    const { differences } = comparison.listed();
    const index = (id) => scheme.criteria.findIndex((each) => each.id === id);
    const labels = new Map([...scheme.criteria, ...scheme.ratings].map((each) => [each.id, each.label]));
    const spans = [
      ...differences.filter((each) => each.kind !== "rating").map((each) => ({
        key: `${SOURCE}:difference:${each.id}`, start_ms: each.start_ms, end_ms: each.end_ms, lane: first, label: `${each.codes ? "≠" : "≈"} ${labels.get(each.criterion)}`,
        criterionIndex: index(each.criterion), edges: "none", differs: false, open: false, selected: false })),
      ...comparison.timeline().flatMap((drawn, observer) => drawn.map(({ key, start_ms, end_ms, labels: names, criterionIndex, open, row }) => ({
        key: `${SOURCE}:${row >= 0 ? "row" : "time"}:${row >= 0 ? row : start_ms}:${criterionIndex}:${key}`, start_ms, end_ms, lane: rest[observer], label: names.join(", "),
        criterionIndex, open, edges: "none", differs: false, selected: false }))),
    ];
    const rows = inRows(spans, lanes());
    return () => rows;
  }

  function picked(key) {
    if (!isOn() || !key.startsWith(`${SOURCE}:`)) return;
    const [, kind, ...rest] = key.split(":");
    if (kind === "difference") desk.toDifference(rest.join(":"));
    else if (kind === "row") desk.choose(Number(rest[0]));
    else desk.seek(Number(rest[0]));
  }
}
