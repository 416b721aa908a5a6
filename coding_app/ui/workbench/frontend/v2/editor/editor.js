// The transcript editor: list, player and side pages on one recording, and everything that keys can do to it.

import { el, say } from "../dom.js";
import { createPlayer, RATES } from "../player.js";
import { createScope } from "../scope.js";
import { MARKS, ROLES, texts } from "../texts.js";
import { clock, indexAt } from "../time.js";
import { openCommands } from "./commands.js";
import { createFrame } from "./frame.js";
import { createHistory } from "./history.js";
import { actionOf } from "./keys.js";
import { createList } from "./list.js";
import { createQueue, keptSteps, textsIn } from "./queue.js";
import { openSide } from "./side.js";
import { createState } from "./state.js";
import { openWave } from "./wave.js";

const newId = () => globalThis.crypto.randomUUID();

/** url: the recording's own under /api. trigger("renew", true) asks the page for a new permission. */
export function openEditor({ parent, api, url, recordingId, trigger }) {
  const scope = createScope();
  const frame = createFrame(parent, scope);
  let desk = null;
  start();

  async function start() {
    try {
      const first = await api.ask(`${url}/transcript`, { timeoutMs: 60000 });
      if (!scope.ended()) desk = openDesk({ first, frame, scope, api, url, recordingId, trigger });
    } catch (error) {
      frame.failed(error.message, start);
    }
  }

  return {
    renewed: () => desk?.queue.send(),
    end() {
      scope.end();
      frame.root.remove();
    },
  };
}

function openDesk({ first, frame, scope, api, url, recordingId, trigger }) {
  const words = texts.editor;
  const state = createState(first);
  const history = createHistory();
  const media = el("audio", { class: "media", preload: "auto", src: first.recording.media_url });
  frame.root.append(media);
  const desk = { first, frame, scope, api, url, state, history, words, key: first.segments.length ? state.segments()[0].key : null, readOnly: null };
  desk.player = createPlayer({
    media, durationMs: first.recording.duration_ms, scope, resumeBackMs: () => 0,
    onTime: (ms) => heard(ms), onState: ({ playing, rate }) => frame.playing(playing, rate), onProblem: () => say(frame.status, texts.mediaFailed),
  });

  /** Who speaks a segment, in words, with the mark beside it. */
  desk.voice = (label) => {
    const place = state.header().speakers.findIndex((each) => each.label === label);
    const role = state.header().speakers[place]?.role ?? null;
    const name = role ? ROLES[role] : label ? words.voice(label) : words.noVoice;
    return { name, role, letter: role ? MARKS[role] : label ? String(place + 1) : "–", number: place + 1 };
  };
  desk.segment = () => state.segment(desk.key);
  desk.index = () => state.index(desk.key);
  desk.segments = () => desk.readOnly?.segments ?? state.segments();

  /** Sends an edit; the page changes when the server has made it. */
  desk.edit = (op, given) => {
    if (desk.readOnly) return;
    const id = newId();
    history.made(id);
    queue.push({ id, step: "do", edit: { op, ...given } });
    if (op === "set_text") list.changed({ structural: false, keys: [given.key] });
  };
  desk.step = (step, of) => {
    queue.push({ id: newId(), step, of });
    list.changed({ structural: false, keys: queue.steps().map((each) => each.edit?.key).filter(Boolean) });
  };
  /** What was written in a segment and is not on the server yet, or null. */
  desk.unsent = (key) => (desk.readOnly ? null : textsIn(queue.steps()).get(key) ?? null);
  const queue = createQueue({
    api, url, scope, kept: keptSteps(recordingId, first.coder_id), transcriptId: () => state.header().transcriptId,
    onDone: made, onRefused: refused, onExpired: () => trigger("renew", true),
    onState: (now) => frame.saving(now, queue?.waiting() ?? 0),
  });
  desk.queue = queue;

  function made(answer, steps) {
    const revisionBefore = state.header().transcriptId;
    const place = desk.index();
    const voices = JSON.stringify(state.header().speakers);
    const change = state.take(answer);
    if (JSON.stringify(state.header().speakers) !== voices) change.keys = state.segments().map((each) => each.key); // named otherwise
    if (answer.transcript_id !== revisionBefore) history.restart([...steps, ...queue.steps()].map((each) => each.id));
    if (!desk.segment()) desk.key = state.segments()[Math.min(Math.max(0, place), state.segments().length - 1)]?.key ?? null;
    const shown = steps.at(-1)?.edit?.op === "add" || steps.at(-1)?.edit?.op === "split" ? change.keys.at(-1) : null;
    if (shown && state.segment(shown)) desk.key = shown;
    frame.header(state.header(), first);
    list.changed(change);
    side.changed();
    wave.draw();
  }

  function refused(error, steps) {
    for (const each of steps) history.forget(each.id);
    if (error.status === 409) conflict(textsIn(steps));
    else frame.tell(error.message);
    list.changed({ structural: false, keys: [...textsIn(steps).keys()] });
  }

  let tooLate = null; // texts that were refused since somebody else changed the transcript, by segment
  function conflict(written) {
    if (tooLate) for (const [key, text] of written) tooLate.set(key, text);
    else {
      tooLate = written;
      frame.notice(words.changedSince, words.reload, reload);
    }
  }

  async function reload() {
    const fresh = await api.ask(`${url}/transcript`, { timeoutMs: 60000 }).catch((error) => frame.tell(error.message));
    if (!fresh) return frame.notice(words.changedSince, words.reload, reload);
    const written = [...tooLate].filter(([key, text]) => (state.segment(key)?.text ?? "") !== text);
    const told = written.map(([key, text]) => [state.segment(key) ? clock(state.segment(key).start_ms) : "", `“${text}”`].filter(Boolean).join(" "));
    tooLate = null;
    desk.show(fresh);
    if (!told.length) return undefined;
    return frame.notice(words.tooLate(told.join(", ")), words.putIn, () => {
      for (const [key, text] of written) desk.edit("set_text", { key, text });
    });
  }

  /** Another revision on the desk: the newest to go on with, or an old one to read. */
  desk.show = (revision, { readOnly = false } = {}) => {
    desk.readOnly = readOnly ? createState(revision) : null;
    if (!readOnly) {
      state.reset(revision);
      history.restart([]);
    } else desk.readOnly = { segments: createState(revision).segments(), revision: revision.revision };
    if (!readOnly && !desk.segment()) desk.key = state.segments()[0]?.key ?? null;
    frame.reading(desk.readOnly ? words.reading(desk.readOnly.revision) : null);
    frame.header(state.header(), first);
    list.changed({ structural: true, keys: [] });
    side.changed();
    wave.draw();
  };

  /** Chooses a segment; play: go there with the sound. */
  desk.choose = (key, { seek = true, reveal = true } = {}) => {
    if (!key) return;
    desk.key = key;
    const segment = desk.segments().find((each) => each.key === key);
    if (segment && seek) desk.player.seek(segment.start_ms);
    list.choose(reveal);
    side.chosen();
    wave.draw();
  };

  function heard(ms) {
    frame.time(ms);
    list.heard(ms);
    wave.moved(ms);
    if (!desk.player.playing() || list.writing() || desk.player.inSpan()) return;
    const place = indexAt(desk.segments(), ms);
    const now = desk.segments()[place];
    if (now && now.key !== desk.key) desk.choose(now.key, { seek: false });
  }

  const list = createList(desk);
  desk.list = list;
  const side = openSide(desk);
  desk.side = side;
  const wave = openWave(desk);
  desk.wave = wave;
  const act = openCommands(desk, { newId });
  desk.act = act;
  frame.open({ desk, act, title: first.recording.name, rates: RATES });
  frame.header(state.header(), first);
  frame.time(0);
  if (first.coded) frame.notice(words.coded);
  scope.on(frame.root, "keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.target.closest("input, textarea, select")) return;
    if (event.target.closest("button, [role=tab]") && (event.key === " " || event.key === "Enter")) return;
    if (frame.helpOpen() && event.key === "Escape") {
      event.preventDefault();
      frame.help();
      return;
    }
    const found = actionOf(event);
    if (!found || !act[found.action]) return;
    event.preventDefault();
    event.stopPropagation();
    act[found.action](found.argument);
  });
  queue.send();
  list.changed({ structural: true, keys: [] });
  desk.choose(desk.key);
  frame.focusList();
  return desk;
}

export const placeOf = (segment) => clock(segment.start_ms, { tenths: true });
