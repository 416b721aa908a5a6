// Time in whole milliseconds: how a moment is written, and which segment or block holds it.

/** "1:01.2" with tenths, "1:01" without; hours only when there are any. */
export function clock(ms, { tenths = false } = {}) {
  const whole = Math.max(0, Math.round(ms));
  const seconds = Math.floor(whole / 1000);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3600);
  const text = hours
    ? `${hours}:${pad(parts[0])}:${pad(parts[1])}`
    : `${parts[0]}:${pad(parts[1])}`;
  return tenths ? `${text}.${Math.floor((whole % 1000) / 100)}` : text;
}

function pad(number) {
  return String(number).padStart(2, "0");
}

/**
 * The index of the last span that has begun at ms, -1 before the first.
 * spans: sorted by start_ms. A pause belongs to the span before it, because one codes what was just said.
 */
export function indexAt(spans, ms) {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle].start_ms <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function within(ms, low, high) {
  return Math.min(Math.max(ms, low), high);
}
