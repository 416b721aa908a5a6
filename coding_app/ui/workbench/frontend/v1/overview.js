// The whole recording at a glance: one lane per speaker, a tick per judgement, the playhead; a click goes there.

import { el, put } from "./dom.js";
import { clock, within } from "./time.js";
import { texts } from "./texts.js";

const LANES = { therapist: 0, client: 1 };

export function createOverview({ segments, durationMs, scope, colours, tagged, onSeek }) {
  const canvas = el("canvas", { class: "overview-canvas" });
  const head = el("div", { class: "overview-head" });
  const element = el("div", {
    class: "overview",
    role: "slider",
    tabindex: "0",
    "aria-label": texts.position,
    "aria-valuemin": "0",
    "aria-valuenow": "0",
    "aria-valuemax": String(Math.round(durationMs / 1000)),
  }, canvas, head);

  function draw() {
    const width = element.clientWidth;
    const height = element.clientHeight;
    const scale = globalThis.devicePixelRatio || 1;
    if (!width) return;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    const paint = colours();
    const x = (ms) => (ms / durationMs) * width;
    const laneHeight = (height - 14) / 2;
    for (const each of segments) {
      const lane = LANES[each.role] ?? 0.5;
      pen.fillStyle = paint[each.role] ?? paint.other;
      pen.fillRect(x(each.start_ms), 2 + lane * (laneHeight + 2), Math.max(1, x(each.end_ms) - x(each.start_ms) - 0.5), laneHeight);
    }
    pen.fillStyle = paint.tick;
    for (const { unit } of tagged()) {
      pen.fillRect(x((unit.start_ms + unit.end_ms) / 2) - 1, height - 6, 2, 5);
    }
  }

  const redraw = scope.beforePaint(draw);
  scope.on(element, "pointerdown", (event) => {
    if (event.button !== 0) return;
    const box = element.getBoundingClientRect();
    onSeek(Math.round(within((event.clientX - box.left) / box.width, 0, 1) * durationMs));
  });
  scope.observe(new ResizeObserver(redraw), element);

  return {
    element,
    redraw,
    move(ms) {
      head.style.left = `${(100 * ms) / Math.max(1, durationMs)}%`;
      put(element, "aria-valuenow", Math.round(ms / 1000));
      put(element, "aria-valuetext", clock(ms));
    },
  };
}
