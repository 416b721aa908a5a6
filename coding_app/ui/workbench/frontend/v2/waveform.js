// The recording as a picture: the waveform around the playhead, the marks on it, and the whole of it at a glance.

import { el, put, say } from "./dom.js";
import { createLanes } from "./lanes.js";
import { momentHeard } from "./marking.js";
import { createOverview } from "./overview.js";
import { createStretch } from "./stretch.js";
import { clock } from "./time.js";
import { texts } from "./texts.js";
import { createView } from "./view.js";
import { createWaveCanvas } from "./wave_canvas.js";
import { createWavePointer } from "./wave_pointer.js";

/** Gives the desk: stretch(), stretchBegun(), clearStretch() of the marked stretch. */
export function openWaveform(desk) {
  const { recording, segments, scope, signals, player, status } = desk;
  const view = createView({ durationMs: recording.duration_ms });
  const canvas = createWaveCanvas();
  const band = el("div", { class: "band band-here" });
  const looped = el("div", { class: "band band-loop" });
  const marked = el("div", { class: "band band-stretch" }, el("span", { class: "band-times" }));
  const head = el("div", { class: "wave-head" });
  const stretch = createStretch({ changed: stretchChanged });
  const lanes = createLanes({
    view, scope, marks: desk.marks,
    onPick: (key) => signals.tell("pickedMark", key),
    onEdge: (found) => signals.tell("edged", found),
  });
  const box = el("div", { class: "wave" }, canvas.element, band, lanes.arcs, marked, looped, head);
  const overview = createOverview({
    segments, durationMs: recording.duration_ms, scope, onSeek: desk.seek,
    tagged: () => [...desk.model.all()].filter((each) => each.unit.key !== "session" && !each.unit.key.startsWith("b-")),
  });
  const pointer = createWavePointer({
    box, view, stretch, scope,
    onSeek: desk.seek,
    onDragged: () => signals.tell("dragged", stretch.value()),
    onZoom: (steps, ms) => zoom(steps, ms),
    moved: () => draw(),
  });
  let peaks = null;
  let perSecond = 50;
  let paint = desk.colours();
  let leaveStretch = null; // while there is one, Escape takes it away

  /** {start_ms, end_ms} of the stretch that was marked and has no code yet, or null. */
  desk.stretch = stretch.value;
  /** Where a stretch was begun that has no end yet, or null. */
  desk.stretchBegun = stretch.begun;
  desk.clearStretch = stretch.clear;
  desk.memory.add("zoom", view.level);
  if (Number.isInteger(desk.memory.kept.zoom)) view.zoom(desk.memory.kept.zoom, player.position());
  desk.slots.player.append(box, lanes.element, overview.element);

  const draw = scope.beforePaint(() => {
    const at = player.position();
    canvas.draw({ view, at, peaks, perSecond, segments, paint });
    head.style.transform = `translateX(${view.x(at) - 1}px)`;
    lay(band, desk.place.segment() && desk.place.chosen().length ? whole(desk.place.chosen()) : null);
    lay(looped, player.loop());
    const begun = stretch.begun();
    lay(marked, begun === null ? stretch.value() : { start_ms: Math.min(begun, at), end_ms: Math.max(begun, at) });
    lanes.place();
    overview.frame(view.from(), view.to());
  });
  const readMarks = scope.beforePaint(() => {
    lanes.read();
    draw();
  });

  desk.act({
    zoomIn: () => zoom(1, player.position()),
    zoomOut: () => zoom(-1, player.position()),
    markStart() {
      stretch.begin(moment());
      status.say(texts.stretchBegun(clock(moment(), { tenths: true })));
    },
    markEnd() {
      if (!stretch.finish(moment())) return status.tell(texts.stretchNotBegun);
      status.say(texts.stretchMarked(timesOf(stretch.value())));
      return signals.tell("dragged", stretch.value());
    },
  });
  signals.on("time", (ms) => {
    if (!pointer.busy()) view.follow(ms, player.playing());
    overview.move(ms);
    draw();
  });
  signals.on("place", ({ byPerson }) => {
    if (byPerson) pointer.back();
    readMarks();
  });
  signals.on("playing", draw);
  signals.on("marks", readMarks);
  signals.on("judged", overview.redraw);
  signals.on("restyle", () => {
    paint = desk.colours();
    overview.recolour(paint);
    draw();
  });
  signals.on("opened", () => readPeaks());
  scope.observe(new ResizeObserver(() => {
    if (!box.clientWidth) return;
    view.resize(box.clientWidth);
    canvas.resize(box.clientWidth, box.clientHeight);
    view.follow(player.position(), false);
    draw();
  }), box);
  overview.recolour(paint);

  async function readPeaks() {
    const found = await desk.api.peaks(recording.peaks_url);
    if (!box.isConnected) return;
    if (!found) return box.append(el("p", { class: "quiet" }, texts.noWaveform));
    const loudest = found.peaks.reduce((one, other) => (other > one ? other : one), 0) || 1;
    peaks = found.peaks.map((each) => each / loudest);
    perSecond = found.perSecond;
    draw();
  }

  function zoom(steps, ms) {
    view.zoom(view.level() + steps, ms);
    draw();
  }

  /** Where a key marks: the playhead, and while it plays as much earlier as the observer needs to react. */
  function moment() {
    const { lag_ms: lagMs = 0 } = desk.preferences;
    return momentHeard({ position: player.position(), playing: player.playing(), rate: player.media.playbackRate, lagMs, durationMs: recording.duration_ms });
  }

  function stretchChanged() {
    const some = stretch.value() !== null || stretch.begun() !== null;
    if (some && !leaveStretch) leaveStretch = desk.enter({ close: () => stretch.clear() });
    if (!some) {
      leaveStretch?.();
      leaveStretch = null;
    }
    signals.tell("stretch", stretch.value());
    draw();
  }

  function lay(element, span) {
    put(element, "hidden", span === null);
    if (span === null) return;
    const from = Math.max(-2, view.x(span.start_ms));
    element.style.transform = `translateX(${from}px)`;
    element.style.width = `${Math.max(2, Math.min(view.width() + 2, view.x(span.end_ms)) - from)}px`;
    if (element === marked) say(marked.firstChild, timesOf(span));
  }
}

const whole = (chosen) => ({ start_ms: chosen[0].start_ms, end_ms: Math.max(...chosen.map((each) => each.end_ms)) });
const timesOf = ({ start_ms, end_ms }) => `${clock(start_ms, { tenths: true })}–${clock(end_ms, { tenths: true })}`;
