// Reading: the transcript in step with the recording, going from segment to segment, and choosing several.

import { createBeside } from "./beside.js";
import { openCorrecting } from "./correcting.js";
import { speakerName } from "./row.js";
import { openSearching } from "./searching.js";
import { talkersOf } from "./talkers.js";
import { createTranscript } from "./transcript.js";
import { texts } from "./texts.js";

export function openReading(desk) {
  const { segments, scope, place, acts, scheme, signals, model, status } = desk;
  const talkers = talkersOf(segments);
  const beside = createBeside({ segments, scheme, model, codesOf: acts.judgementsOf, remarkLabel: () => texts.remark });
  const transcript = createTranscript({
    segments, talkers, scope,
    side: (index) => ({ ...beside.of(index), compared: desk.chipsBeside?.(index) ?? null }),
    found: (index) => searching.on(index),
    onChoose: (index, event) => (event.shiftKey ? extend(index - place.index()) : desk.choose(index)),
    onCorrect: (index) => correcting.correct(index),
  });
  const searching = openSearching(desk, { transcript, noteOf: (index) => beside.remarkOn(index)?.note ?? null });
  const correcting = openCorrecting(desk, { transcript, nameOf: (segment) => speakerName(segment, talkers.get(segment.speaker)) });
  transcript.element.prepend(searching.element);
  desk.slots.main.append(transcript.element);

  desk.act({
    previous: () => desk.choose(place.index() - 1),
    next: () => desk.choose(place.index() + 1),
    first: () => desk.choose(0),
    last: () => desk.choose(segments.length - 1),
    extendUp: () => extend(-1),
    extendDown: () => extend(1),
  });
  signals.on("place", ({ byPerson }) => transcript.select(place.index(), byPerson, place.range()));
  signals.on("compared", transcript.refreshAll);
  signals.on("judged", (unit) => beside.judged(unit, desk.indexOf).forEach(transcript.refresh));

  function extend(step) {
    place.extend(step);
    status.say(texts.chosen(place.chosen().length));
  }
}
