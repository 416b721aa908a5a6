// Which part of the recording the waveform shows: the way between milliseconds and pixels, zooming, panning, following.

import { within } from "./time.js";

export const ZOOMS = [2, 5, 10, 20, 40, 80, 160]; // pixels per second
const USUAL = 3;
const EDGE = 0.06; // of the window: nearer to its edge than this, the playhead takes the window along
const GLIDE = 0.04; // of the window per painting

/** The window begins at from() ms and is as wide as the last resize() said; it never leaves the recording. */
export function createView({ durationMs }) {
  let level = USUAL;
  let width = 1;
  let from = 0;

  const perMs = () => ZOOMS[level] / 1000;
  const lengthMs = () => width / perMs();
  const show = (ms) => {
    from = within(ms, 0, Math.max(0, durationMs - lengthMs()));
  };

  return {
    from: () => from,
    to: () => from + lengthMs(),
    width: () => width,
    level: () => level,
    perMs,
    x: (ms) => (ms - from) * perMs(),
    /** The moment at this pixel, in whole ms, inside the recording. */
    at: (x) => within(Math.round(from + x / perMs()), 0, durationMs),

    resize(pixels) {
      width = Math.max(1, pixels);
      show(from);
    },

    pan(pixels) {
      show(from + pixels / perMs());
    },

    /** The moment `around` stays where it is on the screen, or comes to the middle when it was not to be seen. */
    zoom(to, around) {
      const x = (around - from) * perMs();
      level = within(to, 0, ZOOMS.length - 1);
      show(around - (x >= 0 && x <= width ? x : width / 2) / perMs());
    },

    /** Keeps the playhead in sight; while it plays it runs to the middle, and then the waveform runs under it. */
    follow(ms, playing) {
      const length = lengthMs();
      const share = (ms - from) / length;
      if (share < 0 || share > 1 - (playing ? 0 : EDGE)) show(ms - length * (playing ? 0.5 : 0.25));
      else if (playing && share > 0.5) show(from + Math.min(ms - length / 2 - from, length * GLIDE));
    },
  };
}

/**
 * The loudest peak under each bar: [{x, peak}], x = left pixel. A bar belongs to a stretch of the recording, not of the
 * screen, so that bars keep their height while the window moves. peaks: numbers 0..1, perSecond of them per second.
 */
export function barsIn(view, peaks, perSecond, barPx) {
  const barMs = barPx / view.perMs();
  const perBar = (barMs * perSecond) / 1000;
  const bars = [];
  for (let bar = Math.floor(view.from() / barMs); bar * barMs < view.to(); bar++) {
    const first = Math.floor(bar * perBar);
    if (first >= peaks.length) break;
    const end = Math.min(peaks.length, Math.max(first + 1, Math.floor((bar + 1) * perBar)));
    let peak = 0;
    for (let index = first; index < end; index++) if (peaks[index] > peak) peak = peaks[index];
    bars.push({ x: view.x(bar * barMs), peak });
  }
  return bars;
}
