// The waveform's picture: bars of the peaks, played and to come, and who speaks below them; only the window is drawn.

import { sideOf } from "./coding.js";
import { el } from "./dom.js";
import { indexAt } from "./time.js";
import { barsIn } from "./view.js";

const BAR_PX = 3;
const GAP_PX = 1;
const LANE_PX = 5;
const ROLE_LANES = { therapist: 0, client: 1 };
const LANES_PX = 2 * LANE_PX + 3;

/** draw({view, at, peaks, perSecond, segments, paint}): at = the playhead; peaks null = no bars; paint: colours by name. */
export function createWaveCanvas() {
  const canvas = el("canvas", { class: "wave-canvas", "aria-hidden": "true" });
  const pen = canvas.getContext("2d");
  let height = 0;

  return {
    element: canvas,

    resize(width, tall) {
      const scale = globalThis.devicePixelRatio || 1;
      height = tall;
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(tall * scale);
      pen.setTransform(scale, 0, 0, scale, 0, 0);
    },

    draw({ view, at, peaks, perSecond, segments, paint }) {
      pen.clearRect(0, 0, view.width(), height);
      if (peaks) drawBars(view, at, peaks, perSecond, paint);
      drawSpeakers(view, segments, paint);
    },
  };

  function drawBars(view, at, peaks, perSecond, paint) {
    const head = view.x(at);
    const tall = height - LANES_PX - 4;
    const middle = 2 + tall / 2;
    const bars = barsIn(view, peaks, perSecond, BAR_PX);
    for (const played of [true, false]) {
      pen.fillStyle = played ? paint.played : paint.wave;
      for (const { x, peak } of bars) {
        if (x < head !== played) continue;
        const size = Math.max(1, peak * tall);
        pen.fillRect(x, middle - size / 2, BAR_PX - GAP_PX, size);
      }
    }
  }

  function drawSpeakers(view, segments, paint) {
    const top = height - LANES_PX;
    for (let index = firstSeen(segments, view.from()); index < segments.length && segments[index].start_ms < view.to(); index++) {
      const { role, start_ms, end_ms } = segments[index];
      const lane = ROLE_LANES[sideOf(role)] ?? 0.5;
      const left = view.x(start_ms);
      pen.fillStyle = paint[sideOf(role)] ?? paint.other;
      pen.fillRect(left, top + 1 + lane * (LANE_PX + 1), Math.max(1, view.x(end_ms) - left - 1), LANE_PX);
    }
  }
}

/** Segments may overlap, so a few before the last one that has begun may still be heard. */
function firstSeen(segments, ms) {
  return Math.max(0, indexAt(segments, ms) - 3);
}
