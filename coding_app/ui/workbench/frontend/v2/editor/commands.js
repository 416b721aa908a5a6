// What each action does to the chosen segment, the sound or the list.

import { within } from "../time.js";
import { cutAt, nextDoubt } from "./state.js";

const NEW_MS = 2000;

/** Gives an object of functions by the names of keys.js. */
export function openCommands(desk) {
  const { player, state, words, history } = desk;
  const chosen = () => (desk.readOnly ? null : desk.segment());
  const neighbour = (step) => desk.segments()[desk.segments().findIndex((each) => each.key === desk.key) + step] ?? null;

  function merge(other) {
    const segment = chosen();
    if (!segment || !other) return;
    desk.edit("merge", { keys: [segment.key, other.key] });
    if (other.start_ms < segment.start_ms) desk.key = other.key;
  }

  function move(which, by) {
    const segment = chosen();
    if (!segment) return;
    const to = segment[which] + by;
    desk.edit("move", { key: segment.key, [which.replace("_ms", "_by")]: by });
    player.seek(which === "start_ms" ? Math.max(0, to) : Math.max(segment.start_ms, to - 600));
  }

  function voiceAt(place) {
    const found = state.header().speakers[place];
    if (!found) desk.frame.tell(words.tooFar);
    return found?.label ?? null;
  }

  return {
    toggle: () => player.toggle(),
    replay() {
      const segment = desk.segments().find((each) => each.key === desk.key);
      if (segment) player.playSpan(segment);
    },
    seek: (by) => player.seek(player.position() + by),
    slower: () => player.changeRate(-1),
    faster: () => player.changeRate(1),
    step(by) {
      const all = desk.segments();
      const at = all.findIndex((each) => each.key === desk.key);
      const to = all[within(at + by, 0, all.length - 1)];
      if (to) desk.choose(to.key);
    },
    write: () => chosen() && desk.list.write(),
    split() {
      const segment = chosen();
      if (!segment) return;
      const at = cutAt(segment, player.position());
      if (at === null) desk.frame.tell(words.noCut);
      else desk.edit("split", { key: segment.key, at });
    },
    mergeNext: () => merge(neighbour(1)),
    mergePrevious: () => merge(neighbour(-1)),
    add() {
      if (desk.readOnly) return;
      const start = player.position();
      const end = Math.min(desk.first.recording.duration_ms, start + NEW_MS);
      desk.edit("add", { start_ms: Math.min(start, end - 200), end_ms: end, speaker: desk.segment()?.speaker ?? null, text: words.newText });
    },
    remove() {
      const segment = chosen();
      if (!segment) return;
      desk.edit("delete", { keys: [segment.key] });
      desk.frame.tell(words.removed(1), { quiet: true });
    },
    confirm() {
      const segment = chosen();
      if (segment) desk.edit("confirm", { keys: [segment.key], on: !segment.flags.includes("confirmed") });
    },
    moveStart: (by) => move("start_ms", by),
    moveEnd: (by) => move("end_ms", by),
    voice(place) {
      const segment = chosen();
      const label = segment && voiceAt(place);
      if (label) desk.edit("set_speaker", { keys: [segment.key], speaker: label });
    },
    voiceFromHere(place) {
      const segment = chosen();
      const label = segment && voiceAt(place);
      if (label) desk.edit("reassign_from", { key: segment.key, speaker_from: segment.speaker, speaker_to: label });
    },
    doubt(step) {
      const key = nextDoubt(state, desk.key, step);
      if (key) {
        desk.choose(key);
        this.replay();
      } else desk.frame.tell(words.noDoubts, { quiet: true });
    },
    undo() {
      const id = desk.readOnly ? null : history.undo();
      if (!id) return desk.frame.tell(words.nothingToUndo, { quiet: true });
      desk.step("undo", id);
      return desk.frame.tell(words.undone, { quiet: true });
    },
    redo() {
      const id = desk.readOnly ? null : history.redo();
      if (!id) return desk.frame.tell(words.nothingToRedo, { quiet: true });
      desk.step("redo", id);
      return desk.frame.tell(words.redone, { quiet: true });
    },
    find: () => desk.side.find(),
    help: () => desk.frame.help(),
  };
}
