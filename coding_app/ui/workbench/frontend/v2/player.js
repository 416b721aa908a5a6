// Playing: one media element, position in whole milliseconds, speed with the pitch kept, a span to its end or round and round.

import { within } from "./time.js";

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
const MOMENT_MS = 1000; // a pause no longer than this needs no going back

/**
 * media: an <audio> or <video>. resumeBackMs(): how far to go back after a pause. Calls onTime(ms),
 * onState({playing, rate, loop}) and onProblem(wanted) when the media cannot be played; wanted: it was to be playing.
 */
export function createPlayer({ media, durationMs, scope, resumeBackMs, onTime, onState, onProblem }) {
  let span = null; // {start_ms, end_ms, loop}: what was asked for
  let asked = null; // a seek the media element has not carried out yet
  let reloading = false;
  let frame = null;
  let pausedAt = null; // performance.now() of the observer's pause, until they go elsewhere
  media.preservesPitch = true;

  const position = () => asked ?? Math.round(media.currentTime * 1000);
  const playing = () => !media.paused && !media.ended && !media.error;
  const loop = () => (span?.loop ? { start_ms: span.start_ms, end_ms: span.end_ms } : null);
  const tellState = () => onState({ playing: playing(), rate: media.playbackRate, loop: loop() });

  function tick() {
    frame = null;
    look();
    if (playing()) frame = globalThis.requestAnimationFrame(tick);
  }

  function look() {
    if (span && playing() && asked === null && position() >= span.end_ms) atTheEnd();
    onTime(position());
  }

  function atTheEnd() {
    if (span.loop) return jump(span.start_ms);
    span = null;
    media.pause();
    return undefined;
  }

  function started() {
    tellState();
    if (frame === null) tick();
  }

  function jump(ms) {
    asked = within(Math.round(ms), 0, durationMs);
    if (!reloading) media.currentTime = asked / 1000;
    onTime(asked);
  }

  function release() {
    if (!span) return;
    span = null;
    tellState();
  }

  function seek(ms) {
    if (span && (ms < span.start_ms || ms >= span.end_ms)) release();
    pausedAt = null;
    jump(ms);
  }

  function play() {
    if (media.error && !reloading) reload();
    media.play().catch((error) => {
      // "NotAllowedError": the browser wants a key or a click first; "AbortError": something else came in between.
      if (error.name === "NotSupportedError") onProblem(true);
    });
  }

  function pause() {
    pausedAt = performance.now();
    if (!span?.loop) span = null;
    media.pause();
  }

  function resume() {
    const long = pausedAt !== null && performance.now() - pausedAt > MOMENT_MS;
    pausedAt = null;
    if (long && !span && !media.ended) jump(position() - resumeBackMs());
    play();
  }

  /** Asks for the media anew and goes on where it was; play() does so by itself after a failure. */
  function reload() {
    asked = position();
    reloading = true;
    media.load();
  }

  scope.on(media, "loadedmetadata", () => {
    if (!reloading) return;
    reloading = false;
    media.currentTime = asked / 1000;
  });
  scope.on(media, "play", started);
  scope.on(media, "playing", started);
  scope.on(media, "pause", tellState);
  scope.on(media, "ended", () => {
    if (span?.loop) {
      jump(span.start_ms);
      return play();
    }
    span = null;
    return tellState();
  });
  scope.on(media, "ratechange", tellState);
  scope.on(media, "timeupdate", look); // where nothing is painted, as in a hidden tab, no frame comes
  scope.on(media, "seeked", () => {
    asked = null;
    onTime(position());
  });
  scope.on(media, "error", () => {
    const wanted = !media.paused;
    asked ??= position();
    reloading = false;
    media.pause();
    onProblem(wanted);
  });
  scope.own(() => {
    globalThis.cancelAnimationFrame(frame);
    media.pause();
    media.removeAttribute("src");
    media.load();
  });

  return {
    media,
    position,
    playing,
    seek,
    play,
    pause,
    reload,
    release,
    /** Whether a span is being played or looped: then the running recording leaves the observer's choice alone. */
    inSpan: () => span !== null,
    loop,
    toggle: () => (playing() ? pause() : resume()),

    /** Plays this span and stops; loop: over and over, until release(), a seek out of it or another span. */
    playSpan({ start_ms, end_ms }, loop = false) {
      span = { start_ms, end_ms, loop };
      pausedAt = null;
      jump(start_ms);
      play();
      tellState();
    },

    /** Sets one of RATES, or goes to the next with step. */
    setRate(rate) {
      media.defaultPlaybackRate = rate; // loading anew goes back to this one
      media.playbackRate = rate;
    },
    changeRate(step) {
      const now = RATES.indexOf(media.playbackRate);
      this.setRate(RATES[within((now < 0 ? RATES.indexOf(1) : now) + step, 0, RATES.length - 1)]);
      return media.playbackRate;
    },
  };
}
