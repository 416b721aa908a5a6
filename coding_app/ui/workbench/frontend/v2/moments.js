// Drawn moments: marking them while listening, taking one up, moving its edges, and showing them in a list and on the waveform.

import { createMomentList } from "./momentlist.js";
import { momentHeard, EDGE_MS, moved, placed, pressed, recoded } from "./marking.js";
import { createMomentWords } from "./momentwords.js";
import { momentsOf } from "./spans.js";
import { clock } from "./time.js";
import { texts } from "./texts.js";

const ONE_RUN_MS = 700; // presses that follow each other faster are one act
const NEAR_MS = 2500; // a code changes the moment taken up as long as one listens to it
const AROUND_MS = 1500; // what is played before and after a moment without length
const REDRAW_MS = 250;
const AUTOPLAY_AFTER_MS = 150;

/** Gives the desk: moments {all, find, inHand, press, take, letGo, when, label}. */
export function openMoments(desk) {
  const { scheme, scope, model, acts, place, signals, status } = desk;
  const durationMs = desk.recording.duration_ms;
  const drawable = scheme.criteria.filter((each) => each.unit_kind === "span");
  let cached = { version: -1, list: [], byKey: new Map() };
  let fresh = null; // key of the moment marked last: in hand until the observer turns to something else
  let run = null; // {act, key, at}: edge moves that are one act
  let leaveTaken = null; // gives the keys of the moment taken up back
  let leaveList = null;
  let cancelPlay = null;
  let drawnAt = 0;

  const { label, when, openOf, rowOf } = createMomentWords({ scheme, signsOf: (key) => desk.remarks.signs(key) });
  const list = createMomentList({ scope, onTake: (key) => take(key), onFocus: listFocus });

  function read() {
    if (cached.version !== model.version()) {
      const all = momentsOf(model.all(), scheme.criteria, durationMs);
      cached = { version: model.version(), list: all, byKey: new Map(all.map((each) => [each.key, each])) };
    }
    return cached;
  }

  desk.moments = {
    /** [{key, unit, criterion, codes, start_ms, end_ms, running}], by start; see spans.js. */
    all: () => read().list,
    find: (key) => read().byKey.get(key) ?? null,
    inHand: () => read().byKey.get(place.drawn() ?? fresh) ?? null,
    press,
    take,
    letGo,
    when,
    label,
  };
  if (drawable.length) desk.tabs.add({ id: "moments", label: texts.moments, element: list.element });
  desk.act({
    startEarlier: () => shift("start", -EDGE_MS),
    startLater: () => shift("start", EDGE_MS),
    endEarlier: () => shift("end", -EDGE_MS),
    endLater: () => shift("end", EDGE_MS),
    removeMoment: remove,
  });
  const drawSoon = scope.beforePaint(draw);
  signals.on("judged", () => {
    drawSoon();
    desk.marks.redraw();
  });
  signals.on("place", turned);
  signals.on("tab", drawSoon);
  signals.on("time", timed);
  signals.on("pickedMark", (key) => desk.moments.find(key) && take(key));
  signals.on("edged", edged);
  signals.on("opened", () => {
    desk.marks.add({ id: "moments", lanes: () => drawable.map((each) => each.label), spans });
    timed(desk.player.position());
    draw();
  });
  desk.reveals((key) => {
    const moment = desk.moments.find(key);
    if (!moment) return false;
    desk.tabs.open("moments");
    take(key);
    acts.reopen([moment.unit]);
    desk.box.redraw();
    return true;
  });

  function press(found, attributes = {}) {
    if (!acts.allowed()) return undefined;
    const { criterion, code } = found;
    const stretch = desk.stretch();
    const position = desk.player.position();
    const taken = desk.moments.find(place.drawn());
    if (!stretch && taken?.criterion === criterion && nearTo(taken, position)) {
      const change = recoded(model.judgement(taken.key, criterion.id), criterion, code);
      if (!change.same) return recode(found, taken, change, attributes);
    }
    const at = momentHeard({ position, playing: desk.player.playing(), rate: desk.player.media.playbackRate, lagMs: desk.preferences.lag_ms ?? 0, durationMs });
    const result = pressed({ judgements: [...model.all()], criterion, code, at, stretch, attributes });
    if (result.did === "early") return status.tell(texts.endsTooEarly(code.label, clock(result.since)));
    turnTo(result.did === "removed" ? null : result.unit.key);
    if (stretch) desk.clearStretch();
    const sentence = texts.drew[result.did](code.label, clock(result.unit.start_ms, { tenths: true }), clock(result.unit.end_ms, { tenths: true }));
    if (result.did === "begun" || result.did === "marked") acts.give(found, [result.unit], result.changes, sentence, attributes);
    else acts.change(result.changes, sentence);
    if (result.did === "ended") acts.ask([result.unit], criterion, code);
    signals.tell("hand");
    return undefined;
  }

  const nearTo = (moment, position) => !desk.player.playing() || (position >= moment.start_ms && position <= moment.end_ms + NEAR_MS);

  function recode(found, taken, change, attributes) {
    const { code } = found;
    const codes = change.content.codes.map((each) => (each.code === code.id ? { ...each, attributes: { ...each.attributes, ...attributes } } : each));
    const content = { ...change.content, codes };
    if (change.added) acts.give(found, [taken.unit], [{ ...change, content }], texts.coded(code.label), attributes);
    else acts.change([change], texts.removed(code.label));
  }

  /** What was just marked is in hand, and nothing that was taken up before. */
  function turnTo(key) {
    if (place.drawn() !== null) place.take(null, false);
    fresh = key;
  }

  function take(key) {
    const moment = desk.moments.find(key);
    if (!moment) return;
    desk.seek(moment.start_ms);
    fresh = null;
    place.take(key);
    status.say(`${label(moment)}, ${when(moment)}`);
    playSoon(key);
  }

  /** As with segments: what one turns to is played, unless the observer wants that otherwise or is listening on. */
  function playSoon(key) {
    cancelPlay?.();
    const free = () => !desk.player.playing() || desk.player.inSpan();
    if (!(desk.preferences.autoplay ?? true) || !free()) return;
    cancelPlay = scope.timeout(() => place.drawn() === key && free() && replay(), AUTOPLAY_AFTER_MS);
  }

  /** Turns back to the segments; false when no moment was in hand. */
  function letGo() {
    const had = fresh !== null || place.drawn() !== null;
    fresh = null;
    if (place.drawn() !== null) place.take(null, false);
    if (had) signals.tell("hand");
    return had;
  }

  function turned({ byPerson }) {
    if (byPerson) fresh = null;
    else if (gone()) letGo();
    const key = place.drawn();
    if (key !== null) leaveTaken ??= desk.enter({ replay });
    else if (leaveTaken) {
      leaveTaken();
      leaveTaken = null;
    }
    list.select(key ?? fresh);
    desk.marks.redraw();
    if (byPerson) signals.tell("hand");
  }

  /** The recording has gone on from what is in hand, and no question about it is open. */
  function gone() {
    const moment = desk.moments.inHand();
    if (!moment || acts.asked() || !desk.player.playing()) return false;
    const position = desk.player.position();
    return position < moment.start_ms - NEAR_MS || position > moment.end_ms + NEAR_MS;
  }

  function replay() {
    const { start_ms, end_ms } = desk.moments.inHand() ?? {};
    if (start_ms === undefined) return false;
    const short = end_ms - start_ms < AROUND_MS;
    desk.player.playSpan(short ? { start_ms: Math.max(0, start_ms - AROUND_MS), end_ms: Math.min(durationMs, end_ms + AROUND_MS) } : { start_ms, end_ms });
    return undefined;
  }

  /** What puts a moment elsewhere: its codes, or the remark where it has nothing else. */
  function put(moment, unit) {
    const criterion = moment.criterion?.id ?? "remark";
    return [{ unit, criterion, content: acts.contentAt(unit, criterion) }];
  }

  function shift(edge, byMs) {
    const moment = desk.moments.inHand();
    if (!moment) return status.tell(texts.noMomentInHand);
    const to = moved(moment.unit, moment.criterion?.mark ?? "span", edge, byMs, durationMs);
    if (!to) return status.tell(moment.criterion?.mark === "start" ? texts.endsWithTheNext : texts.hasNoEnd);
    const goesOn = run?.key === moment.key && performance.now() - run.at < ONE_RUN_MS && desk.timeline.next("undo")?.act === run.act;
    const act = acts.change(put(moment, to), texts.edgeAt[edge](clock(to[`${edge}_ms`], { tenths: true })), goesOn ? run.act : undefined);
    run = act ? { act, key: moment.key, at: performance.now() } : null;
    return undefined;
  }

  function edged({ key, start_ms, end_ms }) {
    const moment = desk.moments.find(key);
    if (!moment) return;
    const to = placed(moment.unit, moment.criterion?.mark ?? "span", { start_ms, end_ms }, durationMs);
    acts.change(put(moment, to), texts.movedTo(clock(to.start_ms, { tenths: true }), clock(to.end_ms, { tenths: true })));
  }

  function remove() {
    const moment = desk.moments.inHand();
    if (!moment) return status.tell(texts.noMomentInHand);
    const nothing = { codes: [], value: null, note: null };
    const remark = model.judgement(moment.key, "remark");
    const changes = [
      ...(moment.criterion ? [{ unit: moment.unit, criterion: moment.criterion.id, content: nothing }] : []),
      ...(remark ? [{ unit: remark.unit, criterion: "remark", content: nothing }] : []),
    ];
    const name = label(moment);
    if (acts.change(changes, texts.removed(name))) letGo();
    return undefined;
  }

  function draw() {
    if (!drawable.length) return;
    const all = desk.moments.all();
    const open = all.filter((each) => openOf(each)).length;
    desk.tabs.count("moments", open && !desk.locked() ? String(open) : "");
    timed(desk.player.position());
    if (desk.tabs.opened() !== "moments") return;
    const rows = all.map(rowOf);
    list.show([...rows.filter((each) => each.running), ...rows.filter((each) => !each.running)], place.drawn() ?? fresh);
  }

  /** While the list has the focus, up and down go through it. */
  function listFocus(on) {
    leaveList?.();
    leaveList = null;
    if (!on) return;
    const to = (key) => (key === null ? undefined : take(key));
    const at = () => place.drawn() ?? fresh;
    leaveList = desk.enter({
      previous: () => to(list.beside(at(), -1)),
      next: () => to(list.beside(at(), 1)),
      first: () => to(list.end(false)),
      last: () => to(list.end(true)),
    });
  }

  function timed(ms) {
    const running = new Map();
    for (const moment of desk.moments.all()) {
      const { criterion, codes, start_ms, end_ms } = moment;
      const on = criterion?.mark === "start" ? start_ms <= ms && ms < end_ms : moment.running;
      if (on) for (const each of codes) running.set(each.code, start_ms > ms ? null : ms - start_ms);
    }
    desk.panel.showRunning(running);
    if (running.size && Math.abs(ms - drawnAt) >= REDRAW_MS) {
      drawnAt = ms;
      desk.marks.redraw();
    }
  }

  function spans() {
    const held = place.drawn() ?? fresh;
    return desk.moments.all().map((moment) => {
      const { key, criterion, start_ms, end_ms } = moment;
      const open = moment.running && criterion?.mark === "span";
      return { key, start_ms, end_ms: open ? Math.max(start_ms, desk.player.position()) : end_ms, lane: criterion?.label ?? texts.remark,
        criterionIndex: scheme.criteria.indexOf(criterion), label: label(moment), selected: key === held, open,
        edges: (criterion?.mark ?? "span") === "span" && !open ? "both" : "start" };
    });
  }
}
