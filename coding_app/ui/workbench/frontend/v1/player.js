// Playing: one media element, position in whole milliseconds, speed with the pitch kept.

import { within } from "./time.js";

const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

/** media: an <audio> or <video>. Calls onTime(ms), onState({playing, rate}) and onProblem(). */
export function createPlayer({ media, durationMs, scope, onTime, onState, onProblem }) {
  let stopAt = null;
  let asked = null; // a seek the media element has not carried out yet
  let frame = null;
  media.preservesPitch = true;

  const position = () => asked ?? Math.round(media.currentTime * 1000);
  const playing = () => !media.paused && !media.ended;
  const tellState = () => onState({ playing: playing(), rate: media.playbackRate });

  function tick() {
    frame = null;
    if (stopAt !== null && position() >= stopAt) pause();
    onTime(position());
    if (playing()) frame = globalThis.requestAnimationFrame(tick);
  }

  function started() {
    tellState();
    if (frame === null) tick();
  }

  function seek(ms) {
    stopAt = null;
    asked = within(Math.round(ms), 0, durationMs);
    media.currentTime = asked / 1000;
    onTime(asked);
  }

  function play() {
    media.play().catch((error) => {
      if (error.name !== "AbortError") onProblem();
    });
  }

  function pause() {
    stopAt = null;
    media.pause();
  }

  scope.on(media, "play", started);
  scope.on(media, "playing", started);
  scope.on(media, "pause", tellState);
  scope.on(media, "ended", tellState);
  scope.on(media, "ratechange", tellState);
  scope.on(media, "seeking", () => onTime(position()));
  scope.on(media, "seeked", () => {
    asked = null;
    onTime(position());
  });
  scope.on(media, "error", onProblem);
  scope.own(() => {
    globalThis.cancelAnimationFrame(frame);
    media.pause();
    media.removeAttribute("src");
    media.load();
  });

  return {
    position,
    playing,
    seek,
    pause,
    nudge: (ms) => seek(position() + ms),
    toggle: () => (playing() ? pause() : ((stopAt = null), play())),
    playSpan({ start_ms, end_ms }) {
      seek(start_ms);
      stopAt = end_ms;
      play();
    },
    changeRate(step) {
      const now = RATES.indexOf(media.playbackRate);
      media.playbackRate = RATES[within((now < 0 ? 2 : now) + step, 0, RATES.length - 1)];
      return media.playbackRate;
    },
  };
}
