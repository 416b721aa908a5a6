// The whole recording at a glance: one lane per speaker, a tick per judgement, the playhead; a click goes there.

import { sideOf } from "./coding.js";
import { el, put } from "./dom.js";
import { clock, within } from "./time.js";
import { texts } from "./texts.js";

const LANES = { therapist: 0, client: 1 };
const TICKS_AFTER_MS = 250; // emptying a canvas costs milliseconds: a run of key presses draws its ticks once

/** tagged(): the judgements that get a tick. The colours come with recolour(). */
export function createOverview({ segments, durationMs, scope, tagged, onSeek }) {
  const lanes = el("canvas", { class: "overview-canvas" });
  const ticks = el("canvas", { class: "overview-canvas" });
  const frame = el("div", { class: "overview-frame" });
  const head = el("div", { class: "overview-head" });
  const element = el("div", {
    class: "overview",
    role: "slider",
    tabindex: "0",
    "aria-label": texts.position,
    "aria-valuemin": "0",
    "aria-valuenow": "0",
    "aria-valuemax": String(Math.round(durationMs / 1000)),
  }, lanes, ticks, frame, head);
  const share = (ms) => ms / Math.max(1, durationMs);
  let paint = null;
  let held = false;
  let stopWaiting = null;

  /** The pen of an emptied canvas of this size, in pixels of the page. */
  function penOf(canvas, width, height) {
    const scale = globalThis.devicePixelRatio || 1;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    return pen;
  }

  function drawLanes() {
    const [width, height] = [element.clientWidth, element.clientHeight];
    if (!width) return;
    const pen = penOf(lanes, width, height);
    const laneHeight = (height - 14) / 2;
    for (const each of segments) {
      const left = share(each.start_ms) * width;
      pen.fillStyle = paint[sideOf(each.role)] ?? paint.other;
      pen.fillRect(left, 2 + (LANES[sideOf(each.role)] ?? 0.5) * (laneHeight + 2), Math.max(1, share(each.end_ms) * width - left - 0.5), laneHeight);
    }
  }

  function drawTicks() {
    const [width, height] = [element.clientWidth, element.clientHeight];
    if (!width) return;
    const pen = penOf(ticks, width, height);
    pen.fillStyle = paint.tick;
    const places = new Set(tagged().map(({ unit }) => Math.round(share((unit.start_ms + unit.end_ms) / 2) * width)));
    for (const place of places) pen.fillRect(place - 1, height - 6, 2, 5);
  }

  const redrawLanes = scope.beforePaint(drawLanes);
  const redrawTicks = scope.beforePaint(drawTicks);
  const both = () => {
    redrawLanes();
    redrawTicks();
  };
  const redraw = () => {
    stopWaiting ??= scope.timeout(() => {
      stopWaiting = null;
      drawTicks();
    }, TICKS_AFTER_MS);
  };
  const seek = (event) => {
    const box = element.getBoundingClientRect();
    onSeek(Math.round(within((event.clientX - box.left) / box.width, 0, 1) * durationMs));
  };
  scope.on(element, "pointerdown", (event) => {
    if (event.button !== 0) return;
    held = true;
    element.setPointerCapture(event.pointerId);
    seek(event);
  });
  scope.on(element, "pointermove", (event) => held && seek(event));
  for (const end of ["pointerup", "pointercancel"]) scope.on(element, end, () => (held = false));
  scope.observe(new ResizeObserver(both), element);

  return {
    element,
    redraw,
    recolour(colours) {
      paint = colours;
      both();
    },
    move(ms) {
      head.style.left = `${100 * share(ms)}%`;
      put(element, "aria-valuenow", Math.round(ms / 1000));
      put(element, "aria-valuetext", clock(ms));
    },
    /** Which part the waveform shows. */
    frame(from, to) {
      frame.style.left = `${100 * share(from)}%`;
      frame.style.width = `${100 * Math.min(1 - share(from), share(to - from))}%`;
    },
  };
}
