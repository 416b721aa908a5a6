// The waveform around the playhead with the chosen segment on it, whose edges can be drawn.

import { el, put } from "../dom.js";
import { texts } from "../texts.js";
import { createView } from "../view.js";
import { createWaveCanvas } from "../wave_canvas.js";

const GRIP_PX = 7;

export function openWave(desk) {
  const { first, frame, scope, player } = desk;
  const view = createView({ durationMs: first.recording.duration_ms });
  const canvas = createWaveCanvas();
  const band = el("div", { class: "band band-stretch" });
  const head = el("div", { class: "wave-head" });
  const box = el("div", { class: "wave" }, canvas.element, band, head);
  frame.slots.wave.append(box);
  let peaks = null;
  let perSecond = 50;
  let held = null; // {which, ms}: the edge in hand

  const roles = () => new Map(desk.state.header().speakers.map((each) => [each.label, each.role]));
  const chosen = () => desk.segments().find((each) => each.key === desk.key) ?? null;
  const draw = scope.beforePaint(() => {
    const of = roles();
    const at = player.position();
    canvas.draw({ view, at, peaks, perSecond, paint: frame.colours(), segments: desk.segments().map(({ start_ms, end_ms, speaker }) => ({ start_ms, end_ms, role: of.get(speaker) ?? "other" })) });
    head.style.transform = `translateX(${view.x(at) - 1}px)`;
    const segment = chosen();
    put(band, "hidden", !segment);
    if (!segment) return;
    const from = view.x(held?.which === "start_ms" ? held.ms : segment.start_ms);
    const to = view.x(held?.which === "end_ms" ? held.ms : segment.end_ms);
    band.style.transform = `translateX(${from}px)`;
    band.style.width = `${Math.max(2, to - from)}px`;
  });

  const xOf = (event) => event.clientX - box.getBoundingClientRect().left;
  function edgeAt(x) {
    const segment = desk.readOnly ? null : chosen();
    if (!segment) return null;
    return ["start_ms", "end_ms"].find((which) => Math.abs(view.x(segment[which]) - x) <= GRIP_PX) ?? null;
  }
  scope.on(box, "pointermove", (event) => {
    put(box, "data-grip", held || edgeAt(xOf(event)) ? "" : null);
    if (!held) return;
    held.ms = view.at(xOf(event));
    draw();
  });
  scope.on(box, "pointerdown", (event) => {
    const which = edgeAt(xOf(event));
    if (!which) return player.seek(view.at(xOf(event)));
    box.setPointerCapture(event.pointerId);
    held = { which, ms: chosen()[which] };
    return undefined;
  });
  scope.on(box, "pointerup", () => {
    if (!held) return;
    const { which, ms } = held;
    const segment = chosen();
    held = null;
    if (segment && ms !== segment[which]) desk.edit("move", { key: segment.key, [which]: ms });
    draw();
  });
  scope.on(box, "pointercancel", () => {
    held = null;
    draw();
  });
  scope.on(box, "wheel", (event) => {
    event.preventDefault();
    if (event.ctrlKey) view.zoom(view.level() + (event.deltaY < 0 ? 1 : -1), view.at(xOf(event)));
    else view.pan(event.deltaX || event.deltaY);
    draw();
  }, { passive: false });
  scope.observe(new ResizeObserver(() => {
    if (!box.clientWidth) return;
    view.resize(box.clientWidth);
    canvas.resize(box.clientWidth, box.clientHeight);
    view.follow(player.position(), false);
    draw();
  }), box);
  read();

  async function read() {
    const found = await desk.api.peaks(first.recording.peaks_url);
    if (!box.isConnected) return;
    if (!found) {
      box.append(el("p", { class: "quiet" }, texts.noWaveform));
      return;
    }
    const loudest = found.peaks.reduce((one, other) => (other > one ? other : one), 0) || 1;
    peaks = found.peaks.map((each) => each / loudest);
    perSecond = found.perSecond;
    draw();
  }

  return {
    draw,
    moved(ms) {
      if (!held) view.follow(ms, player.playing());
      draw();
    },
  };
}
