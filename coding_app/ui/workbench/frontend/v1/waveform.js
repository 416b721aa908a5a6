// The waveform around the playhead, drawn by wavesurfer.js from ready-made peaks.

import WaveSurfer from "./vendor/wavesurfer-8.0.1.esm.js";
import { within } from "./time.js";

const ZOOMS = [2, 5, 10, 20, 40, 80, 160]; // pixels per second

export function createWaveform({ container, media, peaks, durationMs, colours, scope, onSeek }) {
  let zoom = 3;
  const wave = WaveSurfer.create({
    container,
    media,
    url: media.currentSrc || media.src,
    peaks: [peaks],
    duration: durationMs / 1000,
    height: 64,
    minPxPerSec: ZOOMS[zoom],
    normalize: true,
    barWidth: 2,
    barGap: 1,
    barRadius: 1,
    cursorWidth: 2,
    hideScrollbar: true,
    autoScroll: true,
    autoCenter: true,
    dragToSeek: false,
    ...colours(),
  });
  wave.on("interaction", (seconds) => onSeek(Math.round(seconds * 1000)));
  wave.on("error", () => {}); // the player reports what goes wrong with the media
  scope.own(() => wave.destroy());

  return {
    recolour: () => wave.setOptions(colours()),
    zoomBy(step) {
      zoom = within(zoom + step, 0, ZOOMS.length - 1);
      wave.zoom(ZOOMS[zoom]);
    },
  };
}
