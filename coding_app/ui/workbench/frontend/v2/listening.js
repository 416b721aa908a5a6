// Listening: the player and its transport, going to segments, loops, and the place where the observer stopped.

import { el, say } from "./dom.js";
import { createMarks } from "./marks.js";
import { createRescue } from "./media.js";
import { createMemory, takeFromAddress } from "./memory.js";
import { RATES, createPlayer } from "./player.js";
import { clock, indexAt, within } from "./time.js";
import { texts } from "./texts.js";
import { createTransport } from "./transport.js";

const AUTOPLAY_AFTER_MS = 150; // who walks on through the segments within that time hears none of them
const SHORTEST_LOOP_MS = 500;

/**
 * Gives the desk: player; seek(ms); choose(index); marks; memory {kept, keep(table)}: place, speed and more, kept per pass on this computer.
 */
export function openListening(desk) {
  const { recording, segments, scope, signals, place, status } = desk;
  const stepMs = () => desk.preferences.step_ms ?? 2000;
  const media = el(recording.has_video ? "video" : "audio", { class: "media", preload: "metadata", src: recording.media_url, playsinline: true });
  const transport = createTransport(desk);
  let cancelAutoplay = null;
  let looped = null; // what the transport shows now

  desk.marks = createMarks({ changed: () => signals.tell("marks") });
  desk.player = createPlayer({
    media, durationMs: recording.duration_ms, scope, onTime: moved,
    resumeBackMs: () => desk.preferences.resume_back_ms ?? 1000,
    onState(state) {
      transport.show(state);
      if (looped && !state.loop) status.say(texts.loopOff);
      looped = state.loop;
      signals.tell("playing", state);
      if (!state.playing) desk.memory?.keep();
    },
    onProblem: (wanted) => rescue.failed(wanted),
  });
  const rescue = createRescue({
    player: desk.player, mediaUrl: recording.media_url, durationMs: recording.duration_ms, status, root: desk.root, scope,
    renew: () => desk.withRenewal(desk.api.bootstrap), // its answer renews the recording's cookie
  });
  desk.memory = rememberPlace();
  /** Moves the playhead, and the current segment with it. */
  desk.seek = seek;
  /** Goes to a segment: it is the current one and the playhead stands at its beginning; it is played when the observer wants that. */
  desk.choose = choose;

  say(transport.length, clock(recording.duration_ms));
  desk.slots.bar.append(transport.element);
  if (!recording.has_video) desk.slots.player.append(media);

  desk.act({
    toggle: alone(() => desk.player.toggle()),
    replay: alone(() => place.segment() && desk.player.playSpan(place.segment())),
    loop: alone(loop),
    back: () => seek(desk.player.position() - stepMs()),
    forward: () => seek(desk.player.position() + stepMs()),
    nudgeBack: () => seek(desk.player.position() - 100),
    nudgeForward: () => seek(desk.player.position() + 100),
    slower: () => status.say(texts.speed(desk.player.changeRate(-1))),
    faster: () => status.say(texts.speed(desk.player.changeRate(1))),
  });
  signals.on("opened", begin);

  function rememberPlace() {
    const extras = new Map(); // name -> its value now
    const now = () => ({ ms: desk.player.position(), rate: media.playbackRate, ...Object.fromEntries([...extras].map(([name, value]) => [name, value()])) });
    const memory = createMemory({ name: `coding-app-place-${desk.boot.pass.id}`, scope, now });
    return { kept: memory.kept, keep: memory.keep, add: (name, value) => extras.set(name, value) };
  }

  function begin() {
    const { ms, rate } = desk.memory.kept;
    if (RATES.includes(rate)) desk.player.setRate(rate);
    const wanted = Math.round(Number(takeFromAddress("at") ?? ms ?? 0));
    const start = Number.isFinite(wanted) ? within(wanted, 0, Math.max(0, recording.duration_ms - 1)) : 0;
    if (start > 0) desk.player.seek(start);
    place.select(Math.max(0, indexAt(segments, start)), true);
  }

  /** This work instead of a segment that was about to be played. */
  function alone(work) {
    return () => {
      cancelAutoplay?.();
      return work();
    };
  }

  function choose(index) {
    if (!segments.length) return;
    cancelAutoplay?.();
    place.select(index, true);
    const segment = place.segment();
    const autoplay = desk.preferences.autoplay ?? true;
    if (autoplay && desk.player.playing() && desk.player.inSpan()) return desk.player.playSpan(segment);
    desk.player.seek(segment.start_ms);
    if (autoplay && !desk.player.playing()) cancelAutoplay = scope.timeout(() => desk.player.playSpan(segment), AUTOPLAY_AFTER_MS);
    return undefined;
  }

  function seek(ms) {
    cancelAutoplay?.();
    const at = within(ms, 0, recording.duration_ms);
    desk.player.seek(at);
    if (desk.player.inSpan()) return; // a step inside of it leaves the choice alone
    const index = Math.max(0, indexAt(segments, at));
    if (index !== place.index()) place.select(index, true);
  }

  function loop() {
    if (desk.player.loop()) return desk.player.release();
    const span = toLoop();
    if (!span) return undefined;
    status.say(texts.loopOn(clock(span.start_ms), clock(span.end_ms)));
    desk.player.playSpan(span, true);
    return undefined;
  }

  /** The stretch that was marked, else the drawn unit that is taken up, else the chosen segments. */
  function toLoop() {
    const chosen = place.chosen();
    const segment = chosen.length ? { start_ms: chosen[0].start_ms, end_ms: Math.max(...chosen.map((each) => each.end_ms)) } : null;
    const span = desk.stretch?.() ?? desk.marks.find(place.drawn()) ?? segment;
    if (!span || span.end_ms - span.start_ms >= SHORTEST_LOOP_MS) return span;
    return { start_ms: Math.max(0, span.start_ms - SHORTEST_LOOP_MS), end_ms: Math.min(recording.duration_ms, span.end_ms + SHORTEST_LOOP_MS) };
  }

  function moved(ms) {
    say(transport.time, clock(ms, { tenths: true }));
    signals.tell("time", ms);
    if (!desk.player.playing() || desk.player.inSpan()) return;
    const index = indexAt(segments, ms);
    if (index >= 0 && index !== place.index()) place.select(index, false);
  }
}
