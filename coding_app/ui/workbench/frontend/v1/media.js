// The recording's waveform, when there is one, and the place where the observer stopped.

import { el } from "./dom.js";
import { within } from "./time.js";
import { texts } from "./texts.js";

/** Resolves to the waveform, or to null with a quiet note in its place. */
export async function openWaveform({ box, media, recording, api, scope, colours, onSeek }) {
  const found = await api.peaks(recording.peaks_url);
  if (!box.isConnected) return null;
  if (!found) {
    box.append(el("p", { class: "quiet" }, texts.noWaveform));
    return null;
  }
  const { createWaveform } = await import("./waveform.js");
  if (!box.isConnected) return null;
  return createWaveform({
    container: box,
    media,
    peaks: found.peaks,
    durationMs: recording.duration_ms,
    scope,
    onSeek,
    colours() {
      const { wave, played, cursor } = colours();
      return { waveColor: wave, progressColor: played, cursorColor: cursor };
    },
  });
}

/** Where to begin (ms): the moment in the address, else where this pass was left on this computer, else 0. */
export function rememberPosition({ passId, scope, position, durationMs }) {
  const name = `coding-app-position-${passId}`;
  const keep = () => {
    try {
      globalThis.localStorage.setItem(name, String(position()));
    } catch {
      // A browser that keeps nothing: the pass begins at the start next time.
    }
  };
  scope.own(keep);
  scope.on(globalThis, "pagehide", keep);
  const asked = takeFromAddress("at");
  let kept = null;
  try {
    kept = globalThis.localStorage.getItem(name);
  } catch {
    // as above
  }
  const start = Number(asked ?? kept ?? 0);
  return Number.isFinite(start) ? within(Math.round(start), 0, Math.max(0, durationMs - 1)) : 0;
}

/** The value of this parameter, or null; it leaves the address, so that a reload does not find it again. */
function takeFromAddress(name) {
  const address = new URL(globalThis.location.href);
  const value = address.searchParams.get(name);
  if (value !== null) {
    address.searchParams.delete(name);
    globalThis.history.replaceState(globalThis.history.state, "", address);
  }
  return value;
}
