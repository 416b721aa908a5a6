// How late an observer's key comes after a sound: which press answers which tone, and what they say together; no page.

export const N_TONES = 20;
const SOONEST_MS = 100; // nobody reacts faster: such a press was a guess, or meant for the tone before
const LATEST_MS = 1000;
const GAP_MS = [1600, 3400]; // irregular, so that the next one cannot be foreseen
const ENOUGH = 12;
const USABLE = 5;
const SCATTERED_MS = 150;

/** When the tones come, in ms after the start: nTones of them. random: () -> 0..1. */
export function toneTimes(random, nTones = N_TONES) {
  const times = [];
  let at = 0;
  for (let nth = 0; nth < nTones; nth += 1) {
    at += GAP_MS[0] + Math.round(random() * (GAP_MS[1] - GAP_MS[0]));
    times.push(at);
  }
  return times;
}

/** The reaction (ms) to each tone that was answered: the first press between 100 and 1000 ms after it. Both lists by time. */
export function reactionsTo(tones, presses) {
  return tones.flatMap((tone) => {
    const press = presses.find((each) => each - tone >= SOONEST_MS && each - tone <= LATEST_MS);
    return press === undefined ? [] : [press - tone];
  });
}

/** The value below which this share (0..1) of the sorted values lies, in between two of them by proportion. */
function quantile(sorted, share) {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  return sorted[below] + (at - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
}

/**
 * {n, median_ms, spread_ms, tooFew, scattered, usable}: spread = interquartile range; median and spread null without reactions.
 * tooFew, scattered: reasons to measure again. usable: whether the median may be used all the same.
 */
export function summaryOf(reactions, nTones = N_TONES) {
  const sorted = [...reactions].sort((a, b) => a - b);
  if (!sorted.length) return { n: 0, median_ms: null, spread_ms: null, tooFew: true, scattered: false, usable: false };
  const spread_ms = Math.round(quantile(sorted, 0.75) - quantile(sorted, 0.25));
  return {
    n: sorted.length,
    median_ms: Math.round(quantile(sorted, 0.5)),
    spread_ms,
    tooFew: sorted.length < Math.min(ENOUGH, nTones),
    scattered: spread_ms > SCATTERED_MS,
    usable: sorted.length >= USABLE,
  };
}
