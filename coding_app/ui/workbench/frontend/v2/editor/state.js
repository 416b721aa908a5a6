// The transcript as the server last said it is: segments in order of time, voices, doubtful places; no page.

/** As in_order() in coding_app/domain/edit_patch.py. */
export function inOrder(segments) {
  return [...segments].sort((a, b) => a.start_ms - b.start_ms || a.end_ms - b.end_ms || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** first: the server's answer with everything of one revision. */
export function createState(first) {
  let header = headerOf(first);
  let segments = inOrder(first.segments);
  let places = placesOf(segments);

  function take(answer) {
    header = headerOf(answer);
    const before = segments.length;
    const changed = new Map(answer.changed.map((each) => [each.key, each]));
    const removed = new Set(answer.removed);
    const moved = answer.changed.some((each) => !places.has(each.key) || !sameTimes(segments[places.get(each.key)], each));
    if (removed.size || moved) {
      const kept = segments.filter((each) => !removed.has(each.key) && !changed.has(each.key));
      segments = inOrder([...kept, ...changed.values()]);
      places = placesOf(segments);
    } else {
      for (const each of changed.values()) segments[places.get(each.key)] = each;
    }
    return { structural: removed.size > 0 || moved || segments.length !== before, keys: [...changed.keys()] };
  }

  return {
    take,
    /** Everything anew, as after a restored revision. */
    reset(answer) {
      header = headerOf(answer);
      segments = inOrder(answer.segments);
      places = placesOf(segments);
    },
    header: () => header,
    segments: () => segments,
    segment: (key) => segments[places.get(key)] ?? null,
    index: (key) => places.get(key) ?? -1,
    doubtOf: (key) => header.doubts.find((each) => each.key === key) ?? null,
  };
}

function headerOf({ transcript_id, revision, source, frozen, speakers, doubts }) {
  return { transcriptId: transcript_id, revision, source, frozen, speakers, doubts };
}

const placesOf = (segments) => new Map(segments.map((each, place) => [each.key, place]));
const sameTimes = (a, b) => a.start_ms === b.start_ms && a.end_ms === b.end_ms;

/** The doubtful place after (or before) a segment in order of time, round the end; null when there is none. */
export function nextDoubt(state, key, step) {
  const places = state.header().doubts.map((each) => state.index(each.key)).filter((place) => place >= 0).sort((a, b) => a - b);
  if (!places.length) return null;
  const at = state.index(key);
  const found = step > 0 ? places.find((place) => place > at) ?? places[0] : places.findLast((place) => place < at) ?? places.at(-1);
  return state.segments()[found].key;
}

/** Every place where the text stands: [{key, from, to}]; as finder() in coding_app/domain/edit_texts.py. */
export function findAll(segments, wanted, { matchCase, wholeWord }) {
  if (!wanted.trim()) return [];
  const escaped = wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const word = "[\\p{L}\\p{N}_]";
  const pattern = new RegExp(wholeWord ? `(?<!${word})${escaped}(?!${word})` : escaped, matchCase ? "gu" : "giu");
  return segments.flatMap(({ key, text }) => [...text.matchAll(pattern)].map((found) => ({ key, from: found.index, to: found.index + found[0].length })));
}

/** The word that is spoken at ms: its index, or -1. words: [[start, end, text, probability]]. */
export function wordAt(words, ms) {
  let found = -1;
  for (let place = 0; place < words.length && words[place][0] <= ms; place += 1) found = place;
  return found;
}

/** Where in the text (code points) a segment is cut so that the word spoken at ms begins the second half; null at its edges. */
export function cutAt(segment, ms) {
  const texts = segment.text.split(" ");
  let place = segment.words.length === texts.length ? segment.words.findIndex(([start, end]) => (start + end) / 2 > ms)
    : Math.round((texts.length * (ms - segment.start_ms)) / Math.max(1, segment.end_ms - segment.start_ms));
  if (place < 0) place = texts.length;
  if (place <= 0 || place >= texts.length) return null;
  return [...texts.slice(0, place).join(" ")].length;
}
