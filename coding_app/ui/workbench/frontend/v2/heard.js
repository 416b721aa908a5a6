// How much of the recording has been played: stretches in milliseconds, merged where they touch.

const GAP_MS = 400; // between two reports of the running recording
const MOST = 400; // stretches that are kept; more are a recording listened to in crumbs

/** The stretches after from_ms to to_ms was played; stretches: [[from, to], ...] in order. */
export function played(stretches, from_ms, to_ms) {
  if (!(to_ms > from_ms)) return stretches;
  let [from, to] = [from_ms, to_ms];
  const kept = [];
  for (const each of stretches) {
    if (each[1] + GAP_MS < from || each[0] - GAP_MS > to) kept.push(each);
    else [from, to] = [Math.min(from, each[0]), Math.max(to, each[1])];
  }
  kept.push([from, to]);
  return kept.sort((a, b) => a[0] - b[0]).slice(0, MOST);
}

/** Share of the recording from 0 to 1. */
export function shareOf(stretches, durationMs) {
  const ms = stretches.reduce((sum, [from, to]) => sum + Math.min(to, durationMs) - Math.min(from, durationMs), 0);
  return durationMs > 0 ? Math.min(1, ms / durationMs) : 1;
}

/** What was kept earlier, if it can be read as stretches. */
export function readStretches(kept) {
  const usable = (each) => Array.isArray(each) && each.length === 2 && each.every(Number.isFinite) && each[0] >= 0 && each[1] > each[0];
  return Array.isArray(kept) ? kept.filter(usable).reduce((all, [from, to]) => played(all, from, to), []) : [];
}
