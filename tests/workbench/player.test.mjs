import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemory } from "../../coding_app/ui/workbench/frontend/v2/memory.js";
import { createPlayer } from "../../coding_app/ui/workbench/frontend/v2/player.js";
import { createScope } from "../../coding_app/ui/workbench/frontend/v2/scope.js";

/** As a media element behaves, without sound: seeks are done at once, time goes on when the test says so. */
class Media extends EventTarget {
  paused = true;
  ended = false;
  error = null;
  loads = 0;
  #time = 0;
  #rate = 1;
  get currentTime() { return this.#time; }
  set currentTime(seconds) { this.#time = seconds; this.tell("seeked"); }
  get playbackRate() { return this.#rate; }
  set playbackRate(rate) { this.#rate = rate; this.tell("ratechange"); }
  tell(name) { this.dispatchEvent(new Event(name)); }
  async play() { this.paused = false; this.tell("play"); }
  pause() { this.paused = true; this.tell("pause"); }
  load() { this.loads += 1; this.error = null; this.#time = 0; this.#rate = this.defaultPlaybackRate ?? 1; }
  removeAttribute() {}
  goOn(seconds) { this.#time += seconds * this.#rate; this.tell("timeupdate"); }
}

function opened(t, resumeBackMs = 1000) {
  const frames = globalThis.requestAnimationFrame;
  globalThis.requestAnimationFrame = () => 1;
  globalThis.cancelAnimationFrame = () => {};
  const media = new Media();
  const scope = createScope();
  const problems = [];
  let now = 0;
  t.mock.method(performance, "now", () => now);
  t.after(() => {
    scope.end();
    globalThis.requestAnimationFrame = frames;
  });
  const player = createPlayer({ media, durationMs: 60_000, scope, resumeBackMs: () => resumeBackMs, onTime() {}, onState() {}, onProblem: () => problems.push(player.position()) });
  return { media, player, problems, wait: (ms) => (now += ms) };
}

test("after a pause of more than a moment it goes back a little, and only then", (t) => {
  const { media, player, wait } = opened(t);
  player.seek(10_000);
  player.toggle();
  media.goOn(5);
  player.toggle();
  wait(300);
  player.toggle();
  assert.equal(player.position(), 15_000);
  player.toggle();
  wait(5000);
  player.toggle();
  assert.equal(player.position(), 14_000);
});

test("who went elsewhere during the pause hears what they went to; at the start there is nothing to go back to", (t) => {
  const { player, wait, media } = opened(t);
  player.toggle();
  media.goOn(0.4);
  player.toggle();
  wait(5000);
  player.toggle();
  assert.equal(player.position(), 0);
  player.toggle();
  wait(5000);
  player.seek(30_000);
  player.toggle();
  assert.equal(player.position(), 30_000);
});

test("a span is played to its end, a loop over and over until it is let go", (t) => {
  const { media, player } = opened(t);
  player.playSpan({ start_ms: 2000, end_ms: 4000 });
  assert.ok(player.inSpan());
  media.goOn(2.01);
  assert.ok(!player.playing() && !player.inSpan());
  player.playSpan({ start_ms: 2000, end_ms: 4000 }, true);
  for (let round = 0; round < 3; round++) {
    media.goOn(2.01);
    assert.equal(player.position(), 2000);
    assert.ok(player.playing());
  }
  player.toggle();
  assert.deepEqual(player.loop(), { start_ms: 2000, end_ms: 4000 });
  player.toggle();
  player.seek(3000);
  assert.ok(player.loop());
  player.seek(9000);
  assert.equal(player.loop(), null);
});

test("a loop that reaches the end of the recording begins again", (t) => {
  const { media, player } = opened(t);
  player.playSpan({ start_ms: 58_000, end_ms: 60_000 }, true);
  media.tell("ended");
  assert.equal(player.position(), 58_000);
  assert.ok(player.playing());
});

test("after a failure playing asks for the media anew, at the same place and speed", (t) => {
  const { media, player, problems } = opened(t);
  player.setRate(1.5);
  player.seek(20_000);
  player.toggle();
  media.goOn(2);
  media.error = { code: 2 };
  media.tell("error");
  assert.deepEqual(problems, [23_000]);
  player.pause();
  player.toggle();
  assert.equal(media.loads, 1);
  assert.equal(player.position(), 23_000);
  media.tell("loadedmetadata");
  assert.equal(media.currentTime, 23);
  assert.equal(media.playbackRate, 1.5);
});

test("the speed goes up and down in steps and stays within half and double", (t) => {
  const { player } = opened(t);
  assert.equal(player.changeRate(1), 1.25);
  for (let step = 0; step < 9; step++) player.changeRate(1);
  assert.equal(player.changeRate(1), 2);
  for (let step = 0; step < 9; step++) player.changeRate(-1);
  assert.equal(player.changeRate(-1), 0.5);
});

test("what was kept comes back; a browser that forbids keeping, or something else at that place, is the start", () => {
  const scope = createScope();
  const held = new Map();
  const storage = () => ({ getItem: (name) => held.get(name) ?? null, setItem: (name, text) => held.set(name, text) });
  createMemory({ name: "a", scope: { own() {}, on() {} }, now: () => ({ ms: 7, rate: 1.5 }), storage }).keep();
  const again = (name, from = storage) => createMemory({ name, scope: { own() {}, on() {} }, now: () => ({}), storage: from }).kept;
  assert.deepEqual(again("a"), { ms: 7, rate: 1.5 });
  held.set("b", "{no json").set("c", "12");
  for (const name of ["b", "c", "d"]) assert.deepEqual(again(name), {});
  assert.deepEqual(again("a", () => { throw new Error("SecurityError"); }), {});
  scope.end();
});
